/* SPDX-License-Identifier: BSD-3-Clause */
/* What the two files of the way to the endpoints have among them. */
#ifndef SDI_TRANSLATE_POLICY_UPSTREAM_H
#define SDI_TRANSLATE_POLICY_UPSTREAM_H

#include "../gateway/upstream.h"
#include "translation.h"

/* Both after the protocol is known. */
void sdi_upstream_add_tls(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_upstream *up,
                          struct sdi_policy *policy);
void sdi_upstream_add_fastcgi(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_upstream *up,
                              struct sdi_policy *policy);

#endif
