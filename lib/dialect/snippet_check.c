/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether NGINX takes the values of a directive: what it does not take would keep it from starting, for all. */
#include "../base/cidr.h"
#include "../base/regex.h"
#include "snippet_read.h"
#include "values.h"

bool sdi_snippet_fail(struct sdi_snippet_reader *r, const char *format, ...)
{
	va_list args;
	size_t line = 1;
	if (r->why)
		return false;
	for (size_t i = 0; i < r->at && i < r->text.n; i++)
		line += r->text.p[i] == '\n';
	va_start(args, format);
	struct sdi_str what = sdi_arena_vprintf(r->arena, format, args);
	va_end(args);
	r->why = sdi_arena_printf(r->arena, "line %zu: %.*s", line, SDI_STR_ARG(what)).p;
	return false;
}

bool sdi_snippet_in_braces(const struct sdi_snippet_reader *r)
{
	for (size_t i = r->at; i > r->word; i--) {
		char c = r->text.p[i - 1];
		if (c == '{')
			return i - 1 > r->word && r->text.p[i - 2] == '$';
		if (c != '_' && !sdi_is_alnum_lower(sdi_lower(c)))
			return false;
	}
	return false;
}

static bool is_name(struct sdi_str s, const char *more)
{
	for (size_t i = 0; i < s.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(s.p[i])) && !strchr(more, s.p[i]))
			return false;
	return s.n && s.n < 128;
}

static bool is_among(struct sdi_str name, const struct sdi_str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sdi_str_eq_nocase(list[i], name))
			return true;
	return false;
}

static bool is_known(const struct sdi_snippet_reader *r, struct sdi_str name)
{
	return sdi_snippet_has_variable(name, r->stream) || is_among(name, r->made.p, r->made.n) ||
	       (r->http && is_among(name, r->http->made, r->http->n_made));
}

/* What ingress-nginx sets in each location. */
static bool is_controllers(struct sdi_snippet_reader *r, struct sdi_str name)
{
	if (r->location && sdi_str_is(name, "proxy_host"))
		return r->ret->proxy_host = true;
	for (unsigned i = SDI_LOG_OWN_FIRST; r->location && i <= SDI_LOG_OWN_LAST; i++)
		if (sdi_str_eq(name, sdi_log_variables[i].name)) {
			r->ret->own |= 1u << (i - SDI_LOG_OWN_FIRST);
			return true;
		}
	return false;
}

bool sdi_snippet_variables(struct sdi_snippet_reader *r, struct sdi_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '$')
			continue;
		size_t from = i + 1, to;
		bool braces = from < text.n && text.p[from] == '{';
		from += braces;
		for (to = from; to < text.n && (text.p[to] == '_' || sdi_is_alnum_lower(sdi_lower(text.p[to])));)
			to++;
		if (to - from > 1 && sdi_is_digit(text.p[from])) /* "$12" is "$1" and a 2 */
			to = from + 1;
		if (braces && (to == text.n || text.p[to] != '}'))
			return sdi_snippet_fail(r, "a \"${\" is not closed");
		struct sdi_str name = sdi_arena_lower(r->arena, sdi_str_make(text.p + from, to - from));
		if (!is_controllers(r, name) && !is_known(r, name))
			return sdi_snippet_fail(r, "there is no variable \"$%.*s\" here",
			                        SDI_STR_ARG(sdi_str_head(name, 60)));
		i = to - !braces;
	}
	return true;
}

static bool check_regex(struct sdi_snippet_reader *r, struct sdi_str text)
{
	struct sdi_str fine;
	const char *why = sdi_regex_check(r->arena, text, &fine);
	return !why || sdi_snippet_fail(r, "the regular expression %s", why);
}

/* The name of a variable that is made, with its "$". */
static bool make_variable(struct sdi_snippet_reader *r, struct sdi_str text, bool set)
{
	struct sdi_str name = sdi_arena_lower(r->arena, sdi_str_from(text, 1));
	bool own = !r->stream && (sdi_str_is(name, "args") || sdi_str_is(name, "limit_rate"));
	if (set && own)
		return true;
	if (text.n < 2 || text.p[0] != '$' || !is_name(name, "_") || sdi_is_digit(name.p[0]) ||
	    sdi_str_starts(name, SDI_STR("sdi_")) || sdi_snippet_has_variable(name, r->stream) || own)
		return sdi_snippet_fail(r, "\"%.*s\" can't be the name of a variable of yours",
		                        SDI_STR_ARG(sdi_str_head(text, 60)));
	/* not the ones of NGINX that the table leaves out, known by how they begin */
	static const char *const taken[] = { "realpath", "document", "request_", "ssl_",         "upstream_", "proxy_",
		                             "sent_",    "server_",  "tcpinfo_", "time_",        "secure_",   "http2",
		                             "http3",    "quic",     "geoip",    "gzip_",        "invalid_",  "slice_",
		                             "limit_",   "date_",    "fastcgi_", "connections_", "session_" };
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (sdi_str_starts(name, sdi_str_c(taken[i])))
			return sdi_snippet_fail(r, "names of variables that start with \"%s\" are NGINX's", taken[i]);
	if (!is_among(name, r->made.p, r->made.n)) {
		*sdi_vec_push(&r->made, r->arena) = name;
		if (r->stream && !set)
			sdi_snippet_take(r, "$", name);
	}
	return true;
}

static bool is_flag(struct sdi_str s)
{
	return sdi_str_is(s, "on") || sdi_str_is(s, "off");
}

bool sdi_snippet_is_number(struct sdi_str s, const char *units)
{
	if (s.n && strchr(units, s.p[s.n - 1]) && !sdi_is_digit(s.p[s.n - 1]))
		s.n--;
	for (size_t i = 0; i < s.n; i++)
		if (!sdi_is_digit(s.p[i]))
			return false;
	return s.n && s.n < 7;
}

bool sdi_snippet_is_time(struct sdi_str s)
{
	if (sdi_str_ends(s, SDI_STR("ms")))
		s.n--;
	return sdi_snippet_is_number(s, s.n && s.p[s.n - 1] == 'm' ? "m" : "smhd");
}

static bool is_code(struct sdi_str s, unsigned min, unsigned max)
{
	unsigned code;
	return sdi_value_uint(s, min, max, &code) && code != 499;
}

static bool is_url(struct sdi_str s)
{
	return sdi_str_starts(s, SDI_STR("http://")) || sdi_str_starts(s, SDI_STR("https://")) ||
	       sdi_str_starts(s, SDI_STR("$scheme://"));
}

static bool check_return(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	if (n == 1 && is_url(values[0].value))
		return sdi_snippet_variables(r, values[0].value);
	if (!is_code(values[0].value, 200, 599) && !sdi_str_is(values[0].value, "444"))
		return sdi_snippet_fail(r, "\"return\" needs a code, 200 to 599, or one URL");
	return n < 2 || sdi_snippet_variables(r, values[1].value);
}

static bool check_rewrite(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	static const char *const flags[] = { "last", "break", "redirect", "permanent" };
	bool fine = n == 2;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		fine |= n == 3 && sdi_str_is(values[2].value, flags[i]);
	if (!fine)
		return sdi_snippet_fail(r, "\"rewrite\" ends in last, break, redirect or permanent");
	return check_regex(r, values[0].value) && values[1].value.n && sdi_snippet_variables(r, values[1].value);
}

/* "=CODE" could turn a refusal into a 200. */
static bool check_errors(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	struct sdi_str to = values[n - 1].value;
	for (size_t i = 0; i + 1 < n; i++)
		if (!is_code(values[i].value, 300, 599))
			return sdi_snippet_fail(r, "\"error_page\" needs codes, 300 to 599, without \"=\"");
	if (!is_url(to) && !sdi_str_starts(to, SDI_STR("/")))
		return sdi_snippet_fail(r, "\"error_page\" needs a path or an URL");
	return sdi_snippet_variables(r, to);
}

static bool check_expires(struct sdi_snippet_reader *r, struct sdi_str text)
{
	if (sdi_str_is(text, "off") || sdi_str_is(text, "epoch") || sdi_str_is(text, "max") ||
	    sdi_snippet_is_time(text.n && text.p[0] == '-' ? sdi_str_from(text, 1) : text))
		return true;
	return sdi_snippet_fail(r, "\"expires\" needs a time, off, epoch or max");
}

/* "($name)", "($name OP VALUE)", however it is parted by blanks; no tests for files. */
static bool check_condition(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	static const char *const plain[] = { "=", "!=" }, *const regex[] = { "~", "~*", "!~", "!~*" };
	struct sdi_str part[4];
	size_t parts = 0;
	for (size_t i = 0; i < n && parts < 4; i++) {
		struct sdi_str value = values[i].value;
		if (i == 0 && sdi_str_starts(value, SDI_STR("(")) && !values[i].quoted)
			value = sdi_str_from(value, 1);
		else if (i == 0)
			break;
		if (i == n - 1) {
			if (!sdi_str_ends(value, SDI_STR(")")))
				return sdi_snippet_fail(r, "the condition of \"if\" is not closed");
			value.n--;
			if (!value.n && i) /* ")" on its own */
				break;
		}
		if (value.n || i)
			part[parts++] = value;
	}
	if (parts && !(part[0].n > 1 && part[0].p[0] == '$' && is_name(sdi_str_from(part[0], 1), "_")))
		parts = 0;
	if (parts == 1)
		return sdi_snippet_variables(r, part[0]);
	for (size_t i = 0; parts == 3 && i < 2; i++)
		if (sdi_str_is(part[1], plain[i]))
			return sdi_snippet_variables(r, part[0]) && sdi_snippet_variables(r, part[2]);
	for (size_t i = 0; parts == 3 && i < 4; i++)
		if (sdi_str_is(part[1], regex[i]))
			return sdi_snippet_variables(r, part[0]) && check_regex(r, part[2]);
	return sdi_snippet_fail(r,
	                        "a condition of \"if\" is ($name), or ($name OP VALUE) with =, !=, ~, ~*, !~ or !~*");
}

static bool check_methods(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE" };
	for (size_t i = 0; i < n; i++) {
		bool fine = false;
		for (size_t k = 0; k < sizeof(methods) / sizeof(methods[0]); k++)
			fine |= sdi_str_is(values[i].value, methods[k]);
		if (!fine)
			return sdi_snippet_fail(r, "\"limit_except\" needs methods");
	}
	return true;
}

static bool check_map(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	r->keys.n = 0;
	return (n < 2 || sdi_snippet_variables(r, values[0].value)) && make_variable(r, values[n - 1].value, false);
}

/* NGINX warns of bits behind the prefix. */
static bool is_address(struct sdi_str s)
{
	struct sdi_cidr range, first;
	ptrdiff_t slash = sdi_str_find(s, '/');
	if (sdi_str_is(s, "all"))
		return true;
	return sdi_cidr_parse(s, &range) && sdi_cidr_parse(slash < 0 ? s : sdi_str_head(s, (size_t)slash), &first) &&
	       memcmp(range.bytes, first.bytes, sizeof(range.bytes)) == 0;
}

bool sdi_snippet_entry(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row,
                       const struct sdi_snippet_word *words, size_t n)
{
	enum { MOST = 500 };
	struct sdi_str key = words[0].value;
	if (n != 2 || sdi_str_is(key, "include"))
		return sdi_snippet_fail(r, "a line of a map is a key and a value");
	if (is_among(key, r->keys.p, r->keys.n) || r->keys.n == MOST || sdi_str_find(key, '$') >= 0 || key.n > 200)
		return sdi_snippet_fail(r, "a key of a map is there twice, too long, has \"$\", or there are too many");
	*sdi_vec_push(&r->keys, r->arena) = key;
	if (row->value == SDI_SNIPPET_GEO) /* where values are as they stand */
		return sdi_str_is(key, "default") || (is_address(key) && !sdi_str_is(key, "all")) ||
		       sdi_snippet_fail(r, "a line of \"geo\" is \"default\" or an address range, and a value");
	if (key.n && key.p[0] == '~' && !check_regex(r, sdi_str_from(key, sdi_str_starts(key, SDI_STR("~*")) ? 2 : 1)))
		return false;
	return sdi_snippet_variables(r, words[1].value);
}

static bool check_header(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	if (!is_name(values[0].value, "-_"))
		return sdi_snippet_fail(r, "a header's name has letters, digits, - and _");
	if (n == 3 && !sdi_str_is(values[2].value, "always"))
		return sdi_snippet_fail(r, "behind a header's value only \"always\" may stand");
	return n < 2 || sdi_snippet_variables(r, values[1].value);
}

static bool is_one_of(const struct sdi_snippet_directive *row, struct sdi_str value)
{
	ptrdiff_t bar = sdi_str_find(value, '|');
	char key[32];
	if (bar >= 0 || !value.n || value.n > sizeof(key) - 3)
		return false;
	key[0] = '|';
	memcpy(key + 1, value.p, value.n);
	key[value.n + 1] = '|';
	return sdi_str_has(sdi_str_c(row->words), sdi_str_make(key, value.n + 2));
}

static bool check_plain_text(struct sdi_snippet_reader *r, struct sdi_str text)
{
	if (!text.n || text.p[0] == '~')
		return sdi_snippet_fail(r, "regular expressions are not taken here");
	return sdi_snippet_variables(r, text);
}

static bool is_media_type(struct sdi_str s)
{
	ptrdiff_t slash = sdi_str_find(s, '/');
	return slash > 0 && is_name(sdi_str_head(s, (size_t)slash), "-") &&
	       is_name(sdi_str_from(s, (size_t)slash + 1), "-+._");
}

static bool check_plain(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row, struct sdi_str value)
{
	bool fine = false;
	switch (row->value) {
	case SDI_SNIPPET_FLAG: fine = is_flag(value); break;
	case SDI_SNIPPET_OFF: fine = sdi_str_is(value, "off"); break;
	case SDI_SNIPPET_SIZE: fine = sdi_snippet_is_number(value, "kKmM"); break;
	case SDI_SNIPPET_TIME: fine = sdi_snippet_is_time(value); break;
	case SDI_SNIPPET_NUMBER: fine = sdi_snippet_is_number(value, "") && value.p[0] != '0'; break;
	case SDI_SNIPPET_ADDRESS: fine = is_address(value); break;
	case SDI_SNIPPET_WORDS: fine = is_one_of(row, value); break;
	case SDI_SNIPPET_MEDIA: fine = is_media_type(value); break;
	default: break;
	}
	return fine ||
	       sdi_snippet_fail(r, "\"%.*s\" is no value for \"%s\"", SDI_STR_ARG(sdi_str_head(value, 60)), row->name);
}

bool sdi_snippet_check(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row,
                       const struct sdi_snippet_word *values, size_t n)
{
	if (n < row->min || n > row->max)
		return sdi_snippet_fail(r, "\"%s\" has too few or too many values", row->name);
	switch (row->value) {
	case SDI_SNIPPET_ANY:
		for (size_t i = 0; i < n; i++)
			if (!sdi_snippet_variables(r, values[i].value))
				return false;
		return true;
	case SDI_SNIPPET_PLAIN:
		for (size_t i = 0; i < n; i++)
			if (!check_plain_text(r, values[i].value))
				return false;
		return true;
	case SDI_SNIPPET_HEADER: return check_header(r, values, n);
	case SDI_SNIPPET_RETURN: return check_return(r, values, n);
	case SDI_SNIPPET_REWRITE: return check_rewrite(r, values, n);
	case SDI_SNIPPET_SET:
		return make_variable(r, values[0].value, true) && sdi_snippet_variables(r, values[1].value);
	case SDI_SNIPPET_ERRORS: return check_errors(r, values, n);
	case SDI_SNIPPET_EXPIRES: return check_expires(r, values[0].value);
	case SDI_SNIPPET_IF: return check_condition(r, values, n);
	case SDI_SNIPPET_METHODS: return check_methods(r, values, n);
	case SDI_SNIPPET_MAP:
	case SDI_SNIPPET_GEO: return check_map(r, values, n);
	case SDI_SNIPPET_TEXT: return sdi_snippet_answer(r, values[0].value);
	case SDI_SNIPPET_LISTEN: return sdi_snippet_listen(r, values, n);
	case SDI_SNIPPET_TARGET: return sdi_snippet_target(r, values[0].value);
	case SDI_SNIPPET_MEMBER: return sdi_snippet_member(r, values, n);
	case SDI_SNIPPET_BALANCE: return sdi_snippet_balance(r, values, n);
	case SDI_SNIPPET_MORE: return sdi_snippet_more(r, row, values, n);
	case SDI_SNIPPET_STREAM_BLOCK: return true;
	case SDI_SNIPPET_MEMBERS: return sdi_snippet_upstream(r, values[0].value);
	case SDI_SNIPPET_FLAG:
	case SDI_SNIPPET_OFF:
	case SDI_SNIPPET_SIZE:
	case SDI_SNIPPET_TIME:
	case SDI_SNIPPET_NUMBER:
	case SDI_SNIPPET_ADDRESS:
	case SDI_SNIPPET_WORDS:
	case SDI_SNIPPET_MEDIA: return check_plain(r, row, values[0].value);
	}
	return false;
}
