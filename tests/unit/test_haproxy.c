/* SPDX-License-Identifier: BSD-3-Clause */
/* The HAProxy emitter: hand-built gateways in, text out. */
#include "suites.h"
#include "base/arena.h"
#include "emit/emit.h"
#include "emit/haproxy/quote.h"

static const struct sdi_policy plain;
static const struct sdi_policy to_tls = { .present = { 1 << SDI_FIELD_TLS_REDIRECT }, .tls_redirect = { 308, 0 } };
static const struct sdi_policy to_443 = { .present = { 1 << SDI_FIELD_TLS_REDIRECT }, .tls_redirect = { 302, 443 } };
static const struct sdi_policy to_8443 = { .present = { 1 << SDI_FIELD_TLS_REDIRECT }, .tls_redirect = { 301, 8443 } };
static const struct sdi_policy denied = { .present = { 1 << SDI_FIELD_DENIED } };
static const struct sdi_policy denied_to_tls = { .present = { 1 << SDI_FIELD_DENIED | 1 << SDI_FIELD_TLS_REDIRECT },
						 .tls_redirect = { 308, 443 } };

static struct sdi_server servers[] = {
	{ .address = SDI_STR_INIT("192.0.2.1"), .port = 8080 },
	{ .address = SDI_STR_INIT("2001:db8::1"), .port = 80, .ipv6 = true },
	{ .address = SDI_STR_INIT("up.example.net"), .port = 443, .name = true },
};
static const struct sdi_backend web = { .id = SDI_STR_INIT("shop_web_80"), .servers = servers, .n_servers = 2 };
static const struct sdi_backend out = { .id = SDI_STR_INIT("shop_out_443"), .servers = servers + 2, .n_servers = 1 };
static const struct sdi_backend empty = { .id = SDI_STR_INIT("shop_empty_http") };
static const struct sdi_backend *all_backends[] = { &empty, &out, &web };

#define CERTIFICATE(name)                                                                                              \
	{                                                                                                              \
		.id = SDI_STR_INIT(name), .chain_pem = SDI_STR_INIT(name " CHAIN\n"), .key_pem = SDI_STR_INIT("KEY\n") \
	}
static const struct sdi_certificate shop = CERTIFICATE("shop_tls"), wild = CERTIFICATE("shop_wild"),
				    dflt = CERTIFICATE("default");
static const struct sdi_certificate *all_certificates[] = { &shop, &wild };
static struct sdi_sni snis[] = { { SDI_STR_INIT("mail.example.org"), &shop } };

#define P(kind, text, target, how)                                                                            \
	{                                                                                                     \
		.match = SDI_MATCH_##kind, .path = SDI_STR_INIT(text), .backend = &(target), .policy = &(how) \
	}
#define A(kind, text, what, how)                                                                                     \
	{                                                                                                            \
		.match = SDI_MATCH_##kind, .path = SDI_STR_INIT(text), .answer = SDI_ANSWER_##what, .policy = &(how) \
	}
#define FALLBACK(what) .fallback = { .answer = SDI_ANSWER_##what, .policy = &plain }

static struct sdi_route a_routes[] = {
	P(EXACT, "/login/now", web, to_443), P(PREFIX, "/api/v1", out, plain),  P(EXACT, "/foo/", web, plain),
	P(EXACT, "/foo", web, plain),        P(PREFIX, "/foo", empty, to_8443), P(PREFIX, "/", web, to_tls),
};
static struct sdi_route b_routes[] = {
	P(PREFIX, "/a b;c=%d|#?\x01\xff", web, plain),
	A(PREFIX, "/denied", BACKEND, denied_to_tls),
	A(PREFIX, "/guard", BACKEND, denied),
	A(PREFIX, "/gone", UNAVAILABLE, to_tls),
	A(EXACT, "/", NOT_FOUND, plain),
};
static struct sdi_route w_routes[] = { P(PREFIX, "/x", web, plain) };
static struct sdi_host hosts[] = {
	{ .name = SDI_STR_INIT("a.example.org"),
	  .routes = a_routes,
	  .n_routes = N(a_routes),
	  FALLBACK(NOT_FOUND),
	  .certificate = &shop },
	{ .name = SDI_STR_INIT("b.example.org"), .routes = b_routes, .n_routes = N(b_routes), FALLBACK(UNAVAILABLE) },
	{ .name = SDI_STR_INIT("c.example.org"), FALLBACK(NOT_FOUND) },
	{ .name = SDI_STR_INIT("other.example.com"), FALLBACK(NOT_FOUND) },
	{ .name = SDI_STR_INIT("*.example.org"),
	  .routes = w_routes,
	  .n_routes = N(w_routes),
	  FALLBACK(NOT_FOUND),
	  .certificate = &wild },
	{ .fallback = { .backend = &web, .policy = &plain } },
};

static struct sdi_gateway gateway(void)
{
	return (struct sdi_gateway){
		.hosts = hosts,
		.n_hosts = N(hosts),
		.backends = all_backends,
		.n_backends = N(all_backends),
		.certificates = all_certificates,
		.n_certificates = N(all_certificates),
		.default_certificate = &dflt,
		.snis = snis,
		.n_snis = N(snis),
	};
}

static struct sdi_settings settings(void)
{
	return (struct sdi_settings){
		.prefix = SDI_STR("/srv/out"),
		.runtime_dir = SDI_STR("/run/x"),
		.http_port = 8080,
		.https_port = 8443,
		.access_log = true,
	};
}

/* NULL: no such file. */
static const char *file(const struct sdi_bundle *bundle, const char *name)
{
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++)
		if (strcmp(sdi_bundle_name(bundle, i), name) == 0)
			return sdi_bundle_data(bundle, i, NULL);
	return NULL;
}

static struct sdi_bundle *emit(const struct sdi_gateway *gw, const struct sdi_settings *set, struct sdi_diags *diags)
{
	struct sdi_bundle *bundle = NULL;
	ck_assert_int_eq(sdi_emit(gw, set, SDI_PROXY_HAPROXY, diags, &bundle), SDI_OK);
	return bundle;
}

START_TEST(routes_map)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	struct sdi_bundle *bundle = emit(&gw, &set, NULL);
	ck_assert_str_eq(file(bundle, "maps/routes.map"), "a.example.org/login/now/? shop_web_80|tls302\n"
							  "a.example.org/api/v1/ shop_out_443\n"
							  "a.example.org/foo//? shop_web_80\n"
							  "a.example.org/foo/? shop_web_80\n"
							  "a.example.org/foo/ shop_empty_http|tls301:8443\n"
							  "a.example.org/ shop_web_80|tls308\n"
							  "b.example.org/a%20b%3Bc%3D%25d%7C%23%3F%01%FF/ shop_web_80\n"
							  "b.example.org/denied/ -503|tls308\n"
							  "b.example.org/guard/ -503\n"
							  "b.example.org/gone/ -503|tls308\n"
							  "b.example.org//? -404\n"
							  "b.example.org/ -503\n"
							  "c.example.org/ -404\n"
							  "other.example.com/ -404\n"
							  "*.example.org/x/ shop_web_80\n"
							  "*.example.org/ -404\n"
							  "*/ shop_web_80\n");
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(certificates)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	struct sdi_bundle *bundle = emit(&gw, &set, NULL);
	/* b and c have no certificate of their own: not that of the wildcard, as NGINX serves them */
	ck_assert_str_eq(file(bundle, "crt-list.txt"), "certs/default.pem default.invalid\n"
						       "certs/shop_tls.pem a.example.org\n"
						       "certs/default.pem b.example.org\n"
						       "certs/default.pem c.example.org\n"
						       "certs/shop_wild.pem *.example.org\n"
						       "certs/shop_tls.pem mail.example.org\n");
	ck_assert_str_eq(file(bundle, "certs/shop_tls.pem"), "shop_tls CHAIN\nKEY\n");
	ck_assert_str_eq(file(bundle, "certs/shop_wild.pem"), "shop_wild CHAIN\nKEY\n");
	ck_assert_str_eq(file(bundle, "certs/default.pem"), "default CHAIN\nKEY\n");
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++) {
		bool secret = strncmp(sdi_bundle_name(bundle, i), "certs/", 6) == 0;
		ck_assert(sdi_bundle_is_secret(bundle, i) == secret);
		ck_assert_uint_eq(sdi_bundle_mode(bundle, i), secret ? 0600 : 0644);
	}
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(backends)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	struct sdi_bundle *bundle = emit(&gw, &set, NULL);
	ck_assert_str_eq(
		strstr(file(bundle, "haproxy.cfg"), "\nbackend "),
		"\nbackend shop_empty_http\n"
		"\nbackend shop_out_443\n"
		"\tserver up.example.net:443 up.example.net:443 resolvers dns init-addr none resolve-prefer ipv4\n"
		"\nbackend shop_web_80\n"
		"\tserver 192.0.2.1:8080 192.0.2.1:8080\n"
		"\tserver 2001:db8::1:80 [2001:db8::1]:80\n");
	ck_assert_ptr_nonnull(strstr(file(bundle, "haproxy.cfg"), "\nresolvers dns\n"));
	sdi_bundle_free(bundle);
}
END_TEST

/* What haproxy.cfg says and does not say, by what is in gateway and settings. */
static void no_default(struct sdi_gateway *gw, struct sdi_settings *set)
{
	(void)set;
	gw->default_certificate = NULL;
}

static void no_certificate(struct sdi_gateway *gw, struct sdi_settings *set)
{
	no_default(gw, set);
	gw->n_certificates = gw->n_snis = 0;
}

static void no_https(struct sdi_gateway *gw, struct sdi_settings *set)
{
	(void)gw;
	set->https_port = 0;
}

static void no_http(struct sdi_gateway *gw, struct sdi_settings *set)
{
	(void)gw;
	set->http_port = 0;
}

static void two_addresses(struct sdi_gateway *gw, struct sdi_settings *set)
{
	static struct sdi_str addresses[] = { SDI_STR_INIT("192.0.2.7"), SDI_STR_INIT("2001:db8::7") };
	(void)gw;
	set->bind.p = addresses;
	set->bind.n = 2;
}

static void others_only(struct sdi_gateway *gw, struct sdi_settings *set)
{
	(void)set;
	gw->hosts = &hosts[N(hosts) - 1];
	gw->n_hosts = 1;
	gw->backends = &all_backends[2];
	gw->n_backends = 1;
}

static void quiet(struct sdi_gateway *gw, struct sdi_settings *set)
{
	(void)gw;
	set->access_log = false;
}

static void odd_paths(struct sdi_gateway *gw, struct sdi_settings *set)
{
	(void)gw;
	set->prefix = SDI_STR("/a 'b' \"$c\" \\{}#%[d]");
	set->runtime_dir = SDI_STR("/it's");
}

static void no_prefix(struct sdi_gateway *gw, struct sdi_settings *set)
{
	(void)gw;
	set->prefix = SDI_STR("");
}

static void long_socket(struct sdi_gateway *gw, struct sdi_settings *set)
{
	static char path[200];
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	(void)gw;
	set->runtime_dir = sdi_str_make(path, 83);
}

static void longest_socket(struct sdi_gateway *gw, struct sdi_settings *set)
{
	long_socket(gw, set);
	set->runtime_dir.n = 82;
}

static const struct {
	const char *name;
	void (*change)(struct sdi_gateway *gw, struct sdi_settings *set);
	const char *has, *hasnt;
	size_t diags;
} configs[] = {
	{ "plain", NULL, "\tbind 0.0.0.0:8080\n\tbind [::]:8080 v6only\n", "strict-sni", 0 },
	{ "tls", NULL, "\tbind 0.0.0.0:8443 ssl crt-list crt-list.txt alpn h2,http/1.1\n", NULL, 0 },
	{ "tls, IPv6", NULL, "\tbind [::]:8443 v6only ssl crt-list crt-list.txt alpn h2,http/1.1\n", NULL, 0 },
	{ "no default", no_default, "\tbind [::]:8443 v6only ssl crt-list crt-list.txt alpn h2,http/1.1 strict-sni\n",
	  NULL, 0 },
	{ "no certificate", no_certificate, "\nfrontend http\n", "ssl", 1 },
	{ "no HTTPS", no_https, "\nfrontend http\n", "frontend https", 0 },
	{ "no HTTP", no_http, "\nfrontend https\n", "frontend http\n", 0 },
	{ "no HTTP: no redirect", no_http, "X-Forwarded-Port 443\n", "http-request redirect", 0 },
	{ "bind", two_addresses, "\tbind 192.0.2.7:8443 ssl", "0.0.0.0", 0 },
	{ "bind, IPv6", two_addresses, "\tbind [2001:db8::7]:8080 v6only\n", "bind [::]", 0 },
	{ "a redirect that is used", NULL, "http-request redirect code 308 ", "code 307 ", 0 },
	{ "… with a port", NULL, "http-request redirect code 301 ", NULL, 0 },
	{ "no redirect", others_only, "\tuse_backend ", "http-request redirect", 0 },
	{ "no DNS name", others_only, "\nbackend shop_web_80\n", "resolvers", 0 },
	{ "forwarded port", NULL, "X-Forwarded-Port 8080\n", NULL, 0 },
	{ "log", NULL, "\tlog stdout format raw local0 info\n", NULL, 0 },
	{ "no log", quiet, "\nfrontend http\n", "log", 0 },
	{ "prefix", NULL, "\tdefault-path origin '/srv/out'\n", NULL, 0 },
	{ "no prefix", no_prefix, "\tdefault-path config\n", "origin", 0 },
	{ "odd prefix", odd_paths, "\tdefault-path origin '/a '\\''b'\\'' \"$c\" \\{}#%[d]'\n", NULL, 0 },
	{ "socket", odd_paths, "\tstats socket '/it'\\''s/haproxy.sock' mode 600 level admin expose-fd listeners\n",
	  NULL, 0 },
	{ "long socket", long_socket, "\tdefault-path origin '/srv/out'\n", "stats socket", 1 },
	{ "longest socket", longest_socket, "\tstats socket '/xxx", NULL, 0 },
};

START_TEST(config)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	struct sdi_diags *diags = sdi_diags_new();
	if (configs[_i].change)
		configs[_i].change(&gw, &set);
	struct sdi_bundle *bundle = emit(&gw, &set, diags);
	const char *text = file(bundle, "haproxy.cfg");
	ck_assert_msg(strstr(text, configs[_i].has) != NULL, "%s:\n%s", configs[_i].name, text);
	ck_assert_msg(!configs[_i].hasnt || !strstr(text, configs[_i].hasnt), "%s:\n%s", configs[_i].name, text);
	ck_assert_uint_eq(sdi_diags_count(diags), configs[_i].diags);
	if (configs[_i].diags)
		ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "target-cannot");
	sdi_bundle_free(bundle);
	sdi_diags_free(diags);
}
END_TEST

/* Streams are passed on; where that can't be, the host answers 503 and the others are served as ever. */
START_TEST(passthrough)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	struct sdi_diags *diags = sdi_diags_new();
	hosts[4].passthrough = &web;
	struct sdi_bundle *bundle = emit(&gw, &set, diags);
	const char *text = file(bundle, "haproxy.cfg");
	ck_assert_ptr_nonnull(strstr(text, "\nfrontend tls\n\tmode tcp\n\tbind 0.0.0.0:8443\n"));
	ck_assert_ptr_nonnull(strstr(text, "\tbind 'unix@/run/x/https.sock' mode 600 ssl crt-list"));
	ck_assert_ptr_nonnull(strstr(text, "\nbackend tls:shop_web_80\n\tmode tcp\n"));
	ck_assert_str_eq(file(bundle, "maps/passthrough.map"),
	                 "a.example.org -\nb.example.org -\nc.example.org -\n*.example.org tls:shop_web_80\n");
	ck_assert_ptr_nonnull(strstr(file(bundle, "maps/routes.map"), "\n*.example.org/x/ shop_web_80|+\n"));
	ck_assert_uint_eq(sdi_diags_count(diags), 0);
	sdi_bundle_free(bundle);

	long_socket(&gw, &set);
	set.runtime_dir.n = 85;
	bundle = emit(&gw, &set, diags);
	ck_assert_ptr_nonnull(strstr(file(bundle, "haproxy.cfg"), "\nfrontend https\n\tbind 0.0.0.0:8443 ssl"));
	ck_assert_ptr_null(strstr(file(bundle, "haproxy.cfg"), "mode tcp"));
	ck_assert_ptr_nonnull(strstr(file(bundle, "maps/routes.map"), "\n*.example.org/x/ -503\n"));
	ck_assert_ptr_null(file(bundle, "maps/passthrough.map"));
	ck_assert_uint_eq(sdi_diags_count(diags), 2);
	ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "protection-denied");
	sdi_bundle_free(bundle);

	no_https(&gw, &set);
	bundle = emit(&gw, &set, NULL);
	ck_assert_ptr_null(strstr(file(bundle, "haproxy.cfg"), "mode tcp"));
	ck_assert_ptr_nonnull(strstr(file(bundle, "maps/routes.map"), "\n*.example.org/x/ shop_web_80\n"));
	sdi_bundle_free(bundle);
	hosts[4].passthrough = NULL;
	sdi_diags_free(diags);
}
END_TEST

/* No file of certificates where no listener would read it. */
START_TEST(no_certificate_no_file)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	no_https(&gw, &set);
	struct sdi_bundle *bundle = emit(&gw, &set, NULL);
	ck_assert_ptr_null(file(bundle, "crt-list.txt"));
	ck_assert_ptr_null(file(bundle, "certs/default.pem"));
	ck_assert_str_eq(file(bundle, "errors/404.http"), "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n"
							  "Content-Length: 14\r\n\r\n404 Not Found\n");
	sdi_bundle_free(bundle);
}
END_TEST

#define W(in, text)                    \
	{                              \
		SDI_STR_INIT(in), text \
	}
static const struct {
	struct sdi_str in;
	const char *want; /* NULL: can't be said */
} words[] = {
	W("", "''"), W("a", "'a'"), W("a b\tc", "'a b\tc'"), W("'", "''\\'''"), W("a'b", "'a'\\''b'"),
	W("''", "''\\'''\\'''"), W("\\", "'\\'"),
	W("\"$HOME\" ${X}", "'\"$HOME\" ${X}'"), W("#;{}%[env(A)]", "'#;{}%[env(A)]'"),
	W("a\nb", NULL), W("\n", NULL), W("a\0b", NULL),
	W("\r\x7f\xff", "'\r\x7f\xff'"), W("' if TRUE #", "''\\'' if TRUE #'"),
}, names[] = {
	W("shop_web_80", "shop_web_80"), W("*.example.org", "*.example.org"), W("2001:db8::1", "2001:db8::1"),
	W("a b", "a_b"), W("a\nb", "a_b"), W("a*", "a_"), W("a|b", "a_b"), W("#a", "_a"), W("a/b", "a_b"),
	W("a\0b", "a_b"), W("a%[x]", "a__x_"), W("\xc3\xa9", "__"), W("'\"\\;{}$", "_______"),
}, paths[] = {
	W("/", "/"), W("/a-b._~/C0", "/a-b._~/C0"), W("/a b", "/a%20b"), W("/a\nb", "/a%0Ab"), W("/?#|%", "/%3F%23%7C%25"),
	W("/\0", "/%00"), W("/\xc3\xa9", "/%C3%A9"), W("/a%20", "/a%2520"), W("", ""),
	W("/!*'();:@&=+$,[]",
	  "/%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%5B%5D"),
	W("/\"<>\\^`{}\x7f", "/%22%3C%3E%5C%5E%60%7B%7D%7F"),
};

START_TEST(quote_word)
{
	struct sdi_buf b;
	sdi_buf_init(&b, 1000);
	ck_assert(sdi_hap_word(&b, words[_i].in) == (words[_i].want != NULL));
	ck_assert_str_eq(b.p ? b.p : "", words[_i].want ? words[_i].want : "");
	sdi_buf_release(&b);
}
END_TEST

START_TEST(quote_name)
{
	struct sdi_buf b;
	sdi_buf_init(&b, 1000);
	sdi_hap_name(&b, names[_i].in);
	ck_assert_str_eq(b.p, names[_i].want);
	sdi_buf_release(&b);
}
END_TEST

START_TEST(quote_path)
{
	struct sdi_buf b;
	sdi_buf_init(&b, 1000);
	sdi_hap_key_path(&b, paths[_i].in);
	ck_assert_str_eq(b.p ? b.p : "", paths[_i].want);
	sdi_buf_release(&b);
}
END_TEST

/* Whatever is in a path, each route is one line of two words, and its neighbours are untouched. */
START_TEST(hostile_path)
{
	char text[4] = { '/', (char)_i, 'x', 0 };
	struct sdi_route route[] = { P(PREFIX, "/?", web, plain), P(PREFIX, "/b", web, plain) };
	route[0].path = sdi_str_make(text, 3);
	struct sdi_host one[] = { { .name = SDI_STR_INIT("a.b"), .routes = route, .n_routes = 2, FALLBACK(NOT_FOUND) },
				  { FALLBACK(NOT_FOUND) } };
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	gw.hosts = one;
	gw.n_hosts = 2;
	struct sdi_bundle *bundle = emit(&gw, &set, NULL);
	struct sdi_str part, line, rest = sdi_str_c(file(bundle, "maps/routes.map"));
	ck_assert(sdi_str_split(&rest, '\n', &line));
	ck_assert_str_eq(rest.p, "a.b/b/ shop_web_80\na.b/ -404\n*/ -404\n");
	ck_assert(sdi_str_starts(line, SDI_STR("a.b/")));
	ck_assert(sdi_str_split(&line, ' ', &part));
	for (size_t i = 0; i < part.n; i++)
		ck_assert(part.p[i] > ' ' && part.p[i] < 0x7f && part.p[i] != '?' && part.p[i] != '#' &&
			  part.p[i] != '|');
	ck_assert(sdi_str_is(line, "shop_web_80"));
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(same_bytes)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	struct sdi_bundle *a = emit(&gw, &set, NULL), *b = emit(&gw, &set, NULL);
	ck_assert_uint_eq(sdi_bundle_count(a), sdi_bundle_count(b));
	for (size_t i = 0; i < sdi_bundle_count(a); i++) {
		ck_assert_str_eq(sdi_bundle_name(a, i), sdi_bundle_name(b, i));
		ck_assert_str_eq(sdi_bundle_data(a, i, NULL), sdi_bundle_data(b, i, NULL));
	}
	sdi_bundle_free(a);
	sdi_bundle_free(b);
}
END_TEST

/* New servers, paths and hosts leave the frontends as they are: only maps and backends change. */
START_TEST(frontends_know_no_host)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	struct sdi_bundle *full = emit(&gw, &set, NULL);
	others_only(&gw, &set);
	/* two hosts of six, with the same kinds of redirects */
	gw.hosts = (struct sdi_host[]){ hosts[0], hosts[N(hosts) - 1] };
	gw.n_hosts = 2;
	gw.backends = all_backends;
	gw.n_backends = N(all_backends);
	struct sdi_bundle *less = emit(&gw, &set, NULL);
	ck_assert_str_eq(file(full, "haproxy.cfg"), file(less, "haproxy.cfg"));
	ck_assert_str_ne(file(full, "maps/routes.map"), file(less, "maps/routes.map"));
	sdi_bundle_free(full);
	sdi_bundle_free(less);
}
END_TEST

START_TEST(out_of_memory)
{
	struct sdi_gateway gw = gateway();
	struct sdi_settings set = settings();
	long n = 0;
	enum sdi_status status = SDI_ENOMEM;
	while (status != SDI_OK) {
		struct sdi_bundle *bundle = NULL;
		ck_assert_int_lt(++n, 1000);
		sdi_arena_fail_at = n;
		status = sdi_emit(&gw, &set, SDI_PROXY_HAPROXY, NULL, &bundle);
		ck_assert((status == SDI_OK) == (sdi_arena_fail_at > 0));
		sdi_arena_fail_at = 0;
		ck_assert(status == SDI_OK || (status == SDI_ENOMEM && !bundle));
		sdi_bundle_free(bundle);
	}
	ck_assert_int_gt(n, 20);
}
END_TEST

START_TEST(capabilities)
{
	for (int i = 0; i < SDI_FIELD__COUNT; i++) {
		const struct sdi_cap *cap = &sdi_emitter_haproxy.caps[i];
		ck_assert_int_ne(cap->fidelity, SDI_FIDELITY_UNDECLARED);
		ck_assert((cap->reason == NULL) == (cap->fidelity == SDI_FIDELITY_EXACT));
	}
}
END_TEST

Suite *sdi_suite_haproxy(void)
{
	Suite *s = suite_create("haproxy");
	TCase *tc = tcase_create("haproxy");
	tcase_add_test(tc, routes_map);
	tcase_add_test(tc, certificates);
	tcase_add_test(tc, backends);
	tcase_add_loop_test(tc, config, 0, N(configs));
	tcase_add_test(tc, passthrough);
	tcase_add_test(tc, no_certificate_no_file);
	tcase_add_loop_test(tc, quote_word, 0, N(words));
	tcase_add_loop_test(tc, quote_name, 0, N(names));
	tcase_add_loop_test(tc, quote_path, 0, N(paths));
	tcase_add_loop_test(tc, hostile_path, 1, 256);
	tcase_add_test(tc, same_bytes);
	tcase_add_test(tc, frontends_know_no_host);
	tcase_add_test(tc, out_of_memory);
	tcase_add_test(tc, capabilities);
	suite_add_tcase(s, tc);
	return s;
}
