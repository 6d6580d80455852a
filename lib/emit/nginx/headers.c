/* SPDX-License-Identifier: BSD-3-Clause */
/* The headers of requests to endpoints and of answers to clients. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_place_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	(void)ng;
	(void)place;
}

void sdi_nginx_place_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	sdi_nginx_place_session(ng, place);
}
