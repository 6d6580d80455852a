/* SPDX-License-Identifier: BSD-3-Clause */
#include "values.h"

bool sdi_value_bool(struct sdi_str value, bool *ret)
{
	static const char *const words[] = { "0", "f", "F", "FALSE", "false", "False",
		                             "1", "t", "T", "TRUE",  "true",  "True" };
	const size_t n = sizeof(words) / sizeof(words[0]);
	for (size_t i = 0; i < n; i++) {
		if (sdi_str_is(value, words[i])) {
			*ret = i >= n / 2;
			return true;
		}
	}
	return false;
}

bool sdi_value_bool_haproxytech(struct sdi_str value, bool *ret)
{
	static const char *const words[] = { "disabled", "off", "enabled", "on" };
	const size_t n = sizeof(words) / sizeof(words[0]);
	for (size_t i = 0; i < n; i++) {
		if (sdi_str_eq_nocase(value, sdi_str_c(words[i]))) {
			*ret = i >= n / 2;
			return true;
		}
	}
	return sdi_value_bool(value, ret);
}

bool sdi_value_uint(struct sdi_str value, unsigned min, unsigned max, unsigned *ret)
{
	uint64_t v = 0;
	if (!value.n || value.n > 10)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		if (!sdi_is_digit(value.p[i]))
			return false;
		v = v * 10 + (uint64_t)(value.p[i] - '0');
	}
	if (v < min || v > max)
		return false;
	*ret = (unsigned)v;
	return true;
}

bool sdi_value_all_addresses(struct sdi_str value)
{
	bool ipv4 = false, ipv6 = false;
	struct sdi_str part;
	while (sdi_str_split(&value, ',', &part)) {
		part = sdi_str_trim(part);
		if (sdi_str_is(part, "0.0.0.0/0"))
			ipv4 = true;
		else if (sdi_str_is(part, "::/0"))
			ipv6 = true;
		else
			return false;
	}
	return ipv4 && ipv6;
}

/* All members of struct sdi_wish that a slot may name are of this size. */
static void set(struct sdi_wish *wish, const struct sdi_annotation *row, unsigned value)
{
	memcpy((char *)wish + row->slot, &value, sizeof(value));
}

bool sdi_apply_bool(const struct sdi_annotation *row, struct sdi_str value, struct sdi_wish *wish, const char **ret_why)
{
	bool on;
	if (!sdi_value_bool(value, &on)) {
		*ret_why = "write \"true\" or \"false\"";
		return false;
	}
	set(wish, row, on ? SDI_WISH_ON : SDI_WISH_OFF);
	return true;
}

bool sdi_apply_bool_haproxytech(const struct sdi_annotation *row, struct sdi_str value, struct sdi_wish *wish,
                                const char **ret_why)
{
	bool on;
	if (!sdi_value_bool_haproxytech(value, &on)) {
		*ret_why = "write \"true\" or \"false\"";
		return false;
	}
	set(wish, row, on ? SDI_WISH_ON : SDI_WISH_OFF);
	return true;
}

bool sdi_apply_redirect_code(const struct sdi_annotation *row, struct sdi_str value, struct sdi_wish *wish,
                             const char **ret_why)
{
	unsigned code;
	if (!sdi_value_uint(value, 301, 308, &code) || (code > 303 && code < 307)) {
		*ret_why = "write 301, 302, 303, 307 or 308";
		return false;
	}
	set(wish, row, code);
	return true;
}

bool sdi_apply_redirect_code_nginx_org(const struct sdi_annotation *row, struct sdi_str value, struct sdi_wish *wish,
                                       const char **ret_why)
{
	if (!sdi_str_is(value, "303") && sdi_apply_redirect_code(row, value, wish, ret_why))
		return true;
	*ret_why = "write 301, 302, 307 or 308";
	return false;
}

bool sdi_apply_port(const struct sdi_annotation *row, struct sdi_str value, struct sdi_wish *wish, const char **ret_why)
{
	unsigned port;
	if (!sdi_value_uint(value, 1, 65535, &port)) {
		*ret_why = "write a port, 1 to 65535";
		return false;
	}
	set(wish, row, port);
	return true;
}

bool sdi_apply_allow_list(const struct sdi_annotation *row, struct sdi_str value, struct sdi_wish *wish,
                          const char **ret_why)
{
	(void)row;
	(void)wish;
	if (sdi_value_all_addresses(value))
		return true;
	*ret_why = "this release can give no list of addresses but 0.0.0.0/0,::/0";
	return false;
}
