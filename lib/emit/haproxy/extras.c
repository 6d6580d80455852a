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
	write_header(cfg, "Max-Age", sdi_arena_printf(hap->scratch, "%u", cors->max_age_s));
}

void sdi_hap_section_extras(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	if (section->policy->cors)
		write_cors(hap, section->policy->cors);
	if (sdi_policy_has(section->policy, SDI_FIELD_ACCESS_LOG) && hap->settings->access_log)
		conf_lit(hap->cfg, "\thttp-request set-log-level silent\n");
}
