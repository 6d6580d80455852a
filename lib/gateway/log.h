/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is written about each request and each stream, and where to. A format is a list of parts, each a text or one of the
 * values of the table below, so no text of a user is ever read as a format by a proxy. A format without parts is the
 * emitter's own.
 */
#ifndef SDI_GATEWAY_LOG_H
#define SDI_GATEWAY_LOG_H

#include "../base/str.h"

enum { SDI_LOG_HTTP = 1, SDI_LOG_STREAM = 2, SDI_LOG_BOTH = 3 };

/* X(name, how it is written behind "$", in which formats). NGINX does not start with one that it does not know: these are
 * its own as every build of 1.22 has them, then the controller's. */
/* clang-format off */
#define SDI_LOG_VARS(X) \
	X(ARGS, "args", SDI_LOG_HTTP) \
	X(BINARY_REMOTE_ADDR, "binary_remote_addr", SDI_LOG_BOTH) \
	X(BODY_BYTES_SENT, "body_bytes_sent", SDI_LOG_HTTP) \
	X(BYTES_RECEIVED, "bytes_received", SDI_LOG_STREAM) \
	X(BYTES_SENT, "bytes_sent", SDI_LOG_BOTH) \
	X(CONNECTION, "connection", SDI_LOG_BOTH) \
	X(CONNECTION_REQUESTS, "connection_requests", SDI_LOG_HTTP) \
	X(CONNECTION_TIME, "connection_time", SDI_LOG_HTTP) \
	X(CONTENT_LENGTH, "content_length", SDI_LOG_HTTP) \
	X(CONTENT_TYPE, "content_type", SDI_LOG_HTTP) \
	X(DOCUMENT_ROOT, "document_root", SDI_LOG_HTTP) \
	X(DOCUMENT_URI, "document_uri", SDI_LOG_HTTP) \
	X(GZIP_RATIO, "gzip_ratio", SDI_LOG_HTTP) \
	X(HOST, "host", SDI_LOG_HTTP) \
	X(HOSTNAME, "hostname", SDI_LOG_BOTH) \
	X(HTTP2, "http2", SDI_LOG_HTTP) \
	X(HTTPS, "https", SDI_LOG_HTTP) \
	X(IS_ARGS, "is_args", SDI_LOG_HTTP) \
	X(LIMIT_CONN_STATUS, "limit_conn_status", SDI_LOG_HTTP) \
	X(LIMIT_RATE, "limit_rate", SDI_LOG_HTTP) \
	X(LIMIT_REQ_STATUS, "limit_req_status", SDI_LOG_HTTP) \
	X(MSEC, "msec", SDI_LOG_BOTH) \
	X(NGINX_VERSION, "nginx_version", SDI_LOG_BOTH) \
	X(PID, "pid", SDI_LOG_BOTH) \
	X(PIPE, "pipe", SDI_LOG_HTTP) \
	X(PROTOCOL, "protocol", SDI_LOG_STREAM) \
	X(PROXY_ADD_X_FORWARDED_FOR, "proxy_add_x_forwarded_for", SDI_LOG_HTTP) \
	X(PROXY_HOST, "proxy_host", SDI_LOG_HTTP) \
	X(PROXY_PORT, "proxy_port", SDI_LOG_HTTP) \
	X(PROXY_PROTOCOL_ADDR, "proxy_protocol_addr", SDI_LOG_BOTH) \
	X(PROXY_PROTOCOL_PORT, "proxy_protocol_port", SDI_LOG_BOTH) \
	X(PROXY_PROTOCOL_SERVER_ADDR, "proxy_protocol_server_addr", SDI_LOG_BOTH) \
	X(PROXY_PROTOCOL_SERVER_PORT, "proxy_protocol_server_port", SDI_LOG_BOTH) \
	X(QUERY_STRING, "query_string", SDI_LOG_HTTP) \
	X(REALIP_REMOTE_ADDR, "realip_remote_addr", SDI_LOG_BOTH) \
	X(REALIP_REMOTE_PORT, "realip_remote_port", SDI_LOG_BOTH) \
	X(REMOTE_ADDR, "remote_addr", SDI_LOG_BOTH) \
	X(REMOTE_PORT, "remote_port", SDI_LOG_BOTH) \
	X(REMOTE_USER, "remote_user", SDI_LOG_HTTP) \
	X(REQUEST, "request", SDI_LOG_HTTP) \
	X(REQUEST_BODY, "request_body", SDI_LOG_HTTP) \
	X(REQUEST_COMPLETION, "request_completion", SDI_LOG_HTTP) \
	X(REQUEST_ID, "request_id", SDI_LOG_HTTP) \
	X(REQUEST_LENGTH, "request_length", SDI_LOG_HTTP) \
	X(REQUEST_METHOD, "request_method", SDI_LOG_HTTP) \
	X(REQUEST_TIME, "request_time", SDI_LOG_HTTP) \
	X(REQUEST_URI, "request_uri", SDI_LOG_HTTP) \
	X(SCHEME, "scheme", SDI_LOG_HTTP) \
	X(SERVER_ADDR, "server_addr", SDI_LOG_BOTH) \
	X(SERVER_NAME, "server_name", SDI_LOG_HTTP) \
	X(SERVER_PORT, "server_port", SDI_LOG_BOTH) \
	X(SERVER_PROTOCOL, "server_protocol", SDI_LOG_HTTP) \
	X(SESSION_TIME, "session_time", SDI_LOG_STREAM) \
	X(SSL_ALPN_PROTOCOL, "ssl_alpn_protocol", SDI_LOG_HTTP) \
	X(SSL_CIPHER, "ssl_cipher", SDI_LOG_HTTP) \
	X(SSL_CIPHERS, "ssl_ciphers", SDI_LOG_HTTP) \
	X(SSL_CLIENT_FINGERPRINT, "ssl_client_fingerprint", SDI_LOG_HTTP) \
	X(SSL_CLIENT_I_DN, "ssl_client_i_dn", SDI_LOG_HTTP) \
	X(SSL_CLIENT_S_DN, "ssl_client_s_dn", SDI_LOG_HTTP) \
	X(SSL_CLIENT_SERIAL, "ssl_client_serial", SDI_LOG_HTTP) \
	X(SSL_CLIENT_V_END, "ssl_client_v_end", SDI_LOG_HTTP) \
	X(SSL_CLIENT_V_REMAIN, "ssl_client_v_remain", SDI_LOG_HTTP) \
	X(SSL_CLIENT_V_START, "ssl_client_v_start", SDI_LOG_HTTP) \
	X(SSL_CLIENT_VERIFY, "ssl_client_verify", SDI_LOG_HTTP) \
	X(SSL_CURVE, "ssl_curve", SDI_LOG_HTTP) \
	X(SSL_CURVES, "ssl_curves", SDI_LOG_HTTP) \
	X(SSL_EARLY_DATA, "ssl_early_data", SDI_LOG_HTTP) \
	X(SSL_PROTOCOL, "ssl_protocol", SDI_LOG_HTTP) \
	X(SSL_SERVER_NAME, "ssl_server_name", SDI_LOG_HTTP) \
	X(SSL_SESSION_REUSED, "ssl_session_reused", SDI_LOG_HTTP) \
	X(STATUS, "status", SDI_LOG_BOTH) \
	X(TCPINFO_RCV_SPACE, "tcpinfo_rcv_space", SDI_LOG_HTTP) \
	X(TCPINFO_RTT, "tcpinfo_rtt", SDI_LOG_HTTP) \
	X(TCPINFO_RTTVAR, "tcpinfo_rttvar", SDI_LOG_HTTP) \
	X(TCPINFO_SND_CWND, "tcpinfo_snd_cwnd", SDI_LOG_HTTP) \
	X(TIME_ISO8601, "time_iso8601", SDI_LOG_BOTH) \
	X(TIME_LOCAL, "time_local", SDI_LOG_BOTH) \
	X(UPSTREAM_ADDR, "upstream_addr", SDI_LOG_BOTH) \
	X(UPSTREAM_BYTES_RECEIVED, "upstream_bytes_received", SDI_LOG_BOTH) \
	X(UPSTREAM_BYTES_SENT, "upstream_bytes_sent", SDI_LOG_BOTH) \
	X(UPSTREAM_CACHE_STATUS, "upstream_cache_status", SDI_LOG_HTTP) \
	X(UPSTREAM_CONNECT_TIME, "upstream_connect_time", SDI_LOG_BOTH) \
	X(UPSTREAM_FIRST_BYTE_TIME, "upstream_first_byte_time", SDI_LOG_STREAM) \
	X(UPSTREAM_HEADER_TIME, "upstream_header_time", SDI_LOG_HTTP) \
	X(UPSTREAM_RESPONSE_LENGTH, "upstream_response_length", SDI_LOG_HTTP) \
	X(UPSTREAM_RESPONSE_TIME, "upstream_response_time", SDI_LOG_HTTP) \
	X(UPSTREAM_SESSION_TIME, "upstream_session_time", SDI_LOG_STREAM) \
	X(UPSTREAM_STATUS, "upstream_status", SDI_LOG_HTTP) \
	X(URI, "uri", SDI_LOG_HTTP) \
	/* of the controller */ \
	X(BEST_HTTP_HOST, "best_http_host", SDI_LOG_HTTP) \
	X(FULL_X_FORWARDED_FOR, "full_x_forwarded_for", SDI_LOG_HTTP) \
	X(INGRESS, "ingress_name", SDI_LOG_HTTP) \
	X(LOCATION_PATH, "location_path", SDI_LOG_HTTP) \
	X(NAMESPACE, "namespace", SDI_LOG_HTTP) \
	X(PASS_PORT, "pass_port", SDI_LOG_HTTP) \
	X(PASS_SCHEME, "pass_access_scheme", SDI_LOG_HTTP) \
	X(PASS_SERVER_PORT, "pass_server_port", SDI_LOG_HTTP) \
	X(REAL_IP, "the_real_ip", SDI_LOG_HTTP) \
	X(REQ_ID, "req_id", SDI_LOG_HTTP) \
	X(SERVICE, "service_name", SDI_LOG_HTTP) \
	X(SERVICE_PORT, "service_port", SDI_LOG_HTTP) \
	X(UPSTREAM, "proxy_upstream_name", SDI_LOG_BOTH) \
	X(UPSTREAM_OTHER, "proxy_alternative_upstream_name", SDI_LOG_HTTP) \
	/* beginnings of names: the rest is that of a header, cookie or argument, "_" for "-" of a header */ \
	X(ARG_, "arg_", SDI_LOG_HTTP) \
	X(COOKIE_, "cookie_", SDI_LOG_HTTP) \
	X(HTTP_, "http_", SDI_LOG_HTTP) \
	X(SENT_HTTP_, "sent_http_", SDI_LOG_HTTP) \
	X(UPSTREAM_COOKIE_, "upstream_cookie_", SDI_LOG_HTTP) \
	X(UPSTREAM_HTTP_, "upstream_http_", SDI_LOG_HTTP) \
	/* end */
/* clang-format on */

enum sdi_log_var {
	SDI_LOG_LITERAL,
#define X(name, word, where) SDI_LOG_##name,
	SDI_LOG_VARS(X)
#undef X
		SDI_LOG__COUNT
};

/* Those of the controller; all others are NGINX's. */
#define SDI_LOG_OWN_FIRST SDI_LOG_BEST_HTTP_HOST
#define SDI_LOG_OWN_LAST SDI_LOG_UPSTREAM_OTHER

extern const struct sdi_log_variable {
	struct sdi_str name; /* one that ends in "_" is the beginning of a name */
	unsigned where;
} sdi_log_variables[SDI_LOG__COUNT];

struct sdi_log_part {
	enum sdi_log_var var;
	struct sdi_str text; /* the literal, without NUL; the rest of a name, of [A-Za-z0-9_] and not empty; else "" */
};

struct sdi_log_format {
	const struct sdi_log_part *p;
	size_t n;
};

/* What of a client's in a value may not stand as it is. */
enum sdi_log_escape { SDI_LOG_ESCAPED, SDI_LOG_JSON, SDI_LOG_RAW };

/* How a file is written; zero: line by line, as it is. */
struct sdi_log_buffer {
	uint64_t bytes;
	unsigned flush_s;
	unsigned gzip; /* level */
};

struct sdi_log {
	struct sdi_log_format http, stream;
	enum sdi_log_escape escape; /* in @http */
	struct sdi_log_buffer buffer;
	struct sdi_str syslog; /* an address that gets it instead; "": none */
	unsigned syslog_port;
	bool no_http, no_stream;
	bool no_strays; /* requests that no Ingress is for are left out */
	bool auth;      /* questions to services that decide about requests are logged, too */
};

static inline bool sdi_log_uses(const struct sdi_log_format *format, enum sdi_log_var var)
{
	for (size_t i = 0; i < format->n; i++)
		if (format->p[i].var == var)
			return true;
	return false;
}

#endif
