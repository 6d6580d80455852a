/* SPDX-License-Identifier: BSD-3-Clause */
/* TCP services and TLS streams that are passed on. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_write_streams(struct sdi_hap *hap)
{
	(void)hap;
}
