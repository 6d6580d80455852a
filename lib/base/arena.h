/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Arena: memory with one lifetime, freed as a whole. What it hands out is zeroed and aligned for any type.
 *
 * Out of memory: when a handler is armed the call does not return but jumps there, so the code between needs no
 * checks; it must hold nothing that is not in an arena. Without a handler the call returns NULL.
 *
 *     struct sdi_arena a = { 0 };
 *     jmp_buf oom;
 *     if (setjmp(oom)) { sdi_arena_release(&a); return SDI_ENOMEM; }
 *     a.oom = &oom;
 */
#ifndef SDI_BASE_ARENA_H
#define SDI_BASE_ARENA_H

#include "str.h"
#include <setjmp.h>
#include <stdarg.h>

struct sdi_arena_block;

struct sdi_arena {
	struct sdi_arena_block *blocks; /* newest first */
	char *at, *end;                 /* free room of the newest block */
	size_t block_bytes;             /* size of the next block; 0: start small and double up to a limit */
	jmp_buf *oom;
	bool wipe; /* overwrite with zeros before freeing: holds secrets */
};

void *sdi_arena_alloc(struct sdi_arena *arena, size_t n);
void *sdi_arena_array_(struct sdi_arena *arena, size_t count, size_t size);
#define sdi_arena_new(arena, type) ((type *)sdi_arena_alloc((arena), sizeof(type)))
#define sdi_arena_array(arena, count, type) ((type *)sdi_arena_array_((arena), (count), sizeof(type)))

/* A copy of @s, followed by a NUL that n does not count; p is NULL when out of memory without a handler. */
struct sdi_str sdi_arena_copy(struct sdi_arena *arena, struct sdi_str s);
struct sdi_str sdi_arena_lower(struct sdi_arena *arena, struct sdi_str s);
struct sdi_str sdi_arena_printf(struct sdi_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct sdi_str sdi_arena_vprintf(struct sdi_arena *arena, const char *format, va_list args);

size_t sdi_arena_bytes(const struct sdi_arena *arena); /* asked of malloc so far */
void sdi_arena_clear(struct sdi_arena *arena);         /* reusable again; keeps the newest block */
void sdi_arena_release(struct sdi_arena *arena);       /* frees all; reusable again */

/* For tests: the @n-th allocation from now on fails (1: the next); 0 switches that off. Not thread safe. */
extern long sdi_arena_fail_at;
void *sdi_malloc(size_t n); /* counts too; so do all other allocations of this library */
void *sdi_realloc(void *p, size_t n);

#endif
