/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What client certificates are checked with: certificates of CAs and lists of revoked ones; and parameters of
 * Diffie-Hellman, of 2048 bits at least. Read by OpenSSL and encoded anew.
 */
#ifndef SDI_TRANSLATE_CA_H
#define SDI_TRANSLATE_CA_H

#include "../base/arena.h"

enum sdi_ca_kind { SDI_CA_CERTIFICATES, SDI_CA_LISTS, SDI_CA_DH };

/* False: @pem has none, or one that can't be read. *ret is in @arena. */
bool sdi_ca_read(struct sdi_arena *arena, struct sdi_str pem, enum sdi_ca_kind kind, struct sdi_str *ret);

#endif
