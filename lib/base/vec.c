/* SPDX-License-Identifier: BSD-3-Clause */
#include "vec.h"

static bool resize(struct sdi_arena *arena, void **p, size_t n, size_t *room, size_t more, size_t size)
{
	void *bigger = sdi_arena_array_(arena, more, size);
	if (!bigger)
		return false;
	if (n)
		memcpy(bigger, *p, n * size);
	*p = bigger;
	*room = more;
	return true;
}

bool sdi_vec_grow_(struct sdi_arena *arena, void **p, size_t n, size_t *room, size_t size)
{
	return resize(arena, p, n, room, *room ? *room * 2 : 4, size);
}

bool sdi_vec_reserve_(struct sdi_arena *arena, void **p, size_t n, size_t *room, size_t more, size_t size)
{
	return n + more <= *room || resize(arena, p, n, room, n + more, size);
}
