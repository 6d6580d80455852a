/* SPDX-License-Identifier: BSD-3-Clause */
/* One YAML document as a node tree, by libyaml. Aliases are expanded within SDI_LIMIT_NODES. */
#ifndef SDI_SOURCE_YAML_H
#define SDI_SOURCE_YAML_H

#include "node.h"

struct sdi_parse_error {
	char text[160];
	unsigned line, column; /* within the text, from 1 */
	bool oom;
	bool limit;
};

/* NULL when it can't be parsed (@error is filled in); an empty document gives a SDI_NODE_NULL node. */
struct sdi_node *sdi_yaml_parse(struct sdi_str text, struct sdi_arena *arena, struct sdi_parse_error *error);

#endif
