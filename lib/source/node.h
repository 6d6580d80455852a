/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One tree for YAML and JSON, in an arena. Whether a plain YAML scalar is a number, a boolean or text is decided as
 * kubectl's parser does it (scalar.h): yes, no, on, off, y and n are booleans there. A key comes once in a map; of
 * several equal ones the last counts, as in Kubernetes' decoders.
 */
#ifndef SDI_SOURCE_NODE_H
#define SDI_SOURCE_NODE_H

#include "../base/arena.h"

enum sdi_node_type { SDI_NODE_NULL, SDI_NODE_BOOL, SDI_NODE_NUMBER, SDI_NODE_STRING, SDI_NODE_LIST, SDI_NODE_MAP };

struct sdi_node {
	enum sdi_node_type type;
	unsigned line, column;  /* in the file, from 1; 0 where the parser does not tell (JSON) */
	struct sdi_str key;     /* in its parent, when that is a map */
	struct sdi_str text;    /* of a string, number (whole ones decimal: "80") or boolean ("true"/"false") */
	struct sdi_node *first; /* children of a list or map, in order */
	struct sdi_node *next;
	size_t n; /* how many children */
};

/* NULL: not there, or @map is NULL or no map. */
const struct sdi_node *sdi_node_find(const struct sdi_node *map, struct sdi_str key);

/* Whole numbers only; false when @node is NULL, no number, or does not fit. */
bool sdi_node_int(const struct sdi_node *node, int64_t *ret);

static inline bool sdi_node_is(const struct sdi_node *node, enum sdi_node_type type)
{
	return node && node->type == type;
}

#endif
