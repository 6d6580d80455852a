/* SPDX-License-Identifier: BSD-3-Clause */
#include "address.h"
#include <arpa/inet.h>

bool sdi_address_parse(struct sdi_str text, struct sdi_address *ret)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	char copy[INET6_ADDRSTRLEN] = "";
	struct sdi_address address = { 0 };
	if (text.n == 0 || text.n >= sizeof(copy) || memchr(text.p, '\0', text.n))
		return false;
	memcpy(copy, text.p, text.n);
	if (inet_pton(AF_INET, copy, address.bytes) != 1) {
		if (inet_pton(AF_INET6, copy, address.bytes) != 1)
			return false;
		address.ipv6 = true;
	}
	if (address.ipv6 && memcmp(address.bytes, mapped, sizeof(mapped)) == 0) {
		memmove(address.bytes, address.bytes + 12, 4);
		memset(address.bytes + 4, 0, 12);
		address.ipv6 = false;
	}
	*ret = address;
	return true;
}

static enum sdi_reach reach_ipv4(const unsigned char *b)
{
	if (b[0] == 127 || (b[0] == 169 && b[1] == 254))
		return SDI_REACH_LOCAL;
	bool multicast = b[0] >= 224 && b[0] <= 239;
	bool broadcast = b[0] == 255 && b[1] == 255 && b[2] == 255 && b[3] == 255;
	return b[0] == 0 || multicast || broadcast ? SDI_REACH_NEVER : SDI_REACH_FINE;
}

enum sdi_reach sdi_address_reach(const struct sdi_address *address)
{
	static const unsigned char zeros[15];
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b }; /* 64:ff9b::/96, RFC 6052 */
	const unsigned char *b = address->bytes;
	if (!address->ipv6)
		return reach_ipv4(b);
	if (memcmp(b, zeros, 15) == 0 && b[15] <= 1)
		return b[15] ? SDI_REACH_LOCAL : SDI_REACH_NEVER;
	if (b[0] == 0xfe && (b[1] & 0xc0) == 0x80)
		return SDI_REACH_LOCAL;
	if (b[0] == 0xff)
		return SDI_REACH_NEVER;
	/* Others that carry an IPv4 address: "IPv4-compatible" ::/96 and NAT64. */
	if (memcmp(b, zeros, 12) == 0 || memcmp(b, nat64, 12) == 0)
		return reach_ipv4(b + 12);
	return SDI_REACH_FINE;
}

struct sdi_str sdi_address_print(struct sdi_arena *arena, const struct sdi_address *address)
{
	char text[INET6_ADDRSTRLEN] = "";
	inet_ntop(address->ipv6 ? AF_INET6 : AF_INET, address->bytes, text, sizeof(text));
	return sdi_arena_copy(arena, sdi_str_c(text));
}
