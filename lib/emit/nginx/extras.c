/* SPDX-License-Identifier: BSD-3-Clause */
/* What is added to requests and answers. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_http_extras(struct sdi_nginx *ng)
{
	(void)ng;
}

void sdi_nginx_server_extras(struct sdi_nginx *ng, const struct sdi_host *host)
{
	(void)ng;
	(void)host;
}

void sdi_nginx_place_preflight(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	(void)ng;
	(void)place;
}

void sdi_nginx_place_extras(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	(void)ng;
	(void)place;
}
