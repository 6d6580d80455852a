/* SPDX-License-Identifier: BSD-3-Clause */
/* Where redirects lead to. Only what needs no quoting in any place: the controller takes no more either. */
#include "values.h"

static bool is_of(struct sdi_str text, const char *more)
{
	for (size_t i = 0; i < text.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(text.p[i])) && (!text.p[i] || !strchr(more, text.p[i])))
			return false;
	return text.n > 0 && text.n <= 2048;
}

/* With @scheme in any case, and something behind it. */
static bool begins(struct sdi_str text, struct sdi_str scheme)
{
	return text.n > scheme.n && sdi_str_eq_nocase(sdi_str_head(text, scheme.n), scheme);
}

bool sdi_parse_redirect_url(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                            struct sdi_value *ret, const char **ret_why)
{
	(void)arena;
	(void)ret;
	bool path_too = *(const char *)row->arg == '/';
	*ret_why = path_too ? "write an URL like https://example.org/path, or a path; variables are not expanded" :
	                      "write an URL like https://example.org/path; variables are not expanded";
	bool url = begins(text, SDI_STR("http://")) || begins(text, SDI_STR("https://"));
	bool path = path_too && sdi_str_starts(text, SDI_STR("/")) && !sdi_str_starts(text, SDI_STR("//"));
	return (url || path) && is_of(text, "-._~/:,?&=");
}

bool sdi_parse_app_root(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                        struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	(void)ret;
	*ret_why = "write a path that begins with a slash";
	return sdi_str_starts(text, SDI_STR("/")) && is_of(text, "-._~/:");
}
