/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Kubernetes objects as typed structs: the fields that matter here and no others. They are made once from a node
 * tree (the files of model/), never change, and live in one arena with their strings.
 *
 * Names are checked by grammar when they are read (DNS-1123), so that later code may trust them: an object whose own
 * name or namespace is not valid is left out with a diagnostic. References to other objects (secretName, service
 * name) are NOT checked here, since a bad one must only cost its path: translate/ does it.
 */
#ifndef SDI_MODEL_H
#define SDI_MODEL_H

#include "../base/str.h"
#include "../diag.h"

enum sdi_kind {
	SDI_KIND_INGRESS,
	SDI_KIND_INGRESSCLASS,
	SDI_KIND_SERVICE,
	SDI_KIND_ENDPOINTSLICE,
	SDI_KIND_ENDPOINTS, /* legacy; becomes a struct sdi_endpointslice and counts where no slice exists */
	SDI_KIND_SECRET,
	SDI_KIND_CONFIGMAP,
	SDI_KIND_NAMESPACE,
	SDI_KIND__COUNT
};

extern const char *const sdi_kind_name[SDI_KIND__COUNT]; /* "Ingress", … */

struct sdi_pair {
	struct sdi_str key, value;
};

/* Head of every object. */
struct sdi_object {
	enum sdi_kind kind;
	struct sdi_str ns, name;     /* ns is "" for IngressClass and Namespace, "default" when a namespaced
	                                     object does not name one */
	struct sdi_str uid, version; /* metadata.resourceVersion; never emitted */
	int64_t created_s;           /* creationTimestamp, Unix time; INT64_MAX when absent: younger than all */
	struct sdi_origin origin;
	struct sdi_pair *annotations; /* sorted by key; only prefixes that somebody reads */
	size_t n_annotations;
	struct sdi_pair *labels; /* sorted by key; only of Namespace, EndpointSlice and Endpoints */
	size_t n_labels;
};

struct sdi_port_ref {        /* a service port as an ingress names it */
	struct sdi_str name; /* "" when by number */
	int64_t number;      /* 0 when by name; not range checked */
};

struct sdi_backend_ref {
	enum { SDI_BACKEND_NONE, SDI_BACKEND_SERVICE, SDI_BACKEND_RESOURCE, SDI_BACKEND_BOTH } type;
	struct sdi_str service;
	struct sdi_port_ref port;
	struct sdi_str resource; /* "apiGroup/Kind/name", for the diagnostic */
};

enum sdi_path_type { SDI_PATH_IMPLEMENTATION, SDI_PATH_EXACT, SDI_PATH_PREFIX, SDI_PATH_UNKNOWN };

struct sdi_ingress_path {
	struct sdi_str path;      /* as written; "" when absent */
	enum sdi_path_type type;  /* absent: SDI_PATH_IMPLEMENTATION */
	struct sdi_str type_text; /* as written, for the diagnostic */
	struct sdi_backend_ref backend;
};

struct sdi_ingress_rule {
	struct sdi_str host; /* as written; "" when absent */
	bool has_http;
	struct sdi_ingress_path *paths;
	size_t n_paths;
};

struct sdi_ingress_tls {
	struct sdi_str *hosts;
	size_t n_hosts;
	struct sdi_str secret; /* "" when absent */
};

struct sdi_ingress {
	struct sdi_object object;
	bool has_class;
	struct sdi_str class_name;
	struct sdi_backend_ref *default_backend; /* NULL: none */
	struct sdi_ingress_rule *rules;
	size_t n_rules;
	struct sdi_ingress_tls *tls;
	size_t n_tls;
};

struct sdi_ingressclass {
	struct sdi_object object;
	struct sdi_str controller;
	bool has_parameters;
	bool is_default; /* annotation ingressclass.kubernetes.io/is-default-class is "true" */
};

enum sdi_protocol { SDI_PROTO_TCP, SDI_PROTO_UDP, SDI_PROTO_SCTP };

struct sdi_service_port {
	struct sdi_str name; /* "" when absent */
	int64_t port;
	struct sdi_str target_name; /* "" when by number or absent */
	int64_t target_number;      /* 0 when by name or absent */
	enum sdi_protocol protocol;
	struct sdi_str app_protocol;
};

struct sdi_service {
	struct sdi_object object;
	enum { SDI_SERVICE_CLUSTER, SDI_SERVICE_EXTERNAL_NAME } type; /* NodePort and LoadBalancer count as cluster */
	bool headless;                                                /* clusterIP: None */
	struct sdi_str cluster_ip;                                    /* "" when absent or None */
	struct sdi_str external_name;
	bool publish_not_ready;
	struct sdi_service_port *ports;
	size_t n_ports;
};

struct sdi_endpoint {
	struct sdi_str address; /* as written; the first of addresses[] */
	struct sdi_str target;  /* targetRef.name, "" when absent */
	bool ready, serving, terminating;
};

struct sdi_endpoint_port {
	struct sdi_str name; /* "" when absent */
	int64_t port;        /* 0 when absent */
	enum sdi_protocol protocol;
	struct sdi_str app_protocol;
};

/* Also one subset of a legacy Endpoints object; further subsets hang on next. */
struct sdi_endpointslice {
	struct sdi_object object;
	struct sdi_str service; /* label kubernetes.io/service-name, or the name of the Endpoints; "" when absent */
	bool fqdn;              /* addressType FQDN */
	struct sdi_endpoint *endpoints;
	size_t n_endpoints;
	struct sdi_endpoint_port *ports;
	size_t n_ports;
	struct sdi_endpointslice *next; /* NULL but for Endpoints with several subsets */
};

struct sdi_secret_item {
	struct sdi_str key;
	struct sdi_secret_bytes {
		const char *p;
		size_t n;
	} value;      /* decoded; a type of its own, so that no text
	                                                               function takes it */
	bool invalid; /* base64 that does not decode; value is empty */
};

struct sdi_secret {
	struct sdi_object object;
	struct sdi_str type;           /* "kubernetes.io/tls"; "Opaque" when absent */
	struct sdi_secret_item *items; /* sorted by key; data, then stringData over it */
	size_t n_items;
};

struct sdi_configmap {
	struct sdi_object object;
	struct sdi_pair *data; /* sorted by key */
	size_t n_data;
};

struct sdi_namespace {
	struct sdi_object object;
};

/* NULL: not there. */
const struct sdi_str *sdi_object_annotation(const struct sdi_object *object, struct sdi_str key);
const struct sdi_secret_item *sdi_secret_find(const struct sdi_secret *secret, struct sdi_str key);

/* Grammars of Kubernetes: RFC 1123 label (63), subdomain (253); port name as in IANA's registry, up to a Service's 63. */
bool sdi_name_is_label(struct sdi_str s);
bool sdi_name_is_subdomain(struct sdi_str s);
bool sdi_name_is_port(struct sdi_str s);

static inline struct sdi_subject sdi_object_subject(const struct sdi_object *object)
{
	return (struct sdi_subject){ sdi_kind_name[object->kind], object->ns, object->name, object->origin };
}

struct sdi_node;

/*
 * Makes the object of @node (source/node.h), all of it in @arena; the node may be freed afterwards.
 * NULL when it is left out (a diagnostic says why), or out of memory (*ret_oom is set then).
 * An apiVersion/kind that is not used gives NULL without a diagnostic and sets *ret_unused to its kind.
 */
struct sdi_object *sdi_model_make(const struct sdi_node *node, struct sdi_origin origin, struct sdi_arena *arena,
                                  struct sdi_diag_ctx *ctx, struct sdi_str *ret_unused, bool *ret_oom);

#endif
