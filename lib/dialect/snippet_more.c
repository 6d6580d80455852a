/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The directives of the module headers-more, which ingress-nginx has and a stock NGINX has not: a header of requests
 * becomes "proxy_set_header"; one of answers is kept by its name, and the emitter hides those of endpoints and adds it
 * to all answers. What NGINX makes of itself can't be replaced so.
 */
#include "snippet_read.h"

static bool is_ours(struct sdi_str name)
{
	static const char *const names[] = { "Server",           "Date",       "Content-Type", "Content-Length",
		                             "Content-Encoding", "Connection", "Keep-Alive",   "Transfer-Encoding",
		                             "Upgrade",          "Trailer" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sdi_str_eq_nocase(name, sdi_str_c(names[i])))
			return true;
	return false;
}

/* "NAME: VALUE", "NAME:" or "NAME" into its parts. */
static bool split(struct sdi_snippet_reader *r, struct sdi_str text, struct sdi_str *ret_name,
                  struct sdi_str *ret_value)
{
	ptrdiff_t colon = sdi_str_find(text, ':');
	*ret_name = colon < 0 ? text : sdi_str_head(text, (size_t)colon);
	*ret_value = colon < 0 ? SDI_STR("") : sdi_str_trim(sdi_str_from(text, (size_t)colon + 1));
	bool fine = ret_name->n && ret_name->n < 128 && ret_name->p[0] != '-';
	for (size_t i = 0; i < ret_name->n; i++) {
		char c = sdi_lower(ret_name->p[i]);
		fine &= sdi_is_alnum_lower(c) || c == '-' || c == '_';
	}
	if (!fine)
		return sdi_snippet_fail(r,
		                        "\"%.*s\" is no header; a name with * and options (-s, -t) need the module "
		                        "headers-more",
		                        SDI_STR_ARG(sdi_str_head(text, 60)));
	return sdi_str_find(*ret_value, '\\') < 0 || sdi_snippet_fail(r, "a backslash is in the value of a header");
}

static struct sdi_str quote(struct sdi_arena *arena, struct sdi_str value)
{
	char *out = sdi_arena_alloc(arena, 2 * value.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"')
			out[n++] = '\\';
		out[n++] = value.p[i];
	}
	return sdi_str_make(out, n);
}

static void keep(struct sdi_snippet_reader *r, struct sdi_str name, struct sdi_str value)
{
	size_t i = 0;
	while (i < r->answers.n && !sdi_str_eq_nocase(r->answers.p[i].name, name))
		i++;
	if (i == r->answers.n)
		sdi_vec_push(&r->answers, r->arena)->name = name;
	r->answers.p[i].value = value;
}

bool sdi_snippet_more(struct sdi_snippet_reader *r, const struct sdi_snippet_directive *row,
                      const struct sdi_snippet_word *values, size_t n)
{
	bool clear = sdi_str_starts(sdi_str_c(row->name), SDI_STR("more_clear"));
	bool request = sdi_str_has(sdi_str_c(row->name), SDI_STR("_input_"));
	for (size_t i = 0; i < n; i++) {
		struct sdi_str name, value;
		if (!split(r, values[i].value, &name, &value) || !sdi_snippet_variables(r, value))
			return false;
		if (!request && is_ours(name))
			return sdi_snippet_fail(r,
			                        "\"%.*s\" is made by NGINX; only the module headers-more can change it",
			                        SDI_STR_ARG(name));
		value = clear ? SDI_STR("") : quote(r->arena, value);
		if (!request) {
			keep(r, name, value);
			continue;
		}
		r->ret->request_headers = true;
		*sdi_vec_push(&r->lines, r->arena) = sdi_arena_printf(r->arena, "proxy_set_header %.*s \"%.*s\";",
		                                                      SDI_STR_ARG(name), SDI_STR_ARG(value));
	}
	return true;
}
