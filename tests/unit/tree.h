/* SPDX-License-Identifier: BSD-3-Clause */
/* A node tree as one line: {kind:"A",ports:[80,443],tls:null}; with places, each value has @line.column behind it. */
#ifndef SDI_TESTS_TREE_H
#define SDI_TESTS_TREE_H

#include "base/buf.h"
#include "source/node.h"

static inline void tree_add(struct sdi_buf *buf, const struct sdi_node *node, bool places)
{
	static const char *const brackets[] = { [SDI_NODE_STRING] = "\"\"", [SDI_NODE_LIST] = "[]", [SDI_NODE_MAP] = "{}" };
	const char *around = node->type >= SDI_NODE_STRING ? brackets[node->type] : NULL;
	if (around)
		sdi_buf_char(buf, around[0]);
	sdi_buf_add(buf, node->type == SDI_NODE_NULL ? SDI_STR("null") : node->text);
	for (const struct sdi_node *child = node->first; child; child = child->next) {
		sdi_buf_add(buf, child->key);
		if (node->type == SDI_NODE_MAP)
			sdi_buf_char(buf, ':');
		tree_add(buf, child, places);
		if (child->next)
			sdi_buf_char(buf, ',');
	}
	if (around)
		sdi_buf_char(buf, around[1]);
	if (places)
		sdi_buf_printf(buf, "@%u.%u", node->line, node->column);
}

#endif
