/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A hash map from text to a pointer, inside an arena. Keys are not copied: they must live as long as the map.
 *
 *     struct sdi_map services = { .arena = arena };
 *     void **slot = sdi_map_put(&services, key);      // *slot is NULL when the key is new
 *     if (!*slot) *slot = make();
 *     struct sdi_service *svc = sdi_map_get(&services, key);
 *
 * Its order is not defined: never walk it for output. Seeds are fixed, and the number of keys is bounded by the
 * limits of the store.
 */
#ifndef SDI_BASE_MAP_H
#define SDI_BASE_MAP_H

#include "arena.h"

struct sdi_map_slot {
	struct sdi_str key;
	void *value;
	uint64_t hash;
};

struct sdi_map {
	struct sdi_arena *arena;
	struct sdi_map_slot *slots;
	size_t n, room; /* room is a power of two */
};

uint64_t sdi_hash(struct sdi_str s);                              /* 64 bits, the same on every machine and run */
void *sdi_map_get(const struct sdi_map *map, struct sdi_str key); /* NULL: not there */
void **sdi_map_put(struct sdi_map *map, struct sdi_str key);      /* NULL: out of memory without a handler */

#endif
