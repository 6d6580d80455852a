/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hostile objects through the whole flow, for both proxies: what they make of the configuration is compared with a
 * benign twin, and what they make of a neighbour with a world where they are not there. The numbers are those of the
 * list of negative tests.
 */
#include "base/buf.h"
#include "diag.h"
#include "settings.h"
#include "suites.h"
#include <sdingress/sdingress.h>

#define HEAD "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n"
#define PATHS(path, type) \
	HEAD "metadata: {name: bad, namespace: bad}\nspec:\n  rules:\n  - host: bad.example\n    http: {paths: [{path: " path \
	     ", pathType: " type ", backend: {service: {name: web, port: {number: 80}}}}]}\n" BACKENDS
#define HOST(host) \
	HEAD "metadata: {name: bad, namespace: bad}\nspec:\n  rules:\n  - host: " host \
	     "\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}\n" BACKENDS
#define NOTE(pair) \
	HEAD "metadata: {name: bad, namespace: bad, annotations: {" pair "}}\nspec:\n  tls: [{hosts: [bad.example]}]\n" \
	     "  rules:\n  - host: bad.example\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: " \
	     "{name: web, port: {number: 80}}}}]}\n" BACKENDS
#define META(meta) \
	HEAD "metadata: {" meta "}\nspec:\n  rules:\n  - host: bad.example\n    http: {paths: [{path: /, pathType: Prefix, " \
	     "backend: {service: {name: web, port: {number: 80}}}}]}\n" BACKENDS
#define REFERENCE(service) \
	HEAD "metadata: {name: bad, namespace: bad}\nspec:\n  rules:\n  - host: bad.example\n    http: {paths: [{path: /, " \
	     "pathType: Prefix, backend: {service: {name: " service ", port: {number: 80}}}}]}\n" BACKENDS
#define SECRET_NAME(name) \
	HEAD "metadata: {name: bad, namespace: bad}\nspec:\n  tls: [{hosts: [bad.example], secretName: " name "}]\n" \
	     "  rules:\n  - host: bad.example\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: " \
	     "{name: web, port: {number: 80}}}}]}\n" BACKENDS
#define SERVICE(ns) "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: " ns "}\nspec: {ports: [{port: 80}]}\n"
#define SLICE(ns, address, service)                                                                              \
	"---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-1, namespace: " ns \
	", labels: {kubernetes.io/service-name: " service "}}\naddressType: IPv4\n"                          \
	"endpoints: [{addresses: [" address "]}]\nports: [{name: \"\", port: 8080}]\n"
#define BACKENDS SERVICE("bad") SLICE("bad", "10.0.0.1", "web")
#define GOOD                                                                                                     \
	HEAD "metadata: {name: good, namespace: good}\nspec:\n  rules:\n  - host: good.example\n"            \
	     "    http: {paths: [{path: /p, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}\n" \
	SERVICE("good") SLICE("good", "10.0.0.2", "web")

/* What must become of it: the same configuration as the twin's but for the names of paths, or the twin itself. */
static const struct {
	const char *id, *hostile, *twin;
	bool renamed; /* the twin differs in the path's text: map keys and locations may differ, nothing else */
} rows[] = {
#define REJECTED_PATH(id, path)                                                     \
	{ id, PATHS(path, "Prefix"), PATHS("/", "Nothing"), false },                 \
	{ id, PATHS(path, "Exact"), PATHS("/", "Nothing"), false },                  \
	{ id, PATHS(path, "ImplementationSpecific"), PATHS("/", "Nothing"), false }
#define QUOTED_PATH(id, path)                                                       \
	{ id, PATHS(path, "Prefix"), PATHS("/x", "Prefix"), true },                  \
	{ id, PATHS(path, "Exact"), PATHS("/x", "Exact"), true },                    \
	{ id, PATHS(path, "ImplementationSpecific"), PATHS("/x", "ImplementationSpecific"), true }
	REJECTED_PATH("S1", "\"/a\\n  use_backend evil\""),
	REJECTED_PATH("S1", "\"/a\\r\\nX: y\""),
	REJECTED_PATH("S1", "\"/a\\rb\""),
	REJECTED_PATH("S1", "\"/a\\vb\""),
	REJECTED_PATH("S1", "\"/a\\fb\""),
	REJECTED_PATH("S1", "\"/a\\u0085b\""),
	REJECTED_PATH("S1", "\"/a\\u2028b\""),
	QUOTED_PATH("S2", "\"/a; return 200 x\""),
	QUOTED_PATH("S2", "\"/a {\""),
	QUOTED_PATH("S2", "\"/a }\""),
	QUOTED_PATH("S2", "\"/api/ { return 200; #\""),
	QUOTED_PATH("S3", "\"/a\\\" ; alias /etc/; \\\"\""),
	QUOTED_PATH("S3", "\"/a'\""),
	QUOTED_PATH("S3", "\"/a\\\\\""),
	QUOTED_PATH("S3", "'/a\\\\\"'"),
	QUOTED_PATH("S3", "'/\\x22'"),
	QUOTED_PATH("S4", "\"/a #comment\""),
	QUOTED_PATH("S5", "/var/run/secrets/kubernetes.io/serviceaccount/token"),
	QUOTED_PATH("S6", "\"/$(x)\""),
	QUOTED_PATH("S6", "\"/${ENV}\""),
	QUOTED_PATH("S6", "\"/$http_x$request_uri\""),
	QUOTED_PATH("S7", "\"/%25[env(SECRET)]\""),
	REJECTED_PATH("S7", "\"/%[env(SECRET)]\""),
	QUOTED_PATH("S7", "\"/%25%25{x}\""),
	QUOTED_PATH("S8", "\"/a if unless or ! { } \\\\ -f x\""),
	QUOTED_PATH("S9", "\"/ b c\""),
	QUOTED_PATH("S9", "\"/#x\""),
	QUOTED_PATH("S10", "\"/(a+)+$\""),
	QUOTED_PATH("S10", "\"/(?{code})[\""),

	{ "S11", HOST("\"BAD.example\""), HOST("bad.example"), false },
	{ "S11", HOST("\"bad.example;\""), HOST("\"-\""), false },
	{ "S11", HOST("\"bad.example\\n\""), HOST("\"-\""), false },
	{ "S11", HOST("\"bad_.example\""), HOST("\"-\""), false },
	{ "S11", HOST("\"*.\""), HOST("\"-\""), false },
	{ "S11", HOST("\"*\""), HOST("\"-\""), false },
	{ "S11", HOST("\"10.0.0.1\""), HOST("\"-\""), false },
	{ "S11", HOST("\"[::1]\""), HOST("\"-\""), false },
	{ "S11", HOST("\"a..b\""), HOST("\"-\""), false },
	{ "S11", HOST("\"b\\u00fccher.example\""), HOST("\"-\""), false },
	{ "S12", META("name: \"../../etc/x\", namespace: bad"), META("name: \"-\", namespace: bad"), false },
	{ "S12", META("name: bad, namespace: \"../x\""), META("name: \"-\", namespace: bad"), false },
	{ "S12", META("name: \"a/b\", namespace: bad"), META("name: \"-\", namespace: bad"), false },
	{ "S12", REFERENCE("\"../x\""), REFERENCE("nobody"), false },
	{ "S12", REFERENCE("\"web; evil\""), REFERENCE("nobody"), false },
	{ "S12", SECRET_NAME("\"../../etc/x\""), SECRET_NAME("nobody"), false },
	{ "S12", SECRET_NAME("\"a\\u0000b\""), "", false },
	{ "S14", META("name: bad, namespace: bad, uid: \"x\\n;{}\", resourceVersion: \"1\\n;{}\", generation: 1"),
	  META("name: bad, namespace: bad"), false },
	{ "S23", NOTE("nginx.ingress.kubernetes.io/ssl-redirect: \"true\\n; evil\""), NOTE("cert-manager.io/issuer: x"), false },
	{ "S23", NOTE("nginx.ingress.kubernetes.io/ssl-redirect: \"yes\""), NOTE("cert-manager.io/issuer: x"), false },
	{ "S22", NOTE("haproxy.org/ssl-redirect-port: \"443;\""), NOTE("cert-manager.io/issuer: x"), false },
	{ "S22", NOTE("haproxy.org/ssl-redirect-port: \"-1\""), NOTE("cert-manager.io/issuer: x"), false },
	{ "S22", NOTE("haproxy.org/ssl-redirect-port: \"1e3\""), NOTE("cert-manager.io/issuer: x"), false },
	{ "S24", NOTE("nginx.ingress.kubernetes.io/whitelist-source-range: \"0.0.0.0/0;\""),
	  NOTE("nginx.ingress.kubernetes.io/whitelist-source-range: bad"), false },
	{ "S24", NOTE("nginx.ingress.kubernetes.io/whitelist-source-range: \"10.0.0.0/8,1.2.3.4/33\""),
	  NOTE("nginx.ingress.kubernetes.io/whitelist-source-range: bad"), false },
	{ "S27", NOTE("nginx.ingress.kubernetes.IO/ssl-redirect: \"false\""), NOTE("cert-manager.io/issuer: x"), false },
	{ "S27", NOTE("nginx.ingress.kubernetes.io/SSL-redirect: \"false\""), NOTE("cert-manager.io/issuer: x"), false },
	{ "S28", SECRET_NAME("\"good/x\""), SECRET_NAME("nobody"), false },
#define EXTERNAL(name) \
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: out, namespace: bad}\nspec: {type: ExternalName, externalName: " name "}\n"
	{ "S29", REFERENCE("out") EXTERNAL("localhost"), REFERENCE("nobody"), false },
	{ "S29", REFERENCE("out") EXTERNAL("\"127.1\""), REFERENCE("nobody"), false },
	{ "S29", REFERENCE("out") EXTERNAL("\"0x7f.1\""), REFERENCE("nobody"), false },
	{ "S29", REFERENCE("out") EXTERNAL("169.254.169.254"), REFERENCE("nobody"), false },
	{ "S29", REFERENCE("out") EXTERNAL("web.good.svc.cluster.local"), REFERENCE("nobody"), false },
	{ "S29", REFERENCE("out") EXTERNAL("\"a.example\\n;\""), REFERENCE("nobody"), false },
#define ENDPOINT(address, service) PATHS("/", "Prefix") "---\n" SLICE_2(address, service)
#define SLICE_2(address, service)                                                                                          \
	"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-2, namespace: bad, labels: " \
	"{kubernetes.io/service-name: " service "}}\naddressType: IPv4\nendpoints: [{addresses: [" address       \
	"]}]\nports: [{name: \"\", port: 8080}]\n"
	{ "S30", ENDPOINT("127.0.0.1", "web"), PATHS("/", "Prefix"), false },
	{ "S30", ENDPOINT("169.254.169.254", "web"), PATHS("/", "Prefix"), false },
	{ "S30", ENDPOINT("\"1.2.3.4 check ssl\"", "web"), PATHS("/", "Prefix"), false },
	{ "S30", ENDPOINT("\"1.2.3.4;\"", "web"), PATHS("/", "Prefix"), false },
	{ "S30", ENDPOINT("evil.example", "web"), PATHS("/", "Prefix"), false },
	{ "S31", ENDPOINT("10.9.9.9", "other"), PATHS("/", "Prefix"), false },
};

struct result {
	struct sdi_bundle *bundle;
	size_t diags;
};

static struct result run(const char *a, const char *b, enum sdi_proxy proxy)
{
	struct sdi_store *store = sdi_store_new();
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_gateway *gateway = NULL;
	struct result result = { NULL, 0 };
	ck_assert_int_eq(sdi_store_read(store, a, strlen(a), "a", diags), SDI_OK);
	ck_assert_int_eq(sdi_store_read(store, b, strlen(b), "b", diags), SDI_OK);
	ck_assert_int_eq(sdi_translate(store, NULL, diags, &gateway), SDI_OK);
	ck_assert_int_eq(sdi_emit(gateway, NULL, proxy, diags, &result.bundle), SDI_OK);
	result.diags = sdi_diags_count_severity(diags, SDI_SEVERITY_NOTE);
	sdi_gateway_free(gateway);
	sdi_diags_free(diags);
	sdi_store_free(store);
	return result;
}

static struct sdi_str file(const struct sdi_bundle *bundle, const char *name)
{
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++) {
		size_t n;
		const char *data = sdi_bundle_data(bundle, i, &n);
		if (strcmp(sdi_bundle_name(bundle, i), name) == 0)
			return sdi_str_make(data, n);
	}
	ck_abort_msg("no file %s", name);
}

/* The lines that a path's text may change: keys of the map and names of locations. */
static bool may_differ(const char *name, struct sdi_str line)
{
	return strcmp(name, "maps/routes.map") == 0 ? sdi_str_starts(line, SDI_STR("bad.example/")) :
						      sdi_str_starts(line, SDI_STR("\t\tlocation "));
}

static void compare(const char *id, const char *name, struct sdi_str a, struct sdi_str b, bool renamed)
{
	struct sdi_str x, y;
	while (sdi_str_split(&a, '\n', &x)) {
		ck_assert_msg(sdi_str_split(&b, '\n', &y), "%s: %s has more lines than its twin", id, name);
		if (renamed && may_differ(name, x) && may_differ(name, y))
			continue;
		ck_assert_msg(sdi_str_eq(x, y), "%s: %s: " SDI_STR_FMT "\ninstead of " SDI_STR_FMT, id, name, SDI_STR_ARG(x),
		              SDI_STR_ARG(y));
	}
	ck_assert_msg(!b.p, "%s: %s has fewer lines than its twin", id, name);
}

START_TEST(twin)
{
	static const char *const files[2][2] = { { "haproxy.cfg", "maps/routes.map" }, { "nginx.conf", "nginx.conf" } };
	for (int proxy = 0; proxy < 2; proxy++) {
		struct result hostile = run(rows[_i].hostile, GOOD, (enum sdi_proxy)proxy);
		struct result benign = run(rows[_i].twin, GOOD, (enum sdi_proxy)proxy);
		ck_assert_uint_eq(sdi_bundle_count(hostile.bundle), sdi_bundle_count(benign.bundle));
		for (int f = 0; f < 2; f++)
			compare(rows[_i].id, files[proxy][f], file(hostile.bundle, files[proxy][f]),
			        file(benign.bundle, files[proxy][f]), rows[_i].renamed);
		sdi_bundle_free(hostile.bundle);
		sdi_bundle_free(benign.bundle);
	}
}
END_TEST

/* The part of a configuration that is about the good neighbour, as one text. */
static struct sdi_str neighbour(struct sdi_arena *arena, const struct sdi_bundle *bundle, enum sdi_proxy proxy)
{
	struct sdi_buf text;
	struct sdi_str line, rest;
	bool inside = false;
	sdi_buf_init(&text, 1 << 20);
	rest = file(bundle, proxy == SDI_PROXY_HAPROXY ? "haproxy.cfg" : "nginx.conf");
	while (sdi_str_split(&rest, '\n', &line)) {
		if (sdi_str_has(line, SDI_STR("good")))
			inside = true;
		else if (!line.n || sdi_str_is(line, "\t}"))
			inside = false;
		if (inside) {
			sdi_buf_add(&text, line);
			sdi_buf_char(&text, '\n');
		}
	}
	rest = proxy == SDI_PROXY_HAPROXY ? file(bundle, "maps/routes.map") : (struct sdi_str){ 0 };
	while (sdi_str_split(&rest, '\n', &line))
		if (sdi_str_has(line, SDI_STR("good")))
			sdi_buf_add(&text, line);
	struct sdi_str copy = sdi_arena_copy(arena, sdi_buf_str(&text));
	sdi_buf_release(&text);
	return copy;
}

START_TEST(neighbours)
{
	for (int proxy = 0; proxy < 2; proxy++) {
		struct sdi_arena arena = { 0 };
		struct result with = run(rows[_i].hostile, GOOD, (enum sdi_proxy)proxy), without = run("", GOOD, (enum sdi_proxy)proxy);
		struct sdi_str a = neighbour(&arena, with.bundle, (enum sdi_proxy)proxy);
		struct sdi_str b = neighbour(&arena, without.bundle, (enum sdi_proxy)proxy);
		ck_assert_uint_gt(b.n, 40);
		ck_assert_str_eq(a.p, b.p);
		sdi_arena_release(&arena);
		sdi_bundle_free(with.bundle);
		sdi_bundle_free(without.bundle);
	}
}
END_TEST

/* S13: names that would be the same after joining them without care. */
START_TEST(joined_names_stay_apart)
{
	static const char *const a = HEAD "metadata: {name: x, namespace: a}\nspec:\n  rules:\n  - host: one.example\n"
					  "    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: b-c, port: {number: 80}}}}]}\n"
					  "---\napiVersion: v1\nkind: Service\nmetadata: {name: b-c, namespace: a}\nspec: {ports: [{port: 80}]}\n";
	static const char *const b = HEAD "metadata: {name: x, namespace: a-b}\nspec:\n  rules:\n  - host: two.example\n"
					  "    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: c, port: {number: 80}}}}]}\n"
					  "---\napiVersion: v1\nkind: Service\nmetadata: {name: c, namespace: a-b}\nspec: {ports: [{port: 80}]}\n";
	struct result result = run(a, b, SDI_PROXY_HAPROXY);
	struct sdi_str cfg = file(result.bundle, "haproxy.cfg");
	ck_assert(sdi_str_has(cfg, SDI_STR("\nbackend a_b-c_80\n")));
	ck_assert(sdi_str_has(cfg, SDI_STR("\nbackend a-b_c_80\n")));
	sdi_bundle_free(result.bundle);
}
END_TEST

/* S35: one bad item in a list costs itself and is named. */
static const char *const bad_items[] = {
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"bad\\u0000\"}}",
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"\\ud800\"}}",
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"spec\":{\"x\":99999999999999999999}}",
	"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
	"17",
"\"text\"",
};

START_TEST(bad_item)
{
	static const char good[] = "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"good\"},\"spec\":"
				   "{\"ports\":[{\"port\":80}]}}";
	struct sdi_store *store = sdi_store_new();
	struct sdi_diags *diags = sdi_diags_new();
	char text[2048];
	int n = snprintf(text, sizeof(text), "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[%s,\n%s,\n%s]}", good,
	                 bad_items[_i], "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"also\"}}");
	ck_assert_int_eq(sdi_store_read(store, text, (size_t)n, "list", diags), SDI_OK);
	ck_assert_uint_eq(sdi_store_count(store, "Service"), 2);
	ck_assert_uint_ge(sdi_diags_count(diags), 1);
	ck_assert_uint_eq(sdi_diag_line(sdi_diags_get(diags, 0)), 2);
	sdi_diags_free(diags);
	sdi_store_free(store);
}
END_TEST

Suite *sdi_suite_hostile(void)
{
	Suite *suite = suite_create("hostile");
	TCase *tc = tcase_create("objects");
	tcase_add_loop_test(tc, twin, 0, N(rows));
	tcase_add_loop_test(tc, neighbours, 0, N(rows));
	tcase_add_test(tc, joined_names_stay_apart);
	tcase_add_loop_test(tc, bad_item, 0, N(bad_items));
	suite_add_tcase(suite, tc);
	return suite;
}
