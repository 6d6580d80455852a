/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is added to requests and answers. txn.cors is the origin that may read the answer; without it the answer stays as
 * the application gave it.
 */
#include "../../gateway/extras.h"
#include "haproxy.h"
#include "quote.h"

/* All origins as one expression. Their grammar has only "." and "+" that mean something else in it. */
static void write_origins(struct sdi_buf *cfg, const struct sdi_cors *cors)
{
	conf_lit(cfg, "'^(?:");
	for (size_t i = 0; i < cors->n_origins; i++) {
		struct sdi_str origin = cors->origins[i];
		if (i)
			conf_lit(cfg, "|");
		for (size_t k = 0; k < origin.n; k++) {
			if (origin.p[k] == '*')
				conf_lit(cfg, "[a-z0-9-]+");
			else if (origin.p[k] == '.' || origin.p[k] == '+')
				sdi_buf_printf(cfg, "\\%c", origin.p[k]);
			else
				sdi_buf_char(cfg, origin.p[k]);
		}
	}
	conf_lit(cfg, ")$'");
}

/* The answer to a preflight gets its headers by the rules for all answers. */
void sdi_hap_section_preflight(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_cors *cors = section->policy->cors;
	if (!cors)
		return;
	if (cors->any) {
		conf_lit(hap->cfg, "\thttp-request set-var(txn.cors) str(*)\n");
	} else {
		conf_lit(hap->cfg, "\tacl cors_origin req.fhdr(origin) -m reg -i -- ");
		write_origins(hap->cfg, cors);
		conf_lit(hap->cfg, "\n\thttp-request set-var(txn.cors) req.fhdr(origin) if cors_origin\n");
	}
	conf_lit(hap->cfg, "\thttp-request return status 204 if METH_OPTIONS { var(txn.cors) -m found }\n");
}

static void write_header(struct sdi_buf *cfg, const char *name, struct sdi_str value)
{
	sdi_buf_printf(cfg, "\thttp-after-response set-header Access-Control-%s ", name);
	sdi_hap_format(cfg, value);
	conf_lit(cfg, " if { var(txn.cors) -m found }\n");
}

static void write_cors(struct sdi_hap *hap, const struct sdi_cors *cors)
{
	struct sdi_buf *cfg = hap->cfg;
	conf_lit(cfg, "\thttp-after-response set-header Access-Control-Allow-Origin %[var(txn.cors)]"
	              " if { var(txn.cors) -m found }\n");
	if (cors->credentials)
		write_header(cfg, "Allow-Credentials", SDI_STR("true"));
	write_header(cfg, "Allow-Methods", cors->methods);
	write_header(cfg, "Allow-Headers", cors->headers);
	if (cors->expose.n)
		write_header(cfg, "Expose-Headers", cors->expose);
	write_header(cfg, "Max-Age", sdi_arena_printf(hap->scratch, "%d", cors->max_age_s));
}

/* False, and nothing written: the value can't be said. The rule's line goes on. */
static bool write_set(struct sdi_hap *hap, const char *rule, const struct sdi_header_text *header)
{
	size_t before = hap->cfg->n;
	sdi_buf_printf(hap->cfg, "\t%s set-header ", rule);
	sdi_hap_name(hap->cfg, header->name);
	conf_lit(hap->cfg, " ");
	if (sdi_hap_write_text(hap, NULL, &header->value))
		return true;
	if (!hap->cfg->failed)
		hap->cfg->n = before;
	return false;
}

void sdi_hap_frontend_requests(struct sdi_hap *hap)
{
	const struct sdi_header_texts *list = &hap->gateway->globals.requests;
	for (size_t i = 0; i < list->n; i++)
		if (write_set(hap, "http-request", &list->p[i]))
			conf_lit(hap->cfg, "\n");
}

/* A frontend's rules run behind those of the section, so txn.answerN says that this one is not the frontend's. */
static void write_own_answers(struct sdi_hap *hap, const struct sdi_header_texts *own)
{
	const struct sdi_header_texts *all = &hap->gateway->globals.answers;
	for (size_t i = 0; i < own->n; i++)
		if (write_set(hap, "http-after-response", &own->p[i]))
			conf_lit(hap->cfg, "\n");
	for (size_t i = 0; i < all->n; i++)
		if (sdi_header_texts_have(own, all->p[i].name))
			sdi_buf_printf(hap->cfg, "\thttp-after-response set-var(txn.answer%zu) bool(true)\n", i);
}

void sdi_hap_frontend_answers(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	for (size_t i = 0; i < globals->n_hidden; i++) {
		conf_lit(hap->cfg, "\thttp-response del-header ");
		sdi_hap_name(hap->cfg, globals->hidden[i]);
		conf_lit(hap->cfg, "\n");
	}
	for (size_t i = 0; i < globals->answers.n; i++)
		if (write_set(hap, "http-after-response", &globals->answers.p[i]))
			sdi_buf_printf(hap->cfg, " unless { var(txn.answer%zu) -m found }\n", i);
}

void sdi_hap_section_extras(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	if (section->policy->cors)
		write_cors(hap, section->policy->cors);
	if (section->policy->extras)
		write_own_answers(hap, &section->policy->extras->answers);
	if (sdi_policy_has(section->policy, SDI_FIELD_ACCESS_LOG) && sdi_hap_logs_requests(hap))
		conf_lit(hap->cfg, "\thttp-request set-log-level silent\n");
}
