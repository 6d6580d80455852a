/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is logged of requests and streams, and where to.
 *
 * Without an address for syslog it is a file, since NGINX opens /dev/stdout by its name: that fails, and NGINX does not
 * start, where stdout is a socket (a systemd unit) or somebody else's pipe. A link of this name to /dev/stdout is the
 * custom of containers.
 */
#include "nginx.h"
#include "quote.h"

/* What the distribution's package logs; the backend is what was proxied to, and there is no alternative one. */
#define FORMAT                                                                                           \
	"'$remote_addr - $remote_user [$time_local] \"$host\" \"$request\" $status $body_bytes_sent '\n" \
	"\t\t'\"$http_referer\" \"$http_user_agent\" $request_length $request_time [$proxy_host] [] '\n" \
	"\t\t'$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id'"

/* That of ingress-nginx. */
#define STREAM_FORMAT "'[$remote_addr] [$time_local] $protocol $status $bytes_sent $bytes_received $session_time'"

/* Variables of the controller, by the name that they have here; all others are NGINX's. */
static const char *const own[SDI_LOG__COUNT] = {
	[SDI_LOG_BEST_HTTP_HOST] = "sdi_host",      [SDI_LOG_FULL_X_FORWARDED_FOR] = "proxy_add_x_forwarded_for",
	[SDI_LOG_INGRESS] = "sdi_log_ingress",      [SDI_LOG_LOCATION_PATH] = "sdi_log_path",
	[SDI_LOG_NAMESPACE] = "sdi_log_namespace",  [SDI_LOG_PASS_PORT] = "sdi_port",
	[SDI_LOG_PASS_SCHEME] = "scheme",           [SDI_LOG_PASS_SERVER_PORT] = "server_port",
	[SDI_LOG_REAL_IP] = "remote_addr",          [SDI_LOG_SERVICE] = "sdi_log_service",
	[SDI_LOG_SERVICE_PORT] = "sdi_log_port",    [SDI_LOG_UPSTREAM] = "sdi_log_upstream",
	[SDI_LOG_UPSTREAM_OTHER] = "sdi_log_other",
};

/* Those that each location sets. */
static const enum sdi_log_var of_routes[] = {
	SDI_LOG_INGRESS,      SDI_LOG_NAMESPACE, SDI_LOG_SERVICE,
	SDI_LOG_SERVICE_PORT, SDI_LOG_UPSTREAM,  SDI_LOG_LOCATION_PATH,
};
enum { OF_ROUTES = sizeof(of_routes) / sizeof(of_routes[0]) };

static const struct sdi_log *log_of(const struct sdi_nginx *ng)
{
	return &ng->gateway->globals.log;
}

static bool logs_requests(const struct sdi_nginx *ng)
{
	return ng->settings->access_log && !log_of(ng)->no_http;
}

static bool uses(const struct sdi_nginx *ng, enum sdi_log_var var)
{
	const struct sdi_log_format *format = &log_of(ng)->http;
	return logs_requests(ng) &&
	       (sdi_log_uses(format, var) || (var == SDI_LOG_UPSTREAM && sdi_log_uses(format, SDI_LOG_UPSTREAM_OTHER)));
}

bool sdi_nginx_logs_routes(const struct sdi_nginx *ng)
{
	bool any = false;
	for (size_t i = 0; i < OF_ROUTES; i++)
		any |= uses(ng, of_routes[i]);
	return any;
}

bool sdi_nginx_logs_paths(const struct sdi_nginx *ng)
{
	return uses(ng, SDI_LOG_LOCATION_PATH);
}

static void write_variable(struct sdi_nginx *ng, const struct sdi_log_part *part)
{
	bool told = part->var == SDI_LOG_PASS_SCHEME && sdi_globals_tell_scheme(&ng->gateway->globals);
	conf_lit(ng->out, "${");
	if (told)
		conf_lit(ng->out, "sdi_scheme");
	else
		sdi_buf_add(ng->out, own[part->var] ? sdi_str_c(own[part->var]) : sdi_log_variables[part->var].name);
	sdi_nginx_variable(ng->out, part->text);
	conf_lit(ng->out, "}");
}

/* Several words, which NGINX joins, since one has 4095 bytes at most; a part has 8192 at most, of which each may take two. */
static void write_parts(struct sdi_nginx *ng, const struct sdi_log_format *format)
{
	enum { WORD_BYTES = 1000 };
	size_t start = ng->out->n;
	conf_lit(ng->out, "\"");
	for (size_t i = 0; i < format->n; i++) {
		const struct sdi_log_part *part = &format->p[i];
		struct sdi_str rest = part->text;
		do {
			if (ng->out->n - start > WORD_BYTES) {
				conf_lit(ng->out, "\"\n\t\t\"");
				start = ng->out->n;
			}
			if (part->var != SDI_LOG_LITERAL) {
				write_variable(ng, part);
				break;
			}
			sdi_nginx_inside(ng->out, sdi_str_head(rest, WORD_BYTES));
			rest = sdi_str_from(rest, WORD_BYTES);
		} while (rest.n);
	}
	conf_lit(ng->out, "\"");
}

/* "escape=" always, or NGINX would take a format that begins so for it. */
static void write_format(struct sdi_nginx *ng, const struct sdi_log_format *format, enum sdi_log_escape escape,
                         const char *usual)
{
	static const char *const words[] = { "escape=default ", "escape=json ", "escape=none " };
	conf_lit(ng->out, "\tlog_format sdi ");
	if (format->n) {
		sdi_buf_add(ng->out, sdi_str_c(words[escape]));
		write_parts(ng, format);
	} else {
		sdi_buf_add(ng->out, sdi_str_c(usual));
	}
	conf_lit(ng->out, ";\n");
}

static void write_buffer(struct sdi_nginx *ng, const struct sdi_log_buffer *buffer)
{
	if (buffer->gzip)
		sdi_buf_printf(ng->out, " gzip=%u", buffer->gzip);
	if (buffer->bytes)
		sdi_buf_printf(ng->out, " buffer=%llu", (unsigned long long)buffer->bytes);
	if (buffer->flush_s)
		sdi_buf_printf(ng->out, " flush=%us", buffer->flush_s);
}

static void write_syslog(struct sdi_nginx *ng)
{
	conf_lit(ng->out, "syslog:server=");
	sdi_nginx_address(ng->out, log_of(ng)->syslog, log_of(ng)->syslog_port);
}

static void write_target(struct sdi_nginx *ng, const char *condition)
{
	struct sdi_str dir = sdi_settings_runtime_dir(ng->settings, ng->scratch);
	struct sdi_str path = sdi_arena_printf(ng->scratch, "%.*s/access.log", SDI_STR_ARG(dir));
	conf_lit(ng->out, "\taccess_log ");
	if (log_of(ng)->syslog.n) {
		write_syslog(ng);
		conf_lit(ng->out, " sdi");
	} else if (sdi_nginx_word(ng->out, path)) {
		conf_lit(ng->out, " sdi");
		write_buffer(ng, &log_of(ng)->buffer);
	} else { /* no file system takes it either */
		conf_lit(ng->out, "off;\n");
		return;
	}
	sdi_buf_printf(ng->out, "%s;\n", condition);
}

void sdi_nginx_http_log(struct sdi_nginx *ng)
{
	const struct sdi_knob *level = &ng->gateway->globals.knobs[SDI_KNOB_ERROR_LEVEL];
	if (ng->settings->access_log && log_of(ng)->syslog.n) {
		conf_lit(ng->out, "\terror_log ");
		write_syslog(ng);
		sdi_buf_printf(ng->out, " %.*s;\n", SDI_STR_ARG(level->said ? level->text : SDI_STR("warn")));
	}
	if (!logs_requests(ng)) {
		conf_lit(ng->out, "\taccess_log off;\n");
		return;
	}
	write_format(ng, &log_of(ng)->http, log_of(ng)->escape, FORMAT);
	write_target(ng, ng->gateway->globals.unlogged.n ? " if=$sdi_logged" : "");
}

/*
 * Those that locations set are made by "map", so that NGINX does not warn where none was reached. The upstream that a
 * request went to is read off its name, NAMESPACE_SERVICE_PORT and what makes it different; it is an alternative one when
 * it is not the route's.
 */
void sdi_nginx_http_log_variables(struct sdi_nginx *ng)
{
	if (logs_requests(ng) && ng->gateway->globals.unlogged.n) {
		conf_lit(ng->out, "\tmap $request_uri $sdi_logged {\n\t\tdefault 1;\n");
		sdi_nginx_write_blocklist(ng, &ng->gateway->globals.unlogged, "0");
		conf_lit(ng->out, "\t}\n");
	}
	for (size_t i = 0; i < OF_ROUTES; i++)
		if (uses(ng, of_routes[i]))
			sdi_buf_printf(ng->out, "\tmap \"\" $%s { default \"%s\"; }\n", own[of_routes[i]],
			               of_routes[i] == SDI_LOG_UPSTREAM ? "-" : "");
	if (uses(ng, SDI_LOG_UPSTREAM_OTHER))
		conf_lit(ng->out, "\tmap $proxy_host $sdi_log_went { default \"\"; "
		                  "\"~^([a-z0-9-]+)_([a-z0-9-]+)_([a-z0-9-]+)\" $1-$2-$3; }\n"
		                  "\tmap \"$sdi_log_upstream $sdi_log_went\" $sdi_log_other { default $sdi_log_went; "
		                  "\"~^(.*) \\\\1$\" \"\"; }\n");
}

static void write_upstream(struct sdi_nginx *ng, const struct sdi_backend *backend, struct sdi_str port)
{
	sdi_nginx_name(ng->out, backend->ns);
	conf_lit(ng->out, "-");
	sdi_nginx_name(ng->out, backend->service);
	conf_lit(ng->out, "-");
	sdi_nginx_name(ng->out, port);
}

static void write_value(struct sdi_nginx *ng, enum sdi_log_var var, const struct sdi_route *route)
{
	const struct sdi_backend *backend = route->backend;
	if (var == SDI_LOG_INGRESS && route->ingress.n)
		sdi_nginx_name(ng->out, route->ingress);
	else if (var == SDI_LOG_NAMESPACE && route->ns.n)
		sdi_nginx_name(ng->out, route->ns);
	else if (var == SDI_LOG_SERVICE && backend)
		sdi_nginx_name(ng->out, backend->service);
	else if (var == SDI_LOG_SERVICE_PORT && backend)
		sdi_nginx_name(ng->out, backend->port);
	else if (var == SDI_LOG_UPSTREAM && backend)
		write_upstream(ng, backend, backend->port);
	else if (var != SDI_LOG_LOCATION_PATH || !sdi_nginx_literal(ng->out, route->path))
		conf_lit(ng->out, "\"\"");
}

void sdi_nginx_write_log(struct sdi_nginx *ng, const struct sdi_route *route, const char *before, const char *behind)
{
	bool stray = !ng->host->name.n && !route->ingress.n;
	if (stray && log_of(ng)->no_strays && logs_requests(ng))
		sdi_buf_printf(ng->out, "%saccess_log off;%s", before, behind);
	for (size_t i = 0; i < OF_ROUTES; i++) {
		if (!uses(ng, of_routes[i]))
			continue;
		sdi_buf_printf(ng->out, "%sset $%s ", before, own[of_routes[i]]);
		write_value(ng, of_routes[i], route);
		sdi_buf_printf(ng->out, ";%s", behind);
	}
}

/* The port is the one that the object has. */
static void write_own_value(struct sdi_nginx *ng, enum sdi_log_var var, const struct sdi_route *route)
{
	if (var == SDI_LOG_UPSTREAM && route->backend && route->port.n)
		write_upstream(ng, route->backend, route->port);
	else if (var == SDI_LOG_SERVICE_PORT && route->port.n)
		sdi_nginx_name(ng->out, route->port);
	else
		write_value(ng, var, route);
}

void sdi_nginx_write_own_variables(struct sdi_nginx *ng, const struct sdi_route *route, const struct sdi_raw *raw)
{
	if (raw && raw->proxy_host) {
		conf_lit(ng->out, "\t\t\tset $proxy_host ");
		write_own_value(ng, SDI_LOG_UPSTREAM, route);
		conf_lit(ng->out, ";\n");
	}
	for (unsigned var = SDI_LOG_OWN_FIRST; var <= SDI_LOG_OWN_LAST; var++) {
		const char *here = var == SDI_LOG_PASS_SCHEME && sdi_globals_tell_scheme(&ng->gateway->globals) ?
		                           "sdi_scheme" :
		                           own[var];
		if (!raw || !(raw->own >> (var - SDI_LOG_OWN_FIRST) & 1))
			continue;
		sdi_buf_printf(ng->out, "\t\t\tset $%.*s ", SDI_STR_ARG(sdi_log_variables[var].name));
		if (here && !sdi_str_starts(sdi_str_c(here), SDI_STR("sdi_log_")))
			sdi_buf_printf(ng->out, "$%s", here);
		else
			write_own_value(ng, var, route);
		conf_lit(ng->out, ";\n");
	}
}

static bool names_streams(const struct sdi_nginx *ng)
{
	return ng->settings->access_log && !log_of(ng)->no_stream &&
	       sdi_log_uses(&log_of(ng)->stream, SDI_LOG_UPSTREAM);
}

void sdi_nginx_stream_log(struct sdi_nginx *ng)
{
	if (!ng->settings->access_log || log_of(ng)->no_stream)
		return;
	if (names_streams(ng))
		conf_lit(ng->out, "\tmap \"\" $sdi_log_upstream { default \"-\"; }\n");
	write_format(ng, &log_of(ng)->stream, SDI_LOG_ESCAPED, STREAM_FORMAT);
	write_target(ng, "");
}

void sdi_nginx_stream_log_server(struct sdi_nginx *ng, const struct sdi_stream *stream)
{
	if (!names_streams(ng))
		return;
	sdi_buf_printf(ng->out, "\t\tset $sdi_log_upstream %s-", stream->udp ? "udp" : "tcp");
	write_upstream(ng, stream->backend, stream->backend->port);
	conf_lit(ng->out, ";\n");
}
