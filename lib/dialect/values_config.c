/* SPDX-License-Identifier: BSD-3-Clause */
/* Values that only keys of the controller's ConfigMap have. */
#include "../base/regex.h"
#include "values.h"
#include <openssl/evp.h>
#include <openssl/ssl.h>

bool sdi_parse_auto(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	if (sdi_str_is(text, "auto"))
		return true;
	return sdi_parse_uint(row, text, arena, ret, ret_why);
}

bool sdi_parse_time(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	enum { YEAR_S = 31536000 };
	static const struct {
		char unit;
		unsigned seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	unsigned seconds = 1, number;
	(void)row;
	(void)arena;
	*ret_why = "write a number and a unit, as in 30s, 10m, 1h or 1d; a year at most";
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (text.n && text.p[text.n - 1] == units[i].unit) {
			seconds = units[i].seconds;
			text.n--;
			break;
		}
	}
	if (!sdi_value_uint(text, 0, YEAR_S / seconds, &number))
		return false;
	ret->number = (int64_t)number * seconds;
	return true;
}

bool sdi_parse_buffers(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                       struct sdi_value *ret, const char **ret_why)
{
	enum { MOST = 256, BYTES_MIN = 1024, BYTES_MAX = 1 << 20 };
	struct sdi_str rest = text, count;
	unsigned number;
	sdi_str_split(&rest, ' ', &count);
	rest = sdi_str_trim(rest);
	*ret_why = "write a number and a size, 1k to 1m, as in 4 16k";
	if (!sdi_value_uint(count, 1, MOST, &number) || !sdi_parse_size(row, rest, arena, ret, ret_why))
		return false;
	if (ret->number < BYTES_MIN || ret->number > BYTES_MAX)
		return false;
	ret->number *= number;
	return true;
}

bool sdi_parse_header_regex(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                            struct sdi_value *ret, const char **ret_why)
{
	enum { BYTES = 1000 };
	(void)row;
	(void)ret;
	*ret_why = "write a regular expression of at most 1000 bytes, without named groups and back references";
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	return text.n <= BYTES && sdi_regex_is_for_headers(arena, text);
}

bool sdi_parse_masks(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                     struct sdi_value *ret, const char **ret_why)
{
	enum { MOST = 1024 }; /* of NGINX: CPU_SETSIZE */
	struct sdi_str rest = text, mask;
	bool any = false;
	(void)row;
	(void)arena;
	(void)ret;
	*ret_why = "write auto, or masks of 0 and 1 with blanks between them";
	for (bool first = true; sdi_str_split(&rest, ' ', &mask); first = false) {
		if (first && sdi_str_is(mask, "auto")) {
			any = true;
			continue;
		}
		for (size_t i = 0; i < mask.n; i++)
			if (mask.p[i] != '0' && mask.p[i] != '1')
				return false;
		if (mask.n > MOST)
			return false;
		any |= mask.n;
	}
	return any && text.n <= MOST * 4;
}

bool sdi_parse_ticket_key(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                          struct sdi_value *ret, const char **ret_why)
{
	enum { SHORT = 48, LONG = 80, SHORT_CHARS = 64, LONG_CHARS = 108 };
	bool is_long = text.n == LONG_CHARS && text.p[LONG_CHARS - 1] == '=';
	size_t digits = is_long ? LONG_CHARS - 1 : text.n;
	(void)row;
	*ret_why = "write 48 or 80 bytes as base64, as openssl rand -base64 48 makes them";
	if (text.n != SHORT_CHARS && !is_long)
		return false;
	for (size_t i = 0; i < digits; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && text.p[i] != '+' && text.p[i] != '/')
			return false;
	unsigned char *bytes = sdi_arena_alloc(arena, LONG_CHARS);
	if (EVP_DecodeBlock(bytes, (const unsigned char *)text.p, (int)text.n) < 0)
		return false;
	struct sdi_str *key = sdi_arena_new(arena, struct sdi_str);
	*key = sdi_str_make((const char *)bytes, is_long ? LONG : SHORT);
	ret->list = key;
	ret->n = 1;
	return true;
}

bool sdi_parse_curves(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                      struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)ret;
	*ret_why = "write auto, or names of curves that OpenSSL has with colons between them";
	if (sdi_str_is(text, "auto"))
		return true;
	for (size_t i = 0; i < text.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && !strchr(":-_", text.p[i]))
			return false;
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	bool fine = ctx && text.n < 1000 &&
	            SSL_CTX_set1_curves_list(ctx, sdi_arena_printf(arena, "%.*s", SDI_STR_ARG(text)).p) == 1;
	SSL_CTX_free(ctx);
	return fine;
}
