/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The annotations of ingress-nginx (retired). "satisfy" is no guard: where it is not valid all restrictions hold
 * together, which is the stricter reading.
 */
#include "rows.h"

#define PREFIX "nginx.ingress.kubernetes.io/"

#define NO_STREAMS "it is NGINX's language and has no effect; TCP services have --tcp-services-configmap"

static const struct sdi_grammar realm = {
	"-._~/: ", 256, "write at most 256 letters, digits, blanks and \"-._~/:\"; the realm is empty until then"
};
static const struct sdi_grammar reference = { "-./", 320, "write SECRET or NAMESPACE/SECRET" };
static const char *const secret_types[] = { "auth-file", "auth-map", NULL };
static const char *const auth_types[] = { "basic", "digest", NULL };
static const char *const satisfy[] = { "all", "any", NULL };
/* Bursts are kept below 4 million (policy_access.c), connections are what NGINX can count. */
static const struct sdi_bounds requests = { 0, 1000000, "write a number of requests, at most 1000000" };
static const struct sdi_bounds multiplier = { 0, 1000000, "write a number, at most 1000000" };
static const struct sdi_bounds connections = { 0, 65535, "write a number of requests, at most 65535" };
static const struct sdi_bounds kib = { 0, 2097151, "write a number of KiB, at most 2097151" };

static const struct sdi_bounds seconds = { 1, 2147483, "write a number of seconds without a unit" };
static const struct sdi_bounds retry_seconds = { 0, 2147483, "write a number of seconds without a unit" };
static const struct sdi_grammar client_ciphers = { "+:_-!@=", 4096,
	                                           "write names of OpenSSL's ciphers with colons between them" };
static const struct sdi_grammar service = { "-", 63, "write the name of a Service of the same namespace" };
static const struct sdi_bounds permanent = { 300, 308, "write a code from 300 to 308" };
static const struct sdi_bounds temporal = { 300, 307, "write a code from 300 to 307" };
static const struct sdi_grammar cors_headers = { "-_, ", 2048, "write names of headers with commas between them" };
static const struct sdi_grammar cors_methods = { ", ", 512, "write methods with commas between them" };
static const struct sdi_grammar cors_expose = { "-_, *", 2048,
	                                        "write names of headers with commas between them, or *" };
static const struct sdi_bounds tries = { 0, 1000, "write a number" };
static const struct sdi_bounds buffers = { 1, 256, "write a number of buffers, at most 256" };
static const char *const off_on[] = { "off", "on", NULL };
static const char *const http_versions[] = { "1.1", "1.0", NULL };
static const char *const connection[] = { "keep-alive", "close", NULL };
#define FACT(name) (1u << SDI_FACT_##name)
#define FACTS_OF_HOST (FACT(HOST) | FACT(HTTP_HOST) | FACT(SERVICE) | FACT(NAMESPACE) | FACT(PORT))
static const struct sdi_text_grammar vhost = {
	FACTS_OF_HOST, "-._:", 253,
	"write a host name; of variables it may have $host, $http_host, $service_name, $namespace and $service_port"
};
static const struct sdi_grammar tls_name = { "-.", 253, "write a host name without variables" };
static const struct sdi_grammar ciphers = { "+:_-!", 4096,
	                                    "write names of OpenSSL's ciphers with colons between them" };
static const struct sdi_grammar index_file = { "-._", 128, "write the name of a file" };
static const struct sdi_grammar configmap = { "-./", 320, "write CONFIGMAP or NAMESPACE/CONFIGMAP" };
/* A buffer is there for each request in progress, and NGINX takes none too small for a line of a header. */
static const struct sdi_size_bounds header_buffer = { 512, 1 << 20, "write a size from 512 bytes to 1m" };
static const struct sdi_size_bounds body_buffer = { 1, 64 << 20, "write a size, at most 64m" };
static const struct sdi_size_bounds busy_buffers = { 512, 1 << 30, "write a size from 512 bytes to 1g" };

#define NO_PATTERN "a value that starts with ~ is refused, not taken for a regular expression"
#define OWN_NAME \
	"without it the name is SERVICE.NAMESPACE.svc; the controller's own is that of a part of its configuration"
static const struct sdi_grammar url = { "-._~/:,?&=", 2048, "write an URL or a path without variables" };

#define NO_SCHEME "a target with a scheme, which would be a redirect, is refused"
#define PLAIN_REGEX "a path with named groups, comments, verbs, \\Q, \\K, \\C or \\c is left out"

static const struct sdi_grammar aliases = { " ,-._~:/^$[](){}*+?|&=\\", 64 * 1024,
	                                    "write host names, or ~ and a regular expression, parted by commas" };

static const struct sdi_bounds keepalive = { 0, 1000000, "write a number" };
static const struct sdi_bounds depth = { 0, 100, "write a number, 0 to 100" };
static const char *const verify_client[] = { "on", "off", "optional", "optional_no_ca", NULL };

#define COPIES                                                                                                      \
	"copies have the headers that the application gets and one more, X-Sdi-Copy, and a request that has it is " \
	"not copied; an URL without a path gets the request's own"
#define OF_SERVICE "it holds on the paths of this Ingress; with the controller on all paths to the same service"
#define SAME_NAMESPACE                                                                                               \
	"the Ingress that it adds to has to be of the same namespace, else anybody could take its traffic; several " \
	"canaries of one path each have their share, the controller knows one"

static const char *const affinities[] = { "cookie", NULL };
static const char *const behaviours[] = { "sticky", "legacy", NULL };
static const char *const modes[] = { "balanced", "persistent", NULL };
static const char *const same_sites[] = { "None", "Lax", "Strict", NULL };
/* The controller lets the last four through, and takes them for round_robin unless other annotations ask for them. */
static const char *const spreads[] = { "round_robin",       "ewma", "chash", "chashsubset", "sticky_balanced",
	                               "sticky_persistent", NULL };
static const struct sdi_grammar names = { "-._~/:", 256, "write letters, digits and any of - . _ ~ / :" };
static const struct sdi_grammar cookie_paths = { "-._~/,:?&=", 1024, "write a path without blanks and semicolons" };
static const struct sdi_bounds sizes = { 0, 100000, "write a number" };

static const struct sdi_annotation rows[] = {
	{ DOES("affinity", AFFINITY, AFFINITY, sdi_parse_word, affinities, "cookie", "",
	       "Keeps a client on the endpoint that served it first, by a cookie."),
	  .lossy = { OF_SERVICE, OF_SERVICE } },
	{ DOES("affinity-canary-behavior", AFFINITY_CANARY_BEHAVIOR, AFFINITY, sdi_parse_word, behaviours,
	       "sticky|legacy", "sticky", "Whether affinity also holds a client on the canary or the main side.") },
	{ DOES("affinity-mode", AFFINITY_MODE, AFFINITY_MODE, sdi_parse_word, modes, "balanced|persistent", "balanced",
	       "Whether sessions may move when endpoints are added.") },
	{ KEEPS("allowlist-source-range", ALLOWLIST_SOURCE_RANGE, ALLOW, sdi_parse_cidrs, NULL, "CIDR,…", "",
	        "Only these client addresses get in; all others are answered 403.") },
	{ DOES("app-root", APP_ROOT, APP_ROOT, sdi_parse_app_root, NULL, "/PATH", "",
	       "Where a request for exactly / is redirected to.") },
	{ DOES("auth-always-set-cookie", AUTH_ALWAYS_SET_COOKIE, AUTH, sdi_parse_raw, NULL, "true|false", "false",
	       "Hands the cookie of the authentication service on even with error answers.") },
	{ DOES("auth-cache-duration", AUTH_CACHE_DURATION, AUTH_CACHE, sdi_parse_raw, NULL, "[CODE…] TIME,…",
	       "200 202 401 5m", "How long answers of the authentication service are remembered.") },
	{ DOES("auth-cache-key", AUTH_CACHE_KEY, AUTH_CACHE, sdi_parse_raw, NULL, "TEXT", "",
	       "Key under which answers of the authentication service are remembered.") },
	{ DOES("auth-keepalive", AUTH_KEEPALIVE, AUTH_KEEPALIVE, sdi_parse_uint, &keepalive, "N", "0",
	       "Idle connections that are kept open to the authentication service.") },
	{ DOES("auth-keepalive-requests", AUTH_KEEPALIVE_REQUESTS, AUTH_KEEPALIVE, sdi_parse_uint, &keepalive, "N",
	       "1000", "Requests that one connection to the authentication service may carry.") },
	{ DOES("auth-keepalive-share-vars", AUTH_KEEPALIVE_SHARE_VARS, AUTH, sdi_parse_bool, NULL, "true|false",
	       "false", "Gives the authentication request the same variables, such as the request id.") },
	{ DOES("auth-keepalive-timeout", AUTH_KEEPALIVE_TIMEOUT, AUTH_KEEPALIVE, sdi_parse_uint, &keepalive, "SECONDS",
	       "60", "How long an idle connection to the authentication service stays open.") },
	{ DOES("auth-method", AUTH_METHOD, AUTH, sdi_parse_raw, NULL, "METHOD", "GET",
	       "Method of the request to the authentication service.") },
	{ DOES("auth-proxy-set-headers", AUTH_PROXY_SET_HEADERS, AUTH, sdi_parse_raw, NULL, "[NS/]CONFIGMAP", "",
	       "ConfigMap with headers to add to the authentication request.") },
	{ DOES("auth-realm", AUTH_REALM, BASIC_AUTH, sdi_parse_text, &realm, "TEXT", "",
	       "Realm that a browser shows when it asks for a password; needs auth-secret.") },
	{ DOES("auth-request-redirect", AUTH_REQUEST_REDIRECT, AUTH, sdi_parse_raw, NULL, "URL", "$request_uri",
	       "Value of X-Auth-Request-Redirect in the authentication request.") },
	{ DOES("auth-response-headers", AUTH_RESPONSE_HEADERS, AUTH, sdi_parse_raw, NULL, "NAME,…", "",
	       "Headers of the authentication answer that the application gets to see.") },
	{ KEEPS("auth-secret", AUTH_SECRET, BASIC_AUTH, sdi_parse_text, &reference, "[NS/]SECRET", "",
	        "Secret with the users and password hashes that are let in.") },
	{ DOES("auth-secret-type", AUTH_SECRET_TYPE, BASIC_AUTH, sdi_parse_word, secret_types, "auth-file|auth-map",
	       "auth-file", "Whether the secret holds one htpasswd file or a key for each user.") },
	{ DOES("auth-signin", AUTH_SIGNIN, AUTH, sdi_parse_raw, NULL, "URL", "",
	       "Login page that a client without permission is sent to; needs auth-url.") },
	{ DOES("auth-signin-redirect-param", AUTH_SIGNIN_REDIRECT_PARAM, AUTH, sdi_parse_raw, NULL, "NAME", "rd",
	       "Query parameter that tells the login page where to return.") },
	{ RAW("auth-snippet", AUTH_SNIPPET, "TEXT", "",
	      "Raw NGINX lines for the location of the authentication request.") },
	{ DOES("auth-tls-error-page", AUTH_TLS_ERROR_PAGE, CLIENT_CERT, sdi_parse_raw, NULL, "@NAME|URL", "",
	       "Where clients with a bad certificate are sent.") },
	{ KEEPS("auth-tls-match-cn", AUTH_TLS_MATCH_CN, CLIENT_CERT, sdi_parse_raw, NULL, "CN=REGEX", "",
	        "Answers 403 unless the subject of the client certificate matches.") },
	{ DOES("auth-tls-pass-certificate-to-upstream", AUTH_TLS_PASS_CERTIFICATE_TO_UPSTREAM, CLIENT_CERT_HEADERS,
	       sdi_parse_bool, NULL, "true|false", "false",
	       "Passes the client certificate to the application in a header.") },
	{ KEEPS("auth-tls-secret", AUTH_TLS_SECRET, CLIENT_CERT, sdi_parse_raw, NULL, "NS/SECRET", "",
	        "CA that must have signed a client's certificate.") },
	{ DOES("auth-tls-verify-client", AUTH_TLS_VERIFY_CLIENT, CLIENT_CERT, sdi_parse_word, verify_client,
	       "on|off|optional|optional_no_ca", "on",
	       "How strictly client certificates are asked for; needs auth-tls-secret.") },
	{ DOES("auth-tls-verify-depth", AUTH_TLS_VERIFY_DEPTH, CLIENT_CERT_DEPTH, sdi_parse_uint, &depth, "N", "1",
	       "Longest chain of a client certificate that is accepted.") },
	{ KEEPS("auth-type", AUTH_TYPE, BASIC_AUTH, sdi_parse_word, auth_types, "basic|digest", "",
	        "Asks for a user name and password, checked against auth-secret."),
	  .special = "digest", .special_field = SDI_FIELD_DIGEST_AUTH },
	{ KEEPS("auth-url", AUTH_URL, AUTH, sdi_parse_raw, NULL, "URL", "",
	        "Asks this service about each request; only an answer of 2xx lets it through.") },
	{ DOES("backend-protocol", BACKEND_PROTOCOL, PROTOCOL, sdi_parse_protocol, NULL,
	       "HTTP|HTTPS|AUTO_HTTP|GRPC|GRPCS|FCGI", "HTTP", "Protocol that the endpoints speak.") },
	{ DOES("canary", CANARY, CANARY, sdi_parse_bool, NULL, "true|false", "false",
	       "Makes this Ingress an alternative to another one of the same namespace, host and path."),
	  .lossy = { SAME_NAMESPACE, SAME_NAMESPACE } },
	{ DOES("canary-by-cookie", CANARY_BY_COOKIE, CANARY, sdi_parse_text, &names, "NAME", "",
	       "Cookie whose value always or never decides for or against the canary.") },
	{ DOES("canary-by-header", CANARY_BY_HEADER, CANARY, sdi_parse_text, &names, "NAME", "",
	       "Header whose value always or never decides for or against the canary.") },
	{ DOES("canary-by-header-pattern", CANARY_BY_HEADER_PATTERN, CANARY, sdi_parse_anything, NULL, "REGEX", "",
	       "Takes the canary when the header's value matches.") },
	{ DOES("canary-by-header-value", CANARY_BY_HEADER_VALUE, CANARY, sdi_parse_text, &names, "TEXT", "",
	       "Takes the canary when the header has exactly this value.") },
	{ DOES("canary-weight", CANARY_WEIGHT, CANARY, sdi_parse_int, NULL, "N", "0",
	       "Share of the other requests that go to the canary.") },
	{ DOES("canary-weight-total", CANARY_WEIGHT_TOTAL, CANARY, sdi_parse_int, NULL, "N", "100",
	       "What canary-weight is a share of.") },
	{ DOES("client-body-buffer-size", CLIENT_BODY_BUFFER_SIZE, BODY_BUFFER, sdi_parse_size_within, &body_buffer,
	       "SIZE", "8k", "Memory for a request's body before it goes to a file.") },
	{ RAW("configuration-snippet", CONFIGURATION_SNIPPET, "TEXT", "",
	      "Raw NGINX lines for each location of this Ingress.") },
	{ DOES("connection-proxy-header", CONNECTION_PROXY_HEADER, CONNECTION_HEADER, sdi_parse_word, connection,
	       "close|keep-alive", "", "Connection header of the request to an endpoint.") },
	{ DOES("cors-allow-credentials", CORS_ALLOW_CREDENTIALS, CORS, sdi_parse_bool, NULL, "true|false", "true",
	       "Lets scripts of other origins send cookies and credentials.") },
	{ DOES("cors-allow-headers", CORS_ALLOW_HEADERS, CORS, sdi_parse_text, &cors_headers, "NAME,…",
	       "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,"
	       "Range,Authorization",
	       "Request headers that scripts of other origins may set.") },
	{ DOES("cors-allow-methods", CORS_ALLOW_METHODS, CORS, sdi_parse_methods, &cors_methods, "METHOD,…",
	       "GET, PUT, POST, DELETE, PATCH, OPTIONS", "Methods that scripts of other origins may use.") },
	{ DOES("cors-allow-origin", CORS_ALLOW_ORIGIN, CORS, sdi_parse_raw, NULL, "ORIGIN,…|*", "*",
	       "Origins whose scripts may read the answers.") },
	{ DOES("cors-expose-headers", CORS_EXPOSE_HEADERS, CORS, sdi_parse_text_list, &cors_expose, "NAME,…|*", "",
	       "Response headers that scripts of other origins may read.") },
	{ DOES("cors-max-age", CORS_MAX_AGE, CORS, sdi_parse_int, NULL, "SECONDS", "1728000",
	       "How long a browser may remember the answer to its preflight.") },
	{ DOES("custom-headers", CUSTOM_HEADERS, RESPONSE_HEADERS, sdi_parse_raw, NULL, "[NS/]CONFIGMAP", "",
	       "ConfigMap with headers to add to each answer; global-allowed-response-headers must name them.") },
	{ DOES("custom-http-errors", CUSTOM_HTTP_ERRORS, ERROR_PAGES, sdi_parse_error_codes, NULL, "CODE,…", "",
	       "Answers with these codes are replaced by those of the default backend.") },
	{ DOES("default-backend", DEFAULT_BACKEND, STANDBY, sdi_parse_text, &service, "SERVICE", "",
	       "Service that answers while there is no endpoint, and for custom-http-errors.") },
	{ KEEPS("denylist-source-range", DENYLIST_SOURCE_RANGE, DENY, sdi_parse_cidrs, NULL, "CIDR,…", "",
	        "Client addresses that are answered 403.") },
	{ DOES("disable-proxy-intercept-errors", DISABLE_PROXY_INTERCEPT_ERRORS, ERROR_PAGES, sdi_parse_bool, NULL,
	       "true|false", "false", "Leaves error answers of the application as they are.") },
	{ DOES("enable-access-log", ENABLE_ACCESS_LOG, ACCESS_LOG, sdi_parse_bool, NULL, "true|false", "true",
	       "Whether requests of this Ingress are logged.") },
	{ DOES("enable-cors", ENABLE_CORS, CORS, sdi_parse_bool, NULL, "true|false", "false",
	       "Answers preflight requests and adds the CORS headers.") },
	{ DOES("enable-global-auth", ENABLE_GLOBAL_AUTH, AUTH, sdi_parse_bool, NULL, "true|false", "true",
	       "Whether the authentication service of the controller's settings is asked.") },
	{ KEEPS_SWITCH("enable-modsecurity", ENABLE_MODSECURITY, WAF, sdi_parse_bool, NULL, "true|false", "false",
	               "Inspects requests with the ModSecurity firewall.") },
	{ DOES("enable-opentelemetry", ENABLE_OPENTELEMETRY, TRACING, sdi_parse_bool, NULL, "true|false", "false",
	       "Records a trace of each request.") },
	{ KEEPS_SWITCH("enable-owasp-core-rules", ENABLE_OWASP_CORE_RULES, WAF, sdi_parse_bool, NULL, "true|false",
	               "false", "Adds the OWASP core rules to the ModSecurity firewall.") },
	{ DOES("enable-rewrite-log", ENABLE_REWRITE_LOG, REWRITE_LOG, sdi_parse_bool, NULL, "true|false", "false",
	       "Logs each rewrite of a path.") },
	{ DOES("fastcgi-index", FASTCGI_INDEX, FASTCGI, sdi_parse_text, &index_file, "FILE", "",
	       "File that a FastCGI request for a folder means.") },
	{ DOES("fastcgi-params-configmap", FASTCGI_PARAMS_CONFIGMAP, FASTCGI, sdi_parse_text, &configmap,
	       "[NS/]CONFIGMAP", "", "ConfigMap with the parameters of FastCGI requests.") },
	{ DOES("force-ssl-redirect", FORCE_SSL_REDIRECT, TLS_REDIRECT, sdi_parse_bool, NULL, "true|false", "false",
	       "Redirects plain HTTP to HTTPS even when no TLS is set for the host.") },
	{ DOES("from-to-www-redirect", FROM_TO_WWW_REDIRECT, WWW_REDIRECT, sdi_parse_bool, NULL, "true|false", "false",
	       "Redirects the name with www. to the one without, or the other way round.") },
	{ DOES("http2-push-preload", HTTP2_PUSH_PRELOAD, PUSH, sdi_parse_bool, NULL, "true|false", "false",
	       "Pushes what Link headers announce over HTTP/2.") },
	{ KEEPS("limit-allowlist", LIMIT_ALLOWLIST, LIMIT_REQUESTS, sdi_parse_cidrs, NULL, "CIDR,…", "",
	        "Client addresses that limit-connections, limit-rps and limit-rpm do not hold for.") },
	{ DOES("limit-burst-multiplier", LIMIT_BURST_MULTIPLIER, LIMIT_REQUESTS, sdi_parse_uint, &multiplier, "N", "5",
	       "How many times its rate a client may burst.") },
	{ KEEPS_SWITCH("limit-connections", LIMIT_CONNECTIONS, LIMIT_CONNECTIONS, sdi_parse_uint, &connections, "N",
	               "0", "Requests that one client address may have in progress.") },
	{ KEEPS_SWITCH("limit-rate", LIMIT_RATE, LIMIT_RATE, sdi_parse_uint, &kib, "KIB", "0",
	               "KiB a second that one request is answered with.") },
	{ DOES("limit-rate-after", LIMIT_RATE_AFTER, LIMIT_RATE_AFTER, sdi_parse_uint, &kib, "KIB", "0",
	       "KiB of an answer that go out before limit-rate holds.") },
	{ KEEPS_SWITCH("limit-rpm", LIMIT_RPM, LIMIT_REQUESTS, sdi_parse_uint, &requests, "N", "0",
	               "Requests a minute from one client address.") },
	{ KEEPS_SWITCH("limit-rps", LIMIT_RPS, LIMIT_REQUESTS, sdi_parse_uint, &requests, "N", "0",
	               "Requests a second from one client address.") },
	{ KEEPS("limit-whitelist", LIMIT_ALLOWLIST, LIMIT_REQUESTS, sdi_parse_cidrs, NULL, "CIDR,…", "",
	        "Older name of limit-allowlist.") },
	{ DOES("load-balance", LOAD_BALANCE, BALANCE, sdi_parse_word, spreads, "round_robin|ewma", "round_robin",
	       "How requests are spread over the endpoints.") },
	{ DOES("mirror-host", MIRROR_HOST, MIRROR, sdi_parse_raw, NULL, "HOST", "",
	       "Host header of the copies that mirror-target gets.") },
	{ DOES("mirror-request-body", MIRROR_REQUEST_BODY, MIRROR, sdi_parse_word, off_on, "on|off", "on",
	       "Whether the copies that mirror-target gets have a body.") },
	{ DOES("mirror-target", MIRROR_TARGET, MIRROR, sdi_parse_raw, NULL, "URL", "",
	       "Sends a copy of each request there and drops the answer."),
	  .lossy = { COPIES, COPIES } },
	{ DOES("modsecurity-snippet", MODSECURITY_SNIPPET, WAF, sdi_parse_raw, NULL, "TEXT", "",
	       "Raw rules of the ModSecurity firewall."),
	  .flags = SDI_ROW_SNIPPET | SDI_ROW_GUARD | SDI_ROW_ENABLES },
	{ DOES("modsecurity-transaction-id", MODSECURITY_TRANSACTION_ID, WAF, sdi_parse_raw, NULL, "TEXT", "",
	       "Transaction id in the log of the ModSecurity firewall.") },
	{ DOES("opentelemetry-operation-name", OPENTELEMETRY_OPERATION_NAME, TRACING, sdi_parse_raw, NULL, "TEXT", "",
	       "Name of the operation in traces.") },
	{ DOES("opentelemetry-trust-incoming-span", OPENTELEMETRY_TRUST_INCOMING_SPAN, TRACING, sdi_parse_bool, NULL,
	       "true|false", "false", "Goes on with the trace that the client began.") },
	{ DOES("permanent-redirect", PERMANENT_REDIRECT, REDIRECT, sdi_parse_redirect_url, "/", "URL", "",
	       "Redirects everything there for good.") },
	{ DOES("permanent-redirect-code", PERMANENT_REDIRECT_CODE, REDIRECT, sdi_parse_uint, &permanent, "300…308",
	       "301", "Status code of permanent-redirect.") },
	{ DOES("preserve-trailing-slash", PRESERVE_TRAILING_SLASH, REDIRECT_STYLE, sdi_parse_bool, NULL, "true|false",
	       "false", "Keeps a slash at the end of the URL when redirecting to HTTPS.") },
	{ DOES("proxy-body-size", PROXY_BODY_SIZE, BODY_SIZE, sdi_parse_size, NULL, "SIZE", "1m",
	       "Largest body of a request; larger ones are answered 413, 0 lifts the limit.") },
	{ DOES("proxy-buffer-size", PROXY_BUFFER_SIZE, HEADER_BUFFER, sdi_parse_size_within, &header_buffer, "SIZE",
	       "4k", "Memory for the header of an answer.") },
	{ DOES("proxy-buffering", PROXY_BUFFERING, BUFFERING, sdi_parse_word, off_on, "on|off", "off",
	       "Reads an answer ahead of a slow client.") },
	{ DOES("proxy-buffers-number", PROXY_BUFFERS_NUMBER, BUFFERS, sdi_parse_uint, &buffers, "N", "4",
	       "Buffers for reading an answer ahead.") },
	{ DOES("proxy-busy-buffers-size", PROXY_BUSY_BUFFERS_SIZE, BUFFERS, sdi_parse_size_within, &busy_buffers,
	       "SIZE", "", "How much of the buffers may be on its way to the client.") },
	{ DOES("proxy-connect-timeout", PROXY_CONNECT_TIMEOUT, CONNECT_TIMEOUT, sdi_parse_uint, &seconds, "SECONDS",
	       "5", "How long connecting to an endpoint may take.") },
	{ DOES("proxy-cookie-domain", PROXY_COOKIE_DOMAIN, COOKIE_DOMAIN, sdi_parse_pair, "-._~/:", "off|FROM TO",
	       "off", "Replaces the domain in cookies that the application sets.") },
	{ DOES("proxy-cookie-path", PROXY_COOKIE_PATH, COOKIE_PATH, sdi_parse_pair, "-._~/:,?&=", "off|FROM TO", "off",
	       "Replaces the path in cookies that the application sets.") },
	{ DOES("proxy-http-version", PROXY_HTTP_VERSION, HTTP_VERSION, sdi_parse_word, http_versions, "1.0|1.1", "1.1",
	       "HTTP version of the requests to endpoints.") },
	{ DOES("proxy-max-temp-file-size", PROXY_MAX_TEMP_FILE_SIZE, BUFFERS, sdi_parse_size, NULL, "SIZE", "1024m",
	       "Largest file for reading an answer ahead.") },
	{ DOES("proxy-next-upstream", PROXY_NEXT_UPSTREAM, RETRY, sdi_parse_retry, NULL, "WORD …", "error timeout",
	       "Failures after which another endpoint is tried.") },
	{ DOES("proxy-next-upstream-timeout", PROXY_NEXT_UPSTREAM_TIMEOUT, RETRY_TIMEOUT, sdi_parse_uint,
	       &retry_seconds, "SECONDS", "0", "How long other endpoints may be tried in all.") },
	{ DOES("proxy-next-upstream-tries", PROXY_NEXT_UPSTREAM_TRIES, RETRY_TRIES, sdi_parse_uint, &tries, "N", "3",
	       "How many endpoints are tried in all.") },
	{ DOES("proxy-read-timeout", PROXY_READ_TIMEOUT, READ_TIMEOUT, sdi_parse_uint, &seconds, "SECONDS", "60",
	       "How long an endpoint may stay silent.") },
	{ DOES("proxy-redirect-from", PROXY_REDIRECT_FROM, LOCATION_REWRITE, sdi_parse_text, &url, "off|default|TEXT",
	       "off", "What to replace in the redirects of the application.") },
	{ DOES("proxy-redirect-to", PROXY_REDIRECT_TO, LOCATION_REWRITE, sdi_parse_text, &url, "TEXT", "off",
	       "What proxy-redirect-from is replaced with.") },
	{ DOES("proxy-request-buffering", PROXY_REQUEST_BUFFERING, REQUEST_BUFFERING, sdi_parse_word, off_on, "on|off",
	       "on", "Reads the whole body of a request before passing it on.") },
	{ DOES("proxy-send-timeout", PROXY_SEND_TIMEOUT, SEND_TIMEOUT, sdi_parse_uint, &seconds, "SECONDS", "60",
	       "How long an endpoint may take to accept more of a request.") },
	{ DOES("proxy-ssl-ciphers", PROXY_SSL_CIPHERS, UPSTREAM_TLS, sdi_parse_text, &ciphers, "CIPHERS", "DEFAULT",
	       "Ciphers for TLS to endpoints.") },
	{ DOES("proxy-ssl-name", PROXY_SSL_NAME, UPSTREAM_TLS, sdi_parse_text, &tls_name, "HOST", "",
	       "Name to check an endpoint's certificate against."),
	  .lossy = { OWN_NAME, OWN_NAME } },
	{ DOES("proxy-ssl-protocols", PROXY_SSL_PROTOCOLS, UPSTREAM_TLS, sdi_parse_tls_versions, NULL,
	       "TLSv1.2 TLSv1.3", "TLSv1.2", "TLS versions for connections to endpoints.") },
	{ KEEPS("proxy-ssl-secret", PROXY_SSL_SECRET, UPSTREAM_TLS, sdi_parse_secret, NULL, "NS/SECRET", "",
	        "Client certificate for TLS to endpoints, and the CA of theirs.") },
	{ DOES("proxy-ssl-server-name", PROXY_SSL_SERVER_NAME, UPSTREAM_TLS, sdi_parse_word, off_on, "on|off", "off",
	       "Names the host in the TLS handshake with endpoints.") },
	{ KEEPS_SWITCH("proxy-ssl-verify", PROXY_SSL_VERIFY, UPSTREAM_TLS, sdi_parse_word, off_on, "on|off", "off",
	               "Refuses endpoints whose certificate is not valid.") },
	{ DOES("proxy-ssl-verify-depth", PROXY_SSL_VERIFY_DEPTH, UPSTREAM_TLS_DEPTH, sdi_parse_uint, &depth, "N", "1",
	       "Longest chain of an endpoint's certificate that is accepted.") },
	{ DOES("relative-redirects", RELATIVE_REDIRECTS, REDIRECT_STYLE, sdi_parse_bool, NULL, "true|false", "false",
	       "Leaves scheme and host out of redirects.") },
	{ DOES("rewrite-target", REWRITE_TARGET, REWRITE, sdi_parse_path_with_groups, NULL, "PATH", "",
	       "Path that the application sees, with $1, $2, … from the rule's path."),
	  .lossy = { NO_SCHEME "; a path of more than 3200 bytes with bytes to be encoded is answered 400",
	             NO_SCHEME } },
	{ DOES("satisfy", SATISFY, SATISFY, sdi_parse_word, satisfy, "any|all", "all",
	       "Whether one of several access restrictions is enough to get in.") },
	{ DOES("server-alias", SERVER_ALIAS, ALIAS, sdi_parse_text, &aliases, "HOST|~REGEX,…", "",
	       "Further names of the host.") },
	{ RAW("server-snippet", SERVER_SNIPPET, "TEXT", "", "Raw NGINX lines for the host.") },
	{ DOES("service-upstream", SERVICE_UPSTREAM, SERVICE_ADDRESS, sdi_parse_raw, NULL, "true|false", "false",
	       "Sends requests to the cluster IP of the service, not to its endpoints.") },
	{ DOES("session-cookie-change-on-failure", SESSION_COOKIE_CHANGE_ON_FAILURE, AFFINITY_FAILURE, sdi_parse_bool,
	       NULL, "true|false", "false", "Moves a client to another endpoint when its own one fails.") },
	{ DOES("session-cookie-conditional-samesite-none", SESSION_COOKIE_CONDITIONAL_SAMESITE_NONE, AFFINITY,
	       sdi_parse_bool, NULL, "true|false", "false",
	       "Leaves SameSite=None out for browsers that get it wrong.") },
	{ DOES("session-cookie-domain", SESSION_COOKIE_DOMAIN, AFFINITY, sdi_parse_text, &names, "DOMAIN", "",
	       "Domain of the affinity cookie.") },
	{ DOES("session-cookie-expires", SESSION_COOKIE_EXPIRES, AFFINITY_EXPIRES, sdi_parse_int, NULL, "SECONDS", "",
	       "When the affinity cookie expires, as a date.") },
	{ DOES("session-cookie-max-age", SESSION_COOKIE_MAX_AGE, AFFINITY, sdi_parse_int, NULL, "SECONDS", "",
	       "How long the affinity cookie lives.") },
	{ DOES("session-cookie-name", SESSION_COOKIE_NAME, AFFINITY, sdi_parse_text, &names, "NAME", "INGRESSCOOKIE",
	       "Name of the affinity cookie.") },
	{ DOES("session-cookie-path", SESSION_COOKIE_PATH, AFFINITY, sdi_parse_cookie_path, &cookie_paths, "PATH", "",
	       "Path of the affinity cookie; by default the one of the rule.") },
	{ DOES("session-cookie-samesite", SESSION_COOKIE_SAMESITE, AFFINITY, sdi_parse_any_case, same_sites,
	       "None|Lax|Strict", "", "SameSite attribute of the affinity cookie.") },
	{ DOES("session-cookie-secure", SESSION_COOKIE_SECURE, AFFINITY, sdi_parse_bool, NULL, "true|false", "",
	       "Makes the affinity cookie Secure over plain HTTP, too; over HTTPS it always is.") },
	{ DOES("ssl-ciphers", SSL_CIPHERS, CIPHERS, sdi_parse_text, &client_ciphers, "CIPHERS", "",
	       "Ciphers for TLS 1.2 to clients.") },
	{ KEEPS_SWITCH("ssl-passthrough", SSL_PASSTHROUGH, PASSTHROUGH, sdi_parse_bool, NULL, "true|false", "false",
	               "Hands the encrypted stream to the application, chosen by the TLS server name.") },
	{ DOES("ssl-prefer-server-ciphers", SSL_PREFER_SERVER_CIPHERS, CIPHER_ORDER, sdi_parse_bool, NULL, "true|false",
	       "false", "Whether the proxy's order of ciphers counts, not the client's.") },
	{ DOES("ssl-redirect", SSL_REDIRECT, TLS_REDIRECT, sdi_parse_bool, NULL, "true|false", "true",
	       "Redirects plain HTTP to HTTPS when TLS is set for the host.") },
	{ RAW("stream-snippet", STREAM_SNIPPET, "TEXT", "", "Raw NGINX lines for TCP and UDP streams."),
	  .lossy = { NO_STREAMS } },
	{ DOES("temporal-redirect", TEMPORAL_REDIRECT, REDIRECT, sdi_parse_redirect_url, "", "URL", "",
	       "Redirects everything there for the time being.") },
	{ DOES("temporal-redirect-code", TEMPORAL_REDIRECT_CODE, REDIRECT, sdi_parse_uint, &temporal, "300…307", "302",
	       "Status code of temporal-redirect.") },
	{ DOES("upstream-hash-by", UPSTREAM_HASH_BY, HASH_BY, sdi_parse_key, NULL, "TEXT", "",
	       "Picks the endpoint by a hash of this text, in which NGINX variables count.") },
	{ DOES("upstream-hash-by-subset", UPSTREAM_HASH_BY_SUBSET, HASH_SUBSET, sdi_parse_bool, NULL, "true|false",
	       "false", "Hashes to a group of endpoints instead of to one.") },
	{ DOES("upstream-hash-by-subset-size", UPSTREAM_HASH_BY_SUBSET_SIZE, HASH_SUBSET, sdi_parse_uint, &sizes, "N",
	       "3", "How many endpoints such a group has.") },
	{ DOES("upstream-vhost", UPSTREAM_VHOST, UPSTREAM_HOST, sdi_parse_text_with_facts, &vhost, "HOST", "",
	       "Host header that the application sees.") },
	{ DOES("use-port-in-redirects", USE_PORT_IN_REDIRECTS, REDIRECT_STYLE, sdi_parse_bool, NULL, "true|false",
	       "false", "Writes the port into redirects.") },
	{ DOES("use-regex", USE_REGEX, REGEX, sdi_parse_bool, NULL, "true|false", "false",
	       "Takes all paths of the host for regular expressions."),
	  .lossy = { PLAIN_REGEX "; where PCRE2 gives up, the answer is 500", PLAIN_REGEX } },
	{ KEEPS("whitelist-source-range", ALLOWLIST_SOURCE_RANGE, ALLOW, sdi_parse_cidrs, NULL, "CIDR,…", "",
	        "Older name of allowlist-source-range.") },
	{ DOES("x-forwarded-prefix", X_FORWARDED_PREFIX, PREFIX_HEADER, sdi_parse_path_with_groups, NULL, "PATH", "",
	       "X-Forwarded-Prefix header that the application sees; needs rewrite-target.") },
};

static const char *const prefixes[] = { PREFIX, NULL };
/* The last two are those of a distribution that runs one controller for the outside and one for the inside. */
static const char *const controllers[] = { "k8s.io/ingress-nginx", "k8s.io/external", "k8s.io/internal", NULL };

const struct sdi_dialect sdi_dialect_ingress_nginx = {
	.name = "ingress-nginx",
	.prefixes = prefixes,
	.controllers = controllers,
	.rows = rows,
	.n_rows = COUNT(rows),
	.redirect_code = 308,
	.redirect_port = 0,
};
