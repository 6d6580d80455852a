/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From manifests to a gateway in one call, for tests. Objects are written as short macros, so that a row shows what
 * it is about and no more.
 */
#ifndef SDI_TESTS_WORLD_H
#define SDI_TESTS_WORLD_H

#include "suites.h"
#include "base/buf.h"
#include "dialect/registry.h"
#include "diag.h"
#include "gateway/gateway.h"
#include "settings.h"
#include <sdingress/translate.h>

#define OBJECT(api, kind, ns, name, meta, rest)                                                               \
	"---\napiVersion: " api "\nkind: " kind "\nmetadata: {namespace: \"" ns "\", name: \"" name "\"" meta \
	"}\n" rest "\n"
#define BORN(year) ", creationTimestamp: \"" year "-01-01T00:00:00Z\""
#define NOTED(pairs) ", annotations: {" pairs "}"
#define INGRESS(ns, name, meta, spec) OBJECT("networking.k8s.io/v1", "Ingress", ns, name, meta, "spec: {" spec "}")
#define RULES(rules) "rules: [" rules "]"
#define RULE(host, paths) "{host: \"" host "\", http: {paths: [" paths "]}}"
#define PATH(type, path, service, port) "{path: \"" path "\", pathType: " type ", backend: " TO(service, port) "}"
#define TO(service, port) "{service: {name: \"" service "\", port: {" port "}}}"
#define SERVICE(ns, name, spec) OBJECT("v1", "Service", ns, name, "", "spec: {" spec "}")
#define SLICE(ns, name, service, type, ports, endpoints)              \
	OBJECT("discovery.k8s.io/v1", "EndpointSlice", ns, name,      \
	       ", labels: {kubernetes.io/service-name: " service "}", \
	       "addressType: " type "\nports: [" ports "]\nendpoints: [" endpoints "]")
#define READY(address) "{addresses: [\"" address "\"], conditions: {ready: true}}"
#define CLASS(name, meta, spec)                                                                         \
	"---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: \"" name "\"" meta \
	"}\nspec: {" spec "}\n"

/* A service with port 80, called http, and one endpoint. */
#define WEB(ns, name, address)                                                 \
	SERVICE(ns, name, "ports: [{name: http, port: 80, targetPort: 8080}]") \
	SLICE(ns, name "-1", name, "IPv4", "{name: http, port: 8080}", READY(address))

struct world {
	struct sdi_store *store;
	struct sdi_settings *settings;
	struct sdi_diags *diags;
	struct sdi_gateway *gateway;
};

/* @settings: "name=value" lines. */
static inline struct world world_new(const char *settings)
{
	struct world w = { sdi_store_new(), sdi_settings_new(), sdi_diags_new(), NULL };
	struct sdi_str line, rest = sdi_str_c(settings);
	while (sdi_str_split(&rest, '\n', &line)) {
		char copy[200] = "";
		if (line.n == 0)
			continue;
		ck_assert_uint_lt(line.n, sizeof(copy));
		memcpy(copy, line.p, line.n);
		char *equals = strchr(copy, '=');
		ck_assert_msg(equals != NULL, "%s", copy);
		*equals = '\0';
		ck_assert_msg(sdi_settings_set(w.settings, copy, equals + 1, NULL) == SDI_OK, "%s", copy);
	}
	return w;
}

static inline void world_read(struct world *w, const char *yaml)
{
	ck_assert_int_eq(sdi_store_read(w->store, yaml, strlen(yaml), "in.yaml", w->diags), SDI_OK);
}

static inline struct world world_of(const char *settings, const char *yaml)
{
	struct world w = world_new(settings);
	world_read(&w, yaml);
	ck_assert_int_eq(sdi_translate(w.store, w.settings, w.diags, &w.gateway), SDI_OK);
	return w;
}

/* Whether ingress-nginx's annotation @name may be @text, and then its number. */
static inline bool world_takes(const char *name, const char *text, int64_t *ret)
{
	enum sdi_dialect_id id;
	const struct sdi_annotation *row = NULL;
	struct sdi_arena arena = { 0 };
	struct sdi_value got = { .number = 0 };
	const char *why = NULL;
	ck_assert(sdi_annotation_find(sdi_arena_printf(&arena, "nginx.ingress.kubernetes.io/%s", name), &id, &row));
	bool ok = row->parse(row, sdi_str_c(text), &arena, &got, &why);
	ck_assert_msg(ok || (why && *why), "%s: %s", name, text);
	*ret = got.number;
	sdi_arena_release(&arena);
	return ok;
}

static inline void world_free(struct world *w)
{
	sdi_gateway_free(w->gateway);
	sdi_diags_free(w->diags);
	sdi_settings_free(w->settings);
	sdi_store_free(w->store);
}

#endif
