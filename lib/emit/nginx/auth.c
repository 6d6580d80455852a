/* SPDX-License-Identifier: BSD-3-Clause */
/* External authentication and client certificates. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_http_auth(struct sdi_nginx *ng)
{
	(void)ng;
}

void sdi_nginx_server_auth(struct sdi_nginx *ng, const struct sdi_host *host)
{
	(void)ng;
	(void)host;
}

void sdi_nginx_place_auth(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	(void)ng;
	(void)place;
}
