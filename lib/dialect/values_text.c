/* SPDX-License-Identifier: BSD-3-Clause */
/* Values in which NGINX would expand variables: the known ones become facts, all others are refused. */
#include "values.h"

static const struct {
	struct sdi_str word;
	enum sdi_fact fact;
} facts[] = {
#define X(name, word) { SDI_STR_INIT(word), SDI_FACT_##name },
	SDI_FACTS(X)
#undef X
};

/* "host" off "$host…" or "${host}…"; false: it is not one. */
static bool cut_name(struct sdi_str *rest, struct sdi_str *ret_name)
{
	bool braces = rest->n > 1 && rest->p[1] == '{';
	size_t from = braces ? 2 : 1, i = from;
	while (i < rest->n && (sdi_is_alnum_lower(sdi_lower(rest->p[i])) || rest->p[i] == '_'))
		i++;
	*ret_name = sdi_str_make(rest->p + from, i - from);
	if (braces && (i == rest->n || rest->p[i++] != '}'))
		return false;
	*rest = sdi_str_from(*rest, i);
	return ret_name->n;
}

static bool cut_fact(struct sdi_str *rest, unsigned allowed, enum sdi_fact *ret)
{
	struct sdi_str name;
	if (!cut_name(rest, &name))
		return false;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		if (sdi_str_eq(name, facts[i].word)) {
			*ret = facts[i].fact;
			return allowed >> facts[i].fact & 1;
		}
	}
	return false;
}

static size_t literal_length(struct sdi_str text, const char *more)
{
	size_t n = 0;
	while (n < text.n && text.p[n] && (sdi_is_alnum_lower(sdi_lower(text.p[n])) || strchr(more, text.p[n])))
		n++;
	return n;
}

bool sdi_value_text(struct sdi_str text, const struct sdi_text_grammar *grammar, struct sdi_arena *arena,
                    struct sdi_fact_text *ret)
{
	struct {
		SDI_VEC(struct sdi_fact_part)
	} parts = { 0 };
	if (!text.n || text.n > grammar->max)
		return false;
	while (text.n) {
		struct sdi_fact_part part = { .fact = SDI_FACT_LITERAL };
		size_t n = literal_length(text, grammar->more);
		if (n) {
			part.literal = sdi_arena_copy(arena, sdi_str_head(text, n));
			text = sdi_str_from(text, n);
		} else if (text.p[0] != '$' || !cut_fact(&text, grammar->facts, &part.fact)) {
			return false;
		}
		struct sdi_fact_part *at = sdi_vec_push(&parts, arena);
		if (!at)
			return false;
		*at = part;
	}
	*ret = (struct sdi_fact_text){ parts.p, parts.n };
	return true;
}

bool sdi_parse_text_with_facts(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                               struct sdi_value *ret, const char **ret_why)
{
	const struct sdi_text_grammar *grammar = row->arg;
	struct sdi_fact_text *made = sdi_arena_new(arena, struct sdi_fact_text);
	*ret_why = grammar->want;
	if (!made || !sdi_value_text(text, grammar, arena, made))
		return false;
	ret->list = made;
	ret->n = 1;
	return true;
}
