/* SPDX-License-Identifier: BSD-3-Clause */
/* The way to the endpoints. */
#include "translation.h"

void sdi_base_upstream(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	(void)t;
	(void)ask;
	(void)policy;
}
