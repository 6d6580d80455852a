/* SPDX-License-Identifier: BSD-3-Clause */
/* Client certificates. */
#include "../../gateway/auth.h"
#include "haproxy.h"
#include "quote.h"

void sdi_hap_frontend_auth(struct sdi_hap *hap, bool tls)
{
	(void)hap;
	(void)tls;
}
