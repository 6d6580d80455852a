/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Certificates: certs/ID.crt and certs/ID.key. nginx.conf refers to them relative to itself, so that a bundle can be
 * checked where it lies and moved; also, NGINX would expand a "$" in these two paths.
 */
#include "../../base/map.h"
#include "nginx.h"
#include "quote.h"

static bool add_file(struct sdi_nginx *ng, struct sdi_str id, const char *suffix, struct sdi_str text, bool secret)
{
	struct sdi_str name = sdi_arena_printf(ng->scratch, "certs/%.*s%s", (int)id.n, id.p, suffix);
	struct sdi_buf *file = sdi_bundle_file(ng->bundle, name, 0600, secret);
	if (file)
		sdi_buf_add(file, text);
	return file;
}

static bool add_certificate(struct sdi_nginx *ng, struct sdi_map *done, const struct sdi_certificate *certificate)
{
	if (!certificate)
		return true;
	void **slot = sdi_map_put(done, certificate->id);
	if (*slot)
		return true;
	*slot = (void *)certificate; /* only ever asked whether it is NULL */
	return add_file(ng, certificate->id, ".crt", certificate->chain_pem, false) &&
	       add_file(ng, certificate->id, ".key", certificate->key_pem, true);
}

bool sdi_nginx_add_certificates(struct sdi_nginx *ng)
{
	const struct sdi_gateway *gateway = ng->gateway;
	struct sdi_map done = { .arena = ng->scratch };
	if (!ng->settings->https_port)
		return true; /* keys that nobody needs don't lie about */
	bool fine = add_certificate(ng, &done, gateway->default_certificate);
	for (size_t i = 0; fine && i < gateway->n_certificates; i++)
		fine = add_certificate(ng, &done, gateway->certificates[i]);
	for (size_t i = 0; fine && i < gateway->n_snis; i++)
		fine = add_certificate(ng, &done, gateway->snis[i].certificate);
	return fine;
}

static void write_path(struct sdi_buf *out, const char *directive, struct sdi_str id, const char *suffix)
{
	sdi_buf_printf(out, "\t\t%s certs/", directive);
	sdi_nginx_name(out, id);
	sdi_buf_printf(out, "%s;\n", suffix);
}

static void write_file(struct sdi_nginx *ng, const char *directive, const char *name, struct sdi_str text, bool secret)
{
	if (!text.n)
		return;
	struct sdi_buf *file = sdi_bundle_file(ng->bundle, sdi_str_c(name), secret ? 0600 : 0644, secret);
	if (file)
		sdi_buf_add(file, text);
	ng->out->failed |= !file;
	sdi_buf_printf(ng->out, "\t%s %s;\n", directive, name);
}

void sdi_nginx_write_tls_files(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	write_file(ng, "ssl_dhparam", "dhparam.pem", globals->dh_pem, false);
	if (sdi_knob_or(globals, SDI_KNOB_TLS_TICKETS, 0))
		write_file(ng, "ssl_session_ticket_key", "tickets.key", globals->ticket_key, true);
}

void sdi_nginx_write_certificate(struct sdi_nginx *ng, const struct sdi_certificate *certificate)
{
	if (!ng->settings->https_port)
		return;
	if (certificate) {
		write_path(ng->out, "ssl_certificate", certificate->id, ".crt");
		write_path(ng->out, "ssl_certificate_key", certificate->id, ".key");
		if (certificate->has_ocsp && sdi_knob_or(&ng->gateway->globals, SDI_KNOB_TLS_OCSP, 0))
			conf_lit(ng->out, "\t\tssl_stapling on;\n");
	} else if (!ng->gateway->default_certificate) {
		/* Once the default server has no certificate, each server needs one or these words
		 * (ngx_http_ssl_init). */
		conf_lit(ng->out, "\t\tssl_reject_handshake on;\n");
	}
}
