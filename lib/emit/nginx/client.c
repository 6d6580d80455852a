/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who the client is and how it came, where a proxy in front of this one says so, and who is kept out altogether.
 *
 * With the PROXY protocol and forwarded headers together it is the protocol that says who the client is: NGINX takes the
 * address from one of both.
 */
#include "nginx.h"
#include "quote.h"

static const struct sdi_globals *globals_of(const struct sdi_nginx *ng)
{
	return &ng->gateway->globals;
}

void sdi_nginx_write_trusted(struct sdi_nginx *ng, const struct sdi_cidrs *trusted, const char *indent)
{
	char text[SDI_CIDR_TEXT];
	for (size_t i = 0; i < trusted->n; i++) {
		sdi_cidr_print(&trusted->p[i], text);
		sdi_buf_printf(ng->out, "%sset_real_ip_from %s;\n", indent, text);
	}
}

static void write_addresses(struct sdi_nginx *ng, const struct sdi_globals *globals)
{
	conf_lit(ng->out, "\treal_ip_header ");
	sdi_buf_add(ng->out, globals->proxy_protocol ? SDI_STR("proxy_protocol") : globals->client_header);
	conf_lit(ng->out, ";\n\treal_ip_recursive on;\n");
	sdi_nginx_write_trusted(ng, &globals->trusted, "\t");
}

/* $sdi_trusted is 1 when the sender's headers count. */
static void write_trust(struct sdi_nginx *ng, const struct sdi_globals *globals)
{
	sdi_nginx_write_geo(
		ng, globals->proxy_protocol ? "$proxy_protocol_addr $sdi_trusted" : "$realip_remote_addr $sdi_trusted",
		&globals->trusted);
}

/* "$sdi_NAME": what a trusted sender says in the header, else @otherwise. */
static void write_told(struct sdi_nginx *ng, const char *name, const char *header, const char *pattern,
                       const char *otherwise)
{
	sdi_buf_printf(ng->out,
	               "\tmap \"$sdi_trusted$http_x_forwarded_%s\" $sdi_%s { default %s; "
	               "\"~^1(?<sdi_told_%s>%s)\" $sdi_told_%s; }\n",
	               header, name, otherwise, name, pattern, name);
}

static void write_scheme(struct sdi_nginx *ng, const struct sdi_globals *globals)
{
	bool protocol = globals->proxy_protocol;
	if (protocol)
		conf_lit(ng->out, "\tmap $proxy_protocol_server_port $sdi_came_by { default $scheme; 443 https; }\n");
	if (globals->forwarded) {
		write_told(ng, "scheme", "proto", "[A-Za-z0-9+.-]{1,32}$", protocol ? "$sdi_came_by" : "$scheme");
		write_told(ng, "redirect_host", "host", "[A-Za-z0-9._-]{1,253}(?=(?::[0-9]+)? *(?:,|$))", "$host");
	} else {
		conf_lit(ng->out, "\tmap $sdi_came_by $sdi_scheme { default $sdi_came_by; }\n");
	}
}

const char *sdi_nginx_header_variable(struct sdi_nginx *ng, struct sdi_str name)
{
	enum { BEFORE = sizeof("$http_") - 1 };
	char *copy = sdi_arena_alloc(ng->scratch, BEFORE + name.n + 1);
	memcpy(copy, "$http_", BEFORE);
	for (size_t i = 0; i < name.n; i++)
		copy[BEFORE + i] = name.p[i] == '-' ? '_' : sdi_lower(name.p[i]);
	copy[BEFORE + name.n] = '\0';
	return copy;
}

static void write_port(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = globals_of(ng);
	const char *own = sdi_globals_tell_scheme(globals) ? "sdi_own_port" : "sdi_port";
	sdi_buf_printf(ng->out, "\tmap $https $%s { default 443; \"\" ", own);
	conf_uint(ng->out, ng->settings->http_port);
	conf_lit(ng->out, "; }\n");
	/* over the hop of passthrough.c it is a port of ours */
	if (globals->proxy_protocol)
		sdi_buf_printf(ng->out,
		               "\tmap %s$proxy_protocol_server_port $sdi_came_to { default $sdi_own_port; "
		               "\"~^[1-9]\" $proxy_protocol_server_port; }\n",
		               ng->passes ? "$https" : "");
	const char *came_to = globals->proxy_protocol ? "$sdi_came_to" : "$sdi_own_port";
	if (globals->forwarded)
		write_told(ng, "port", "port", "[0-9]{1,5}$", came_to);
	else if (globals->proxy_protocol)
		sdi_buf_printf(ng->out, "\tmap %s $sdi_port { default %s; }\n", came_to, came_to);
}

/* In "GET http://a/ HTTP/1.1" it is a that counts, not the Host header (RFC 9112 3.2.2). */
static void write_host(struct sdi_nginx *ng)
{
	bool forwarded = globals_of(ng)->forwarded;
	sdi_buf_printf(ng->out,
	               "\tmap $request $sdi_%shost { default $http_host; "
	               "\"~*^[^ ]+ https?://(?<sdi_authority>[^/?# ]+)\" $sdi_authority; }\n",
	               forwarded ? "own_" : "");
	if (forwarded)
		write_told(ng, "host", "host",
		           "(?:[A-Za-z0-9._:-]{1,255}|\\\\[[0-9A-Fa-f:.]+\\\\](?::[0-9]+)?)(?= *(?:,|$))",
		           "$sdi_own_host");
}

void sdi_nginx_http_client(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = globals_of(ng);
	if (globals->real_ip || globals->proxy_protocol)
		write_addresses(ng, globals);
	sdi_nginx_http_passthrough(ng);
	if (globals->forwarded)
		write_trust(ng, globals);
	if (sdi_globals_tell_scheme(globals))
		write_scheme(ng, globals);
	write_port(ng);
	write_host(ng);
	if (!globals->full_chain)
		return;
	const char *from = sdi_nginx_header_variable(ng, globals->client_header);
	sdi_buf_printf(ng->out,
	               "\tmap %s $sdi_chain { default \"%s, $realip_remote_addr\"; \"\" $realip_remote_addr; }\n", from,
	               from);
}

void sdi_nginx_write_blocklist(struct sdi_nginx *ng, const struct sdi_blocklist *list, const char *value)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct sdi_blocked *blocked = &list->p[i];
		conf_lit(ng->out, "\t\t");
		if (blocked->regex) {
			sdi_nginx_word(ng->out, sdi_arena_printf(ng->scratch, "~%s%.*s", blocked->any_case ? "*" : "",
			                                         SDI_STR_ARG(blocked->text)));
		} else { /* as a text it would have to fit into a bucket of NGINX's table */
			conf_lit(ng->out, "\"~*^");
			sdi_nginx_inside_regex(ng->out, blocked->text);
			conf_lit(ng->out, "\\\\z\"");
		}
		sdi_buf_printf(ng->out, " %s;\n", value);
	}
}

static void write_blocklist(struct sdi_nginx *ng, const char *header, const struct sdi_blocklist *list)
{
	if (!list->n)
		return;
	sdi_buf_printf(ng->out, "\tmap $http_%s $sdi_blocked_%s {\n\t\tdefault \"\";\n", header, header);
	sdi_nginx_write_blocklist(ng, list, "1");
	conf_lit(ng->out, "\t}\n");
}

static bool blocks(const struct sdi_globals *globals)
{
	return globals->blocked.n || globals->agents.n || globals->referers.n;
}

void sdi_nginx_http_blocked(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = globals_of(ng);
	if (!blocks(globals))
		return;
	if (globals->blocked.n)
		sdi_nginx_write_geo(ng, "$sdi_blocked_address", &globals->blocked);
	write_blocklist(ng, "user_agent", &globals->agents);
	write_blocklist(ng, "referer", &globals->referers);
	sdi_buf_printf(ng->out, "\tmap \"%s%s%s\" $sdi_blocked { default 1; \"\" \"\"; 0 \"\"; }\n",
	               globals->blocked.n ? "$sdi_blocked_address" : "",
	               globals->agents.n ? "$sdi_blocked_user_agent" : "",
	               globals->referers.n ? "$sdi_blocked_referer" : "");
}

void sdi_nginx_server_blocked(struct sdi_nginx *ng)
{
	if (blocks(globals_of(ng)))
		conf_lit(ng->out, "\t\tif ($sdi_blocked) { return 403 \"403 Forbidden\\n\"; }\n");
}
