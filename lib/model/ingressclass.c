/* SPDX-License-Identifier: BSD-3-Clause */
#include "read.h"

static const struct at at_spec = { NULL, "spec", 0 };

struct sdi_object *sdi_model_ingressclass(struct reader *r, const struct sdi_node *root)
{
	struct sdi_ingressclass *class = sdi_arena_new(r->arena, struct sdi_ingressclass);
	const struct sdi_node *spec, *parameters;
	if (!read_meta(r, root, false, sdi_name_is_subdomain, &class->object) ||
	    !read_child(r, NULL, root, SDI_STR("spec"), SDI_NODE_MAP, &spec) ||
	    !read_text(r, &at_spec, spec, SDI_STR("controller"), &class->controller))
		return NULL;
	const struct sdi_str *is_default =
		sdi_object_annotation(&class->object, SDI_STR("ingressclass.kubernetes.io/is-default-class"));
	r->cost = "it is not used";
	read_child(r, &at_spec, spec, SDI_STR("parameters"), SDI_NODE_MAP, &parameters);
	class->has_parameters = parameters != NULL;
	class->is_default = is_default && sdi_str_is(*is_default, "true");
	return &class->object;
}
