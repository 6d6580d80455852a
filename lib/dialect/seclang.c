/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reader of ModSecurity's rules: directives, one a line unless a backslash ends it, with words in double quotes or
 * without. What is written is a line each, in words of our own.
 */
#include "seclang.h"
#include <stdarg.h>

enum {
	TEXT_BYTES = 32 * 1024,
	DIRECTIVES = 500,
	WORDS = 12,
	WORD_BYTES = 4000,
	GROUP_BYTES = 4000, /* quoted, with quotes and LF: NGINX takes a word of 4095 */
};

#define RECOMMENDED "/etc/nginx/modsecurity/modsecurity.conf"
#define CORE_RULES "/etc/nginx/owasp-modsecurity-crs/nginx-modsecurity.conf"

bool sdi_seclang_fail(struct sdi_seclang *s, const char *format, ...)
{
	va_list args;
	size_t line = 1;
	if (s->why)
		return false;
	for (size_t i = 0; i + 1 < s->at && i < s->text.n; i++)
		line += s->text.p[i] == '\n';
	va_start(args, format);
	struct sdi_str what = sdi_arena_vprintf(s->arena, format, args);
	va_end(args);
	s->why = sdi_arena_printf(s->arena, "line %zu: %.*s", line, SDI_STR_ARG(what)).p;
	return false;
}

/* What NGINX makes of a text between single quotes, but for \t and \n, which mean the same in regular expressions. A
 * single quote that would end it is one here. */
static struct sdi_str unquote(struct sdi_arena *arena, struct sdi_str in)
{
	char *out = sdi_arena_alloc(arena, in.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < in.n; i++) {
		char next = i + 1 < in.n && in.p[i] == '\\' ? in.p[i + 1] : '\0';
		if (in.p[i] == '\r')
			continue;
		if (next == '"' || next == '\'' || next == '\\')
			i++;
		out[n++] = in.p[i];
	}
	return sdi_str_make(out, n);
}

static char at(const struct sdi_seclang *s, size_t i)
{
	return i < s->text.n ? s->text.p[i] : '\0';
}

/* A line that goes on behind its end. */
static bool goes_on(const struct sdi_seclang *s)
{
	return at(s, s->at) == '\\' && at(s, s->at + 1) == '\n';
}

static void skip_blanks(struct sdi_seclang *s)
{
	for (;;) {
		if (goes_on(s))
			s->at += 2;
		else if (at(s, s->at) == ' ' || at(s, s->at) == '\t')
			s->at++;
		else
			return;
	}
}

/* A comment that ends in a backslash takes the next line with it, or not, depending on what is in it. */
static bool skip_comment(struct sdi_seclang *s)
{
	while (s->at < s->text.n && at(s, s->at) != '\n')
		if (at(s, s->at++) == '\\' && at(s, s->at) == '\n')
			return sdi_seclang_fail(s, "a comment ends in a backslash");
	return true;
}

static bool read_word(struct sdi_seclang *s, struct sdi_str *ret)
{
	bool quoted = at(s, s->at) == '"';
	char out[WORD_BYTES];
	size_t n = 0;
	for (s->at += quoted;; s->at++) {
		char c = at(s, s->at);
		if (goes_on(s) && quoted) {
			s->at++;
			continue;
		}
		if (!quoted && (s->at >= s->text.n || c == '\n' || c == ' ' || c == '\t' || goes_on(s)))
			break;
		if (quoted && c == '"')
			break;
		if ((unsigned char)c < 0x20 || (unsigned char)c >= 0x7f)
			return sdi_seclang_fail(s, quoted && (s->at >= s->text.n || c == '\n') ?
			                                   "a quote is not closed on its line" :
			                                   "only printable ASCII is allowed");
		if (c == '"' || (c == '\\' && at(s, s->at + 1) == '"'))
			return sdi_seclang_fail(s, "a double quote is in a word; write \\x22 in a regular expression");
		if (n == WORD_BYTES)
			return sdi_seclang_fail(s, "a word is too long");
		out[n++] = c;
	}
	s->at += quoted;
	if (quoted && s->at < s->text.n && !strchr(" \t\n\\", at(s, s->at)))
		return sdi_seclang_fail(s, "something follows a closing quote");
	*ret = sdi_arena_copy(s->arena, sdi_str_make(out, n));
	return true;
}

/* The words of the next line that has some; none at the end. */
static bool read_line(struct sdi_seclang *s, struct sdi_str *words, size_t *ret_n)
{
	size_t n = 0;
	for (;;) {
		skip_blanks(s);
		if (s->at >= s->text.n || (n && at(s, s->at) == '\n'))
			break;
		if (at(s, s->at) == '\n') {
			s->at++;
			continue;
		}
		if (at(s, s->at) == '#' && !n) {
			if (!skip_comment(s))
				return false;
			continue;
		}
		if (n == WORDS)
			return sdi_seclang_fail(s, "a directive has more than 12 words");
		if (!read_word(s, &words[n++]))
			return false;
	}
	*ret_n = n;
	return true;
}

/* A group as NGINX's configuration holds it. */
static bool add_group(struct sdi_seclang *s, struct sdi_str text)
{
	size_t bytes = 2;
	for (size_t i = 0; i < text.n; i++)
		bytes += strchr("\"\\\n", text.p[i]) ? 2 : 1;
	if (bytes > GROUP_BYTES)
		return sdi_seclang_fail(s, "a rule, with those that are chained to it, is too long");
	*sdi_vec_push(&s->groups, s->arena) = text;
	return true;
}

static bool read_rule(struct sdi_seclang *s, const struct sdi_seclang_row *row, const struct sdi_str *values, size_t n)
{
	bool is_rule = row->kind == SDI_SECLANG_RULE, follows = s->chain.n, chained = false;
	struct sdi_str text = SDI_STR(""), actions = SDI_STR("");
	if (is_rule ? n != 3 && (n != 2 || !follows) : n != 1)
		return sdi_seclang_fail(s, "\"%s\" has not what it needs", row->name);
	if (is_rule) {
		struct sdi_str variables = sdi_seclang_read_variables(s, values[0], false);
		struct sdi_str compare = s->why ? SDI_STR("") : sdi_seclang_read_operator(s, values[1]);
		text = sdi_arena_printf(s->arena, " %.*s \"%.*s\"", SDI_STR_ARG(variables), SDI_STR_ARG(compare));
	}
	if (!s->why && (!is_rule || n == 3))
		actions = sdi_seclang_read_actions(s, values[n - 1], follows, &chained);
	if (s->why)
		return false;
	if (chained && !is_rule)
		return sdi_seclang_fail(s, "\"%s\" can't be chained", row->name);
	text = sdi_arena_printf(s->arena, "%.*s%s%s%.*s%s%.*s%s", SDI_STR_ARG(s->chain), follows ? "\n" : "", row->name,
	                        SDI_STR_ARG(text), actions.n ? " \"" : "", SDI_STR_ARG(actions), actions.n ? "\"" : "");
	s->chain = chained ? text : SDI_STR("");
	return chained ? text.n < GROUP_BYTES || sdi_seclang_fail(s, "a chain is too long") : add_group(s, text);
}

static struct sdi_str join(struct sdi_seclang *s, const struct sdi_str *values, size_t n)
{
	struct sdi_str made = SDI_STR("");
	for (size_t i = 0; i < n; i++)
		made = sdi_arena_printf(s->arena, "%.*s%s%.*s", SDI_STR_ARG(made), i ? " " : "",
		                        SDI_STR_ARG(values[i]));
	return made;
}

/* "12 900000-999999" */
static bool read_ids(struct sdi_seclang *s, const struct sdi_str *values, size_t n, struct sdi_str *ret)
{
	for (size_t i = 0; i < n; i++) {
		struct sdi_str to = values[i], from;
		unsigned a, b;
		sdi_str_split(&to, '-', &from);
		if (!sdi_seclang_number(from, 2147483647, &a) ||
		    (to.p && (!sdi_seclang_number(to, 2147483647, &b) || b < a)))
			return sdi_seclang_fail(s, "\"%.*s\" is no id of a rule",
			                        SDI_STR_ARG(sdi_str_head(values[i], 60)));
	}
	*ret = join(s, values, n);
	return true;
}

static bool read_include(struct sdi_seclang *s, struct sdi_str file)
{
	if (sdi_str_is(file, RECOMMENDED))
		s->ret->recommended = true;
	else if (sdi_str_is(file, CORE_RULES))
		s->ret->core = true;
	else
		return sdi_seclang_fail(s, "\"Include\" may only name " RECOMMENDED " and " CORE_RULES
		                           ", which stand for the recommended settings and the core rules");
	return true;
}

/* The value of a directive with one; "": refused. */
static struct sdi_str read_value(const struct sdi_seclang_row *row, struct sdi_str value)
{
	unsigned n;
	if (row->kind == SDI_SECLANG_WORDS)
		return sdi_seclang_word(row->words, value);
	return sdi_seclang_number(value, row->most, &n) && n > 0 ? value : SDI_STR("");
}

/* A setting that is there already has a new value: of several texts ModSecurity takes the first. */
static bool replaces(struct sdi_seclang *s, const struct sdi_seclang_row *row, struct sdi_str text)
{
	struct sdi_str name = sdi_arena_printf(s->arena, "%s ", row->name);
	for (size_t i = 0; i < s->groups.n; i++)
		if (sdi_str_starts(s->groups.p[i], name)) {
			s->groups.p[i] = text;
			return true;
		}
	return false;
}

static bool read_media(const struct sdi_str *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!sdi_seclang_is_word(values[i], "/.+-"))
			return false;
	return n > 0;
}

/* "942100 !ARGS:text" */
static bool read_target(struct sdi_seclang *s, const struct sdi_seclang_row *row, const struct sdi_str *values,
                        size_t n, struct sdi_str *ret)
{
	unsigned id;
	if (n != 2 ||
	    !(row->most ? sdi_seclang_number(values[0], 2147483647, &id) : sdi_seclang_is_word(values[0], "_./-")))
		return sdi_seclang_fail(s, "\"%s\" has not what it needs", row->name);
	struct sdi_str variables = sdi_seclang_read_variables(s, values[1], true);
	*ret = sdi_arena_printf(s->arena, "%.*s \"%.*s\"", SDI_STR_ARG(values[0]), SDI_STR_ARG(variables));
	return !s->why;
}

static bool read_simple(struct sdi_seclang *s, const struct sdi_seclang_row *row, const struct sdi_str *values,
                        size_t n)
{
	struct sdi_str made = SDI_STR("");
	bool fine = n == 1;
	if (row->kind == SDI_SECLANG_IDS && n) {
		fine = read_ids(s, values, n, &made);
	} else if (row->kind == SDI_SECLANG_TARGET) {
		fine = read_target(s, row, values, n, &made);
	} else if (row->kind == SDI_SECLANG_MEDIA) {
		made = join(s, values, n);
		fine = read_media(values, n);
	} else if (row->kind == SDI_SECLANG_TEXT || row->kind == SDI_SECLANG_MARKER) {
		fine &= row->kind == SDI_SECLANG_TEXT ? fine && sdi_seclang_is_mark(values[0]) :
		                                        fine && sdi_seclang_is_word(values[0], "_./-");
		made = fine ? sdi_arena_printf(s->arena, "\"%.*s\"", SDI_STR_ARG(values[0])) : made;
	} else if (fine) {
		made = read_value(row, values[0]);
	}
	if (!fine || !made.n)
		return sdi_seclang_fail(s, "\"%s\" has not a value that can be given here", row->name);
	made = sdi_arena_printf(s->arena, "%s %.*s", row->name, SDI_STR_ARG(made));
	bool setting = row->kind == SDI_SECLANG_WORDS || row->kind == SDI_SECLANG_NUMBER;
	return (setting && replaces(s, row, made)) || add_group(s, made);
}

static bool read_directive(struct sdi_seclang *s, const struct sdi_str *words, size_t n)
{
	const struct sdi_seclang_row *row = sdi_seclang_find(words[0]);
	if (!row)
		return sdi_seclang_fail(s, "\"%.*s\" is no directive that is known and allowed here",
		                        SDI_STR_ARG(sdi_str_head(words[0], 60)));
	if (s->chain.n && row->kind != SDI_SECLANG_RULE)
		return sdi_seclang_fail(s, "a rule that is chained is not followed by one");
	switch (row->kind) {
	case SDI_SECLANG_LEFT: return true;
	case SDI_SECLANG_LOG: return s->ret->log = true;
	case SDI_SECLANG_INCLUDE: return read_include(s, n == 2 ? words[1] : SDI_STR(""));
	case SDI_SECLANG_RULE:
	case SDI_SECLANG_ACTION: return read_rule(s, row, words + 1, n - 1);
	case SDI_SECLANG_WORDS:
	case SDI_SECLANG_NUMBER:
	case SDI_SECLANG_MEDIA:
	case SDI_SECLANG_IDS:
	case SDI_SECLANG_TEXT:
	case SDI_SECLANG_TARGET:
	case SDI_SECLANG_MARKER: break;
	}
	return read_simple(s, row, words + 1, n - 1);
}

static void keep(struct sdi_arena *arena, const struct sdi_seclang *s, struct sdi_waf_rules *ret)
{
	struct sdi_str *groups = sdi_arena_array(arena, s->groups.n, struct sdi_str);
	unsigned *ids = sdi_arena_array(arena, s->ids.n, unsigned);
	for (size_t i = 0; i < s->groups.n; i++)
		groups[i] = sdi_arena_copy(arena, s->groups.p[i]);
	if (s->ids.n)
		memcpy(ids, s->ids.p, s->ids.n * sizeof(*ids));
	*ret = *s->ret;
	ret->groups = groups;
	ret->n = s->groups.n;
	ret->ids = ids;
	ret->n_ids = s->ids.n;
}

const char *sdi_seclang_read(struct sdi_arena *arena, struct sdi_arena *scratch, struct sdi_str text,
                             struct sdi_waf_rules *ret)
{
	struct sdi_waf_rules rules = { 0 };
	struct sdi_seclang s = { .arena = scratch, .ret = &rules };
	struct sdi_str words[WORDS];
	size_t n = 0;
	if (text.n > TEXT_BYTES)
		return "it has more than 32 KiB";
	if (text.n && memchr(text.p, '\0', text.n))
		return "it holds NUL";
	s.text = unquote(scratch, text);
	for (size_t i = 0;; i++) {
		if (!read_line(&s, words, &n))
			return s.why;
		if (!n)
			break;
		if (i == DIRECTIVES)
			return "it has more than 500 directives";
		if (!read_directive(&s, words, n))
			return s.why;
	}
	if (s.chain.n)
		return "the last rule is chained, and none follows it";
	keep(arena, &s, ret);
	return NULL;
}
