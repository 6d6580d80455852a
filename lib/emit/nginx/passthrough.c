/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLS streams that go to an endpoint unread. Once a host has that, the port of HTTPS belongs to a server of the context
 * "stream", which reads the server name. NGINX sends the PROXY protocol to all that a stream server proxies to or to
 * none, hence a hop more for streams that are passed on, to have it taken off again:
 *
 *     client ─► stream, port of HTTPS ─┬─► 127.0.0.1:PORT, http    the client's address from the PROXY protocol
 *                                      └─► 127.0.0.2:PORT, stream ─► endpoint
 *
 * Sockets of the unix domain would be nearer, but NGINX does not start while one of an NGINX that was killed is there.
 *
 * A request for such a host that came over somebody else's TLS connection is answered 421 (RFC 9110 15.5.20): browsers
 * do that where one certificate has both names, and then ask again on a connection of its own.
 */
#include "nginx.h"
#include "quote.h"

#define HERE "127.0.0.1"
#define PASSED_HERE "127.0.0.2"

/* How long nothing may be sent: who speaks HTTP behind it has limits of its own, and a client that is gone is found out
 * by TCP. */
#define IDLE "24h"

enum { ELEMENT_BYTES = 32, BUCKET_MIN = 128, ROOM_MIN = 2048 };

/* NULL: it can be done; else why not, and what to do. */
static const char *obstacle(const struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	unsigned port = ng->settings->passthrough_port;
	if (globals->real_ip && !globals->proxy_protocol)
		return "NGINX takes a client's address from headers or from the hop that ssl-passthrough needs, not "
		       "from "
		       "both; set use-proxy-protocol instead of use-forwarded-headers and enable-real-ip";
	if (globals->full_chain)
		return "compute-full-forwarded-for needs the address of the proxy in front, which does not get over "
		       "the "
		       "hop that ssl-passthrough needs";
	if (!port || port == ng->settings->http_port || port == ng->settings->https_port)
		return "ssl-passthrough-proxy-port is 0 or the port of HTTP or HTTPS; set another one";
	for (size_t i = 0; i < ng->gateway->n_streams; i++)
		if (!ng->gateway->streams[i].udp && ng->gateway->streams[i].port == port)
			return "a TCP service has the port of ssl-passthrough-proxy-port; set another one";
	return NULL;
}

bool sdi_nginx_passes(struct sdi_nginx *ng)
{
	if (!ng->settings->https_port || !sdi_gateway_passes(ng->gateway))
		return false;
	const char *why = obstacle(ng);
	if (!why)
		return true;
	ng->closes = true;
	ng->diag.subject = (struct sdi_subject){ .kind = "Settings", .origin = { .file = "" } };
	sdi_diag_add(&ng->diag, SDI_REASON_PROTECTION_DENIED, "ssl-passthrough-proxy-port",
	             "hosts with ssl-passthrough answer 503: %s", why);
	return false;
}

void sdi_nginx_http_passthrough(struct sdi_nginx *ng)
{
	if (!ng->passes)
		return;
	if (!ng->gateway->globals.proxy_protocol)
		conf_lit(ng->out, "\treal_ip_header proxy_protocol;\n");
	conf_lit(ng->out, "\tset_real_ip_from " HERE ";\n\tmap $https $sdi_came_in { default ");
	conf_uint(ng->out, ng->settings->https_port);
	conf_lit(ng->out, "; \"\" ");
	conf_uint(ng->out, ng->settings->http_port);
	conf_lit(ng->out, "; }\n");
}

void sdi_nginx_write_passed_listen(struct sdi_nginx *ng, bool is_default, const char *options)
{
	conf_lit(ng->out, "\t\tlisten " HERE ":");
	conf_uint(ng->out, ng->settings->passthrough_port);
	sdi_buf_printf(ng->out, "%s%s;\n", options, is_default ? " proxy_protocol" : "");
}

void sdi_nginx_server_passthrough(struct sdi_nginx *ng, const struct sdi_host *host)
{
	if (host->passthrough && ng->passes)
		conf_lit(ng->out, "\t\tif ($https) { return 421 \"misdirected request - 421\\n\"; }\n");
	else if (host->passthrough && ng->closes)
		conf_lit(ng->out, "\t\treturn 503 \"503 Service Temporarily Unavailable\\n\";\n");
}

/* The wildcards whose streams are passed on, without their "*". */
static struct sdi_map collect_wildcards(struct sdi_nginx *ng)
{
	struct sdi_map wildcards = { .arena = ng->scratch };
	for (size_t i = 0; i < ng->gateway->n_hosts; i++) {
		const struct sdi_host *host = &ng->gateway->hosts[i];
		if (host->passthrough && sdi_host_group(host->name) == 1)
			*sdi_map_put(&wildcards, sdi_str_from(host->name, 1)) = (void *)host;
	}
	return wildcards;
}

/* A host with streams of its own, or a name that is not meant by a wildcard with some. Not a regular expression: its
 * names get no further than to the 421. */
static bool is_listed(const struct sdi_map *wildcards, const struct sdi_host *host)
{
	ptrdiff_t dot = sdi_str_find(host->name, '.');
	if (sdi_host_group(host->name) > 1)
		return false;
	return host->passthrough ||
	       (dot > 0 && host->name.p[0] != '*' && sdi_map_get(wildcards, sdi_str_from(host->name, (size_t)dot)));
}

/* NGINX does not start where a name does not fit. */
static void write_room(struct sdi_nginx *ng, const struct sdi_map *wildcards)
{
	size_t names = 0, longest = 0, room = ROOM_MIN, bucket = BUCKET_MIN;
	for (size_t i = 0; i < ng->gateway->n_hosts; i++) {
		if (!is_listed(wildcards, &ng->gateway->hosts[i]))
			continue;
		names++;
		if (ng->gateway->hosts[i].name.n > longest)
			longest = ng->gateway->hosts[i].name.n;
	}
	while (room < 2 * names)
		room *= 2;
	while (bucket < 4 * (longest + ELEMENT_BYTES))
		bucket *= 2;
	sdi_buf_printf(ng->out, "\tmap_hash_max_size %zu;\n\tmap_hash_bucket_size %zu;\n", room, bucket);
}

/* What "proxy_pass" gets: an upstream, or a name that is looked up for each connection. */
static void write_target(struct sdi_nginx *ng, const struct sdi_backend *backend)
{
	const struct sdi_server *external = sdi_nginx_external(backend);
	if (!external || !sdi_nginx_can_reach(ng, backend) || !sdi_nginx_dns_name(ng->out, external->address)) {
		sdi_nginx_name(ng->out, backend->id);
		return;
	}
	sdi_buf_char(ng->out, ':');
	conf_uint(ng->out, external->port);
}

static void write_map(struct sdi_nginx *ng, const struct sdi_map *wildcards)
{
	conf_lit(ng->out, "\tmap $ssl_preread_server_name $sdi_passed {\n\t\tdefault \"\";\n");
	for (size_t i = 0; i < ng->gateway->n_hosts; i++) {
		const struct sdi_host *host = &ng->gateway->hosts[i];
		if (!is_listed(wildcards, host))
			continue;
		size_t before = ng->out->n;
		conf_lit(ng->out, "\t\t");
		if (!sdi_nginx_map_name(ng->out, host->name)) {
			ng->out->n = before;
			continue;
		}
		conf_lit(ng->out, " ");
		if (host->passthrough)
			write_target(ng, host->passthrough);
		else
			conf_lit(ng->out, "\"\"");
		conf_lit(ng->out, ";\n");
	}
	conf_lit(ng->out, "\t}\n");
}

/* One without servers closes connections, as one that can't be looked up does. */
static void write_upstreams(struct sdi_nginx *ng)
{
	struct sdi_map written = { .arena = ng->scratch };
	for (size_t i = 0; i < ng->gateway->n_hosts; i++) {
		const struct sdi_backend *backend = ng->gateway->hosts[i].passthrough;
		void **slot = backend ? sdi_map_put(&written, backend->id) : NULL;
		if (!slot || *slot)
			continue;
		*slot = (void *)backend;
		conf_lit(ng->out, "\tupstream ");
		sdi_nginx_name(ng->out, backend->id);
		conf_lit(ng->out, " {\n");
		if (sdi_nginx_can_reach(ng, backend) && !sdi_nginx_external(backend))
			sdi_nginx_write_stream_servers(ng, backend);
		else
			conf_lit(ng->out, "\t\tserver " HERE ":1 down;\n");
		conf_lit(ng->out, "\t}\n");
	}
}

static void write_timeouts(struct sdi_nginx *ng)
{
	conf_lit(ng->out, "\t\tproxy_timeout " IDLE ";\n\t\tproxy_socket_keepalive on;\n");
}

static void write_front(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	conf_lit(ng->out, "\tserver {\n");
	sdi_nginx_write_listens(ng, ng->settings->https_port, " so_keepalive=on",
	                        globals->proxy_protocol ? " proxy_protocol" : "");
	if (globals->proxy_protocol)
		sdi_nginx_write_trusted(ng, &globals->trusted, "\t\t");
	write_timeouts(ng);
	conf_lit(ng->out, "\t\taccess_log off;\n" /* it is told behind the hop */
	                  "\t\tssl_preread on;\n"
	                  "\t\tproxy_protocol on;\n"
	                  "\t\tproxy_pass $sdi_hop;\n\t}\n");
}

static void write_second(struct sdi_nginx *ng)
{
	conf_lit(ng->out, "\tserver {\n\t\tlisten " PASSED_HERE ":");
	conf_uint(ng->out, ng->settings->passthrough_port);
	conf_lit(ng->out, " proxy_protocol;\n\t\tset_real_ip_from " HERE ";\n");
	write_timeouts(ng);
	conf_lit(ng->out, "\t\tssl_preread on;\n\t\tproxy_pass $sdi_passed;\n\t}\n");
}

void sdi_nginx_write_passthrough(struct sdi_nginx *ng)
{
	const struct sdi_cidrs *blocked = &ng->gateway->globals.blocked;
	if (!ng->passes)
		return;
	struct sdi_map wildcards = collect_wildcards(ng);
	write_room(ng, &wildcards);
	write_map(ng, &wildcards);
	if (blocked->n) /* to where they are told so */
		sdi_nginx_write_geo(ng, "$sdi_blocked", blocked);
	sdi_buf_printf(ng->out, "\tmap \"%s$sdi_passed\" $sdi_hop { default " PASSED_HERE ":%u; \"\" " HERE ":%u; ",
	               blocked->n ? "$sdi_blocked" : "", ng->settings->passthrough_port,
	               ng->settings->passthrough_port);
	if (blocked->n)
		sdi_buf_printf(ng->out, "0 " HERE ":%u; ~^1 " HERE ":%u; ", ng->settings->passthrough_port,
		               ng->settings->passthrough_port);
	conf_lit(ng->out, "}\n");
	write_upstreams(ng);
	write_front(ng);
	write_second(ng);
}
