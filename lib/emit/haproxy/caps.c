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
#define NO_TRACING "Debian's builds record no traces; X-Request-ID, which every request has, joins the logs"
#define NO_WAF                                                                                                \
	"ModSecurity is no part of a stock proxy: the route answers 503. Inspect requests before this proxy " \
	"or behind it, and take the annotation away"
#define LATER NONE("not realised yet")

/* clang-format off */
const struct sdi_cap sdi_hap_caps[SDI_FIELD__COUNT] = {
	/* redirects and names */
	[SDI_FIELD_TLS_REDIRECT] = EXACT(2, 6),
	[SDI_FIELD_DENIED] = EXACT(2, 6),
	[SDI_FIELD_REDIRECT] = EXACT(2, 6),
	[SDI_FIELD_APP_ROOT] = EXACT(2, 6),
	[SDI_FIELD_WWW_REDIRECT] = EXACT(2, 6),
	[SDI_FIELD_REDIRECT_STYLE] = EXACT(2, 6),
	[SDI_FIELD_ALIAS] = EXACT(2, 6),
	[SDI_FIELD_HSTS] = EXACT(2, 6),
	/* regular expressions and rewrites */
	[SDI_FIELD_REGEX] = EXACT(2, 6),
	[SDI_FIELD_REWRITE] = EXACT(2, 6),
	[SDI_FIELD_PREFIX_HEADER] = EXACT(2, 6),
	/* who gets in, and how often */
	[SDI_FIELD_ALLOW] = EXACT(2, 6),
	[SDI_FIELD_DENY] = EXACT(2, 6),
	[SDI_FIELD_SATISFY] = EXACT(2, 6),
	[SDI_FIELD_LIMIT_REQUESTS] = EXACT(2, 6),
	[SDI_FIELD_LIMIT_CONNECTIONS] = EXACT(2, 6),
	[SDI_FIELD_LIMIT_RATE] = PARTIAL(2, 7, "from version 2.7 on; before, its routes answer 503"),
	[SDI_FIELD_LIMIT_RATE_AFTER] = PARTIAL(2, 7, "the rate holds from the first byte of answers that are longer"),
	[SDI_FIELD_BASIC_AUTH] = PARTIAL(2, 6, "salts of {SSHA} with a zero byte, and more than 128 users with bcrypt, are refused"),
	[SDI_FIELD_DIGEST_AUTH] = PARTIAL(2, 6, "without HAProxy's Lua or auth-realm the route answers 503; a reload forgets nonces, so clients answer once more by themselves, and how often somebody tried"),
	/* external authentication and client certificates */
	[SDI_FIELD_AUTH] = PARTIAL(2, 6, "methods other than GET, HEAD, POST, PUT and DELETE can't be sent: such a route answers 503; each question shows in HAProxy's log; at most 32 endpoints of the service are asked"),
	[SDI_FIELD_AUTH_CACHE] = PARTIAL(2, 6, "answers are remembered in memory until the next reload; those with Expires or Vary are not"),
	[SDI_FIELD_AUTH_KEEPALIVE] = NONE("each question has a connection of its own, as with the controller's default settings; leave it out"),
	[SDI_FIELD_CLIENT_CERT] = PARTIAL(2, 6, "over plain HTTP such a host answers as without a certificate, unless it redirects to HTTPS"),
	[SDI_FIELD_CLIENT_CERT_DEPTH] = NONE("HAProxy takes chains of any length; leave intermediate authorities that must not issue out of ca.crt"),
	[SDI_FIELD_CLIENT_CERT_HEADERS] = EXACT(2, 6),
	/* the way to the endpoints */
	[SDI_FIELD_PROTOCOL] = EXACT(2, 6),
	[SDI_FIELD_FASTCGI] = EXACT(2, 6),
	[SDI_FIELD_UPSTREAM_TLS] = EXACT(2, 6),
	[SDI_FIELD_UPSTREAM_TLS_DEPTH] = PARTIAL(2, 6, "chains of any length are accepted; leave intermediate authorities that must not issue out of ca.crt"),
	[SDI_FIELD_UPSTREAM_HOST] = EXACT(2, 6),
	[SDI_FIELD_SERVICE_ADDRESS] = EXACT(2, 6),
	[SDI_FIELD_CONNECT_TIMEOUT] = EXACT(2, 6),
	[SDI_FIELD_READ_TIMEOUT] = PARTIAL(2, 6, "the same time holds for both directions"),
	[SDI_FIELD_SEND_TIMEOUT] = NONE("one timeout holds for both directions: proxy-read-timeout"),
	[SDI_FIELD_RETRY] = PARTIAL(2, 6, "a request is only sent again when it fits into one buffer, and http_429 needs HAProxy 3.0"),
	[SDI_FIELD_RETRY_TRIES] = PARTIAL(2, 6, "0 is 10 tries, and a single endpoint that refuses a connection is tried again"),
	[SDI_FIELD_RETRY_TIMEOUT] = NONE("there is no time limit for all tries together; lower proxy-next-upstream-tries instead"),
	[SDI_FIELD_BODY_SIZE] = PARTIAL(2, 6, "a body without a length is judged by its first 14 KB, so a limit above that holds only for bodies that tell theirs"),
	[SDI_FIELD_BODY_BUFFER] = NONE("bodies are streamed and never put into files; nothing has to be done"),
	[SDI_FIELD_REQUEST_BUFFERING] = PARTIAL(2, 6, "at most one buffer, 16 KB, is read before passing on"),
	[SDI_FIELD_BUFFERING] = NONE("answers are streamed; nothing has to be done"),
	[SDI_FIELD_HEADER_BUFFER] = NONE("headers of up to 15 KB fit anyway"),
	[SDI_FIELD_BUFFERS] = NONE("answers are streamed and never put into files; nothing has to be done"),
	[SDI_FIELD_HTTP_VERSION] = NONE("requests to endpoints are HTTP/1.1; 1.0 can not be asked for"),
	[SDI_FIELD_CONNECTION_HEADER] = PARTIAL(2, 6, "the header is made anew for each connection; close closes it"),
	[SDI_FIELD_LOCATION_REWRITE] = EXACT(2, 6),
	[SDI_FIELD_COOKIE_DOMAIN] = EXACT(2, 6),
	[SDI_FIELD_COOKIE_PATH] = EXACT(2, 6),
	/* which endpoint */
	[SDI_FIELD_BALANCE] = PARTIAL(2, 6,
	        "ewma is the endpoint with the fewest requests in progress, not the one with the lowest latency; "
	        "it holds on the paths of its Ingress, not of its service"),
	[SDI_FIELD_HASH_BY] = PARTIAL(2, 6,
	        "the ring is another one than the controller's, and of NGINX's variables only those that both "
	        "proxies have are taken; it holds on the paths of its Ingress, not of its service"),
	[SDI_FIELD_HASH_SUBSET] = PARTIAL(2, 6, "when the number of groups changes, most keys move to another one"),
	[SDI_FIELD_AFFINITY] = EXACT(2, 6),
	[SDI_FIELD_AFFINITY_MODE] = EXACT(2, 6),
	[SDI_FIELD_AFFINITY_FAILURE] = PARTIAL(2, 6,
	        "true makes sessions persistent; when false, a persistent session moves all the same when its endpoint fails"),
	[SDI_FIELD_AFFINITY_EXPIRES] = EXACT(2, 6),
	[SDI_FIELD_CANARY] = EXACT(2, 6),
	/* what is added to requests and answers */
	[SDI_FIELD_RESPONSE_HEADERS] = EXACT(2, 6),
	[SDI_FIELD_CORS] = EXACT(2, 6),
	[SDI_FIELD_REQUEST_HEADERS] = LATER,
	[SDI_FIELD_ERROR_PAGES] =
		PARTIAL(2, 6, "errors that HAProxy makes itself keep their own page; the default backend is asked by GET or HEAD"),
	[SDI_FIELD_STANDBY] = EXACT(2, 6),
	[SDI_FIELD_MIRROR] = PARTIAL(2, 6,
	        "a request whose body does not fit into one buffer (14 KB) is not copied, nor one while 50 copies to the "
	        "same place wait for an answer or 1000 for their turn"),
	[SDI_FIELD_ACCESS_LOG] = EXACT(2, 6),
	[SDI_FIELD_REWRITE_LOG] = NONE("HAProxy does not log rewrites; its access log has the request as it came"),
	[SDI_FIELD_TRACING] = NONE(NO_TRACING),
	[SDI_FIELD_WAF] = NONE(NO_WAF),
	[SDI_FIELD_PUSH] = NONE("HAProxy pushes nothing, and browsers ignore pushes; let the application send 103 Early Hints"),
	/* hosts, streams and raw text */
	[SDI_FIELD_CIPHERS] = EXACT(2, 6),
	[SDI_FIELD_CIPHER_ORDER] = NONE("the order is one for all hosts, and it is HAProxy's own; nothing has to be done for true"),
	[SDI_FIELD_PASSTHROUGH] = EXACT(2, 6),
	[SDI_FIELD_SNIPPET] = NONE("it is NGINX's language; where it may keep somebody out, its routes answer 503. Say the same with annotations"),
};
/* clang-format on */
