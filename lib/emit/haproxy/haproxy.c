/* SPDX-License-Identifier: BSD-3-Clause */
#include "haproxy.h"

static bool has_names(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_backends; i++)
		for (size_t k = 0; k < gateway->backends[i]->n_servers; k++)
			if (gateway->backends[i]->servers[k].name)
				return true;
	return false;
}

static enum sdi_status emit(const struct sdi_gateway *gateway, const struct sdi_settings *settings,
                            struct sdi_version_number version, struct sdi_diags *diags, struct sdi_bundle *bundle)
{
	struct sdi_arena scratch = { 0 };
	struct sdi_hap hap = {
		.gateway = gateway,
		.settings = settings,
		.version = version,
		.bundle = bundle,
		.names = has_names(gateway),
		.diag = { .diags = diags, .subject = { .kind = "" }, .scratch = &scratch },
	};
	hap.cfg = sdi_bundle_file(bundle, SDI_STR("haproxy.cfg"), 0644, false);
	/* maps and certificates first: they say what the frontends need */
	bool ok = hap.cfg && sdi_hap_add_map(&hap) && sdi_hap_add_certificates(&hap) && sdi_hap_write_globals(&hap);
	if (ok) {
		sdi_hap_write_frontends(&hap);
		sdi_hap_write_backends(&hap);
	}
	sdi_arena_release(&scratch);
	return ok ? SDI_OK : SDI_ENOMEM;
}

const struct sdi_emitter sdi_emitter_haproxy = {
	.name = "haproxy",
	.floor = { 2, 6 },
	.caps = sdi_hap_caps,
	.emit = emit,
};
