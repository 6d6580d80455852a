/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "diag.h"
#include "settings.h"

static struct sdi_settings *settings;
static struct sdi_diags *diags;

static void set_up(void)
{
	settings = sdi_settings_new();
	diags = sdi_diags_new();
}

static void tear_down(void)
{
	sdi_settings_free(settings);
	sdi_diags_free(diags);
}

/* What a setting holds now, as text: the test's own way of seeing it, one line per kind of slot. */
static const char *show_list(const struct sdi_strs *list)
{
	static char out[400];
	size_t n = 0;
	out[0] = '\0';
	for (size_t i = 0; i < list->n; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s", i ? "," : "", list->p[i].p);
	return out;
}

static const char *show_ref(const struct sdi_ns_name *ref)
{
	static char out[400];
	snprintf(out, sizeof(out), "%s/%s:%s", ref->ns.p ? ref->ns.p : "", ref->name.p ? ref->name.p : "",
	         ref->port.p ? ref->port.p : "");
	return out;
}

static const char *show_number(unsigned n)
{
	static char out[20];
	snprintf(out, sizeof(out), "%u", n);
	return out;
}

static const char *show_version(void)
{
	static char out[50];
	snprintf(out, sizeof(out), "%u.%u", settings->target_version.major, settings->target_version.minor);
	return out;
}

static const char *show(const char *name)
{
	const struct sdi_settings *s = settings;
	const struct {
		const char *name, *text;
	} all[] = {
		{ "to", s->to_nginx ? "nginx" : "haproxy" },
		{ "watch-ingress-without-class", s->watch_without_class ? "true" : "false" },
		{ "allow-loopback", s->allow_loopback ? "true" : "false" },
		{ "disable-svc-external-name", s->disable_external_name ? "true" : "false" },
		{ "disable-catch-all", s->disable_catch_all ? "true" : "false" },
		{ "allow-snippets", s->allow_snippets ? "true" : "false" },
		{ "access-log", s->access_log ? "true" : "false" },
		{ "nginx-stream-module", s->stream_module.n ? s->stream_module.p : "" },
		{ "nginx-modsecurity-module", s->modsecurity_module.n ? s->modsecurity_module.p : "" },
		{ "nginx-brotli-module", s->brotli_module.n ? s->brotli_module.p : "" },
		{ "nginx-headers-more-module", s->headers_module.n ? s->headers_module.p : "" },
		{ "nginx-modsecurity-crs", s->modsecurity_crs.n ? s->modsecurity_crs.p : "" },
		{ "worker-user", s->worker_user.n ? s->worker_user.p : "" },
		{ "strict", s->strict ? "true" : "false" },
		{ "prefix", s->prefix.p },
		{ "runtime-dir", s->runtime_dir.p ? s->runtime_dir.p : "" },
		{ "ssl-redirect", s->ssl_redirect == SDI_REDIRECT_AUTO   ? "auto" :
			          s->ssl_redirect == SDI_REDIRECT_ALWAYS ? "always" :
									   "never" },
	};
	for (int i = 0; i < N(all); i++)
		if (strcmp(name, all[i].name) == 0)
			return all[i].text;
	const struct {
		const char *name;
		const struct sdi_strs *list;
	} lists[] = { { "ingress-class", &s->ingress_class }, { "controller", &s->controller },
		      { "namespace", &s->namespaces },        { "bind", &s->bind },
		      { "resolver", &s->resolver } };
	for (int i = 0; i < N(lists); i++)
		if (strcmp(name, lists[i].name) == 0)
			return show_list(lists[i].list);
	const struct {
		const char *name;
		const struct sdi_ns_name *ref;
	} refs[] = { { "default-backend", &s->default_backend },      { "configmap", &s->configmap },
		     { "tcp-services-configmap", &s->tcp_configmap }, { "udp-services-configmap", &s->udp_configmap },
		     { "default-ssl-certificate", &s->default_certificate } };
	for (int i = 0; i < N(refs); i++)
		if (strcmp(name, refs[i].name) == 0)
			return show_ref(refs[i].ref);
	const struct {
		const char *name;
		unsigned n;
	} numbers[] = { { "http-port", s->http_port }, { "https-port", s->https_port },
		        { "ssl-passthrough-proxy-port", s->passthrough_port },
		        { "ssl-redirect-code", s->ssl_redirect_code }, { "ssl-redirect-port", s->ssl_redirect_port } };
	for (int i = 0; i < N(numbers); i++)
		if (strcmp(name, numbers[i].name) == 0)
			return show_number(numbers[i].n);
	ck_assert_str_eq(name, "target-version");
	return show_version();
}

#define BAD NULL
#define D63 "abcdefghij-abcdefghij-abcdefghij-abcdefghij-abcdefghij-abcdefgh"

static const struct {
	const char *name, *value, *want; /* BAD: refused, and as before */
} values[] = {
	{ "to", "nginx", "nginx" }, { "to", "haproxy", "haproxy" }, { "to", "NGINX", BAD }, { "to", "", BAD },
	{ "target-version", "2.6", "2.6" }, { "target-version", "3.0.11", "3.0" }, { "target-version", "1.22.1", "1.22" },
	{ "target-version", "3", BAD }, { "target-version", "2.", BAD }, { "target-version", "2.6-dev", BAD },
	{ "target-version", "", BAD }, { "target-version", ".6", BAD }, { "target-version", "99999.1", BAD },
	{ "ingress-class", "public", "public" }, { "ingress-class", "a.b-c", "a.b-c" }, { "ingress-class", "", BAD },
	{ "ingress-class", "A", BAD }, { "ingress-class", "a/b", BAD }, { "ingress-class", "a\nb", BAD },
	{ "watch-ingress-without-class", "true", "true" }, { "watch-ingress-without-class", "yes", BAD },
	{ "controller", "k8s.io/ingress-nginx", "k8s.io/ingress-nginx" }, { "controller", "a b", BAD },
	{ "controller", "haproxy.org/ingress-controller/x_1", "haproxy.org/ingress-controller/x_1" },
	{ "controller", "", BAD }, { "controller", "a\"b", BAD }, { "controller", "a{b", BAD },
	{ "namespace", "team-1", "team-1" }, { "namespace", D63, D63 }, { "namespace", D63 "x", BAD },
	{ "namespace", "a.b", BAD }, { "namespace", "-a", BAD }, { "namespace", "a-", BAD },
	{ "prefix", "/srv/x", "/srv/x" }, { "prefix", "/srv/x//", "/srv/x" }, { "prefix", "/", "/" },
	{ "prefix", "/a.b_c-d+e@f,g:h", "/a.b_c-d+e@f,g:h" },
	{ "prefix", "srv", BAD }, { "prefix", "", BAD }, { "prefix", "/a/../b", BAD }, { "prefix", "/a/..", BAD },
	{ "prefix", "/./a", BAD }, { "prefix", "/..a", "/..a" },
	{ "prefix", "/a b", "/a b" }, { "prefix", "/a\"b", BAD }, { "prefix", "/a'b", BAD }, { "prefix", "/a\\b", BAD },
	{ "prefix", "/a$b", BAD }, { "prefix", "/a{b", BAD }, { "prefix", "/a}b", BAD }, { "prefix", "/a#b", BAD },
	{ "prefix", "/a;b", BAD }, { "prefix", "/a\nb", BAD }, { "prefix", "/a%b", BAD }, { "prefix", "/a*b", BAD },
	{ "runtime-dir", "/run/x", "/run/x" }, { "runtime-dir", "run", BAD },
	{ "http-port", "80", "80" }, { "http-port", "0", "0" }, { "http-port", "65535", "65535" },
	{ "http-port", "65536", BAD }, { "http-port", "-1", BAD }, { "http-port", "+1", BAD }, { "http-port", " 1", BAD },
	{ "http-port", "", BAD }, { "http-port", "0x50", BAD }, { "http-port", "99999999999999999999", BAD },
	{ "https-port", "443", "443" }, { "ssl-passthrough-proxy-port", "442", "442" },
	{ "ssl-passthrough-proxy-port", "65536", BAD }, { "ssl-redirect-port", "8443", "8443" },
	{ "bind", "192.0.2.1", "192.0.2.1" }, { "bind", "::1", "::1" }, { "bind", "[::1]", "::1" }, { "bind", "*", "" },
	{ "bind", "::", "::" }, { "bind", "0.0.0.0", "0.0.0.0" }, { "bind", "localhost", BAD }, { "bind", "[", BAD },
	{ "bind", "[]", BAD }, { "bind", "[192.0.2.1]", BAD }, { "bind", "1.2.3", BAD }, { "bind", "fe80::1%eth0", BAD },
	{ "bind", "", BAD }, { "bind", "1.2.3.4:80", BAD }, { "resolver", "192.0.2.53", "192.0.2.53" },
	{ "resolver", "*", BAD },
	{ "default-backend", "n/s:80", "n/s:80" }, { "default-backend", "n/s:http", "n/s:http" },
	{ "default-backend", "n/s", BAD }, { "default-backend", "s:80", BAD }, { "default-backend", "n/s:", BAD },
	{ "default-backend", "n/s:0", BAD }, { "default-backend", "n/s:65536", BAD }, { "default-backend", "n/s:a:b", BAD },
	{ "default-backend", "n/s/t:80", BAD }, { "default-backend", "N/s:80", BAD },
	{ "configmap", "n/c.d", "n/c.d:" }, { "configmap", "c", BAD }, { "configmap", "n/", BAD }, { "configmap", "/c", BAD },
	{ "configmap", "n/c:80", BAD }, { "configmap", "../c", BAD },
	{ "tcp-services-configmap", "n/c", "n/c:" }, { "udp-services-configmap", "n/c", "n/c:" },
	{ "default-ssl-certificate", "n/c", "n/c:" },
	{ "allow-loopback", "true", "true" }, { "allow-loopback", "1", BAD }, { "allow-loopback", "TRUE", BAD },
	{ "disable-svc-external-name", "true", "true" }, { "allow-snippets", "true", "true" },
	{ "disable-catch-all", "true", "true" },
	{ "allow-snippets", "", BAD }, { "strict", "true", "true" }, { "access-log", "false", "false" },
	{ "nginx-stream-module", "built-in", "" }, { "nginx-stream-module", "/x/y.so", "/x/y.so" },
	{ "nginx-brotli-module", "/x/b.so", "/x/b.so" }, { "nginx-brotli-module", "b.so", BAD },
	{ "nginx-headers-more-module", "/x/h.so", "/x/h.so" }, { "nginx-headers-more-module", "", BAD },
	{ "nginx-modsecurity-module", "/x/y.so", "/x/y.so" }, { "nginx-modsecurity-module", "y.so", BAD },
	{ "nginx-modsecurity-module", "", BAD }, { "nginx-modsecurity-crs", "debian", "debian" },
	{ "nginx-modsecurity-crs", "/x/y.conf", "/x/y.conf" }, { "nginx-modsecurity-crs", "/x/../y", BAD },
	{ "nginx-stream-module", "y.so", BAD }, { "worker-user", "www-data", "www-data" }, { "worker-user", "-x", BAD }, { "worker-user", "a;b", BAD },
	{ "ssl-redirect", "always", "always" }, { "ssl-redirect", "never", "never" }, { "ssl-redirect", "auto", "auto" },
	{ "ssl-redirect", "true", BAD },
	{ "ssl-redirect-code", "301", "301" }, { "ssl-redirect-code", "302", "302" }, { "ssl-redirect-code", "303", "303" },
	{ "ssl-redirect-code", "307", "307" }, { "ssl-redirect-code", "308", "308" }, { "ssl-redirect-code", "304", BAD },
	{ "ssl-redirect-code", "", BAD },
};

START_TEST(sets)
{
	const char *name = values[_i].name;
	char before[400];
	snprintf(before, sizeof(before), "%s", show(name));
	enum sdi_status status = sdi_settings_set(settings, name, values[_i].value, diags);
	ck_assert_str_eq(show(name), values[_i].want ? values[_i].want : before);
	ck_assert_int_eq(status, values[_i].want ? SDI_OK : SDI_EINVAL);
	ck_assert_uint_eq(sdi_diags_count(diags), values[_i].want ? 0 : 1);
	if (values[_i].want)
		return;
	ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "setting-invalid");
	ck_assert_str_eq(sdi_diag_field(sdi_diags_get(diags, 0)), name);
	ck_assert_uint_gt(strlen(sdi_diag_text(sdi_diags_get(diags, 0))), 20);
}
END_TEST

/* Each row is tested above, says what it is, and has the default that it says. */
START_TEST(every_row)
{
	const struct sdi_setting_info *info = sdi_setting_get((size_t)_i);
	if (!info)
		return;
	int tested = 0;
	for (int i = 0; i < N(values); i++)
		tested += strcmp(values[i].name, info->name) == 0;
	ck_assert_msg(tested > 0, "%s is not tested", info->name);
	ck_assert_uint_gt(strlen(info->doc), 10);
	ck_assert_ptr_nonnull(info->dflt);
	if (strcmp(info->name, "runtime-dir") == 0)
		return;
	const char *now = show(info->name);
	bool none = strcmp(now, "0") == 0 || strcmp(now, "0.0") == 0 || strcmp(now, "/:") == 0;
	ck_assert_str_eq(none ? "" : now, info->dflt);
}
END_TEST

START_TEST(lists_are_appended_to)
{
	ck_assert_int_eq(sdi_settings_set(settings, "bind", "192.0.2.1", diags), SDI_OK);
	ck_assert_int_eq(sdi_settings_set(settings, "bind", "[2001:db8::1]", diags), SDI_OK);
	ck_assert_int_eq(sdi_settings_set(settings, "bind", "2001:db8::1", diags), SDI_OK);
	ck_assert_str_eq(show("bind"), "192.0.2.1,2001:db8::1");
	ck_assert_int_eq(sdi_settings_set(settings, "bind", "*", diags), SDI_OK);
	ck_assert_str_eq(show("bind"), "");
}
END_TEST

static const struct {
	const char *name, *hint; /* "": none */
} unknown[] = {
	{ "http_port", "http-port" }, { "htp-port", "http-port" }, { "ingresclass", "ingress-class" },
	{ "namespaces", "namespace" }, { "colour", "" }, { "", "" },
	{ "a-name-that-is-much-longer-than-any-of-ours-may-ever-be", "" },
};

START_TEST(unknown_names)
{
	ck_assert_int_eq(sdi_settings_set(settings, unknown[_i].name, "x", diags), SDI_EINVAL);
	const char *text = sdi_diag_text(sdi_diags_get(diags, 0));
	char want[100];
	snprintf(want, sizeof(want), "did you mean \"%s\"?", unknown[_i].hint);
	ck_assert_msg((strstr(text, "did you mean") != NULL) == (unknown[_i].hint[0] != '\0'), "%s", text);
	if (unknown[_i].hint[0])
		ck_assert_msg(strstr(text, want) != NULL, "%s", text);
}
END_TEST

static const struct {
	const char *text;
	enum sdi_status status;
	unsigned line;        /* of the first diagnostic, 0: none */
	const char *name, *want; /* a setting afterwards */
} files[] = {
	{ "", SDI_OK, 0, "http-port", "8080" },
	{ "# nothing\n", SDI_OK, 0, "http-port", "8080" },
	{ "http-port: 80\nto: nginx\n", SDI_OK, 0, "http-port", "80" },
	{ "http-port: \"80\"\n", SDI_OK, 0, "http-port", "80" },
	{ "{\"http-port\": 80, \"bind\": [\"::1\", \"127.0.0.1\"]}", SDI_OK, 0, "bind", "::1,127.0.0.1" },
	{ "ingress-class:\n- a\n- b\n", SDI_OK, 0, "ingress-class", "a,b" },
	{ "ingress-class: a\n", SDI_OK, 0, "ingress-class", "a" },
	{ "ingress-class: []\n", SDI_OK, 0, "ingress-class", "" },
	{ "allow-loopback: true\n", SDI_OK, 0, "allow-loopback", "true" },
	{ "target-version: 3.0.11\n", SDI_OK, 0, "target-version", "3.0" },
	{ "target-version: 2.6\n", SDI_OK, 0, "target-version", "2.6" },
	{ "http-port: 80\nhttps-port: x\n", SDI_EINVAL, 2, "http-port", "80" },
	{ "\n\nhttp-prt: 80\n", SDI_EINVAL, 3, "http-port", "8080" },
	{ "http-port: [80]\n", SDI_EINVAL, 1, "http-port", "8080" },
	{ "http-port: {a: 80}\n", SDI_EINVAL, 1, "http-port", "8080" },
	{ "http-port:\n", SDI_EINVAL, 1, "http-port", "8080" },
	{ "bind:\n- ::1\n- {}\n", SDI_EINVAL, 3, "bind", "::1" },
	{ "- http-port\n", SDI_EINVAL, 1, "http-port", "8080" },
	{ "http-port\n", SDI_EINVAL, 1, "http-port", "8080" },
	{ "http-port: 'x\n", SDI_ESYNTAX, 1, "http-port", "8080" },
	{ "{\"http-port\": }", SDI_ESYNTAX, 1, "http-port", "8080" },
};

START_TEST(reads)
{
	const char *text = files[_i].text;
	ck_assert_int_eq(sdi_settings_read(settings, text, strlen(text), "s.yaml", diags), files[_i].status);
	ck_assert_str_eq(show(files[_i].name), files[_i].want);
	ck_assert(sdi_diags_count(diags) == 0 || files[_i].line);
	if (!files[_i].line)
		return;
	const struct sdi_diag *d = sdi_diags_get(diags, 0);
	ck_assert_ptr_nonnull(d);
	ck_assert_str_eq(sdi_diag_file(d), "s.yaml");
	ck_assert_msg(sdi_diag_line(d) >= files[_i].line && sdi_diag_line(d) <= files[_i].line + 1, "line %u: %s",
	              sdi_diag_line(d), sdi_diag_text(d));
}
END_TEST

START_TEST(runtime_dir)
{
	struct sdi_arena arena = { 0 };
	ck_assert_str_eq(sdi_settings_runtime_dir(sdi_settings_defaults(), &arena).p, "/etc/sdingress/run");
	sdi_settings_set(settings, "prefix", "/srv/p/", NULL);
	ck_assert_str_eq(sdi_settings_runtime_dir(settings, &arena).p, "/srv/p/run");
	sdi_settings_set(settings, "prefix", "/", NULL);
	ck_assert_str_eq(sdi_settings_runtime_dir(settings, &arena).p, "/run");
	sdi_settings_set(settings, "runtime-dir", "/run/p", NULL);
	ck_assert_str_eq(sdi_settings_runtime_dir(settings, &arena).p, "/run/p");
	sdi_arena_release(&arena);
}
END_TEST

#define CERT "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"
#define KEY "-----BEGIN EC PRIVATE KEY-----\ny\n-----END EC PRIVATE KEY-----\n"

START_TEST(default_certificate)
{
	static const char good[] = CERT KEY, *const bad[] = { "", "x", CERT, KEY };
	for (int i = 0; i < N(bad); i++)
		ck_assert_int_eq(sdi_settings_set_default_certificate(settings, bad[i], strlen(bad[i])), SDI_EINVAL);
	ck_assert_uint_eq(settings->default_pem.n, 0);
	ck_assert_int_eq(sdi_settings_set_default_certificate(settings, good, sizeof(good) - 1), SDI_OK);
	ck_assert_str_eq(settings->default_pem.p, good);
	ck_assert(settings->arena.wipe);
	sdi_arena_fail_at = 1;
	while (sdi_settings_set_default_certificate(settings, good, sizeof(good) - 1) == SDI_OK)
		;
	ck_assert_str_eq(settings->default_pem.p, good);
}
END_TEST

START_TEST(misuse)
{
	ck_assert_int_eq(sdi_settings_set(NULL, "to", "nginx", diags), SDI_EINVAL);
	ck_assert_int_eq(sdi_settings_set(settings, NULL, "nginx", diags), SDI_EINVAL);
	ck_assert_int_eq(sdi_settings_set(settings, "to", NULL, diags), SDI_EINVAL);
	ck_assert_int_eq(sdi_settings_set(settings, "to", "x", NULL), SDI_EINVAL);
	ck_assert_int_eq(sdi_settings_read(NULL, "", 0, NULL, diags), SDI_EINVAL);
	ck_assert_int_eq(sdi_settings_read(settings, "to: nginx", 9, NULL, NULL), SDI_OK);
	ck_assert_int_eq(sdi_settings_set_default_certificate(NULL, CERT KEY, 3), SDI_EINVAL);
	sdi_settings_free(NULL);
}
END_TEST

START_TEST(out_of_memory)
{
	static const char text[] = "bind: [192.0.2.1, '::1', 192.0.2.2, 192.0.2.3, 192.0.2.4]\nprefix: /srv\ndefault-backend: n/s:80\n";
	enum sdi_status status = SDI_ENOMEM;
	for (long n = 1; status == SDI_ENOMEM; n++) {
		ck_assert_int_lt(n, 300);
		struct sdi_settings *own = sdi_settings_new();
		sdi_arena_fail_at = n;
		status = sdi_settings_read(own, text, sizeof(text) - 1, "f", NULL);
		sdi_arena_fail_at = 0;
		for (size_t i = 0; i < own->bind.n; i++)
			ck_assert_ptr_nonnull(own->bind.p[i].p);
		ck_assert(sdi_str_is(own->prefix, "/srv") || sdi_str_is(own->prefix, "/etc/sdingress"));
		ck_assert(status == SDI_ENOMEM || own->bind.n == 5);
		sdi_settings_free(own);
	}
	ck_assert_int_eq(status, SDI_OK);
	sdi_arena_fail_at = 1;
	ck_assert_ptr_null(sdi_settings_new());
	sdi_arena_fail_at = 0;
}
END_TEST

Suite *sdi_suite_settings(void)
{
	Suite *suite = suite_create("settings");
	TCase *tc = tcase_create("settings");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, sets, 0, N(values));
	tcase_add_loop_test(tc, every_row, 0, 40);
	tcase_add_test(tc, lists_are_appended_to);
	tcase_add_loop_test(tc, unknown_names, 0, N(unknown));
	tcase_add_loop_test(tc, reads, 0, N(files));
	tcase_add_test(tc, runtime_dir);
	tcase_add_test(tc, default_certificate);
	tcase_add_test(tc, misuse);
	tcase_add_test(tc, out_of_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
