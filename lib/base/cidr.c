/* SPDX-License-Identifier: BSD-3-Clause */
#include "cidr.h"
#include <arpa/inet.h>
#include <stdio.h>

enum { IPV4_BITS = 32, IPV6_BITS = 128, MAPPED_BITS = IPV6_BITS - IPV4_BITS };

static bool parse_length(struct sdi_str text, unsigned max, unsigned *ret)
{
	unsigned length = 0;
	if (!text.n || text.n > 3 || (text.n > 1 && text.p[0] == '0'))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!sdi_is_digit(text.p[i]))
			return false;
		length = length * 10 + (unsigned)(text.p[i] - '0');
	}
	*ret = length;
	return length <= max;
}

static bool parse_address(struct sdi_str text, struct sdi_cidr *ret)
{
	char copy[INET6_ADDRSTRLEN] = "";
	if (!text.n || text.n >= sizeof(copy) || memchr(text.p, '\0', text.n))
		return false;
	memcpy(copy, text.p, text.n);
	ret->ipv6 = sdi_str_find(text, ':') >= 0;
	return inet_pton(ret->ipv6 ? AF_INET6 : AF_INET, copy, ret->bytes) == 1;
}

static void cut_mapped(struct sdi_cidr *cidr)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	if (!cidr->ipv6 || cidr->length < MAPPED_BITS || memcmp(cidr->bytes, mapped, sizeof(mapped)) != 0)
		return;
	memmove(cidr->bytes, cidr->bytes + 12, 4);
	memset(cidr->bytes + 4, 0, 12);
	cidr->length -= MAPPED_BITS;
	cidr->ipv6 = false;
}

bool sdi_cidr_parse(struct sdi_str text, struct sdi_cidr *ret)
{
	struct sdi_cidr cidr = { 0 };
	ptrdiff_t slash = sdi_str_find(text, '/');
	if (!parse_address(slash < 0 ? text : sdi_str_head(text, (size_t)slash), &cidr))
		return false;
	unsigned bits = cidr.ipv6 ? IPV6_BITS : IPV4_BITS, length = bits;
	if (slash >= 0 && !parse_length(sdi_str_from(text, (size_t)slash + 1), bits, &length))
		return false;
	cidr.length = (unsigned char)length;
	for (unsigned i = length; i < bits; i++)
		cidr.bytes[i / 8] &= (unsigned char)~(0x80u >> i % 8);
	cut_mapped(&cidr);
	*ret = cidr;
	return true;
}

void sdi_cidr_print(const struct sdi_cidr *cidr, char ret[static SDI_CIDR_TEXT])
{
	ret[0] = '\0';
	inet_ntop(cidr->ipv6 ? AF_INET6 : AF_INET, cidr->bytes, ret, SDI_CIDR_TEXT);
	size_t n = strlen(ret);
	if (cidr->length < (cidr->ipv6 ? IPV6_BITS : IPV4_BITS))
		snprintf(ret + n, SDI_CIDR_TEXT - n, "/%u", cidr->length);
}

int sdi_cidr_cmp(const void *a, const void *b)
{
	const struct sdi_cidr *x = a, *y = b;
	if (x->ipv6 != y->ipv6)
		return x->ipv6 ? 1 : -1;
	int c = memcmp(x->bytes, y->bytes, sizeof(x->bytes));
	return c ? c : (int)x->length - (int)y->length;
}
