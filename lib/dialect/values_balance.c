/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of the annotations about endpoints, sessions and canaries. */
#include "../gateway/balance.h"
#include "../base/vec.h"
#include "values.h"

bool sdi_parse_any_case(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                        struct sdi_value *ret, const char **ret_why)
{
	(void)arena;
	const char *const *words = row->arg;
	for (size_t i = 0; words[i]; i++) {
		if (sdi_str_eq_nocase(text, sdi_str_c(words[i]))) {
			ret->number = (int64_t)i;
			return true;
		}
	}
	*ret_why = row->value;
	return false;
}

bool sdi_parse_cookie_path(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                           struct sdi_value *ret, const char **ret_why)
{
	return sdi_parse_text(row, text, arena, ret, ret_why) && text.p[0] == '/';
}

bool sdi_parse_anything(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                        struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)text;
	(void)arena;
	(void)ret;
	(void)ret_why;
	return true;
}

/* The variables of NGINX that both proxies know; those that end in "_" take a name. */
static const struct {
	const char *name;
	enum sdi_key_kind kind;
} variables[] = {
	{ "request_uri", SDI_KEY_REQUEST_URI },
	{ "uri", SDI_KEY_PATH },
	{ "document_uri", SDI_KEY_PATH },
	{ "args", SDI_KEY_QUERY },
	{ "query_string", SDI_KEY_QUERY },
	{ "host", SDI_KEY_HOST },
	{ "server_name", SDI_KEY_HOST },
	{ "http_host", SDI_KEY_HOST_HEADER },
	{ "remote_addr", SDI_KEY_ADDRESS },
	{ "binary_remote_addr", SDI_KEY_ADDRESS },
	{ "scheme", SDI_KEY_SCHEME },
	{ "request_method", SDI_KEY_METHOD },
	{ "http_", SDI_KEY_HEADER },
	{ "cookie_", SDI_KEY_COOKIE },
	{ "arg_", SDI_KEY_ARGUMENT },
};

static bool is_word(char c)
{
	return sdi_is_alnum_lower(sdi_lower(c)) || c == '_';
}

/* A header's name as it goes over the wire: NGINX writes "_" for each "-". */
static struct sdi_str header_name(struct sdi_arena *arena, struct sdi_str name)
{
	struct sdi_str lower = sdi_arena_lower(arena, name);
	char *p = sdi_arena_alloc(arena, lower.n + 1);
	for (size_t i = 0; i < lower.n; i++)
		p[i] = lower.p[i] == '_' ? '-' : lower.p[i];
	return sdi_str_make(p, lower.n);
}

static bool variable(struct sdi_str name, struct sdi_arena *arena, struct sdi_key_part *ret)
{
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		struct sdi_str known = sdi_str_c(variables[i].name);
		struct sdi_str rest = sdi_str_from(name, known.n);
		bool open = known.p[known.n - 1] == '_';
		if (!sdi_str_starts(name, known) || (rest.n > 0) != open)
			continue;
		*ret = (struct sdi_key_part){ variables[i].kind, rest };
		if (variables[i].kind == SDI_KEY_HEADER)
			ret->text = header_name(arena, rest);
		return true;
	}
	return false;
}

/* Cuts the next variable or text off @rest; false: it is none. */
static bool next_part(struct sdi_str *rest, struct sdi_arena *arena, struct sdi_key_part *ret)
{
	size_t n = 0;
	if (rest->p[0] != '$') {
		while (n < rest->n && (is_word(rest->p[n]) || strchr("-{}", rest->p[n])))
			n++;
		*ret = (struct sdi_key_part){ SDI_KEY_TEXT, sdi_str_head(*rest, n) };
		*rest = sdi_str_from(*rest, n);
		return n > 0;
	}
	*rest = sdi_str_from(*rest, 1);
	bool braces = rest->n && rest->p[0] == '{';
	*rest = sdi_str_from(*rest, braces);
	while (n < rest->n && is_word(rest->p[n]))
		n++;
	bool known = variable(sdi_str_head(*rest, n), arena, ret);
	*rest = sdi_str_from(*rest, n);
	if (braces && (!rest->n || rest->p[0] != '}'))
		return false;
	*rest = sdi_str_from(*rest, braces);
	return known;
}

bool sdi_parse_key(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                   struct sdi_value *ret, const char **ret_why)
{
	enum { BYTES = 512 };
	(void)row;
	struct {
		SDI_VEC(struct sdi_key_part)
	} parts = { 0 };
	*ret_why = "write letters, digits, - and _, and of NGINX's variables only $request_uri, $uri, $args, $host, "
		   "$http_host, $remote_addr, $scheme, $request_method, $http_NAME, $cookie_NAME and $arg_NAME";
	if (!text.n || text.n > BYTES || memchr(text.p, '\0', text.n))
		return false;
	while (text.n) {
		struct sdi_key_part part;
		if (!next_part(&text, arena, &part))
			return false;
		*sdi_vec_push(&parts, arena) = part;
	}
	ret->list = parts.p;
	ret->n = parts.n;
	return true;
}

bool sdi_parse_limit_key(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                         struct sdi_value *ret, const char **ret_why)
{
	return sdi_str_is(text, "$binary_remote_addr") || sdi_parse_key(row, text, arena, ret, ret_why);
}
