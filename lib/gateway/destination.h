/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where an URL of an object leads: a service that is asked about requests (auth.h), or one that gets copies of them
 * (mirror.h). Its texts may say what the request knows.
 */
#ifndef SDI_GATEWAY_DESTINATION_H
#define SDI_GATEWAY_DESTINATION_H

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
	SDI_VAR_QUERY,           /* the query and the "?" before it, or nothing */
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

struct sdi_destination {
	/* exactly one of these four */
	const struct sdi_backend *backend; /* a service of the cluster */
	struct sdi_str address;            /* an IP address, IPv6 without brackets */
	struct sdi_str name;               /* a DNS name */
	bool self;                         /* the request's own host: this proxy */
	bool tls, ipv6;
	uint16_t port;

	struct sdi_text host;   /* its Host header, with the port as it was written */
	struct sdi_text server; /* the same without port: its name in TLS */
	struct sdi_text target; /* path and query */
};

/* The name that a proxy has to look up while it serves; "": none. */
static inline struct sdi_str sdi_destination_name(const struct sdi_destination *to)
{
	const struct sdi_backend *backend = to->backend;
	if (!backend)
		return to->name;
	return backend->n_servers && backend->servers[0].name ? backend->servers[0].address : SDI_STR("");
}

/* Whether @policy leads to such a name (gateway.c). */
bool sdi_policy_needs_names(const struct sdi_policy *policy);

static inline unsigned sdi_destination_port(const struct sdi_destination *to)
{
	return to->backend && to->backend->n_servers ? to->backend->servers[0].port : to->port;
}

#endif
