/* SPDX-License-Identifier: BSD-3-Clause */
/* External authentication and client certificates. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_global_auth(struct sdi_hap *hap)
{
	(void)hap;
}

void sdi_hap_frontend_auth(struct sdi_hap *hap, bool tls)
{
	(void)hap;
	(void)tls;
}

void sdi_hap_section_auth(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}
