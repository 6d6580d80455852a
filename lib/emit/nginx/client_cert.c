/* SPDX-License-Identifier: BSD-3-Clause */
/* Client certificates. */
#include "../../gateway/auth.h"
#include "nginx.h"
#include "quote.h"

void sdi_nginx_server_client_cert(struct sdi_nginx *ng, const struct sdi_host *host)
{
	(void)ng;
	(void)host;
}

void sdi_nginx_client_cert_headers(struct sdi_nginx *ng, const struct sdi_host *host)
{
	(void)ng;
	(void)host;
}
