/* SPDX-License-Identifier: BSD-3-Clause */
/* Address lists, limits and passwords. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_http_access(struct sdi_nginx *ng)
{
	(void)ng;
}

void sdi_nginx_place_access(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	(void)ng;
	(void)place;
}
