/* SPDX-License-Identifier: BSD-3-Clause */
/* Raw configuration of a host. */
#include "translation.h"

void sdi_host_snippet(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	(void)t;
	(void)vhost;
	(void)host;
}
