/* SPDX-License-Identifier: BSD-3-Clause */
#include "header_map.h"
#include "../dialect/values.h"
#include "auth_text.h"

const struct sdi_configmap *sdi_header_map_find(struct sdi_translation *t, struct sdi_str reference, struct sdi_str ns,
                                                const char **ret_why)
{
	ptrdiff_t slash = sdi_str_find(reference, '/');
	if (slash >= 0)
		ns = sdi_str_head(reference, (size_t)slash);
	*ret_why = "there is no such ConfigMap";
	return (const struct sdi_configmap *)sdi_store_find(t->store, SDI_KIND_CONFIGMAP, ns,
	                                                    sdi_str_from(reference, (size_t)(slash + 1)));
}

const char *sdi_header_map_read(struct sdi_translation *t, const struct sdi_pair *pair, unsigned facts,
                                struct sdi_header_text *ret)
{
	static const char more[] = "$ _:;.,\\/\"'?!(){}[]@<>=-+*#&`|~^%";
	const struct sdi_text_grammar grammar = { facts, facts ? more + 1 : more, 1024, "" };
	if (!sdi_header_may_be_set(pair->key))
		return "a name that is no header's, or of a header that can't be set";
	if (!sdi_value_text(sdi_str_trim(pair->value), &grammar, t->arena, &ret->value))
		return "a value that is empty, or has characters or variables that are not known here";
	ret->name = sdi_arena_copy(t->arena, pair->key);
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	return sdi_str_cmp(((const struct sdi_header_text *)a)->name, ((const struct sdi_header_text *)b)->name);
}

void sdi_header_map_sort(struct sdi_header_text *headers, size_t n)
{
	if (n)
		qsort(headers, n, sizeof(*headers), by_name);
}
