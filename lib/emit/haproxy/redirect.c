/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Redirects that need no backend: a route's value in the map is "-LETTER CODE|TEXT|", so there is one rule per letter and
 * code that is in use, whatever the number of routes.
 */
#include "../../gateway/extras.h"
#include "../../gateway/redirect.h"
#include "haproxy.h"
#include "quote.h"

const char sdi_hap_redirect_letters[] = {
	[SDI_REDIRECT_URL] = 'r', [SDI_REDIRECT_PATH] = 'p', [SDI_REDIRECT_ROOT] = 'a', [SDI_REDIRECT_NAME] = 'w'
};

#define TEXT "%[var(txn.to),field(2,|)]"

static void write_location(struct sdi_buf *cfg, enum sdi_redirect_kind kind, bool tls)
{
	const char *scheme = tls ? "https" : "http";
	switch (kind) {
	case SDI_REDIRECT_URL: conf_lit(cfg, "'" TEXT "'"); break;
	case SDI_REDIRECT_PATH:
		sdi_buf_printf(cfg, "'%s://%%[req.fhdr(host),regsub(\":[^]]*$\",)]", scheme);
		conf_lit(cfg, TEXT "'");
		break;
	case SDI_REDIRECT_ROOT:
		sdi_buf_printf(cfg, "'%s://%%[req.fhdr(host)]", scheme);
		conf_lit(cfg, TEXT "'");
		break;
	case SDI_REDIRECT_NAME:
		sdi_buf_printf(cfg, "'%s://", scheme);
		conf_lit(cfg, TEXT ":%[dst_port]%[pathq,regsub(\"/$\",)]'");
		break;
	}
}

static void write_start(struct sdi_buf *cfg, unsigned code)
{
	/* "redirect" knows some codes only */
	bool known = (code >= 301 && code <= 303) || code == 307 || code == 308;
	conf_lit(cfg, "\thttp-request ");
	sdi_buf_printf(cfg, known ? "redirect code %u location " : "return status %u hdr Location ", code);
}

static void write_rule(struct sdi_hap *hap, enum sdi_redirect_kind kind, unsigned code, bool tls)
{
	write_start(hap->cfg, code);
	write_location(hap->cfg, kind, tls);
	sdi_buf_printf(hap->cfg, " if { var(txn.to) -m beg -- -%c%u| }\n", sdi_hap_redirect_letters[kind], code);
}

bool sdi_hap_redirects_in_section(const struct sdi_route *route)
{
	const struct sdi_policy *policy = route->policy;
	bool more = policy->cors || (policy->extras && policy->extras->answers.n);
	bool other = sdi_policy_has(policy, SDI_FIELD_REDIRECT) && policy->redirect->kind != SDI_REDIRECT_URL;
	return route->answer == SDI_ANSWER_BACKEND && more && !other;
}

void sdi_hap_frontend_redirects(struct sdi_hap *hap, bool tls)
{
	for (unsigned kind = 0; kind < sizeof(hap->answers) / sizeof(hap->answers[0]); kind++)
		for (unsigned code = 300; code <= 308; code++)
			if (hap->answers[kind] >> (code - 300) & 1)
				write_rule(hap, (enum sdi_redirect_kind)kind, code, tls);
	if (tls && hap->hsts.n) {
		conf_lit(hap->cfg, "\thttp-after-response set-header Strict-Transport-Security ");
		sdi_hap_format(hap->cfg, hap->hsts);
		conf_lit(hap->cfg, " if { var(txn.to) -m sub |hsts }\n");
	}
}

/* Where something goes before it or comes with it; elsewhere the frontend has done it. */
void sdi_hap_section_redirect(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_policy *policy = section->policy;
	struct sdi_buf *cfg = hap->cfg;
	if (!sdi_hap_redirects_in_section(section->route))
		return;
	if (sdi_policy_has(policy, SDI_FIELD_REDIRECT)) {
		write_start(cfg, policy->redirect->code);
		conf_lit(cfg, "'");
		sdi_hap_url(cfg, policy->redirect->text);
		conf_lit(cfg, "' if TRUE\n"); /* HAProxy warns of rules behind one without a condition */
		return;
	}
	if (!sdi_policy_has(policy, SDI_FIELD_TLS_REDIRECT))
		return;
	conf_lit(cfg, "\thttp-request set-var(txn.location) 'pathq");
	if (policy->tls_redirect.cut)
		conf_lit(cfg, ",regsub(\"/$\",)");
	conf_lit(cfg, "'\n\thttp-request redirect code ");
	conf_uint(cfg, policy->tls_redirect.code);
	conf_lit(cfg, " location 'https://%[req.fhdr(host),regsub(\":[^]]*$\",)]");
	if (policy->tls_redirect.port && policy->tls_redirect.port != 443) {
		conf_lit(cfg, ":");
		conf_uint(cfg, policy->tls_redirect.port);
	}
	conf_lit(cfg, "%[var(txn.location)]' if !{ ssl_fc } !{ var(txn.path) -m beg /.well-known/acme-challenge/ }"
	              " { req.fhdr(host) -m found }");
	sdi_hap_unless_told_https(hap);
}
