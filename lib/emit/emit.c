/* SPDX-License-Identifier: BSD-3-Clause */
#include "emit.h"

const struct sdi_emitter *sdi_emitter_get(enum sdi_proxy proxy)
{
	switch (proxy) {
	case SDI_PROXY_HAPROXY: return &sdi_emitter_haproxy;
	case SDI_PROXY_NGINX: return &sdi_emitter_nginx;
	}
	return NULL;
}

struct sdi_binds sdi_emit_binds(const struct sdi_gateway *gateway, const struct sdi_settings *settings)
{
	if (settings->bind.n)
		return (struct sdi_binds){ settings->bind.p, settings->bind.n };
	return (struct sdi_binds){ gateway->globals.bind, gateway->globals.n_bind };
}

/* Keys of the controller's ConfigMap that this proxy can't do. */
static void tell_knobs(const struct sdi_gateway *gateway, const struct sdi_settings *settings,
                       const struct sdi_emitter *emitter, struct sdi_version_number version, struct sdi_diags *diags)
{
	static const char *const keys[SDI_KNOB__COUNT] = {
#define X(name, key) key,
		SDI_KNOBS(X)
#undef X
	};
	struct sdi_diag_ctx ctx = {
		.diags = diags,
		.subject = { "ConfigMap", settings->configmap.ns, settings->configmap.name, { "", 0, 0 } }
	};
	for (int i = 0; i < SDI_KNOB__COUNT; i++) {
		const struct sdi_cap *cap = &emitter->knobs[i];
		bool can = cap->fidelity != SDI_FIDELITY_NONE &&
		           sdi_version_at_least(version, cap->since.major, cap->since.minor);
		if (!gateway->globals.knobs[i].said)
			continue;
		if (cap->fidelity == SDI_FIDELITY_IGNORED)
			sdi_diag_add(&ctx, SDI_REASON_CONFIG_IGNORED, keys[i], "%s; it makes no difference",
			             cap->reason);
		else if (!can)
			sdi_diag_add(&ctx, SDI_REASON_TARGET_CANT, keys[i], "%s; it has no effect", cap->reason);
	}
}

enum sdi_status sdi_emit(const struct sdi_gateway *gateway, const struct sdi_settings *settings, enum sdi_proxy proxy,
                         struct sdi_diags *diags, struct sdi_bundle **ret)
{
	const struct sdi_emitter *emitter = sdi_emitter_get(proxy);
	if (!gateway || !ret || !emitter)
		return SDI_EINVAL;
	if (!settings)
		settings = sdi_settings_defaults();
	struct sdi_version_number version = settings->target_version;
	if (!sdi_version_at_least(version, emitter->floor.major, emitter->floor.minor))
		version = emitter->floor;
	struct sdi_bundle *bundle = sdi_bundle_new();
	if (!bundle)
		return SDI_ENOMEM;
	tell_knobs(gateway, settings, emitter, version, diags);
	enum sdi_status status = emitter->emit(gateway, settings, version, diags, bundle);
	if (status == SDI_OK)
		status = sdi_bundle_finish(bundle);
	if (status != SDI_OK) {
		sdi_bundle_free(bundle);
		return status;
	}
	*ret = bundle;
	return SDI_OK;
}
