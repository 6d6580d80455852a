/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions and rewrites. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_frontend_rewrite(struct sdi_hap *hap)
{
	(void)hap;
}

void sdi_hap_section_rewrite(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}
