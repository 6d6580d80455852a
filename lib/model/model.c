/* SPDX-License-Identifier: BSD-3-Clause */
/* From apiVersion and kind to the function that reads such an object. */
#include "model.h"
#include "read.h"

const char *const sdi_kind_name[SDI_KIND__COUNT] = {
	[SDI_KIND_INGRESS] = "Ingress",     [SDI_KIND_INGRESSCLASS] = "IngressClass",
	[SDI_KIND_SERVICE] = "Service",     [SDI_KIND_ENDPOINTSLICE] = "EndpointSlice",
	[SDI_KIND_ENDPOINTS] = "Endpoints", [SDI_KIND_SECRET] = "Secret",
	[SDI_KIND_CONFIGMAP] = "ConfigMap", [SDI_KIND_NAMESPACE] = "Namespace",
};

static const struct kind {
	const char *group; /* with its slash; "" is the core group */
	const char *old_group;
	sdi_model_fn *make;
} kinds[SDI_KIND__COUNT] = {
	[SDI_KIND_INGRESS] = { "networking.k8s.io/", "extensions/", sdi_model_ingress },
	[SDI_KIND_INGRESSCLASS] = { "networking.k8s.io/", NULL, sdi_model_ingressclass },
	[SDI_KIND_SERVICE] = { "", NULL, sdi_model_service },
	[SDI_KIND_ENDPOINTSLICE] = { "discovery.k8s.io/", NULL, sdi_model_endpointslice },
	[SDI_KIND_ENDPOINTS] = { "", NULL, sdi_model_endpoints },
	[SDI_KIND_SECRET] = { "", NULL, sdi_model_secret },
	[SDI_KIND_CONFIGMAP] = { "", NULL, sdi_model_configmap },
	[SDI_KIND_NAMESPACE] = { "", NULL, sdi_model_namespace },
};

static int kind_of(struct sdi_str name)
{
	for (int kind = 0; kind < SDI_KIND__COUNT; kind++)
		if (sdi_str_is(name, sdi_kind_name[kind]))
			return kind;
	return -1;
}

/* "v1" of its group, of which no kind here has a later version. */
static bool is_current(const struct kind *kind, struct sdi_str api)
{
	size_t n = strlen(kind->group);
	return sdi_str_starts(api, sdi_str_c(kind->group)) && sdi_str_is(sdi_str_from(api, n), "v1");
}

static bool is_of_group(const char *group, struct sdi_str api)
{
	struct sdi_str prefix = sdi_str_c(group);
	return prefix.n ? sdi_str_starts(api, prefix) : sdi_str_find(api, '/') < 0;
}

static struct sdi_str text_of(const struct sdi_node *map, struct sdi_str key)
{
	const struct sdi_node *node = sdi_node_find(map, key);
	return sdi_node_is(node, SDI_NODE_STRING) ? node->text : SDI_STR("");
}

/* Another version of a kind that is read here: extensions/v1beta1 and the like. */
static void say_version(struct sdi_diag_ctx *ctx, enum sdi_kind kind, const struct sdi_node *node, struct sdi_str api)
{
	const struct sdi_node *meta = sdi_node_find(node, SDI_STR("metadata"));
	ctx->subject.name = text_of(meta, SDI_STR("name"));
	ctx->subject.ns = text_of(meta, SDI_STR("namespace"));
	sdi_diag_add(ctx, SDI_REASON_API_VERSION, "apiVersion", "%s is not served by any current cluster: write %sv1%s",
	             sdi_show(ctx, api), kinds[kind].group,
	             kind == SDI_KIND_INGRESS ? ", with a pathType for each path, and backend.service.name and "
	                                        "backend.service.port for its backend" :
	                                        "");
}

/* What to call an object that is not used; of a name that is also used here, with its group. */
static struct sdi_str unused_kind(const struct sdi_node *node, struct sdi_str kind, struct sdi_arena *arena)
{
	if (kind_of(kind) < 0)
		return kind;
	struct sdi_str api = sdi_str_head(text_of(node, SDI_STR("apiVersion")), 300);
	return sdi_arena_printf(arena, SDI_STR_FMT " of " SDI_STR_FMT, SDI_STR_ARG(kind), SDI_STR_ARG(api));
}

static struct sdi_object *make(struct reader *r, const struct sdi_node *node, struct sdi_str *ret_unused)
{
	struct sdi_str api = text_of(node, SDI_STR("apiVersion")), name = text_of(node, SDI_STR("kind"));
	if (!api.n || !name.n) {
		sdi_diag_add(r->ctx, SDI_REASON_FIELD_MISSING, api.n ? "kind" : "apiVersion",
		             "this is no Kubernetes object, which has an apiVersion and a kind; it is left out");
		return NULL;
	}
	int found = kind_of(name);
	const struct kind *kind = found < 0 ? NULL : &kinds[found];
	if (!kind || !(is_of_group(kind->group, api) || (kind->old_group && is_of_group(kind->old_group, api)))) {
		*ret_unused = unused_kind(node, name, r->arena);
		return NULL;
	}
	r->ctx->subject.kind = sdi_kind_name[found];
	if (!is_current(kind, api)) {
		say_version(r->ctx, (enum sdi_kind)found, node, api);
		return NULL;
	}
	struct sdi_object *object = kind->make(r, node);
	if (object)
		object->kind = (enum sdi_kind)found;
	return object;
}

struct sdi_object *sdi_model_make(const struct sdi_node *node, struct sdi_origin origin, struct sdi_arena *arena,
                                  struct sdi_diag_ctx *ctx, struct sdi_str *ret_unused, bool *ret_oom)
{
	struct reader r = { .arena = arena, .ctx = ctx, .cost = "the object is left out" };
	jmp_buf oom, *outer = arena->oom;
	ctx->subject = (struct sdi_subject){ .kind = "", .origin = origin };
	if (!node || node->type == SDI_NODE_NULL)
		return NULL; /* an empty document */
	if (setjmp(oom)) {
		arena->oom = outer;
		*ret_oom = true;
		return NULL;
	}
	arena->oom = &oom;
	struct sdi_object *object = make(&r, node, ret_unused);
	arena->oom = outer;
	return object;
}
