/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One annotation, applied or refused. Dropping a protection is worse than dropping a route: where an annotation that
 * restricts access can't be given, is not done yet or has an invalid value, everything that the ingress serves
 * answers 503. All others cost no more than themselves.
 */
#include "translation.h"

/* Not for the hostile: each hint costs a walk over a dialect's rows. */
enum { HINTS = 8 };

static bool is_off(struct sdi_str value)
{
	static const char *const words[] = { "", "false", "off", "0", "none" };
	value = sdi_str_trim(value);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sdi_str_eq_nocase(value, sdi_str_c(words[i])))
			return true;
	return false;
}

static bool is_guard(const struct sdi_annotation *row, struct sdi_str value)
{
	if (row->flags & SDI_ROW_ENABLES)
		return !is_off(value);
	return row->flags & SDI_ROW_GUARD;
}

/* The name that was most likely meant; NULL: none comes near. */
static const char *nearest(const struct sdi_dialect *dialect, struct sdi_str key)
{
	enum { FAR = 4 };
	ptrdiff_t slash = sdi_str_find(key, '/');
	struct sdi_str name = sdi_str_from(key, (size_t)(slash + 1));
	size_t least = FAR;
	const char *found = NULL;
	for (size_t i = 0; i < dialect->n_rows; i++) {
		struct sdi_str row = sdi_str_c(dialect->rows[i].name);
		size_t edits = row.n < name.n + FAR && name.n < row.n + FAR ? sdi_str_distance(name, row) : FAR;
		if (edits < least) {
			least = edits;
			found = dialect->rows[i].name;
		}
	}
	return found;
}

static void say_unknown(struct sdi_translation *t, enum sdi_dialect_id id, struct sdi_str key, unsigned *hints)
{
	const struct sdi_dialect *dialect = sdi_dialect_get(id);
	const char *meant = (*hints)++ < HINTS ? nearest(dialect, key) : NULL;
	sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_UNKNOWN, sdi_show(&t->diag, key),
	             "%s has no such annotation; it has no effect%s%s%s", dialect->name,
	             meant ? ". Did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
}

static void deny(struct sdi_translation *t, const struct sdi_pair *pair, struct sdi_wish *wish, const char *why)
{
	sdi_diag_add(&t->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&t->diag, pair->key),
	             "this protection can't be given (%s), so everything that this Ingress serves answers 503", why);
	if (!wish->denied_by.n)
		wish->denied_by = pair->key;
}

/* Adds what @row read, unless another name of the same meaning came before. */
static void add(struct sdi_translation *t, const struct sdi_annotation *row, const struct sdi_pair *pair,
                const struct sdi_value *value, struct sdi_wish *wish)
{
	const struct sdi_value *before = row->id ? sdi_wish_get(wish, row->id) : NULL;
	if (!row->id)
		return;
	if (before) {
		sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_CONFLICT, sdi_show(&t->diag, pair->key),
		             "another name of \"%s\", which holds; this one has no effect", before->row->name);
		return;
	}
	*sdi_vec_push(&wish->values, &t->scratch) = *value;
}

void sdi_guard_apply(struct sdi_translation *t, enum sdi_dialect_id dialect, const struct sdi_annotation *row,
                     const struct sdi_pair *pair, struct sdi_wish *wish, unsigned *hints)
{
	const char *why = "the value is not valid";
	if (!row) {
		say_unknown(t, dialect, pair->key, hints);
		return;
	}
	if (row->flags & SDI_ROW_IGNORED)
		return;
	bool guard = is_guard(row, pair->value);
	struct sdi_value value = { .id = row->id, .row = row, .key = pair->key, .text = sdi_str_trim(pair->value) };
	if (!guard && (row->flags & SDI_ROW_SNIPPET) && !t->settings->allow_snippets) {
		sdi_diag_add(&t->diag, SDI_REASON_SNIPPET_IGNORED, sdi_show(&t->diag, pair->key),
		             "snippets are off; the operator may turn them on with --allow-snippets");
	} else if ((row->flags & SDI_ROW_PENDING) || !row->parse) {
		if (guard)
			deny(t, pair, wish, "this release does not do it yet");
		else if (!(row->flags & SDI_ROW_ENABLES))
			sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_NONE, sdi_show(&t->diag, pair->key),
			             "this release does not do it yet; it has no effect");
	} else if (row->parse(row, value.text, &t->scratch, &value, &why)) {
		add(t, row, pair, &value, wish);
	} else if (guard) {
		deny(t, pair, wish, why);
	} else {
		sdi_diag_add(&t->diag, SDI_REASON_VALUE_INVALID, sdi_show(&t->diag, pair->key),
		             "\"%s\" is not valid: %s; the default holds", sdi_show(&t->diag, pair->value), why);
	}
}
