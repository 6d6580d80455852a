/* SPDX-License-Identifier: BSD-3-Clause */
/* Rewrites of the path. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_place_rewrite(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	(void)ng;
	(void)place;
}
