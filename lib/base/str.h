/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A view of bytes: never owns, need not end in NUL, may hold any byte. No locale, no <ctype.h>.
 *
 *     struct sdi_str host = SDI_STR("example.org");
 *     if (sdi_str_ends(host, SDI_STR(".org"))) …
 */
#ifndef SDI_BASE_STR_H
#define SDI_BASE_STR_H

#include "banned.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sdi_str {
	const char *p;
	size_t n;
};

#define SDI_STR(literal) ((struct sdi_str){ "" literal "", sizeof("" literal "") - 1 })
#define SDI_STR_INIT(literal)                            \
	{                                                \
		"" literal "", sizeof("" literal "") - 1 \
	} /* for static tables */
#define SDI_STR_FMT "%.*s"
#define SDI_STR_ARG(s) (int)(s).n, (s).p ? (s).p : "" /* only for text whose length is known to be small */

static inline struct sdi_str sdi_str_make(const char *p, size_t n)
{
	return (struct sdi_str){ p, n };
}

static inline struct sdi_str sdi_str_c(const char *text) /* NULL gives the empty view */
{
	return (struct sdi_str){ text, text ? strlen(text) : 0 };
}

static inline bool sdi_str_eq(struct sdi_str a, struct sdi_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool sdi_str_is(struct sdi_str a, const char *literal)
{
	return sdi_str_eq(a, sdi_str_c(literal));
}

static inline bool sdi_str_starts(struct sdi_str s, struct sdi_str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool sdi_str_ends(struct sdi_str s, struct sdi_str suffix)
{
	return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* The rest of @s from @from on; empty when @from is past the end. */
static inline struct sdi_str sdi_str_from(struct sdi_str s, size_t from)
{
	if (from >= s.n)
		return (struct sdi_str){ s.p ? s.p + s.n : NULL, 0 };
	return (struct sdi_str){ s.p + from, s.n - from };
}

static inline struct sdi_str sdi_str_head(struct sdi_str s, size_t n)
{
	return (struct sdi_str){ s.p, n < s.n ? n : s.n };
}

int sdi_str_cmp(struct sdi_str a, struct sdi_str b);        /* by bytes, shorter first: for sorting */
bool sdi_str_eq_nocase(struct sdi_str a, struct sdi_str b); /* ASCII only */
ptrdiff_t sdi_str_find(struct sdi_str s, char c);           /* first index of @c, -1: not there */
bool sdi_str_has(struct sdi_str s, struct sdi_str part);
/* How many single letters have to be changed, added or dropped to make @b of @a (Levenshtein, ASCII case aside), for
 * hints. Beyond 64 bytes of either it is SIZE_MAX: no name here is that long. */
size_t sdi_str_distance(struct sdi_str a, struct sdi_str b);

struct sdi_str sdi_str_trim(struct sdi_str s); /* without spaces, tabs, CR and LF at both ends */

/* Cuts the part before the next @sep off @rest; false when @rest was used up (its p is NULL then). "a,,b" gives
 * three parts, "" gives one empty part. */
bool sdi_str_split(struct sdi_str *rest, char sep, struct sdi_str *ret_part);

static inline char sdi_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool sdi_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool sdi_is_alnum_lower(char c)
{
	return (c >= 'a' && c <= 'z') || sdi_is_digit(c);
}

#endif
