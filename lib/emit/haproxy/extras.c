/* SPDX-License-Identifier: BSD-3-Clause */
/* What is added to requests and answers. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_section_preflight(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}

void sdi_hap_section_extras(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}
