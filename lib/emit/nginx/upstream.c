/* SPDX-License-Identifier: BSD-3-Clause */
/* The way to the endpoints. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_place_upstream(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	(void)ng;
	(void)place;
}
