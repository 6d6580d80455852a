/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The annotations of HAProxy Technologies' controller. Keys of the ConfigMap alone are not here. Its redirect goes to
 * port 8443 unless told otherwise, the port of its own listener; clients see another one, so here it goes to 443.
 */
#include "rows.h"

#define PREFIX "haproxy.org/"

#define PORT_443 "without ssl-redirect-port clients are sent to port 443; the controller sends them to 8443"

static const struct sdi_annotation rows[] = {
	{ LATER("abortonclose", "true|false", "", "Drops requests in the queue whose client has gone.") },
	{ ALLOW_LIST("allow-list", "CIDR,…|patterns/FILE", "",
	             "Only these client addresses get in; all others are answered 403.") },
	{ LATER("auth-realm", "TEXT", "Protected Content",
	        "Realm that a browser shows when it asks for a password; needs auth-type.") },
	{ GUARD("auth-secret", "[NS/]SECRET", "", "Secret with the users and password hashes that are let in.") },
	{ GUARD("auth-type", "basic-auth", "", "Asks for a user name and password, checked against auth-secret.") },
	{ SNIPPET("backend-config-snippet", "TEXT", "", "Raw HAProxy lines for the backend.") },
	{ GUARD("blacklist", "CIDR,…|patterns/FILE", "", "Older name of deny-list.") },
	{ LATER("check", "true|false", "true", "Whether endpoints are checked by connecting to them.") },
	{ LATER("check-http", "[METHOD] URI [VERSION]", "", "Checks endpoints with this HTTP request.") },
	{ LATER("check-interval", "TIME", "", "Time between two checks of an endpoint.") },
	{ LATER("cookie-persistence", "NAME", "",
	        "Keeps a client on its endpoint by this cookie, which hides the endpoint.") },
	{ LATER("cookie-persistence-no-dynamic", "NAME", "",
	        "Keeps a client on its endpoint by this cookie, which names the endpoint.") },
	{ LATER("cors-allow-credentials", "true", "false",
	        "Lets scripts of other origins send cookies and credentials.") },
	{ LATER("cors-allow-headers", "NAME,…|*", "*", "Request headers that scripts of other origins may set.") },
	{ LATER("cors-allow-methods", "METHOD,…|*", "*", "Methods that scripts of other origins may use.") },
	{ LATER("cors-allow-origin", "*|REGEX", "*", "Origins whose scripts may read the answers.") },
	{ LATER("cors-enable", "true|false", "false", "Adds the CORS headers to answers.") },
	{ LATER("cors-max-age", "TIME", "5s", "How long a browser may remember the answer to its preflight.") },
	{ LATER("cors-respond-to-options", "true", "", "Answers preflight requests instead of passing them on.") },
	{ LATER("cr-backend", "[NS/]NAME", "", "Custom resource with the settings of the backend.") },
	{ GUARD("deny-list", "CIDR,…|patterns/FILE", "", "Client addresses that are answered 403.") },
	{ LATER("forwarded-for", "true|false", "true",
	        "Tells the application the client's address in X-Forwarded-For.") },
	{ LATER("ingress.class", "NAME", "", "Older way to name the class of an Ingress.") },
	{ LATER("load-balance", "ALGORITHM", "roundrobin", "How requests are spread over the endpoints.") },
	{ LATER("path-rewrite", "[REGEX] REPLACEMENT", "",
	        "Changes the path that the application sees; one rule a line.") },
	{ LATER("pod-maxconn", "N", "", "Connections that one endpoint gets at a time.") },
	{ LATER("rate-limit-period", "TIME", "1s", "Time over which rate-limit-requests counts.") },
	{ GUARD_SWITCH("rate-limit-requests", "N", "0", "Requests from one client address in a period.") },
	{ LATER("rate-limit-size", "SIZE", "100k", "Client addresses that are remembered for the limit.") },
	{ LATER("rate-limit-status-code", "CODE", "403", "Status code of requests over the limit.") },
	{ LATER("rate-limit-whitelist", "CIDR,…|patterns/FILE", "",
	        "Client addresses that the limit does not hold for.") },
	{ LATER("request-capture", "EXPRESSION", "", "What to keep of each request for the log; one sample a line.") },
	{ LATER("request-capture-len", "N", "128", "Bytes of a captured sample that are kept.") },
	{ LATER("request-redirect", "[SCHEME://]HOST[:PORT]", "",
	        "Redirects everything to another host, with the same path.") },
	{ LATER("request-redirect-code", "301|302|303|307|308", "302", "Status code of request-redirect.") },
	{ LATER("request-set-header", "NAME VALUE", "", "Headers that the application sees; one a line.") },
	{ LATER("response-set-header", "NAME VALUE", "", "Headers that the client sees; one a line.") },
	{ LATER("route-acl", "ACL", "", "Condition in HAProxy's words for the routes of a service.") },
	{ NOTHING("scale-server-slots", "N", "42", "Places for endpoints that the controller keeps ready.") },
	{ LATER("send-proxy-protocol", "proxy|proxy-v1|proxy-v2|proxy-v2-ssl|proxy-v2-ssl-cn", "",
	        "Tells endpoints the client's address by the PROXY protocol.") },
	{ GUARD("server-ca", "NS/SECRET", "", "Refuses endpoints whose certificate is not from this CA.") },
	{ LATER("server-crt", "NS/SECRET", "", "Client certificate for TLS to endpoints.") },
	{ LATER("server-proto", "h1|h2", "", "HTTP version of the requests to endpoints.") },
	{ NOTHING("server-slots", "N", "42", "Older name of scale-server-slots.") },
	{ LATER("server-ssl", "true|false", "false", "Speaks TLS to endpoints.") },
	{ NOTHING("servers-increment", "N", "42", "Oldest name of scale-server-slots.") },
	{ LATER("set-host", "HOST", "", "Host header that the application sees.") },
	{ LATER("src-ip-header", "NAME", "", "Header to take the client's address from.") },
	{ GUARD_SWITCH("ssl-passthrough", "true", "false",
	               "Hands the encrypted stream to the application, chosen by the TLS server name.") },
	{ DOES("ssl-redirect", SSL_REDIRECT, TLS_REDIRECT, sdi_parse_bool_haproxytech, NULL, "true|false", "",
	       "Redirects plain HTTP to HTTPS; by default when the Ingress has TLS hosts."),
	  .lossy = { PORT_443, PORT_443 } },
	{ DOES("ssl-redirect-code", REDIRECT_CODE, TLS_REDIRECT, sdi_parse_redirect_code, NULL, "301|302|303|307|308",
	       "302", "Status code of ssl-redirect.") },
	{ DOES("ssl-redirect-port", REDIRECT_PORT, TLS_REDIRECT, sdi_parse_port, NULL, "PORT", "443",
	       "Port in the URL that ssl-redirect sends clients to.") },
	{ LATER("standalone-backend", "true", "false", "Gives this Ingress a backend of its own.") },
	{ LATER("timeout-check", "TIME", "", "How long a check of an endpoint may take once connected.") },
	{ LATER("timeout-server", "TIME", "50s", "How long an endpoint may stay silent.") },
	{ ALLOW_LIST("whitelist", "CIDR,…|patterns/FILE", "", "Older name of allow-list.") },
};

static const char *const prefixes[] = { PREFIX, "ingress.kubernetes.io/", "haproxy.com/", NULL };
static const char *const controllers[] = { "haproxy.org/ingress-controller", "haproxy.org/ingress-controller/", NULL };

const struct sdi_dialect sdi_dialect_haproxytech = {
	.name = "haproxytech",
	.prefixes = prefixes,
	.controllers = controllers,
	.rows = rows,
	.n_rows = COUNT(rows),
	.redirect_code = 302,
	.redirect_port = 443,
};
