/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions and rewrites of the path. */
#include "../../gateway/rewrite.h"
#include "nginx.h"
#include "quote.h"

void sdi_nginx_write_regex_name(struct sdi_nginx *ng, const struct sdi_route *route)
{
	conf_lit(ng->out, "\t\tlocation ~* ");
	sdi_nginx_regex(ng->out, "^", route->path);
}

static bool prefix_has_groups(const struct sdi_nginx_place *place)
{
	return sdi_policy_has(place->policy, SDI_FIELD_PREFIX_HEADER) &&
	       sdi_rewrite_has_groups(place->policy->rewrite->prefix);
}

/*
 * A prefix with groups is put aside at once: any regular expression that a variable needs later has groups of its own.
 * "break" ends what the rewrite module does here, as the flag of the same name would.
 */
void sdi_nginx_place_rewrite(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_rewrite *rewrite = place->policy->rewrite;
	if (!rewrite)
		return;
	bool groups = prefix_has_groups(place);
	if (groups) /* decoded text of a client must not end a header */
		conf_lit(ng->out,
		         "\t\t\tif ($uri ~ \"[\\\\x00-\\\\x1f\\\\x7f]\") { return 400 \"bad request - 400\\n\"; }\n");
	conf_lit(ng->out, "\t\t\trewrite ");
	sdi_nginx_regex(ng->out, "(?i)", rewrite->regex);
	conf_lit(ng->out, " ");
	sdi_nginx_groups(ng->out, rewrite->target);
	if (!groups) {
		conf_lit(ng->out, " break;\n");
		return;
	}
	conf_lit(ng->out, ";\n\t\t\tset $sdi_prefix ");
	sdi_nginx_groups(ng->out, rewrite->prefix);
	conf_lit(ng->out, ";\n\t\t\tbreak;\n");
}

void sdi_nginx_rewrite_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (!sdi_policy_has(place->policy, SDI_FIELD_PREFIX_HEADER))
		return;
	sdi_nginx_set_header(ng, place->policy, SDI_STR("X-Forwarded-Prefix"));
	if (prefix_has_groups(place))
		conf_lit(ng->out, "$sdi_prefix");
	else
		sdi_nginx_groups(ng->out, place->policy->rewrite->prefix);
	conf_lit(ng->out, ";\n");
}
