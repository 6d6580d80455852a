/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of texts and regular expressions with commas between them (globals.c), as NGINX's "map" reads them. */
#ifndef SDI_TRANSLATE_BLOCKLIST_H
#define SDI_TRANSLATE_BLOCKLIST_H

#include "translation.h"

/* "~REGEX", "~*REGEX" in any case, or a text, copied into the gateway; false: it can't be read. */
bool sdi_blocked_read(struct sdi_translation *t, struct sdi_str text, struct sdi_blocked *ret);

/* At most so many are in @list. */
size_t sdi_blocklist_room(struct sdi_str list);

#endif
