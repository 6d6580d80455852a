/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

static const struct {
	const char *path, *normal; /* NULL: 400 */
} paths[] = {
	{ "/", "/" },
	{ "/foo", "/foo" },
	{ "/foo/", "/foo/" },
	{ "/FOO", "/FOO" },
	{ "/foo;x=1", "/foo;x=1" },
	{ "//", "/" },
	{ "//foo", "/foo" },
	{ "/foo//bar///", "/foo/bar/" },
	{ "/./foo", "/foo" },
	{ "/foo/.", "/foo/" },
	{ "/.", "/" },
	{ "/a/../foo", "/foo" },
	{ "/a/b/..", "/a/" },
	{ "/a/b/../", "/a/" },
	{ "/a/..", "/" },
	{ "/a//../b", "/b" },
	{ "/a/./../b", "/b" },
	{ "/.a", "/.a" },
	{ "/..a", "/..a" },
	{ "/...", "/..." },
	{ "/a./b..", "/a./b.." },
	{ "/.well-known/acme-challenge/x", "/.well-known/acme-challenge/x" },
	{ "/foo%2Fbar", "/foo/bar" },
	{ "/foo%2fbar", "/foo/bar" },
	{ "/foo%2F%2Fbar", "/foo/bar" },
	{ "/%66oo", "/foo" },
	{ "/a/%2e%2E/foo", "/foo" },
	{ "/a/.%2e/foo", "/foo" },
	{ "/a%20b+c", "/a b+c" },
	{ "/a%3Fb", "/a?b" },
	{ "/a%23b", "/a#b" },
	{ "/a%252Fb", "/a%2Fb" }, /* once, not twice */
	{ "/a%25", "/a%" },
	{ "/caf\xc3\xa9", "/caf\xc3\xa9" },
	{ "/caf%C3%A9", "/caf\xc3\xa9" },
	{ "/%FF", "/\xff" },
	{ "", NULL },
	{ "*", NULL },
	{ "foo", NULL },
	{ "/..", NULL },
	{ "/../", NULL },
	{ "/../foo", NULL },
	{ "/./..", NULL },
	{ "/a/../..", NULL },
	{ "/%2e%2e/foo", NULL },
	{ "/a%2F..%2F../b", NULL },
	{ "/%", NULL },
	{ "/%4", NULL },
	{ "/%zz", NULL },
	{ "/%4g", NULL },
	{ "/a%00b", NULL },
};

START_TEST(normalise)
{
	struct sdi_arena arena = { 0 };
	struct sdi_str got = SDI_STR("untouched");
	enum sdi_normal normal = sdi_path_normalise(&arena, sdi_str_c(paths[_i].path), &got);
	const char *want = paths[_i].normal ? paths[_i].normal : "untouched";
	ck_assert_msg(normal == (paths[_i].normal ? SDI_NORMAL_OK : SDI_NORMAL_BAD), "%s", paths[_i].path);
	ck_assert_msg(sdi_str_is(got, want), "%s: %.*s", paths[_i].path, (int)got.n, got.p);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(normalise_is_stable)
{
	/* Decoded text is not decoded again, but slashes and dots are settled after one pass. */
	struct sdi_arena arena = { 0 };
	struct sdi_str once = { 0 }, twice = { 0 };
	if (sdi_path_normalise(&arena, sdi_str_c(paths[_i].path), &once) == SDI_NORMAL_OK && sdi_str_find(once, '%') < 0) {
		ck_assert_int_eq(sdi_path_normalise(&arena, once, &twice), SDI_NORMAL_OK);
		ck_assert_msg(sdi_str_eq(once, twice), "%s", paths[_i].path);
	}
	sdi_arena_release(&arena);
}
END_TEST

#define P(path) PATH("Prefix", path, "web", "number: 80")
#define E(path) PATH("Exact", path, "web", "number: 80")
#define I(path) PATH("ImplementationSpecific", path, "web", "number: 80")

/* The first 18 rows are those of the Kubernetes documentation, in its order. */
static const struct {
	const char *rules, *request, *route; /* "P/foo", "E/foo"; "": the fallback */
} routes[] = {
	{ P("/"), "/anything", "P/" },
	{ E("/foo"), "/foo", "E/foo" },
	{ E("/foo"), "/bar", "" },
	{ E("/foo"), "/foo/", "" },
	{ E("/foo/"), "/foo", "" },
	{ P("/foo"), "/foo", "P/foo" },
	{ P("/foo"), "/foo/", "P/foo" },
	{ P("/foo/"), "/foo", "P/foo" },
	{ P("/foo/"), "/foo/", "P/foo" },
	{ P("/aaa/bb"), "/aaa/bbb", "" },
	{ P("/aaa/bbb"), "/aaa/bbb", "P/aaa/bbb" },
	{ P("/aaa/bbb/"), "/aaa/bbb", "P/aaa/bbb" },
	{ P("/aaa/bbb"), "/aaa/bbb/", "P/aaa/bbb" },
	{ P("/aaa/bbb"), "/aaa/bbb/ccc", "P/aaa/bbb" },
	{ P("/aaa/bbb"), "/aaa/bbbxyz", "" },
	{ P("/") "," P("/aaa"), "/aaa/ccc", "P/aaa" },
	{ P("/") "," P("/aaa") "," P("/aaa/bbb"), "/aaa/bbb", "P/aaa/bbb" },
	{ P("/") "," P("/aaa") "," P("/aaa/bbb"), "/ccc", "P/" },
	{ P("/aaa"), "/ccc", "" },
	{ P("/foo") "," E("/foo"), "/foo", "E/foo" },
	/* Our own */
	{ P("/foo") "," E("/foo"), "/foo/", "P/foo" },
	{ P("/foo"), "/FOO", "" },
	{ E("/foo"), "/FOO", "" },
	{ E("/aaa") "," P("/aaa/bbb"), "/aaa", "E/aaa" },
	{ E("/foo/") "," P("/foo"), "/foo/", "E/foo/" },
	{ E("/foo/") "," P("/foo"), "/foo", "P/foo" },
	{ P("/foo"), "//foo", "P/foo" },
	{ P("/foo"), "/a/../foo", "P/foo" },
	{ P("/foo"), "/./foo", "P/foo" },
	{ P("/foo"), "/%66oo", "P/foo" },
	{ P("/foo/bar"), "/foo%2Fbar", "P/foo/bar" },
	{ P("/foo"), "/foo;x=1", "" },
	{ P("/foo;x=1"), "/foo;x=1", "P/foo;x=1" },
	{ P("/a b"), "/a%20b", "P/a b" },
	{ P("/a%20b"), "/a%20b", "P/a b" },
	{ P("/caf\xc3\xa9"), "/caf%C3%A9", "P/caf\xc3\xa9" },
	{ P("/a%3Fb"), "/a%3Fb", "P/a?b" },
	{ I(""), "/x", "P/" },
	{ I("/foo"), "/foo/x", "P/foo" },
	{ I("/foo"), "/foox", "" },
	{ I("/foo%2Fbar"), "/foo/bar", "P/foo/bar" },
	{ E("/"), "/", "E/" },
	{ E("/"), "/x", "" },
};

START_TEST(route)
{
	struct sdi_buf yaml;
	struct sdi_arena arena = { 0 };
	sdi_buf_init(&yaml, 1 << 16);
	sdi_buf_printf(&yaml, WEB("a", "web", "10.0.0.1") INGRESS("a", "one", "", RULES(RULE("x.example", "%s"))),
	               routes[_i].rules);
	sdi_buf_char(&yaml, '\0');
	struct world w = world_of("", yaml.p);
	struct sdi_str path;
	ck_assert_int_eq(sdi_path_normalise(&arena, sdi_str_c(routes[_i].request), &path), SDI_NORMAL_OK);
	const struct sdi_host *host = sdi_gateway_host(w.gateway, SDI_STR("x.example"), &arena);
	const struct sdi_route *got = sdi_host_route(host, path);
	struct sdi_str text = got == &host->fallback ? SDI_STR("") :
		sdi_arena_printf(&arena, "%c%s", got->match == SDI_MATCH_EXACT ? 'E' : 'P',
		                 sdi_arena_copy(&arena, got->path).p);
	ck_assert_msg(sdi_str_is(text, routes[_i].route), "%s on %s: %s", routes[_i].request, routes[_i].rules, text.p);
	ck_assert_int_eq(got->answer, *routes[_i].route ? SDI_ANSWER_BACKEND : SDI_ANSWER_NOT_FOUND);
	world_free(&w);
	sdi_arena_release(&arena);
	sdi_buf_release(&yaml);
}
END_TEST

/* Served: *.foo.com, www.foo.com, bar.com. */
static const struct {
	const char *header, *host;
} hosts[] = {
	{ "bar.foo.com", "*.foo.com" },
	{ "baz.bar.foo.com", "" },
	{ "foo.com", "" },
	{ "www.foo.com", "www.foo.com" },
	{ "WWW.Foo.COM", "www.foo.com" },
	{ "BAR.foo.com", "*.foo.com" },
	{ "www.foo.com:8080", "www.foo.com" },
	{ "bar.foo.com:80", "*.foo.com" },
	{ "www.foo.com.", "www.foo.com" },
	{ "www.foo.com.:80", "www.foo.com" },
	{ "bar.com", "bar.com" },
	{ "x.bar.com", "" },
	{ ".foo.com", "" },
	{ "*.foo.com", "" },
	{ "", "" },
	{ ".", "" },
	{ ":80", "" },
	{ "10.0.0.1", "" },
	{ "[::1]:80", "" },
	{ "[::1", "" },
	{ "unknown", "" },
};

START_TEST(host)
{
	struct sdi_arena arena = { 0 };
	struct world w = world_of("", WEB("a", "web", "10.0.0.1") INGRESS("a", "one", "",
		RULES(RULE("*.foo.com", P("/")) "," RULE("www.foo.com", P("/foo")) "," RULE("bar.com", P("/")))));
	const struct sdi_host *got = sdi_gateway_host(w.gateway, sdi_str_c(hosts[_i].header), &arena);
	ck_assert_msg(sdi_str_is(got->name, hosts[_i].host), "%s: %.*s", hosts[_i].header, (int)got->name.n, got->name.p);
	world_free(&w);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(no_fall_through)
{
	/* A host that is known answers for itself, even where the wildcard would have a path. */
	struct sdi_arena arena = { 0 };
	struct world w = world_of("", WEB("a", "web", "10.0.0.1") INGRESS("a", "one", "",
		RULES(RULE("*.foo.com", P("/")) "," RULE("", P("/")) "," RULE("www.foo.com", P("/foo")))));
	const struct sdi_host *got = sdi_gateway_host(w.gateway, SDI_STR("www.foo.com"), &arena);
	ck_assert_int_eq(sdi_host_route(got, SDI_STR("/foo"))->answer, SDI_ANSWER_BACKEND);
	ck_assert_int_eq(sdi_host_route(got, SDI_STR("/bar"))->answer, SDI_ANSWER_NOT_FOUND);
	world_free(&w);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(counts)
{
	struct world w = world_of("", WEB("a", "web", "10.0.0.1") INGRESS("a", "one", "",
		RULES(RULE("x.example", P("/") "," P("/a")) "," RULE("y.example", P("/")))));
	ck_assert_uint_eq(sdi_gateway_hosts(w.gateway), 3);
	ck_assert_uint_eq(sdi_gateway_routes(w.gateway), 3);
	ck_assert_uint_eq(sdi_gateway_backends(w.gateway), 1);
	ck_assert_uint_eq(sdi_gateway_certificates(w.gateway), 0);
	ck_assert_uint_eq(sdi_gateway_routes(NULL), 0);
	sdi_gateway_free(NULL);
	world_free(&w);
}
END_TEST

Suite *sdi_suite_match(void)
{
	Suite *suite = suite_create("match");
	TCase *tc = tcase_create("match");
	tcase_add_loop_test(tc, normalise, 0, N(paths));
	tcase_add_loop_test(tc, normalise_is_stable, 0, N(paths));
	tcase_add_loop_test(tc, route, 0, N(routes));
	tcase_add_loop_test(tc, host, 0, N(hosts));
	tcase_add_test(tc, no_fall_through);
	tcase_add_test(tc, counts);
	suite_add_tcase(suite, tc);
	return suite;
}
