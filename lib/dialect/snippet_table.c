/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a snippet may say: directives and variables that every NGINX from 1.22 on has, as Debian and nginx.org build it.
 * Left out is what reads or names files, loads code, opens listeners or other routes, what depends on another directive
 * in a way that keeps NGINX from starting (sizes of buffers, zones), and what an annotation says better.
 */
#include "snippet.h"

enum {
	M = SDI_SNIPPET_MAIN,
	H = SDI_SNIPPET_HTTP,
	S = SDI_SNIPPET_SERVER,
	L = SDI_SNIPPET_LOCATION,
	V = SDI_SNIPPET_SERVER_IF,
	F = SDI_SNIPPET_LOCATION_IF,
	E = SDI_SNIPPET_EXCEPT,
	T = SDI_SNIPPET_STREAM,
	Q = SDI_SNIPPET_STREAM_SERVER,
	U = SDI_SNIPPET_STREAM_UPSTREAM,
	HSL = H | S | L,
	TQ = T | Q,
};

#define USUAL_CIPHERS "|DEFAULT|HIGH|HIGH:!aNULL|HIGH:!aNULL:!MD5|"

/* clang-format off */
static const struct sdi_snippet_directive directives[] = {
	{ "absolute_redirect", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "access_log", HSL | F | TQ, 1, 1, SDI_SNIPPET_OFF, NULL, false },
	{ "add_header", HSL | F, 2, 3, SDI_SNIPPET_HEADER, NULL, true },
	{ "allow", HSL | E | TQ, 1, 1, SDI_SNIPPET_ADDRESS, NULL, true },
	{ "break", S | L | V | F, 0, 0, SDI_SNIPPET_ANY, NULL, true },
	{ "charset", HSL | F, 1, 1, SDI_SNIPPET_WORDS, "|utf-8|UTF-8|off|", false },
	{ "chunked_transfer_encoding", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "client_body_buffer_size", HSL, 1, 1, SDI_SNIPPET_SIZE, NULL, false },
	{ "client_body_timeout", HSL, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "client_max_body_size", HSL, 1, 1, SDI_SNIPPET_SIZE, NULL, false },
	{ "default_type", HSL, 1, 1, SDI_SNIPPET_MEDIA, NULL, false },
	{ "deny", HSL | E | TQ, 1, 1, SDI_SNIPPET_ADDRESS, NULL, true },
	{ "error_page", HSL | F, 2, 8, SDI_SNIPPET_ERRORS, NULL, true },
	{ "etag", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "expires", HSL | F, 1, 1, SDI_SNIPPET_EXPIRES, NULL, false },
	{ "geo", H | T, 1, 2, SDI_SNIPPET_GEO, NULL, true },
	{ "grpc_connect_timeout", HSL, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "grpc_hide_header", HSL, 1, 1, SDI_SNIPPET_HEADER, NULL, true },
	{ "grpc_read_timeout", HSL, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "grpc_send_timeout", HSL, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "grpc_ssl_ciphers", HSL, 1, 1, SDI_SNIPPET_WORDS, USUAL_CIPHERS, false },
	{ "grpc_ssl_name", HSL, 1, 1, SDI_SNIPPET_ANY, NULL, false },
	{ "grpc_ssl_server_name", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "gzip", HSL | F, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "gzip_min_length", HSL, 1, 1, SDI_SNIPPET_SIZE, NULL, false },
	{ "gzip_vary", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "hash", U, 1, 2, SDI_SNIPPET_BALANCE, NULL, false },
	{ "if", S | L, 1, 16, SDI_SNIPPET_IF, NULL, true },
	{ "internal", L, 0, 0, SDI_SNIPPET_ANY, NULL, true },
	{ "keepalive_requests", HSL, 1, 1, SDI_SNIPPET_NUMBER, NULL, false },
	{ "keepalive_timeout", HSL, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "least_conn", U, 0, 0, SDI_SNIPPET_BALANCE, NULL, false },
	{ "limit_except", L, 1, 16, SDI_SNIPPET_METHODS, NULL, false },
	{ "limit_rate", HSL | F, 1, 1, SDI_SNIPPET_SIZE, NULL, false },
	{ "limit_rate_after", HSL | F, 1, 1, SDI_SNIPPET_SIZE, NULL, false },
	{ "listen", Q, 1, 4, SDI_SNIPPET_LISTEN, NULL, true },
	{ "log_not_found", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "map", H | T, 2, 2, SDI_SNIPPET_MAP, NULL, true },
	{ "more_clear_headers", S | L, 1, 16, SDI_SNIPPET_MORE, NULL, true },
	{ "more_clear_input_headers", L, 1, 16, SDI_SNIPPET_MORE, NULL, true },
	{ "more_set_headers", S | L, 1, 16, SDI_SNIPPET_MORE, NULL, true },
	{ "more_set_input_headers", L, 1, 16, SDI_SNIPPET_MORE, NULL, true },
	{ "pcre_jit", M, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "port_in_redirect", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "preread_timeout", TQ, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "proxy_buffering", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_connect_timeout", HSL | TQ, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "proxy_cookie_domain", HSL, 2, 2, SDI_SNIPPET_PLAIN, NULL, true },
	{ "proxy_cookie_path", HSL, 2, 2, SDI_SNIPPET_PLAIN, NULL, true },
	{ "proxy_download_rate", TQ, 1, 1, SDI_SNIPPET_SIZE, NULL, false },
	{ "proxy_hide_header", HSL, 1, 1, SDI_SNIPPET_HEADER, NULL, true },
	{ "proxy_http_version", HSL, 1, 1, SDI_SNIPPET_WORDS, "|1.0|1.1|", false },
	{ "proxy_ignore_client_abort", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_intercept_errors", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_next_upstream_timeout", HSL | TQ, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "proxy_next_upstream_tries", HSL | TQ, 1, 1, SDI_SNIPPET_NUMBER, NULL, false },
	{ "proxy_pass", Q, 1, 1, SDI_SNIPPET_TARGET, NULL, false },
	{ "proxy_pass_header", HSL, 1, 1, SDI_SNIPPET_HEADER, NULL, true },
	{ "proxy_pass_request_body", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_pass_request_headers", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_protocol", TQ, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_read_timeout", HSL, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "proxy_request_buffering", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_requests", TQ, 1, 1, SDI_SNIPPET_NUMBER, NULL, false },
	{ "proxy_responses", TQ, 1, 1, SDI_SNIPPET_NUMBER, NULL, false },
	{ "proxy_send_timeout", HSL, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "proxy_set_header", L, 2, 2, SDI_SNIPPET_HEADER, NULL, true },
	{ "proxy_socket_keepalive", HSL | TQ, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_ssl", TQ, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_ssl_ciphers", HSL, 1, 1, SDI_SNIPPET_WORDS, USUAL_CIPHERS, false },
	{ "proxy_ssl_name", HSL, 1, 1, SDI_SNIPPET_ANY, NULL, false },
	{ "proxy_ssl_server_name", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_ssl_session_reuse", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "proxy_timeout", TQ, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "proxy_upload_rate", TQ, 1, 1, SDI_SNIPPET_SIZE, NULL, false },
	{ "recursive_error_pages", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "return", S | L | V | F, 1, 2, SDI_SNIPPET_RETURN, NULL, true },
	{ "return", Q, 1, 1, SDI_SNIPPET_TEXT, NULL, false },
	{ "rewrite", S | L | V | F, 2, 3, SDI_SNIPPET_REWRITE, NULL, true },
	{ "rewrite_log", HSL | V | F, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "satisfy", HSL, 1, 1, SDI_SNIPPET_WORDS, "|all|any|", false },
	{ "send_timeout", HSL, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "server", T, 0, 0, SDI_SNIPPET_STREAM_BLOCK, NULL, true },
	{ "server", U, 1, 5, SDI_SNIPPET_MEMBER, NULL, true },
	{ "server_name_in_redirect", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "server_tokens", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "set", S | L | V | F | Q, 2, 2, SDI_SNIPPET_SET, NULL, true },
	{ "ssl_preread", TQ, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "sub_filter", HSL, 2, 2, SDI_SNIPPET_ANY, NULL, true },
	{ "sub_filter_once", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "tcp_nodelay", HSL | TQ, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "tcp_nopush", HSL, 1, 1, SDI_SNIPPET_FLAG, NULL, false },
	{ "timer_resolution", M, 1, 1, SDI_SNIPPET_TIME, NULL, false },
	{ "upstream", T, 1, 1, SDI_SNIPPET_MEMBERS, NULL, true },
	{ "worker_processes", M, 1, 1, SDI_SNIPPET_WORDS, "|auto|1|2|3|4|6|8|12|16|24|32|48|64|", false },
	{ "worker_shutdown_timeout", M, 1, 1, SDI_SNIPPET_TIME, NULL, false },
};

/* Where people look for the reason most. */
static const struct {
	const char *start, *why;
} never[] = {
	{ "alias", "files of the proxy's host are not served" },
	{ "auth_basic", "write the annotations auth-type and auth-secret instead" },
	{ "auth_request", "write the annotation auth-url or enable-global-auth instead" },
	{ "include", "no file is read" },
	{ "limit_conn", "write the annotation limit-connections instead" },
	{ "limit_req", "write the annotations limit-rps and limit-rpm instead" },
	{ "load_module", "no code is loaded" },
	{ "location", "it could take the paths of others; write a rule of an Ingress" },
	{ "more_", "that needs the module headers-more; write add_header, or proxy_hide_header" },
	{ "more_clear_headers", "it may stand in a server or a location; everywhere else it needs the module headers-more" },
	{ "more_set_headers", "it may stand in a server or a location; everywhere else it needs the module headers-more" },
	{ "proxy_buffer", "write the annotations proxy-buffer-size and proxy-buffers-number instead" },
	{ "proxy_pass", "where requests go is said by an Ingress" },
	{ "root", "files of the proxy's host are not served" },
};

/* A name that ends in "_" stands for all that start so and go on. */
static const char *const variables[] = {
	"arg_", "args", "binary_remote_addr", "body_bytes_sent", "bytes_sent", "connection", "connection_requests",
	"content_length", "content_type", "cookie_", "document_uri", "host", "hostname", "http_", "https",
	"is_args", "limit_rate", "msec", "nginx_version", "pid", "pipe", "proxy_add_x_forwarded_for", "proxy_host",
	"proxy_port", "proxy_protocol_addr", "query_string", "remote_addr", "remote_port", "remote_user", "req_id",
	"request", "request_body", "request_completion", "request_id", "request_length", "request_method",
	"request_time", "request_uri", "scheme", "sent_http_", "server_addr", "server_name", "server_port",
	"server_protocol", "ssl_cipher", "ssl_client_fingerprint", "ssl_client_i_dn", "ssl_client_s_dn",
	"ssl_client_serial", "ssl_client_verify", "ssl_protocol", "ssl_server_name", "ssl_session_reused", "status",
	"tcpinfo_rtt", "time_iso8601", "time_local", "upstream_addr", "upstream_cookie_", "upstream_http_",
	"upstream_response_time", "upstream_status", "uri",
};

static const char *const stream_variables[] = {
	"binary_remote_addr", "bytes_received", "bytes_sent", "connection", "hostname", "msec", "nginx_version", "pid",
	"protocol", "proxy_protocol_addr", "proxy_protocol_port", "remote_addr", "remote_port", "server_addr",
	"server_port", "session_time", "ssl_preread_alpn_protocols", "ssl_preread_protocol",
	"ssl_preread_server_name", "status", "time_iso8601", "time_local", "upstream_addr",
	"upstream_bytes_received", "upstream_bytes_sent", "upstream_connect_time", "upstream_first_byte_time",
	"upstream_session_time",
};
/* clang-format on */

const struct sdi_snippet_directive *sdi_snippet_find(struct sdi_str name, unsigned context)
{
	const struct sdi_snippet_directive *elsewhere = NULL;
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++) {
		if (!sdi_str_is(name, directives[i].name))
			continue;
		if (directives[i].contexts & context)
			return &directives[i];
		elsewhere = &directives[i];
	}
	return elsewhere;
}

const char *sdi_snippet_never(struct sdi_str name, bool known)
{
	if (sdi_str_has(name, SDI_STR("_by_lua")) || sdi_str_starts(name, SDI_STR("lua_")))
		return "no code is run";
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (known ? sdi_str_is(name, never[i].start) : sdi_str_starts(name, sdi_str_c(never[i].start)))
			return never[i].why;
	return known ? "it may not stand here" : "it is not among those that may stand here";
}

static bool is_listed(struct sdi_str name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sdi_str known = sdi_str_c(list[i]);
		if (sdi_str_eq(name, known) ||
		    (sdi_str_ends(known, SDI_STR("_")) && name.n > known.n && sdi_str_starts(name, known)))
			return true;
	}
	return false;
}

bool sdi_snippet_has_variable(struct sdi_str name, bool stream)
{
	if (stream)
		return is_listed(name, stream_variables, sizeof(stream_variables) / sizeof(stream_variables[0]));
	return is_listed(name, variables, sizeof(variables) / sizeof(variables[0])) ||
	       (name.n == 1 && name.p[0] >= '1' && name.p[0] <= '9');
}
