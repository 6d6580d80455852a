/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ranges of IP addresses: read strictly, printed anew in one form, so that no byte of the original reaches a proxy.
 *
 *     struct sdi_cidr cidr;
 *     char text[SDI_CIDR_TEXT];
 *     if (sdi_cidr_parse(SDI_STR("10.1.2.3/8"), &cidr))
 *             sdi_cidr_print(&cidr, text);     // "10.0.0.0/8"
 */
#ifndef SDI_BASE_CIDR_H
#define SDI_BASE_CIDR_H

#include "str.h"

enum { SDI_CIDR_TEXT = 64 };

struct sdi_cidr {
	bool ipv6;
	unsigned char length;    /* of the prefix, in bits */
	unsigned char bytes[16]; /* network order, zero behind the prefix; IPv4 uses four */
};

/*
 * ADDRESS or ADDRESS/LENGTH and nothing else: no blanks, no zone, no leading zeros. IPv4 inside IPv6 (::ffff:10.0.0.0/104)
 * comes out as IPv4, which is how its clients are seen.
 */
bool sdi_cidr_parse(struct sdi_str text, struct sdi_cidr *ret);

/* NUL-terminated; the length is left out where it says one address. */
void sdi_cidr_print(const struct sdi_cidr *cidr, char ret[static SDI_CIDR_TEXT]);

int sdi_cidr_cmp(const void *a, const void *b); /* for qsort(): IPv4 first, then by address and length */

#endif
