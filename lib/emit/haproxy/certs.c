/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * certs/ID.pem, chain and key in one, and crt-list.txt, which says for which server names each is served. The
 * first line is what HAProxy falls back to. Its filter is a name that nobody can have (RFC 6761): without a filter
 * the names in the certificate itself would count, and could take a host away from its own certificate.
 */
#include "haproxy.h"
#include "quote.h"

static bool add_pem(struct sdi_hap *hap, const struct sdi_certificate *certificate)
{
	struct sdi_buf name;
	sdi_buf_init(&name, 1024);
	conf_lit(&name, "certs/");
	sdi_hap_name(&name, certificate->id);
	conf_lit(&name, ".pem");
	struct sdi_buf *pem = name.failed ? NULL : sdi_bundle_file(hap->bundle, sdi_buf_str(&name), 0600, true);
	sdi_buf_release(&name);
	if (!pem)
		return false;
	sdi_buf_add(pem, certificate->chain_pem);
	if (!sdi_str_ends(certificate->chain_pem, SDI_STR("\n")))
		conf_lit(pem, "\n");
	sdi_buf_add(pem, certificate->key_pem);
	return true;
}

/* "[OPTION…] ", if there is one. Ciphers are of a grammar without blanks and brackets. */
static void write_options(struct sdi_hap *hap, struct sdi_buf *list, const struct sdi_certificate *certificate,
                          const struct sdi_host *host)
{
	size_t before = list->n;
	conf_lit(list, "[");
	size_t empty = list->n;
	sdi_hap_client_cert_options(list, host);
	if (host && host->ciphers.n) {
		sdi_buf_add(list, list->n == empty ? SDI_STR("ciphers ") : SDI_STR(" ciphers "));
		sdi_buf_add(list, host->ciphers);
	}
	if (certificate->has_ocsp && sdi_knob_or(&hap->gateway->globals, SDI_KNOB_TLS_OCSP, 0) &&
	    sdi_version_at_least(hap->version, 2, 8))
		sdi_buf_add(list, list->n == empty ? SDI_STR("ocsp-update on") : SDI_STR(" ocsp-update on"));
	if (list->n == empty)
		list->n = before;
	else
		conf_lit(list, "] ");
}

/* @host: whose options hold, NULL: none. */
static void add_line(struct sdi_hap *hap, struct sdi_buf *list, const struct sdi_certificate *certificate,
                     const struct sdi_host *host, struct sdi_str name)
{
	conf_lit(list, "certs/");
	sdi_hap_name(list, certificate->id);
	conf_lit(list, ".pem ");
	write_options(hap, list, certificate, host);
	sdi_hap_name(list, name);
	conf_lit(list, "\n");
}

/* The wildcards that have a certificate, without their "*". False: out of memory. */
static bool collect_wildcards(const struct sdi_gateway *gateway, struct sdi_map *wildcards)
{
	for (size_t i = 0; i < gateway->n_hosts + gateway->n_snis; i++) {
		bool sni = i >= gateway->n_hosts;
		struct sdi_str name = sni ? gateway->snis[i - gateway->n_hosts].name : gateway->hosts[i].name;
		if (!sdi_str_starts(name, SDI_STR("*")) ||
		    (!sni && !gateway->hosts[i].certificate && !gateway->hosts[i].client_cert &&
		     !gateway->hosts[i].ciphers.n))
			continue;
		void **slot = sdi_map_put(wildcards, sdi_str_from(name, 1));
		if (!slot)
			return false;
		*slot = wildcards;
	}
	return true;
}

/* A host without a certificate of its own is served the default one, not that of a wildcard which covers it too, and
 * even when nobody else is. */
static bool needs_default(const struct sdi_gateway *gateway, const struct sdi_host *host,
                          const struct sdi_map *wildcards)
{
	if (sdi_knob_or(&gateway->globals, SDI_KNOB_TLS_REJECT, 0))
		return true;
	ptrdiff_t dot = sdi_str_find(host->name, '.');
	return !host->certificate && dot > 0 && sdi_map_get(wildcards, sdi_str_from(host->name, (size_t)dot));
}

/* The host of all other names asks for client certificates, so a host that does not needs a line of its own. */
static bool default_asks(const struct sdi_gateway *gateway)
{
	return gateway->hosts[gateway->n_hosts - 1].client_cert;
}

static bool add_crt_list(struct sdi_hap *hap)
{
	const struct sdi_gateway *gateway = hap->gateway;
	struct sdi_map wildcards = { .arena = hap->diag.scratch };
	struct sdi_buf *list = sdi_bundle_file(hap->bundle, SDI_STR(SDI_HAP_CRT_LIST), 0644, false);
	if (!list || !collect_wildcards(gateway, &wildcards))
		return false;
	if (gateway->default_certificate)
		add_line(hap, list, gateway->default_certificate, &gateway->hosts[gateway->n_hosts - 1],
		         SDI_STR("default.invalid"));
	for (size_t i = 0; i < gateway->n_hosts; i++) {
		const struct sdi_host *host = &gateway->hosts[i];
		if (sdi_host_group(host->name) == 2) /* no name that a certificate could be asked for by */
			continue;
		if (host->name.n && host->certificate)
			add_line(hap, list, host->certificate, host, host->name);
		else if (host->name.n && gateway->default_certificate &&
		         (host->client_cert || host->ciphers.n || needs_default(gateway, host, &wildcards) ||
		          default_asks(gateway)))
			add_line(hap, list, gateway->default_certificate, host, host->name);
	}
	for (size_t i = 0; i < gateway->n_snis; i++)
		add_line(hap, list, gateway->snis[i].certificate,
		         sdi_gateway_host(gateway, gateway->snis[i].name, hap->scratch), gateway->snis[i].name);
	return true;
}

/* HAProxy wants three keys: to take, to give and take, to take; they are the same here. */
void sdi_hap_add_tls_files(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	if (globals->dh_pem.n) {
		struct sdi_buf *file = sdi_bundle_file(hap->bundle, SDI_STR("dhparam.pem"), 0644, false);
		if (file)
			sdi_buf_add(file, globals->dh_pem);
		hap->cfg->failed |= !file;
		conf_lit(hap->cfg, "\tssl-dh-param-file dhparam.pem\n");
	}
	if (!sdi_hap_has_ticket_key(hap))
		return;
	struct sdi_buf *file = sdi_bundle_file(hap->bundle, SDI_STR(SDI_HAP_TICKETS), 0600, true);
	for (int i = 0; file && i < 3; i++) {
		sdi_buf_add(file, globals->ticket_text);
		conf_lit(file, "\n");
	}
	hap->cfg->failed |= !file;
}

bool sdi_hap_has_ticket_key(const struct sdi_hap *hap)
{
	return hap->gateway->globals.ticket_text.n && sdi_knob_or(&hap->gateway->globals, SDI_KNOB_TLS_TICKETS, 0);
}

bool sdi_hap_add_certificates(struct sdi_hap *hap)
{
	const struct sdi_gateway *gateway = hap->gateway;
	hap->tls = hap->settings->https_port && (gateway->default_certificate || gateway->n_certificates);
	if (hap->settings->https_port && !hap->tls)
		sdi_diag_add(&hap->diag, SDI_REASON_TARGET_CANT, "https-port",
		             "there is no certificate at all, so HTTPS is not served; give a default certificate with "
		             "--default-ssl-certificate NAMESPACE/NAME, or switch HTTPS off with --https-port 0");
	if (!hap->tls)
		return true;
	if (gateway->default_certificate && !add_pem(hap, gateway->default_certificate))
		return false;
	for (size_t i = 0; i < gateway->n_certificates; i++)
		if (!add_pem(hap, gateway->certificates[i]))
			return false;
	return add_crt_list(hap);
}
