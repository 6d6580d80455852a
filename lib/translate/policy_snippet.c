/* SPDX-License-Identifier: BSD-3-Clause */
/* Raw configuration. */
#include "translation.h"

void sdi_base_snippet(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	(void)t;
	(void)ask;
	(void)policy;
}
