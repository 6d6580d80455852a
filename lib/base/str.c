/* SPDX-License-Identifier: BSD-3-Clause */
#include "str.h"

int sdi_str_cmp(struct sdi_str a, struct sdi_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	if (c)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

bool sdi_str_eq_nocase(struct sdi_str a, struct sdi_str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (sdi_lower(a.p[i]) != sdi_lower(b.p[i]))
			return false;
	return true;
}

ptrdiff_t sdi_str_find(struct sdi_str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
	return at ? at - s.p : -1;
}

bool sdi_str_has(struct sdi_str s, struct sdi_str part)
{
	return part.n == 0 || (s.n && memmem(s.p, s.n, part.p, part.n));
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct sdi_str sdi_str_trim(struct sdi_str s)
{
	while (s.n && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool sdi_str_split(struct sdi_str *rest, char sep, struct sdi_str *ret_part)
{
	if (!rest->p)
		return false;
	ptrdiff_t at = sdi_str_find(*rest, sep);
	if (at < 0) {
		*ret_part = *rest;
		*rest = (struct sdi_str){ 0 };
	} else {
		*ret_part = sdi_str_head(*rest, (size_t)at);
		*rest = sdi_str_from(*rest, (size_t)at + 1);
	}
	return true;
}

size_t sdi_str_distance(struct sdi_str a, struct sdi_str b)
{
	enum { LONGEST = 64 };
	size_t line[LONGEST + 1]; /* of the table a × b, the one being filled */
	if (a.n > LONGEST || b.n > LONGEST)
		return SIZE_MAX;
	for (size_t k = 0; k <= b.n; k++)
		line[k] = k;
	for (size_t i = 0; i < a.n; i++) {
		size_t diagonal = line[0];
		line[0] = i + 1;
		for (size_t k = 0; k < b.n; k++) {
			size_t best = diagonal + (sdi_lower(a.p[i]) != sdi_lower(b.p[k]));
			best = line[k] + 1 < best ? line[k] + 1 : best;
			diagonal = line[k + 1];
			line[k + 1] = diagonal + 1 < best ? diagonal + 1 : best;
		}
	}
	return line[b.n];
}
