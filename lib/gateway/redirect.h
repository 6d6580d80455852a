/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Redirects that a route answers with, whatever its backend: of the annotation that says so, of a host's root, and of
 * the name with "www." to the one without or back.
 */
#ifndef SDI_GATEWAY_REDIRECT_H
#define SDI_GATEWAY_REDIRECT_H

#include "policy.h"

struct sdi_redirect {
	unsigned code; /* 300 to 308 */
	enum sdi_redirect_kind {
		SDI_REDIRECT_URL,  /* @text as it is */
		SDI_REDIRECT_PATH, /* SCHEME://HOST before it, without the port */
		SDI_REDIRECT_ROOT, /* SCHEME://HOST before it, as the client wrote the host */
		SDI_REDIRECT_NAME, /* SCHEME://@text:PORT and the request's URI without a slash at its end */
	} kind;
	struct sdi_str text; /* of [-._~A-Za-z0-9/:,?&=] */
};

#endif
