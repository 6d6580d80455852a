/* SPDX-License-Identifier: BSD-3-Clause */
/* Canaries, affinity and hashing: values, translation, and what both emitters owe to sessions. */
#include "world.h"
#include "bundle.h"
#include "dialect/registry.h"
#include "emit/session.h"
#include "gateway/balance.h"
#include <sdingress/bundle.h>

#define NGINX "nginx.ingress.kubernetes.io/"

static const struct {
	const char *name, *value;
	bool ok;
	int64_t number;
} values[] = {
	{ "canary", "true", true, 1 },
	{ "canary", "yes", false, 0 },
	{ "canary-weight", "50", true, 50 },
	{ "canary-weight", "-50", true, -50 },
	{ "canary-weight", "2147483647", true, INT32_MAX },
	{ "canary-weight", "2147483648", false, 0 },
	{ "canary-weight", "--5", false, 0 },
	{ "canary-weight", "-", false, 0 },
	{ "canary-weight", "", false, 0 },
	{ "canary-weight", "5 0", false, 0 },
	{ "canary-weight", "50%", false, 0 },
	{ "canary-by-header", "X-a._~/:9", true, 0 },
	{ "canary-by-header", "X a", false, 0 },
	{ "canary-by-header", "X\na", false, 0 },
	{ "canary-by-header", "", false, 0 },
	{ "canary-by-cookie", "a;b", false, 0 },
	{ "affinity", "cookie", true, 0 },
	{ "affinity", "Cookie", false, 0 },
	{ "affinity-mode", "persistent", true, 1 },
	{ "affinity-canary-behavior", "legacy", true, 1 },
	{ "session-cookie-samesite", "nOnE", true, 0 },
	{ "session-cookie-samesite", "STRICT", true, 2 },
	{ "session-cookie-samesite", "none; Secure", false, 0 },
	{ "session-cookie-path", "/a/b:c?d=e&f,g", true, 0 },
	{ "session-cookie-path", "a", false, 0 },
	{ "session-cookie-path", "/a;b", false, 0 },
	{ "session-cookie-path", "/a b", false, 0 },
	{ "session-cookie-path", "", false, 0 },
	{ "session-cookie-expires", "-1", true, -1 },
	{ "session-cookie-max-age", "1h", false, 0 },
	{ "load-balance", "ewma", true, 1 },
	{ "load-balance", "chash", true, 2 },
	{ "load-balance", "ip_hash", false, 0 },
	{ "upstream-hash-by-subset-size", "0", true, 0 },
	{ "upstream-hash-by-subset-size", "-1", false, 0 },
};

START_TEST(value)
{
	int64_t number;
	ck_assert_msg(world_takes(values[_i].name, values[_i].value, &number) == values[_i].ok, "%s: %s",
	              values[_i].name, values[_i].value);
	ck_assert_int_eq(number, values[_i].number);
}
END_TEST

/* What a key is made of: kinds by number, texts behind. */
static const struct {
	const char *in, *want; /* NULL: refused */
} hash_keys[] = {
	{ "$request_uri", "1" },
	{ "${request_uri}", "1" },
	{ "$request_uri$host", "14" },
	{ "${request_uri}-text-value", "10[-text-value]" },
	{ "a$uri", "0[a]2" },
	{ "{a}", "0[{a}]" },
	{ "$uri}", "20[}]" },
	{ "$http_host", "5" },
	{ "$http_hostile", "9[hostile]" },
	{ "$http_X_User_Id", "9[x-user-id]" },
	{ "$cookie_a_B", "10[a_B]" },
	{ "$arg_q", "11[q]" },
	{ "$args$query_string", "33" },
	{ "$binary_remote_addr", "6" },
	{ "$scheme$request_method", "78" },
	{ "$server_name", "4" },
	{ "", NULL },
	{ "$", NULL },
	{ "$$", NULL },
	{ "${", NULL },
	{ "${}", NULL },
	{ "${uri", NULL },
	{ "$http_", NULL },
	{ "$cookie_", NULL },
	{ "$nope", NULL },
	{ "$request_uri_x", NULL },
	{ "$1", NULL },
	{ "$sdi_dollar", NULL },
	{ "a b", NULL },
	{ "a\nb", NULL },
	{ "a\"", NULL },
	{ "%[src]", NULL },
};

START_TEST(hash_key)
{
	enum sdi_dialect_id id;
	const struct sdi_annotation *row = NULL;
	struct sdi_arena arena = { 0 };
	struct sdi_value got = { .number = 0 };
	const char *why = NULL;
	char text[256] = "";
	ck_assert(sdi_annotation_find(SDI_STR(NGINX "upstream-hash-by"), &id, &row));
	bool ok = row->parse(row, sdi_str_c(hash_keys[_i].in), &arena, &got, &why);
	const struct sdi_key_part *parts = got.list;
	for (size_t i = 0; ok && i < got.n; i++) {
		size_t n = strlen(text);
		snprintf(text + n, sizeof(text) - n, parts[i].text.n ? "%d[%.*s]" : "%d", (int)parts[i].kind,
		         SDI_STR_ARG(parts[i].text));
	}
	ck_assert_msg(ok == (hash_keys[_i].want != NULL), "%s", hash_keys[_i].in);
	ck_assert_str_eq(text, ok ? hash_keys[_i].want : "");
	sdi_arena_release(&arena);
}
END_TEST

#define ON(service) RULES(RULE("x.example", PATH("Prefix", "/p", service, "number: 80")))
#define CANARY(ns, name, more, service) INGRESS(ns, name, NOTED(NGINX "canary: \"true\"" more), ON(service))
#define BOTH WEB("a", "web", "10.0.0.1") WEB("a", "two", "10.0.0.2") WEB("b", "two", "10.0.0.3")

static const struct sdi_route *route_of(const struct world *w)
{
	ck_assert_uint_eq(w->gateway->n_hosts, 2);
	ck_assert_uint_eq(w->gateway->hosts[0].n_routes, 1);
	return &w->gateway->hosts[0].routes[0];
}

static size_t told(const struct world *w, const char *reason)
{
	size_t n = 0;
	for (size_t i = 0; i < sdi_diags_count(w->diags); i++)
		n += strcmp(sdi_diag_reason(sdi_diags_get(w->diags, i)), reason) == 0;
	return n;
}

START_TEST(canary_joins)
{
	struct world w = world_of("", BOTH CANARY("a", "c",
	                                          ", " NGINX "canary-by-header: X_Can, " NGINX
	                                          "canary-weight: \"500\", " NGINX "canary-weight-total: \"20\"",
	                                          "two") INGRESS("a", "main", BORN("2020"), ON("web")));
	const struct sdi_route *route = route_of(&w);
	ck_assert_uint_eq(route->n_canaries, 1);
	ck_assert_str_eq(route->backend->id.p, "a_web_http");
	ck_assert_str_eq(route->canaries[0].backend->id.p, "a_two_http");
	ck_assert(sdi_str_is(route->canaries[0].header, "x-can"));
	ck_assert_uint_eq(route->canaries[0].weight, 100);
	ck_assert_uint_eq(route->canaries[0].total, 100);
	ck_assert_ptr_null(route->canaries[0].balance);
	ck_assert_uint_eq(w.gateway->n_backends, 2);
	ck_assert_uint_eq(told(&w, "annotation-leaves-out"), 0);
	world_free(&w);
}
END_TEST

static const struct {
	const char *yaml;
	size_t canaries, left_out;
} joins[] = {
	{ CANARY("b", "c", "", "two"), 0, 1 }, /* of another namespace */
	{ CANARY("a", "c", "", "web"), 0, 1 }, /* to the same service */
	{ CANARY("a", "c", "", "none"), 0, 0 },
	{ CANARY("a", "c", ", " NGINX "allowlist-source-range: nobody", "two"), 0,
	  1 }, /* a guard that can't be given */
	{ INGRESS("a", "c", NOTED(NGINX "canary: \"yes\""), ON("two")), 0, 1 },
	{ INGRESS("a", "c", NOTED(NGINX "canary: \"true\""),
	          RULES(RULE("x.example", PATH("Exact", "/p", "two", "number: 80")))),
	  0, 1 },
	{ INGRESS("a", "c", NOTED(NGINX "canary: \"true\""),
	          RULES(RULE("X.Example", PATH("ImplementationSpecific", "/p/", "two", "number: 80")))),
	  1, 0 },
	{ CANARY("a", "c1", "", "two") CANARY("a", "c2", "", "two") CANARY("a", "c3", "", "two")
	          CANARY("a", "c4", "", "two") CANARY("a", "c5", "", "two") CANARY("a", "c6", "", "two")
	                  CANARY("a", "c7", "", "two") CANARY("a", "c8", "", "two") CANARY("a", "c9", "", "two"),
	  8, 1 },
};

START_TEST(canary_join)
{
	struct world w = world_new("");
	world_read(&w, BOTH INGRESS("a", "main", BORN("2020"), ON("web")));
	world_read(&w, joins[_i].yaml);
	ck_assert_int_eq(sdi_translate(w.store, w.settings, w.diags, &w.gateway), SDI_OK);
	ck_assert_uint_eq(route_of(&w)->n_canaries, joins[_i].canaries);
	ck_assert_uint_eq(told(&w, "annotation-leaves-out"), joins[_i].left_out);
	ck_assert_str_eq(route_of(&w)->ingress.p, "main");
	world_free(&w);
}
END_TEST

#define SESSION(more) NOTED(NGINX "affinity: cookie" more)
#define RICH                                                                                                       \
	BOTH INGRESS("a", "main", SESSION(""), ON("web")) CANARY(                                                  \
		"a", "c",                                                                                          \
		", " NGINX "canary-weight: \"10\", " NGINX "canary-by-header: h, " NGINX                           \
		"canary-by-header-pattern: \"v[0-9]\", " NGINX "canary-by-cookie: k, " NGINX "load-balance: ewma", \
		"two") INGRESS("a", "keep",                                                                        \
	                       SESSION(", " NGINX "affinity-mode: persistent, " NGINX                              \
	                               "session-cookie-change-on-failure: \"true\""),                              \
	                       RULES(RULE("y.example", PATH("Prefix", "/", "web", "number: 80"))))

START_TEST(affinity_reaches_canary)
{
	struct world w = world_of("", RICH);
	const struct sdi_route *route = &w.gateway->hosts[0].routes[0];
	const struct sdi_affinity *affinity = route->policy->balance->affinity;
	ck_assert(sdi_str_is(affinity->cookie, "INGRESSCOOKIE"));
	ck_assert(sdi_str_is(affinity->path, "/p"));
	ck_assert_uint_eq(route->n_canaries, 1);
	ck_assert_ptr_eq(route->canaries[0].balance->affinity, affinity);
	ck_assert(route->canaries[0].balance->least && !route->policy->balance->least);
	world_free(&w);
}
END_TEST

/* The text of a file of the bundle for @proxy, NUL-terminated, to be freed. */
static char *emitted(const struct world *w, enum sdi_proxy proxy, const char *name)
{
	struct sdi_bundle *bundle = NULL;
	char *text = NULL;
	ck_assert_int_eq(sdi_emit(w->gateway, w->settings, proxy, w->diags, &bundle), SDI_OK);
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++)
		if (strcmp(sdi_bundle_name(bundle, i), name) == 0) {
			size_t n;
			const char *data = sdi_bundle_data(bundle, i, &n);
			text = strndup(data, n);
		}
	sdi_bundle_free(bundle);
	ck_assert_ptr_nonnull(text);
	return text;
}

#define THREE(third)                                           \
	SERVICE("a", "web", "ports: [{name: http, port: 80}]") \
	SLICE("a", "web-1", "web", "IPv4", "{name: http, port: 8080}", READY("10.0.0.1") "," READY("10.0.0.2") third)

/* Sessions stay when an endpoint comes: the lines of the others, with their places on the ring and ids, are the same. */
START_TEST(endpoints_keep_their_lines)
{
	static const char *const kinds[] = { NGINX "affinity: cookie", NGINX "upstream-hash-by: $request_uri",
		                             NGINX "affinity: cookie, " NGINX "affinity-mode: persistent" };
	char yaml[2][4096];
	char *text[2];
	for (int i = 0; i < 2; i++) {
		snprintf(yaml[i], sizeof(yaml[i]),
		         "%s---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: "
		         "{namespace: a, name: i, annotations: {%s}}\nspec: {" ON("web") "}\n",
		         i ? THREE("") : THREE("," READY("10.0.0.0")), kinds[_i]);
		struct world w = world_of("", yaml[i]);
		text[i] = emitted(&w, SDI_PROXY_HAPROXY, "haproxy.cfg");
		world_free(&w);
	}
	size_t servers = 0;
	struct sdi_str rest = sdi_str_c(text[1]), line;
	while (sdi_str_split(&rest, '\n', &line)) {
		if (!sdi_str_starts(line, SDI_STR("\tserver 10.")))
			continue;
		servers++;
		ck_assert_msg(sdi_str_has(sdi_str_c(text[0]), line), "%.*s", SDI_STR_ARG(line));
	}
	ck_assert_uint_eq(servers, 2);
	free(text[0]);
	free(text[1]);
}
END_TEST

START_TEST(out_of_memory)
{
	struct world w = world_of("", RICH);
	enum sdi_status status = SDI_ENOMEM;
	for (long n = 1; status != SDI_OK; n++) {
		struct sdi_bundle *bundle = NULL;
		ck_assert_int_lt(n, 5000);
		sdi_arena_fail_at = n;
		status = sdi_emit(w.gateway, w.settings, (enum sdi_proxy)_i, NULL, &bundle);
		sdi_arena_fail_at = 0;
		ck_assert(status == SDI_OK || (status == SDI_ENOMEM && !bundle));
		sdi_bundle_free(bundle);
	}
	world_free(&w);
}
END_TEST

START_TEST(translation_out_of_memory)
{
	struct world w = world_new("");
	world_read(&w, RICH);
	enum sdi_status status = SDI_ENOMEM;
	for (long n = 1; status != SDI_OK; n++) {
		ck_assert_int_lt(n, 5000);
		sdi_arena_fail_at = n;
		status = sdi_translate(w.store, w.settings, NULL, &w.gateway);
		sdi_arena_fail_at = 0;
		ck_assert(status == SDI_OK || (status == SDI_ENOMEM && !w.gateway));
	}
	world_free(&w);
}
END_TEST

/* SHA-1, as HAProxy's converter has it: printf '10.0.0.1:8080/a_web_http' | sha1sum */
START_TEST(ids)
{
	struct sdi_arena arena = { 0 };
	const struct sdi_backend backend = { .id = SDI_STR("a_web_http") };
	const struct sdi_server server = { .address = SDI_STR("10.0.0.1"), .port = 8080 };
	ck_assert_uint_eq(sdi_session_tag(&arena, &backend).n, SDI_SESSION_TAG);
	ck_assert(sdi_str_is(sdi_session_tag(&arena, &backend), "ddb3387a"));
	ck_assert(sdi_str_is(sdi_session_id(&arena, &backend, &server), "0f170b30b1fe5157"));
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	unsigned weight, total, left, want;
} shares[] = {
	{ 0, 100, 10000, 0 },
	{ 50, 100, 10000, 5000 },
	{ 100, 100, 10000, 10000 },
	{ 1, 1000000, 10000, 1 },
	{ 50, 100, 3000, 3000 },
	{ 1, 3, 10000, 3333 },
	{ 2147483647, 2147483647, 10000, 10000 },
};

START_TEST(share)
{
	const struct sdi_canary canary = { .weight = shares[_i].weight, .total = shares[_i].total };
	ck_assert_uint_eq(sdi_canary_share(&canary, shares[_i].left), shares[_i].want);
}
END_TEST

Suite *sdi_suite_balance(void)
{
	Suite *s = suite_create("balance");
	TCase *tc = tcase_create("balance");
	tcase_add_loop_test(tc, value, 0, N(values));
	tcase_add_loop_test(tc, hash_key, 0, N(hash_keys));
	tcase_add_test(tc, canary_joins);
	tcase_add_loop_test(tc, canary_join, 0, N(joins));
	tcase_add_test(tc, affinity_reaches_canary);
	tcase_add_loop_test(tc, endpoints_keep_their_lines, 0, 3);
	tcase_add_loop_test(tc, out_of_memory, 0, 2);
	tcase_add_test(tc, translation_out_of_memory);
	tcase_add_test(tc, ids);
	tcase_add_loop_test(tc, share, 0, N(shares));
	suite_add_tcase(s, tc);
	return s;
}
