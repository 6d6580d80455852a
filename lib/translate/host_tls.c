/* SPDX-License-Identifier: BSD-3-Clause */
/* TLS options of a host, and hosts whose stream is passed on. */
#include "translation.h"

void sdi_host_tls(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	(void)t;
	(void)vhost;
	(void)host;
}
