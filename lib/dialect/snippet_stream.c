/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Servers of TCP and UDP streams in snippets. NGINX looks up names when it starts, and does not start when one is not
 * there or an address can't be bound; so targets are addresses, and listeners are for all addresses or loopback.
 */
#include "../base/cidr.h"
#include "snippet_read.h"

void sdi_snippet_take(struct sdi_snippet_reader *r, const char *kind, struct sdi_str name)
{
	*sdi_vec_push(&r->taken, r->arena) = sdi_arena_printf(r->arena, "%s%.*s", kind, SDI_STR_ARG(name));
}

static bool is_taken(const struct sdi_snippet_reader *r, struct sdi_str what)
{
	for (size_t i = 0; i < r->taken.n; i++)
		if (sdi_str_eq(r->taken.p[i], what))
			return true;
	return false;
}

static bool is_port(struct sdi_str text)
{
	unsigned n = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (!sdi_is_digit(text.p[i]) || (!i && text.p[i] == '0') || i > 4)
			return false;
		n = n * 10 + (unsigned)(text.p[i] - '0');
	}
	return n && n <= UINT16_MAX;
}

/* "HOST:PORT" or "[HOST]:PORT" into its parts, @ret_host without the brackets. */
static bool split_port(struct sdi_str text, struct sdi_str *ret_host, struct sdi_str *ret_port)
{
	size_t colon = text.n;
	while (colon && text.p[colon - 1] != ':')
		colon--;
	if (colon < 2)
		return false;
	*ret_port = sdi_str_from(text, colon);
	*ret_host = sdi_str_head(text, colon - 1);
	bool brackets = ret_host->n > 2 && ret_host->p[0] == '[' && ret_host->p[ret_host->n - 1] == ']';
	if (brackets)
		*ret_host = sdi_str_make(ret_host->p + 1, ret_host->n - 2);
	return brackets == (sdi_str_find(*ret_host, ':') >= 0);
}

static bool is_ip(struct sdi_str text)
{
	struct sdi_cidr range;
	return sdi_str_find(text, '/') < 0 && sdi_cidr_parse(text, &range);
}

static bool is_endpoint(struct sdi_str text)
{
	struct sdi_str host, port;
	return split_port(text, &host, &port) && is_ip(host) && is_port(port);
}

/* Whether every machine has it. */
static bool is_here(struct sdi_str host)
{
	static const char *const here[] = { "*", "0.0.0.0", "127.0.0.1", "::", "::1" };
	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		if (sdi_str_is(host, here[i]))
			return true;
	return false;
}

bool sdi_snippet_listen(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	struct sdi_str host = SDI_STR("*"), port = values[0].value;
	bool udp = false, tcp_only = false;
	if (!is_port(port) && !(split_port(values[0].value, &host, &port) && is_here(host) && is_port(port)))
		return sdi_snippet_fail(r, "\"listen\" needs a port, or an address of all (*, [::]) or of loopback "
		                           "(127.0.0.1, [::1]) with a port");
	for (size_t i = 1; i < n; i++) {
		struct sdi_str word = values[i].value;
		bool tcp = sdi_str_is(word, "proxy_protocol") || sdi_str_is(word, "so_keepalive=on") ||
		           sdi_str_is(word, "so_keepalive=off");
		if ((!tcp && !sdi_str_is(word, "udp")) || (i > 1 && sdi_str_eq(word, values[i - 1].value)))
			return sdi_snippet_fail(r, "behind the port of \"listen\" udp, proxy_protocol and "
			                           "so_keepalive=on or off may stand");
		udp |= !tcp;
		tcp_only |= tcp;
	}
	if (udp && tcp_only)
		return sdi_snippet_fail(r, "\"listen\" with udp has none of the other words");
	struct sdi_str what = sdi_arena_printf(r->arena, "%s%s %.*s", udp ? "udp" : "tcp",
	                                       sdi_str_find(host, ':') < 0 ? "4" : "6", SDI_STR_ARG(port));
	if (is_taken(r, what))
		return sdi_snippet_fail(r, "port %.*s is there twice", SDI_STR_ARG(port));
	sdi_snippet_take(r, "", what);
	r->has.listens++;
	return true;
}

bool sdi_snippet_answer(struct sdi_snippet_reader *r, struct sdi_str text)
{
	r->has.handlers++;
	return sdi_snippet_variables(r, text);
}

bool sdi_snippet_target(struct sdi_snippet_reader *r, struct sdi_str to)
{
	r->has.handlers++;
	if (to.n > 1 && to.p[0] == '$')
		return sdi_snippet_variables(r, to);
	if (is_endpoint(to))
		return true;
	if (to.n && to.n < 64 && sdi_str_find(to, ':') < 0 && sdi_str_find(to, '$') < 0) {
		*sdi_vec_push(&r->targets, r->arena) = sdi_arena_lower(r->arena, to);
		return true;
	}
	return sdi_snippet_fail(r, "\"proxy_pass\" needs an address and a port, an upstream of this snippet or a "
	                           "variable; for a Service, write it into the ConfigMap of TCP services");
}

bool sdi_snippet_upstream(struct sdi_snippet_reader *r, struct sdi_str name)
{
	name = sdi_arena_lower(r->arena, name);
	for (size_t i = 0; i < name.n; i++)
		if (!sdi_is_alnum_lower(name.p[i]) && name.p[i] != '-' && name.p[i] != '_' && name.p[i] != '.')
			name.n = 0;
	if (!name.n || name.n > 63)
		return sdi_snippet_fail(r, "an upstream's name has up to 63 letters, digits, -, _ and .");
	if (is_taken(r, sdi_arena_printf(r->arena, "upstream %.*s", SDI_STR_ARG(name))))
		return sdi_snippet_fail(r, "upstream \"%.*s\" is there twice", SDI_STR_ARG(name));
	sdi_snippet_take(r, "upstream ", name);
	return true;
}

bool sdi_snippet_member(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	static const char *const numbers[] = { "weight=", "max_fails=", "max_conns=" };
	if (!is_endpoint(values[0].value))
		return sdi_snippet_fail(r, "\"server\" needs an address and a port");
	for (size_t i = 1; i < n; i++) {
		struct sdi_str word = values[i].value;
		bool fine = sdi_str_starts(word, SDI_STR("fail_timeout=")) &&
		            sdi_snippet_is_time(sdi_str_from(word, sizeof("fail_timeout=") - 1));
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
			fine |= sdi_str_starts(word, sdi_str_c(numbers[k])) &&
			        sdi_snippet_is_number(sdi_str_from(word, strlen(numbers[k])), "") &&
			        !(k == 0 && word.p[strlen(numbers[k])] == '0');
		if (!fine)
			return sdi_snippet_fail(r, "behind the address of \"server\" weight=, max_fails=, max_conns= "
			                           "and fail_timeout= may stand");
	}
	r->has.members++;
	return true;
}

bool sdi_snippet_balance(struct sdi_snippet_reader *r, const struct sdi_snippet_word *values, size_t n)
{
	r->has.handlers++;
	if (n == 2 && !sdi_str_is(values[1].value, "consistent"))
		return sdi_snippet_fail(r, "behind the key of \"hash\" only \"consistent\" may stand");
	return !n || sdi_snippet_variables(r, values[0].value);
}

bool sdi_snippet_stream_end(struct sdi_snippet_reader *r, enum sdi_snippet_value block)
{
	bool server = block == SDI_SNIPPET_STREAM_BLOCK, upstream = block == SDI_SNIPPET_MEMBERS;
	if (server && (!r->has.listens || r->has.handlers != 1))
		return sdi_snippet_fail(r, "a server needs \"listen\", and one of \"proxy_pass\" and \"return\"");
	if (upstream && (!r->has.members || r->has.handlers > 1))
		return sdi_snippet_fail(r, "an upstream needs servers, and one of \"hash\" and \"least_conn\" at most");
	if (server || upstream)
		memset(&r->has, 0, sizeof(r->has));
	return true;
}

bool sdi_snippet_stream_done(struct sdi_snippet_reader *r)
{
	for (size_t i = 0; i < r->targets.n; i++) {
		struct sdi_str name = r->targets.p[i];
		if (!is_taken(r, sdi_arena_printf(r->arena, "upstream %.*s", SDI_STR_ARG(name))))
			return sdi_snippet_fail(r, "\"proxy_pass\": there is no upstream \"%.*s\" in this snippet",
			                        SDI_STR_ARG(name));
	}
	return true;
}
