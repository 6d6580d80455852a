/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The texts of a rule: its host and its paths. The API server may not have seen them (files, dry runs), and where it
 * has it lets nearly any byte of a path pass, so the whole grammar is here.
 */
#include "../base/limits.h"
#include "../base/regex.h"
#include "translation.h"

static bool is_ipv4(struct sdi_str s)
{
	size_t dots = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.')
			dots++;
		else if (!sdi_is_digit(s.p[i]))
			return false;
	}
	return dots == 3;
}

const char *sdi_host_parse(struct sdi_arena *arena, struct sdi_str text, struct sdi_str *ret_name)
{
	enum { LONGEST = 253 };
	if (text.n == 0) {
		*ret_name = SDI_STR("");
		return NULL;
	}
	if (text.n > LONGEST)
		return "is longer than 253 characters";
	struct sdi_str name = sdi_arena_lower(arena, text);
	bool wildcard = sdi_str_starts(name, SDI_STR("*."));
	struct sdi_str domain = wildcard ? sdi_str_from(name, 2) : name;
	if (is_ipv4(domain) || sdi_str_find(name, ':') >= 0)
		return "must be a name, not an address or a port";
	if (sdi_str_find(domain, '*') >= 0)
		return "may have a wildcard only as its whole first label, \"*.example.org\"";
	if (!sdi_name_is_subdomain(domain))
		return "is not a DNS name (letters, digits, \"-\" and \".\")";
	*ret_name = name;
	return NULL;
}

/* The length of the UTF-8 character at @s, 0: it is none. */
static size_t utf8_length(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t lowest;
	} forms[] = { { 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 } };
	for (size_t form = 0; form < 4; form++) {
		if ((s[0] & forms[form].mask) != forms[form].lead)
			continue;
		if (n <= form)
			return 0;
		uint32_t c = s[0] & (unsigned char)~forms[form].mask;
		for (size_t i = 1; i <= form; i++) {
			if ((s[i] & 0xc0) != 0x80)
				return 0;
			c = c << 6 | (s[i] & 0x3f);
		}
		bool fits = c >= forms[form].lowest && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
		return fits ? form + 1 : 0;
	}
	return 0;
}

/* What some reader of a configuration, map or log takes for a control character or the end of a line. */
static bool is_control(const unsigned char *s, size_t n)
{
	if (n == 1)
		return s[0] < 0x20 || s[0] == 0x7f;
	if (n == 2)
		return s[0] == 0xc2 && s[1] < 0xa0; /* U+0080 to U+009F, U+0085 among them */
	return n == 3 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9); /* U+2028, U+2029 */
}

static const char *check_text(struct sdi_str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	for (size_t at = 0, n; at < s.n; at += n) {
		n = utf8_length(p + at, s.n - at);
		if (n == 0)
			return "is not valid UTF-8";
		if (is_control(p + at, n))
			return "holds a control character";
	}
	return NULL;
}

/* Whether anything but single escapes had to be resolved: the API server refuses those paths too. */
static bool was_odd(struct sdi_str path)
{
	return sdi_str_has(path, SDI_STR("//")) || sdi_str_has(path, SDI_STR("/./")) ||
	       sdi_str_has(path, SDI_STR("/../")) || sdi_str_ends(path, SDI_STR("/.")) ||
	       sdi_str_ends(path, SDI_STR("/.."));
}

static size_t count_slashes(struct sdi_str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '/';
	return n;
}

static size_t count_escapes(struct sdi_str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '%';
	return n;
}

const char *sdi_path_parse(struct sdi_arena *arena, const struct sdi_ingress_path *path, struct sdi_str *ret_path)
{
	struct sdi_str text = path->path;
	if (text.n > SDI_LIMIT_PATH_BYTES)
		return "is longer than 4096 bytes";
	if (text.n == 0) /* absent; the API server allows that for ImplementationSpecific */
		text = SDI_STR("/");
	if (text.p[0] != '/')
		return "must start with \"/\"";
	const char *why = check_text(text);
	if (why)
		return why;
	if (was_odd(text))
		return "must not hold \"//\", \"/./\" or \"/../\"";
	struct sdi_str normal;
	if (sdi_path_normalise(arena, text, &normal) != SDI_NORMAL_OK)
		return "holds a \"%\" that starts no escape, or climbs above \"/\" (a \"%\" itself is written \"%25\")";
	/* A change of length beyond the escapes: one of them stood for a slash or a dot that was resolved. */
	if (normal.n != text.n - 2 * count_escapes(text))
		return "must not hold escapes that make up \"//\", \"/./\" or \"/../\"";
	if (path->type != SDI_PATH_IMPLEMENTATION && count_slashes(normal) != count_slashes(text))
		return "must not hold \"%2F\"";
	why = check_text(normal);
	if (why)
		return why;
	*ret_path = normal;
	return NULL;
}

/* The text is taken as it is: NGINX matches it against the normalised path. */
const char *sdi_path_parse_regex(struct sdi_arena *scratch, struct sdi_str text, struct sdi_str *ret_regex)
{
	if (text.p[0] != '/')
		return "must start with \"/\"";
	const char *why = check_text(text);
	return why ? why : sdi_regex_check(scratch, text, ret_regex);
}
