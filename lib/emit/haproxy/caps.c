/* SPDX-License-Identifier: BSD-3-Clause */
/* What HAProxy can do: one row per field of a policy, from which version on, and why not exactly. */
#include "haproxy.h"

#define EXACT(major, minor)                                \
	{                                                  \
		SDI_FIDELITY_EXACT, { major, minor }, NULL \
	}
#define PARTIAL(major, minor, why)                          \
	{                                                   \
		SDI_FIDELITY_PARTIAL, { major, minor }, why \
	}
#define NONE(why)                                \
	{                                        \
		SDI_FIDELITY_NONE, { 0, 0 }, why \
	}
#define LATER NONE("not realised yet")

/* clang-format off */
const struct sdi_cap sdi_hap_caps[SDI_FIELD__COUNT] = {
	/* redirects and names */
	[SDI_FIELD_TLS_REDIRECT] = EXACT(2, 6),
	[SDI_FIELD_DENIED] = EXACT(2, 6),
	[SDI_FIELD_REDIRECT] = LATER,
	[SDI_FIELD_APP_ROOT] = LATER,
	[SDI_FIELD_WWW_REDIRECT] = LATER,
	[SDI_FIELD_REDIRECT_STYLE] = LATER,
	[SDI_FIELD_ALIAS] = LATER,
	[SDI_FIELD_HSTS] = LATER,
	/* regular expressions and rewrites */
	[SDI_FIELD_REGEX] = LATER,
	[SDI_FIELD_REWRITE] = LATER,
	[SDI_FIELD_PREFIX_HEADER] = LATER,
	/* who gets in, and how often */
	[SDI_FIELD_ALLOW] = LATER,
	[SDI_FIELD_DENY] = LATER,
	[SDI_FIELD_SATISFY] = LATER,
	[SDI_FIELD_LIMIT_REQUESTS] = LATER,
	[SDI_FIELD_LIMIT_CONNECTIONS] = LATER,
	[SDI_FIELD_LIMIT_RATE] = LATER,
	[SDI_FIELD_LIMIT_RATE_AFTER] = LATER,
	[SDI_FIELD_BASIC_AUTH] = LATER,
	[SDI_FIELD_DIGEST_AUTH] = LATER,
	/* external authentication and client certificates */
	[SDI_FIELD_AUTH] = LATER,
	[SDI_FIELD_AUTH_CACHE] = LATER,
	[SDI_FIELD_AUTH_KEEPALIVE] = LATER,
	[SDI_FIELD_CLIENT_CERT] = LATER,
	[SDI_FIELD_CLIENT_CERT_DEPTH] = LATER,
	[SDI_FIELD_CLIENT_CERT_HEADERS] = LATER,
	/* the way to the endpoints */
	[SDI_FIELD_PROTOCOL] = LATER,
	[SDI_FIELD_FASTCGI] = LATER,
	[SDI_FIELD_UPSTREAM_TLS] = LATER,
	[SDI_FIELD_UPSTREAM_TLS_DEPTH] = LATER,
	[SDI_FIELD_UPSTREAM_HOST] = LATER,
	[SDI_FIELD_SERVICE_ADDRESS] = LATER,
	[SDI_FIELD_CONNECT_TIMEOUT] = LATER,
	[SDI_FIELD_READ_TIMEOUT] = LATER,
	[SDI_FIELD_SEND_TIMEOUT] = LATER,
	[SDI_FIELD_RETRY] = LATER,
	[SDI_FIELD_RETRY_TRIES] = LATER,
	[SDI_FIELD_RETRY_TIMEOUT] = LATER,
	[SDI_FIELD_BODY_SIZE] = LATER,
	[SDI_FIELD_BODY_BUFFER] = LATER,
	[SDI_FIELD_REQUEST_BUFFERING] = LATER,
	[SDI_FIELD_BUFFERING] = LATER,
	[SDI_FIELD_HEADER_BUFFER] = LATER,
	[SDI_FIELD_BUFFERS] = LATER,
	[SDI_FIELD_HTTP_VERSION] = LATER,
	[SDI_FIELD_CONNECTION_HEADER] = LATER,
	[SDI_FIELD_LOCATION_REWRITE] = LATER,
	[SDI_FIELD_COOKIE_DOMAIN] = LATER,
	[SDI_FIELD_COOKIE_PATH] = LATER,
	/* which endpoint */
	[SDI_FIELD_BALANCE] = PARTIAL(2, 6,
	        "ewma is the endpoint with the fewest requests in progress, not the one with the lowest latency"),
	[SDI_FIELD_HASH_BY] = PARTIAL(2, 6,
	        "the ring is another one than the controller's, and of NGINX's variables only those that both "
	        "proxies have are taken"),
	[SDI_FIELD_HASH_SUBSET] = PARTIAL(2, 6, "when the number of groups changes, most keys move to another one"),
	[SDI_FIELD_AFFINITY] = EXACT(2, 6),
	[SDI_FIELD_AFFINITY_MODE] = EXACT(2, 6),
	[SDI_FIELD_AFFINITY_FAILURE] = PARTIAL(2, 6,
	        "true makes sessions persistent; when false, a persistent session moves all the same when its endpoint fails"),
	[SDI_FIELD_AFFINITY_EXPIRES] = EXACT(2, 6),
	[SDI_FIELD_CANARY] = EXACT(2, 6),
	/* what is added to requests and answers */
	[SDI_FIELD_CORS] = LATER,
	[SDI_FIELD_RESPONSE_HEADERS] = LATER,
	[SDI_FIELD_REQUEST_HEADERS] = LATER,
	[SDI_FIELD_ERROR_PAGES] = LATER,
	[SDI_FIELD_STANDBY] = LATER,
	[SDI_FIELD_MIRROR] = LATER,
	[SDI_FIELD_ACCESS_LOG] = LATER,
	[SDI_FIELD_REWRITE_LOG] = LATER,
	[SDI_FIELD_TRACING] = LATER,
	[SDI_FIELD_WAF] = LATER,
	[SDI_FIELD_PUSH] = LATER,
	/* hosts, streams and raw text */
	[SDI_FIELD_CIPHERS] = LATER,
	[SDI_FIELD_CIPHER_ORDER] = LATER,
	[SDI_FIELD_PASSTHROUGH] = LATER,
	[SDI_FIELD_SNIPPET] = LATER,
};
/* clang-format on */
