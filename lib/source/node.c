/* SPDX-License-Identifier: BSD-3-Clause */
#include "node.h"

const struct sdi_node *sdi_node_find(const struct sdi_node *map, struct sdi_str key)
{
	if (!sdi_node_is(map, SDI_NODE_MAP))
		return NULL;
	for (const struct sdi_node *child = map->first; child; child = child->next)
		if (sdi_str_eq(child->key, key))
			return child;
	return NULL;
}

bool sdi_node_int(const struct sdi_node *node, int64_t *ret)
{
	if (!sdi_node_is(node, SDI_NODE_NUMBER))
		return false;
	bool negative = sdi_str_starts(node->text, SDI_STR("-"));
	struct sdi_str digits = sdi_str_from(node->text, negative);
	if (!digits.n)
		return false;
	int64_t sum = 0; /* kept negative: the smallest number has no positive twin */
	for (size_t i = 0; i < digits.n; i++) {
		if (!sdi_is_digit(digits.p[i]) || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, digits.p[i] - '0', &sum))
			return false;
	}
	if (!negative && __builtin_sub_overflow((int64_t)0, sum, &sum))
		return false;
	*ret = sum;
	return true;
}
