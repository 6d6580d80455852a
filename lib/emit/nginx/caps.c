/* SPDX-License-Identifier: BSD-3-Clause */
/* What NGINX can do: one row per field of a policy, from which version on, and why not exactly. */
#include "nginx.h"

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
#define NO_TRACING "Debian's builds record no traces; X-Request-ID, which every request has, joins the logs"
#define MODULE                                                                                                         \
	"needs Debian's module, which the setting nginx-modsecurity-module names (and nginx-modsecurity-crs the core " \
	"rules), else the route answers 503; of rules in a snippet those that are known and name no file, program or " \
	"address are taken, and logs go to the proxy's own file"
#define LATER NONE("not realised yet")

/* clang-format off */
const struct sdi_cap sdi_nginx_caps[SDI_FIELD__COUNT] = {
	/* redirects and names */
	[SDI_FIELD_TLS_REDIRECT] = EXACT(1, 22),
	[SDI_FIELD_DENIED] = EXACT(1, 22),
	[SDI_FIELD_REDIRECT] = EXACT(1, 22),
	[SDI_FIELD_APP_ROOT] = EXACT(1, 22),
	[SDI_FIELD_WWW_REDIRECT] = EXACT(1, 22),
	[SDI_FIELD_REDIRECT_STYLE] = EXACT(1, 22),
	[SDI_FIELD_ALIAS] = EXACT(1, 22),
	[SDI_FIELD_HSTS] = EXACT(1, 22),
	/* regular expressions and rewrites */
	[SDI_FIELD_REGEX] = EXACT(1, 22),
	[SDI_FIELD_REWRITE] = EXACT(1, 22),
	[SDI_FIELD_PREFIX_HEADER] = EXACT(1, 22),
	/* who gets in, and how often */
	[SDI_FIELD_ALLOW] = EXACT(1, 22),
	[SDI_FIELD_DENY] = EXACT(1, 22),
	[SDI_FIELD_SATISFY] = EXACT(1, 22),
	[SDI_FIELD_LIMIT_REQUESTS] = EXACT(1, 22),
	[SDI_FIELD_LIMIT_CONNECTIONS] = EXACT(1, 22),
	[SDI_FIELD_LIMIT_RATE] = EXACT(1, 22),
	[SDI_FIELD_LIMIT_RATE_AFTER] = EXACT(1, 22),
	[SDI_FIELD_BASIC_AUTH] = EXACT(1, 22),
	[SDI_FIELD_DIGEST_AUTH] = NONE("a stock NGINX has no module for digests: the route answers 503; use basic over TLS, or HAProxy"),
	/* external authentication and client certificates */
	[SDI_FIELD_AUTH] = PARTIAL(1, 22, "of several cookies in an answer only the first is passed on; of an URL with more than 40 special characters a login page gets the rest as it is"),
	[SDI_FIELD_AUTH_CACHE] = EXACT(1, 22),
	[SDI_FIELD_AUTH_KEEPALIVE] = NONE("each question has a connection of its own, as with the controller's default settings; leave it out"),
	[SDI_FIELD_CLIENT_CERT] = PARTIAL(1, 22, "over plain HTTP such a host answers as without a certificate, unless it redirects to HTTPS"),
	[SDI_FIELD_CLIENT_CERT_DEPTH] = EXACT(1, 22),
	[SDI_FIELD_CLIENT_CERT_HEADERS] = EXACT(1, 22),
	/* the way to the endpoints */
	[SDI_FIELD_PROTOCOL] = EXACT(1, 22),
	[SDI_FIELD_FASTCGI] = EXACT(1, 22),
	[SDI_FIELD_UPSTREAM_TLS] = EXACT(1, 22),
	[SDI_FIELD_UPSTREAM_TLS_DEPTH] = EXACT(1, 22),
	[SDI_FIELD_UPSTREAM_HOST] = EXACT(1, 22),
	[SDI_FIELD_SERVICE_ADDRESS] = EXACT(1, 22),
	[SDI_FIELD_CONNECT_TIMEOUT] = EXACT(1, 22),
	[SDI_FIELD_READ_TIMEOUT] = EXACT(1, 22),
	[SDI_FIELD_SEND_TIMEOUT] = EXACT(1, 22),
	[SDI_FIELD_RETRY] = EXACT(1, 22),
	[SDI_FIELD_RETRY_TRIES] = EXACT(1, 22),
	[SDI_FIELD_RETRY_TIMEOUT] = EXACT(1, 22),
	[SDI_FIELD_BODY_SIZE] = EXACT(1, 22),
	[SDI_FIELD_BODY_BUFFER] = EXACT(1, 22),
	[SDI_FIELD_REQUEST_BUFFERING] = EXACT(1, 22),
	[SDI_FIELD_BUFFERING] = EXACT(1, 22),
	[SDI_FIELD_HEADER_BUFFER] = EXACT(1, 22),
	[SDI_FIELD_BUFFERS] = EXACT(1, 22),
	[SDI_FIELD_HTTP_VERSION] = EXACT(1, 22),
	[SDI_FIELD_CONNECTION_HEADER] = EXACT(1, 22),
	[SDI_FIELD_LOCATION_REWRITE] = EXACT(1, 22),
	[SDI_FIELD_COOKIE_DOMAIN] = EXACT(1, 22),
	[SDI_FIELD_COOKIE_PATH] = EXACT(1, 22),
	/* which endpoint */
	[SDI_FIELD_BALANCE] = PARTIAL(1, 22,
	        "ewma is the endpoint with the fewest requests in progress, not the one with the lowest latency; "
	        "it holds on the paths of its Ingress, not of its service"),
	[SDI_FIELD_HASH_BY] = PARTIAL(1, 22,
	        "the ring is another one than the controller's, and of NGINX's variables only those that both "
	        "proxies have are taken; it holds on the paths of its Ingress, not of its service"),
	[SDI_FIELD_HASH_SUBSET] = PARTIAL(1, 22, "when the number of groups changes, most keys move to another one"),
	[SDI_FIELD_AFFINITY] = EXACT(1, 22),
	[SDI_FIELD_AFFINITY_MODE] = EXACT(1, 22),
	[SDI_FIELD_AFFINITY_FAILURE] = PARTIAL(1, 22,
	        "true makes sessions persistent; when false, another endpoint serves a session while its own fails"),
	[SDI_FIELD_AFFINITY_EXPIRES] = PARTIAL(1, 22, "written as Max-Age, which browsers prefer to Expires"),
	[SDI_FIELD_CANARY] = PARTIAL(1, 22, "shares are in steps of 0.01 %"),
	/* what is added to requests and answers */
	[SDI_FIELD_RESPONSE_HEADERS] = EXACT(1, 22),
	[SDI_FIELD_CORS] = EXACT(1, 22),
	[SDI_FIELD_REQUEST_HEADERS] = LATER,
	[SDI_FIELD_ERROR_PAGES] = EXACT(1, 22),
	[SDI_FIELD_STANDBY] = EXACT(1, 22),
	[SDI_FIELD_MIRROR] = EXACT(1, 22),
	[SDI_FIELD_ACCESS_LOG] = EXACT(1, 22),
	[SDI_FIELD_REWRITE_LOG] = EXACT(1, 22),
	[SDI_FIELD_TRACING] = NONE(NO_TRACING),
	[SDI_FIELD_WAF] = PARTIAL(1, 22, MODULE),
	[SDI_FIELD_PUSH] = PARTIAL(1, 22, "gone since NGINX 1.25.1, and browsers ignore pushes; let the application send 103 Early Hints"),
	/* hosts, streams and raw text */
	[SDI_FIELD_CIPHERS] = EXACT(1, 22),
	[SDI_FIELD_CIPHER_ORDER] = EXACT(1, 22),
	[SDI_FIELD_PASSTHROUGH] = PARTIAL(1, 22, "with use-forwarded-headers or enable-real-ip, and without the PROXY protocol, "
	                                  "the host answers 503: the client's address comes from one place only"),
	[SDI_FIELD_SNIPPET] = PARTIAL(1, 22, "off unless the operator turns them on (--allow-snippets), and of their directives only those that neither read files, load code nor take other routes"),
};
/* clang-format on */
