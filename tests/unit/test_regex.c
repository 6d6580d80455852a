/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"
#include "base/regex.h"

static const struct {
	const char *in, *want; /* NULL: refused */
	size_t head;           /* 0: all of it */
} checks[] = {
	{ "/", "/", 0 },
	{ "/foo/bar/[a-z]{3}", "/foo/bar/[a-z]{3}", 0 },
	{ "/something(/|$)(.*)", "/something(/|$)(.*)", 0 },
	{ "/id/{int}", "/id/{int}", 0 },
	{ "/a|/b|/c", "/a|/b|/c", 2 },
	{ "/a\\|b", "/a\\|b", 0 },
	{ "/[|]|x", "/[|]|x", 4 },
	{ "/[]|]", "/[]|]", 0 },
	{ "/[^]|]", "/[^]|]", 0 },
	{ "/[[:alpha:]|]|x", "/[[:alpha:]|]|x", 13 },
	{ "/[[|]|x", "/[[|]|x", 5 },
	{ "/[\\]|]", "/[\\]|]", 0 },
	{ "/(a|b)|c", "/(a|b)|c", 6 },
	{ "/a b", "/a\\x20b", 0 },
	{ "/a\\ b", "/a\\x20b", 0 },
	{ "/a\"b", "/a\\x22b", 0 },
	{ "/a\\\"b", "/a\\x22b", 0 },
	{ "/a\\'b", "/a\\x27b", 0 },
	{ "/['\"#]", "/[\\x27\\x22\\x23]", 0 },
	{ "/a\nb\tc", "/a\\x0ab\\x09c", 0 },
	{ "/\xc3\xa9", "/\\xc3\\xa9", 0 },
	{ "/\\\xc3\xa9", "/\\xc3\\xa9", 0 },
	{ "/$x%[y],;", "/$x%[y],;", 0 },
	{ "/(?i)a(?:b)(?=c)(?<!d)(?>e)", "/(?i)a(?:b)(?=c)(?<!d)(?>e)", 0 },
	{ "/(a)\\1(?1)", "/(a)\\1(?1)", 0 },
	{ "", NULL, 0 },
	{ "/(", NULL, 0 },
	{ "/)", NULL, 0 },
	{ "/a)|(?:b", NULL, 0 },
	{ "/[", NULL, 0 },
	{ "/[]", NULL, 0 },
	{ "/[[:alpha:]", NULL, 0 },
	{ "/a**", NULL, 0 },
	{ "/\\", NULL, 0 },
	{ "/(a\\)", NULL, 0 },
	{ "/\\Qa", NULL, 0 },
	{ "/[\\Qa]", NULL, 0 },
	{ "/a\\Kb", NULL, 0 },
	{ "/\\c\"", NULL, 0 },
	{ "/a\\Cb", NULL, 0 },
	{ "/(*ACCEPT)", NULL, 0 },
	{ "/(?#)", NULL, 0 },
	{ "/(?C\"x\")", NULL, 0 },
	{ "/(?x)", NULL, 0 },
	{ "/(?i-s^x:a)", NULL, 0 },
	{ "/(?xx:a)", NULL, 0 },
	{ "/(?J)", NULL, 0 },
	{ "/(?<name>a)", NULL, 0 },
	{ "/(?P<name>a)", NULL, 0 },
	{ "/(?'name'a)", NULL, 0 },
	{ "/(?<=a*)b", NULL, 0 },
	{ "/(a\\2)", NULL, 0 },
	{ "/(((a{1,999}){1,999}){1,99})", NULL, 0 },
	{ "/a{99999}", NULL, 0 },
	{ "/[b-a]", NULL, 0 },
	{ "/\\p{Nope}", NULL, 0 },
};

START_TEST(check)
{
	struct sdi_arena arena = { 0 };
	struct sdi_str got = SDI_STR("untouched"), in = sdi_str_c(checks[_i].in);
	const char *why = sdi_regex_check(&arena, in, &got), *want = checks[_i].want;
	ck_assert_msg(!why == !!want, "%s: %s", checks[_i].in, why ? why : "fine");
	ck_assert_msg(sdi_str_is(got, want ? want : "untouched"), "%s: %.*s", checks[_i].in, SDI_STR_ARG(got));
	if (want) {
		ck_assert_uint_eq(sdi_regex_head(got), checks[_i].head ? checks[_i].head : got.n);
		struct sdi_str again;
		ck_assert_ptr_null(sdi_regex_check(&arena, got, &again));
		ck_assert_msg(sdi_str_eq(got, again), "%s: %.*s", want, SDI_STR_ARG(again));
	}
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *regex;
	bool heavy;
} weights[] = {
	{ "/a(/|$)(.*)", false }, { "/a[)]*b", false },  { "/(a)?b", false },    { "/a*b*c*", false },
	{ "/(a|b)*", true },      { "/(?:a)+", true },   { "/(a){2,3}", true },  { "/(a(?1)?)", true },
	{ "/a*b*c*d*", true },    { "/a\\)*b", false }, { "/(a(?R)?)", true }, { "/(?P<a>b)", true },
};

START_TEST(weight)
{
	ck_assert_msg(sdi_regex_is_heavy(sdi_str_c(weights[_i].regex)) == weights[_i].heavy, "%s", weights[_i].regex);
}
END_TEST

START_TEST(check_length)
{
	char text[2000];
	struct sdi_arena arena = { 0 };
	struct sdi_str got;
	memset(text, 'a', sizeof(text));
	ck_assert_ptr_null(sdi_regex_check(&arena, sdi_str_make(text, 1800), &got));
	ck_assert_ptr_nonnull(sdi_regex_check(&arena, sdi_str_make(text, 1801), &got));
	memset(text, '"', sizeof(text)); /* four bytes each */
	ck_assert_ptr_null(sdi_regex_check(&arena, sdi_str_make(text, 450), &got));
	ck_assert_ptr_nonnull(sdi_regex_check(&arena, sdi_str_make(text, 451), &got));
	ck_assert_ptr_nonnull(sdi_regex_check(&arena, sdi_str_make("/\0", 2), &got));
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *regex;
	bool anchored;
	const char *subject;
	bool want;
} matching[] = {
	{ "/foo", true, "/foobar", true },
	{ "/foo", true, "/FOO", true },
	{ "/foo", true, "/a/foo", false },
	{ "/foo", false, "/a/foo", true },
	{ "/a|/b", true, "/x/b", true },
	{ "/a$", true, "/ab", false },
	{ "/(a+)+$", true, "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false }, /* over the limit */
};

START_TEST(match)
{
	ck_assert_int_eq(sdi_regex_matches(sdi_str_c(matching[_i].regex), matching[_i].anchored,
					   sdi_str_c(matching[_i].subject)),
			 matching[_i].want);
}
END_TEST

#define USE_REGEX NOTED("nginx.ingress.kubernetes.io/use-regex: \"true\"")
#define ALIASES NOTED("nginx.ingress.kubernetes.io/server-alias: \"c.example,~^rx,*.w.example\"")
#define P(path) PATH("ImplementationSpecific", path, "web", "number: 80")

static const char world[] = WEB("a", "web", "192.0.2.1")
	INGRESS("a", "one", USE_REGEX, RULES(RULE("a.example", P("/foo") "," P("/foo/[0-9]{2}") "," P("/fop") "," P("/x("))))
	INGRESS("a", "two", "", RULES(RULE("a.example", PATH("Exact", "/foo/b", "web", "number: 80")) ","
				      RULE("b.example", PATH("Exact", "/foo", "web", "number: 80"))))
	INGRESS("a", "three", ALIASES, RULES(RULE("d.example", P("/d"))));

static const struct {
	const char *host, *path, *want, *name; /* the path of the route, NULL: the fallback; of the host */
} routes[] = {
	{ "a.example", "/foo/12", "/foo/[0-9]{2}", "a.example" },
	{ "a.example", "/foo/bar", "/foo/b", "a.example" },
	{ "a.example", "/FOO", "/foo", "a.example" },
	{ "a.example", "/fop", "/fop", "a.example" },
	{ "a.example", "/x(", NULL, "a.example" },
	{ "b.example", "/foo", "/foo", "b.example" },
	{ "b.example", "/foo/b", NULL, "b.example" },
	{ "c.example", "/d", "/d", "c.example" },
	{ "rx.any", "/d", "/d", "~^rx" },
	{ "x.w.example", "/d", "/d", "*.w.example" },
	{ "rx.w.example", "/d", "/d", "*.w.example" },
	{ "~^rx", "/d", NULL, "" },
};

START_TEST(route)
{
	struct world w = world_of("", world);
	struct sdi_arena scratch = { 0 };
	const struct sdi_host *host = sdi_gateway_host(w.gateway, sdi_str_c(routes[_i].host), &scratch);
	const struct sdi_route *found = sdi_host_route(host, sdi_str_c(routes[_i].path));
	ck_assert_msg(sdi_str_is(host->name, routes[_i].name), "%.*s", SDI_STR_ARG(host->name));
	ck_assert_msg((found == &host->fallback) == !routes[_i].want, "%s", routes[_i].path);
	ck_assert_msg(!routes[_i].want || sdi_str_is(found->path, routes[_i].want), "%.*s", SDI_STR_ARG(found->path));
	sdi_arena_release(&scratch);
	world_free(&w);
}
END_TEST

START_TEST(order)
{
	static const char *const want[] = { "/foo/[0-9]{2}", "/foo/b", "/fop", "/foo" };
	struct world w = world_of("", world);
	const struct sdi_host *host = &w.gateway->hosts[0];
	ck_assert(host->regex);
	ck_assert_uint_eq(host->n_routes, N(want));
	for (int i = 0; i < N(want); i++)
		ck_assert_msg(sdi_str_is(host->routes[i].path, want[i]), "%d: %.*s", i, SDI_STR_ARG(host->routes[i].path));
	ck_assert(!w.gateway->hosts[1].regex);
	world_free(&w);
}
END_TEST

START_TEST(out_of_memory)
{
	enum sdi_status status = SDI_ENOMEM;
	struct world w = world_new("");
	world_read(&w, world);
	for (long n = 1; status == SDI_ENOMEM; n++) {
		struct sdi_diags *diags = sdi_diags_new();
		sdi_arena_fail_at = n;
		status = sdi_translate(w.store, w.settings, diags, &w.gateway);
		sdi_arena_fail_at = 0;
		sdi_diags_free(diags);
	}
	ck_assert_int_eq(status, SDI_OK);
	ck_assert_uint_eq(w.gateway->hosts[0].n_routes, 4);
	world_free(&w);
}
END_TEST

static const struct {
	const char *in;
	bool fine;
} patterns[] = {
	{ "v[12]", true },
	{ "}", true },
	{ "#'\"; %[rand] ${x}", true },
	{ "(?:a|b)+$", true },
	{ "(a)", true },
	{ "", false },
	{ "(", false },
	{ "*a", false },
	{ "[[a", false },
	{ "(a)\\1", false }, /* HAProxy knows no groups */
	{ "(?<request_id>a)", false },
	{ "(?P<n>a)", false },
	{ "(?'n'a)", false },
	{ "a\nb", false },
	{ "a\x01", false },
	{ "CN=agent|other", true },
	{ "CN=[a-z0-9-]+x?", true },
	{ "CN=a{2,3}", true },
	{ "CN=a**", false },
	{ "CN=[z-a]", false },
	{ "CN=a{3,2}", false },
	{ "CN=a)", false },
	{ "CN=\\1", false },
	{ "CN=a\\", false },
};

START_TEST(for_headers)
{
	struct sdi_arena arena = { 0 };
	ck_assert_msg(sdi_regex_is_for_headers(&arena, sdi_str_c(patterns[_i].in)) == patterns[_i].fine, "%s",
		      patterns[_i].in);
	sdi_arena_release(&arena);
}
END_TEST

Suite *sdi_suite_regex(void)
{
	Suite *suite = suite_create("regex");
	TCase *tc = tcase_create("regex");
	tcase_add_loop_test(tc, check, 0, N(checks));
	tcase_add_loop_test(tc, weight, 0, N(weights));
	tcase_add_test(tc, check_length);
	tcase_add_loop_test(tc, match, 0, N(matching));
	tcase_add_loop_test(tc, route, 0, N(routes));
	tcase_add_test(tc, order);
	tcase_add_test(tc, out_of_memory);
	tcase_add_loop_test(tc, for_headers, 0, N(patterns));
	suite_add_tcase(suite, tc);
	return suite;
}
