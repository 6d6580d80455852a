/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of the way to the endpoints. */
#include "../gateway/upstream.h"
#include "values.h"

bool sdi_parse_retry(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                     struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	static const struct {
		const char *word;
		unsigned bit;
	} words[] = {
		{ "error", SDI_RETRY_ERROR },
		{ "timeout", SDI_RETRY_TIMEOUT },
		{ "invalid_header", SDI_RETRY_INVALID },
		{ "http_500", SDI_RETRY_500 },
		{ "http_502", SDI_RETRY_502 },
		{ "http_503", SDI_RETRY_503 },
		{ "http_504", SDI_RETRY_504 },
		{ "http_403", SDI_RETRY_403 },
		{ "http_404", SDI_RETRY_404 },
		{ "http_429", SDI_RETRY_429 },
		{ "non_idempotent", SDI_RETRY_ALL_METHODS },
		{ "off", 0 },
	};
	struct sdi_str word;
	unsigned bits = 0;
	*ret_why = "write words like error, timeout, http_502, or off";
	while (sdi_str_split(&text, ' ', &word)) {
		bool known = !word.n;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (!sdi_str_is(word, words[i].word))
				continue;
			known = true;
			bits |= words[i].bit;
		}
		if (!known)
			return false;
	}
	ret->number = bits;
	return true;
}

/* The index of a word, in any case: its number is that of enum sdi_upstream_protocol. */
bool sdi_parse_protocol(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                        struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	static const char *const words[] = { "HTTP", "HTTPS", "GRPC", "GRPCS", "AUTO_HTTP", "FCGI" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (sdi_str_eq_nocase(text, sdi_str_c(words[i]))) {
			ret->number = (int64_t)i;
			return true;
		}
	}
	*ret_why = "write HTTP, HTTPS, AUTO_HTTP, GRPC, GRPCS or FCGI";
	return false;
}

static bool is_of(struct sdi_str text, const char *more)
{
	for (size_t i = 0; i < text.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && (!text.p[i] || !strchr(more, text.p[i])))
			return false;
	return text.n;
}

/* "off", or two words of what hosts and paths are made of. One that starts with "~" would be a regular expression. */
bool sdi_parse_pair(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)arena;
	(void)ret;
	const char *more = row->arg;
	struct sdi_str rest = text, from;
	*ret_why = "write \"off\" or \"FROM TO\"";
	if (sdi_str_is(text, "off"))
		return true;
	return sdi_str_split(&rest, ' ', &from) && rest.p && from.p[0] != '~' && is_of(from, more) &&
	       is_of(sdi_str_trim(rest), more);
}

/* Words like TLSv1.2, parted by blanks. Older versions, which the original takes, are refused by today's OpenSSL. */
bool sdi_parse_tls_versions(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                            struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	struct sdi_str word;
	unsigned bits = 0;
	*ret_why = "write TLSv1.2, TLSv1.3 or both";
	while (sdi_str_split(&text, ' ', &word)) {
		if (sdi_str_is(word, "TLSv1.2"))
			bits |= SDI_TLS_1_2;
		else if (sdi_str_is(word, "TLSv1.3"))
			bits |= SDI_TLS_1_3;
		else if (word.n)
			return false;
	}
	ret->number = bits;
	return bits;
}

bool sdi_parse_secret(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                      struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	(void)ret;
	ptrdiff_t slash = sdi_str_find(text, '/');
	*ret_why = "write NAMESPACE/NAME of a secret";
	return slash > 0 && sdi_name_is_label(sdi_str_head(text, (size_t)slash)) &&
	       sdi_name_is_subdomain(sdi_str_from(text, (size_t)slash + 1));
}

bool sdi_parse_size_within(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                           struct sdi_value *ret, const char **ret_why)
{
	const struct sdi_size_bounds *bounds = row->arg;
	if (!sdi_parse_size(row, text, arena, ret, ret_why))
		return false;
	*ret_why = bounds->want;
	return (uint64_t)ret->number >= bounds->min && (uint64_t)ret->number <= bounds->max;
}

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
	return (x > y) - (x < y);
}

bool sdi_parse_error_codes(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                           struct sdi_value *ret, const char **ret_why)
{
	static const struct sdi_bounds codes = { 400, 599, "write status codes, 400 to 599, with commas between them" };
	const struct sdi_annotation one = { .name = row->name, .arg = &codes };
	struct sdi_str part;
	struct {
		SDI_VEC(unsigned)
	} list = { 0 };
	while (sdi_str_split(&text, ',', &part)) {
		struct sdi_value value = { 0 };
		if (!sdi_parse_uint(&one, sdi_str_trim(part), arena, &value, ret_why))
			return false;
		unsigned *at = sdi_vec_push(&list, arena);
		if (!at)
			return false;
		*at = (unsigned)value.number;
	}
	if (list.n)
		qsort(list.p, list.n, sizeof(*list.p), by_number);
	size_t n = 0;
	for (size_t i = 0; i < list.n; i++)
		if (!n || list.p[n - 1] != list.p[i])
			list.p[n++] = list.p[i];
	ret->list = list.p;
	ret->n = n;
	return n;
}
