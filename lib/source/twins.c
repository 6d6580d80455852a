/* SPDX-License-Identifier: BSD-3-Clause */
#include "twins.h"

struct entry {
	struct sdi_node *node;
	size_t index;
};

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = sdi_str_cmp(x->node->key, y->node->key);
	return c ? c : (x->index > y->index) - (x->index < y->index);
}

static int by_index(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	return (x->index > y->index) - (x->index < y->index);
}

static bool has_twins(const struct sdi_node *map)
{
	for (const struct sdi_node *a = map->first; a; a = a->next)
		for (const struct sdi_node *b = a->next; b; b = b->next)
			if (sdi_str_eq(a->key, b->key))
				return true;
	return false;
}

bool sdi_node_drop_twins(struct sdi_node *map, struct sdi_arena *arena)
{
	if (map->n < 32 && !has_twins(map)) /* nearly every map: no allocation, no sorting */
		return true;
	struct entry *all = sdi_arena_array(arena, map->n, struct entry);
	if (!all)
		return false;
	size_t n = 0, kept = 0;
	for (struct sdi_node *child = map->first; child; child = child->next, n++)
		all[n] = (struct entry){ child, n };
	qsort(all, n, sizeof(*all), by_key);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || !sdi_str_eq(all[i].node->key, all[i + 1].node->key))
			all[kept++] = all[i];
	if (kept == n)
		return true;
	qsort(all, kept, sizeof(*all), by_index);
	struct sdi_node **tail = &map->first;
	for (size_t i = 0; i < kept; i++) {
		*tail = all[i].node;
		tail = &all[i].node->next;
	}
	*tail = NULL;
	map->n = kept;
	return true;
}
