/* SPDX-License-Identifier: BSD-3-Clause */
/* TCP and UDP services, and TLS streams that are passed on. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_write_streams(struct sdi_nginx *ng)
{
	(void)ng;
}
