/* SPDX-License-Identifier: BSD-3-Clause */
/* The way to the endpoints. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_frontend_upstream(struct sdi_hap *hap)
{
	(void)hap;
}

void sdi_hap_section_upstream(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}

void sdi_hap_server_upstream(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}
