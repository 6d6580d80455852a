/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parts of a rule. What ModSecurity's parser makes of quotes and backslashes depends on where they stand, so values
 * have none: a regular expression says them as \x22 and the like (base/regex.h does so), other texts go without.
 */
#include "../base/cidr.h"
#include "../base/regex.h"
#include "seclang.h"

enum { NAME_BYTES = 100, LIST_BYTES = 4000 };

/* A list that is put together; what does not fit is too long for a rule, too. */
struct list {
	char p[LIST_BYTES];
	size_t n;
};

#define SHOWN(s) SDI_STR_ARG(sdi_str_head(s, 60))

static struct sdi_str refuse(struct sdi_seclang *s, const char *what, struct sdi_str text)
{
	sdi_seclang_fail(s, "\"%.*s\" %s", SHOWN(text), what);
	return SDI_STR("");
}

static bool add(struct sdi_seclang *s, struct list *list, char between, struct sdi_str one)
{
	if (list->n + one.n >= LIST_BYTES)
		return sdi_seclang_fail(s, "a rule is too long");
	if (list->n)
		list->p[list->n++] = between;
	memcpy(list->p + list->n, one.p, one.n);
	list->n += one.n;
	return true;
}

static struct sdi_str text_of(const struct sdi_seclang *s, const struct list *list)
{
	return s->why ? SDI_STR("") : sdi_arena_copy(s->arena, sdi_str_make(list->p, list->n));
}

bool sdi_seclang_is_word(struct sdi_str text, const char *more)
{
	for (size_t i = 0; i < text.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && (!text.p[i] || !strchr(more, text.p[i])))
			return false;
	return text.n && text.n <= NAME_BYTES;
}

bool sdi_seclang_number(struct sdi_str text, unsigned most, unsigned *ret)
{
	unsigned long long n = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (!sdi_is_digit(text.p[i]) || i == 10)
			return false;
		n = n * 10 + (unsigned)(text.p[i] - '0');
	}
	*ret = (unsigned)n;
	return text.n && n <= most;
}

static bool is_plain(struct sdi_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c < 0x20 || c == 0x7f || c == '"' || c == '\'' || c == '\\' || c == '%')
			return false;
	}
	return text.n > 0;
}

bool sdi_seclang_is_mark(struct sdi_str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && !strchr(" ._/:,()-", text.p[i]))
			return false;
	return text.n > 0;
}

/* NAME or NAME.PART of a macro. */
static bool is_macro(struct sdi_str text)
{
	struct sdi_str part = text, name;
	bool many;
	if (!sdi_str_split(&part, '.', &name) || !sdi_seclang_variable(name, &many).n)
		return false;
	return (name.n == text.n && !sdi_str_eq_nocase(name, SDI_STR("TX"))) ||
	       (many && sdi_seclang_is_word(part, "_-"));
}

/* A text in which macros may stand. */
static bool is_text(struct sdi_str text)
{
	size_t start = 0;
	for (size_t i = 0; i + 1 < text.n; i++) {
		if (text.p[i] != '%' || text.p[i + 1] != '{')
			continue;
		ptrdiff_t end = sdi_str_find(sdi_str_from(text, i), '}');
		if ((i > start && !is_plain(sdi_str_make(text.p + start, i - start))) || end < 0 ||
		    !is_macro(sdi_str_make(text.p + i + 2, (size_t)end - 2)))
			return false;
		i += (size_t)end;
		start = i + 1;
	}
	return start == text.n ? text.n > 0 : is_plain(sdi_str_from(text, start));
}

/* A name, or a regular expression between slashes. */
static bool is_selector(struct sdi_seclang *s, struct sdi_str text)
{
	struct sdi_str made;
	if (text.n < 3 || text.p[0] != '/' || text.p[text.n - 1] != '/')
		return sdi_seclang_is_word(text, "_.-");
	text = sdi_str_make(text.p + 1, text.n - 2);
	return sdi_seclang_is_word(text, "_.-^$*+?()") && !sdi_regex_check(s->arena, text, &made);
}

/* "ARGS", "&ARGS:name", "!ARGS:/^x/" */
static struct sdi_str read_variable(struct sdi_seclang *s, struct sdi_str text, bool *ret_left_out)
{
	char sign = text.n && (text.p[0] == '!' || text.p[0] == '&') ? text.p[0] : '\0';
	struct sdi_str part = sign ? sdi_str_from(text, 1) : text, name;
	bool many, whole = sdi_str_find(part, ':') < 0;
	sdi_str_split(&part, ':', &name);
	struct sdi_str known = sdi_seclang_variable(name, &many);
	if (!known.n)
		return refuse(s, "is no variable that is known here", text);
	if (whole ? sdi_str_is(known, "TX") : !many || !is_selector(s, part))
		return refuse(s, "picks a part in a way that is not known here", text);
	*ret_left_out = sign == '!';
	return sdi_arena_printf(s->arena, "%.*s%.*s%s%.*s", sign ? 1 : 0, &sign, SDI_STR_ARG(known), whole ? "" : ":",
	                        SDI_STR_ARG(whole ? SDI_STR("") : part));
}

struct sdi_str sdi_seclang_read_variables(struct sdi_seclang *s, struct sdi_str text, bool only_exclusions)
{
	struct sdi_str rest = text, one;
	struct list made = { .n = 0 };
	bool any = false;
	while (rest.p && sdi_str_split(&rest, '|', &one)) {
		bool left_out = false;
		struct sdi_str variable = read_variable(s, one, &left_out);
		if (!variable.n)
			return variable;
		any |= !left_out;
		if (only_exclusions && !left_out)
			return refuse(s, "adds to a rule; it may only leave out, with \"!\"", one);
		if (!add(s, &made, '|', variable))
			break;
	}
	return any || only_exclusions ? text_of(s, &made) : refuse(s, "names nothing to look at", text);
}

static bool is_bytes(struct sdi_str text)
{
	struct sdi_str one;
	unsigned from, to;
	while (text.p && sdi_str_split(&text, ',', &one)) {
		struct sdi_str first;
		sdi_str_split(&one, '-', &first);
		if (!sdi_seclang_number(first, 255, &from) ||
		    (one.p && (!sdi_seclang_number(one, 255, &to) || to < from)))
			return false;
	}
	return true;
}

static bool are_addresses(struct sdi_str text)
{
	struct sdi_str one;
	struct sdi_cidr cidr;
	while (text.p && sdi_str_split(&text, ',', &one))
		if (!sdi_cidr_parse(one, &cidr) || !cidr.length) /* ModSecurity does not know of all addresses */
			return false;
	return true;
}

static bool is_number_or_macro(struct sdi_str text)
{
	unsigned n;
	return sdi_seclang_number(text, 2147483647, &n) ||
	       (sdi_str_starts(text, SDI_STR("%{")) && sdi_str_ends(text, SDI_STR("}")) &&
	        is_macro(sdi_str_make(text.p + 2, text.n - 3)));
}

/* ModSecurity takes "%" for the beginning of a macro, sometimes. */
static struct sdi_str without_percent(struct sdi_seclang *s, struct sdi_str regex)
{
	char *out = sdi_arena_alloc(s->arena, regex.n * 4);
	size_t n = 0;
	for (size_t i = 0; i < regex.n; i++) {
		bool escape = regex.p[i] == '\\' && i + 1 < regex.n;
		if (regex.p[i + escape] == '%') {
			memcpy(out + n, "\\x25", 4);
			n += 4;
		} else {
			memcpy(out + n, regex.p + i, 1 + (size_t)escape);
			n += 1 + (size_t)escape;
		}
		i += escape;
	}
	return sdi_str_make(out, n);
}

/* What @kind takes, as it is to be written; "" when it is refused. */
static struct sdi_str read_operand(struct sdi_seclang *s, int kind, struct sdi_str text)
{
	struct sdi_str made = text;
	const char *why;
	switch ((enum sdi_seclang_operator)kind) {
	case SDI_SECLANG_RX:
		why = sdi_str_has(text, SDI_STR("%{")) ? "has a macro in a regular expression" :
		                                         sdi_regex_check(s->arena, text, &made);
		return why ? refuse(s, why, text) : without_percent(s, made);
	case SDI_SECLANG_OF_TEXT: return is_text(text) ? made : refuse(s, "is no text that can be given here", text);
	case SDI_SECLANG_OF_PHRASES:
		return is_plain(text) && sdi_str_find(text, '|') < 0 ?
		               made :
		               refuse(s, "is no list of words that can be given here", text);
	case SDI_SECLANG_OF_NUMBER: return is_number_or_macro(text) ? made : refuse(s, "is no number", text);
	case SDI_SECLANG_OF_ADDRESSES: return are_addresses(text) ? made : refuse(s, "is no list of addresses", text);
	case SDI_SECLANG_OF_BYTES: return is_bytes(text) ? made : refuse(s, "is no list of bytes", text);
	case SDI_SECLANG_OF_NOTHING: break;
	}
	return refuse(s, "follows an operator that takes nothing", text);
}

struct sdi_str sdi_seclang_read_operator(struct sdi_seclang *s, struct sdi_str text)
{
	bool not = sdi_str_starts(text, SDI_STR("!"));
	struct sdi_str rest = not ? sdi_str_from(text, 1) : text, name = SDI_STR("@rx");
	if (rest.n && rest.p[0] == '@') {
		sdi_str_split(&rest, ' ', &name);
		rest = sdi_str_trim(rest);
	}
	const struct sdi_seclang_verb *verb = sdi_seclang_operator(sdi_str_from(name, 1));
	if (!verb)
		return refuse(s, "is no operator that is known here", name);
	if (verb->kind == SDI_SECLANG_OF_NOTHING && !rest.n)
		return sdi_arena_printf(s->arena, "%s@%s", not ? "!" : "", verb->name);
	struct sdi_str operand = read_operand(s, verb->kind, rest);
	if (s->why || !operand.n)
		return refuse(s, "has nothing to compare with", text);
	return sdi_arena_printf(s->arena, "%s@%s %.*s", not ? "!" : "", verb->name, SDI_STR_ARG(operand));
}

/* The ids of ModSecurity's recommended settings and of the core rules are not for others, nor is one twice. */
static bool take_id(struct sdi_seclang *s, struct sdi_str text)
{
	unsigned id;
	if (!sdi_seclang_number(text, 2147483647, &id) || !id)
		return sdi_seclang_fail(s, "\"%.*s\" is no id of a rule", SHOWN(text));
	if ((id >= 200000 && id < 201000) || (id >= 900000 && id < 1000000))
		return sdi_seclang_fail(s, "the id %u belongs to the recommended settings or the core rules", id);
	for (size_t i = 0; i < s->ids.n; i++)
		if (s->ids.p[i] == id)
			return sdi_seclang_fail(s, "the id %u is there twice", id);
	*sdi_vec_push(&s->ids, s->arena) = id;
	return true;
}

/* "tx.name=value", "!tx.name", "tx.name=+1" */
static bool is_setvar(struct sdi_str text)
{
	bool unset = sdi_str_starts(text, SDI_STR("!")), whole = sdi_str_find(text, '=') < 0;
	struct sdi_str value = unset ? sdi_str_from(text, 1) : text, name, tx;
	sdi_str_split(&value, '=', &name);
	if (!sdi_str_split(&name, '.', &tx) || !sdi_str_is(tx, "tx") || !sdi_seclang_is_word(name, "_-"))
		return false;
	if (whole || unset)
		return whole;
	if (value.n > 1 && (value.p[0] == '+' || value.p[0] == '-'))
		value = sdi_str_from(value, 1);
	for (size_t i = 0; i < value.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(value.p[i])) && !strchr("%{}_.:/ ", value.p[i]))
			return false;
	return is_text(value);
}

static bool is_url(struct sdi_str text)
{
	bool scheme = sdi_str_starts(text, SDI_STR("https://")) || sdi_str_starts(text, SDI_STR("http://"));
	for (size_t i = 0; i < text.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && (!text.p[i] || !strchr("-._~:/?&=", text.p[i])))
			return false;
	return (scheme || sdi_str_starts(text, SDI_STR("/"))) && text.n <= 1000;
}

/* "ruleEngine=Off", "ruleRemoveTargetById=942100;ARGS:text" */
static struct sdi_str read_ctl(struct sdi_seclang *s, struct sdi_str text)
{
	struct sdi_str value = text, name, target = SDI_STR("");
	unsigned id;
	sdi_str_split(&value, '=', &name);
	const struct sdi_seclang_verb *verb = sdi_seclang_ctl(name);
	if (!verb || !value.n)
		return refuse(s, "is nothing that \"ctl\" may change here", text);
	bool left_out;
	struct sdi_str rest = value;
	if (verb->words && verb->kind != SDI_SECLANG_WORD) {
		sdi_str_split(&rest, ';', &value);
		target = rest.n && rest.p[0] != '!' && rest.p[0] != '&' ? read_variable(s, rest, &left_out) : target;
		if (!target.n || sdi_str_find(target, '/') >= 0)
			return refuse(s, "does not say for which variable", text);
	}
	if (verb->kind == SDI_SECLANG_WORD)
		value = sdi_seclang_word(verb->words, value);
	else if (verb->kind == SDI_SECLANG_ID ? !sdi_seclang_number(value, 2147483647, &id) :
	                                        !sdi_seclang_is_word(value, "_./-"))
		value = SDI_STR("");
	return value.n ? sdi_arena_printf(s->arena, "ctl:%s=%.*s%s%.*s", verb->name, SDI_STR_ARG(value),
	                                  target.n ? ";" : "", SDI_STR_ARG(target)) :
	                 refuse(s, "is nothing that \"ctl\" may say here", text);
}

/* An action with what is behind its colon, as it is to be written. */
static struct sdi_str write_action(struct sdi_seclang *s, const struct sdi_seclang_verb *verb, struct sdi_str value)
{
	unsigned n;
	bool fine = false, quoted = false;
	switch ((enum sdi_seclang_action)verb->kind) {
	case SDI_SECLANG_REMARK: break;
	case SDI_SECLANG_FLAG: fine = !value.n; break;
	case SDI_SECLANG_ID: fine = take_id(s, value); break;
	case SDI_SECLANG_WORD:
	case SDI_SECLANG_WORD_ELSE:
		fine = verb->kind == SDI_SECLANG_WORD_ELSE && !value.n;
		value = sdi_seclang_word(verb->words, value);
		fine |= value.n > 0;
		break;
	case SDI_SECLANG_STATUS: fine = sdi_seclang_number(value, 599, &n) && n >= 300; break;
	case SDI_SECLANG_SAYS: fine = quoted = is_text(value); break;
	case SDI_SECLANG_NAME: fine = sdi_seclang_is_word(value, "_./-"); break;
	case SDI_SECLANG_URL: fine = is_url(value); break;
	case SDI_SECLANG_SETVAR: fine = quoted = is_setvar(value); break;
	case SDI_SECLANG_CTL: return read_ctl(s, value);
	}
	if (!fine)
		return refuse(s, "can't be given to an action", value);
	const char *quote = quoted ? "'" : "";
	return sdi_arena_printf(s->arena, "%s%s%s%.*s%s", verb->name, value.n ? ":" : "", quote, SDI_STR_ARG(value),
	                        quote);
}

/* The action at the start of @rest, cut off there with the comma behind it; commas in single quotes are its own. */
static bool cut_action(struct sdi_str *rest, struct sdi_str *ret)
{
	bool inside = false;
	size_t n = 0;
	for (; n < rest->n && (inside || rest->p[n] != ','); n++)
		inside ^= rest->p[n] == '\'';
	*ret = sdi_str_trim(sdi_str_head(*rest, n));
	*rest = n < rest->n ? sdi_str_from(*rest, n + 1) : SDI_STR("");
	return !inside;
}

struct sdi_str sdi_seclang_read_actions(struct sdi_seclang *s, struct sdi_str text, bool follows, bool *ret_chain)
{
	struct sdi_str action, name;
	struct list made = { .n = 0 };
	bool id = false;
	*ret_chain = false;
	while (text.n) {
		if (!cut_action(&text, &action))
			return refuse(s, "has a quote that is not closed", action);
		struct sdi_str value = action;
		sdi_str_split(&value, ':', &name);
		value = sdi_str_trim(value);
		if (value.n >= 2 && value.p[0] == '\'' && value.p[value.n - 1] == '\'')
			value = sdi_str_make(value.p + 1, value.n - 2);
		const struct sdi_seclang_verb *verb = sdi_seclang_action(sdi_str_trim(name));
		if (!verb)
			return refuse(s, "is no action that is known here", action);
		if (id && verb->kind == SDI_SECLANG_ID)
			return refuse(s, "is a second id", action);
		if (follows && verb->first)
			return refuse(s, "belongs to the first rule of a chain", action);
		if (verb->kind == SDI_SECLANG_REMARK)
			continue;
		struct sdi_str one = write_action(s, verb, value);
		if (!one.n)
			return one;
		id |= verb->kind == SDI_SECLANG_ID;
		*ret_chain |= sdi_str_is(one, "chain");
		if (!add(s, &made, ',', one))
			break;
	}
	return follows || id ? text_of(s, &made) : refuse(s, "has no id", text);
}
