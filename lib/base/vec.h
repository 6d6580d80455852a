/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A list that grows inside an arena. Old copies stay in the arena until it goes, which doubling keeps below twice
 * the size.
 *
 *     struct { SDI_VEC(struct sdi_route) } routes = { 0 };
 *     *sdi_vec_push(&routes, arena) = route;
 *     for (size_t i = 0; i < routes.n; i++) use(&routes.p[i]);
 *
 * With an arena that has no out-of-memory handler, sdi_vec_push() may return NULL.
 */
#ifndef SDI_BASE_VEC_H
#define SDI_BASE_VEC_H

#include "arena.h"

#define SDI_VEC(type) \
	type *p;      \
	size_t n, room;

bool sdi_vec_grow_(struct sdi_arena *arena, void **p, size_t n, size_t *room, size_t size);

bool sdi_vec_reserve_(struct sdi_arena *arena, void **p, size_t n, size_t *room, size_t more, size_t size);

/* Room for just @more behind those that are there; false: out of memory. */
#define sdi_vec_reserve(vec, more, arena) \
	sdi_vec_reserve_((arena), (void **)&(vec)->p, (vec)->n, &(vec)->room, (more), sizeof(*(vec)->p))

#define sdi_vec_push(vec, arena)                                                                                 \
	((vec)->n < (vec)->room ||                                                                               \
	                 sdi_vec_grow_((arena), (void **)&(vec)->p, (vec)->n, &(vec)->room, sizeof(*(vec)->p)) ? \
	         &(vec)->p[(vec)->n++] :                                                                         \
	         NULL)

#endif
