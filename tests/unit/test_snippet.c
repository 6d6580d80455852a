/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"
#include "dialect/registry.h"
#include "dialect/snippet.h"

/* The lines, each behind a "|"; NULL: refused. */
static const struct {
	enum sdi_snippet_context context;
	const char *in, *want;
} snippets[] = {
	{ SDI_SNIPPET_LOCATION, "", "" },
	{ SDI_SNIPPET_LOCATION, " # nothing; }\n", "" },
	{ SDI_SNIPPET_LOCATION, "set $a \"b;}\";add_header X-A $a;", "|set $a \"b;}\";|add_header X-A $a;" },
	{ SDI_SNIPPET_LOCATION, "if ($host = a) { return 403; } # x", "|if ($host = a) {|return 403;|}" },
	{ SDI_SNIPPET_LOCATION, "if ( $host ~* ^a ) { break; }", "|if ( $host ~* ^a ) {|break;|}" },
	{ SDI_SNIPPET_LOCATION, "return 200 ${host}x;", "|return 200 ${host}x;" },
	{ SDI_SNIPPET_LOCATION, "allow 10.0.0.0/8; deny all;", "|allow 10.0.0.0/8;|deny all;" },
	{ SDI_SNIPPET_HTTP, "map $host $a { default 0; }", "|map $host $a {|default 0;|}" },
	{ SDI_SNIPPET_LOCATION, "if ($host = '' ) { break; }", "|if ($host = '' ) {|break;|}" },
	{ SDI_SNIPPET_LOCATION, "if ($host = ) { break; }", NULL },
	{ SDI_SNIPPET_LOCATION, "if ($host ~ ) { break; }", NULL },
	{ SDI_SNIPPET_LOCATION, "allow 10.0.0.1/8;", NULL },
	{ SDI_SNIPPET_LOCATION, "}", NULL },
	{ SDI_SNIPPET_LOCATION, "etag on; }", NULL },
	{ SDI_SNIPPET_LOCATION, "etag on} location / {", NULL },
	{ SDI_SNIPPET_LOCATION, "if ($host) {", NULL },
	{ SDI_SNIPPET_LOCATION, "if ($host) { return 403; ", NULL },
	{ SDI_SNIPPET_LOCATION, "etag on", "|etag on;" },
	{ SDI_SNIPPET_LOCATION, "add_header X-A \"a\"", "|add_header X-A \"a\";" },
	{ SDI_SNIPPET_LOCATION, "add_header X-A a\\;", NULL },
	{ SDI_SNIPPET_LOCATION, "if ($host) { expires 1h; expires 2h; }", NULL },
	{ SDI_SNIPPET_LOCATION, "if ($host) { expires 1h; } expires 2h;", "|if ($host) {|expires 1h;|}|expires 2h;" },
	{ SDI_SNIPPET_LOCATION, "more_set_input_headers 'A: b \"c\"';", "|proxy_set_header A \"b \\\"c\\\"\";" },
	{ SDI_SNIPPET_SERVER, "more_set_headers \"A: b\";", "" },
	{ SDI_SNIPPET_SERVER, "more_set_headers \"A: b\\n\";", NULL },
	{ SDI_SNIPPET_SERVER, "more_set_headers \"Date: b\";", NULL },
	{ SDI_SNIPPET_SERVER, "add_header X-A $service_name;", NULL },
	{ SDI_SNIPPET_HTTP, "geo $a { default 0; 10.0.0.0/8 1; }", "|geo $a {|default 0;|10.0.0.0/8 1;|}" },
	{ SDI_SNIPPET_HTTP, "geo $a { here 1; }", NULL },
	{ SDI_SNIPPET_STREAM, "server { listen 1; return x; }", "|server {|listen 1;|return x;|}" },
	{ SDI_SNIPPET_STREAM, "server { listen 1; }", NULL },
	{ SDI_SNIPPET_STREAM, "etag on;", NULL },
	{ SDI_SNIPPET_LOCATION, "etag maybe;", NULL },
	{ SDI_SNIPPET_LOCATION, "etag on; etag on;", NULL },
	{ SDI_SNIPPET_LOCATION, "etag { on; }", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A \"a;", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A \"a\"b;", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A \"a\nb\";", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A a\\", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A a\x01;", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A \xc3\xa9;", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A $nobody;", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A a$;", NULL },
	{ SDI_SNIPPET_LOCATION, "add_header X-A ${host;", NULL },
	{ SDI_SNIPPET_LOCATION, "set $sdi_dollar x;", NULL },
	{ SDI_SNIPPET_LOCATION, "\"etag\" on;", NULL },
	{ SDI_SNIPPET_LOCATION, "map $host $a { default 0; }", NULL },
	{ SDI_SNIPPET_SERVER, "proxy_set_header A b;", NULL },
	{ SDI_SNIPPET_SERVER, "if ($host) { add_header A b; }", NULL },
	{ SDI_SNIPPET_HTTP, "map $host $a { include x; }", NULL },
	{ SDI_SNIPPET_HTTP, "map $host $a { b 0; b 1; }", NULL },
	{ SDI_SNIPPET_MAIN, "load_module x;", NULL },
	{ SDI_SNIPPET_MAIN, "worker_processes 999;", NULL },
};

START_TEST(snippet)
{
	struct sdi_arena arena = { 0 };
	struct sdi_raw raw = { 0 };
	struct sdi_str got = SDI_STR("");
	const char *in = snippets[_i].in,
		   *why = sdi_snippet_read(&arena, snippets[_i].context, sdi_str_c(in), NULL, &raw);
	ck_assert_msg(!why == !!snippets[_i].want, "%s: %s", in, why ? why : "not refused");
	for (size_t i = 0; i < raw.n; i++)
		got = sdi_arena_printf(&arena, "%.*s|%.*s", SDI_STR_ARG(got), SDI_STR_ARG(raw.lines[i]));
	if (snippets[_i].want)
		ck_assert_msg(sdi_str_is(got, snippets[_i].want), "%.*s", SDI_STR_ARG(got));
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *in;
	bool want;
} protections[] = {
	{ "", false },
	{ "add_header X-A deny;", true }, /* rather too often than too rarely */
	{ "add_header X-A a;", false },
	{ "# deny all", false },
	{ "#\ndeny all", true },
	{ "set $a b#c; deny all", true },
	{ "access_log off;", false },
	{ "auth_request /x;", true },
	{ "{return 403", true },
	{ "proxy_read_timeout 5s;", false },
	{ "access_by_lua_block {", true },
	{ "http-request deny", true },
};

START_TEST(protection)
{
	ck_assert_msg(sdi_snippet_protects(sdi_str_c(protections[_i].in)) == protections[_i].want, "%s",
	              protections[_i].in);
}
END_TEST

START_TEST(risk)
{
	static const struct {
		const char *key;
		enum sdi_risk want;
	} risks[] = {
		{ "nginx.ingress.kubernetes.io/server-snippet", SDI_RISK_CRITICAL },
		{ "nginx.ingress.kubernetes.io/auth-url", SDI_RISK_HIGH },
		{ "nginx.ingress.kubernetes.io/auth-secret", SDI_RISK_MEDIUM },
		{ "nginx.ingress.kubernetes.io/ssl-redirect", SDI_RISK_LOW },
		{ "haproxy.org/allow-list", SDI_RISK_LOW },
	};
	for (size_t i = 0; i < sizeof(risks) / sizeof(risks[0]); i++) {
		enum sdi_dialect_id id;
		const struct sdi_annotation *row = NULL;
		ck_assert(sdi_annotation_find(sdi_str_c(risks[i].key), &id, &row) && row);
		ck_assert_msg(sdi_annotation_risk(row) == risks[i].want, "%s", risks[i].key);
	}
}
END_TEST

Suite *sdi_suite_snippet(void)
{
	Suite *suite = suite_create("snippet");
	TCase *tc = tcase_create("snippet");
	tcase_add_loop_test(tc, snippet, 0, N(snippets));
	tcase_add_loop_test(tc, protection, 0, N(protections));
	tcase_add_test(tc, risk);
	suite_add_tcase(suite, tc);
	return suite;
}
