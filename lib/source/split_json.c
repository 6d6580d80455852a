/* SPDX-License-Identifier: BSD-3-Clause */
#include "split.h"

/* What a byte outside of strings means. */
enum class { OTHER, QUOTE, OPEN, CLOSE, COMMA };
static const unsigned char classes[256] = {
	['"'] = QUOTE, ['{'] = OPEN, ['['] = OPEN, ['}'] = CLOSE, [']'] = CLOSE, [','] = COMMA,
};

struct scan {
	const char *start, *end;
	bool odd; /* not what JSON should be: only brackets are counted then, and nothing is cut */
	struct sdi_cuts *cuts;
};

/* The top bit of each byte of @v that is @c; bytes above the first such one may be wrong. */
static inline uint64_t bytes_equal(uint64_t v, char c)
{
	const uint64_t ones = 0x0101010101010101u;
	v ^= ones * (unsigned char)c;
	return (v - ones) & ~v & ones << 7;
}

/* From after the opening quote to after the closing one. */
static const char *string_end(const char *p, const char *end)
{
	for (;;) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		for (uint64_t v, hit; end - p >= 8; p += 8) {
			memcpy(&v, p, 8);
			hit = bytes_equal(v, '"') | bytes_equal(v, '\\');
			if (hit) {
				p += __builtin_ctzll(hit) / 8;
				break;
			}
		}
#endif
		while (p < end && *p != '"' && *p != '\\')
			p++;
		if (p == end)
			return NULL;
		if (*p == '"')
			return p + 1;
		if (end - p < 2)
			return NULL;
		p += 2;
	}
}

static const char *skip_space(const char *p, const char *end)
{
	static const char blanks[8] = "        ";
	while (end - p >= 8 && memcmp(p, blanks, 8) == 0)
		p += 8;
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

/* From an opening bracket to after the closing one. */
static const char *container_end(const char *p, const char *end)
{
	size_t depth = 0;
	while (p && p < end) {
		switch ((enum class)classes[(unsigned char)*p++]) {
		case OTHER: p = p < end && *p == ' ' ? skip_space(p, end) : p; break;
		case COMMA: break;
		case QUOTE: p = string_end(p, end); break;
		case OPEN: depth++; break;
		case CLOSE:
			if (--depth == 0)
				return p;
			break;
		}
	}
	return NULL;
}

/* A number or word ends where something else begins; at the end of the view it may go on. */
static const char *value_end(const char *p, const char *end)
{
	if (p == end)
		return NULL;
	switch ((enum class)classes[(unsigned char)*p]) {
	case QUOTE: return string_end(p + 1, end);
	case OPEN: return container_end(p, end);
	case OTHER:
	case COMMA:
	case CLOSE: break;
	}
	while (p < end && classes[(unsigned char)*p] == OTHER && *p != ' ' && *p != '\n' && *p != '\r' && *p != '\t')
		p++;
	return p < end ? p : NULL;
}

/*
 * Notes a cut of the member at [key, end) of an object, with the comma that then has no place: the one behind it, or
 * for the last member the one before it, at @kept, the end of the member that stays there.
 */
static void cut(struct scan *s, const char *key, const char *end, const char *kept, bool last)
{
	struct sdi_cuts *cuts = s->cuts;
	size_t from = (size_t)(key - s->start), to = (size_t)(end - s->start);
	if (last && kept) {
		from = (size_t)(kept - s->start);
		while (cuts->n && cuts->p[cuts->n - 1].from >= from)
			cuts->n--;
	}
	cuts->p[cuts->n].from = from;
	cuts->p[cuts->n++].to = to;
}

static const char *odd(struct scan *s)
{
	s->odd = true;
	return NULL;
}

struct member {
	struct sdi_str key;
	const char *value;
};

/* Reads `"key" :` at @p. */
static bool read_key(struct scan *s, const char *p, struct member *ret)
{
	if (*p != '"') {
		s->odd = true;
		return false;
	}
	const char *end = string_end(p + 1, s->end);
	if (!end)
		return false;
	ret->key = sdi_str_make(p + 1, (size_t)(end - p) - 2);
	p = skip_space(end, s->end);
	if (p < s->end && *p != ':')
		s->odd = true;
	if (p == s->end || s->odd)
		return false;
	ret->value = skip_space(p + 1, s->end);
	return ret->value < s->end;
}

/* From an opening brace to after the closing one, with cuts by @rules; @items: set and stopped at "items": [. */
static const char *object_end(struct scan *s, const char *p, const struct sdi_cut_rule *rules, bool *items)
{
	const char *kept = NULL;
	p = skip_space(p + 1, s->end);
	if (p < s->end && *p == '}')
		return p + 1;
	while (p < s->end) {
		const char *key = p;
		struct member m;
		if (!read_key(s, p, &m))
			return NULL;
		if (items && *m.value == '[' && sdi_str_is(m.key, "items")) {
			*items = true;
			return m.value;
		}
		const struct sdi_cut_rule *rule = sdi_cut_rule_find(rules, m.key);
		bool deeper = rule && rule->below && *m.value == '{';
		const char *end = deeper ? object_end(s, m.value, rule->below, NULL) : value_end(m.value, s->end);
		if (!end)
			return NULL;
		p = skip_space(end, s->end);
		if (p == s->end)
			return NULL;
		bool last = *p == '}';
		if (!last && *p != ',')
			return odd(s);
		if (!rule || rule->below || s->cuts->n == SDI_CUTS_MOST)
			kept = end;
		else
			cut(s, key, last ? end : p + 1, kept, last);
		if (last)
			return p + 1;
		p = skip_space(p + 1, s->end);
	}
	return NULL;
}

enum sdi_split sdi_json_split(struct sdi_str text, bool open_lists, struct sdi_cuts *cuts, size_t *ret_n)
{
	struct scan s = { .start = text.p, .end = text.p + text.n, .cuts = cuts };
	const char *end = NULL;
	bool items = false, object = text.n && *text.p == '{';
	cuts->n = 0;
	if (object)
		end = object_end(&s, text.p, sdi_cut_rules, open_lists ? &items : NULL);
	if (!object || s.odd) {
		end = value_end(s.start, s.end);
		cuts->n = 0;
	}
	if (!end)
		return SDI_SPLIT_MORE;
	*ret_n = (size_t)(end - text.p);
	return items ? SDI_SPLIT_LIST : SDI_SPLIT_ITEM;
}

bool sdi_json_skip(struct sdi_json_skip *skip, struct sdi_str text, size_t *ret_n)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (skip->escaped)
			skip->escaped = false;
		else if (skip->inside) {
			skip->escaped = c == '\\';
			skip->inside = c != '"';
		} else if (c == '"')
			skip->inside = true;
		else if (classes[(unsigned char)c] == OPEN)
			skip->depth++;
		else if (classes[(unsigned char)c] == CLOSE && skip->depth)
			skip->depth--;
		if (!skip->depth && !skip->inside) {
			*ret_n = i + 1;
			return true;
		}
	}
	return false;
}
