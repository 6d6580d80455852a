/* SPDX-License-Identifier: BSD-3-Clause */
#include "fidelity.h"

static enum sdi_fidelity of_field(int field, const char *lossy, enum sdi_proxy proxy, struct sdi_version_number version,
                                  const char **ret_reason)
{
	const struct sdi_emitter *emitter = sdi_emitter_get(proxy);
	const struct sdi_cap *cap =
		field < SDI_FIELD__COUNT ? &emitter->caps[field] : &emitter->knobs[field - SDI_FIELD__COUNT];
	if (cap->fidelity != SDI_FIDELITY_EXACT)
		*ret_reason = cap->reason ? cap->reason : "";
	if (!sdi_version_at_least(version, cap->since.major, cap->since.minor)) {
		if (!**ret_reason)
			*ret_reason = "only newer versions of the proxy can do it";
		return SDI_FIDELITY_NONE;
	}
	return cap->fidelity == SDI_FIDELITY_EXACT && lossy ? SDI_FIDELITY_PARTIAL : cap->fidelity;
}

enum sdi_fidelity sdi_fidelity_of(const struct sdi_annotation *row, struct sdi_str value, enum sdi_proxy proxy,
                                  struct sdi_version_number version, const char **ret_reason)
{
	const char *lossy = row->lossy[proxy];
	*ret_reason = lossy ? lossy : "";
	if (row->flags & SDI_ROW_IGNORED) {
		if (!lossy)
			*ret_reason = "it has no effect on what a proxy answers";
		return SDI_FIDELITY_IGNORED;
	}
	if (row->flags & SDI_ROW_PENDING && lossy)
		return SDI_FIDELITY_NONE;
	if (row->flags & SDI_ROW_PENDING && row->flags & SDI_ROW_SNIPPET) {
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
	if (row->special && sdi_str_is(sdi_str_trim(value), row->special))
		return of_field(row->special_field, lossy, proxy, version, ret_reason);
	enum sdi_fidelity ret = of_field(row->field, lossy, proxy, version, ret_reason);
	if (!row->special || value.p || ret != SDI_FIDELITY_EXACT)
		return ret;
	return of_field(row->special_field, lossy, proxy, version, ret_reason) == SDI_FIDELITY_EXACT ?
	               SDI_FIDELITY_EXACT :
	               SDI_FIDELITY_PARTIAL;
}
