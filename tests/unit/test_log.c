/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of the keys about logs, and what formats become in a configuration. */
#include "world.h"
#include "dialect/configmap.h"
#include "gateway/log.h"
#include <sdingress/bundle.h>

/* @text as @key reads it; *ret_value is in @arena. */
static bool takes(const char *key, const char *text, struct sdi_arena *arena, struct sdi_value *ret_value)
{
	const struct sdi_config_key *found = sdi_config_key_find(sdi_str_c(key));
	const char *why = "";
	ck_assert_ptr_nonnull(found);
	const struct sdi_annotation *row = sdi_config_key_row(found);
	*ret_value = (struct sdi_value){ 0 };
	bool fine = row->parse(row, sdi_str_c(text), arena, ret_value, &why);
	ck_assert(fine || *why);
	return fine;
}

/* Literals as they are, variables as "<number of variable>" by name, with what is behind a prefix. */
static const struct {
	const char *in, *want; /* NULL: refused */
} formats[] = {
	{ "$uri", "<uri>" },
	{ "${uri}x", "<uri>x" },
	{ "a $status b", "a <status> b" },
	{ "$STATUS$Http_X_a", "<status><http_X_a>" },
	{ "$https$http2$http_2", "<https><http2><http_2>" },
	{ "$upstream_http_x|$sent_http_x|$upstream_cookie_x", "<upstream_http_x>|<sent_http_x>|<upstream_cookie_x>" },
	{ "$proxy_upstream_name $req_id", "<proxy_upstream_name> <req_id>" },
	{ "{\"a\": \"$args\"}", "{\"a\": \"<args>\"}" },
	{ "a\\\"b\\'c\\\\d\\te\\nf\\rg\\h\\", "a\"b'c\\d\te\nf\rg\\h\\" },
	{ "line\nline", "line\nline" },
	{ "escape=json", "escape=json" },
	{ "%[src] %ci ; } #", "%[src] %ci ; } #" },
	{ "it's", NULL },
	{ "a\x01", NULL },
	{ "a\x7f", NULL },
	{ "$", NULL },
	{ "$$uri", NULL },
	{ "a $ b", NULL },
	{ "${uri", NULL },
	{ "${}", NULL },
	{ "${u ri}", NULL },
	{ "$1", NULL },
	{ "$http_", NULL },
	{ "$nothing", NULL },
	{ "$sdi_dollar", NULL },
	{ "$session_time", NULL },
	{ "$status_", NULL },
};

static void show_parts(struct sdi_buf *out, const struct sdi_value *value)
{
	const struct sdi_log_part *parts = value->list;
	for (size_t i = 0; i < value->n; i++) {
		bool literal = parts[i].var == SDI_LOG_LITERAL;
		sdi_buf_add(out, literal ? SDI_STR("") : SDI_STR("<"));
		sdi_buf_add(out, sdi_log_variables[parts[i].var].name);
		sdi_buf_add(out, parts[i].text);
		sdi_buf_add(out, literal ? SDI_STR("") : SDI_STR(">"));
	}
}

START_TEST(format)
{
	struct sdi_arena arena = { 0 };
	struct sdi_value value;
	struct sdi_buf out;
	sdi_buf_init(&out, 4096);
	bool fine = takes("log-format-upstream", formats[_i].in, &arena, &value);
	ck_assert_msg(fine == (formats[_i].want != NULL), "%s", formats[_i].in);
	if (fine) {
		show_parts(&out, &value);
		ck_assert_msg(sdi_str_is(sdi_buf_str(&out), formats[_i].want), "%s", formats[_i].in);
	}
	sdi_buf_release(&out);
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *key, *in;
	bool ok;
} values[] = {
	{ "log-format-stream", "$remote_addr $session_time $protocol", true },
	{ "log-format-stream", "$request", false },
	{ "access-log-params", "buffer=16k", true },
	{ "access-log-params", "buffer=16k  flush=1m gzip", true },
	{ "access-log-params", "gzip=9 flush=5s", true },
	{ "access-log-params", "flush=5s", false },
	{ "access-log-params", "gzip=0", false },
	{ "access-log-params", "gzip=10", false },
	{ "access-log-params", "gzip=", false },
	{ "access-log-params", "buffer", false },
	{ "access-log-params", "buffer=1", false },
	{ "access-log-params", "buffer=2m", false },
	{ "access-log-params", "buffer=16k flush=0", false },
	{ "access-log-params", "if=$x", false },
	{ "access-log-params", "buffer=16k; deny all", false },
	{ "syslog-host", "192.0.2.1", true },
	{ "syslog-host", "2001:db8::1", true },
	{ "syslog-host", "log.example.org", true },
	{ "syslog-host", "192.0.2.1:514", false },
	{ "syslog-host", "192.0.2.0/24", false },
	{ "syslog-host", "a..b", false },
	{ "syslog-host", "a b", false },
	{ "syslog-host", "a;b", false },
	{ "syslog-host", "unix:/dev/log", false },
	{ "syslog-port", "514", true },
	{ "syslog-port", "0", false },
	{ "syslog-port", "65536", false },
};

START_TEST(value)
{
	struct sdi_arena arena = { 0 };
	struct sdi_value got;
	ck_assert_msg(takes(values[_i].key, values[_i].in, &arena, &got) == values[_i].ok, "%s: %s", values[_i].key,
	              values[_i].in);
	sdi_arena_release(&arena);
}
END_TEST

/* The names of variables are what NGINX is handed: short ones only. */
START_TEST(lengths)
{
	struct sdi_arena arena = { 0 };
	struct sdi_value got;
	char text[8300];
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert(!takes("log-format-upstream", text, &arena, &got));
	text[8192] = '\0';
	ck_assert(takes("log-format-upstream", text, &arena, &got));
	memcpy(text, "$http_", 6);
	ck_assert(!takes("log-format-upstream", text, &arena, &got));
	text[128] = '\0';
	ck_assert(takes("log-format-upstream", text, &arena, &got));
	sdi_arena_release(&arena);
}
END_TEST

static struct sdi_str emit(struct world *w, enum sdi_proxy proxy, const char *name, struct sdi_bundle **ret)
{
	ck_assert_int_eq(sdi_emit(w->gateway, w->settings, proxy, w->diags, ret), SDI_OK);
	for (size_t i = 0; i < sdi_bundle_count(*ret); i++) {
		size_t n;
		if (strcmp(sdi_bundle_name(*ret, i), name) == 0) {
			const char *p = sdi_bundle_data(*ret, i, &n);
			return sdi_str_make(p, n);
		}
	}
	return SDI_STR("");
}

/* Quotes, ends of lines and what either proxy would read as a format stay within their word. */
START_TEST(quoting)
{
	struct sdi_bundle *bundle = NULL;
	struct world w = world_of("configmap=demo/c",
	                          "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: demo, name: c}\n"
	                          "data:\n  log-format-upstream: \"x\\\\'y\\\\\\\"z\\nnext %[src]; } $status\"\n");
	struct sdi_str text = emit(&w, SDI_PROXY_NGINX, "nginx.conf", &bundle);
	ck_assert(sdi_str_has(text, SDI_STR("\tlog_format sdi escape=default "
	                                    "\"x'y\\\"z\\nnext %[src]; } ${status}\";\n")));
	sdi_bundle_free(bundle);
	text = emit(&w, SDI_PROXY_HAPROXY, "haproxy.cfg", &bundle);
	ck_assert(sdi_str_has(text, SDI_STR("\tlog-format 'x'\\''y\"z next %%[src]; } %ST'\n")));
	sdi_bundle_free(bundle);
	world_free(&w);
}
END_TEST

Suite *sdi_suite_log(void)
{
	Suite *suite = suite_create("log");
	TCase *tc = tcase_create("log");
	tcase_add_loop_test(tc, format, 0, N(formats));
	tcase_add_loop_test(tc, value, 0, N(values));
	tcase_add_test(tc, lengths);
	tcase_add_test(tc, quoting);
	suite_add_tcase(suite, tc);
	return suite;
}
