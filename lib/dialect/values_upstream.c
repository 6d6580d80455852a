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
	static const char *const words[] = { "HTTP", "HTTPS", "GRPC", "GRPCS" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (sdi_str_eq_nocase(text, sdi_str_c(words[i]))) {
			ret->number = (int64_t)i;
			return true;
		}
	}
	*ret_why = "write HTTP, HTTPS, GRPC or GRPCS; FCGI and AUTO_HTTP are not realised yet";
	return false;
}

static bool is_of(struct sdi_str text, const char *more)
{
	for (size_t i = 0; i < text.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && (!text.p[i] || !strchr(more, text.p[i])))
			return false;
	return text.n;
}

/* "off", or two words of what hosts and paths are made of. */
bool sdi_parse_pair(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	(void)ret;
	struct sdi_str rest = text, from;
	*ret_why = "write \"off\" or \"FROM TO\"";
	if (sdi_str_is(text, "off"))
		return true;
	return sdi_str_split(&rest, ' ', &from) && rest.p && is_of(from, "-._~/:") &&
	       is_of(sdi_str_trim(rest), "-._~/:");
}
