/* SPDX-License-Identifier: BSD-3-Clause */
#include "arena.h"
#include <stdalign.h>
#include <stdio.h>

enum { FIRST_BLOCK = 512, LARGEST_BLOCK = 256 * 1024 };

struct sdi_arena_block {
	struct sdi_arena_block *next;
	size_t n; /* bytes of data */
	alignas(max_align_t) char data[];
};

long sdi_arena_fail_at;

static bool told_to_fail(void)
{
	return sdi_arena_fail_at > 0 && --sdi_arena_fail_at == 0;
}

void *sdi_malloc(size_t n)
{
	return told_to_fail() ? NULL : malloc(n ? n : 1);
}

void *sdi_realloc(void *p, size_t n)
{
	return told_to_fail() ? NULL : realloc(p, n ? n : 1);
}

static void *out_of_memory(struct sdi_arena *arena)
{
	if (arena->oom)
		longjmp(*arena->oom, 1);
	return NULL;
}

static bool add_block(struct sdi_arena *arena, size_t n)
{
	size_t want = arena->block_bytes ? arena->block_bytes : FIRST_BLOCK;
	size_t size = n > want ? n : want;
	if (size > SIZE_MAX - sizeof(struct sdi_arena_block))
		return false;
	struct sdi_arena_block *block = sdi_malloc(sizeof(*block) + size);
	if (!block)
		return false;
	*block = (struct sdi_arena_block){ .next = arena->blocks, .n = size };
	arena->blocks = block;
	arena->at = block->data;
	arena->end = block->data + size;
	arena->block_bytes = want < LARGEST_BLOCK ? want * 2 : want;
	return true;
}

void *sdi_arena_alloc(struct sdi_arena *arena, size_t n)
{
	const size_t align = alignof(max_align_t);
	if (n > SIZE_MAX - align)
		return out_of_memory(arena);
	size_t padded = (n + align - 1) / align * align;
	/* Also nothing has an address: NULL always means out of memory. */
	if ((!arena->blocks || padded > (size_t)(arena->end - arena->at)) && !add_block(arena, padded))
		return out_of_memory(arena);
	char *p = arena->at;
	arena->at += padded;
	return memset(p, 0, padded);
}

void *sdi_arena_array_(struct sdi_arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return out_of_memory(arena);
	return sdi_arena_alloc(arena, count * size);
}

/* Text needs no alignment: it is packed from the end of the block, objects from its start. */
static char *alloc_text(struct sdi_arena *arena, size_t n)
{
	if (n > (size_t)(arena->end - arena->at) && !add_block(arena, n))
		return out_of_memory(arena);
	arena->end -= n;
	return arena->end;
}

struct sdi_str sdi_arena_copy(struct sdi_arena *arena, struct sdi_str s)
{
	if (s.n == SIZE_MAX)
		return sdi_str_make(out_of_memory(arena), 0);
	char *p = alloc_text(arena, s.n + 1);
	if (!p)
		return (struct sdi_str){ 0 };
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return sdi_str_make(p, s.n);
}

struct sdi_str sdi_arena_lower(struct sdi_arena *arena, struct sdi_str s)
{
	struct sdi_str copy = sdi_arena_copy(arena, s);
	char *p = (char *)copy.p;
	for (size_t i = 0; i < copy.n; i++)
		p[i] = sdi_lower(p[i]);
	return copy;
}

struct sdi_str sdi_arena_vprintf(struct sdi_arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	char *p = n < 0 ? out_of_memory(arena) : alloc_text(arena, (size_t)n + 1);
	if (!p)
		return (struct sdi_str){ 0 };
	vsnprintf(p, (size_t)n + 1, format, args);
	return sdi_str_make(p, (size_t)n);
}

struct sdi_str sdi_arena_printf(struct sdi_arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct sdi_str s = sdi_arena_vprintf(arena, format, args);
	va_end(args);
	return s;
}

size_t sdi_arena_bytes(const struct sdi_arena *arena)
{
	size_t sum = 0;
	for (const struct sdi_arena_block *b = arena->blocks; b; b = b->next)
		sum += b->n + sizeof(*b);
	return sum;
}

static void free_blocks(struct sdi_arena_block *block, bool wipe)
{
	while (block) {
		struct sdi_arena_block *next = block->next;
		if (wipe)
			explicit_bzero(block->data, block->n);
		free(block);
		block = next;
	}
}

void sdi_arena_clear(struct sdi_arena *arena)
{
	struct sdi_arena_block *newest = arena->blocks;
	if (!newest)
		return;
	free_blocks(newest->next, arena->wipe);
	newest->next = NULL;
	if (arena->wipe)
		explicit_bzero(newest->data, newest->n);
	arena->at = newest->data;
	arena->end = newest->data + newest->n;
}

void sdi_arena_release(struct sdi_arena *arena)
{
	free_blocks(arena->blocks, arena->wipe);
	*arena = (struct sdi_arena){ .wipe = arena->wipe };
}
