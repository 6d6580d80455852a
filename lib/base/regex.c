/* SPDX-License-Identifier: BSD-3-Clause */
#include "regex.h"
#include "limits.h"
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { HEAVY_REPEATS = 4 };

/* Where a walk through a regular expression is. */
struct walk {
	struct sdi_str in;
	size_t at;
	char *out; /* NULL: nothing is written */
	size_t n, room;
	unsigned depth;
	size_t bar; /* of the output: the first "|" outside of groups */
	bool barred, heavy;
	unsigned repeats;
	const char *why;
};

static bool is_letter(char c)
{
	c = sdi_lower(c);
	return c >= 'a' && c <= 'z';
}

/* The @n-th byte from here, 0 behind the end (the text holds no NUL). */
static char peek(const struct walk *w, size_t n)
{
	return w->at + n < w->in.n ? w->in.p[w->at + n] : '\0';
}

static void put(struct walk *w, char c)
{
	if (w->out && w->n < w->room)
		w->out[w->n] = c;
	w->n++;
}

/* A byte that stands for itself, or @c of the syntax. */
static void put_byte(struct walk *w, char c)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char u = (unsigned char)c;
	if (u > 0x20 && u < 0x7f && c != '"' && c != '\'' && c != '#') {
		put(w, c);
		return;
	}
	put(w, '\\');
	put(w, 'x');
	put(w, digits[u >> 4]);
	put(w, digits[u & 15]);
}

static void take(struct walk *w)
{
	put_byte(w, w->in.p[w->at++]);
}

static void walk_escape(struct walk *w)
{
	char c = peek(w, 1);
	if (!c) {
		w->why = "ends in a backslash";
	} else if (strchr("QEKCc", c)) {
		w->why = "uses \\Q, \\E, \\K, \\C or \\c, which can't be given";
	} else {
		if (sdi_is_alnum_lower(sdi_lower(c)) || strchr("!$%&()*+,-./:;<=>?@[\\]^_`{|}~", c))
			take(w);
		else
			w->at++; /* the escape of the byte says it all */
		take(w);
	}
}

static void walk_class(struct walk *w)
{
	take(w);
	if (peek(w, 0) == '^')
		take(w);
	if (peek(w, 0) == ']')
		take(w);
	while (!w->why && w->at < w->in.n && peek(w, 0) != ']') {
		if (peek(w, 0) == '\\') {
			walk_escape(w);
		} else if (peek(w, 0) == '[' && peek(w, 1) && strchr(":.=", peek(w, 1))) {
			char kind = peek(w, 1);
			take(w);
			take(w);
			while (is_letter(peek(w, 0)) || peek(w, 0) == '^')
				take(w);
			if (peek(w, 0) == kind && peek(w, 1) == ']') {
				take(w);
				take(w);
			}
		} else {
			take(w);
		}
	}
	if (w->at < w->in.n)
		take(w);
}

/* What begins with "(": a group, or what changes the rules for the text behind it. */
static void walk_open(struct walk *w)
{
	char kind = peek(w, 1) == '?' ? peek(w, 2) : '\0';
	w->heavy |= kind && (sdi_is_digit(kind) || strchr("R+-&P", kind));
	if (peek(w, 1) == '*')
		w->why = "uses a verb, \"(*\", which can't be given";
	else if (kind == '#' || kind == 'C')
		w->why = "holds a comment or callout, which can't be given";
	for (size_t i = 2; kind && (is_letter(peek(w, i)) || peek(w, i) == '-' || peek(w, i) == '^'); i++)
		if (peek(w, i) == 'x' || peek(w, i) == 'J')
			w->why = "changes its own syntax by x or J, which can't be given";
	w->depth++;
	take(w);
}

static void walk_step(struct walk *w)
{
	switch (peek(w, 0)) {
	case '\\': walk_escape(w); return;
	case '[': walk_class(w); return;
	case '(': walk_open(w); return;
	case ')':
		if (!w->depth--)
			w->why = "closes a group that it did not open";
		w->heavy |= peek(w, 1) && strchr("*+{", peek(w, 1));
		break;
	case '*':
	case '+':
	case '{': w->heavy |= ++w->repeats >= HEAVY_REPEATS; break;
	case '|':
		if (!w->depth && !w->barred) {
			w->barred = true;
			w->bar = w->n;
		}
		break;
	default: break;
	}
	take(w);
}

static void walk_all(struct walk *w)
{
	while (!w->why && w->at < w->in.n)
		walk_step(w);
	if (!w->why && w->depth)
		w->why = "does not close a group";
}

size_t sdi_regex_head(struct sdi_str regex)
{
	struct walk w = { .in = regex };
	walk_all(&w);
	return w.barred ? w.bar : regex.n;
}

bool sdi_regex_is_heavy(struct sdi_str regex)
{
	struct walk w = { .in = regex };
	walk_all(&w);
	return w.heavy;
}

static void *get_memory(size_t n, void *arena)
{
	return sdi_arena_alloc(arena, n);
}

static void keep_memory(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

/* NULL: it does not compile. JIT, since HAProxy does not start with one that can't be had. */
static pcre2_code *compile(struct sdi_arena *arena, struct sdi_str text, uint32_t options, bool jit)
{
	int error;
	size_t offset;
	pcre2_general_context *memory = pcre2_general_context_create(get_memory, keep_memory, arena);
	pcre2_compile_context *context = memory ? pcre2_compile_context_create(memory) : NULL;
	if (!context)
		return NULL;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.p, text.n, options, &error, &offset, context);
	if (!code || !jit)
		return code;
	error = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	if (!error || error == PCRE2_ERROR_JIT_BADOPTION)
		return code;
	pcre2_code_free(code);
	return NULL;
}

/* NULL: both proxies take @text. */
static const char *check_text(struct sdi_arena *arena, struct sdi_str text, uint32_t options)
{
	uint32_t names = 0;
	pcre2_code *code = text.p ? compile(arena, text, options, true) : NULL;
	if (!code)
		return "is no regular expression of PCRE2, or too large a one";
	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &names);
	pcre2_code_free(code);
	return names ? "gives a group a name, which can't be done; refer to it by its number" : NULL;
}

static const char *check_form(struct sdi_arena *arena, const char *before, struct sdi_str regex, const char *after)
{
	return check_text(arena, sdi_arena_printf(arena, "%s%.*s%s", before, SDI_STR_ARG(regex), after),
	                  PCRE2_CASELESS);
}

const char *sdi_regex_check(struct sdi_arena *arena, struct sdi_str text, struct sdi_str *ret)
{
	if (text.n > SDI_LIMIT_REGEX_BYTES || !text.n || memchr(text.p, '\0', text.n))
		return "is empty, longer than 1800 bytes or holds NUL";
	char *out = sdi_arena_alloc(arena, SDI_LIMIT_REGEX_BYTES);
	struct walk w = { .in = text, .out = out, .room = out ? SDI_LIMIT_REGEX_BYTES : 0 };
	walk_all(&w);
	if (w.why)
		return w.why;
	if (w.n > w.room)
		return "is longer than 1800 bytes";
	struct sdi_str made = sdi_str_make(out, w.n);
	const char *why = check_form(arena, "^", made, "");
	if (!why)
		why = check_form(arena, "(?s:.*?)(?:", made, ")");
	if (!why)
		*ret = made;
	return why;
}

bool sdi_regex_is_for_headers(struct sdi_arena *arena, struct sdi_str text)
{
	if (!text.n || text.n > SDI_LIMIT_REGEX_BYTES)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	return !check_text(arena, text, 0) && !check_text(arena, text, PCRE2_NO_AUTO_CAPTURE);
}

bool sdi_regex_matches(struct sdi_str regex, bool anchored, struct sdi_str subject)
{
	struct sdi_arena arena = { 0 };
	struct sdi_str text = sdi_arena_printf(&arena, "%s%.*s", anchored ? "^" : "", SDI_STR_ARG(regex));
	pcre2_code *code = text.p ? compile(&arena, text, PCRE2_CASELESS, false) : NULL;
	pcre2_match_data *data = code ? pcre2_match_data_create_from_pattern(code, NULL) : NULL;
	bool found = data && pcre2_match(code, (PCRE2_SPTR)subject.p, subject.n, 0, 0, data, NULL) >= 0;
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	sdi_arena_release(&arena);
	return found;
}
