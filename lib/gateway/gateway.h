/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The proxy-neutral result of a translation. Everything is sorted and final; nothing refers to the store.
 *
 * How a request is answered (gateway/match.c does it in C, the emitters in their proxy's words):
 *   1. Its path is normalised: percent-decoded once, repeated slashes merged, "." and ".." resolved (RFC 3986 5.2.4);
 *      what does not decode, holds NUL, or climbs above "/" answers 400.
 *   2. Its host, lower case, without port and trailing dot, picks a virtual host: the exact name, else the wildcard of
 *      its parent domain (one label), else the first regular expression that matches, else the one named "".
 *   3. In that host the longest matching route wins, Exact before Prefix at equal length; else the host's fallback.
 *   4. The route's policy may redirect or deny; else its backend, or a built-in answer.
 */
#ifndef SDI_GATEWAY_H
#define SDI_GATEWAY_H

#include "../base/arena.h"
#include "../settings.h"
#include "globals.h"
#include "policy.h"
#include <sdingress/gateway.h>

enum sdi_match { SDI_MATCH_EXACT, SDI_MATCH_PREFIX };

enum sdi_answer {
	SDI_ANSWER_BACKEND,     /* forward */
	SDI_ANSWER_NOT_FOUND,   /* built-in 404 */
	SDI_ANSWER_UNAVAILABLE, /* built-in 503: no such service, port, … */
};

struct sdi_server {
	struct sdi_str address; /* an IP in canonical text (IPv6 without brackets), or a DNS name (external) */
	uint16_t port;
	bool ipv6;
	bool name;     /* address is a DNS name */
	bool draining; /* only there since nothing is ready: terminating, still serving */
};

/* One per namespace, service and service port; shared by all routes to it. */
struct sdi_backend {
	struct sdi_str id; /* "NAMESPACE_SERVICE_PORT", PORT as the Service names it, else its number; unique,
	                                  only [a-z0-9_-], so fit for both proxies */
	struct sdi_str ns, service;
	struct sdi_str port;        /* the port part of id */
	struct sdi_server *servers; /* sorted by address family, address, port; may be empty: 503 */
	size_t n_servers;
	uint64_t present; /* bit per enum sdi_backend_field, for later issues; 0 now */
};

struct sdi_route {
	enum sdi_match match;
	struct sdi_str
		path; /* on a regex host: see rewrite.h; else normalised like a request's; Prefix: without trailing slash but for "/" */
	enum sdi_answer answer;
	const struct sdi_backend *backend; /* set when answer is SDI_ANSWER_BACKEND */
	const struct sdi_policy *policy;   /* never NULL */
	struct sdi_str ns, ingress;        /* the object it came from; "" for settings */
	struct sdi_str port;               /* of the service, as the object has it, where a snippet may ask; else "" */

	const struct sdi_canary *canaries; /* balance.h; in the order they are asked */
	size_t n_canaries;
	const struct sdi_standin *standin; /* errors.h: @backend stands in for another; NULL: it does not */
};

struct sdi_certificate {
	struct sdi_str id; /* "NAMESPACE_SECRET" ("_" does not occur in Kubernetes names), file name without suffix */
	struct sdi_str chain_pem; /* re-encoded: leaf first */
	struct sdi_str key_pem;   /* re-encoded PKCS#8; secret */
	int64_t not_after_s;
	bool has_ocsp; /* it says where its issuer, which is in the chain, tells whether it still holds */
};

struct sdi_host {
	struct sdi_str
		name; /* "www.example.org", "*.example.org", "~REGEX" (an alias, base/regex.h), "" for all others */
	struct sdi_route *routes; /* sorted: longest path first, Exact before Prefix, then by path; see rewrite.h */
	size_t n_routes;
	struct sdi_route fallback;                 /* what no route matches; match and path unused */
	const struct sdi_certificate *certificate; /* NULL: the default one */
	bool tls;                                  /* an ingress asked for TLS on this host */

	struct sdi_str hsts; /* value of Strict-Transport-Security on HTTPS; "": none */

	bool regex; /* all paths are regular expressions, see rewrite.h */

	const struct sdi_client_cert *client_cert; /* auth.h; NULL: none is asked for */

	struct sdi_str ciphers; /* for TLS up to 1.2; "": the default ones */
	enum { SDI_ORDER_UNSET, SDI_ORDER_CLIENT, SDI_ORDER_SERVER } cipher_order;

	const struct sdi_backend *passthrough; /* gets the TLS stream as it is, without servers: closed; NULL: nobody */

	const struct sdi_snippet *snippet;
};

struct sdi_gateway {
	struct sdi_arena arena; /* wiped when freed */
	struct sdi_host *hosts; /* as sdi_host_group() and then by name; "" is always there, last */
	size_t n_hosts;
	const struct sdi_backend **backends; /* sorted by id; only those that a route uses */
	size_t n_backends;
	const struct sdi_certificate *
		*certificates; /* sorted by id; only those that a host uses; without the default */
	size_t n_certificates;
	const struct sdi_certificate *default_certificate; /* NULL: none was given, so no HTTPS listener can be had */
	/* Host names that a certificate covers though no rule names them (tls.hosts only): SNI, no routes. */
	struct sdi_sni {
		struct sdi_str name;
		const struct sdi_certificate *certificate;
	} * snis; /* sorted by name */
	size_t n_snis;

	const struct sdi_policy **policies; /* those with an id, sorted by ns and id; only those that a route uses */
	size_t n_policies;

	/* TCP and UDP services of the controller's ConfigMaps. */
	struct sdi_stream {
		unsigned port;
		bool udp;
		bool decode, encode;               /* the PROXY protocol: clients begin with it, the service gets it */
		const struct sdi_backend *backend; /* without servers: connections are closed */
	} * streams;                               /* sorted: TCP before UDP, by port */
	size_t n_streams;

	struct sdi_globals globals;
};

/* The order of hosts: exact names, wildcards, regular expressions, the one for all others. */
static inline int sdi_host_group(struct sdi_str name)
{
	if (!name.n)
		return 3;
	return name.p[0] == '~' ? 2 : name.p[0] == '*';
}

/* Whether TLS streams of a host are passed on. */
bool sdi_gateway_passes(const struct sdi_gateway *gateway);

/* Steps 1 to 3 above, for tests and `sdingress route`. */
enum sdi_normal { SDI_NORMAL_OK, SDI_NORMAL_BAD };

/* Normalises @path (no query) into @arena: step 1. */
enum sdi_normal sdi_path_normalise(struct sdi_arena *arena, struct sdi_str path, struct sdi_str *ret);

/* The host that serves @host (as in a Host header): step 2. Never NULL. */
const struct sdi_host *sdi_gateway_host(const struct sdi_gateway *gateway, struct sdi_str host,
                                        struct sdi_arena *scratch);

/* The route of @host for the normalised @path: step 3. Never NULL. */
const struct sdi_route *sdi_host_route(const struct sdi_host *host, struct sdi_str path);

#endif
