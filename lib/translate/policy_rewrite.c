/* SPDX-License-Identifier: BSD-3-Clause */
/* Rewrites of the path. */
#include "translation.h"

bool sdi_route_rewrite(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                       const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy)
{
	(void)t;
	(void)ask;
	(void)vhost;
	(void)claim;
	(void)fallback;
	(void)policy;
	return false;
}
