/* SPDX-License-Identifier: BSD-3-Clause */
/* Address lists, limits and passwords. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_global_access(struct sdi_hap *hap)
{
	(void)hap;
}

void sdi_hap_section_access(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}
