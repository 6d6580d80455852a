/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A text with facts of a request in it, such as "$service_name.$namespace.svc": parts, each a literal or a fact. Each
 * emitter says the facts in its own words, so no text of a user is ever expanded by a proxy.
 */
#ifndef SDI_GATEWAY_FACT_H
#define SDI_GATEWAY_FACT_H

#include "../base/str.h"

/* X(name, how it is written in a value, without "$") */
#define SDI_FACTS(X)                                                                           \
	X(HOST, "host")            /* of the request, lower case, without port */              \
	X(HTTP_HOST, "http_host")  /* as the client sent it */                                 \
	X(SCHEME, "scheme")        /* http or https */                                         \
	X(SERVICE, "service_name") /* of the route */                                          \
	X(NAMESPACE, "namespace")  /* its namespace */                                         \
	X(PORT, "service_port")    /* as the Service names it, else its number */              \
	X(METHOD, "request_method")                                                            \
	X(REQUEST_URI, "request_uri")                                                          \
	X(QUERY, "query_string")                                                               \
	X(CLIENT, "remote_addr")                                                               \
	X(SCRIPT, "fastcgi_script_name") /* the decoded path, with the index behind a slash */ \
	X(ROOT, "document_root")

enum sdi_fact {
	SDI_FACT_LITERAL,
#define X(name, word) SDI_FACT_##name,
	SDI_FACTS(X)
#undef X
		SDI_FACT__COUNT
};

struct sdi_fact_text {
	struct sdi_fact_part {
		enum sdi_fact fact;
		struct sdi_str literal;
	} * parts;
	size_t n;
};

#endif
