/* SPDX-License-Identifier: BSD-3-Clause */
#include "fidelity.h"

enum sdi_fidelity sdi_fidelity_of(const struct sdi_annotation *row, enum sdi_proxy proxy,
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
	const struct sdi_emitter *emitter = sdi_emitter_get(proxy);
	const struct sdi_cap *cap = row->field < SDI_FIELD__COUNT ? &emitter->caps[row->field] :
	                                                            &emitter->knobs[row->field - SDI_FIELD__COUNT];
	if (cap->fidelity != SDI_FIDELITY_EXACT)
		*ret_reason = cap->reason ? cap->reason : "";
	if (!sdi_version_at_least(version, cap->since.major, cap->since.minor)) {
		if (!**ret_reason)
			*ret_reason = "only newer versions of the proxy can do it";
		return SDI_FIDELITY_NONE;
	}
	return cap->fidelity == SDI_FIDELITY_EXACT && lossy ? SDI_FIDELITY_PARTIAL : cap->fidelity;
}
