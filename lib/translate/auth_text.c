/* SPDX-License-Identifier: BSD-3-Clause */
#include "auth_text.h"
#include "../base/vec.h"

enum { URL_BYTES = 2000, TEXT_BYTES = 1900 }; /* NGINX takes a word of 4095 */

bool sdi_text_is_of(struct sdi_str text, const char *more)
{
	for (size_t i = 0; i < text.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && (!text.p[i] || !strchr(more, text.p[i])))
			return false;
	return text.n > 0;
}

bool sdi_header_may_be_set(struct sdi_str name)
{
	static const char *const framing[] = { "connection",        "content-length", "expect",   "host",
		                               "http2-settings",    "keep-alive",     "te",       "trailer",
		                               "transfer-encoding", "upgrade",        "proxy",    "proxy-connection",
		                               "x-accel-redirect",  "x-sent-from",    "x-real-ip" };
	for (size_t i = 0; i < sizeof(framing) / sizeof(framing[0]); i++)
		if (sdi_str_eq_nocase(name, sdi_str_c(framing[i])))
			return false;
	return name.n <= 200 && sdi_text_is_of(name, "-_");
}

/* Those of NGINX and of the controller's template. The others may hold blanks or what a client likes. */
static const struct {
	const char *name;
	enum sdi_request_var var;
	bool in_url;
} variables[] = {
	{ "args", SDI_VAR_ARGS, true },
	{ "best_http_host", SDI_VAR_HTTP_HOST, true },
	{ "escaped_request_uri", SDI_VAR_ESCAPED_URI, true },
	{ "host", SDI_VAR_HOST, true },
	{ "http_host", SDI_VAR_HTTP_HOST, true },
	{ "pass_access_scheme", SDI_VAR_SCHEME, true },
	{ "query_string", SDI_VAR_ARGS, true },
	{ "remote_addr", SDI_VAR_REMOTE_ADDR, true },
	{ "remote_user", SDI_VAR_REMOTE_USER, false },
	{ "req_id", SDI_VAR_REQUEST_ID, false },
	{ "request_id", SDI_VAR_REQUEST_ID, false },
	{ "request_method", SDI_VAR_METHOD, true },
	{ "request_uri", SDI_VAR_REQUEST_URI, true },
	{ "scheme", SDI_VAR_SCHEME, true },
	{ "ssl_client_s_dn", SDI_VAR_CLIENT_DN, false },
	{ "ssl_client_verify", SDI_VAR_CLIENT_VERIFIED, false },
	{ "the_real_ip", SDI_VAR_REMOTE_ADDR, true },
};

static const struct {
	const char *prefix;
	enum sdi_request_var var;
} families[] = { { "http_", SDI_VAR_HEADER }, { "cookie_", SDI_VAR_COOKIE }, { "arg_", SDI_VAR_ARG } };

static bool find_variable(struct sdi_arena *arena, struct sdi_str name, enum sdi_text_use use,
                          const struct sdi_text_names *names, struct sdi_text_part *ret)
{
	if (names && (sdi_str_is(name, "namespace") || sdi_str_is(name, "ingress_name"))) {
		*ret = (struct sdi_text_part){ SDI_VAR_NONE, name.p[0] == 'n' ? names->ns : names->ingress };
		return true;
	}
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (sdi_str_is(name, variables[i].name)) {
			*ret = (struct sdi_text_part){ variables[i].var, { 0 } };
			return variables[i].in_url || use == SDI_TEXT_VALUE;
		}
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]) && use == SDI_TEXT_VALUE; i++) {
		struct sdi_str prefix = sdi_str_c(families[i].prefix);
		if (sdi_str_starts(name, prefix) && name.n > prefix.n && name.n < 100) {
			*ret = (struct sdi_text_part){ families[i].var,
				                       sdi_arena_copy(arena, sdi_str_from(name, prefix.n)) };
			return true;
		}
	}
	return false;
}

/* The name behind a "$" at the start of @rest, cut off there. */
static bool cut_name(struct sdi_str *rest, struct sdi_str *ret)
{
	bool braces = rest->n && rest->p[0] == '{';
	struct sdi_str s = braces ? sdi_str_from(*rest, 1) : *rest;
	size_t n = 0;
	while (n < s.n && (sdi_is_alnum_lower(s.p[n]) || s.p[n] == '_'))
		n++;
	*ret = sdi_str_head(s, n);
	if (braces && (n == s.n || s.p[n] != '}'))
		return false;
	*rest = sdi_str_from(s, n + braces);
	return n > 0;
}

bool sdi_text_parse(struct sdi_arena *arena, struct sdi_str text, enum sdi_text_use use,
                    const struct sdi_text_names *names, struct sdi_text *ret)
{
	struct {
		SDI_VEC(struct sdi_text_part)
	} parts = { 0 };
	if (text.n > TEXT_BYTES)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	while (text.n) {
		ptrdiff_t dollar = sdi_str_find(text, '$');
		struct sdi_str plain = dollar < 0 ? text : sdi_str_head(text, (size_t)dollar), name;
		struct sdi_text_part part;
		if (plain.n)
			*sdi_vec_push(&parts, arena) =
				(struct sdi_text_part){ SDI_VAR_NONE, sdi_arena_copy(arena, plain) };
		if (dollar < 0)
			break;
		text = sdi_str_from(text, (size_t)dollar + 1);
		if (!cut_name(&text, &name) || !find_variable(arena, name, use, names, &part))
			return false;
		*sdi_vec_push(&parts, arena) = part;
	}
	*ret = (struct sdi_text){ parts.p, parts.n };
	return true;
}

static bool parse_port(struct sdi_str text, uint16_t *ret)
{
	unsigned port = 0;
	if (!text.n || text.n > 5)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!sdi_is_digit(text.p[i]))
			return false;
		port = port * 10 + (unsigned)(text.p[i] - '0');
	}
	*ret = (uint16_t)port;
	return port > 0 && port <= UINT16_MAX;
}

/* "example.org", "192.0.2.1:8080", "$host". */
static bool parse_authority(struct sdi_arena *arena, struct sdi_str text, struct sdi_url *url)
{
	ptrdiff_t colon = sdi_str_find(text, ':');
	struct sdi_str host = colon < 0 ? text : sdi_str_head(text, (size_t)colon);
	url->self = sdi_str_is(host, "$host") || sdi_str_is(host, "$http_host") || sdi_str_is(host, "$best_http_host");
	url->has_port = colon >= 0;
	url->port = url->tls ? 443 : 80;
	if (url->has_port && (url->self || !parse_port(sdi_str_from(text, (size_t)colon + 1), &url->port)))
		return false;
	if (url->self)
		return true;
	url->host = sdi_arena_lower(arena, host);
	url->authority = sdi_arena_copy(arena, text);
	return host.n <= 253 && !sdi_str_has(host, SDI_STR("..")) && sdi_text_is_of(host, ".-");
}

/* The only variable that may stand right behind the host: it begins with a slash, so it can't become a part of that. */
static bool is_request_uri(struct sdi_str text)
{
	return sdi_str_starts(text, SDI_STR("$request_uri"));
}

bool sdi_url_parse(struct sdi_arena *arena, struct sdi_str text, struct sdi_url *ret, const char **ret_why)
{
	struct sdi_url url = { .tls = sdi_str_starts(text, SDI_STR("https://")) };
	*ret_why = "write an URL like http://auth.example.org:4180/oauth2/auth: http or https, a host, no user, "
		   "no blanks";
	if (text.n > URL_BYTES || (!url.tls && !sdi_str_starts(text, SDI_STR("http://"))) ||
	    !sdi_text_is_of(text, "-._~/:,?&=$"))
		return false;
	struct sdi_str rest = sdi_str_from(text, url.tls ? 8 : 7);
	size_t n = 0;
	while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?' && (!n || !is_request_uri(sdi_str_from(rest, n))))
		n++;
	if (!parse_authority(arena, sdi_str_head(rest, n), &url))
		return false;
	rest = sdi_str_from(rest, n);
	url.bare = rest.n == 0;
	url.target = rest.n && rest.p[0] != '?' ? sdi_arena_copy(arena, rest) :
	                                          sdi_arena_printf(arena, "/%.*s", SDI_STR_ARG(rest));
	*ret = url;
	return true;
}
