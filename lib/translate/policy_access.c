/* SPDX-License-Identifier: BSD-3-Clause */
/* Address lists, limits, passwords. */
#include "translation.h"

void sdi_base_access(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	(void)t;
	(void)ask;
	(void)policy;
}
