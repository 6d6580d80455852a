/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the host of an URL is: a Service of the input, an address, a name, or this proxy. */
#ifndef SDI_TRANSLATE_DESTINATION_H
#define SDI_TRANSLATE_DESTINATION_H

#include "auth_text.h"
#include "translation.h"

/* Fills in all of @ret but its target. False: an object may not lead there, or nothing is there, and why. */
bool sdi_destination_read(struct sdi_translation *t, const struct sdi_url *url, struct sdi_destination *ret,
                          const char **ret_why);

#endif
