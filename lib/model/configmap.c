/* SPDX-License-Identifier: BSD-3-Clause */
#include "read.h"

struct sdi_object *sdi_model_configmap(struct reader *r, const struct sdi_node *root)
{
	static const struct at at_data = { NULL, "data", 0 };
	struct sdi_configmap *map = sdi_arena_new(r->arena, struct sdi_configmap);
	const struct sdi_node *data;
	if (!read_meta(r, root, true, sdi_name_is_subdomain, &map->object) ||
	    !read_child(r, NULL, root, SDI_STR("data"), SDI_NODE_MAP, &data) ||
	    !read_pairs(r, &at_data, data, NULL, &map->data, &map->n_data))
		return NULL;
	return &map->object;
}
