/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The keys of ingress-nginx's ConfigMap: one row each. A key with the name of an annotation is what holds where the
 * annotation is not; its text is read by the annotation's own row. The others mean something of their own, or are not
 * realised yet.
 */
#include "configmap.h"
#include "values.h"

#define DEFAULT_OF(name)                                     \
	{                                                    \
		name, true, SDI_WISH_NONE, NULL, NULL, false \
	}
#define MEANS(name, id, parse, arg)                           \
	{                                                     \
		name, false, SDI_WISH_##id, parse, arg, false \
	}
#define KEEPS(name, id, parse, arg)                          \
	{                                                    \
		name, false, SDI_WISH_##id, parse, arg, true \
	}
#define LATER(name)                                           \
	{                                                     \
		name, false, SDI_WISH_NONE, NULL, NULL, false \
	}

static const struct sdi_bounds age = { 0, 2147483647, "write a number of seconds" };
static const struct sdi_grammar names = { "-_, ", 4096, "write names of headers with commas between them" };
static const struct sdi_grammar reference = { "-./", 320, "write NAMESPACE/NAME of a ConfigMap" };
static const struct sdi_bounds timeout = { 1, 86400, "write a number of seconds, at least 1" };
static const struct sdi_bounds requests = { 1, 2147483647, "write a number of requests" };
static const struct sdi_bounds level = { 1, 9, "write a number from 1 to 9" };
static const struct sdi_bounds length = { 0, 2147483647, "write a number of bytes" };
static const struct sdi_grammar types = { "+-./*_ ", 4096, "write media types with blanks between them" };
static const struct sdi_grammar ciphers = { "+:_-!@=", 4096,
	                                    "write names of OpenSSL's ciphers with colons between them" };
static const struct sdi_grammar header = { "-_", 64, "write the name of a header" };
static const struct sdi_bounds status = { 400, 599, "write a status code, 400 to 599" };

/* clang-format off */
static const struct sdi_config_key keys[] = {
	LATER("access-log-params"),
	LATER("access-log-path"),
	MEANS("add-headers", ADD_HEADERS, sdi_parse_text, &reference),
	LATER("allow-backend-server-header"),
	MEANS("allow-cross-namespace-resources", ALLOW_CROSS_NAMESPACE, sdi_parse_bool, NULL),
	MEANS("allow-snippet-annotations", ALLOW_SNIPPET_ANNOTATIONS, sdi_parse_bool, NULL),
	MEANS("annotation-value-word-blocklist", ANNOTATION_VALUE_WORD_BLOCKLIST, sdi_parse_raw, NULL),
	MEANS("annotations-risk-level", ANNOTATIONS_RISK_LEVEL, sdi_parse_risk, NULL),
	LATER("app-root"),
	LATER("bind-address"),
	KEEPS("block-cidrs", BLOCK_CIDRS, sdi_parse_cidrs, NULL),
	KEEPS("block-referers", BLOCK_REFERERS, sdi_parse_raw, NULL),
	KEEPS("block-user-agents", BLOCK_USER_AGENTS, sdi_parse_raw, NULL),
	LATER("brotli-level"),
	LATER("brotli-min-length"),
	LATER("brotli-types"),
	DEFAULT_OF("client-body-buffer-size"),
	MEANS("client-body-timeout", CLIENT_BODY_TIMEOUT, sdi_parse_uint, &timeout),
	LATER("client-header-buffer-size"),
	MEANS("client-header-timeout", CLIENT_HEADER_TIMEOUT, sdi_parse_uint, &timeout),
	MEANS("compute-full-forwarded-for", COMPUTE_FULL_FORWARDED_FOR, sdi_parse_bool, NULL),
	DEFAULT_OF("custom-http-errors"),
	LATER("debug-connections"),
	LATER("default-type"),
	DEFAULT_OF("denylist-source-range"),
	LATER("disable-access-log"),
	LATER("disable-http-access-log"),
	LATER("disable-ipv6"),
	LATER("disable-ipv6-dns"),
	DEFAULT_OF("disable-proxy-intercept-errors"),
	LATER("disable-stream-access-log"),
	LATER("enable-access-log-for-default-backend"),
	LATER("enable-aio-write"),
	LATER("enable-auth-access-log"),
	LATER("enable-brotli"),
	DEFAULT_OF("enable-modsecurity"),
	LATER("enable-multi-accept"),
	LATER("enable-ocsp"),
	LATER("enable-opentelemetry"),
	MEANS("enable-owasp-modsecurity-crs", GLOBAL_OWASP_CORE_RULES, sdi_parse_raw, NULL),
	MEANS("enable-real-ip", ENABLE_REAL_IP, sdi_parse_bool, NULL),
	LATER("enable-serial-reloads"),
	LATER("enable-syslog"),
	LATER("enable-underscores-in-headers"),
	LATER("error-log-level"),
	LATER("error-log-path"),
	DEFAULT_OF("force-ssl-redirect"),
	MEANS("forwarded-for-header", FORWARDED_FOR_HEADER, sdi_parse_text, &header),
	LATER("forwarded-for-proxy-protocol-header"),
	LATER("forwarded-host-header"),
	LATER("generate-request-id"),
	LATER("geoip2-autoreload-in-minutes"),
	MEANS("global-allowed-response-headers", GLOBAL_ALLOWED_RESPONSE_HEADERS, sdi_parse_text, &names),
	MEANS("global-auth-always-set-cookie", GLOBAL_AUTH_ALWAYS_SET_COOKIE, sdi_parse_raw, NULL),
	MEANS("global-auth-cache-duration", GLOBAL_AUTH_CACHE_DURATION, sdi_parse_raw, NULL),
	MEANS("global-auth-cache-key", GLOBAL_AUTH_CACHE_KEY, sdi_parse_raw, NULL),
	MEANS("global-auth-method", GLOBAL_AUTH_METHOD, sdi_parse_raw, NULL),
	MEANS("global-auth-request-redirect", GLOBAL_AUTH_REQUEST_REDIRECT, sdi_parse_raw, NULL),
	MEANS("global-auth-response-headers", GLOBAL_AUTH_RESPONSE_HEADERS, sdi_parse_raw, NULL),
	MEANS("global-auth-signin", GLOBAL_AUTH_SIGNIN, sdi_parse_raw, NULL),
	MEANS("global-auth-signin-redirect-param", GLOBAL_AUTH_SIGNIN_REDIRECT_PARAM, sdi_parse_raw, NULL),
	LATER("global-auth-snippet"),
	MEANS("global-auth-url", GLOBAL_AUTH_URL, sdi_parse_raw, NULL),
	LATER("grpc-buffer-size-kb"),
	LATER("gzip-disable"),
	MEANS("gzip-level", GZIP_LEVEL, sdi_parse_uint, &level),
	MEANS("gzip-min-length", GZIP_MIN_LENGTH, sdi_parse_uint, &length),
	MEANS("gzip-types", GZIP_TYPES, sdi_parse_text, &types),
	MEANS("hide-headers", HIDE_HEADERS, sdi_parse_text, &names),
	MEANS("hsts", HSTS, sdi_parse_bool, NULL),
	MEANS("hsts-include-subdomains", HSTS_INCLUDE_SUBDOMAINS, sdi_parse_bool, NULL),
	MEANS("hsts-max-age", HSTS_MAX_AGE, sdi_parse_uint, &age),
	MEANS("hsts-preload", HSTS_PRELOAD, sdi_parse_bool, NULL),
	LATER("http-access-log-path"),
	MEANS("http-redirect-code", REDIRECT_CODE, sdi_parse_redirect_code, NULL),
	MEANS("http-snippet", RAW_HTTP, sdi_parse_raw, NULL),
	LATER("http2-max-concurrent-streams"),
	LATER("http2-max-field-size"),
	LATER("http2-max-header-size"),
	LATER("http2-max-requests"),
	LATER("ignore-invalid-headers"),
	LATER("jaeger-baggage-header"),
	LATER("jaeger-collector-host"),
	LATER("jaeger-collector-port"),
	LATER("jaeger-debug-header"),
	LATER("jaeger-endpoint"),
	LATER("jaeger-propagation-format"),
	LATER("jaeger-sampler-host"),
	LATER("jaeger-sampler-param"),
	LATER("jaeger-sampler-port"),
	LATER("jaeger-sampler-type"),
	LATER("jaeger-service-name"),
	LATER("jaeger-trace-baggage-header-prefix"),
	LATER("jaeger-trace-context-header-name"),
	MEANS("keep-alive", KEEP_ALIVE, sdi_parse_uint, &age),
	MEANS("keep-alive-requests", KEEP_ALIVE_REQUESTS, sdi_parse_uint, &requests),
	LATER("large-client-header-buffers"),
	MEANS("limit-conn-status-code", LIMIT_CONN_STATUS_CODE, sdi_parse_uint, &status),
	LATER("limit-conn-zone-variable"),
	DEFAULT_OF("limit-rate"),
	DEFAULT_OF("limit-rate-after"),
	MEANS("limit-req-status-code", LIMIT_REQ_STATUS_CODE, sdi_parse_uint, &status),
	LATER("load-balance"),
	MEANS("location-snippet", RAW_LOCATION, sdi_parse_raw, NULL),
	LATER("log-format-escape-json"),
	LATER("log-format-escape-none"),
	LATER("log-format-stream"),
	LATER("log-format-upstream"),
	LATER("lua-shared-dicts"),
	MEANS("main-snippet", RAW_MAIN, sdi_parse_raw, NULL),
	LATER("map-hash-bucket-size"),
	LATER("max-worker-connections"),
	LATER("max-worker-open-files"),
	MEANS("modsecurity-snippet", GLOBAL_MODSECURITY_SNIPPET, sdi_parse_raw, NULL),
	LATER("nginx-status-ipv4-whitelist"),
	LATER("nginx-status-ipv6-whitelist"),
	MEANS("no-auth-locations", NO_AUTH_LOCATIONS, sdi_parse_raw, NULL),
	LATER("no-tls-redirect-locations"),
	LATER("opentelemetry-config"),
	LATER("opentelemetry-operation-name"),
	LATER("opentelemetry-trust-incoming-span"),
	LATER("otel-max-export-batch-size"),
	LATER("otel-max-queuesize"),
	LATER("otel-sampler"),
	LATER("otel-sampler-parent-based"),
	LATER("otel-sampler-ratio"),
	LATER("otel-schedule-delay-millis"),
	LATER("otel-service-name"),
	LATER("otlp-collector-host"),
	LATER("otlp-collector-port"),
	DEFAULT_OF("preserve-trailing-slash"),
	LATER("proxy-add-original-uri-header"),
	DEFAULT_OF("proxy-body-size"),
	DEFAULT_OF("proxy-buffer-size"),
	DEFAULT_OF("proxy-buffering"),
	DEFAULT_OF("proxy-buffers-number"),
	DEFAULT_OF("proxy-busy-buffers-size"),
	DEFAULT_OF("proxy-connect-timeout"),
	DEFAULT_OF("proxy-cookie-domain"),
	DEFAULT_OF("proxy-cookie-path"),
	LATER("proxy-headers-hash-bucket-size"),
	LATER("proxy-headers-hash-max-size"),
	DEFAULT_OF("proxy-http-version"),
	DEFAULT_OF("proxy-max-temp-file-size"),
	DEFAULT_OF("proxy-next-upstream"),
	DEFAULT_OF("proxy-next-upstream-timeout"),
	DEFAULT_OF("proxy-next-upstream-tries"),
	LATER("proxy-protocol-header-timeout"),
	DEFAULT_OF("proxy-read-timeout"),
	KEEPS("proxy-real-ip-cidr", PROXY_REAL_IP_CIDR, sdi_parse_cidrs, NULL),
	DEFAULT_OF("proxy-redirect-from"),
	DEFAULT_OF("proxy-redirect-to"),
	DEFAULT_OF("proxy-request-buffering"),
	DEFAULT_OF("proxy-send-timeout"),
	MEANS("proxy-set-headers", PROXY_SET_HEADERS, sdi_parse_text, &reference),
	LATER("proxy-ssl-location-only"),
	LATER("proxy-stream-next-upstream"),
	LATER("proxy-stream-next-upstream-timeout"),
	LATER("proxy-stream-next-upstream-tries"),
	LATER("proxy-stream-responses"),
	LATER("proxy-stream-timeout"),
	DEFAULT_OF("relative-redirects"),
	LATER("retry-non-idempotent"),
	LATER("reuse-port"),
	LATER("server-name-hash-bucket-size"),
	LATER("server-name-hash-max-size"),
	MEANS("server-snippet", RAW_SERVER, sdi_parse_raw, NULL),
	LATER("server-tokens"),
	LATER("service-upstream"),
	LATER("skip-access-log-urls"),
	LATER("ssl-buffer-size"),
	MEANS("ssl-ciphers", GLOBAL_SSL_CIPHERS, sdi_parse_text, &ciphers),
	LATER("ssl-dh-param"),
	LATER("ssl-early-data"),
	LATER("ssl-ecdh-curve"),
	MEANS("ssl-protocols", SSL_PROTOCOLS, sdi_parse_tls_versions, NULL),
	DEFAULT_OF("ssl-redirect"),
	LATER("ssl-reject-handshake"),
	LATER("ssl-session-cache"),
	LATER("ssl-session-cache-size"),
	LATER("ssl-session-ticket-key"),
	LATER("ssl-session-tickets"),
	LATER("ssl-session-timeout"),
	LATER("stream-access-log-path"),
	LATER("stream-snippet"),
	MEANS("strict-validate-path-type", STRICT_VALIDATE_PATH_TYPE, sdi_parse_bool, NULL),
	LATER("syslog-host"),
	LATER("syslog-port"),
	LATER("upstream-hash-by"),
	LATER("upstream-hash-by-subset"),
	LATER("upstream-hash-by-subset-size"),
	LATER("upstream-keepalive-connections"),
	LATER("upstream-keepalive-requests"),
	LATER("upstream-keepalive-time"),
	LATER("upstream-keepalive-timeout"),
	MEANS("use-forwarded-headers", USE_FORWARDED_HEADERS, sdi_parse_bool, NULL),
	LATER("use-geoip"),
	LATER("use-geoip2"),
	MEANS("use-gzip", USE_GZIP, sdi_parse_bool, NULL),
	LATER("use-http2"),
	DEFAULT_OF("use-port-in-redirects"),
	MEANS("use-proxy-protocol", USE_PROXY_PROTOCOL, sdi_parse_bool, NULL),
	LATER("variables-hash-bucket-size"),
	LATER("variables-hash-max-size"),
	DEFAULT_OF("whitelist-source-range"),
	LATER("worker-cpu-affinity"),
	LATER("worker-processes"),
	LATER("worker-shutdown-timeout"),
};
/* clang-format on */
enum { N_KEYS = sizeof(keys) / sizeof(keys[0]) };

const struct sdi_config_key *sdi_config_key_get(size_t i)
{
	return i < N_KEYS ? &keys[i] : NULL;
}

const struct sdi_config_key *sdi_config_key_find(struct sdi_str name)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (sdi_str_is(name, keys[i].name))
			return &keys[i];
	return NULL;
}
