/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of address ranges. One bad entry spoils the list: who wrote it meant to keep somebody in or out. */
#include "../base/cidr.h"
#include "values.h"

bool sdi_parse_cidrs(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                     struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	size_t n = 1, kept = 0;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	struct sdi_cidr *list = sdi_arena_array(arena, n, struct sdi_cidr);
	struct sdi_str part;
	*ret_why = "write addresses or ranges with commas between them, as in 10.0.0.0/8, 2001:db8::1";
	for (size_t i = 0; sdi_str_split(&text, ',', &part); i++)
		if (!sdi_cidr_parse(sdi_str_trim(part), &list[i]))
			return false;
	qsort(list, n, sizeof(*list), sdi_cidr_cmp);
	for (size_t i = 0; i < n; i++)
		if (!kept || sdi_cidr_cmp(&list[kept - 1], &list[i]) != 0)
			list[kept++] = list[i];
	ret->list = list;
	ret->n = kept;
	return true;
}
