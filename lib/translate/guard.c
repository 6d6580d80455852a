/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One annotation, applied or refused. Dropping a protection is worse than dropping a route: where an annotation that
 * restricts access can't be given, is not done yet or has an invalid value, everything that the ingress serves
 * answers 503. All others cost no more than themselves.
 */
#include "../dialect/snippet.h"
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

/* Whether raw configuration of requests may keep somebody out; that of a stream opens a port, or it does not. */
static bool snippet_guards(const struct sdi_annotation *row, struct sdi_str text)
{
	return row->flags & SDI_ROW_SNIPPET && row->id != SDI_WISH_STREAM_SNIPPET && sdi_snippet_protects(text);
}

bool sdi_value_guards(const struct sdi_value *value)
{
	return is_guard(value->row, value->text) || snippet_guards(value->row, value->text);
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
	*sdi_vec_push(&wish->values, &t->show) = *value; /* until it is joined */
}

static bool allows_snippets(const struct sdi_translation *t)
{
	const struct sdi_value *map = sdi_wish_get(&t->base, SDI_WISH_ALLOW_SNIPPET_ANNOTATIONS);
	return t->settings->allow_snippets && (!map || map->number);
}

/* A word of the operator's list in @text; "" when none is. */
static struct sdi_str blocked_word(const struct sdi_translation *t, struct sdi_str text)
{
	const struct sdi_value *list = sdi_wish_get(&t->base, SDI_WISH_ANNOTATION_VALUE_WORD_BLOCKLIST);
	struct sdi_str rest = list ? list->text : SDI_STR(""), word;
	while (sdi_str_split(&rest, ',', &word))
		if (word.n && sdi_str_has(text, word))
			return word;
	return SDI_STR("");
}

static const char *snippets_off(const struct sdi_translation *t, const struct sdi_annotation *row)
{
	return row->flags & SDI_ROW_SNIPPET && !allows_snippets(t) ?
	               "snippets are off; the operator may turn them on with --allow-snippets, and the ConfigMap's "
	               "allow-snippet-annotations must not be false" :
	               NULL;
}

/* Why the operator does not want an Ingress with this annotation, NULL when he does. */
static const char *refusal(struct sdi_translation *t, const struct sdi_annotation *row, struct sdi_str text)
{
	const struct sdi_value *level = sdi_wish_get(&t->base, SDI_WISH_ANNOTATIONS_RISK_LEVEL);
	struct sdi_str word = blocked_word(t, text);
	if (level && (int64_t)sdi_annotation_risk(row) > level->number)
		return sdi_arena_printf(&t->show, "its risk is %s, and annotations-risk-level is %s",
		                        sdi_risk_text(sdi_annotation_risk(row)),
		                        sdi_risk_text((enum sdi_risk)level->number))
		        .p;
	return word.n ? sdi_arena_printf(&t->show, "annotation-value-word-blocklist has \"%s\"",
	                                 sdi_show(&t->diag, word))
	                        .p :
	                NULL;
}

/* A snippet that is turned away and may restrict access closes what it was meant for. */
static void refuse_snippet(struct sdi_translation *t, const struct sdi_annotation *row, const struct sdi_pair *pair,
                           struct sdi_wish *wish, const char *why)
{
	if (is_guard(row, pair->value) || snippet_guards(row, pair->value) || row->id == SDI_WISH_AUTH_SNIPPET)
		deny(t, pair, wish, why);
	else
		sdi_diag_add(&t->diag, SDI_REASON_SNIPPET_IGNORED, sdi_show(&t->diag, pair->key),
		             "%s; \"%s\" has no effect", why, sdi_show(&t->diag, pair->value));
}

/* True: the Ingress is not served, as in the original. */
static bool refuse(struct sdi_translation *t, const struct sdi_annotation *row, const struct sdi_pair *pair,
                   struct sdi_wish *wish)
{
	const char *why = refusal(t, row, pair->value);
	if (!why)
		return false;
	wish->refused = true;
	sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_REFUSED, sdi_show(&t->diag, pair->key),
	             "\"%s\": %s; nothing of this Ingress is served, its paths answer 404",
	             sdi_show(&t->diag, pair->value), why);
	return true;
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
	const char *off = snippets_off(t, row);
	if (!off && dialect == SDI_DIALECT_INGRESS_NGINX && refuse(t, row, pair, wish))
		return;
	if (off) {
		refuse_snippet(t, row, pair, wish, off);
	} else if ((row->flags & SDI_ROW_PENDING) || !row->parse) {
		if (guard || snippet_guards(row, pair->value))
			deny(t, pair, wish, row->lossy[0] ? row->lossy[0] : "this release does not do it yet");
		else if (!(row->flags & SDI_ROW_ENABLES))
			sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_NONE, sdi_show(&t->diag, pair->key),
			             "%s; it has no effect",
			             row->lossy[0] ? row->lossy[0] : "this release does not do it yet");
	} else if (row->parse(row, value.text, &t->scratch, &value, &why)) {
		add(t, row, pair, &value, wish);
	} else if (guard) {
		deny(t, pair, wish, why);
	} else {
		sdi_diag_add(&t->diag, SDI_REASON_VALUE_INVALID, sdi_show(&t->diag, pair->key),
		             "\"%s\" is not valid: %s; the default holds", sdi_show(&t->diag, pair->value), why);
	}
}
