/* SPDX-License-Identifier: BSD-3-Clause */
/* What the reader of snippets and the checks of values have between them. */
#ifndef SDI_DIALECT_SNIPPET_READ_H
#define SDI_DIALECT_SNIPPET_READ_H

#include "../base/vec.h"
#include "snippet.h"

struct sdi_snippet_word {
	struct sdi_str raw, value; /* as written, and what NGINX reads */
	bool quoted;
};

struct sdi_snippet_reader {
	struct sdi_arena *arena;
	struct sdi_str text;
	size_t at, word; /* where it reads, where the word began */
	const struct sdi_raw *http;
	struct sdi_raw *ret;
	const char *why;
	struct {
		SDI_VEC(struct sdi_str)
	} lines, once, made, keys; /* keys: of the map at hand */
};

/* Always false. */
bool sdi_snippet_fail(struct sdi_snippet_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the "}" at r->at belongs to a "${" of its word. */
bool sdi_snippet_in_braces(const struct sdi_snippet_reader *r);

/* Whether NGINX takes the @n values behind @row's name; else it has failed. */
bool sdi_snippet_check(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row,
                       const struct sdi_snippet_word *values, size_t n, unsigned context);

/* The same for a line of a map. */
bool sdi_snippet_entry(struct sdi_snippet_reader *r, const struct sdi_snippet_word *words, size_t n);

#endif
