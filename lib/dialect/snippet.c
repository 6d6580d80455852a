/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reader of snippets. Facts of NGINX's lexer (ngx_conf_read_token): a word ends at a blank, ";" or "{"; quotes count
 * only at its beginning, and behind the closing one a blank, ";", "{" or ")" must follow; a backslash keeps the next
 * character; "${" is no block. Words are handed on as they are written, in lines of our own; comments are not.
 */
#include "snippet.h"
#include "../base/regex.h"
#include "../base/vec.h"
#include "snippet_read.h"

enum { TEXT_BYTES = 16 * 1024, WORD_BYTES = 1024, WORDS = 20 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char at(const struct sdi_snippet_reader *r, size_t i)
{
	return i < r->text.n ? r->text.p[i] : '\0';
}

static void skip_blanks(struct sdi_snippet_reader *r)
{
	while (r->at < r->text.n) {
		if (r->text.p[r->at] == '#')
			while (r->at < r->text.n && r->text.p[r->at] != '\n')
				r->at++;
		else if (is_blank(r->text.p[r->at]))
			r->at++;
		else
			return;
	}
}

/* Goes behind the word at r->at. */
static bool pass_word(struct sdi_snippet_reader *r, char quote)
{
	for (char c; (c = at(r, r->at)); r->at++) {
		if (c < 0x20 && (quote || !is_blank(c)))
			return sdi_snippet_fail(r, "a control character or a line break is in a word");
		if ((unsigned char)c >= 0x7f)
			return sdi_snippet_fail(r, "only ASCII is allowed");
		if (c == '\\') {
			if (!at(r, ++r->at) || is_blank(at(r, r->at)) || (unsigned char)at(r, r->at) >= 0x7f)
				return sdi_snippet_fail(r, "nothing follows a backslash");
		} else if (quote && c == quote) {
			char next = at(r, ++r->at);
			return is_blank(next) || next == ';' || next == '{' || next == ')' || r->at == r->text.n ||
			       sdi_snippet_fail(r, "something follows a closing quote");
		} else if (!quote && c == '$' && at(r, r->at + 1) == '{') {
			r->at++;
		} else if (!quote && (is_blank(c) || c == ';' || c == '{')) {
			return true;
		} else if (!quote && c == '}' && !sdi_snippet_in_braces(r)) {
			return sdi_snippet_fail(r, "a \"}\" is in a word without quotes");
		}
	}
	if (quote || r->at < r->text.n)
		return sdi_snippet_fail(r, quote ? "a quote is not closed" : "it holds NUL");
	return true;
}

/* What NGINX makes of a word (ngx_conf_read_token). */
static struct sdi_str unquote(struct sdi_arena *arena, struct sdi_str raw, bool quoted)
{
	struct sdi_str in = quoted ? sdi_str_make(raw.p + 1, raw.n - 2) : raw;
	char *out = sdi_arena_alloc(arena, in.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < in.n; i++) {
		if (in.p[i] == '\\' && i + 1 < in.n && strchr("\"'\\", in.p[i + 1]))
			i++;
		out[n++] = in.p[i];
	}
	return sdi_str_make(out, n);
}

static bool read_word(struct sdi_snippet_reader *r, struct sdi_snippet_word *ret)
{
	size_t start = r->at;
	char quote = r->text.p[start] == '"' || r->text.p[start] == '\'' ? r->text.p[start] : '\0';
	if (quote)
		r->at++;
	r->word = start;
	if (!pass_word(r, quote))
		return false;
	struct sdi_str raw = sdi_str_make(r->text.p + start, r->at - start);
	if (raw.n > WORD_BYTES)
		return sdi_snippet_fail(r, "a word has more than 1024 bytes");
	*ret = (struct sdi_snippet_word){ raw, unquote(r->arena, raw, quote), quote };
	return true;
}

/* The words up to ";" or "{", which is passed; *ret_end is it. At the very end ";" may be missing. */
static bool read_words(struct sdi_snippet_reader *r, struct sdi_snippet_word *words, size_t *ret_n, char *ret_end)
{
	size_t n = 0;
	for (;;) {
		skip_blanks(r);
		char c = at(r, r->at);
		if (!c && r->at < r->text.n)
			return sdi_snippet_fail(r, "it holds NUL");
		if (!c && n && sdi_str_find(words[n - 1].raw, '\\') >= 0)
			return sdi_snippet_fail(r, "a directive does not end in \";\"");
		if (!c || c == ';' || c == '{') {
			r->at += c != '\0';
			*ret_n = n;
			*ret_end = c == '{' ? '{' : ';';
			return n || sdi_snippet_fail(r, "a \"%c\" stands alone", *ret_end);
		}
		if (c == '}')
			return sdi_snippet_fail(r, "a \"}\" closes what it has not opened, or a directive does not "
			                           "end in \";\"");
		if (n == WORDS)
			return sdi_snippet_fail(r, "a directive has more than 20 words");
		if (!read_word(r, &words[n++]))
			return false;
	}
}

static void add_line(struct sdi_snippet_reader *r, const struct sdi_snippet_word *words, size_t n, const char *end)
{
	struct sdi_str line = SDI_STR("");
	for (size_t i = 0; i < n; i++)
		line = sdi_arena_printf(r->arena, "%.*s%s%.*s", SDI_STR_ARG(line), i ? " " : "",
		                        SDI_STR_ARG(words[i].raw));
	*sdi_vec_push(&r->lines, r->arena) = sdi_arena_printf(r->arena, "%.*s%s", SDI_STR_ARG(line), end);
}

static bool is_once(const struct sdi_snippet_reader *r, struct sdi_str name)
{
	for (size_t i = r->block; i < r->once.n; i++)
		if (sdi_str_eq(r->once.p[i], name))
			return true;
	return false;
}

/* What the emitter has to know, and what a block may not have twice. */
static bool take_note(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row, bool top)
{
	struct sdi_str name = sdi_str_c(row->name);
	if (!row->many) {
		if (is_once(r, name))
			return sdi_snippet_fail(r, "\"%s\" is there twice", row->name);
		*sdi_vec_push(&r->once, r->arena) = name;
	}
	r->ret->request_headers |= sdi_str_is(name, "proxy_set_header");
	r->ret->answer_headers |= top && (sdi_str_is(name, "add_header") || sdi_str_is(name, "proxy_hide_header"));
	return true;
}

static bool read_block(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row, unsigned outside);

static bool read_entries(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row)
{
	struct sdi_snippet_word words[WORDS];
	size_t n;
	char end;
	for (;;) {
		skip_blanks(r);
		if (at(r, r->at) == '}')
			break;
		if (!read_words(r, words, &n, &end))
			return false;
		if (end != ';')
			return sdi_snippet_fail(r, "a block is in \"%s\"", row->name);
		if (!sdi_snippet_entry(r, row, words, n))
			return false;
		add_line(r, words, n, ";");
	}
	return true;
}

static bool read_directives(struct sdi_snippet_reader *r, unsigned context, bool top)
{
	struct sdi_snippet_word words[WORDS];
	size_t n;
	char end;
	for (;;) {
		skip_blanks(r);
		if (r->at == r->text.n || (!top && at(r, r->at) == '}'))
			return true;
		if (!read_words(r, words, &n, &end))
			return false;
		const struct sdi_snippet_directive *row = sdi_snippet_find(words[0].value, context);
		if (words[0].quoted || !row || !(row->contexts & context))
			return sdi_snippet_fail(r, "\"%.*s\": %s", SDI_STR_ARG(sdi_str_head(words[0].raw, 60)),
			                        sdi_snippet_never(words[0].value, row));
		bool block = row->value >= SDI_SNIPPET_IF;
		if (block != (end == '{'))
			return sdi_snippet_fail(r, "\"%s\" %s", row->name, block ? "needs a block" : "has no block");
		if (!take_note(r, row, top) || !sdi_snippet_check(r, row, words + 1, n - 1))
			return false;
		if (row->value != SDI_SNIPPET_MORE)
			add_line(r, words, n, block ? " {" : ";");
		if (block && !read_block(r, row, context))
			return false;
	}
}

static bool read_block(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row, unsigned outside)
{
	unsigned inside = row->value == SDI_SNIPPET_METHODS      ? SDI_SNIPPET_EXCEPT :
	                  row->value == SDI_SNIPPET_STREAM_BLOCK ? SDI_SNIPPET_STREAM_SERVER :
	                  row->value == SDI_SNIPPET_MEMBERS      ? SDI_SNIPPET_STREAM_UPSTREAM :
	                  outside == SDI_SNIPPET_SERVER          ? SDI_SNIPPET_SERVER_IF :
	                                                           SDI_SNIPPET_LOCATION_IF;
	bool entries = row->value == SDI_SNIPPET_MAP || row->value == SDI_SNIPPET_GEO;
	size_t before = r->block;
	r->block = r->once.n;
	if (entries ? !read_entries(r, row) : !read_directives(r, inside, false))
		return false;
	r->once.n = r->block;
	r->block = before;
	if (at(r, r->at) != '}')
		return sdi_snippet_fail(r, "the block of \"%s\" is not closed", row->name);
	r->at++;
	*sdi_vec_push(&r->lines, r->arena) = SDI_STR("}");
	return sdi_snippet_stream_end(r, row->value);
}

const char *sdi_snippet_read(struct sdi_arena *arena, enum sdi_snippet_context context, struct sdi_str text,
                             const struct sdi_raw *http, struct sdi_raw *ret)
{
	struct sdi_raw raw = { .text = sdi_arena_copy(arena, text), .protects = sdi_snippet_protects(text) };
	struct sdi_snippet_reader r = { .arena = arena, .text = raw.text, .http = http, .ret = &raw };
	r.stream = context & SDI_SNIPPET_STREAMS;
	r.location = context == SDI_SNIPPET_LOCATION;
	if (text.n > TEXT_BYTES)
		return "it has more than 16 KiB";
	if (!read_directives(&r, context, true) || !sdi_snippet_stream_done(&r))
		return r.why;
	raw.lines = r.lines.p;
	raw.n = r.lines.n;
	raw.once = r.once.p;
	raw.n_once = r.once.n;
	raw.made = r.made.p;
	raw.n_made = r.made.n;
	raw.taken = r.taken.p;
	raw.n_taken = r.taken.n;
	raw.answers = r.answers.p;
	raw.n_answers = r.answers.n;
	raw.answer_headers |= raw.n_answers > 0;
	*ret = raw;
	return NULL;
}

/* A word that is, or starts as, one of those that let some in and others not. */
static bool is_protecting(struct sdi_str word)
{
	static const char *const whole[] = { "allow",  "deny",    "if",          "include",        "internal", "reject",
		                             "return", "tarpit",  "satisfy",     "valid_referers", "auth",     "403",
		                             "401",    "SecRule", "silent-drop", "SecAction",      "js_access" };
	static const char *const starts[] = { "auth_",     "limit_",      "ssl_verify",  "ssl_client",
		                              "ssl_trust", "secure_link", "modsecurity", "access_" };
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (sdi_str_is(word, whole[i]))
			return true;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (sdi_str_starts(word, sdi_str_c(starts[i])))
			return !sdi_str_is(word, "access_log");
	return sdi_str_has(word, SDI_STR("_by_lua"));
}

bool sdi_snippet_protects(struct sdi_str text)
{
	size_t start = 0;
	for (size_t i = 0; i <= text.n; i++) {
		char c = i < text.n ? text.p[i] : ' ';
		if (!is_blank(c) && c != ';' && c != '{' && c != '}' && c != '#')
			continue;
		if (is_protecting(sdi_str_make(text.p + start, i - start)))
			return true;
		if (c == '#' && i == start) /* a comment; elsewhere it is part of a word */
			while (i < text.n && text.p[i] != '\n')
				i++;
		start = i + 1;
	}
	return false;
}
