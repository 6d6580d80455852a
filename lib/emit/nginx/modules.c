/* SPDX-License-Identifier: BSD-3-Clause */
/* Modules that are no part of NGINX and that Debian has: used where the operator names them. */
#include "nginx.h"
#include "quote.h"

void sdi_nginx_load(struct sdi_nginx *ng, struct sdi_str module)
{
	conf_lit(ng->out, "load_module ");
	sdi_nginx_word(ng->out, module);
	conf_lit(ng->out, ";\n");
}

static bool wants_brotli(const struct sdi_nginx *ng)
{
	return sdi_knob_or(&ng->gateway->globals, SDI_KNOB_BROTLI, 0);
}

/* The controller shows no Server header unless its ConfigMap says so. */
static bool hides_server(const struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	return ng->settings->headers_module.n && ng->settings->configmap.name.n &&
	       !sdi_knob_or(globals, SDI_KNOB_SERVER_TOKENS, 0) && !sdi_knob_or(globals, SDI_KNOB_BACKEND_SERVER, 0);
}

void sdi_nginx_load_modules(struct sdi_nginx *ng)
{
	if (wants_brotli(ng) && ng->settings->brotli_module.n)
		sdi_nginx_load(ng, ng->settings->brotli_module);
	if (hides_server(ng))
		sdi_nginx_load(ng, ng->settings->headers_module);
}

static void write_brotli(struct sdi_nginx *ng)
{
	if (!ng->settings->brotli_module.n) {
		ng->diag.subject = (struct sdi_subject){
			"ConfigMap", ng->settings->configmap.ns, ng->settings->configmap.name, { "", 0, 0 }
		};
		sdi_diag_add(
			&ng->diag, SDI_REASON_TARGET_CANT, "enable-brotli",
			"NGINX has no Brotli of its own, so this has no effect; name the module of Debian's package "
			"libnginx-mod-http-brotli-filter with --nginx-brotli-module "
			"/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so");
		return;
	}
	const struct sdi_knob *types = &ng->gateway->globals.knobs[SDI_KNOB_BROTLI_TYPES];
	conf_lit(ng->out, "\tbrotli on;\n");
	sdi_nginx_write_knobs(ng, SDI_NGINX_BROTLI, "\t");
	conf_lit(ng->out, "\tbrotli_types");
	sdi_nginx_write_types(ng, types->said ? types->text : SDI_STR(SDI_COMPRESSED_TYPES));
}

void sdi_nginx_http_modules(struct sdi_nginx *ng)
{
	if (wants_brotli(ng))
		write_brotli(ng);
	if (hides_server(ng))
		conf_lit(ng->out, "\tmore_clear_headers Server;\n");
}
