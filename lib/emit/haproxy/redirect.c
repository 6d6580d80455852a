/* SPDX-License-Identifier: BSD-3-Clause */
/* Redirects. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_frontend_redirects(struct sdi_hap *hap, bool tls)
{
	(void)hap;
	(void)tls;
}

void sdi_hap_section_redirect(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}
