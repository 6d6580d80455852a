/* SPDX-License-Identifier: BSD-3-Clause */
/* TCP and UDP services, and the frame for TLS streams that are passed on (passthrough.c). NGINX's module for them is a file of its own in Debian, loaded only when there are some. */
#include "nginx.h"
#include "quote.h"

static void write_name(struct sdi_nginx *ng, const struct sdi_stream *stream)
{
	sdi_buf_add(ng->out, stream->udp ? SDI_STR("udp_") : SDI_STR("tcp_"));
	conf_uint(ng->out, stream->port);
}

void sdi_nginx_write_stream_servers(struct sdi_nginx *ng, const struct sdi_backend *backend)
{
	for (size_t i = 0; i < backend->n_servers; i++) {
		conf_lit(ng->out, "\t\tserver ");
		sdi_nginx_address(ng->out, backend->servers[i].address, backend->servers[i].port);
		conf_lit(ng->out, ";\n");
	}
}

static void write_upstream(struct sdi_nginx *ng, const struct sdi_stream *stream)
{
	conf_lit(ng->out, "\tupstream ");
	write_name(ng, stream);
	conf_lit(ng->out, " {\n");
	sdi_nginx_write_stream_servers(ng, stream->backend);
	conf_lit(ng->out, "\t}\n");
}

/* A name is looked up for each connection; without a server the connection is closed at once. */
static void write_target(struct sdi_nginx *ng, const struct sdi_stream *stream)
{
	const struct sdi_server *external = sdi_nginx_external(stream->backend);
	size_t before = ng->out->n;
	if (!sdi_nginx_can_reach(ng, stream->backend)) {
		conf_lit(ng->out, "\t\treturn \"\";\n");
		return;
	}
	if (!external) {
		conf_lit(ng->out, "\t\tproxy_pass ");
		write_name(ng, stream);
		conf_lit(ng->out, ";\n");
		return;
	}
	conf_lit(ng->out, "\t\tset $sdi_to ");
	if (!sdi_nginx_dns_name(ng->out, external->address)) {
		ng->out->n = before;
		conf_lit(ng->out, "\t\treturn \"\";\n");
		return;
	}
	sdi_buf_char(ng->out, ':');
	conf_uint(ng->out, external->port);
	conf_lit(ng->out, ";\n\t\tproxy_pass $sdi_to;\n");
}

/* The client of the log, and of a PROXY protocol that we begin with, is the one that a trusted sender names. */
static void write_trusted(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	if (globals->real_ip)
		sdi_nginx_write_trusted(ng, &globals->trusted, "\t\t");
}

static void write_stream(struct sdi_nginx *ng, const struct sdi_stream *stream)
{
	if (stream->backend->n_servers && !sdi_nginx_external(stream->backend))
		write_upstream(ng, stream);
	conf_lit(ng->out, "\tserver {\n");
	sdi_nginx_write_listens(ng, stream->port, stream->udp ? " udp" : "", stream->decode ? " proxy_protocol" : "");
	if (stream->decode)
		write_trusted(ng);
	sdi_nginx_stream_log_server(ng, stream);
	if (stream->encode)
		conf_lit(ng->out, "\t\tproxy_protocol on;\n");
	if (stream->udp)
		sdi_buf_printf(ng->out, "\t\tproxy_responses %u;\n",
		               (unsigned)sdi_knob_or(&ng->gateway->globals, SDI_KNOB_STREAM_ANSWERS, 1));
	write_target(ng, stream);
	conf_lit(ng->out, "\t}\n");
}

static bool has_any(const struct sdi_nginx *ng)
{
	return ng->gateway->n_streams || ng->passes || ng->gateway->globals.n_raw_streams;
}

void sdi_nginx_load_streams(struct sdi_nginx *ng)
{
	if (!has_any(ng) || !ng->settings->stream_module.n)
		return;
	sdi_nginx_load(ng, ng->settings->stream_module);
}

/* Where raw configuration says what we say, ours goes. */
static void write_raw(struct sdi_nginx *ng, size_t start)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	for (size_t i = 0; i < globals->n_raw_streams; i++)
		sdi_nginx_make_way(ng, start, globals->raw_streams[i].raw);
	for (size_t i = 0; i < globals->n_raw_streams; i++)
		sdi_nginx_write_raw(ng, globals->raw_streams[i].raw, 1);
}

void sdi_nginx_write_streams(struct sdi_nginx *ng)
{
	if (!has_any(ng))
		return;
	conf_lit(ng->out, "\nstream {\n");
	size_t start = ng->out->n;
	sdi_nginx_write_knobs(ng, SDI_NGINX_STREAM, "\t");
	conf_lit(ng->out, "\tproxy_connect_timeout 5s;\n");
	sdi_nginx_write_resolver(ng);
	for (size_t i = 0; i < ng->gateway->n_streams; i++)
		write_stream(ng, &ng->gateway->streams[i]);
	sdi_nginx_write_passthrough(ng);
	sdi_nginx_stream_log(ng); /* its "map" behind those whose tables want room */
	write_raw(ng, start);
	conf_lit(ng->out, "}\n");
}
