/* SPDX-License-Identifier: BSD-3-Clause */
/* Redirects of a location. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_place_redirect(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (place->redirect && sdi_policy_has(place->policy, SDI_FIELD_TLS_REDIRECT)) {
		conf_lit(ng->out, "\t\t\t");
		sdi_nginx_write_redirect(ng, &place->policy->tls_redirect);
		conf_lit(ng->out, "\n");
	}
}
