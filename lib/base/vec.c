/* SPDX-License-Identifier: BSD-3-Clause */
#include "vec.h"

bool sdi_vec_grow_(struct sdi_arena *arena, void **p, size_t n, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : 4;
	void *bigger = sdi_arena_array_(arena, more, size);
	if (!bigger)
		return false;
	if (n)
		memcpy(bigger, *p, n * size);
	*p = bigger;
	*room = more;
	return true;
}
