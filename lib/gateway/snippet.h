/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw configuration of NGINX that the operator allowed, checked and put into lines (dialect/snippet.h): nothing in it
 * can leave its block, and nothing is in it that NGINX would refuse. Of no use to other proxies.
 */
#ifndef SDI_GATEWAY_SNIPPET_H
#define SDI_GATEWAY_SNIPPET_H

#include "../base/str.h"
#include "log.h"

/* A header that answers get in place of any other of its name. */
struct sdi_raw_header {
	struct sdi_str name, value; /* between quotes and ready to be written; "": no answer has it */
};

struct sdi_raw {
	struct sdi_str key;          /* the annotation, or the key of the ConfigMap, that it comes from */
	struct sdi_str text;         /* as it was written */
	const struct sdi_str *lines; /* a directive each; "NAME … {" opens a block, "}" closes it */
	size_t n;
	const struct sdi_str *once; /* names of directives in it that a block may have only once */
	size_t n_once;
	const struct sdi_str *made; /* names of variables that it makes */
	size_t n_made;
	const struct sdi_str *taken; /* in a stream: what only one may have, "tcp4 8000", "upstream NAME", "$NAME" */
	size_t n_taken;
	const struct sdi_raw_header *answers; /* each name once */
	size_t n_answers;
	unsigned own;         /* variables of the controller that it reads: bit 0 for SDI_LOG_OWN_FIRST, and so on */
	bool proxy_host;      /* and $proxy_host, which is another one there */
	bool request_headers; /* it sets headers of requests: those inherited are lost */
	bool answer_headers;  /* the same of answers */
	bool protects;        /* it may keep somebody out, so a proxy that can't do it answers 503 */
};

/* Servers of TCP and UDP streams as raw configuration. */
struct sdi_raw_stream {
	const struct sdi_raw *raw;
	struct sdi_str ns, ingress; /* who brought it; "": the ConfigMap */
};

/* Of one Ingress; what it does not have is NULL. */
struct sdi_snippet {
	const struct sdi_raw *location; /* in each location of its routes */
	const struct sdi_raw *auth;     /* in the location that asks the authentication service */
	const struct sdi_raw *server;   /* of its hosts; which one holds on a host is sdi_host.snippet */
};

#endif
