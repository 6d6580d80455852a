/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The public registry: the rows of the dialects joined with what each emitter can do. Nothing is written down here
 * that the two do not know already.
 */
#include "dialect/registry.h"
#include "emit/emit.h"
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

static enum sdi_fidelity join(const struct sdi_annotation *row, enum sdi_proxy proxy, const char **ret_reason)
{
	const char *lossy = row->lossy[proxy];
	*ret_reason = lossy ? lossy : "";
	if (row->flags & SDI_ROW_IGNORED) {
		*ret_reason = "it has no effect on what a proxy answers";
		return SDI_FIDELITY_IGNORED;
	}
	if (row->flags & SDI_ROW_SNIPPET) {
		*ret_reason = "raw configuration is off unless the operator allows it, and not realised yet";
		return SDI_FIDELITY_NONE;
	}
	if (row->flags & SDI_ROW_PENDING) {
		*ret_reason =
			row->flags & SDI_ROW_GUARD ? "not realised yet: the route answers 503" : "not realised yet";
		return SDI_FIDELITY_NONE;
	}
	if (row->field < 0)
		return SDI_FIDELITY_NONE;
	const struct sdi_cap *cap = &sdi_emitter_get(proxy)->caps[row->field];
	if (cap->fidelity != SDI_FIDELITY_EXACT)
		*ret_reason = cap->reason ? cap->reason : "";
	return cap->fidelity == SDI_FIDELITY_EXACT && lossy ? SDI_FIDELITY_PARTIAL : cap->fidelity;
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

enum sdi_status sdi_registry_get(size_t i, struct sdi_annotation_info *ret)
{
	if (!ret)
		return SDI_EINVAL;
	for (size_t d = 0; d < SDI_DIALECT__COUNT; d++) {
		const struct sdi_dialect *dialect = sdi_dialect_get(order[d]);
		const struct sdi_annotation *row = row_at(dialect, &i);
		if (!row)
			continue;
		*ret = (struct sdi_annotation_info){ .dialect = dialect->name,
			                             .key = row->key,
			                             .value = row->value,
			                             .dflt = row->dflt,
			                             .doc = row->doc,
			                             .guard = row->flags & SDI_ROW_GUARD };
		for (size_t p = 0; p < PROXIES; p++)
			ret->fidelity[proxies[p]] = join(row, proxies[p], &ret->reason[proxies[p]]);
		return SDI_OK;
	}
	return SDI_EINVAL;
}
