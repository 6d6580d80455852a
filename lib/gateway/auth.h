/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * External authentication of a route, and client certificates of a host.
 */
#ifndef SDI_GATEWAY_AUTH_H
#define SDI_GATEWAY_AUTH_H

#include "destination.h"

struct sdi_auth_header {
	struct sdi_str name;
	struct sdi_text value;
};

struct sdi_auth_cache {
	unsigned status; /* 0: any */
	unsigned seconds;
};

struct sdi_auth {
	struct sdi_destination to;
	struct sdi_str method;        /* "": GET */
	bool tells_uri;               /* a method was asked for: X-Original-URI and X-Scheme are sent as well */
	struct sdi_text redirect;     /* X-Auth-Request-Redirect; n is 0: the request's URI */
	struct sdi_auth_header *send; /* sorted by name; added to its request */
	size_t n_send;
	struct sdi_str *copy; /* headers of its answer that the application sees, and none of these from the client */
	size_t n_copy;
	bool always_cookie;
	struct sdi_text signin; /* n is 0: 401 stays 401; else with the parameter that leads back */

	struct sdi_text cache_key; /* AUTH_CACHE */
	struct sdi_auth_cache *cache;
	size_t n_cache;
};

enum sdi_verify_client { SDI_VERIFY_ON, SDI_VERIFY_OFF, SDI_VERIFY_OPTIONAL, SDI_VERIFY_OPTIONAL_NO_CA };

struct sdi_client_cert {
	struct sdi_str id;              /* file name without suffix: "NAMESPACE_SECRET" */
	bool refuse;                    /* it can't be given: the whole host answers 403; nothing else counts then */
	struct sdi_str ca_pem, crl_pem; /* encoded anew; crl_pem "" when there is none */
	enum sdi_verify_client verify;
	unsigned depth;
	struct sdi_str error_page; /* an URL; "": 400 */
	bool pass;                 /* ssl-client-cert */
	struct sdi_str match;      /* a regular expression for the subject; "": any */
};

/* A route for ACME challenges: whoever issues a certificate has none to show. Fallbacks are none. */
static inline bool sdi_route_is_acme(const struct sdi_route *route)
{
	struct sdi_str acme = SDI_STR("/.well-known/acme-challenge"), path = route->path;
	return sdi_str_starts(path, acme) && (path.n == acme.n || path.p[acme.n] == '/');
}

#endif
