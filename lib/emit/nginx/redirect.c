/* SPDX-License-Identifier: BSD-3-Clause */
/* Redirects of a location; what the rewrite module does happens in the order in which it is written. */
#include "../../gateway/redirect.h"
#include "nginx.h"
#include "quote.h"

/* "return CODE URL;", where all of the text is ours or of [-._~A-Za-z0-9/:,?&=]. */
bool sdi_nginx_write_return(struct sdi_nginx *ng, const struct sdi_policy *policy)
{
	if (!sdi_policy_has(policy, SDI_FIELD_REDIRECT))
		return false;
	const struct sdi_redirect *redirect = policy->redirect;
	static const struct sdi_str before[] = {
		[SDI_REDIRECT_URL] = SDI_STR_INIT(""),
		[SDI_REDIRECT_PATH] = SDI_STR_INIT("$scheme://$host"),
		[SDI_REDIRECT_ROOT] = SDI_STR_INIT("$scheme://$sdi_host"),
		[SDI_REDIRECT_NAME] = SDI_STR_INIT("$scheme://"),
	};
	if (redirect->kind == SDI_REDIRECT_URL && sdi_str_starts(redirect->text, SDI_STR("/")))
		conf_lit(ng->out, "absolute_redirect off; ");
	/* of these "return" would make a text of the URL */
	bool text = redirect->code == 300 || (redirect->code >= 304 && redirect->code <= 306);
	if (text)
		sdi_nginx_write_answers(ng, SDI_STR(""), false);
	sdi_buf_add(ng->out, text ? SDI_STR("add_header Location \"") : SDI_STR("return "));
	if (!text) {
		conf_uint(ng->out, redirect->code);
		conf_lit(ng->out, " \"");
	}
	sdi_buf_add(ng->out, before[redirect->kind]);
	sdi_nginx_literal_part(ng->out, redirect->text);
	if (redirect->kind == SDI_REDIRECT_NAME)
		sdi_buf_add(ng->out,
		            ng->passes ? SDI_STR(":$sdi_came_in$sdi_cut_uri") : SDI_STR(":$server_port$sdi_cut_uri"));
	conf_lit(ng->out, "\"");
	if (text) {
		conf_lit(ng->out, " always; return ");
		conf_uint(ng->out, redirect->code);
	}
	conf_lit(ng->out, ";");
	return true;
}

void sdi_nginx_place_redirect(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	size_t before = ng->out->n;
	conf_lit(ng->out, "\t\t\t");
	if (sdi_nginx_write_return(ng, place->policy))
		conf_lit(ng->out, "\n");
	else if (!ng->out->failed)
		ng->out->n = before;
	if (place->redirect && sdi_policy_has(place->policy, SDI_FIELD_TLS_REDIRECT)) {
		conf_lit(ng->out, "\t\t\t");
		sdi_nginx_write_redirect(ng, &place->policy->tls_redirect);
		conf_lit(ng->out, "\n");
	}
}
