/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"
#include "base/limits.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* A gateway as text, one fact a line; see the rows below for how it reads. */

static void dump_route(struct sdi_buf *out, const struct sdi_host *host, const struct sdi_route *route, bool fallback)
{
	static const char *const answers[] = { "", "404", "503" };
	const struct sdi_policy *policy = route->policy;
	sdi_buf_printf(out, "%.*s ", (int)host->name.n, host->name.p);
	if (fallback)
		sdi_buf_lit(out, "else");
	else
		sdi_buf_printf(out, "%s %.*s", route->match == SDI_MATCH_EXACT ? "exact" : "prefix", (int)route->path.n,
		               route->path.p);
	sdi_buf_printf(out, " -> %s", route->backend ? route->backend->id.p : answers[route->answer]);
	if (sdi_policy_has(policy, SDI_FIELD_TLS_REDIRECT))
		sdi_buf_printf(out, " tls%u:%u", policy->tls_redirect.code, policy->tls_redirect.port);
	if (sdi_policy_has(policy, SDI_FIELD_DENIED))
		sdi_buf_printf(out, " denied by %s", policy->denied_by.p);
	sdi_buf_printf(out, " [%.*s/%.*s]\n", (int)route->ns.n, route->ns.p, (int)route->ingress.n, route->ingress.p);
}

static void dump_backend(struct sdi_buf *out, const struct sdi_backend *backend)
{
	sdi_buf_printf(out, "backend %s", backend->id.p);
	for (size_t i = 0; i < backend->n_servers; i++) {
		const struct sdi_server *server = &backend->servers[i];
		sdi_buf_printf(out, " %s%.*s%s:%u%s%s", server->ipv6 ? "[" : "", (int)server->address.n,
		               server->address.p, server->ipv6 ? "]" : "", server->port,
		               server->draining ? " draining" : "", server->name ? " name" : "");
	}
	sdi_buf_lit(out, "\n");
}

static void dump(struct sdi_buf *out, const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_hosts; i++) {
		const struct sdi_host *host = &gateway->hosts[i];
		if (host->tls || host->certificate)
			sdi_buf_printf(out, "%.*s %s %s\n", (int)host->name.n, host->name.p, host->tls ? "tls" : "sni",
			               host->certificate ? host->certificate->id.p : "-");
		for (size_t k = 0; k < host->n_routes; k++)
			dump_route(out, host, &host->routes[k], false);
		dump_route(out, host, &host->fallback, true);
	}
	for (size_t i = 0; i < gateway->n_backends; i++)
		dump_backend(out, gateway->backends[i]);
	for (size_t i = 0; i < gateway->n_certificates; i++)
		sdi_buf_printf(out, "certificate %s\n", gateway->certificates[i]->id.p);
	for (size_t i = 0; i < gateway->n_snis; i++)
		sdi_buf_printf(out, "sni %s %s\n", gateway->snis[i].name.p, gateway->snis[i].certificate->id.p);
	if (gateway->default_certificate)
		sdi_buf_printf(out, "default certificate %s\n", gateway->default_certificate->id.p);
}

static int by_text(const void *a, const void *b)
{
	return sdi_str_cmp(*(const struct sdi_str *)a, *(const struct sdi_str *)b);
}

/* Adds the lines of @text to @out, sorted. */
static void add_sorted(struct sdi_buf *out, struct sdi_str text)
{
	struct sdi_str lines[400], rest = text;
	size_t n = 0;
	while (sdi_str_split(&rest, '\n', &lines[n]))
		if (lines[n].n)
			ck_assert_uint_lt(++n, 400);
	qsort(lines, n, sizeof(lines[0]), by_text);
	for (size_t i = 0; i < n; i++) {
		sdi_buf_add(out, lines[i]);
		sdi_buf_lit(out, "\n");
	}
}

/* "reason Kind/namespace/name field: sentence"; places depend on the order of the input and are not here. */
static void dump_diags(struct sdi_buf *out, const struct sdi_diags *diags, bool with_text)
{
	for (size_t i = 0; i < sdi_diags_count(diags); i++) {
		const struct sdi_diag *d = sdi_diags_get(diags, i);
		sdi_buf_printf(out, "%s %s/%s/%s %s%s%s\n", sdi_diag_reason(d), sdi_diag_kind(d), sdi_diag_namespace(d),
		               sdi_diag_name(d), sdi_diag_field(d), with_text ? ": " : "",
		               with_text ? sdi_diag_text(d) : "");
	}
}

#define MAIN_CLASS CLASS("nginx", "", "controller: k8s.io/ingress-nginx")
#define WEB_A WEB("a", "web", "10.0.0.1")
#define WEB_B WEB("b", "web", "10.0.0.2")
#define P(path) PATH("Prefix", path, "web", "number: 80")
#define ONE(host) RULES(RULE(host, P("/")))
#define SIMPLE(ns, name, meta, host) INGRESS(ns, name, meta, ONE(host))
#define NOTE(key, value) NOTED("\"" key "\": \"" value "\"")
#define CLASS_NOTE(name) NOTE("kubernetes.io/ingress.class", name)
#define CLASSED(name, class) INGRESS("a", name, "", "ingressClassName: " class ", " ONE(name ".example"))

struct row {
	const char *name, *settings, *yaml;
	const char *want;  /* the whole dump, without backend lines unless one starts with "backend" */
	const char *diags; /* all of them */
};

static const struct row classes[] = {
	{ "no class anywhere", "", WEB_A SIMPLE("a", "one", "", "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n", "" },
	{ "usual class that is not in the input", "", WEB_A CLASSED("one", "nginx") CLASSED("two", "nginx"),
	  "one.example prefix / -> a_web_http [a/one]\none.example else -> 404 [/]\n"
	  "two.example prefix / -> a_web_http [a/two]\ntwo.example else -> 404 [/]\n else -> 404 [/]\n",
	  "class-assumed Ingress/a/one spec.ingressClassName\n" },
	{ "unknown class that is not in the input", "", WEB_A CLASSED("one", "mine"), " else -> 404 [/]\n",
	  "class-not-found Ingress/a/one spec.ingressClassName\n" },
	{ "another controller's usual class that is not in the input", "", WEB_A CLASSED("one", "traefik"),
	  " else -> 404 [/]\n", "other-class Ingress/a/one spec.ingressClassName\n" },
	{ "class exists and is ours", "", WEB_A MAIN_CLASS CLASSED("one", "nginx"),
	  "one.example prefix / -> a_web_http [a/one]\none.example else -> 404 [/]\n else -> 404 [/]\n", "" },
	{ "class exists and is another's", "", WEB_A CLASS("t", "", "controller: traefik.io/x") CLASSED("one", "t"),
	  " else -> 404 [/]\n", "other-class Ingress/a/one spec.ingressClassName\n" },
	{ "class is missing among others", "", WEB_A MAIN_CLASS CLASSED("one", "gone"), " else -> 404 [/]\n",
	  "class-not-found Ingress/a/one spec.ingressClassName\n" },
	{ "controller by setting", "controller=me.example/x",
	  WEB_A MAIN_CLASS CLASS("t", "", "controller: me.example/x") CLASSED("one", "t") CLASSED("two", "nginx"),
	  "one.example prefix / -> a_web_http [a/one]\none.example else -> 404 [/]\n else -> 404 [/]\n",
	  "other-class Ingress/a/two spec.ingressClassName\n" },
	{ "class by setting", "ingress-class=blue",
	  WEB_A CLASS("blue", "", "controller: k8s.io/ingress-nginx") MAIN_CLASS CLASSED("one", "blue")
	          CLASSED("two", "nginx") SIMPLE("a", "three", "", "three.example"),
	  "one.example prefix / -> a_web_http [a/one]\none.example else -> 404 [/]\n else -> 404 [/]\n",
	  "other-class Ingress/a/three spec.ingressClassName\nother-class Ingress/a/two spec.ingressClassName\n" },
	{ "class by setting, no objects", "ingress-class=blue", WEB_A CLASSED("one", "blue") CLASSED("two", "nginx"),
	  "one.example prefix / -> a_web_http [a/one]\none.example else -> 404 [/]\n else -> 404 [/]\n",
	  "other-class Ingress/a/two spec.ingressClassName\n" },
	{ "objects without a class, too", "ingress-class=blue\nwatch-ingress-without-class=true",
	  WEB_A SIMPLE("a", "one", "", "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n", "" },
	{ "annotation names a class", "", WEB_A MAIN_CLASS SIMPLE("a", "one", CLASS_NOTE("nginx"), "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n", "" },
	{ "annotation names another's class", "",
	  WEB_A CLASS("t", "", "controller: traefik.io/x") SIMPLE("a", "one", CLASS_NOTE("t"), "x.example"),
	  " else -> 404 [/]\n", "other-class Ingress/a/one kubernetes.io/ingress.class\n" },
	{ "annotation with a usual name, class is not there", "",
	  WEB_A CLASS("t", "", "controller: traefik.io/x") SIMPLE("a", "one", CLASS_NOTE("haproxy"), "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n",
	  "class-assumed Ingress/a/one kubernetes.io/ingress.class\n" },
	{ "annotation with an unknown name, class is not there", "",
	  WEB_A MAIN_CLASS SIMPLE("a", "one", CLASS_NOTE("mine"), "x.example"), " else -> 404 [/]\n",
	  "other-class Ingress/a/one kubernetes.io/ingress.class\n" },
	{ "annotation with the name of a setting", "ingress-class=mine",
	  WEB_A MAIN_CLASS SIMPLE("a", "one", CLASS_NOTE("mine"), "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n", "" },
	{ "empty annotation", "", WEB_A SIMPLE("a", "one", CLASS_NOTE(""), "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n", "" },
	{ "field and annotation differ", "",
	  WEB_A MAIN_CLASS INGRESS("a", "one", CLASS_NOTE("other"), "ingressClassName: nginx, " ONE("x.example")),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n",
	  "class-conflict Ingress/a/one kubernetes.io/ingress.class\n" },
	{ "default class of ours", "",
	  WEB_A CLASS("h", NOTE("ingressclass.kubernetes.io/is-default-class", "true"),
	              "controller: haproxy.org/ingress-controller/h")
	          INGRESS("a", "one", "", "tls: [{hosts: [x.example]}], " ONE("x.example")),
	  "x.example tls -\nx.example prefix / -> a_web_http tls302:443 [a/one]\nx.example else -> 404 [/]\n"
	  " else -> 404 [/]\n",
	  "certificate-default Ingress/a/one spec.tls[0].secretName\n" },
	{ "default class of another", "",
	  WEB_A CLASS("t", NOTE("ingressclass.kubernetes.io/is-default-class", "true"), "controller: traefik.io/x")
	          SIMPLE("a", "one", "", "x.example"),
	  " else -> 404 [/]\n", "other-class Ingress/a/one spec.ingressClassName\n" },
	{ "of several default classes the newest", "",
	  WEB_A CLASS("t", BORN("2020") NOTE("ingressclass.kubernetes.io/is-default-class", "true"),
	              "controller: traefik.io/x")
	          CLASS("z", BORN("2021") NOTE("ingressclass.kubernetes.io/is-default-class", "true"),
	                "controller: k8s.io/ingress-nginx") SIMPLE("a", "one", "", "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n", "" },
	{ "parameters, said once", "",
	  WEB_A CLASS("nginx", "", "controller: k8s.io/ingress-nginx, parameters: {kind: ConfigMap, name: x}")
	          CLASSED("one", "nginx") CLASSED("two", "nginx"),
	  "one.example prefix / -> a_web_http [a/one]\none.example else -> 404 [/]\n"
	  "two.example prefix / -> a_web_http [a/two]\ntwo.example else -> 404 [/]\n else -> 404 [/]\n",
	  "class-parameters IngressClass//nginx spec.parameters\n" },
	{ "one namespace", "namespace=b",
	  WEB_A WEB_B SIMPLE("a", "one", "", "x.example") SIMPLE("b", "two", "", "y.example"),
	  "y.example prefix / -> b_web_http [b/two]\ny.example else -> 404 [/]\n else -> 404 [/]\n", "" },
};

#define SERVED "x.example prefix / -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n"
#define GONE " else -> 404 [/]\n"
#define BAD_HOST(host)                                                                                                \
	{                                                                                                             \
		host, "", WEB_A SIMPLE("a", "one", "", host), GONE, "host-invalid Ingress/a/one spec.rules[0].host\n" \
	}
#define LABEL32 "abcdefghijabcdefghijabcdefghijab."
#define LONG_HOST LABEL32 LABEL32 LABEL32 LABEL32 LABEL32 LABEL32 LABEL32 "abcdefghijabcdefghijabcdefghi"
#define PATHS(...) WEB_A INGRESS("a", "one", "", RULES(RULE("x.example", __VA_ARGS__ "," P("/good"))))
#define GOOD "x.example prefix /good -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n"
#define BAD_PATH(path, type)                                                            \
	{                                                                               \
		path, "", PATHS(PATH(type, path, "web", "number: 80")), GOOD,           \
			"path-invalid Ingress/a/one spec.rules[0].http.paths[0].path\n" \
	}
#define DEFAULT(service) "defaultBackend: " TO(service, "number: 80")
#define BACKENDED(backend)            \
	WEB_A INGRESS("a", "one", "", \
	              RULES("{host: x.example, http: {paths: [{path: /, pathType: Prefix, backend: " backend "}]}}"))
#define UNAVAILABLE "x.example prefix / -> 503 [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n"
#define OF_PATH " Ingress/a/one spec.rules[0].http.paths[0].backend\n"

static const struct row rules[] = {
	{ "upper case", "", WEB_A SIMPLE("a", "one", "", "X.Example"), SERVED, "" },
	{ "wildcard of a top domain", "", WEB_A SIMPLE("a", "one", "", "*.com"),
	  "*.com prefix / -> a_web_http [a/one]\n*.com else -> 404 [/]\n else -> 404 [/]\n", "" },
	BAD_HOST("*"),
	BAD_HOST("*."),
	BAD_HOST("*.*.x"),
	BAD_HOST("a.*.x"),
	BAD_HOST("a*.x"),
	BAD_HOST("10.0.0.1"),
	BAD_HOST("[::1]"),
	BAD_HOST("x.example:80"),
	BAD_HOST("x_y.example"),
	BAD_HOST("a..b"),
	BAD_HOST("x.example."),
	BAD_HOST(".x"),
	BAD_HOST("-x.example"),
	BAD_HOST("x;y"),
	BAD_HOST("x\\ny"),
	BAD_HOST("x y"),
	BAD_HOST("caf\xc3\xa9.example"),
	BAD_HOST("${HOME}"),
	BAD_HOST("*.10.0.0.1"),
	BAD_HOST(LONG_HOST),
	BAD_HOST("x\\u2028y"),
	{ "a bad host costs its rule only", "",
	  WEB_A INGRESS("a", "one", "", RULES(RULE("*", P("/")) "," RULE("x.example", P("/")))), SERVED,
	  "host-invalid Ingress/a/one spec.rules[0].host\n" },
	BAD_PATH("foo", "Prefix"),
	BAD_PATH("//", "Prefix"),
	BAD_PATH("/a//b", "Exact"),
	BAD_PATH("/a/../b", "Prefix"),
	BAD_PATH("/a/./b", "Prefix"),
	BAD_PATH("/a/..", "Prefix"),
	BAD_PATH("/a/.", "Prefix"),
	BAD_PATH("/..", "Prefix"),
	BAD_PATH("/a%2Fb", "Prefix"),
	BAD_PATH("/a%2fb", "Exact"),
	BAD_PATH("/a%2F%2Fb", "ImplementationSpecific"),
	BAD_PATH("/a/%2e%2e/b", "ImplementationSpecific"),
	BAD_PATH("/a//b", "ImplementationSpecific"),
	BAD_PATH("/100%", "Prefix"),
	BAD_PATH("/%zz", "Prefix"),
	BAD_PATH("/%00", "Prefix"),
	BAD_PATH("/a\\n  use_backend evil", "Prefix"),
	BAD_PATH("/a\\r\\nb", "Exact"),
	BAD_PATH("/a\\rb", "ImplementationSpecific"),
	BAD_PATH("/a\\vb", "Prefix"),
	BAD_PATH("/a\\fb", "Prefix"),
	BAD_PATH("/a\\tb", "Prefix"),
	BAD_PATH("/a\\x7fb", "Prefix"),
	BAD_PATH("/a\\x85b", "Prefix"),
	BAD_PATH("/a\\u2028b", "Prefix"),
	BAD_PATH("/a\\u2029b", "Prefix"),
	BAD_PATH("/a%0Ab", "Prefix"),
	BAD_PATH("/a%7Fb", "Prefix"),
	BAD_PATH("/a%C2%85b", "Prefix"),
	BAD_PATH("/a%E2%80%A8b", "Prefix"),
	BAD_PATH("/a%FFb", "Prefix"),
	BAD_PATH("/a%ED%A0%80b", "Prefix"),
	BAD_PATH("/a%C0%80b", "Prefix"),
	{ "hostile, but text", "", PATHS(PATH("Prefix", "/a; { } ' # $x %25[env] \\\" \\\\", "web", "number: 80")),
	  "x.example prefix /a; { } ' # $x %[env] \" \\ -> a_web_http [a/one]\n" GOOD, "" },
	{ "unknown path type", "", PATHS(PATH("Regex", "/a", "web", "number: 80")), GOOD,
	  "path-type-invalid Ingress/a/one spec.rules[0].http.paths[0].pathType\n" },
	{ "no path", "", BACKENDED(TO("web", "number: 80")) "", SERVED, "" },
	{ "rule without http", "", WEB_A INGRESS("a", "one", "", RULES("{host: x.example}") ", " DEFAULT("web")),
	  "x.example else -> a_web_http [a/one]\n else -> 404 [/]\n", "" },
	{ "rule without http and default", "", INGRESS("a", "one", "", RULES("{host: x.example}")),
	  "x.example else -> 404 [/]\n else -> 404 [/]\n", "" },
	{ "default of its hosts only", "",
	  WEB_A SIMPLE("a", "two", "", "y.example")
	          INGRESS("a", "one", "", DEFAULT("web") ", " RULES(RULE("x.example", P("/a")))),
	  "x.example prefix /a -> a_web_http [a/one]\nx.example else -> a_web_http [a/one]\n"
	  "y.example prefix / -> a_web_http [a/two]\ny.example else -> 404 [/]\n else -> 404 [/]\n",
	  "" },
	{ "default of an ingress without rules", "",
	  WEB_A WEB_B INGRESS("b", "all", "", DEFAULT("web")) SIMPLE("a", "one", "", "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> b_web_http [b/all]\n else -> b_web_http "
	  "[b/all]\n",
	  "" },
	{ "the older catch-all", "",
	  WEB_A WEB_B INGRESS("b", "all", BORN("2020"), DEFAULT("web"))
	          INGRESS("a", "all", BORN("2021"), DEFAULT("web")),
	  " else -> b_web_http [b/all]\n", "conflict Ingress/a/all spec.defaultBackend\n" },
	{ "the older default of a host", "",
	  WEB_A WEB_B INGRESS("b", "one", BORN("2020"), DEFAULT("web") ", " RULES(RULE("x.example", P("/b"))))
	          INGRESS("a", "one", BORN("2021"), DEFAULT("web") ", " RULES(RULE("x.example", P("/a")))),
	  "x.example prefix /a -> a_web_http [a/one]\nx.example prefix /b -> b_web_http [b/one]\n"
	  "x.example else -> b_web_http [b/one]\n else -> 404 [/]\n",
	  "conflict Ingress/a/one spec.defaultBackend\n" },
	{ "default of settings", "default-backend=b/web:http", WEB_A WEB_B SIMPLE("a", "one", "", "x.example"),
	  "x.example prefix / -> a_web_http [a/one]\nx.example else -> b_web_http [/]\n else -> b_web_http [/]\n", "" },
	{ "default of settings by number", "default-backend=b/web:80", WEB_B, " else -> b_web_http [/]\n", "" },
	{ "default of settings is not there", "default-backend=b/none:80", "", " else -> 503 [/]\n",
	  "service-not-found Settings// default-backend\n" },
	{ "default that is not there, said once", "",
	  WEB_A INGRESS("a", "one", "", DEFAULT("none") ", " RULES("{host: x.example}, {host: y.example}")),
	  "x.example else -> 503 [a/one]\ny.example else -> 503 [a/one]\n else -> 404 [/]\n",
	  "service-not-found Ingress/a/one spec.defaultBackend\n" },
	{ "the older path", "",
	  WEB_A WEB_B SIMPLE("b", "one", BORN("2020"), "x.example") SIMPLE("a", "one", BORN("2021"), "x.example"),
	  "x.example prefix / -> b_web_http [b/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n",
	  "conflict Ingress/a/one spec.rules[0].http.paths[0]\n" },
	{ "the same age: by name", "",
	  WEB_A WEB_B SIMPLE("b", "one", BORN("2020"), "x.example") SIMPLE("a", "one", BORN("2020"), "x.example"),
	  SERVED, "conflict Ingress/b/one spec.rules[0].http.paths[0]\n" },
	{ "without a date: youngest", "",
	  WEB_A WEB_B SIMPLE("b", "one", BORN("2020"), "x.example") SIMPLE("a", "one", "", "x.example"),
	  "x.example prefix / -> b_web_http [b/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n",
	  "conflict Ingress/a/one spec.rules[0].http.paths[0]\n" },
	{ "twice in one object: the first", "",
	  WEB_A WEB("a", "api", "10.0.0.9")
	          INGRESS("a", "one", "",
	                  RULES(RULE("x.example", PATH("Prefix", "/", "web", "number: 80") "," PATH(
							  "ImplementationSpecific", "/", "api", "number: 80")))),
	  SERVED, "conflict Ingress/a/one spec.rules[0].http.paths[1]\n" },
	{ "with a trailing slash goes first, even when younger, in one namespace", "",
	  WEB_A INGRESS("a", "one", BORN("2020"), RULES(RULE("x.example", P("/a"))))
	          INGRESS("a", "two", BORN("2021"), RULES(RULE("x.example", P("/a/")))),
	  "x.example prefix /a -> a_web_http [a/two]\nx.example else -> 404 [/]\n else -> 404 [/]\n",
	  "conflict Ingress/a/one spec.rules[0].http.paths[0]\n" },
	{ "a trailing slash does not take a path from another namespace", "",
	  WEB_A WEB_B INGRESS("b", "one", BORN("2020"), RULES(RULE("x.example", P("/a"))))
	          INGRESS("a", "one", BORN("2021"), RULES(RULE("x.example", P("/a/")))),
	  "x.example prefix /a -> b_web_http [b/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n",
	  "conflict Ingress/a/one spec.rules[0].http.paths[0]\n" },
	{ "a canary alone serves nothing, or it would take all the traffic", "",
	  WEB_A INGRESS("a", "canary", BORN("2020") NOTED("nginx.ingress.kubernetes.io/canary: \"true\""),
	                RULES(RULE("x.example", P("/")))),
	  " else -> 404 [/]\n", "annotation-leaves-out Ingress/a/canary spec.rules[0].http.paths[0]\n" },
	{ "Exact and Prefix do not conflict", "",
	  WEB_A INGRESS("a", "one", "",
	                RULES(RULE("x.example", PATH("Prefix", "/a", "web", "number: 80") "," PATH(
							"Exact", "/a", "web", "number: 80") "," P("/a/b")))),
	  "x.example prefix /a/b -> a_web_http [a/one]\nx.example exact /a -> a_web_http [a/one]\n"
	  "x.example prefix /a -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n",
	  "" },
	{ "order of hosts", "",
	  WEB_A INGRESS("a", "one", "",
	                RULES(RULE("", P("/")) "," RULE("*.a.example", P("/")) "," RULE("z.example", P("/")) "," RULE(
				"b.example", P("/")))),
	  "b.example prefix / -> a_web_http [a/one]\nb.example else -> 404 [/]\n"
	  "z.example prefix / -> a_web_http [a/one]\nz.example else -> 404 [/]\n"
	  "*.a.example prefix / -> a_web_http [a/one]\n*.a.example else -> 404 [/]\n"
	  " prefix / -> a_web_http [a/one]\n else -> 404 [/]\n",
	  "" },
};

#define OPEN_PORTS \
	"ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}, {port: 81}, {name: t, port: 53}]"
#define NAMED(service) INGRESS("a", "one", "", RULES(RULE("x.example", PATH("Prefix", "/", service, "number: 80"))))
#define TO_WEB(yaml) SERVICE("a", "web", "ports: [{name: http, port: 80}]") yaml NAMED("web")
#define V4(name, endpoints) SLICE("a", name, "web", "IPv4", "{name: http, port: 8080}", endpoints)
#define V6(name, endpoints) SLICE("a", name, "web", "IPv6", "{name: http, port: 8080}", endpoints)
#define WITH(servers) SERVED "backend a_web_http" servers "\n"
#define NONE_READY "no-endpoints Service/a/web spec.ports\n"
#define EXTERNAL(name) SERVICE("a", "web", "type: ExternalName, externalName: \"" name "\"") NAMED("web")
#define EXTERNALLY(server)                                                                              \
	"x.example prefix / -> a_web_80 [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\nbackend " \
	"a_web_80 " server "\n"
#define NO_EXTERNAL(name)                                                                               \
	{                                                                                               \
		"external name " name, "", EXTERNAL(name), UNAVAILABLE, "external-name-refused" OF_PATH \
	}
#define REFUSED(address)                                                                            \
	{                                                                                           \
		"endpoint " address, "", TO_WEB(V4("s", READY(address))), WITH(""),                 \
			"endpoint-refused EndpointSlice/a/s endpoints[0].addresses[0]\n" NONE_READY \
	}
#define GARBAGE(address)                                                                                         \
	{                                                                                                        \
		"endpoint " address, "", TO_WEB(V4("s", READY(address) "," READY("10.0.0.1"))),                  \
			WITH(" 10.0.0.1:8080"), "endpoint-invalid EndpointSlice/a/s endpoints[0].addresses[0]\n" \
	}

static const struct row backends[] = {
	{ "service is missing", "", BACKENDED(TO("none", "number: 80")), UNAVAILABLE, "service-not-found" OF_PATH },
	{ "service of another namespace", "", WEB_B NAMED("web"), UNAVAILABLE, "service-not-found" OF_PATH },
	{ "port is missing", "", BACKENDED(TO("web", "number: 81")), UNAVAILABLE, "port-not-found" OF_PATH },
	{ "port name is missing", "", BACKENDED(TO("web", "name: https")), UNAVAILABLE, "port-not-found" OF_PATH },
	{ "target port is not the service's port", "", BACKENDED(TO("web", "number: 8080")), UNAVAILABLE,
	  "port-not-found" OF_PATH },
	{ "resource", "", BACKENDED("{resource: {apiGroup: g, kind: K, name: some}}"), UNAVAILABLE,
	  "resource-backend" OF_PATH },
	{ "both", "", BACKENDED("{service: {name: web, port: {number: 80}}, resource: {kind: K, name: some}}"),
	  UNAVAILABLE, "backend-invalid" OF_PATH },
	{ "neither", "", BACKENDED("{}"), UNAVAILABLE, "backend-invalid" OF_PATH },
	{ "no port", "", BACKENDED("{service: {name: web}}"), UNAVAILABLE, "backend-invalid" OF_PATH },
	{ "port by name and number", "", BACKENDED(TO("web", "name: http, number: 80")), UNAVAILABLE,
	  "backend-invalid" OF_PATH },
	{ "port 0", "", BACKENDED(TO("web", "number: 65536")), UNAVAILABLE, "backend-invalid" OF_PATH },
	{ "port name", "", BACKENDED(TO("web", "name: \\\"a b\\\"")), UNAVAILABLE, "backend-invalid" OF_PATH },
	{ "service name", "", BACKENDED(TO("../etc", "number: 80")), UNAVAILABLE, "backend-invalid" OF_PATH },
	{ "service name with a dot", "", BACKENDED(TO("a.b", "number: 80")), UNAVAILABLE, "backend-invalid" OF_PATH },
	{ "UDP", "", SERVICE("a", "web", "ports: [{port: 80, protocol: UDP}]") NAMED("web"), UNAVAILABLE,
	  "protocol-unsupported" OF_PATH },
	{ "TCP beside UDP", "",
	  SERVICE("a", "web", "ports: [{name: u, port: 80, protocol: UDP}, {name: t, port: 80}]")
	          SLICE("a", "s", "web", "IPv4", "{name: u, port: 1, protocol: UDP}, {name: t, port: 2}",
	                READY("10.0.0.1")) NAMED("web"),
	  "x.example prefix / -> a_web_t [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\nbackend a_web_t "
	  "10.0.0.1:2\n",
	  "" },
	{ "by name and by number: one backend", "",
	  WEB_A INGRESS("a", "one", "",
	                RULES(RULE("x.example", PATH("Prefix", "/a", "web", "name: http") "," PATH("Prefix", "/", "web",
	                                                                                           "number: 80")))),
	  "x.example prefix /a -> a_web_http [a/one]\n" WITH(" 10.0.0.1:8080"), "" },
	{ "two ports of one name are two backends", "",
	  SERVICE("a", "web", "ports: [{name: p, port: 80}, {name: p, port: 81}]")
	          SLICE("a", "s", "web", "IPv4", "{name: p, port: 1}", READY("10.0.0.1"))
	                  INGRESS("a", "one", "",
	                          RULES(RULE("x.example", PATH("Prefix", "/a", "web", "number: 80") "," PATH(
								  "Prefix", "/b", "web", "number: 81")))),
	  "x.example prefix /a -> a_web_p [a/one]\nx.example prefix /b -> a_web_81 [a/one]\n"
	  "x.example else -> 404 [/]\n else -> 404 [/]\nbackend a_web_81 10.0.0.1:1\nbackend a_web_p 10.0.0.1:1\n",
	  "" },
	{ "no endpoints", "", TO_WEB(""), WITH(""), NONE_READY },
	{ "empty slice", "", TO_WEB(V4("s", "")), WITH(""), NONE_READY },
	{ "slice of another service", "",
	  TO_WEB(SLICE("a", "s", "api", "IPv4", "{name: http, port: 1}", READY("10.0.0.1"))), WITH(""), NONE_READY },
	{ "slice of another namespace", "",
	  TO_WEB(SLICE("b", "s", "web", "IPv4", "{name: http, port: 1}", READY("10.0.0.1"))), WITH(""), NONE_READY },
	{ "slice without that port name", "",
	  TO_WEB(SLICE("a", "s", "web", "IPv4", "{name: other, port: 1}", READY("10.0.0.1"))), WITH(""), NONE_READY },
	{ "several slices, dual stack, twice the same", "",
	  TO_WEB(V4("s1", READY("10.0.0.10") "," READY("10.0.0.9")) V4("s2", READY("10.0.0.9"))
	                 V6("s3", READY("fd00::1"))),
	  WITH(" 10.0.0.9:8080 10.0.0.10:8080 [fd00::1]:8080"), "" },
	{ "IPv6 printed anew", "", TO_WEB(V6("s", READY("FD00:0:0::0001"))), WITH(" [fd00::1]:8080"), "" },
	{ "IPv4 inside IPv6", "", TO_WEB(V6("s", READY("::ffff:10.0.0.1"))), WITH(" 10.0.0.1:8080"), "" },
	{ "not ready", "", TO_WEB(V4("s", "{addresses: [10.0.0.1], conditions: {ready: false}}," READY("10.0.0.2"))),
	  WITH(" 10.0.0.2:8080"), "" },
	{ "ready in one slice, not in another", "",
	  TO_WEB(V4("s1", "{addresses: [10.0.0.1], conditions: {ready: false, "
	                  "serving: true, terminating: true}}") V4("s2", READY("10.0.0.1"))),
	  WITH(" 10.0.0.1:8080"), "" },
	{ "terminating beside ready", "",
	  TO_WEB(V4("s", "{addresses: [10.0.0.1], conditions: {ready: false, serving: true, "
	                 "terminating: true}}," READY("10.0.0.2"))),
	  WITH(" 10.0.0.2:8080"), "" },
	{ "only terminating", "",
	  TO_WEB(V4("s", "{addresses: [10.0.0.1], conditions: {ready: false, serving: true, "
	                 "terminating: true}}, {addresses: [10.0.0.2], conditions: {ready: false, serving: false, "
	                 "terminating: true}}")),
	  WITH(" 10.0.0.1:8080 draining"), "" },
	{ "publishNotReadyAddresses", "",
	  SERVICE("a", "web", "publishNotReadyAddresses: true, ports: [{name: http, port: 80}]")
	          V4("s", "{addresses: [10.0.0.1], conditions: {ready: false}}") NAMED("web"),
	  WITH(" 10.0.0.1:8080"), "" },
	{ "headless", "",
	  SERVICE("a", "web", "clusterIP: None, ports: [{name: http, port: 80}]") V4("s", READY("10.0.0.1"))
	          NAMED("web"),
	  WITH(" 10.0.0.1:8080"), "" },
	{ "legacy Endpoints", "",
	  TO_WEB(OBJECT("v1", "Endpoints", "a", "web", "",
	                "subsets: [{addresses: [{ip: 10.0.0.1}], notReadyAddresses: [{ip: 10.0.0.2}], ports: [{name: "
	                "http, port: 1}]}, "
	                "{addresses: [{ip: 10.0.0.3}], ports: [{name: http, port: 2}]}]")),
	  WITH(" 10.0.0.1:1 10.0.0.3:2"), "" },
	{ "legacy Endpoints beside a slice", "",
	  TO_WEB(OBJECT("v1", "Endpoints", "a", "web", "",
	                "subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{name: http, port: 1}]}]")
	                 V4("s", READY("10.0.0.2"))),
	  WITH(" 10.0.0.2:8080"), "" },
	{ "slice of names", "", TO_WEB(SLICE("a", "s", "web", "FQDN", "{name: http, port: 1}", READY("x.example"))),
	  WITH(""), "endpoint-invalid EndpointSlice/a/s addressType\n" NONE_READY },
	REFUSED("127.0.0.1"),
	REFUSED("127.9.9.9"),
	REFUSED("169.254.169.254"),
	REFUSED("0.0.0.0"),
	REFUSED("224.0.0.1"),
	REFUSED("255.255.255.255"),
	REFUSED("::1"),
	REFUSED("::"),
	REFUSED("fe80::1"),
	REFUSED("ff02::1"),
	REFUSED("::ffff:127.0.0.1"),
	REFUSED("::ffff:169.254.169.254"),
	REFUSED("::127.0.0.1"),
	REFUSED("64:ff9b::7f00:1"),
	GARBAGE("1.2.3.4 check ssl"),
	GARBAGE("1.2.3"),
	GARBAGE("x.example"),
	GARBAGE("1.2.3.4\\n"),
	GARBAGE("fe80::1%eth0"),
	GARBAGE("010.0.0.1"),
	GARBAGE("1.2.3.256"),
	GARBAGE("[::1]"),
	{ "loopback in a lab", "allow-loopback=true",
	  TO_WEB(V4("s", READY("127.0.0.1") "," READY("169.254.1.1") "," READY("0.0.0.0"))),
	  WITH(" 127.0.0.1:8080 169.254.1.1:8080"), "endpoint-refused EndpointSlice/a/s endpoints[2].addresses[0]\n" },
	{ "external name", "", EXTERNAL("API.example.com."), EXTERNALLY("api.example.com:80 name"), "" },
	{ "external name with its ports", "",
	  SERVICE("a", "web",
	          "type: ExternalName, externalName: api.example.com, "
	          "ports: [{name: http, port: 80, targetPort: 8443}]") NAMED("web"),
	  WITH(" api.example.com:8443 name"), "" },
	{ "external name without that port", "",
	  SERVICE("a", "web",
	          "type: ExternalName, externalName: api.example.com, "
	          "ports: [{port: 81}]") NAMED("web"),
	  UNAVAILABLE, "port-not-found" OF_PATH },
	{ "external name, port by name", "",
	  SERVICE("a", "web", "type: ExternalName, externalName: api.example.com")
	          INGRESS("a", "one", "", RULES(RULE("x.example", PATH("Prefix", "/", "web", "name: http")))),
	  UNAVAILABLE, "port-not-found" OF_PATH },
	{ "external address", "", EXTERNAL("10.1.2.3"), EXTERNALLY("10.1.2.3:80"), "" },
	{ "external IPv6 address", "", EXTERNAL("fd00::1"), EXTERNALLY("[fd00::1]:80"), "" },
	{ "external name of the own namespace", "", EXTERNAL("db.a.svc.cluster.local"),
	  EXTERNALLY("db.a.svc.cluster.local:80 name"), "" },
	{ "external names off", "disable-svc-external-name=true", EXTERNAL("api.example.com"), UNAVAILABLE,
	  "external-name-refused" OF_PATH },
	{ "external localhost in a lab", "allow-loopback=true", EXTERNAL("localhost"), EXTERNALLY("localhost:80 name"),
	  "" },
	NO_EXTERNAL(""),
	NO_EXTERNAL("localhost"),
	NO_EXTERNAL("LOCALHOST"),
	NO_EXTERNAL("x.localhost"),
	NO_EXTERNAL("127.0.0.1"),
	NO_EXTERNAL("127.1"),
	NO_EXTERNAL("0x7f.1"),
	NO_EXTERNAL("2130706433"),
	NO_EXTERNAL("0177.0.0.1"),
	NO_EXTERNAL("10.1"),
	NO_EXTERNAL("::1"),
	NO_EXTERNAL("::ffff:127.0.0.1"),
	NO_EXTERNAL("169.254.169.254"),
	NO_EXTERNAL("metadata.google.internal"),
	NO_EXTERNAL("kubernetes.default.svc"),
	NO_EXTERNAL("kubernetes.default.svc.cluster.local"),
	NO_EXTERNAL("10-0-0-1.b.pod.cluster.local"),
	NO_EXTERNAL("b.svc"),
	NO_EXTERNAL("x.cluster.local"),
	NO_EXTERNAL("kubernetes"),
	NO_EXTERNAL("a.example\\n"),
	NO_EXTERNAL("a b.example"),
	NO_EXTERNAL("a..b"),
	NO_EXTERNAL("x.example;"),
	NO_EXTERNAL("x_y.example"),
};

#define NGINX(name) "nginx.ingress.kubernetes.io/" name
#define NOTED_X(meta) WEB_A INGRESS("a", "one", meta, ONE("x.example"))
#define NOTED_TLS(meta) \
	WEB_A INGRESS("a", "one", meta, "tls: [{hosts: [x.example], secretName: \"\"}], " ONE("x.example"))
#define HAPROXY_CLASS                                                           \
	CLASS("h", NOTE("ingressclass.kubernetes.io/is-default-class", "true"), \
	      "controller: haproxy.org/ingress-controller")
#define JCM_CLASS                                                               \
	CLASS("j", NOTE("ingressclass.kubernetes.io/is-default-class", "true"), \
	      "controller: haproxy-ingress.github.io/controller")
#define F5_CLASS                                                                \
	CLASS("f", NOTE("ingressclass.kubernetes.io/is-default-class", "true"), \
	      "controller: nginx.org/ingress-controller")
#define TLS_SERVED(how)                                         \
	"x.example tls -\nx.example prefix / -> a_web_http" how \
	" [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n"
#define DEFAULT_CERT "certificate-default Ingress/a/one spec.tls[0].secretName\n"
#define HOW(how) "x.example prefix / -> a_web_http" how " [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n"
#define DENIED_BY(key) \
	"x.example prefix / -> 503 denied by " key " [a/one]\nx.example else -> 404 [/]\n else -> 404 [/]\n"

static const struct row policies[] = {
	{ "redirect where there is TLS", "", NOTED_TLS(""), TLS_SERVED(" tls308:0"), DEFAULT_CERT },
	{ "none without", "", NOTED_X(""), HOW(""), "" },
	{ "switched off", "", NOTED_TLS(NOTE(NGINX("ssl-redirect"), "false")), TLS_SERVED(""), DEFAULT_CERT },
	{ "without TLS no redirect", "", NOTED_X(NOTE(NGINX("ssl-redirect"), "true")), HOW(""), "" },
	{ "forced", "", NOTED_X(NOTE(NGINX("force-ssl-redirect"), "true")), HOW(" tls308:0"), "" },
	{ "not a boolean", "", NOTED_TLS(NOTE(NGINX("ssl-redirect"), "maybe")), TLS_SERVED(" tls308:0"),
	  "certificate-default Ingress/a/one spec.tls[0].secretName\nvalue-invalid Ingress/a/one " NGINX(
		  "ssl-redirect") "\n" },
	{ "never", "ssl-redirect=never", NOTED_TLS(NOTE(NGINX("force-ssl-redirect"), "true")), TLS_SERVED(""),
	  DEFAULT_CERT },
	{ "always", "ssl-redirect=always", NOTED_X(NOTE(NGINX("ssl-redirect"), "false")), HOW(" tls308:0"), "" },
	{ "no HTTPS listener", "https-port=0\nssl-redirect=always", NOTED_TLS(""), TLS_SERVED(""), DEFAULT_CERT },
	{ "code and port of settings", "ssl-redirect-code=301\nssl-redirect-port=31443", NOTED_TLS(""),
	  TLS_SERVED(" tls301:31443"), DEFAULT_CERT },
	{ "TLS by another ingress of the host", "",
	  WEB_A SIMPLE("a", "one", BORN("2020"), "x.example")
	          INGRESS("a", "tls", BORN("2021"), "tls: [{hosts: [x.example]}], " RULES(RULE("x.example", P("/b")))),
	  "x.example tls -\nx.example prefix /b -> a_web_http tls308:0 [a/tls]\nx.example prefix / -> a_web_http "
	  "tls308:0 [a/one]\n"
	  "x.example else -> 404 [/]\n else -> 404 [/]\n",
	  "certificate-default Ingress/a/tls spec.tls[0].secretName\n" },
	{ "haproxy.org: with a tls section", "", HAPROXY_CLASS NOTED_TLS(""), TLS_SERVED(" tls302:443"), DEFAULT_CERT },
	{ "haproxy.org: not by another ingress", "",
	  HAPROXY_CLASS WEB_A SIMPLE("a", "one", BORN("2020"), "x.example")
	          INGRESS("a", "tls", BORN("2021"), "tls: [{hosts: [x.example]}], " RULES(RULE("x.example", P("/b")))),
	  "x.example tls -\nx.example prefix /b -> a_web_http tls302:443 [a/tls]\nx.example prefix / -> a_web_http "
	  "[a/one]\n"
	  "x.example else -> 404 [/]\n else -> 404 [/]\n",
	  "certificate-default Ingress/a/tls spec.tls[0].secretName\n" },
	{ "haproxy.org: forced without TLS", "", HAPROXY_CLASS NOTED_X(NOTE("haproxy.org/ssl-redirect", "true")),
	  HOW(" tls302:443"), "" },
	{ "haproxy.org: off", "", HAPROXY_CLASS NOTED_TLS(NOTE("haproxy.org/ssl-redirect", "false")), TLS_SERVED(""),
	  DEFAULT_CERT },
	{ "haproxy.org: code and port", "ssl-redirect-port=1",
	  HAPROXY_CLASS NOTED_TLS(
		  NOTED("haproxy.org/ssl-redirect-code: \"301\", haproxy.org/ssl-redirect-port: \"31443\"")),
	  TLS_SERVED(" tls301:31443"), DEFAULT_CERT },
	{ "haproxy-ingress: needs TLS", "", JCM_CLASS NOTED_X(NOTE("haproxy-ingress.github.io/ssl-redirect", "true")),
	  HOW(""), "" },
	{ "haproxy-ingress: with TLS", "", JCM_CLASS NOTED_TLS(""), TLS_SERVED(" tls302:0"), DEFAULT_CERT },
	{ "nginx.org: with TLS", "", F5_CLASS NOTED_TLS(""), TLS_SERVED(" tls301:0"), DEFAULT_CERT },
	{ "without a class: the rule of the annotation's dialect", "",
	  NOTED_X(NOTE("haproxy.org/ssl-redirect", "true")), HOW(" tls302:443"), "" },
	{ "dialects disagree", "",
	  NOTED_TLS(NOTED("haproxy.org/ssl-redirect: \"false\", " NGINX("ssl-redirect") ": \"true\"")),
	  TLS_SERVED(" tls308:0"), "annotation-conflict Ingress/a/one haproxy.org/ssl-redirect\n" DEFAULT_CERT },
	{ "dialects agree", "",
	  NOTED_TLS(NOTED("haproxy.org/ssl-redirect: \"false\", " NGINX("ssl-redirect") ": \"false\"")), TLS_SERVED(""),
	  DEFAULT_CERT },
	{ "another dialect is not read", "", HAPROXY_CLASS NOTED_X(NOTE(NGINX("whitelist-source-range"), "10.0.0.0/8")),
	  HOW(""), "" },
	{ "a guard that no stock proxy has", "", NOTED_X(NOTE(NGINX("enable-modsecurity"), "true")),
	  DENIED_BY(NGINX("enable-modsecurity")), "protection-denied Ingress/a/one " NGINX("enable-modsecurity") "\n" },
	{ "a guard with a bad value", "", NOTED_X(NOTE(NGINX("whitelist-source-range"), "10.0.0.0/33")),
	  DENIED_BY(NGINX("whitelist-source-range")),
	  "protection-denied Ingress/a/one " NGINX("whitelist-source-range") "\n" },
	{ "a denied backend is not used", "", NOTED_X(NOTE(NGINX("auth-url"), "ftp://x.example/")),
	  DENIED_BY(NGINX("auth-url")), "protection-denied Ingress/a/one " NGINX("auth-url") "\n" },
	{ "an addition to what is off", "", NOTED_X(NOTE(NGINX("modsecurity-transaction-id"), "true")), HOW(""),
	  "annotation-unsupported Ingress/a/one " NGINX("modsecurity-transaction-id") "\n" },
	{ "unknown", "", NOTED_X(NOTE(NGINX("ssl-redirekt"), "true")), HOW(""),
	  "annotation-unknown Ingress/a/one " NGINX("ssl-redirekt") "\n" },
	{ "snippet", "", NOTED_X(NOTE(NGINX("configuration-snippet"), "add_header X-A a;")), HOW(""),
	  "snippet-ignored Ingress/a/one " NGINX("configuration-snippet") "\n" },
	{ "neighbours", "",
	  NOTED_X(NOTED("cert-manager.io/cluster-issuer: x, external-dns.alpha.kubernetes.io/hostname: h")), HOW(""),
	  "" },
	{ "a challenge is never redirected", "ssl-redirect=always",
	  WEB_A INGRESS("a", "one", "",
	                RULES(RULE("x.example",
	                           P("/") "," PATH("Exact", "/.well-known/acme-challenge/tok", "web", "number: 80")))),
	  "x.example exact /.well-known/acme-challenge/tok -> a_web_http [a/one]\n" HOW(" tls308:0"), "" },
	{ "nor denied", "",
	  WEB_A INGRESS("a", "one", NOTE(NGINX("whitelist-source-range"), "10.0.0.0/33"),
	                RULES(RULE("x.example", P("/") "," P("/.well-known/acme-challenge/") "," P(
							"/.well-known/acme-challengers")))),
	  "x.example prefix /.well-known/acme-challengers -> 503 denied by " NGINX(
		  "whitelist-source-range") " [a/one]\n"
	                                    "x.example prefix /.well-known/acme-challenge -> a_web_http "
	                                    "[a/one]\n" DENIED_BY(NGINX("whitelist-source-range")),
	  "protection-denied Ingress/a/one " NGINX("whitelist-source-range") "\n" },
	{ "a solver's annotations are not its own", "",
	  WEB_A INGRESS(
		  "a", "one", NOTE(NGINX("whitelist-source-range"), "10.0.0.0/8"),
		  RULES(RULE("x.example", PATH("Exact", "/.well-known/acme-challenge/tok", "web", "number: 80")))),
	  "x.example exact /.well-known/acme-challenge/tok -> a_web_http [a/one]\nx.example else -> 404 [/]\n else -> "
	  "404 [/]\n",
	  "" },
	{ "the fallback is denied, too", "",
	  WEB_A INGRESS("a", "one", NOTE(NGINX("auth-url"), "ftp://x.example/"),
	                DEFAULT("web") ", " RULES("{host: x.example}")),
	  "x.example else -> 503 denied by " NGINX("auth-url") " [a/one]\n else -> 404 [/]\n",
	  "protection-denied Ingress/a/one " NGINX("auth-url") "\n" },
};

/* Secrets a/good (x.example, *.x.example), a/other (y.example), b/good (x.example, *.x.example), a/bad (no PEM). */
static char secrets[16384];

#define TLS(secret, hosts) "tls: [{hosts: [" hosts "], secretName: \"" secret "\"}]"
#define TLS_X(ns, name, meta, secret) INGRESS(ns, name, meta, TLS(secret, "x.example") ", " ONE("x.example"))
#define ROUTED(ns, name, how) \
	"x.example prefix / -> " ns "_web_http" how " [" ns "/" name "]\nx.example else -> 404 [/]\n"
#define SECRET_FIELD " Ingress/a/one spec.tls[0].secretName\n"

static const struct row certificates[] = {
	{ "its own", "", WEB_A TLS_X("a", "one", "", "good"),
	  "x.example tls a_good\n" ROUTED("a", "one", " tls308:0") GONE "certificate a_good\n", "" },
	{ "missing", "", WEB_A TLS_X("a", "one", "", "none"), "x.example tls -\n" ROUTED("a", "one", " tls308:0") GONE,
	  "secret-not-found" SECRET_FIELD },
	{ "unusable", "", WEB_A TLS_X("a", "one", "", "bad"), "x.example tls -\n" ROUTED("a", "one", " tls308:0") GONE,
	  "certificate-invalid Secret/a/bad \n" },
	{ "not for that host", "", WEB_A TLS_X("a", "one", "", "other"),
	  "x.example tls -\n" ROUTED("a", "one", " tls308:0") GONE, "certificate-host" SECRET_FIELD },
	{ "of another namespace", "", WEB_A TLS_X("a", "one", "", "b/good"),
	  "x.example tls -\n" ROUTED("a", "one", " tls308:0") GONE, "cross-namespace" SECRET_FIELD },
	{ "not a name", "", WEB_A TLS_X("a", "one", "", "Good One"),
	  "x.example tls -\n" ROUTED("a", "one", " tls308:0") GONE, "secret-invalid" SECRET_FIELD },
	{ "hosts of the rules", "", WEB_A INGRESS("a", "one", "", TLS("good", "") ", " ONE("x.example")),
	  "x.example tls a_good\n" ROUTED("a", "one", " tls308:0") GONE "certificate a_good\n", "" },
	{ "bad host in tls", "",
	  WEB_A INGRESS("a", "one", "", TLS("good", "\"*\", \"\", X.example") ", " ONE("x.example")),
	  "x.example tls a_good\n" ROUTED("a", "one", " tls308:0") GONE "certificate a_good\n",
	  "host-invalid Ingress/a/one spec.tls[0].hosts[0]\nhost-invalid Ingress/a/one spec.tls[0].hosts[1]\n" },
	{ "no rules", "", INGRESS("a", "one", "", TLS("good", "x.example, \"*.x.example\"") ", " DEFAULT("web")),
	  " else -> 503 [a/one]\ncertificate a_good\nsni *.x.example a_good\nsni x.example a_good\n",
	  "service-not-found Ingress/a/one spec.defaultBackend\n" },
	{ "the older secret", "",
	  WEB_A TLS_X("a", "one", BORN("2020"), "other")
	          INGRESS("a", "two", BORN("2021"), TLS("good", "x.example") ", " RULES(RULE("x.example", P("/b")))),
	  "x.example tls -\nx.example prefix /b -> a_web_http tls308:0 [a/two]\n" ROUTED("a", "one", " tls308:0") GONE,
	  "certificate-host" SECRET_FIELD "conflict Ingress/a/two spec.tls[0]\n" },
	{ "another namespace's secret never", "",
	  WEB_A WEB_B SIMPLE("a", "one", BORN("2020"), "x.example")
	          INGRESS("b", "two", BORN("2021"), TLS("good", "x.example") ", " RULES(RULE("x.example", P("/b")))),
	  "x.example prefix /b -> b_web_http [b/two]\n" ROUTED("a", "one", "") GONE,
	  "conflict Ingress/b/two spec.tls[0]\n" },
	{ "nor by a tls entry alone, even an older one", "",
	  WEB_A WEB_B SIMPLE("a", "one", BORN("2021"), "x.example")
	          INGRESS("b", "two", BORN("2020"), TLS("good", "x.example") ", " ONE("b.example")),
	  "b.example prefix / -> b_web_http tls308:0 [b/two]\nb.example else -> 404 [/]\n" ROUTED("a", "one", "") GONE,
	  "conflict Ingress/b/two spec.tls[0]\n" },
	{ "wildcard of the same namespace", "",
	  WEB_A INGRESS("a", "one", "", ONE("w.x.example"))
	          INGRESS("a", "tls", "", TLS("good", "\"*.x.example\"") ", " RULES("{host: y.example}")),
	  "w.x.example sni a_good\nw.x.example prefix / -> a_web_http tls308:0 [a/one]\nw.x.example else -> 404 [/]\n"
	  "y.example else -> 404 [/]\n" GONE "certificate a_good\nsni *.x.example a_good\n",
	  "" },
	{ "wildcard of the same ingress asks for TLS", "",
	  WEB_A INGRESS("a", "one", "", TLS("good", "\"*.x.example\"") ", " ONE("w.x.example")),
	  "w.x.example tls a_good\nw.x.example prefix / -> a_web_http tls308:0 [a/one]\nw.x.example else -> 404 "
	  "[/]\n" GONE "certificate a_good\nsni *.x.example a_good\n",
	  "" },
	{ "wildcard of another namespace: the default by name", "default-ssl-certificate=a/other",
	  WEB_A INGRESS("a", "one", "", ONE("w.x.example"))
	          INGRESS("b", "tls", "", TLS("good", "\"*.x.example\"") ", " RULES("{host: y.example}")),
	  "w.x.example sni default\nw.x.example prefix / -> a_web_http [a/one]\nw.x.example else -> 404 [/]\n"
	  "y.example else -> 404 [/]\n" GONE
	  "certificate b_good\nsni *.x.example b_good\ndefault certificate default\n",
	  "" },
	{ "default certificate", "default-ssl-certificate=a/good", "", GONE "default certificate default\n", "" },
	{ "default certificate is missing", "default-ssl-certificate=a/none", "", GONE,
	  "secret-not-found Settings// default-ssl-certificate\n" },
	{ "TLS for all other hosts", "", WEB_A INGRESS("a", "one", "", TLS("good", "") ", " ONE("")),
	  " tls -\n prefix / -> a_web_http tls308:0 [a/one]\n else -> 404 [/]\n", "" },
};

static EVP_PKEY *key;

static void add_pem(struct sdi_buf *out, BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);
	for (long i = 0; i < n; i++)
		if (p[i] == '\n')
			sdi_buf_lit(out, "\\n");
		else
			sdi_buf_char(out, p[i]);
	BIO_free(bio);
}

static void add_secret(struct sdi_buf *out, const char *ns, const char *name, const char *san)
{
	X509 *x = X509_new();
	BIO *chain = BIO_new(BIO_s_mem()), *private = BIO_new(BIO_s_mem());
	X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);
	X509_set_version(x, 2);
	ASN1_TIME_set(X509_getm_notBefore(x), 1);
	ASN1_TIME_set(X509_getm_notAfter(x), 4000000000);
	X509_set_pubkey(x, key);
	X509_add_ext(x, names, -1);
	X509_EXTENSION_free(names);
	X509_sign(x, key, EVP_sha256());
	PEM_write_bio_X509(chain, x);
	PEM_write_bio_PKCS8PrivateKey(private, key, NULL, NULL, 0, NULL, NULL);
	X509_free(x);
	sdi_buf_printf(
		out,
		"---\napiVersion: v1\nkind: Secret\nmetadata: {namespace: %s, name: %s}\ntype: kubernetes.io/tls\n"
		"stringData: {tls.crt: \"",
		ns, name);
	add_pem(out, chain);
	sdi_buf_lit(out, "\", tls.key: \"");
	add_pem(out, private);
	sdi_buf_lit(out, "\"}\n");
}

static void make_secrets(void)
{
	struct sdi_buf out;
	sdi_buf_init(&out, sizeof(secrets) - 1);
	key = EVP_EC_gen("P-256");
	add_secret(&out, "a", "good", "DNS:x.example,DNS:*.x.example");
	add_secret(&out, "a", "other", "DNS:y.example");
	add_secret(&out, "b", "good", "DNS:x.example,DNS:*.x.example");
	sdi_buf_lit(&out,
	            "---\napiVersion: v1\nkind: Secret\nmetadata: {namespace: a, name: bad}\ntype: kubernetes.io/tls\n"
	            "stringData: {tls.crt: none, tls.key: none}\n");
	ck_assert(!out.failed);
	memcpy(secrets, out.p, out.n);
	sdi_buf_release(&out);
}

static void free_key(void)
{
	EVP_PKEY_free(key);
}

static struct sdi_str without_backends(char *text, size_t n)
{
	size_t to = 0;
	struct sdi_str line, rest = sdi_str_make(text, n);
	while (sdi_str_split(&rest, '\n', &line)) {
		if (sdi_str_starts(line, SDI_STR("backend ")) || (!rest.p && line.n == 0))
			continue;
		memmove(text + to, line.p, line.n);
		to += line.n;
		text[to++] = '\n';
	}
	return sdi_str_make(text, to);
}

static void check_row(const struct row *row, bool with_secrets, bool with_backends)
{
	struct world w = world_new(row->settings);
	struct sdi_buf got, diags, got_diags, want_diags;
	sdi_buf_init(&got, 1 << 20);
	sdi_buf_init(&diags, 1 << 20);
	sdi_buf_init(&got_diags, 1 << 20);
	sdi_buf_init(&want_diags, 1 << 20);
	if (with_secrets)
		world_read(&w, secrets);
	world_read(&w, row->yaml);
	ck_assert_int_eq(sdi_translate(w.store, w.settings, w.diags, &w.gateway), SDI_OK);
	dump(&got, w.gateway);
	struct sdi_str text =
		with_backends && strstr(row->want, "backend ") ? sdi_buf_str(&got) : without_backends(got.p, got.n);
	dump_diags(&diags, w.diags, false);
	add_sorted(&got_diags, sdi_buf_str(&diags));
	add_sorted(&want_diags, sdi_str_c(row->diags));
	sdi_buf_char(&got_diags, '\0');
	sdi_buf_char(&want_diags, '\0');
	ck_assert_msg(sdi_str_is(text, row->want), "%s:\n%.*s---- and not\n%s", row->name, (int)text.n, text.p,
	              row->want);
	ck_assert_msg(strcmp(got_diags.p, want_diags.p) == 0, "%s:\n%s---- and not\n%s", row->name, got_diags.p,
	              want_diags.p);
	sdi_buf_release(&got);
	sdi_buf_release(&diags);
	sdi_buf_release(&got_diags);
	sdi_buf_release(&want_diags);
	world_free(&w);
}

START_TEST(table_classes)
{
	check_row(&classes[_i], false, false);
}
END_TEST

START_TEST(table_rules)
{
	check_row(&rules[_i], false, false);
}
END_TEST

START_TEST(table_backends)
{
	check_row(&backends[_i], false, true);
}
END_TEST

START_TEST(table_policies)
{
	check_row(&policies[_i], false, false);
}
END_TEST

START_TEST(table_certificates)
{
	check_row(&certificates[_i], true, false);
}
END_TEST

/* Documents of one input, to be read in any order. */
static const char *const documents[] = {
	MAIN_CLASS,
	CLASS("nginx2", "", "controller: k8s.io/ingress-nginx"),
	WEB_A,
	WEB_B,
	WEB("a", "api", "10.0.0.3"),
	SLICE("a", "web-2", "web", "IPv6", "{name: http, port: 8080}", READY("fd00::2") "," READY("fd00::1")),
	TLS_X("a", "one", BORN("2020"), "good"),
	TLS_X("b", "one", BORN("2020"), "good"),
	INGRESS("a", "two", "",
	        RULES(RULE("x.example", P("/") "," P("/b/") "," P("/b")) "," RULE("*.x.example", P("/")))),
	INGRESS("b", "two", NOTE(NGINX("auth-url"), "x"),
	        DEFAULT("web") ", " RULES(RULE("x.example", P("/c")) "," RULE("*", P("/")))),
	INGRESS("a", "three", BORN("2019"), DEFAULT("api")),
	INGRESS("b", "three", BORN("2019"), DEFAULT("web")),
	INGRESS("a", "four", NOTE("haproxy.org/ssl-redirect", "true"),
	        RULES(RULE("y.example",
	                   PATH("Exact", "/e", "api", "name: http") "," PATH("Prefix", "/e", "none", "number: 1")))),
	INGRESS("a", "five", "", TLS("other", "y.example, z.example") ", " RULES(RULE("y.example", P("/")))),
	SERVICE("a", "ext", "type: ExternalName, externalName: api.example.com"),
	INGRESS("a", "six", "", RULES(RULE("", PATH("Prefix", "/ext", "ext", "number: 443")))),
};

static void read_shuffled(struct world *w, unsigned turn)
{
	size_t order[N(documents)], n = N(documents);
	unsigned seed = turn * 2654435761u + 1;
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = n - 1; turn && i > 0; i--) {
		seed = seed * 1664525u + 1013904223u;
		size_t k = (seed >> 16) % (i + 1), swap = order[i];
		order[i] = order[k];
		order[k] = swap;
	}
	if (turn % 2)
		world_read(w, secrets);
	for (size_t i = 0; i < n; i++)
		world_read(w, documents[order[i]]);
	if (turn % 2 == 0)
		world_read(w, secrets);
}

static void dump_all(struct sdi_buf *out, const struct world *w)
{
	struct sdi_buf diags;
	sdi_buf_init(&diags, 1 << 20);
	dump(out, w->gateway);
	dump_diags(&diags, w->diags, true);
	add_sorted(out, sdi_buf_str(&diags));
	sdi_buf_release(&diags);
}

START_TEST(any_order)
{
	struct sdi_buf want, got;
	struct world w = world_new(""), shuffled = world_new("");
	sdi_buf_init(&want, 1 << 20);
	sdi_buf_init(&got, 1 << 20);
	read_shuffled(&w, 0);
	read_shuffled(&shuffled, (unsigned)_i + 1);
	ck_assert_int_eq(sdi_translate(w.store, w.settings, w.diags, &w.gateway), SDI_OK);
	ck_assert_int_eq(sdi_translate(shuffled.store, shuffled.settings, shuffled.diags, &shuffled.gateway), SDI_OK);
	dump_all(&want, &w);
	dump_all(&got, &shuffled);
	sdi_buf_char(&want, '\0');
	sdi_buf_char(&got, '\0');
	ck_assert_uint_gt(sdi_gateway_routes(w.gateway), 7);
	ck_assert_uint_gt(sdi_diags_count(w.diags), 8);
	ck_assert_str_eq(got.p, want.p);
	sdi_buf_release(&want);
	sdi_buf_release(&got);
	world_free(&w);
	world_free(&shuffled);
}
END_TEST

START_TEST(outlives_the_store)
{
	struct sdi_buf before, after;
	struct world w = world_new("");
	sdi_buf_init(&before, 1 << 20);
	sdi_buf_init(&after, 1 << 20);
	read_shuffled(&w, 0);
	ck_assert_int_eq(sdi_translate(w.store, w.settings, w.diags, &w.gateway), SDI_OK);
	dump(&before, w.gateway);
	sdi_store_free(w.store); /* the sanitizer watches */
	sdi_settings_free(w.settings);
	w.store = NULL;
	w.settings = NULL;
	dump(&after, w.gateway);
	ck_assert(sdi_str_eq(sdi_buf_str(&before), sdi_buf_str(&after)));
	sdi_buf_release(&before);
	sdi_buf_release(&after);
	world_free(&w);
}
END_TEST

START_TEST(out_of_memory)
{
	struct world w = world_new("");
	struct sdi_gateway *untouched = (struct sdi_gateway *)&w;
	enum sdi_status status = SDI_ENOMEM;
	read_shuffled(&w, 0);
	for (long n = 1; status != SDI_OK; n++) {
		struct sdi_diags *diags = n % 2 ? sdi_diags_new() : NULL;
		struct sdi_gateway *gateway = untouched;
		ck_assert_int_lt(n, 5000);
		sdi_arena_fail_at = n;
		status = sdi_translate(w.store, w.settings, diags, &gateway);
		bool reached = sdi_arena_fail_at == 0;
		sdi_arena_fail_at = 0;
		if (status == SDI_OK) {
			ck_assert_msg(!reached, "allocation %ld failed and nobody noticed", n);
			sdi_gateway_free(gateway);
		} else {
			ck_assert_int_eq(status, SDI_ENOMEM);
			ck_assert_ptr_eq(gateway, untouched);
		}
		sdi_diags_free(diags);
	}
	world_free(&w);
}
END_TEST

START_TEST(misuse)
{
	struct world w = world_new("");
	ck_assert_int_eq(sdi_translate(NULL, NULL, NULL, &w.gateway), SDI_EINVAL);
	ck_assert_int_eq(sdi_translate(w.store, NULL, NULL, NULL), SDI_EINVAL);
	ck_assert_int_eq(sdi_translate(w.store, NULL, NULL, &w.gateway), SDI_OK);
	ck_assert_uint_eq(sdi_gateway_hosts(w.gateway), 1); /* the one for all others */
	world_free(&w);
}
END_TEST

START_TEST(limits)
{
	/* Long paths of one namespace use up its share; another namespace keeps its own. */
	enum { EACH = 4000, COUNT = SDI_LIMIT_NAMESPACE_PATH_BYTES / EACH + 10 };
	struct sdi_buf yaml;
	sdi_buf_init(&yaml, (size_t)64 << 20);
	sdi_buf_lit(&yaml, WEB_B SIMPLE("b", "one", "", "b.example"));
	for (int i = 0; i < COUNT; i++) {
		if (i % 1000 == 0)
			sdi_buf_printf(
				&yaml,
				"%s---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: a, "
				"name: i%d}, spec: {rules: [{host: x.example, http: {paths: [\n",
				i ? "]}}]}}\n" : "", i);
		sdi_buf_printf(&yaml, "{path: /%0*d, backend: {service: {name: web, port: {number: 80}}}},\n", EACH - 1,
		               i);
	}
	sdi_buf_lit(&yaml, "]}}]}}\n");
	struct world w = world_new("");
	ck_assert(!yaml.failed);
	ck_assert_int_eq(sdi_store_read(w.store, yaml.p, yaml.n, "", w.diags), SDI_OK);
	ck_assert_int_eq(sdi_translate(w.store, w.settings, w.diags, &w.gateway), SDI_OK);
	size_t said = 0;
	for (size_t i = 0; i < sdi_diags_count(w.diags); i++)
		said += strcmp(sdi_diag_reason(sdi_diags_get(w.diags, i)), "limit") == 0;
	ck_assert_uint_eq(said, 1);
	ck_assert_uint_eq(w.gateway->n_hosts, 3);
	ck_assert_uint_eq(w.gateway->hosts[0].n_routes, 1);
	ck_assert_uint_lt(w.gateway->hosts[1].n_routes, COUNT - 5);
	ck_assert_uint_gt(w.gateway->hosts[1].n_routes, COUNT - 30);
	world_free(&w);
	sdi_buf_release(&yaml);
}
END_TEST

Suite *sdi_suite_translate(void)
{
	Suite *suite = suite_create("translate");
	TCase *tc = tcase_create("translate");
	tcase_add_unchecked_fixture(tc, make_secrets, free_key);
	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, table_classes, 0, N(classes));
	tcase_add_loop_test(tc, table_rules, 0, N(rules));
	tcase_add_loop_test(tc, table_backends, 0, N(backends));
	tcase_add_loop_test(tc, table_policies, 0, N(policies));
	tcase_add_loop_test(tc, table_certificates, 0, N(certificates));
	tcase_add_loop_test(tc, any_order, 0, 10);
	tcase_add_test(tc, outlives_the_store);
	tcase_add_test(tc, out_of_memory);
	tcase_add_test(tc, misuse);
	tcase_add_test(tc, limits);
	suite_add_tcase(suite, tc);
	return suite;
}
