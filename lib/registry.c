/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The public registry: the rows of the dialects joined with what each emitter can do. Nothing is written down here
 * that the two do not know already.
 */
#include "dialect/configmap.h"
#include "dialect/registry.h"
#include "fidelity.h"
#include <sdingress/registry.h>

enum { PROXIES = 2 };

static const enum sdi_proxy proxies[PROXIES] = { SDI_PROXY_HAPROXY, SDI_PROXY_NGINX };

/* By name. */
static const enum sdi_dialect_id order[SDI_DIALECT__COUNT] = { SDI_DIALECT_HAPROXY_INGRESS, SDI_DIALECT_HAPROXYTECH,
	                                                       SDI_DIALECT_INGRESS_NGINX, SDI_DIALECT_NGINX_ORG };

const char *sdi_fidelity_text(enum sdi_fidelity fidelity)
{
	switch (fidelity) {
	case SDI_FIDELITY_UNDECLARED: return "undeclared";
	case SDI_FIDELITY_NONE: return "none";
	case SDI_FIDELITY_PARTIAL: return "partial";
	case SDI_FIDELITY_EXACT: return "exact";
	case SDI_FIDELITY_IGNORED: return "ignored";
	}
	return "unknown";
}

/* The smallest prefix of @dialect after @after; NULL: no more. */
static const char *next_prefix(const struct sdi_dialect *dialect, const char *after)
{
	const char *next = NULL;
	for (const char *const *p = dialect->prefixes; *p; p++)
		if (strcmp(*p, after) > 0 && (!next || strcmp(*p, next) < 0))
			next = *p;
	return next;
}

/* The @i-th row of @dialect by key; when there are fewer, @i is lowered by their number. */
static const struct sdi_annotation *row_at(const struct sdi_dialect *dialect, size_t *i)
{
	for (const char *prefix = ""; (prefix = next_prefix(dialect, prefix));)
		for (const struct sdi_annotation *row = dialect->rows; row < dialect->rows + dialect->n_rows; row++)
			if (sdi_str_starts(sdi_str_c(row->key), sdi_str_c(prefix)) && (*i)-- == 0)
				return row;
	return NULL;
}

static void fill(struct sdi_annotation_info *ret, const char *dialect, const char *key,
                 const struct sdi_annotation *row)
{
	*ret = (struct sdi_annotation_info){ .dialect = dialect,
		                             .key = key,
		                             .value = row->value,
		                             .dflt = row->dflt,
		                             .doc = row->doc,
		                             .risk = "",
		                             .guard = row->flags & SDI_ROW_GUARD };
	for (size_t p = 0; p < PROXIES; p++)
		ret->fidelity[proxies[p]] =
			sdi_fidelity_of(row, sdi_str_make(NULL, 0), proxies[p], sdi_emitter_get(proxies[p])->floor,
		                        &ret->reason[proxies[p]]);
}

enum sdi_status sdi_registry_get(size_t i, struct sdi_annotation_info *ret)
{
	const struct sdi_annotation *row;
	const struct sdi_config_key *key;
	if (!ret)
		return SDI_EINVAL;
	for (size_t d = 0; d < SDI_DIALECT__COUNT; d++) {
		const struct sdi_dialect *dialect = sdi_dialect_get(order[d]);
		bool nginx = order[d] == SDI_DIALECT_INGRESS_NGINX;
		if ((row = row_at(dialect, &i))) {
			fill(ret, dialect->name, row->key, row);
			if (nginx)
				ret->risk = sdi_risk_text(sdi_annotation_risk(row));
			return SDI_OK;
		}
		if (!nginx)
			continue;
		if ((key = sdi_config_key_get(i))) {
			fill(ret, SDI_CONFIG_KEYS_NAME, key->row.name, sdi_config_key_row(key));
			if (key->is_default)
				ret->doc = "What holds where the annotation of the same name is not.";
			return SDI_OK;
		}
		i -= sdi_config_keys();
	}
	return SDI_EINVAL;
}
