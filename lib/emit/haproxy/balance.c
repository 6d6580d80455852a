/* SPDX-License-Identifier: BSD-3-Clause */
/* Which endpoint, and which of several services. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_frontend_balance(struct sdi_hap *hap)
{
	(void)hap;
}

void sdi_hap_section_balance(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	(void)hap;
	(void)section;
}

void sdi_hap_server_balance(struct sdi_hap *hap, const struct sdi_hap_section *section, const struct sdi_server *server)
{
	(void)hap;
	(void)section;
	(void)server;
}
