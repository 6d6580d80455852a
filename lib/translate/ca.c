/* SPDX-License-Identifier: BSD-3-Clause */
#include "ca.h"
#include "../base/buf.h"
#include "../base/limits.h"
#include <openssl/err.h>
#include <openssl/pem.h>

enum { REGEX_BYTES = 500, REGEX_DEPTH = 20, REPEAT_MAX = 255, BLOCKS_MAX = 100 };

/* One block after the other from @in to @out. Returns how many, 0 when one is wrong. */
static unsigned copy_blocks(BIO *in, BIO *out, enum sdi_ca_kind kind)
{
	unsigned n = 0;
	bool fine = true;
	while (fine && n < BLOCKS_MAX) {
		X509 *cert = kind == SDI_CA_CERTIFICATES ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;
		X509_CRL *list = kind == SDI_CA_LISTS ? PEM_read_bio_X509_CRL(in, NULL, NULL, NULL) : NULL;
		if (!cert && !list)
			break;
		fine = cert ? PEM_write_bio_X509(out, cert) == 1 : PEM_write_bio_X509_CRL(out, list) == 1;
		X509_free(cert);
		X509_CRL_free(list);
		n++;
	}
	bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	return fine && ended ? n : 0;
}

/* @arena has no handler here, so that nothing of OpenSSL's is jumped over. */
static bool read_blocks(struct sdi_arena *arena, struct sdi_str pem, enum sdi_ca_kind kind, struct sdi_str *ret,
                        bool *ret_oom)
{
	char *p = NULL;
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n), *out = BIO_new(BIO_s_mem());
	ERR_clear_error();
	bool fine = in && out && copy_blocks(in, out, kind) > 0;
	long n = fine ? BIO_get_mem_data(out, &p) : 0;
	struct sdi_str copy = fine ? sdi_arena_copy(arena, sdi_str_make(p, (size_t)n)) : (struct sdi_str){ 0 };
	*ret_oom = !in || !out || (fine && !copy.p);
	ERR_clear_error();
	BIO_free(in);
	BIO_free(out);
	if (fine && copy.p)
		*ret = copy;
	return fine && copy.p;
}

bool sdi_ca_read(struct sdi_arena *arena, struct sdi_str pem, enum sdi_ca_kind kind, struct sdi_str *ret)
{
	bool oom;
	jmp_buf *handler = arena->oom;
	if (!pem.n || pem.n > SDI_LIMIT_CERT_BYTES)
		return false;
	arena->oom = NULL;
	bool fine = read_blocks(arena, pem, kind, ret, &oom);
	arena->oom = handler;
	if (oom && handler)
		longjmp(*handler, 1);
	return fine;
}

static bool is_word(char c)
{
	return sdi_is_alnum_lower(sdi_lower(c)) || c == '_';
}

/* "[…]" at the start of @rest: words, a few marks and ranges between two words of a kind. */
static bool cut_class(struct sdi_str *rest)
{
	size_t i = 1, from;
	if (rest->n > i && rest->p[i] == '^')
		i++;
	for (from = i; i < rest->n && rest->p[i] != ']'; i++) {
		char c = rest->p[i];
		bool range = c == '-' && i > from && i + 1 < rest->n && rest->p[i + 1] != ']';
		if (range && (!is_word(rest->p[i - 1]) || !is_word(rest->p[i + 1]) || rest->p[i - 1] > rest->p[i + 1]))
			return false;
		if (!is_word(c) && (!c || !strchr("-. @=,+*/", c)))
			return false;
		bool last = i + 3 < rest->n && rest->p[i + 3] == ']';
		if (range && !last && i + 2 < rest->n && rest->p[i + 2] == '-')
			return false;
	}
	bool closed = i < rest->n && i > from;
	*rest = sdi_str_from(*rest, i + 1);
	return closed;
}

/* "{2}", "{2,}", "{2,3}" at the start of @rest. */
static bool cut_repeat(struct sdi_str *rest)
{
	unsigned bound[2] = { 0, 0 };
	size_t i = 1, part = 0, digits[2] = { 0, 0 };
	for (; i < rest->n && rest->p[i] != '}'; i++) {
		if (rest->p[i] == ',' && part == 0) {
			part = 1;
			continue;
		}
		if (!sdi_is_digit(rest->p[i]) || ++digits[part] > 3)
			return false;
		bound[part] = bound[part] * 10 + (unsigned)(rest->p[i] - '0');
	}
	bool closed = i < rest->n && digits[0];
	*rest = sdi_str_from(*rest, i + 1);
	return closed && bound[0] <= REPEAT_MAX && bound[1] <= REPEAT_MAX && (!digits[1] || bound[0] <= bound[1]);
}

static bool cut_escape(struct sdi_str *rest)
{
	char c = rest->n > 1 ? rest->p[1] : '\0';
	*rest = sdi_str_from(*rest, 2);
	return c && strchr("dws.^$|()[]{}*+?\\/-,=@", c);
}

/* The next thing off @rest; *repeatable: it may be repeated. */
static bool cut_one(struct sdi_str *rest, unsigned *depth, bool *repeatable)
{
	char c = rest->p[0];
	bool before = *repeatable;
	*repeatable = true;
	if (c == '[')
		return cut_class(rest);
	if (c == '\\')
		return cut_escape(rest);
	if (c == '{') {
		*repeatable = false;
		return before && cut_repeat(rest);
	}
	*rest = sdi_str_from(*rest, 1);
	if (c == '*' || c == '+' || c == '?') {
		*repeatable = false;
		return before;
	}
	if (c == '(') {
		*repeatable = false;
		return ++*depth <= REGEX_DEPTH && !sdi_str_starts(*rest, SDI_STR("?"));
	}
	if (c == ')')
		return (*depth)-- > 0;
	if (c == '|' || c == '^' || c == '$') {
		*repeatable = false;
		return true;
	}
	return is_word(c) || (unsigned char)c >= 0x80 || (c && strchr(" .-@=,/:;&!'\"#%<>~", c));
}

bool sdi_ca_regex_is_fine(struct sdi_str text)
{
	unsigned depth = 0;
	bool repeatable = false;
	if (!text.n || text.n > REGEX_BYTES)
		return false;
	while (text.n)
		if (!cut_one(&text, &depth, &repeatable))
			return false;
	return depth == 0;
}
