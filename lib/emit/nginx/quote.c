/* SPDX-License-Identifier: BSD-3-Clause */
#include "quote.h"
#include "../conf.h"

enum {
	TOKEN_BYTES = 4095, /* NGX_CONF_BUFFER - 1: the longest token with its quotes */
	NAME_BYTES = 253,   /* the longest DNS name */
};

/* How many bytes @c takes inside double quotes. */
static size_t quoted_size(char c)
{
	return c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' ? 2 : 1;
}

static void quote_char(struct sdi_buf *buf, char c)
{
	switch (c) {
	case '"': conf_lit(buf, "\\\""); break;
	case '\\': conf_lit(buf, "\\\\"); break;
	case '\n': conf_lit(buf, "\\n"); break;
	case '\r': conf_lit(buf, "\\r"); break;
	case '\t': conf_lit(buf, "\\t"); break;
	default: sdi_buf_char(buf, c);
	}
}

bool sdi_nginx_word_fits(struct sdi_str s, size_t more)
{
	size_t bytes = 2 + more;
	for (size_t i = 0; i < s.n; i++) {
		if (!s.p[i]) /* C strings end here, so NGINX would use another text than it was given */
			return false;
		bytes += quoted_size(s.p[i]);
	}
	return bytes <= TOKEN_BYTES;
}

bool sdi_nginx_word(struct sdi_buf *buf, struct sdi_str s)
{
	if (!sdi_nginx_word_fits(s, 0))
		return false;
	sdi_buf_char(buf, '"');
	for (size_t i = 0; i < s.n; i++)
		quote_char(buf, s.p[i]);
	sdi_buf_char(buf, '"');
	return true;
}

void sdi_nginx_inside(struct sdi_buf *buf, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '$')
			conf_lit(buf, "${sdi_dollar}");
		else if (s.p[i])
			quote_char(buf, s.p[i]);
	}
}

bool sdi_nginx_literal(struct sdi_buf *buf, struct sdi_str s)
{
	size_t dollars = 0;
	for (size_t i = 0; i < s.n; i++)
		dollars += s.p[i] == '$';
	if (!sdi_nginx_word_fits(s, dollars * (sizeof("${sdi_dollar}") - 2)))
		return false;
	sdi_buf_char(buf, '"');
	sdi_nginx_inside(buf, s);
	sdi_buf_char(buf, '"');
	return true;
}

void sdi_nginx_literal_part(struct sdi_buf *buf, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '$')
			conf_lit(buf, "${sdi_dollar}");
		else if (s.p[i])
			quote_char(buf, s.p[i]);
	}
}

static size_t literal_size(struct sdi_str s)
{
	size_t bytes = 0;
	for (size_t i = 0; i < s.n; i++)
		bytes += s.p[i] == '$' ? sizeof("${sdi_dollar}") - 1 : quoted_size(s.p[i]);
	return bytes;
}

bool sdi_nginx_expand(struct sdi_buf *buf, const struct sdi_nginx_piece *pieces, size_t n)
{
	size_t bytes = 2;
	for (size_t i = 0; i < n; i++) {
		struct sdi_str s = pieces[i].literal;
		if (!pieces[i].variable && !sdi_nginx_word_fits(s, 0))
			return false;
		bytes += pieces[i].variable ? strlen(pieces[i].variable) + sizeof("${}") : literal_size(s);
	}
	if (bytes > TOKEN_BYTES)
		return false;
	sdi_buf_char(buf, '"');
	for (size_t i = 0; i < n; i++) {
		if (pieces[i].variable)
			sdi_buf_printf(buf, "${%s}", pieces[i].variable);
		else
			sdi_nginx_literal_part(buf, pieces[i].literal);
	}
	sdi_buf_char(buf, '"');
	return true;
}

static bool is_header_name(struct sdi_str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(name.p[i])) && name.p[i] != '_' && name.p[i] != '-')
			return false;
	return name.n;
}

bool sdi_nginx_header_name(struct sdi_buf *buf, struct sdi_str name)
{
	if (!is_header_name(name))
		return false;
	sdi_buf_add(buf, name);
	return true;
}

bool sdi_nginx_variable_name(struct sdi_buf *buf, struct sdi_str name)
{
	if (!is_header_name(name))
		return false;
	for (size_t i = 0; i < name.n; i++)
		sdi_buf_char(buf, name.p[i] == '-' ? '_' : sdi_lower(name.p[i]));
	return true;
}

/* PCRE takes these as they are, anywhere outside of brackets; bytes from 0x80 on too, since NGINX does not ask for
 * UTF-8. */
static bool plain_in_regex(char c)
{
	return sdi_is_alnum_lower(sdi_lower(c)) || c == '/' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* @c as PCRE takes it literally, written into a quoted token: `.` becomes `\\.`, a line feed `\\x0a`. */
static size_t regex_char(char c, char out[static 6])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char u = (unsigned char)c;
	if (plain_in_regex(c)) {
		out[0] = c;
		return 1;
	}
	out[0] = out[1] = '\\';
	if (u > 0x20 && u != 0x7f && c != '"' && c != '\\') {
		out[2] = c;
		return 3;
	}
	out[2] = 'x';
	out[3] = hex[u >> 4];
	out[4] = hex[u & 15];
	return 5;
}

void sdi_nginx_inside_regex(struct sdi_buf *buf, struct sdi_str s)
{
	char text[6];
	for (size_t i = 0; i < s.n; i++)
		sdi_buf_add(buf, sdi_str_make(text, regex_char(s.p[i], text)));
}

void sdi_nginx_variable(struct sdi_buf *buf, struct sdi_str name)
{
	for (size_t i = 0; i < name.n; i++)
		sdi_buf_char(buf, sdi_is_alnum_lower(sdi_lower(name.p[i])) ? name.p[i] : '_');
}

void sdi_nginx_path_regex(struct sdi_buf *buf, struct sdi_str path, bool exact, bool *ret_cut)
{
	/* "(?s)^…" as long as the cut form needs: its ".{4096}" and the end */
	size_t room = TOKEN_BYTES - (sizeof("\"(?s)^.{1234567}(?:/|\\\\z)\"") - 1), used = 0, i;
	char text[6];
	for (i = 0; i < path.n && used <= room; i++)
		used += regex_char(path.p[i], text);
	*ret_cut = used > room;
	struct sdi_str end = exact ? SDI_STR("\\\\z\"") : SDI_STR("(?:/|\\\\z)\"");
	sdi_buf_add(buf, *ret_cut ? SDI_STR("\"(?s)^") : SDI_STR("\"^"));
	used = 0;
	for (i = 0; i < path.n; i++) {
		size_t n = regex_char(path.p[i], text);
		if ((used += n) > room)
			break;
		sdi_buf_add(buf, sdi_str_make(text, n));
	}
	if (*ret_cut) {
		conf_lit(buf, ".{");
		conf_uint(buf, path.n - i);
		sdi_buf_char(buf, '}');
	}
	sdi_buf_add(buf, end);
}

/* Labels of [a-z0-9-], parted by single dots. Stricter checks were translate/'s; this one guards the syntax. */
static bool is_dns_name(struct sdi_str name)
{
	if (!name.n || name.n > NAME_BYTES)
		return false;
	char before = '.';
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (c == '.' ? before == '.' : !sdi_is_alnum_lower(c) && c != '-')
			return false;
		before = c;
	}
	return before != '.';
}

bool sdi_nginx_name(struct sdi_buf *buf, struct sdi_str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!sdi_is_alnum_lower(name.p[i]) && name.p[i] != '_' && name.p[i] != '.' && name.p[i] != '-')
			return false;
	sdi_buf_add(buf, name);
	return name.n;
}

bool sdi_nginx_dns_name(struct sdi_buf *buf, struct sdi_str name)
{
	if (!is_dns_name(name))
		return false;
	sdi_buf_add(buf, name);
	return true;
}

void sdi_nginx_regex(struct sdi_buf *buf, const char *before, struct sdi_str regex)
{
	sdi_buf_char(buf, '"');
	sdi_buf_add(buf, sdi_str_c(before));
	for (size_t i = 0; i < regex.n; i++)
		quote_char(buf, regex.p[i]);
	sdi_buf_char(buf, '"');
}

void sdi_nginx_groups(struct sdi_buf *buf, struct sdi_str text)
{
	sdi_buf_char(buf, '"');
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool group = c == '$' && i + 1 < text.n && text.p[i + 1] >= '1' && text.p[i + 1] <= '9';
		bool plain = sdi_is_alnum_lower(sdi_lower(c)) || (c && strchr("-._~/:", c));
		sdi_buf_char(buf, group || plain ? c : '_');
	}
	sdi_buf_char(buf, '"');
}

static bool write_wildcard(struct sdi_buf *buf, struct sdi_str before, struct sdi_str parent)
{
	struct sdi_str label;
	if (!is_dns_name(parent))
		return false;
	sdi_buf_char(buf, '"');
	sdi_buf_add(buf, before);
	conf_lit(buf, "^[^.*]+");
	while (sdi_str_split(&parent, '.', &label)) {
		conf_lit(buf, "\\\\.");
		sdi_buf_add(buf, label);
	}
	conf_lit(buf, "$\"");
	return true;
}

bool sdi_nginx_server_name(struct sdi_buf *buf, struct sdi_str host)
{
	if (!host.n) {
		conf_lit(buf, "\"\"");
		return true;
	}
	if (host.p[0] == '~') {
		sdi_nginx_regex(buf, "~", sdi_str_from(host, 1));
		return true;
	}
	if (!sdi_str_starts(host, SDI_STR("*.")))
		return sdi_nginx_dns_name(buf, host);
	return write_wildcard(buf, SDI_STR("~"), sdi_str_from(host, 2));
}

/* With a backslash before it "default" is a name like all others. */
bool sdi_nginx_map_name(struct sdi_buf *buf, struct sdi_str host)
{
	if (sdi_str_starts(host, SDI_STR("*.")))
		return write_wildcard(buf, SDI_STR("~*"), sdi_str_from(host, 2));
	if (!is_dns_name(host))
		return false;
	conf_lit(buf, "\"\\\\");
	sdi_buf_add(buf, host);
	sdi_buf_char(buf, '"');
	return true;
}

bool sdi_nginx_address(struct sdi_buf *buf, struct sdi_str address, unsigned port)
{
	if (!address.n || address.n > 45)
		return false;
	for (size_t i = 0; i < address.n; i++) {
		char c = sdi_lower(address.p[i]);
		if (!sdi_is_digit(c) && !(c >= 'a' && c <= 'f') && c != '.' && c != ':')
			return false;
	}
	bool ipv6 = sdi_str_find(address, ':') >= 0;
	if (ipv6)
		sdi_buf_char(buf, '[');
	sdi_buf_add(buf, address);
	if (ipv6)
		sdi_buf_char(buf, ']');
	if (port) {
		sdi_buf_char(buf, ':');
		conf_uint(buf, port);
	}
	return true;
}
