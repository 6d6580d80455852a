/* SPDX-License-Identifier: BSD-3-Clause */
/* Which endpoint, and which of several services. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_http_balance(struct sdi_nginx *ng)
{
	(void)ng;
}
