/* SPDX-License-Identifier: BSD-3-Clause */
/* The ModSecurity firewall: HAProxy has none, so what asks for it answers 503. */
#include "../../gateway/waf.h"
#include "haproxy.h"

void sdi_hap_tell_waf(struct sdi_hap *hap, const struct sdi_waf *waf)
{
	if (waf)
		sdi_diag_add(&hap->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&hap->diag, waf->key),
		             "HAProxy has no ModSecurity, so everything that this Ingress serves answers 503; inspect "
		             "requests before this proxy or behind it, or take NGINX");
}
