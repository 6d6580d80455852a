/* SPDX-License-Identifier: BSD-3-Clause */
/* One YAML document as a node tree, by libyaml. Aliases are expanded within SDI_LIMIT_NODES. */
#ifndef SDI_SOURCE_YAML_H
#define SDI_SOURCE_YAML_H

#include "node.h"

struct sdi_parse_error {
	char text[160];        /* never holds a byte of the input: that may be a secret */
	unsigned line, column; /* within the text, from 1; the column in bytes */
	bool oom;
	bool limit;
};

/* NULL when it can't be parsed (@error is filled in); an empty document gives a SDI_NODE_NULL node. */
struct sdi_node *sdi_yaml_parse(struct sdi_str text, struct sdi_arena *arena, struct sdi_parse_error *error);

/* The same for a text that begins in line @line of its file: the lines of nodes and of @error count from there. */
struct sdi_node *sdi_yaml_parse_at(struct sdi_str text, unsigned line, struct sdi_arena *arena,
                                   struct sdi_parse_error *error);

#endif
