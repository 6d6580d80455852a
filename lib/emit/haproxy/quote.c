/* SPDX-License-Identifier: BSD-3-Clause */
#include "quote.h"

static bool in_set(char c, const char *more)
{
	return sdi_is_alnum_lower(sdi_lower(c)) || (c && strchr(more, c));
}

bool sdi_hap_word(struct sdi_buf *buf, struct sdi_str s)
{
	if (s.n && (memchr(s.p, '\n', s.n) || memchr(s.p, '\0', s.n)))
		return false;
	sdi_buf_char(buf, '\'');
	struct sdi_str part;
	struct sdi_str rest = s.p ? s : SDI_STR("");
	for (bool first = true; sdi_str_split(&rest, '\'', &part); first = false) {
		if (!first)
			conf_lit(buf, "'\\''");
		sdi_buf_add(buf, part);
	}
	sdi_buf_char(buf, '\'');
	return true;
}

bool sdi_hap_format(struct sdi_buf *buf, struct sdi_str s)
{
	if (s.n && (memchr(s.p, '\n', s.n) || memchr(s.p, '\r', s.n) || memchr(s.p, '\0', s.n)))
		return false;
	sdi_buf_char(buf, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			conf_lit(buf, "'\\''");
		else if (s.p[i] == '%')
			conf_lit(buf, "%%");
		else
			sdi_buf_char(buf, s.p[i]);
	}
	sdi_buf_char(buf, '\'');
	return true;
}

void sdi_hap_log_text(struct sdi_buf *buf, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			conf_lit(buf, "'\\''");
		else if (s.p[i] == '%')
			conf_lit(buf, "%%");
		else
			sdi_buf_char(buf, (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f ? ' ' : s.p[i]);
	}
}

static bool is_one_line(struct sdi_str s)
{
	return !s.n || !(memchr(s.p, '\n', s.n) || memchr(s.p, '\r', s.n) || memchr(s.p, '\0', s.n));
}

bool sdi_hap_expand(struct sdi_buf *buf, const struct sdi_hap_piece *pieces, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!pieces[i].sample && !is_one_line(pieces[i].literal))
			return false;
	for (size_t i = 0; i < n; i++) { /* words that touch are one */
		if (pieces[i].sample)
			sdi_buf_printf(buf, "'%%[%s]'", pieces[i].sample);
		else
			sdi_hap_format(buf, pieces[i].literal);
	}
	return true;
}

/* PCRE takes any byte as \xNN. */
void sdi_hap_exactly(struct sdi_buf *buf, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (in_set(s.p[i], "_/-:"))
			sdi_buf_char(buf, s.p[i]);
		else
			sdi_buf_printf(buf, "\\x%02x", (unsigned)(unsigned char)s.p[i]);
	}
}

/* "\" begins a reference to a group, "%" a sample; a quote or a control character is left out: no row lets one in. */
void sdi_hap_replacement(struct sdi_buf *buf, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			conf_lit(buf, "\\\\");
		else if (s.p[i] == '%')
			conf_lit(buf, "%%");
		else if (s.p[i] != '\'' && (unsigned char)s.p[i] >= ' ')
			sdi_buf_char(buf, s.p[i]);
	}
}

void sdi_hap_url(struct sdi_buf *buf, struct sdi_str url)
{
	for (size_t i = 0; i < url.n; i++)
		sdi_buf_char(buf, in_set(url.p[i], "-._~/:,?&=") ? url.p[i] : '_');
}

void sdi_hap_cidr(struct sdi_buf *buf, const char *text)
{
	for (; *text; text++)
		sdi_buf_char(buf, sdi_is_digit(*text) || (*text >= 'a' && *text <= 'f') || strchr(":./", *text) ?
		                          *text :
		                          '_');
}

void sdi_hap_name(struct sdi_buf *buf, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!in_set(s.p[i], "._:-") && !(i == 0 && s.p[i] == '*')) {
			for (i = 0; i < s.n; i++)
				sdi_buf_char(buf, in_set(s.p[i], "._:-") ? s.p[i] : '_');
			return;
		}
	sdi_buf_add(buf, s);
}

void sdi_hap_address(struct sdi_buf *buf, struct sdi_str address, unsigned port)
{
	bool ipv6 = sdi_str_find(address, ':') >= 0;
	if (ipv6)
		sdi_buf_char(buf, '[');
	sdi_hap_name(buf, address);
	if (ipv6)
		sdi_buf_char(buf, ']');
	sdi_buf_char(buf, ':');
	conf_uint(buf, port);
}

void sdi_hap_key_path(struct sdi_buf *buf, struct sdi_str path)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t from = 0;
	for (size_t i = 0; i < path.n; i++) {
		if (in_set(path.p[i], "._~/-"))
			continue;
		unsigned char c = (unsigned char)path.p[i];
		char code[3] = { '%', digits[c >> 4], digits[c & 15] };
		sdi_buf_add(buf, sdi_str_make(path.p + from, i - from));
		sdi_buf_add(buf, sdi_str_make(code, sizeof(code)));
		from = i + 1;
	}
	sdi_buf_add(buf, sdi_str_from(path, from));
}

void sdi_hap_regex(struct sdi_buf *buf, struct sdi_str regex)
{
	for (size_t i = 0; i < regex.n; i++) {
		char c = regex.p[i];
		bool fine = c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '#';
		sdi_buf_char(buf, fine ? c : '_');
	}
}

void sdi_hap_groups(struct sdi_buf *buf, struct sdi_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool group = c == '$' && i + 1 < text.n && sdi_is_digit(text.p[i + 1]);
		sdi_buf_char(buf, group ? '\\' : in_set(c, "-._~/:") ? c : '_');
	}
}
