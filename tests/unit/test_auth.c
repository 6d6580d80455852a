/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "../../lib/gateway/auth.h"
#include "../../lib/translate/auth_text.h"
#include "../../lib/translate/ca.h"
#include "../../lib/translate/translation.h"

static const struct {
	const char *text, *want; /* NULL: refused; else "HOST PORT TARGET" */
} urls[] = {
	{ "http://a.example.org/check", "http a.example.org 80 /check" },
	{ "https://A.example.org", "https a.example.org 443 /" },
	{ "https://a.example.org:8443?x=1&y=$host", "https a.example.org 8443 /?x=1&y=$host" },
	{ "http://192.0.2.1:4180/oauth2/auth", "http 192.0.2.1 4180 /oauth2/auth" },
	{ "https://$host/oauth2/auth", "https self 443 /oauth2/auth" },
	{ "http://$http_host/a", "http self 80 /a" },
	{ "http://a.example.org$request_uri", "http a.example.org 80 $request_uri" },
	{ "https://a.example.org:1$request_uri/x", "https a.example.org 1 $request_uri/x" },
	{ "", NULL },
	{ "a.example.org", NULL },
	{ "//a.example.org/", NULL },
	{ "ftp://a.example.org/", NULL },
	{ "file:///etc/passwd", NULL },
	{ "unix:/run/x", NULL },
	{ "HTTP://a.example.org/", NULL },
	{ "http://", NULL },
	{ "http:///x", NULL },
	{ "http://a..b/", NULL },
	{ "http://u:p@a.example.org/", NULL },
	{ "http://a.example.org:/", NULL },
	{ "http://a.example.org:0/", NULL },
	{ "http://a.example.org:65536/", NULL },
	{ "http://a.example.org:80:80/", NULL },
	{ "http://$host:80/", NULL },
	{ "http://a$host/", NULL },
	{ "http://a$args", NULL },
	{ "http://a$uri$request_uri", NULL },
	{ "http://$request_uri", NULL },
	{ "http://a:$request_uri", NULL },
	{ "http://$remote_addr/", NULL },
	{ "http://a/#x", NULL },
	{ "http://a/ x", NULL },
	{ "http://a/x\ny", NULL },
	{ "http://a/\"", NULL },
	{ "http://a/';{}", NULL },
	{ "http://a/%[env(HOME)]", NULL },
	{ "http://a/\\", NULL },
	{ "http://[::1]/", NULL },
	{ "http://a/\xc3\xa9", NULL },
};

START_TEST(url)
{
	struct sdi_arena arena = { 0 };
	struct sdi_url got = { .port = 7 };
	const char *why = NULL;
	bool fine = sdi_url_parse(&arena, sdi_str_c(urls[_i].text), &got, &why);
	ck_assert_msg(fine == (urls[_i].want != NULL), "%s", urls[_i].text);
	if (fine) {
		struct sdi_str text = sdi_arena_printf(&arena, "%s %.*s %u %.*s", got.tls ? "https" : "http",
		                                       SDI_STR_ARG(got.self ? SDI_STR("self") : got.host),
		                                       (unsigned)got.port, SDI_STR_ARG(got.target));
		ck_assert_str_eq(text.p, urls[_i].want);
	} else {
		ck_assert_uint_eq(got.port, 7);
		ck_assert_ptr_nonnull(why);
	}
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *text;
	enum sdi_text_use use;
	int parts; /* -1: refused */
} texts[] = {
	{ "", SDI_TEXT_URL, 0 },
	{ "/a?b=c", SDI_TEXT_URL, 1 },
	{ "$scheme://$http_host$request_uri", SDI_TEXT_URL, 4 },
	{ "${scheme}x$args", SDI_TEXT_URL, 3 },
	{ "$escaped_request_uri", SDI_TEXT_URL, 1 },
	{ "$namespace/$ingress_name", SDI_TEXT_URL, 3 },
	{ "$http_authorization$cookie_s$arg_a$remote_user", SDI_TEXT_VALUE, 4 },
	{ "$http_authorization", SDI_TEXT_URL, -1 },
	{ "$req_id", SDI_TEXT_URL, -1 },
	{ "$", SDI_TEXT_VALUE, -1 },
	{ "a$", SDI_TEXT_VALUE, -1 },
	{ "${host", SDI_TEXT_VALUE, -1 },
	{ "${}", SDI_TEXT_VALUE, -1 },
	{ "$http_", SDI_TEXT_VALUE, -1 },
	{ "$document_root", SDI_TEXT_VALUE, -1 },
	{ "$Host", SDI_TEXT_VALUE, -1 },
	{ "a\r\nb", SDI_TEXT_VALUE, -1 },
	{ "it's \"%[src]\" {}; #", SDI_TEXT_VALUE, 1 },
};

START_TEST(text)
{
	static const struct sdi_text_names names = { SDI_STR_INIT("ns"), SDI_STR_INIT("one") };
	struct sdi_arena arena = { 0 };
	struct sdi_text got = { NULL, 7 };
	bool fine = sdi_text_parse(&arena, sdi_str_c(texts[_i].text), texts[_i].use, &names, &got);
	ck_assert_msg(fine == (texts[_i].parts >= 0), "%s", texts[_i].text);
	ck_assert_uint_eq(got.n, fine ? (size_t)texts[_i].parts : 7);
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *name;
	bool fine;
} headers[] = {
	{ "X-User", true },      { "x_user", true },  { "Authorization", true }, { "", false },
	{ "Host", false },       { "X User", false }, { "X-User:", false },      { "content-length", false },
	{ "Connection", false }, { "X\nY", false },   { "X$Y", false },          { "Transfer-Encoding", false },
};

START_TEST(header)
{
	ck_assert_msg(sdi_header_may_be_set(sdi_str_c(headers[_i].name)) == headers[_i].fine, "%s", headers[_i].name);
}
END_TEST

/* What the controller's ConfigMap says, and what an ingress says to it. */
static const struct {
	const char *global, *own, *enabled, *path, *no_auth;
	const char *want; /* the target; "": nobody is asked; NULL: denied */
} cases[] = {
	{ "http://192.0.2.1/global", NULL, NULL, "/x", NULL, "/global" },
	{ "http://192.0.2.1/global", "http://192.0.2.1/own", NULL, "/x", NULL, "/own" },
	{ "http://192.0.2.1/global", NULL, "0", "/x", NULL, "" },
	{ "http://192.0.2.1/global", "http://192.0.2.1/own", "0", "/x", NULL, "/own" },
	{ "http://192.0.2.1/global", NULL, "1", "/x", NULL, "/global" },
	{ "nonsense", NULL, NULL, "/x", NULL, NULL },
	{ "nonsense", NULL, "0", "/x", NULL, "" },
	{ "http://192.0.2.1/global", NULL, NULL, "/open/x", "/.well-known/acme-challenge, /open", "" },
	{ "http://192.0.2.1/global", NULL, NULL, "/ope", "/.well-known/acme-challenge, /open", "/global" },
	{ NULL, "http://192.0.2.1/own", NULL, "/open", "/open", "" },
	{ NULL, "http://127.0.0.1/own", NULL, "/x", NULL, NULL },
	{ NULL, "http://169.254.169.254/", NULL, "/x", NULL, NULL },
	{ NULL, "http://[fd00::1]/", NULL, "/x", NULL, NULL },
	{ NULL, NULL, NULL, "/x", NULL, "" },
};

static void say(struct sdi_wish *wish, struct sdi_arena *arena, enum sdi_wish_id id, const char *said)
{
	struct sdi_value value = { .id = id, .key = SDI_STR("key"), .text = sdi_str_c(said) };
	if (!said)
		return;
	value.number = said[0] == '1';
	*sdi_vec_push(&wish->values, arena) = value;
}

START_TEST(global)
{
	struct sdi_arena arena = { 0 };
	struct sdi_pick pick = { .ns = SDI_STR("a"), .name = SDI_STR("one") };
	struct sdi_ask ask = { .pick = &pick, .dialect = SDI_DIALECT_INGRESS_NGINX };
	struct sdi_policy policy = { 0 };
	struct sdi_claim claim = { .text = sdi_str_c(cases[_i].path) };
	struct sdi_translation t = { .settings = sdi_settings_defaults(), .arena = &arena };
	t.diag.scratch = &t.show;
	say(&t.base, &arena, SDI_WISH_GLOBAL_AUTH_URL, cases[_i].global);
	say(&t.base, &arena, SDI_WISH_NO_AUTH_LOCATIONS, cases[_i].no_auth);
	say(&ask.wish, &arena, SDI_WISH_AUTH_URL, cases[_i].own);
	say(&ask.wish, &arena, SDI_WISH_ENABLE_GLOBAL_AUTH, cases[_i].enabled);
	sdi_base_auth(&t, &ask, &policy);
	sdi_route_auth(&t, &ask, NULL, &claim, false, &policy);
	ck_assert_int_eq(ask.wish.denied_by.n > 0, cases[_i].want == NULL);
	ck_assert_int_eq(policy.auth != NULL, cases[_i].want && cases[_i].want[0]);
	ck_assert_int_eq(sdi_policy_has(&policy, SDI_FIELD_AUTH), policy.auth != NULL);
	if (policy.auth)
		ck_assert_msg(sdi_str_is(policy.auth->to.target.parts[0].text, cases[_i].want), "%s", cases[_i].want);
	sdi_arena_release(&t.show);
	sdi_arena_release(&t.scratch);
	sdi_arena_release(&arena);
}
END_TEST

Suite *sdi_suite_auth(void)
{
	Suite *s = suite_create("auth");
	TCase *tc = tcase_create("auth");
	tcase_add_loop_test(tc, url, 0, N(urls));
	tcase_add_loop_test(tc, text, 0, N(texts));
	tcase_add_loop_test(tc, header, 0, N(headers));
	tcase_add_loop_test(tc, global, 0, N(cases));
	suite_add_tcase(s, tc);
	return s;
}
