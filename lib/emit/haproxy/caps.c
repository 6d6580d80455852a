/* SPDX-License-Identifier: BSD-3-Clause */
#include "haproxy.h"

#define V(major, minor)      \
	{                    \
		major, minor \
	}

const struct sdi_cap sdi_hap_caps[SDI_FIELD__COUNT] = {
	[SDI_FIELD_TLS_REDIRECT] = { SDI_FIDELITY_EXACT, V(2, 6), NULL },
	[SDI_FIELD_DENIED] = { SDI_FIDELITY_EXACT, V(2, 6), NULL },
};
