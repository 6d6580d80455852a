/* SPDX-License-Identifier: BSD-3-Clause */
#include "values.h"

bool sdi_value_bool(struct sdi_str value, bool *ret)
{
	static const char *const words[] = { "0", "f", "F", "FALSE", "false", "False",
		                             "1", "t", "T", "TRUE",  "true",  "True" };
	const size_t n = sizeof(words) / sizeof(words[0]);
	for (size_t i = 0; i < n; i++) {
		if (sdi_str_is(value, words[i])) {
			*ret = i >= n / 2;
			return true;
		}
	}
	return false;
}

bool sdi_value_bool_haproxytech(struct sdi_str value, bool *ret)
{
	static const char *const words[] = { "disabled", "off", "enabled", "on" };
	const size_t n = sizeof(words) / sizeof(words[0]);
	for (size_t i = 0; i < n; i++) {
		if (sdi_str_eq_nocase(value, sdi_str_c(words[i]))) {
			*ret = i >= n / 2;
			return true;
		}
	}
	return sdi_value_bool(value, ret);
}

bool sdi_value_uint(struct sdi_str value, unsigned min, unsigned max, unsigned *ret)
{
	uint64_t v = 0;
	if (!value.n || value.n > 10)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		if (!sdi_is_digit(value.p[i]))
			return false;
		v = v * 10 + (uint64_t)(value.p[i] - '0');
	}
	if (v < min || v > max)
		return false;
	*ret = (unsigned)v;
	return true;
}

bool sdi_value_all_addresses(struct sdi_str value)
{
	bool ipv4 = false, ipv6 = false;
	struct sdi_str part;
	while (sdi_str_split(&value, ',', &part)) {
		part = sdi_str_trim(part);
		if (sdi_str_is(part, "0.0.0.0/0"))
			ipv4 = true;
		else if (sdi_str_is(part, "::/0"))
			ipv6 = true;
		else
			return false;
	}
	return ipv4 && ipv6;
}

bool sdi_parse_bool(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	bool on;
	if (!sdi_value_bool(text, &on)) {
		*ret_why = "write \"true\" or \"false\"";
		return false;
	}
	ret->number = on;
	return true;
}

bool sdi_parse_bool_haproxytech(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                                struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	bool on;
	if (!sdi_value_bool_haproxytech(text, &on)) {
		*ret_why = "write \"true\" or \"false\"";
		return false;
	}
	ret->number = on;
	return true;
}

bool sdi_parse_redirect_code(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                             struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	unsigned code;
	if (!sdi_value_uint(text, 301, 308, &code) || (code > 303 && code < 307)) {
		*ret_why = "write 301, 302, 303, 307 or 308";
		return false;
	}
	ret->number = code;
	return true;
}

bool sdi_parse_redirect_code_nginx_org(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                                       struct sdi_value *ret, const char **ret_why)
{
	if (!sdi_str_is(text, "303") && sdi_parse_redirect_code(row, text, arena, ret, ret_why))
		return true;
	*ret_why = "write 301, 302, 307 or 308";
	return false;
}

bool sdi_parse_port(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	unsigned port;
	if (!sdi_value_uint(text, 1, 65535, &port)) {
		*ret_why = "write a port, 1 to 65535";
		return false;
	}
	ret->number = port;
	return true;
}

/* The controllers are written in Go, where a number may begin with "+". */
static struct sdi_str without_plus(struct sdi_str text)
{
	return sdi_str_from(text, sdi_str_starts(text, SDI_STR("+")));
}

bool sdi_parse_int(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                   struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	unsigned number;
	bool negative = sdi_str_starts(text, SDI_STR("-"));
	if (!sdi_value_uint(negative ? sdi_str_from(text, 1) : without_plus(text), 0, INT32_MAX, &number)) {
		*ret_why = "write a whole number";
		return false;
	}
	ret->number = negative ? -(int64_t)number : (int64_t)number;
	return true;
}

bool sdi_parse_uint(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)arena;
	const struct sdi_bounds *bounds = row->arg;
	unsigned number;
	if (!sdi_value_uint(without_plus(text), bounds->min, bounds->max, &number)) {
		*ret_why = bounds->want;
		return false;
	}
	ret->number = number;
	return true;
}

bool sdi_parse_word(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)arena;
	const char *const *words = row->arg;
	for (size_t i = 0; words[i]; i++) {
		if (sdi_str_is(text, words[i])) {
			ret->number = (int64_t)i;
			return true;
		}
	}
	*ret_why = row->value;
	return false;
}

/*
 * Bytes from a number and a unit, as NGINX knows them: nothing, k, m, g in any case. ingress-nginx lets "b" pass at
 * first, too, and then leaves such a value out.
 */
bool sdi_parse_size(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	static const struct {
		char unit;
		unsigned shift;
	} units[] = { { 'k', 10 }, { 'm', 20 }, { 'g', 30 } };
	unsigned shift = 0, number;
	struct sdi_str digits = text;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (text.n && sdi_lower(text.p[text.n - 1]) == units[i].unit) {
			shift = units[i].shift;
			digits.n--;
			break;
		}
	}
	if (!sdi_value_uint(digits, 0, UINT32_MAX, &number)) {
		*ret_why = "write a number and a unit, as in 512, 8k, 1m or 2g";
		return false;
	}
	ret->number = (int64_t)((uint64_t)number << shift);
	return true;
}

bool sdi_parse_text(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)arena;
	(void)ret;
	const struct sdi_grammar *grammar = row->arg;
	*ret_why = grammar->want;
	if (!text.n || text.n > grammar->max)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = sdi_lower(text.p[i]);
		if (!sdi_is_alnum_lower(c) && (!c || !strchr(grammar->more, text.p[i])))
			return false;
	}
	return true;
}

/* Items with commas between them, and maybe one behind the last, as the controller takes them. */
bool sdi_parse_text_list(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                         struct sdi_value *ret, const char **ret_why)
{
	struct sdi_str rest = text, item;
	if (!sdi_parse_text(row, text, arena, ret, ret_why))
		return false;
	while (rest.n && sdi_str_split(&rest, ',', &item))
		if (!sdi_str_trim(item).n)
			return false;
	return true;
}

bool sdi_parse_methods(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                       struct sdi_value *ret, const char **ret_why)
{
	bool digits = false;
	for (size_t i = 0; i < text.n; i++)
		digits |= sdi_is_digit(text.p[i]);
	return sdi_parse_text_list(row, text, arena, ret, ret_why) && !digits;
}

bool sdi_parse_raw(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                   struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)text;
	(void)arena;
	(void)ret;
	(void)ret_why;
	return true;
}

bool sdi_parse_allow_list(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                          struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	(void)ret;
	if (sdi_value_all_addresses(text))
		return true;
	*ret_why = "this release can give no list of addresses but 0.0.0.0/0,::/0";
	return false;
}

/* Of variables only those of groups: "$1" to "$9". One with a scheme would make NGINX redirect. */
bool sdi_parse_path_with_groups(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                                struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	static const struct sdi_grammar grammar = {
		"-._~/:$", 1024,
		"write a path of letters, digits and -._~/: in which $1 to $9 stand for groups of the rule's path"
	};
	if (!sdi_parse_text(&(struct sdi_annotation){ .arg = &grammar }, text, arena, ret, ret_why))
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '$' && (i + 1 == text.n || text.p[i + 1] < '1' || text.p[i + 1] > '9'))
			return false;
	return !sdi_str_starts(text, SDI_STR("http://")) && !sdi_str_starts(text, SDI_STR("https://"));
}
