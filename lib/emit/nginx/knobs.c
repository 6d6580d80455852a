/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Settings of the whole proxy that are one directive each: what NGINX can do of them, and how it says so. Those without
 * a directive here change something that others write.
 */
#include "nginx.h"
#include "quote.h"

#define EXACT                                       \
	{                                           \
		SDI_FIDELITY_EXACT, { 1, 22 }, NULL \
	}
#define PARTIAL(why)                                 \
	{                                            \
		SDI_FIDELITY_PARTIAL, { 1, 22 }, why \
	}

#define BROTLI "only with the module that the setting nginx-brotli-module names (libnginx-mod-http-brotli-filter)"

#define OCSP "of certificates that name such a service and come with their issuer's"

/* clang-format off */
const struct sdi_cap sdi_nginx_knobs[SDI_KNOB__COUNT] = {
	[SDI_KNOB_CLIENT_ADDRESS] = PARTIAL("with the PROXY protocol, too, it is the protocol that says who the client is; X-Forwarded-Proto, -Host and -Port count from senders of proxy-real-ip-cidr only"),
	[SDI_KNOB_PROXY_PROTOCOL] = EXACT,
	[SDI_KNOB_BLOCKED] = EXACT,
	[SDI_KNOB_REQUEST_HEADERS] = EXACT,
	[SDI_KNOB_ANSWER_HEADERS] = EXACT,
	[SDI_KNOB_HIDDEN_HEADERS] = EXACT,
	[SDI_KNOB_GZIP] = EXACT,
	[SDI_KNOB_CLIENT_TIMEOUTS] = EXACT,
	[SDI_KNOB_KEEP_ALIVE] = EXACT,
	[SDI_KNOB_TLS_VERSIONS] = PARTIAL("TLS 1.2 and 1.3 only"),
	[SDI_KNOB_TLS_CIPHERS] = EXACT,
	[SDI_KNOB_BIND] = EXACT,
	[SDI_KNOB_TLS_DH] = EXACT,
	[SDI_KNOB_TLS_TICKET_KEY] = EXACT,
	[SDI_KNOB_LIMIT_KEY] = PARTIAL("only variables that both proxies know"),
	[SDI_KNOB_VALIDATION] = EXACT,
	[SDI_KNOB_NO_TLS_REDIRECT] = EXACT,
	[SDI_KNOB_WORKER_PROCESSES] = EXACT,
	[SDI_KNOB_WORKER_CPUS] = EXACT,
	[SDI_KNOB_WORKER_FILES] = EXACT,
	[SDI_KNOB_WORKER_CONNECTIONS] = EXACT,
	[SDI_KNOB_WORKER_SHUTDOWN] = EXACT,
	[SDI_KNOB_MULTI_ACCEPT] = EXACT,
	[SDI_KNOB_AIO_WRITE] = EXACT,
	[SDI_KNOB_DEBUG] = EXACT,
	[SDI_KNOB_ERROR_LEVEL] = EXACT,
	[SDI_KNOB_IPV6_OFF] = EXACT,
	[SDI_KNOB_IPV6_NAMES_OFF] = EXACT,
	[SDI_KNOB_REUSE_PORT] = PARTIAL("off as long as it is not said"),
	[SDI_KNOB_HTTP2] = EXACT,
	[SDI_KNOB_HTTP2_STREAMS] = EXACT,
	[SDI_KNOB_BODY_TIMEOUT] = EXACT,
	[SDI_KNOB_KEEP_ALIVE_REQUESTS] = EXACT,
	[SDI_KNOB_HEADER_BUFFER] = EXACT,
	[SDI_KNOB_LARGE_HEADERS] = EXACT,
	[SDI_KNOB_INVALID_HEADERS_OFF] = EXACT,
	[SDI_KNOB_UNDERSCORES] = EXACT,
	[SDI_KNOB_GZIP_MIN_LENGTH] = EXACT,
	[SDI_KNOB_GZIP_DISABLE] = EXACT,
	[SDI_KNOB_BROTLI] = PARTIAL(BROTLI),
	[SDI_KNOB_BROTLI_LEVEL] = PARTIAL(BROTLI),
	[SDI_KNOB_BROTLI_MIN_LENGTH] = PARTIAL(BROTLI),
	[SDI_KNOB_BROTLI_TYPES] = PARTIAL(BROTLI),
	[SDI_KNOB_SERVER_TOKENS] = PARTIAL("false leaves \"Server: nginx\" in answers, without a version, unless the setting nginx-headers-more-module names that module"),
	[SDI_KNOB_BACKEND_SERVER] = EXACT,
	[SDI_KNOB_TLS_BUFFER] = EXACT,
	[SDI_KNOB_TLS_CURVES] = EXACT,
	[SDI_KNOB_TLS_EARLY_DATA] = EXACT,
	[SDI_KNOB_TLS_OCSP] = PARTIAL(OCSP "; the first handshakes of each process go without"),
	[SDI_KNOB_TLS_REJECT] = EXACT,
	[SDI_KNOB_TLS_CACHE] = EXACT,
	[SDI_KNOB_TLS_CACHE_SIZE] = EXACT,
	[SDI_KNOB_TLS_TICKETS] = EXACT,
	[SDI_KNOB_TLS_LIFETIME] = EXACT,
	[SDI_KNOB_REQUEST_ID] = EXACT,
	[SDI_KNOB_ORIGINAL_URI] = EXACT,
	[SDI_KNOB_HOST_HEADER] = EXACT,
	[SDI_KNOB_GRPC_BUFFER] = EXACT,
	[SDI_KNOB_IDLE_CONNECTIONS] = PARTIAL("for each service of its own; 16 as long as it is not said"),
	[SDI_KNOB_IDLE_REQUESTS] = EXACT,
	[SDI_KNOB_IDLE_AGE] = EXACT,
	[SDI_KNOB_IDLE_TIMEOUT] = EXACT,
	[SDI_KNOB_STREAM_TIMEOUT] = EXACT,
	[SDI_KNOB_STREAM_RETRY] = EXACT,
	[SDI_KNOB_STREAM_RETRY_TIMEOUT] = EXACT,
	[SDI_KNOB_STREAM_RETRY_TRIES] = EXACT,
	[SDI_KNOB_STREAM_ANSWERS] = EXACT,
	[SDI_KNOB_LOG_OFF] = EXACT,
	[SDI_KNOB_LOG_HTTP_OFF] = EXACT,
	[SDI_KNOB_LOG_STREAM_OFF] = EXACT,
	[SDI_KNOB_LOG_SKIPPED] = EXACT,
	[SDI_KNOB_LOG_FORMAT] = PARTIAL("$service_port and the names of upstreams have a port's name where the Service has one; variables that a snippet makes are refused"),
	[SDI_KNOB_LOG_STREAM_FORMAT] = PARTIAL("names of upstreams have a port's name where the Service has one; variables that a snippet makes are refused"),
	[SDI_KNOB_LOG_JSON] = EXACT,
	[SDI_KNOB_LOG_RAW] = EXACT,
	[SDI_KNOB_LOG_BUFFER] = EXACT,
	[SDI_KNOB_LOG_STRAYS] = EXACT,
	[SDI_KNOB_LOG_AUTH] = EXACT,
	[SDI_KNOB_SYSLOG] = EXACT,
	[SDI_KNOB_SYSLOG_HOST] = PARTIAL("an address, or the name of a Service that has one; NGINX does not start with a name that can't be looked up"),
	[SDI_KNOB_SYSLOG_PORT] = EXACT,
};

enum kind { NUMBER, KILOBYTES, SECONDS, SWITCH, TEXT, REGEX };

/* 0 is the default where NGINX does not take it; @dflt: what stands here when the key does not say it. */
static const struct directive {
	enum sdi_knob_id knob;
	enum sdi_nginx_context context;
	enum kind kind;
	const char *name, *dflt;
	bool zero_is_default;
} directives[] = {
	{ SDI_KNOB_WORKER_PROCESSES, SDI_NGINX_MAIN, NUMBER, "worker_processes", "auto", true },
	{ SDI_KNOB_WORKER_CPUS, SDI_NGINX_MAIN, TEXT, "worker_cpu_affinity", NULL, false },
	{ SDI_KNOB_WORKER_FILES, SDI_NGINX_MAIN, NUMBER, "worker_rlimit_nofile", "16384", true },
	{ SDI_KNOB_WORKER_SHUTDOWN, SDI_NGINX_MAIN, SECONDS, "worker_shutdown_timeout", "240s", false },
	{ SDI_KNOB_ERROR_LEVEL, SDI_NGINX_MAIN, TEXT, "error_log stderr", "warn", false },
	{ SDI_KNOB_WORKER_CONNECTIONS, SDI_NGINX_EVENTS, NUMBER, "worker_connections", "8192", true },
	{ SDI_KNOB_MULTI_ACCEPT, SDI_NGINX_EVENTS, SWITCH, "multi_accept", NULL, false },
	{ SDI_KNOB_SERVER_TOKENS, SDI_NGINX_HTTP, SWITCH, "server_tokens", "off", false },
	{ SDI_KNOB_BODY_TIMEOUT, SDI_NGINX_HTTP, SECONDS, "client_body_timeout", "60s", false },
	{ SDI_KNOB_KEEP_ALIVE_REQUESTS, SDI_NGINX_HTTP, NUMBER, "keepalive_requests", NULL, false },
	{ SDI_KNOB_HTTP2_STREAMS, SDI_NGINX_HTTP, NUMBER, "http2_max_concurrent_streams", NULL, false },
	{ SDI_KNOB_HEADER_BUFFER, SDI_NGINX_HTTP, NUMBER, "client_header_buffer_size", NULL, false },
	{ SDI_KNOB_LARGE_HEADERS, SDI_NGINX_HTTP, TEXT, "large_client_header_buffers", NULL, false },
	{ SDI_KNOB_INVALID_HEADERS_OFF, SDI_NGINX_HTTP, SWITCH, "ignore_invalid_headers", NULL, false },
	{ SDI_KNOB_UNDERSCORES, SDI_NGINX_HTTP, SWITCH, "underscores_in_headers", NULL, false },
	{ SDI_KNOB_GZIP_DISABLE, SDI_NGINX_HTTP, REGEX, "gzip_disable", NULL, false },
	{ SDI_KNOB_BROTLI_LEVEL, SDI_NGINX_BROTLI, NUMBER, "brotli_comp_level", "4", false },
	{ SDI_KNOB_BROTLI_MIN_LENGTH, SDI_NGINX_BROTLI, NUMBER, "brotli_min_length", "20", false },
	{ SDI_KNOB_AIO_WRITE, SDI_NGINX_HTTP, SWITCH, "aio threads;\n\taio_write", NULL, false },
	{ SDI_KNOB_GRPC_BUFFER, SDI_NGINX_HTTP, KILOBYTES, "grpc_buffer_size", NULL, true },
	{ SDI_KNOB_TLS_BUFFER, SDI_NGINX_TLS, NUMBER, "ssl_buffer_size", NULL, false },
	{ SDI_KNOB_TLS_CURVES, SDI_NGINX_TLS, TEXT, "ssl_ecdh_curve", NULL, false },
	{ SDI_KNOB_TLS_EARLY_DATA, SDI_NGINX_TLS, SWITCH, "ssl_early_data", NULL, false },
	{ SDI_KNOB_TLS_TICKETS, SDI_NGINX_TLS, SWITCH, "ssl_session_tickets", "off", false },
	{ SDI_KNOB_TLS_LIFETIME, SDI_NGINX_TLS, SECONDS, "ssl_session_timeout", "1d", false },
	{ SDI_KNOB_IDLE_CONNECTIONS, SDI_NGINX_UPSTREAM, NUMBER, "keepalive", "16", false },
	{ SDI_KNOB_IDLE_REQUESTS, SDI_NGINX_UPSTREAM, NUMBER, "keepalive_requests", NULL, false },
	{ SDI_KNOB_IDLE_AGE, SDI_NGINX_UPSTREAM, SECONDS, "keepalive_time", NULL, false },
	{ SDI_KNOB_IDLE_TIMEOUT, SDI_NGINX_UPSTREAM, SECONDS, "keepalive_timeout", NULL, false },
	{ SDI_KNOB_STREAM_TIMEOUT, SDI_NGINX_STREAM, SECONDS, "proxy_timeout", "600s", false }, /* of ingress-nginx */
	{ SDI_KNOB_STREAM_RETRY, SDI_NGINX_STREAM, SWITCH, "proxy_next_upstream", NULL, false },
	{ SDI_KNOB_STREAM_RETRY_TIMEOUT, SDI_NGINX_STREAM, SECONDS, "proxy_next_upstream_timeout", NULL, false },
	{ SDI_KNOB_STREAM_RETRY_TRIES, SDI_NGINX_STREAM, NUMBER, "proxy_next_upstream_tries", NULL, false },
};
/* clang-format on */

static void write_value(struct sdi_buf *out, enum kind kind, const struct sdi_knob *knob)
{
	switch (kind) {
	case NUMBER: conf_uint(out, (uint64_t)knob->number); break;
	case KILOBYTES: sdi_buf_printf(out, "%lldk", (long long)knob->number); break;
	case SECONDS: sdi_buf_printf(out, "%llds", (long long)knob->number); break;
	case SWITCH: sdi_buf_add(out, knob->number ? SDI_STR("on") : SDI_STR("off")); break;
	case TEXT: sdi_buf_add(out, knob->text); break;     /* of a grammar without quotes, semicolons and braces */
	case REGEX: sdi_nginx_word(out, knob->text); break; /* the grammar knows its length, and has no NUL */
	}
}

void sdi_nginx_write_knobs(struct sdi_nginx *ng, enum sdi_nginx_context context, const char *indent)
{
	const struct sdi_knob *knobs = ng->gateway->globals.knobs;
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++) {
		const struct directive *d = &directives[i];
		const struct sdi_knob *knob = &knobs[d->knob];
		bool said = knob->said && (knob->number || !d->zero_is_default);
		if (d->context != context || (!said && !d->dflt))
			continue;
		sdi_buf_printf(ng->out, "%s%s ", indent, d->name);
		if (said)
			write_value(ng->out, d->kind, knob);
		else
			sdi_buf_add(ng->out, sdi_str_c(d->dflt));
		conf_lit(ng->out, ";\n");
	}
}
