/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * IP addresses as tenants write them: read strictly, judged, printed anew. A proxy often runs with its own admin
 * interfaces and a cloud's metadata service in reach, so loopback and link-local addresses are refused by default.
 */
#ifndef SDI_TRANSLATE_ADDRESS_H
#define SDI_TRANSLATE_ADDRESS_H

#include "../base/arena.h"

struct sdi_address {
	bool ipv6;
	unsigned char bytes[16]; /* network order; IPv4 uses four */
};

enum sdi_reach {
	SDI_REACH_FINE,
	SDI_REACH_LOCAL, /* loopback or link-local: a laptop or lab may allow it */
	SDI_REACH_NEVER, /* unspecified, multicast, broadcast */
};

/* Exactly one address and nothing else; an IPv4 address inside IPv6 (::ffff:10.0.0.1) comes out as IPv4. */
bool sdi_address_parse(struct sdi_str text, struct sdi_address *ret);
enum sdi_reach sdi_address_reach(const struct sdi_address *address);
struct sdi_str sdi_address_print(struct sdi_arena *arena, const struct sdi_address *address);

#endif
