/* SPDX-License-Identifier: BSD-3-Clause */
#include "map.h"

uint64_t sdi_hash(struct sdi_str s)
{
	/* FNV-1a, then a final mix so that the low bits that pick a slot depend on all bytes. */
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	return h ^ (h >> 33);
}

/* The slot of @key, or the empty one where it belongs. */
static struct sdi_map_slot *find(const struct sdi_map *map, struct sdi_str key, uint64_t hash)
{
	size_t i = hash & (map->room - 1);
	for (;; i = (i + 1) & (map->room - 1)) {
		struct sdi_map_slot *slot = &map->slots[i];
		if (!slot->key.p || (slot->hash == hash && sdi_str_eq(slot->key, key)))
			return slot;
	}
}

void *sdi_map_get(const struct sdi_map *map, struct sdi_str key)
{
	return map->room ? find(map, key, sdi_hash(key))->value : NULL;
}

static bool grow(struct sdi_map *map)
{
	struct sdi_map bigger = { .arena = map->arena, .n = map->n, .room = map->room ? map->room * 2 : 16 };
	bigger.slots = sdi_arena_array(map->arena, bigger.room, struct sdi_map_slot);
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < map->room; i++)
		if (map->slots[i].key.p)
			*find(&bigger, map->slots[i].key, map->slots[i].hash) = map->slots[i];
	*map = bigger;
	return true;
}

void **sdi_map_put(struct sdi_map *map, struct sdi_str key)
{
	if ((map->n + 1) * 4 > map->room * 3 && !grow(map))
		return NULL;
	if (!key.p)
		key.p = ""; /* a NULL key marks an empty slot */
	uint64_t hash = sdi_hash(key);
	struct sdi_map_slot *slot = find(map, key, hash);
	if (!slot->key.p) {
		slot->key = key;
		slot->hash = hash;
		map->n++;
	}
	return &slot->value;
}
