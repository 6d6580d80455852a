/* SPDX-License-Identifier: BSD-3-Clause */
/* The steps of the emitter. */
#include "nginx.h"

static enum sdi_status write_all(struct sdi_nginx *ng)
{
	ng->out = sdi_bundle_file(ng->bundle, SDI_STR("nginx.conf"), 0644, false);
	if (!ng->out)
		return SDI_ENOMEM;
	ng->passes = sdi_nginx_passes(ng);
	ng->common_body = sdi_nginx_common_body(ng->gateway);
	sdi_nginx_write_globals(ng);
	if (!sdi_nginx_http_waf(ng))
		return SDI_ENOMEM;
	sdi_nginx_http_blocked(ng);
	sdi_nginx_http_access(ng);
	sdi_nginx_http_auth(ng);
	sdi_nginx_http_balance(ng);
	sdi_nginx_http_extras(ng);
	sdi_nginx_write_backends(ng);
	sdi_nginx_write_servers(ng);
	conf_lit(ng->out, "}\n");
	sdi_nginx_write_streams(ng);
	if (!sdi_nginx_add_certificates(ng) || !sdi_nginx_add_client_certs(ng) ||
	    !sdi_nginx_add_upstream_certificates(ng))
		return SDI_ENOMEM;
	return ng->diag.diags && sdi_diags_failed(ng->diag.diags) ? SDI_ENOMEM : SDI_OK;
}

static enum sdi_status emit(const struct sdi_gateway *gateway, const struct sdi_settings *settings,
                            struct sdi_version_number version, struct sdi_diags *diags, struct sdi_bundle *bundle)
{
	struct sdi_arena scratch = { 0 };
	struct sdi_nginx ng = {
		.gateway = gateway,
		.settings = settings,
		.version = version,
		.bundle = bundle,
		.scratch = &scratch,
		.limits = { .arena = &scratch },
		.lists = { .arena = &scratch },
		.diag = { .diags = diags, .scratch = &scratch },
		.choices = { .arena = &scratch },
	};
	jmp_buf oom;
	if (setjmp(oom)) {
		sdi_arena_release(&scratch);
		return SDI_ENOMEM;
	}
	scratch.oom = &oom;
	enum sdi_status status = write_all(&ng);
	sdi_arena_release(&scratch);
	return status;
}

const struct sdi_emitter sdi_emitter_nginx = {
	.name = "nginx",
	.floor = { 1, 22 },
	.caps = sdi_nginx_caps,
	.knobs = sdi_nginx_knobs,
	.emit = emit,
};
