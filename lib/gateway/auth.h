/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * External authentication of a route, and client certificates of a host.
 */
#ifndef SDI_GATEWAY_AUTH_H
#define SDI_GATEWAY_AUTH_H

#include "gateway.h"

/* What the request knows; each emitter has a word for each. */
enum sdi_request_var {
	SDI_VAR_NONE,            /* a literal: its text */
	SDI_VAR_HOST,            /* lower case, without port */
	SDI_VAR_HTTP_HOST,       /* as the client wrote it */
	SDI_VAR_SCHEME,          /* http, https */
	SDI_VAR_REQUEST_URI,     /* path and query as the client wrote them */
	SDI_VAR_ESCAPED_URI,     /* the same, percent-encoded for use in a query */
	SDI_VAR_ARGS,            /* the query */
	SDI_VAR_METHOD,          /* of the request */
	SDI_VAR_REMOTE_ADDR,     /* the client's address */
	SDI_VAR_REMOTE_USER,     /* name in Authorization: Basic */
	SDI_VAR_REQUEST_ID,      /* X-Request-ID */
	SDI_VAR_HEADER,          /* text: its name, lower case, "-" as "_" */
	SDI_VAR_COOKIE,          /* text: its name */
	SDI_VAR_ARG,             /* text: the name of a parameter of the query */
	SDI_VAR_CLIENT_DN,       /* of the client certificate; "" without */
	SDI_VAR_CLIENT_VERIFIED, /* SUCCESS, FAILED:…, NONE */
};

/* A text with variables, in parts. */
struct sdi_text_part {
	enum sdi_request_var var;
	struct sdi_str text;
};

struct sdi_text {
	const struct sdi_text_part *parts;
	size_t n;
};

struct sdi_auth_header {
	struct sdi_str name;
	struct sdi_text value;
};

struct sdi_auth_cache {
	unsigned status; /* 0: any */
	unsigned seconds;
};

struct sdi_auth {
	/* Where it is: exactly one of these four. */
	const struct sdi_backend *backend; /* a service of the cluster */
	struct sdi_str address;            /* an IP address, IPv6 without brackets */
	struct sdi_str name;               /* a DNS name */
	bool self;                         /* the request's own host: this proxy */
	bool tls, ipv6;
	uint16_t port;

	struct sdi_text host;         /* its Host header, with the port as it was written */
	struct sdi_text server;       /* the same without port: its name in TLS */
	struct sdi_text target;       /* path and query */
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
