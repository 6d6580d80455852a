/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a route does besides forwarding, in no proxy's words. One field of this struct per row of field.h; which are
 * present is a bit set, never a magic value.
 *
 *     if (sdi_policy_has(policy, SDI_FIELD_TLS_REDIRECT)) …policy->tls_redirect.code…
 */
#ifndef SDI_GATEWAY_POLICY_H
#define SDI_GATEWAY_POLICY_H

#include "../base/str.h"
#include "field.h"

struct sdi_tls_redirect {
	unsigned code; /* 301, 302, 303, 307 or 308 */
	unsigned port; /* in the Location; 0 or 443: none is written */
};

struct sdi_policy {
	uint64_t present;                     /* bit per enum sdi_field */
	struct sdi_tls_redirect tls_redirect; /* plain HTTP requests are sent to https://HOST[:port]REQUEST-URI */
	struct sdi_str denied_by;             /* annotation whose protection can't be given: the route answers 503 */
};

static inline bool sdi_policy_has(const struct sdi_policy *policy, enum sdi_field field)
{
	return policy && (policy->present >> field & 1);
}

static inline void sdi_policy_set(struct sdi_policy *policy, enum sdi_field field)
{
	policy->present |= (uint64_t)1 << field;
}

#endif
