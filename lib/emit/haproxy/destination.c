/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts with what the request knows, in HAProxy's words. */
#include "../../gateway/destination.h"
#include "haproxy.h"
#include "quote.h"

/* Words of a log-format, in a section: the frontend has set the headers that say how the request came. */
static const char *const words[] = {
	[SDI_VAR_HOST] = "var(txn.host)",
	[SDI_VAR_HTTP_HOST] = "req.fhdr(host)",
	[SDI_VAR_SCHEME] = "req.fhdr(x-forwarded-proto)",
	[SDI_VAR_REQUEST_URI] = "pathq",
	[SDI_VAR_ESCAPED_URI] = "pathq,url_enc",
	[SDI_VAR_ARGS] = "query",
	[SDI_VAR_QUERY] = "pathq,regsub(\"^[^?]*\",)",
	[SDI_VAR_METHOD] = "method",
	[SDI_VAR_REMOTE_ADDR] = "req.fhdr(x-real-ip)",
	[SDI_VAR_REMOTE_USER] = "http_auth_user",
	[SDI_VAR_REQUEST_ID] = "var(txn.id)",
	[SDI_VAR_HEADER] = "req.fhdr",
	[SDI_VAR_COOKIE] = "req.cook",
	[SDI_VAR_ARG] = "url_param",
	[SDI_VAR_CLIENT_DN] = "ssl_c_s_dn(,0,rfc2253)",
	[SDI_VAR_CLIENT_VERIFIED] = "var(txn.cert_verify)",
};

static void write_part(struct sdi_buf *cfg, const struct sdi_text_part *part)
{
	if (part->var == SDI_VAR_NONE) {
		sdi_hap_format(cfg, part->text); /* translate/ took no line feed */
		return;
	}
	conf_lit(cfg, "'%[");
	sdi_buf_add(cfg, sdi_str_c(words[part->var]));
	if (part->text.n) {
		conf_lit(cfg, "(");
		for (size_t i = 0; i < part->text.n; i++) /* a header's name, where NGINX writes "_" for "-" */
			sdi_buf_char(cfg,
			             part->var == SDI_VAR_HEADER && part->text.p[i] == '_' ? '-' : part->text.p[i]);
		conf_lit(cfg, ")");
	}
	conf_lit(cfg, "]'");
}

/* A log-format: quoted strings side by side are one word. */
void sdi_hap_write_request_text(struct sdi_buf *cfg, const struct sdi_text *text)
{
	if (!text->n)
		conf_lit(cfg, "''");
	for (size_t i = 0; i < text->n; i++)
		write_part(cfg, &text->parts[i]);
}
