/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Another service that answers instead of the route's: with pages for errors, or as long as the route's has no endpoint.
 * It is told why by the headers X-Code, X-Format, X-Original-URI, X-Namespace, X-Ingress-Name, X-Service-Name,
 * X-Service-Port and X-Request-ID.
 */
#ifndef SDI_GATEWAY_ERRORS_H
#define SDI_GATEWAY_ERRORS_H

#include "gateway.h"

/* ERROR_PAGES: answers with these codes are replaced. */
struct sdi_errors {
	const unsigned *codes; /* 400 to 599, ascending, each once */
	size_t n;
	const struct sdi_backend *backend; /* has addresses; NULL: the answer is 404, as where nothing is served */
	bool only_own;                     /* those of the application stay as they are */
};

/* STANDBY: the route's backend stands in for this service, which has no endpoint. */
struct sdi_standin {
	struct sdi_str service, port; /* as the object writes them */
};

#endif
