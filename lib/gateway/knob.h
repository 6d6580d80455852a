/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Settings of the whole proxy that are one value each: one row per key of the controller's ConfigMap. Emitters declare
 * for each what they make of it, as they do for the fields of a policy. The first ones have no value here: they stand for
 * several keys together, which globals.h has.
 */
#ifndef SDI_GATEWAY_KNOB_H
#define SDI_GATEWAY_KNOB_H

#include "../base/str.h"

/* clang-format off */
#define SDI_KNOBS(X) \
	/* groups */ \
	X(CLIENT_ADDRESS, "client-address") \
	X(PROXY_PROTOCOL, "use-proxy-protocol") \
	X(BLOCKED, "block") \
	X(REQUEST_HEADERS, "proxy-set-headers") \
	X(ANSWER_HEADERS, "add-headers") \
	X(HIDDEN_HEADERS, "hide-headers") \
	X(GZIP, "use-gzip") \
	X(CLIENT_TIMEOUTS, "client-header-timeout") \
	X(KEEP_ALIVE, "keep-alive") \
	X(TLS_VERSIONS, "ssl-protocols") \
	X(TLS_CIPHERS, "ssl-ciphers") \
	X(BIND, "bind-address") \
	X(TLS_DH, "ssl-dh-param") \
	X(TLS_TICKET_KEY, "ssl-session-ticket-key") \
	X(LIMIT_KEY, "limit-conn-zone-variable") \
	X(VALIDATION, "annotations-risk-level") \
	X(NO_TLS_REDIRECT, "no-tls-redirect-locations") \
	/* the process */ \
	X(WORKER_PROCESSES, "worker-processes") \
	X(WORKER_CPUS, "worker-cpu-affinity") \
	X(WORKER_FILES, "max-worker-open-files") \
	X(WORKER_CONNECTIONS, "max-worker-connections") \
	X(WORKER_SHUTDOWN, "worker-shutdown-timeout") \
	X(MULTI_ACCEPT, "enable-multi-accept") \
	X(AIO_WRITE, "enable-aio-write") \
	X(DEBUG, "debug-connections") \
	X(ERROR_LEVEL, "error-log-level") \
	/* listeners and clients */ \
	X(IPV6_OFF, "disable-ipv6") \
	X(IPV6_NAMES_OFF, "disable-ipv6-dns") \
	X(REUSE_PORT, "reuse-port") \
	X(HTTP2, "use-http2") \
	X(HTTP2_STREAMS, "http2-max-concurrent-streams") \
	X(BODY_TIMEOUT, "client-body-timeout") \
	X(KEEP_ALIVE_REQUESTS, "keep-alive-requests") \
	X(HEADER_BUFFER, "client-header-buffer-size") \
	X(LARGE_HEADERS, "large-client-header-buffers") \
	X(INVALID_HEADERS_OFF, "ignore-invalid-headers") \
	X(UNDERSCORES, "enable-underscores-in-headers") \
	X(GZIP_MIN_LENGTH, "gzip-min-length") \
	X(GZIP_DISABLE, "gzip-disable") \
	X(BROTLI, "enable-brotli") \
	X(BROTLI_LEVEL, "brotli-level") \
	X(BROTLI_MIN_LENGTH, "brotli-min-length") \
	X(BROTLI_TYPES, "brotli-types") \
	X(SERVER_TOKENS, "server-tokens") \
	X(BACKEND_SERVER, "allow-backend-server-header") \
	/* TLS to clients */ \
	X(TLS_BUFFER, "ssl-buffer-size") \
	X(TLS_CURVES, "ssl-ecdh-curve") \
	X(TLS_EARLY_DATA, "ssl-early-data") \
	X(TLS_OCSP, "enable-ocsp") \
	X(TLS_REJECT, "ssl-reject-handshake") \
	X(TLS_CACHE, "ssl-session-cache") \
	X(TLS_CACHE_SIZE, "ssl-session-cache-size") \
	X(TLS_TICKETS, "ssl-session-tickets") \
	X(TLS_LIFETIME, "ssl-session-timeout") \
	/* requests to endpoints */ \
	X(REQUEST_ID, "generate-request-id") \
	X(ORIGINAL_URI, "proxy-add-original-uri-header") \
	X(HOST_HEADER, "forwarded-host-header") \
	X(GRPC_BUFFER, "grpc-buffer-size-kb") \
	X(IDLE_CONNECTIONS, "upstream-keepalive-connections") \
	X(IDLE_REQUESTS, "upstream-keepalive-requests") \
	X(IDLE_AGE, "upstream-keepalive-time") \
	X(IDLE_TIMEOUT, "upstream-keepalive-timeout") \
	/* TCP and UDP services */ \
	X(STREAM_TIMEOUT, "proxy-stream-timeout") \
	X(STREAM_RETRY, "proxy-stream-next-upstream") \
	X(STREAM_RETRY_TIMEOUT, "proxy-stream-next-upstream-timeout") \
	X(STREAM_RETRY_TRIES, "proxy-stream-next-upstream-tries") \
	X(STREAM_ANSWERS, "proxy-stream-responses") \
	/* logs */ \
	X(LOG_OFF, "disable-access-log") \
	X(LOG_HTTP_OFF, "disable-http-access-log") \
	X(LOG_STREAM_OFF, "disable-stream-access-log") \
	X(LOG_SKIPPED, "skip-access-log-urls") \
	X(LOG_FORMAT, "log-format-upstream") \
	X(LOG_STREAM_FORMAT, "log-format-stream") \
	X(LOG_JSON, "log-format-escape-json") \
	X(LOG_RAW, "log-format-escape-none") \
	X(LOG_BUFFER, "access-log-params") \
	X(LOG_STRAYS, "enable-access-log-for-default-backend") \
	X(LOG_AUTH, "enable-auth-access-log") \
	X(SYSLOG, "enable-syslog") \
	X(SYSLOG_HOST, "syslog-host") \
	X(SYSLOG_PORT, "syslog-port") \
	/* end */
/* clang-format on */

enum sdi_knob_id {
#define X(name, key) SDI_KNOB_##name,
	SDI_KNOBS(X)
#undef X
		SDI_KNOB__COUNT
};

struct sdi_knob {
	bool said;
	int64_t number; /* switches: 0 or 1; seconds, bytes, … */
	struct sdi_str text;
};

#endif
