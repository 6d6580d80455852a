/* SPDX-License-Identifier: BSD-3-Clause */
/* Ingress of networking.k8s.io/v1. */
#include "../base/limits.h"
#include "read.h"

static const struct at at_spec = { NULL, "spec", 0 };

static const struct read_row port_rows[] = {
	{ SDI_STR_INIT("name"), READ_TEXT, offsetof(struct sdi_port_ref, name) },
	{ SDI_STR_INIT("number"), READ_INT, offsetof(struct sdi_port_ref, number) },
};

static bool read_service(struct reader *r, const struct at *at, const struct sdi_node *service,
                         struct sdi_backend_ref *ret)
{
	const struct at at_port = { at, "port", 0 };
	const struct sdi_node *port;
	return read_text(r, at, service, SDI_STR("name"), &ret->service) &&
	       read_child(r, at, service, SDI_STR("port"), SDI_NODE_MAP, &port) &&
	       READ_ROWS(r, &at_port, port, port_rows, &ret->port);
}

static bool read_resource(struct reader *r, const struct at *at, const struct sdi_node *resource,
                          struct sdi_backend_ref *ret)
{
	struct sdi_str group, kind, name;
	if (!read_text(r, at, resource, SDI_STR("apiGroup"), &group) ||
	    !read_text(r, at, resource, SDI_STR("kind"), &kind) || !read_text(r, at, resource, SDI_STR("name"), &name))
		return false;
	ret->resource = sdi_arena_printf(r->arena, SDI_STR_FMT "/" SDI_STR_FMT "/" SDI_STR_FMT, SDI_STR_ARG(group),
	                                 SDI_STR_ARG(kind), SDI_STR_ARG(name));
	return true;
}

/*
 * A backend that can't be read becomes SDI_BACKEND_NONE, which answers 503. Leaving its path out would hand the path's
 * requests to whatever is served above it.
 */
static void read_backend(struct reader *r, const struct at *at, const struct sdi_node *map, struct sdi_backend_ref *ret)
{
	const struct at at_service = { at, "service", 0 }, at_resource = { at, "resource", 0 };
	const struct sdi_backend_ref none = { .service = SDI_STR(""),
		                              .port.name = SDI_STR(""),
		                              .resource = SDI_STR("") };
	const struct sdi_node *service, *resource;
	const char *cost = r->cost;
	*ret = none;
	r->cost = "503 is answered instead";
	bool good = read_child(r, at, map, SDI_STR("service"), SDI_NODE_MAP, &service) &&
	            read_child(r, at, map, SDI_STR("resource"), SDI_NODE_MAP, &resource) &&
	            (!service || read_service(r, &at_service, service, ret)) &&
	            (!resource || read_resource(r, &at_resource, resource, ret));
	if (good && service)
		ret->type = resource ? SDI_BACKEND_BOTH : SDI_BACKEND_SERVICE;
	else if (good && resource)
		ret->type = SDI_BACKEND_RESOURCE;
	if (good && sdi_node_find(map, SDI_STR("serviceName")))
		read_say(r, SDI_REASON_FIELD_INVALID, at, map,
		         "serviceName and servicePort are of v1beta1: write service.name and service.port.number");
	if (!good)
		*ret = none;
	r->cost = cost;
}

static enum sdi_path_type path_type(struct sdi_str text)
{
	if (!text.n || sdi_str_is(text, "ImplementationSpecific"))
		return SDI_PATH_IMPLEMENTATION;
	if (sdi_str_is(text, "Exact"))
		return SDI_PATH_EXACT;
	return sdi_str_is(text, "Prefix") ? SDI_PATH_PREFIX : SDI_PATH_UNKNOWN;
}

static const struct read_row path_rows[] = {
	{ SDI_STR_INIT("path"), READ_TEXT, offsetof(struct sdi_ingress_path, path) },
	{ SDI_STR_INIT("pathType"), READ_TEXT, offsetof(struct sdi_ingress_path, type_text) },
};

static bool read_path(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	struct sdi_ingress_path *path = into;
	const struct at at_backend = { at, "backend", 0 };
	const struct sdi_node *backend;
	if (!READ_ROWS(r, at, item, path_rows, path))
		return false;
	path->type = path_type(path->type_text);
	const char *cost = r->cost;
	r->cost = "503 is answered instead";
	read_child(r, at, item, SDI_STR("backend"), SDI_NODE_MAP, &backend);
	r->cost = cost;
	read_backend(r, &at_backend, backend, &path->backend);
	return true;
}

static const struct read_list paths_list = { SDI_STR_INIT("paths"), sizeof(struct sdi_ingress_path), SDI_NODE_MAP,
	                                     read_path, "this path is left out" };

static bool read_rule(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	struct sdi_ingress_rule *rule = into;
	const struct at at_http = { at, "http", 0 };
	const struct sdi_node *http;
	/* Without its host the rule would be one for all hosts. */
	if (!read_text(r, at, item, SDI_STR("host"), &rule->host) ||
	    !read_child(r, at, item, SDI_STR("http"), SDI_NODE_MAP, &http))
		return false;
	rule->has_http = http != NULL;
	rule->paths = read_list(r, &at_http, http, &paths_list, &rule->n_paths);
	return true;
}

static const struct read_list rules_list = { SDI_STR_INIT("rules"), sizeof(struct sdi_ingress_rule), SDI_NODE_MAP,
	                                     read_rule, "this rule is left out" };

static const struct read_list hosts_list = { SDI_STR_INIT("hosts"), sizeof(struct sdi_str), SDI_NODE_STRING,
	                                     read_text_item, "this host is left out" };

static bool read_tls(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	struct sdi_ingress_tls *tls = into;
	if (!read_text(r, at, item, SDI_STR("secretName"), &tls->secret))
		return false;
	tls->hosts = read_list(r, at, item, &hosts_list, &tls->n_hosts);
	return true;
}

static const struct read_list tls_list = { SDI_STR_INIT("tls"), sizeof(struct sdi_ingress_tls), SDI_NODE_MAP, read_tls,
	                                   "this entry is left out" };

/* A list that is there and not empty, or something that should have been one. */
static bool has_rules(const struct sdi_node *spec)
{
	const struct sdi_node *rules = sdi_node_find(spec, SDI_STR("rules"));
	return rules && rules->type != SDI_NODE_NULL && (rules->type != SDI_NODE_LIST || rules->n);
}

/*
 * Without rules a default backend takes everything that no host matches. That must come from the object, not from a
 * list that could not be read.
 */
static bool rules_fit(struct reader *r, const struct sdi_node *spec, const struct sdi_ingress *ingress)
{
	size_t paths = 0;
	for (size_t i = 0; i < ingress->n_rules; i++)
		paths += ingress->rules[i].n_paths;
	if (paths > SDI_LIMIT_RULES) {
		sdi_diag_add(
			r->ctx, SDI_REASON_LIMIT, "spec.rules",
			"%zu paths are more than the %d that one Ingress may have: split it; the object is left out",
			paths, SDI_LIMIT_RULES);
		return false;
	}
	if (ingress->default_backend && !ingress->n_rules && has_rules(spec)) {
		sdi_diag_add(r->ctx, SDI_REASON_FIELD_INVALID, "spec.rules",
		             "no rule could be read, and alone the defaultBackend would serve every host; the object "
		             "is left out");
		return false;
	}
	return true;
}

struct sdi_object *sdi_model_ingress(struct reader *r, const struct sdi_node *root)
{
	struct sdi_ingress *ingress = sdi_arena_new(r->arena, struct sdi_ingress);
	const struct at at_default = { &at_spec, "defaultBackend", 0 };
	const struct sdi_node *spec, *dflt;
	/* A class that can't be read: whose object it is can't be known. */
	if (!read_meta(r, root, true, sdi_name_is_subdomain, &ingress->object) ||
	    !read_child(r, NULL, root, SDI_STR("spec"), SDI_NODE_MAP, &spec) ||
	    !read_text(r, &at_spec, spec, SDI_STR("ingressClassName"), &ingress->class_name))
		return NULL;
	ingress->has_class = ingress->class_name.n > 0;
	const char *cost = r->cost;
	r->cost = "it is left out";
	read_child(r, &at_spec, spec, SDI_STR("defaultBackend"), SDI_NODE_MAP, &dflt);
	r->cost = cost;
	if (dflt) {
		ingress->default_backend = sdi_arena_new(r->arena, struct sdi_backend_ref);
		read_backend(r, &at_default, dflt, ingress->default_backend);
	}
	ingress->rules = read_list(r, &at_spec, spec, &rules_list, &ingress->n_rules);
	ingress->tls = read_list(r, &at_spec, spec, &tls_list, &ingress->n_tls);
	if (!ingress->default_backend && !ingress->n_rules)
		sdi_diag_add(r->ctx, SDI_REASON_FIELD_MISSING, "spec",
		             "there are neither rules nor a defaultBackend, so nothing is served for this object");
	return rules_fit(r, spec, ingress) ? &ingress->object : NULL;
}
