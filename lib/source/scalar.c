/* SPDX-License-Identifier: BSD-3-Clause */
#include "scalar.h"

enum { LONGEST_NUMBER = 128, LARGEST_EXPONENT = 309 };

static const struct {
	struct sdi_str word, text;
	enum sdi_node_type type;
} words[] = {
#define WORDS(type, text, a, b, c)                                                                    \
	{ SDI_STR_INIT(a), SDI_STR_INIT(text), type }, { SDI_STR_INIT(b), SDI_STR_INIT(text), type }, \
	{                                                                                             \
		SDI_STR_INIT(c), SDI_STR_INIT(text), type                                             \
	}
	WORDS(SDI_NODE_NULL, "", "null", "Null", "NULL"),
	WORDS(SDI_NODE_NULL, "", "", "~", "~"),
	WORDS(SDI_NODE_BOOL, "true", "true", "True", "TRUE"),
	WORDS(SDI_NODE_BOOL, "false", "false", "False", "FALSE"),
	WORDS(SDI_NODE_BOOL, "true", "yes", "Yes", "YES"),
	WORDS(SDI_NODE_BOOL, "false", "no", "No", "NO"),
	WORDS(SDI_NODE_BOOL, "true", "on", "On", "ON"),
	WORDS(SDI_NODE_BOOL, "false", "off", "Off", "OFF"),
	WORDS(SDI_NODE_BOOL, "true", "y", "Y", "y"),
	WORDS(SDI_NODE_BOOL, "false", "n", "N", "n"),
	WORDS(SDI_NODE_NUMBER, ".nan", ".nan", ".NaN", ".NAN"),
	WORDS(SDI_NODE_NUMBER, ".inf", ".inf", ".Inf", ".INF"),
	WORDS(SDI_NODE_NUMBER, ".inf", "+.inf", "+.Inf", "+.INF"),
	WORDS(SDI_NODE_NUMBER, "-.inf", "-.inf", "-.Inf", "-.INF"),
#undef WORDS
};

static bool is_word(struct sdi_str in, struct sdi_scalar *ret)
{
	if (in.n > 5)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sdi_str_eq(in, words[i].word)) {
			ret->type = words[i].type;
			ret->text = words[i].text;
			return true;
		}
	return false;
}

static void set_whole(struct sdi_scalar *ret, bool negative, uint64_t v)
{
	int n = snprintf(ret->digits, sizeof(ret->digits), "%s%llu", negative && v ? "-" : "", (unsigned long long)v);
	ret->type = SDI_NODE_NUMBER;
	ret->text = sdi_str_make(ret->digits, (size_t)n);
}

static unsigned digit_value(char c)
{
	if (sdi_is_digit(c))
		return (unsigned)(c - '0');
	c = sdi_lower(c);
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 99;
}

/* The base that the prefix of @s names, as Go's ParseInt reads it; the prefix is cut off. */
static unsigned take_base(struct sdi_str *s)
{
	static const struct {
		char letter;
		unsigned base;
	} bases[] = { { 'x', 16 }, { 'o', 8 }, { 'b', 2 } };
	if (s->n < 2 || s->p[0] != '0')
		return 10;
	for (size_t i = 0; s->n > 2 && i < sizeof(bases) / sizeof(bases[0]); i++)
		if (sdi_lower(s->p[1]) == bases[i].letter) {
			*s = sdi_str_from(*s, 2);
			return bases[i].base;
		}
	*s = sdi_str_from(*s, 1);
	return 8;
}

static bool is_integer(struct sdi_str s, struct sdi_scalar *ret)
{
	bool negative = sdi_str_starts(s, SDI_STR("-"));
	bool sign = negative || sdi_str_starts(s, SDI_STR("+"));
	s = sdi_str_from(s, sign);
	unsigned base = take_base(&s);
	uint64_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = digit_value(s.p[i]);
		if (d >= base || __builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, d, &v))
			return false;
	}
	uint64_t most = negative ? (uint64_t)INT64_MAX + 1 : sign ? (uint64_t)INT64_MAX : UINT64_MAX;
	if (!s.n || v > most)
		return false;
	set_whole(ret, negative, v);
	return true;
}

struct decimal {
	uint64_t mantissa; /* without trailing zeros */
	bool exact;        /* the mantissa fits */
	bool any;          /* there was a digit */
	int exponent;      /* value = mantissa * 10^exponent */
	int magnitude;     /* digits before the point, without leading zeros */
};

static void add_digit(struct decimal *d, char c, bool fraction)
{
	d->any = true;
	d->exponent -= fraction;
	d->magnitude += !fraction && (d->magnitude || c != '0');
	if (!d->exact)
		return;
	uint64_t more;
	if (__builtin_mul_overflow(d->mantissa, 10, &more) || __builtin_add_overflow(more, (unsigned)(c - '0'), &more))
		d->exact = false;
	else
		d->mantissa = more;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool parse_decimal(struct sdi_str s, struct decimal *ret)
{
	size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
	*ret = (struct decimal){ .exact = true };
	for (; i < s.n && sdi_is_digit(s.p[i]); i++)
		add_digit(ret, s.p[i], false);
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && sdi_is_digit(s.p[i]); i++)
			add_digit(ret, s.p[i], true);
	if (!ret->any)
		return false;
	if (i == s.n)
		return true;
	if (sdi_lower(s.p[i++]) != 'e')
		return false;
	bool negative = i < s.n && s.p[i] == '-';
	i += i < s.n && (s.p[i] == '-' || s.p[i] == '+');
	int exponent = 0;
	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		if (!sdi_is_digit(s.p[i]))
			return false;
		if (exponent < 100000)
			exponent = exponent * 10 + (s.p[i] - '0');
	}
	ret->exponent += negative ? -exponent : exponent;
	ret->magnitude += negative ? -exponent : exponent;
	return true;
}

/* A float that is a whole number reads as one: it goes through JSON, which writes 80.0 as 80. */
static bool is_whole(struct decimal d, uint64_t *ret)
{
	if (!d.exact)
		return false;
	for (; d.mantissa && d.exponent < 0 && d.mantissa % 10 == 0; d.exponent++)
		d.mantissa /= 10;
	for (; d.mantissa && d.exponent > 0; d.exponent--)
		if (__builtin_mul_overflow(d.mantissa, 10, &d.mantissa))
			return false;
	if (d.mantissa && d.exponent < 0)
		return false;
	*ret = d.mantissa;
	return true;
}

static bool is_float(struct sdi_str plain, struct sdi_str in, struct sdi_scalar *ret)
{
	struct decimal d;
	/* What no double can hold stays text: `1234e567` is part of a commit's hash, not a number. */
	if (!parse_decimal(plain, &d) || (d.mantissa && d.magnitude > LARGEST_EXPONENT))
		return false;
	uint64_t v;
	if (is_whole(d, &v)) {
		set_whole(ret, plain.p[0] == '-', v);
		return true;
	}
	ret->type = SDI_NODE_NUMBER;
	ret->text = in;
	return true;
}

static bool is_number(struct sdi_str in, struct sdi_scalar *ret)
{
	if (!in.n || in.n > LONGEST_NUMBER)
		return false;
	if (in.p[0] == '.')
		return is_float(in, in, ret);
	if (!sdi_is_digit(in.p[0]) && in.p[0] != '-' && in.p[0] != '+')
		return false;
	char text[LONGEST_NUMBER];
	struct sdi_str plain = { text, 0 };
	for (size_t i = 0; i < in.n; i++)
		if (in.p[i] != '_')
			text[plain.n++] = in.p[i];
	return is_integer(plain, ret) || is_float(plain, in, ret);
}

void sdi_scalar_resolve(struct sdi_str in, struct sdi_scalar *ret)
{
	if (is_word(in, ret) || is_number(in, ret))
		return;
	ret->type = SDI_NODE_STRING;
	ret->text = in;
}
