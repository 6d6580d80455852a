/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is added to requests and answers.
 */
#ifndef SDI_GATEWAY_EXTRAS_H
#define SDI_GATEWAY_EXTRAS_H

#include "fact.h"
#include "policy.h"

/* A header and its value. */
struct sdi_header_text {
	struct sdi_str name; /* of [A-Za-z0-9_-] */
	struct sdi_fact_text value;
};

struct sdi_header_texts {
	const struct sdi_header_text *p; /* sorted by name */
	size_t n;
};

/* CORS. The texts are of letters, digits and "-_, *". */
struct sdi_cors {
	bool any;                /* "*": the answer says so, whatever the origin */
	struct sdi_str *origins; /* else lower case, SCHEME://[*.]HOST[:PORT] or "null", of [a-z0-9.:/+*-] */
	size_t n_origins;
	bool credentials;
	struct sdi_str methods, headers, expose; /* expose: "" for none */
	int max_age_s;                           /* negative: browsers are to remember nothing */
};

static inline bool sdi_header_texts_have(const struct sdi_header_texts *list, struct sdi_str name)
{
	for (size_t i = 0; i < list->n; i++)
		if (sdi_str_eq_nocase(list->p[i].name, name))
			return true;
	return false;
}

struct sdi_extras {
	struct sdi_header_texts answers; /* RESPONSE_HEADERS */
	bool silent;                     /* ACCESS_LOG: requests are not logged */
};

#endif
