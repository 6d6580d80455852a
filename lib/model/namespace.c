/* SPDX-License-Identifier: BSD-3-Clause */
#include "read.h"

struct sdi_object *sdi_model_namespace(struct reader *r, const struct sdi_node *root)
{
	struct sdi_namespace *ns = sdi_arena_new(r->arena, struct sdi_namespace);
	if (!read_meta(r, root, false, sdi_name_is_label, &ns->object) || !read_labels(r, root, NULL, &ns->object))
		return NULL;
	return &ns->object;
}
