/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../gateway/destination.h"
#include "haproxy.h"

static bool has_names(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_backends; i++)
		for (size_t k = 0; k < gateway->backends[i]->n_servers; k++)
			if (gateway->backends[i]->servers[k].name)
				return true;
	for (size_t i = 0; i < gateway->n_streams; i++)
		if (gateway->streams[i].backend->n_servers && gateway->streams[i].backend->servers[0].name)
			return true;
	for (size_t i = 0; i < gateway->n_policies; i++)
		if (sdi_policy_needs_names(gateway->policies[i]))
			return true;
	return false;
}

/* From top to bottom; maps and certificates first, since they say what the frontends need. False: out of memory. */
static bool write_all(struct sdi_hap *hap)
{
	bool secret = sdi_hap_has_userlists(hap->gateway);
	hap->cfg = sdi_bundle_file(hap->bundle, SDI_STR("haproxy.cfg"), secret ? 0600 : 0644, secret);
	hap->passes = sdi_hap_passes(hap);
	sdi_hap_collect_client_certs(hap);
	sdi_hap_collect_mirrors(hap);
	if (!hap->cfg || !sdi_hap_add_map(hap) || !sdi_hap_add_certificates(hap) || !sdi_hap_add_client_certs(hap) ||
	    !sdi_hap_add_upstream_certificates(hap) || !sdi_hap_write_globals(hap))
		return false;
	sdi_hap_global_access(hap);
	sdi_hap_tell_snippets(hap);
	sdi_hap_write_frontends(hap);
	if (!sdi_hap_write_passthrough(hap))
		return false;
	sdi_hap_write_streams(hap);
	sdi_hap_write_backends(hap);
	sdi_hap_write_mirrors(hap);
	return true;
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
		.scratch = &scratch,
		.section_by_id = { .arena = &scratch },
		.tables = { .arena = &scratch },
		.lists = { .arena = &scratch },
		.split_by_key = { .arena = &scratch },
		.names = has_names(gateway),
		.diag = { .diags = diags, .subject = { .kind = "" }, .scratch = &scratch },
	};
	jmp_buf oom;
	if (setjmp(oom)) {
		sdi_arena_release(&scratch);
		return SDI_ENOMEM;
	}
	scratch.oom = &oom;
	bool ok = write_all(&hap);
	sdi_arena_release(&scratch);
	return ok ? SDI_OK : SDI_ENOMEM;
}

const struct sdi_emitter sdi_emitter_haproxy = {
	.name = "haproxy",
	.floor = { 2, 6 },
	.caps = sdi_hap_caps,
	.knobs = sdi_hap_knobs,
	.emit = emit,
};
