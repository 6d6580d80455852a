/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is added to requests and answers.
 */
#ifndef SDI_GATEWAY_EXTRAS_H
#define SDI_GATEWAY_EXTRAS_H

#include "policy.h"

/* CORS. The texts are of letters, digits and "-_, *". */
struct sdi_cors {
	bool any;                /* "*": the answer says so, whatever the origin */
	struct sdi_str *origins; /* else lower case, SCHEME://[*.]HOST[:PORT] or "null", of [a-z0-9.:/+*-] */
	size_t n_origins;
	bool credentials;
	struct sdi_str methods, headers, expose; /* expose: "" for none */
	unsigned max_age_s;
};

struct sdi_extras {
	bool silent; /* ACCESS_LOG: requests are not logged */
};

#endif
