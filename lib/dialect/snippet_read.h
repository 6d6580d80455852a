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
	bool stream, location; /* what it reads belongs there */
	struct sdi_raw *ret;
	const char *why;
	struct {
		SDI_VEC(struct sdi_str)
	} lines, once, made, keys, taken, targets; /* keys: of the map at hand; targets: names that must be upstreams */
	struct {
		SDI_VEC(struct sdi_raw_header)
	} answers;
	size_t block; /* where in .once that of the block at hand begins */
	struct {
		unsigned listens, members, handlers; /* of the server or upstream at hand */
	} has;
};

/* Always false. */
bool sdi_snippet_fail(struct sdi_snippet_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the "}" at r->at belongs to a "${" of its word. */
bool sdi_snippet_in_braces(const struct sdi_snippet_reader *r);

/* Whether NGINX takes the @n values behind @row's name; else it has failed. */
bool sdi_snippet_check(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row,
                       const struct sdi_snippet_word *values, size_t n);

/* The same for a line of @row, a map. */
bool sdi_snippet_entry(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row,
                       const struct sdi_snippet_word *words, size_t n);

/* A text where NGINX puts in the values of variables: each must be known, else it has failed. */
bool sdi_snippet_variables(struct sdi_snippet_reader *r, struct sdi_str text);

/* A number that can't overflow, and one of the letters of @units or none; a time. */
bool sdi_snippet_is_number(struct sdi_str s, const char *units);
bool sdi_snippet_is_time(struct sdi_str s);

/* snippet_more.c: what the module headers-more does, in words of NGINX itself. False: it has failed. */
bool sdi_snippet_more(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row,
                      const struct sdi_snippet_word *values, size_t n);

/* snippet_stream.c: servers of TCP and UDP streams. False: it has failed. */
void sdi_snippet_take(struct sdi_snippet_reader *r, const char *kind, struct sdi_str name);
bool sdi_snippet_listen(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n);
bool sdi_snippet_answer(struct sdi_snippet_reader *r, struct sdi_str text);
bool sdi_snippet_target(struct sdi_snippet_reader *r, struct sdi_str to);
bool sdi_snippet_upstream(struct sdi_snippet_reader *r, struct sdi_str name);
bool sdi_snippet_member(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n);
bool sdi_snippet_balance(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n);
bool sdi_snippet_stream_end(struct sdi_snippet_reader *r, enum sdi_snippet_value block); /* of a block */
bool sdi_snippet_stream_done(struct sdi_snippet_reader *r);                              /* of all */

#endif
