/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The fields of a policy: one row each. Emitters declare for each what they make of it (emit/emit.h); dialects name
 * the field that an annotation fills (dialect/registry.h).
 */
#ifndef SDI_GATEWAY_FIELD_H
#define SDI_GATEWAY_FIELD_H

/* clang-format off */
#define SDI_FIELDS(X)                                                        \
	/* redirects and names (gateway/redirect.h) */ \
	X(TLS_REDIRECT, "tls-redirect", "plain HTTP is redirected to HTTPS") \
	X(DENIED, "denied", "answers 503 since a protection that was asked for can't be given") \
	X(REDIRECT, "redirect", "everything is redirected to an URL") \
	X(APP_ROOT, "app-root", "the path / is redirected") \
	X(WWW_REDIRECT, "www-redirect", "the name with www. is redirected to the one without, or back") \
	X(REDIRECT_STYLE, "redirect-style", "slashes, ports and hosts in Locations that the proxy makes") \
	X(ALIAS, "alias", "further names of the host") \
	X(HSTS, "hsts", "Strict-Transport-Security") \
	/* regular expressions and rewrites (gateway/rewrite.h) */ \
	X(REGEX, "regex", "the host's paths are regular expressions") \
	X(REWRITE, "rewrite", "the path that the application sees") \
	X(PREFIX_HEADER, "prefix-header", "X-Forwarded-Prefix") \
	/* who gets in, and how often (gateway/access.h) */ \
	X(ALLOW, "allow", "client addresses let in") \
	X(DENY, "deny", "client addresses kept out") \
	X(SATISFY, "satisfy", "one of several restrictions is enough") \
	X(LIMIT_REQUESTS, "limit-requests", "requests of a client per second or minute") \
	X(LIMIT_CONNECTIONS, "limit-connections", "requests of a client at the same time") \
	X(LIMIT_RATE, "limit-rate", "bytes a second of an answer") \
	X(LIMIT_RATE_AFTER, "limit-rate-after", "bytes of an answer before the rate holds") \
	X(BASIC_AUTH, "basic-auth", "user and password") \
	X(DIGEST_AUTH, "digest-auth", "user and password, hashed by the client") \
	/* external authentication and client certificates (gateway/auth.h) */ \
	X(AUTH, "auth", "a service is asked about each request") \
	X(AUTH_CACHE, "auth-cache", "its answers are remembered") \
	X(AUTH_KEEPALIVE, "auth-keepalive", "connections to it are kept") \
	X(CLIENT_CERT, "client-cert", "clients show a certificate") \
	X(CLIENT_CERT_DEPTH, "client-cert-depth", "the length of its chain is limited") \
	X(CLIENT_CERT_HEADERS, "client-cert-headers", "the application sees it") \
	/* the way to the endpoints (gateway/upstream.h) */ \
	X(PROTOCOL, "protocol", "what the endpoints speak") \
	X(FASTCGI, "fastcgi", "parameters of FastCGI") \
	X(UPSTREAM_TLS, "upstream-tls", "TLS to the endpoints") \
	X(UPSTREAM_TLS_DEPTH, "upstream-tls-depth", "the length of an endpoint's chain is limited") \
	X(UPSTREAM_HOST, "upstream-host", "the Host header that the application sees") \
	X(SERVICE_ADDRESS, "service-address", "the cluster IP instead of the endpoints") \
	X(CONNECT_TIMEOUT, "connect-timeout", "time to connect to an endpoint") \
	X(READ_TIMEOUT, "read-timeout", "time that an endpoint may be silent") \
	X(SEND_TIMEOUT, "send-timeout", "time that an endpoint may take to accept") \
	X(RETRY, "retry", "failures after which another endpoint is tried") \
	X(RETRY_TRIES, "retry-tries", "how many endpoints are tried") \
	X(RETRY_TIMEOUT, "retry-timeout", "how long endpoints are tried") \
	X(BODY_SIZE, "body-size", "the largest body of a request") \
	X(BODY_BUFFER, "body-buffer", "memory for a request's body") \
	X(REQUEST_BUFFERING, "request-buffering", "a request's body is read before it is passed on") \
	X(BUFFERING, "buffering", "an answer is read ahead") \
	X(HEADER_BUFFER, "header-buffer", "memory for an answer's header") \
	X(BUFFERS, "buffers", "memory and files for reading ahead") \
	X(HTTP_VERSION, "http-version", "HTTP version to the endpoints") \
	X(CONNECTION_HEADER, "connection-header", "the Connection header to the endpoints") \
	X(LOCATION_REWRITE, "location-rewrite", "Locations of the application are rewritten") \
	X(COOKIE_DOMAIN, "cookie-domain", "domains of the application's cookies are rewritten") \
	X(COOKIE_PATH, "cookie-path", "paths of the application's cookies are rewritten") \
	/* which endpoint (gateway/balance.h) */ \
	X(BALANCE, "balance", "how requests are spread") \
	X(HASH_BY, "hash-by", "the endpoint is picked by a hash") \
	X(HASH_SUBSET, "hash-subset", "the hash picks a group of endpoints") \
	X(AFFINITY, "affinity", "a cookie keeps a client on its endpoint") \
	X(AFFINITY_MODE, "affinity-mode", "whether sessions move when endpoints are added") \
	X(AFFINITY_FAILURE, "affinity-failure", "whether sessions move when their endpoint fails") \
	X(AFFINITY_EXPIRES, "affinity-expires", "the cookie has a date of expiry") \
	X(CANARY, "canary", "a part of the requests goes to another service") \
	/* what is added to requests and answers (gateway/extras.h) */ \
	X(CORS, "cors", "scripts of other origins") \
	X(RESPONSE_HEADERS, "response-headers", "headers added to answers") \
	X(REQUEST_HEADERS, "request-headers", "headers added to requests") \
	X(ERROR_PAGES, "error-pages", "error answers come from another service") \
	X(STANDBY, "standby", "another service answers while there is no endpoint") \
	X(MIRROR, "mirror", "a copy of each request goes elsewhere") \
	X(ACCESS_LOG, "access-log", "whether requests are logged") \
	X(REWRITE_LOG, "rewrite-log", "rewrites are logged") \
	X(TRACING, "tracing", "traces are recorded") \
	X(WAF, "waf", "requests are inspected by a firewall") \
	X(PUSH, "push", "HTTP/2 push") \
	/* hosts, streams and raw text */ \
	X(CIPHERS, "ciphers", "ciphers for TLS to clients") \
	X(CIPHER_ORDER, "cipher-order", "whose order of ciphers counts") \
	X(PASSTHROUGH, "passthrough", "the encrypted stream goes to the application") \
	X(SNIPPET, "snippet", "raw configuration") \
	/* end */
/* clang-format on */

enum sdi_field {
#define X(name, slug, doc) SDI_FIELD_##name,
	SDI_FIELDS(X)
#undef X
		SDI_FIELD__COUNT
};

#endif
