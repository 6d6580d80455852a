/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"
#include "dialect/seclang.h"
#include <sdingress/sdingress.h>

#define NGINX "nginx.ingress.kubernetes.io/"
#define RECOMMENDED "/etc/nginx/modsecurity/modsecurity.conf"

/* What is written, each group behind a "|"; NULL: refused. */
static const struct {
	const char *in, *want;
} texts[] = {
	{ "", "" },
	{ " # SecRuleEngine On\n\n", "" },
	{ "SecRuleEngine On", "|SecRuleEngine On" },
	{ "\tsecruleengine \"detectiononly\" \r\n", "|SecRuleEngine DetectionOnly" },
	{ "SecRuleEngine On\nSecRuleEngine Off", "|SecRuleEngine Off" },
	{ "SecDebugLog /tmp/x\nSecAuditLogParts ABC", "" },
	{ "SecResponseBodyMimeType text/plain a/b+c", "|SecResponseBodyMimeType text/plain a/b+c" },
	{ "SecRuleRemoveById 5 \"6-7\"", "|SecRuleRemoveById 5 6-7" },
	{ "SecRuleUpdateTargetById 5 !args:a", "|SecRuleUpdateTargetById 5 \"!ARGS:a\"" },
	{ "SecRule ARGS a id:1", "|SecRule ARGS \"@rx a\" \"id:1\"" },
	{ "SecRule ARGS \\\"a\\\" \\\"id:1,msg:\\'b c\\'\\\"", "|SecRule ARGS \"@rx a\" \"id:1,msg:'b c'\"" },
	{ "SecRule &args|!ARGS:/^b/|ARGS:c \"!@eq 1\" \\\n  \"id:'2', \\\n  deny,t:urldecode\"",
	  "|SecRule &ARGS|!ARGS:/^b/|ARGS:c \"!@eq 1\" \"id:2,deny,t:urlDecode\"" },
	{ "SecRule ARGS \"@rx ' %\\\\%[%]#\" id:1", "|SecRule ARGS \"@rx \\x27\\x20\\x25\\x25[\\x25]\\x23\" \"id:1\"" },
	{ "SecRule ARGS a id:1,chain\n# b\nSecRule ARGS b",
	  "|SecRule ARGS \"@rx a\" \"id:1,chain\"\nSecRule ARGS \"@rx b\"" },
	{ "SecAction id:1,ver:2,accuracy:9,pass", "|SecAction \"id:1,pass\"" },
	{ "SecAction \"id:1,setvar:tx.a=+%{ARGS.b},ctl:ruleremovetargetbyid=5;args:c\"",
	  "|SecAction \"id:1,setvar:'tx.a=+%{ARGS.b}',ctl:ruleRemoveTargetById=5;ARGS:c\"" },
	{ "SecRule REMOTE_ADDR \"@ipMatch 10.0.0.0/8,::1\" id:1",
	  "|SecRule REMOTE_ADDR \"@ipMatch 10.0.0.0/8,::1\" \"id:1\"" },
	/* what would end the text, a line, or a word */
	{ "SecRuleEngine On'; return 200; #", NULL },
	{ "SecRule ARGS \"a id:1", NULL },
	{ "SecRule ARGS \"a\nb\" id:1", NULL },
	{ "SecRule ARGS \"a\"b id:1", NULL },
	{ "SecRule ARGS \"a\\\\\\\"b\" id:1", NULL },
	{ "SecRule ARGS \"\xc3\xa9\" id:1", NULL },
	{ "SecRule ARGS \"\x01\" id:1", NULL },
	{ "SecRule ARGS a\\\\", NULL },
	{ "# a \\\nSecRuleEngine On", NULL },
	{ "SecAction \"id:1,msg:'a\"", NULL },
	{ "SecAction \"id:1,msg:'a'b'\"", NULL },
	/* what ModSecurity does not take, or takes wrongly */
	{ "SecRuleEngine", NULL },
	{ "SecRuleEngine Maybe", NULL },
	{ "SecRuleEngine On Off", NULL },
	{ "SecArgumentsLimit 0", NULL },
	{ "SecRule ARGS \"(\" id:1", NULL },
	{ "SecRule ARGS a", NULL },
	{ "SecRule ARGS a deny", NULL },
	{ "SecRule ARGS a id:1,id:2", NULL },
	{ "SecRule ARGS a id:0", NULL },
	{ "SecRule ARGS a id:99999999999", NULL },
	{ "SecRule ARGS a id:1\nSecRule ARGS b id:1", NULL },
	{ "SecRule ARGS a id:200001", NULL },
	{ "SecRule ARGS a id:999999", NULL },
	{ "SecRule ARGS a id:1,chain", NULL },
	{ "SecRule ARGS a id:1,chain\nSecRuleEngine On", NULL },
	{ "SecRule ARGS a id:1,chain\nSecRule ARGS b id:2", NULL },
	{ "SecRule ARGS a id:1,chain\nSecRule ARGS b deny", NULL },
	{ "SecAction id:1,chain\nSecRule ARGS b", NULL },
	{ "SecRule NONE a id:1", NULL },
	{ "SecRule !ARGS a id:1", NULL },
	{ "SecRule ARGS| a id:1", NULL },
	{ "SecRule TX a id:1", NULL },
	{ "SecRule REMOTE_ADDR:x a id:1", NULL },
	{ "SecRule ARGS \"@streq %{none}\" id:1", NULL },
	{ "SecRule ARGS \"@streq 100%\" id:1", NULL },
	{ "SecRule ARGS \"@streq\" id:1", NULL },
	{ "SecRule ARGS \"@noMatch x\" id:1", NULL },
	{ "SecRule ARGS \"@ipMatch 0.0.0.0/0\" id:1", NULL },
	{ "SecRule ARGS \"@rx %{tx.a}\" id:1", NULL },
	{ "SecRule ARGS a \"id:1,setvar:tx.a=+\"", NULL },
	{ "SecRule ARGS a \"id:1,setvar:ip.a=1\"", NULL },
	{ "SecRuleUpdateTargetById 5 ARGS", NULL },
	{ "SecRuleRemoveByTag a|b", NULL },
	/* files, programs, other hosts, what is kept */
	{ "Include /etc/passwd", NULL },
	{ "SecRuleScript x.lua id:1", NULL },
	{ "SecRemoteRules k https://a.org", NULL },
	{ "SecGeoLookupDb x", NULL },
	{ "SecDefaultAction \"phase:1,deny\"", NULL },
	{ "SecRule ARGS \"@pmFromFile x\" id:1", NULL },
	{ "SecRule ARGS \"@inspectFile x\" id:1", NULL },
	{ "SecRule ARGS \"@rbl a.org\" id:1", NULL },
	{ "SecRule FILES_TMP_CONTENT a id:1", NULL },
	{ "SecAction id:1,exec:x", NULL },
	{ "SecAction id:1,initcol:ip=%{REMOTE_ADDR}", NULL },
	{ "SecAction id:1,setenv:a=b", NULL },
	{ "SecAction id:1,proxy:http://a.org", NULL },
	{ "SecAction \"id:1,redirect:https://a.org/\xc3\xa9\"", NULL },
};

START_TEST(text)
{
	struct sdi_arena arena = { 0 };
	struct sdi_waf_rules rules = { 0 };
	const char *why = sdi_seclang_read(&arena, &arena, sdi_str_c(texts[_i].in), &rules);
	struct sdi_str got = SDI_STR("");
	for (size_t i = 0; i < rules.n; i++)
		got = sdi_arena_printf(&arena, "%.*s|%.*s", SDI_STR_ARG(got), SDI_STR_ARG(rules.groups[i]));
	ck_assert_msg(!why == !!texts[_i].want, "%s: %s", texts[_i].in, why ? why : "taken");
	if (texts[_i].want)
		ck_assert_msg(sdi_str_is(got, texts[_i].want), "%s: %.*s", texts[_i].in, SDI_STR_ARG(got));
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(notes)
{
	struct sdi_arena arena = { 0 };
	struct sdi_waf_rules rules = { 0 };
	ck_assert_ptr_null(sdi_seclang_read(&arena, &arena,
	                                    SDI_STR("Include /etc/nginx/modsecurity/modsecurity.conf\n"
	                                            "Include /etc/nginx/owasp-modsecurity-crs/nginx-modsecurity.conf\n"
	                                            "SecAuditLog /dev/stdout\nSecAction id:7\nSecAction id:8\n"),
	                                    &rules));
	ck_assert(rules.recommended && rules.core && rules.log && rules.n_ids == 2 && rules.ids[1] == 8);
	sdi_arena_release(&arena);
}
END_TEST

/* Whatever it is, it ends, and what is written fits into NGINX's configuration. */
START_TEST(sizes)
{
	struct sdi_arena arena = { 0 };
	struct sdi_waf_rules rules = { 0 };
	static char big[40 * 1024];
	memset(big, 'a', sizeof(big));
	ck_assert_ptr_nonnull(sdi_seclang_read(&arena, &arena, sdi_str_make(big, sizeof(big)), &rules));
	struct sdi_str rule = sdi_arena_printf(&arena, "SecRule ARGS \"@pm %.*s\" id:1", 3900, big);
	ck_assert_ptr_null(sdi_seclang_read(&arena, &arena, rule, &rules));
	rule = sdi_arena_printf(&arena, "SecRule ARGS \"@pm %.*s\" id:1", 4000, big);
	ck_assert_ptr_nonnull(sdi_seclang_read(&arena, &arena, rule, &rules));
	struct sdi_str chain = SDI_STR("SecRule ARGS a id:1,chain");
	for (int i = 0; i < 200; i++)
		chain = sdi_arena_printf(&arena, "%.*s\nSecRule ARGS \"@pm aaaa\" chain", SDI_STR_ARG(chain));
	ck_assert_ptr_nonnull(sdi_seclang_read(&arena, &arena, chain, &rules));
	ck_assert_ptr_nonnull(sdi_seclang_read(&arena, &arena, sdi_str_make("SecRuleEngine On\0x", 18), &rules));
	sdi_arena_release(&arena);
}
END_TEST

/* The n-th allocation fails, for all n. */
START_TEST(out_of_memory)
{
	static const char yaml[] = WEB("a", "web", "10.0.0.1")
		INGRESS("a", "one",
	                NOTED(NGINX "enable-modsecurity: \"true\", " NGINX "enable-owasp-core-rules: \"true\", " NGINX
	                            "modsecurity-transaction-id: \"a-$request_id\", " NGINX
	                            "modsecurity-snippet: \"SecRule ARGS a.b id:1,deny\\nInclude " RECOMMENDED "\""),
	                RULES(RULE("x.example", PATH("Prefix", "/", "web", "number: 80"))));
	struct world w = world_new("allow-snippets=true\nnginx-modsecurity-module=/x.so\nnginx-modsecurity-crs=debian");
	struct sdi_bundle *bundle = NULL;
	enum sdi_status status = SDI_ENOMEM;
	world_read(&w, yaml);
	for (long n = 1; status != SDI_OK; n++) {
		sdi_gateway_free(w.gateway);
		w.gateway = NULL;
		ck_assert_int_lt(n, 5000);
		sdi_arena_fail_at = n;
		status = sdi_translate(w.store, w.settings, NULL, &w.gateway);
		if (status == SDI_OK)
			status = sdi_emit(w.gateway, w.settings, SDI_PROXY_NGINX, NULL, &bundle);
		sdi_arena_fail_at = 0;
		ck_assert(status == SDI_OK || (status == SDI_ENOMEM && !bundle));
	}
	size_t i = 0;
	while (i < sdi_bundle_count(bundle) && strcmp(sdi_bundle_name(bundle, i), "modsecurity.conf") != 0)
		i++;
	ck_assert_uint_lt(i, sdi_bundle_count(bundle));
	sdi_bundle_free(bundle);
	world_free(&w);
}
END_TEST

Suite *sdi_suite_seclang(void)
{
	Suite *suite = suite_create("seclang");
	TCase *tc = tcase_create("seclang");
	tcase_add_loop_test(tc, text, 0, N(texts));
	tcase_add_test(tc, notes);
	tcase_add_test(tc, sizes);
	tcase_add_test(tc, out_of_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
