/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What ingress-nginx looks for in paths before it takes an Ingress (--deep-inspect, on by default): its own files and
 * directives of NGINX. None of it could get out of its place here, but an Ingress that the original does not serve is
 * not served here either, or a migration would open it.
 */
#include "translation.h"

/* True: @text has the name of a directive and the end of one behind it. */
static bool has_directive(struct sdi_str text, const char *name)
{
	while (text.n && text.p[text.n - 1] != ';')
		text.n--;
	return text.n && sdi_str_has(sdi_str_head(text, text.n - 1), sdi_str_c(name));
}

static bool is_suspicious(struct sdi_str path)
{
	static const char *const words[] = { "/etc/passwd",     "/etc/shadow", "/etc/group",
		                             "/etc/nginx",      "_by_lua",     "/etc/ingress-controller",
		                             "/var/run/secrets" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sdi_str_has(path, sdi_str_c(words[i])))
			return true;
	return has_directive(path, "alias") || has_directive(path, "root");
}

bool sdi_inspect(struct sdi_translation *t, const struct sdi_ingress *ingress)
{
	for (size_t i = 0; i < ingress->n_rules; i++)
		for (size_t k = 0; k < ingress->rules[i].n_paths; k++) {
			struct sdi_str path = ingress->rules[i].paths[k].path;
			if (!is_suspicious(path))
				continue;
			sdi_diag_add(&t->diag, SDI_REASON_PATH_INVALID,
			             sdi_field_name(t, "spec.rules[%zu].http.paths[%zu].path", i, k),
			             "\"%s\" names files or directives of NGINX, which ingress-nginx refuses; nothing "
			             "of this Ingress is served, its paths answer 404",
			             sdi_show(&t->diag, path));
			return true;
		}
	return false;
}
