/* SPDX-License-Identifier: BSD-3-Clause */
/* Redirects, HSTS. */
#include "translation.h"

void sdi_base_redirect(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	(void)t;
	(void)ask;
	(void)policy;
}

bool sdi_route_redirect(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
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
