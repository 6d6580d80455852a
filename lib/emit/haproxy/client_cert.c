/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Client certificates. The handshake asks for one where the crt-list says so and takes any; what it is worth is judged
 * by rules, since the answer is to be a status of HTTP. A route of such a host has the flag "|ccN." in the map, N
 * standing for what is asked for, so the rules count by that and not by hosts.
 */
#include "../../gateway/auth.h"
#include "haproxy.h"
#include "quote.h"
#include <openssl/x509_vfy.h>

/* A request over plain HTTP that is not redirected, whatever its route says: see write_redirects() of frontend.c. */
#define STAYS "{ var(txn.cert_plain) -m bool }"

static bool same(const struct sdi_client_cert *a, const struct sdi_client_cert *b)
{
	return a == b || (a->refuse && b->refuse) ||
	       (a->refuse == b->refuse && sdi_str_eq(a->id, b->id) && a->verify == b->verify && a->pass == b->pass &&
	        sdi_str_eq(a->error_page, b->error_page) && sdi_str_eq(a->match, b->match));
}

void sdi_hap_collect_client_certs(struct sdi_hap *hap)
{
	for (size_t i = 0; i < hap->gateway->n_hosts; i++) {
		const struct sdi_client_cert *cert = hap->gateway->hosts[i].client_cert;
		size_t k = 0;
		while (cert && k < hap->client_certs.n && !same(hap->client_certs.p[k], cert))
			k++;
		if (cert && k == hap->client_certs.n)
			*sdi_vec_push(&hap->client_certs, hap->scratch) = cert;
	}
}

void sdi_hap_client_cert_flag(const struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host,
                              const struct sdi_route *route)
{
	if (sdi_route_is_acme(route))
		return;
	for (size_t k = 0; host->client_cert && k < hap->client_certs.n; k++)
		if (same(hap->client_certs.p[k], host->client_cert)) {
			conf_lit(map, "|cc");
			conf_uint(map, k);
			conf_lit(map, ".");
			return;
		}
}

static bool add_file(struct sdi_hap *hap, const struct sdi_client_cert *cert, const char *suffix, struct sdi_str text)
{
	struct sdi_str name = sdi_arena_printf(hap->scratch, "ca/%.*s%s", SDI_STR_ARG(cert->id), suffix);
	struct sdi_buf *file = text.n ? sdi_bundle_file(hap->bundle, name, 0644, false) : NULL;
	if (file)
		sdi_buf_add(file, text);
	return file || !text.n;
}

/* HAProxy knows the number of what is wrong with a certificate; NGINX sends OpenSSL's words. */
static bool add_words(struct sdi_hap *hap)
{
	enum { CODES = 95 };
	struct sdi_buf *map = sdi_bundle_file(hap->bundle, SDI_STR("maps/x509.map"), 0644, false);
	for (long code = 1; map && code < CODES; code++) {
		conf_uint(map, (uint64_t)code);
		sdi_buf_printf(map, " %s\n", X509_verify_cert_error_string(code));
	}
	return map;
}

bool sdi_hap_add_client_certs(struct sdi_hap *hap)
{
	struct sdi_map done = { .arena = hap->scratch };
	for (size_t k = 0; k < hap->client_certs.n; k++) {
		const struct sdi_client_cert *cert = hap->client_certs.p[k];
		void **slot = cert->refuse ? NULL : sdi_map_put(&done, cert->id);
		if (!slot || *slot)
			continue;
		*slot = hap; /* only ever asked whether it is NULL */
		if (!add_file(hap, cert, ".pem", cert->ca_pem) || !add_file(hap, cert, ".crl", cert->crl_pem))
			return false;
	}
	return !hap->client_certs.n || add_words(hap);
}

void sdi_hap_client_cert_options(struct sdi_buf *list, const struct sdi_host *host)
{
	const struct sdi_client_cert *cert = host ? host->client_cert : NULL;
	if (!cert || cert->refuse || cert->verify == SDI_VERIFY_OFF)
		return;
	conf_lit(list, "ca-file ca/");
	sdi_hap_name(list, cert->id);
	conf_lit(list, ".pem");
	if (cert->crl_pem.n) {
		conf_lit(list, " crl-file ca/");
		sdi_hap_name(list, cert->id);
		conf_lit(list, ".crl");
	}
	conf_lit(list, " verify optional");
}

/* The start of a rule's condition. */
static void write_if(struct sdi_buf *cfg, size_t k)
{
	sdi_buf_printf(cfg, " if { var(txn.to) -m sub |cc%zu. }", k);
}

static void write_bad(struct sdi_buf *cfg, const struct sdi_client_cert *cert, size_t k, const char *more)
{
	if (cert->error_page.n) {
		conf_lit(cfg, "\thttp-request redirect code 302 location ");
		sdi_hap_format(cfg, cert->error_page);
	} else {
		conf_lit(cfg, "\thttp-request deny deny_status 400");
	}
	write_if(cfg, k);
	sdi_buf_printf(cfg, " %s\n", more);
}

static void write_judgement(struct sdi_buf *cfg, const struct sdi_client_cert *cert, size_t k, bool tls)
{
	if (!tls) {
		if (cert->verify == SDI_VERIFY_ON)
			write_bad(cfg, cert, k, STAYS);
		return;
	}
	if (cert->verify == SDI_VERIFY_OFF)
		return;
	/* a connection is for the name that it was made for: another host may ask for less */
	conf_lit(cfg,
	         "\thttp-request return status 421 content-type text/plain string \"misdirected request - 421\\n\"");
	write_if(cfg, k);
	conf_lit(cfg, " { ssl_fc_sni -m found } !{ ssl_fc_sni,lower,strcmp(txn.host) eq 0 }\n");
	if (cert->verify == SDI_VERIFY_ON)
		write_bad(cfg, cert, k, "!{ ssl_c_used }");
	write_bad(cfg, cert, k, "{ ssl_c_used } !{ ssl_fc_sni -m found }"); /* asked for by nobody here */
	/* those that NGINX calls optional: nobody knows who issued it */
	write_bad(cfg, cert, k,
	          cert->verify == SDI_VERIFY_OPTIONAL_NO_CA ? "{ ssl_c_used } !{ ssl_c_verify 0 18 19 20 21 27 }" :
	                                                      "{ ssl_c_used } !{ ssl_c_verify 0 }");
}

static void write_match(struct sdi_buf *cfg, const struct sdi_client_cert *cert, size_t k, bool tls)
{
	if (!cert->match.n)
		return;
	if (tls) {
		sdi_buf_printf(cfg, "\tacl cert_subject%zu ssl_c_s_dn(,0,rfc2253) -m reg -- ", k);
		sdi_hap_word(cfg, cert->match);
		conf_lit(cfg, "\n");
	}
	conf_lit(cfg, "\thttp-request return status 403 content-type text/plain string \"403 Forbidden\\n\"");
	write_if(cfg, k);
	if (tls)
		sdi_buf_printf(cfg, " !cert_subject%zu\n", k);
	else
		conf_lit(cfg, " " STAYS "\n");
}

/* The PEM text percent-encoded, as NGINX has it. */
static void write_pass(struct sdi_buf *cfg, size_t k)
{
	conf_lit(cfg, "\thttp-request set-header ssl-client-cert '-----BEGIN%%20CERTIFICATE-----%%0A"
	              "%[ssl_c_der,base64,regsub(\"(.{64})\",\"\\1_\",g),url_enc,regsub(_,%0A,g)]"
	              "%%0A-----END%%20CERTIFICATE-----%%0A'");
	write_if(cfg, k);
	conf_lit(cfg, " { ssl_c_used }\n");
}

static void write_refusal(struct sdi_buf *cfg, size_t k)
{
	conf_lit(cfg, "\thttp-request return status 403 content-type text/plain string \"403 Forbidden\\n\"");
	write_if(cfg, k);
	conf_lit(cfg, "\n");
}

/* Once for all: what the client claims goes, what is known comes. */
static void write_headers(struct sdi_buf *cfg, bool tls)
{
	conf_lit(cfg, "\thttp-request del-header ssl-client- -m beg if { var(txn.to) -m sub |cc }\n");
	if (!tls)
		return;
	conf_lit(cfg, "\thttp-request set-var(txn.cert_verify) str(NONE)\n"
	              "\thttp-request set-var(txn.cert_verify) str(SUCCESS) if { ssl_c_used } { ssl_c_verify 0 }\n"
	              "\thttp-request set-var-fmt(txn.cert_verify) "
	              "'FAILED:%[ssl_c_verify,map_int(maps/x509.map,unknown)]' if { ssl_c_used } !{ ssl_c_verify 0 }\n"
	              "\thttp-request set-header ssl-client-verify %[var(txn.cert_verify)]"
	              " if { var(txn.to) -m sub |cc }\n"
	              "\thttp-request set-header ssl-client-subject-dn %[ssl_c_s_dn(,0,rfc2253)]"
	              " if { var(txn.to) -m sub |cc } { ssl_c_used }\n"
	              "\thttp-request set-header ssl-client-issuer-dn %[ssl_c_i_dn(,0,rfc2253)]"
	              " if { var(txn.to) -m sub |cc } { ssl_c_used }\n");
}

void sdi_hap_frontend_auth(struct sdi_hap *hap, bool tls)
{
	if (!hap->client_certs.n)
		return;
	if (!tls)
		conf_lit(hap->cfg, "\thttp-request set-var(txn.cert_plain) bool(true) if !{ var(txn.to) -m sub |tls }"
		                   " || { var(txn.path) -m beg /.well-known/acme-challenge/ }"
		                   " || !{ req.fhdr(host) -m found }\n");
	for (size_t k = 0; k < hap->client_certs.n; k++) {
		const struct sdi_client_cert *cert = hap->client_certs.p[k];
		if (cert->refuse) {
			write_refusal(hap->cfg, k);
			continue;
		}
		write_judgement(hap->cfg, cert, k, tls);
		write_match(hap->cfg, cert, k, tls);
	}
	write_headers(hap->cfg, tls);
	for (size_t k = 0; k < hap->client_certs.n && tls; k++)
		if (hap->client_certs.p[k]->pass)
			write_pass(hap->cfg, k);
}
