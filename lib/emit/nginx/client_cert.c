/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Client certificates of a host. NGINX asks for them in the handshake and answers 400 itself; over plain HTTP, where
 * there is none to ask for, the host answers as if the client had none.
 */
#include "../../base/map.h"
#include "../../gateway/auth.h"
#include "nginx.h"
#include "quote.h"

static const struct {
	struct sdi_str name;
	const char *value;
} headers[] = {
	{ SDI_STR_INIT("ssl-client-cert"), "$ssl_client_escaped_cert" }, /* when it is to be passed on */
	{ SDI_STR_INIT("ssl-client-verify"), "$ssl_client_verify" },
	{ SDI_STR_INIT("ssl-client-subject-dn"), "$ssl_client_s_dn" },
	{ SDI_STR_INIT("ssl-client-issuer-dn"), "$ssl_client_i_dn" },
};
enum { HEADERS = sizeof(headers) / sizeof(headers[0]) };

static const char *value_of(const struct sdi_client_cert *cert, size_t i)
{
	return i == 0 && !cert->pass ? "\"\"" : headers[i].value;
}

void sdi_nginx_client_cert_headers(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy)
{
	const struct sdi_client_cert *cert = host->client_cert;
	for (size_t i = 0; i < HEADERS && cert && !cert->refuse; i++) {
		sdi_nginx_set_header(ng, policy, headers[i].name);
		sdi_buf_printf(ng->out, "%s;\n", value_of(cert, i));
	}
}

static void write_file_name(struct sdi_buf *out, const struct sdi_client_cert *cert, const char *suffix)
{
	conf_lit(out, "ca/");
	sdi_nginx_name(out, cert->id);
	sdi_buf_add(out, sdi_str_c(suffix));
}

static void write_verification(struct sdi_nginx *ng, const struct sdi_client_cert *cert)
{
	static const char *const words[] = { "on", "off", "optional", "optional_no_ca" };
	if (!ng->settings->https_port)
		return;
	conf_lit(ng->out, "\t\tssl_client_certificate ");
	write_file_name(ng->out, cert, ".pem");
	if (cert->crl_pem.n) {
		conf_lit(ng->out, ";\n\t\tssl_crl ");
		write_file_name(ng->out, cert, ".crl");
	}
	sdi_buf_printf(ng->out, ";\n\t\tssl_verify_client %s;\n\t\tssl_verify_depth %u;\n", words[cert->verify],
	               cert->depth);
	if (cert->error_page.n) {
		conf_lit(ng->out, "\t\terror_page 495 496 = ");
		sdi_nginx_literal(ng->out, cert->error_page);
		conf_lit(ng->out, ";\n");
	}
}

static bool is_redirected(const struct sdi_host *host)
{
	for (size_t i = 0; i < host->n_routes; i++)
		if (!sdi_route_is_acme(&host->routes[i]) &&
		    !sdi_policy_has(host->routes[i].policy, SDI_FIELD_TLS_REDIRECT))
			return false;
	return sdi_policy_has(host->fallback.policy, SDI_FIELD_TLS_REDIRECT) ||
	       (host->n_routes && host->routes[host->n_routes - 1].path.n == 1);
}

/* $sdi_open is not empty on routes for ACME challenges. No subject has a colon before its first "=". */
static void write_open(struct sdi_nginx *ng, const struct sdi_host *host)
{
	conf_lit(ng->out, "\t\tset $sdi_open \"\";\n");
	for (size_t i = 0; i < host->n_routes; i++) {
		const struct sdi_route *route = &host->routes[i];
		bool cut;
		size_t before = ng->out->n;
		if (!sdi_route_is_acme(route))
			continue;
		conf_lit(ng->out, "\t\tif ($uri ~ ");
		sdi_nginx_path_regex(ng->out, route->path, route->match == SDI_MATCH_EXACT, &cut);
		conf_lit(ng->out, ") { set $sdi_open open:; }\n");
		if (cut && !ng->out->failed)
			ng->out->n = before;
	}
}

/* A certificate is wanted, and plain HTTP does not lead to where it is asked for. */
static void write_plain(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_client_cert *cert)
{
	if (cert->verify != SDI_VERIFY_ON)
		return;
	/* $sdi_plain: redirects hold for this path */
	sdi_buf_printf(ng->out, "\t\tset $sdi_subject \"$sdi_open$https%s\";\n\t\tif ($sdi_subject = \"\") { return ",
	               is_redirected(host) ? "$sdi_plain" : "");
	if (cert->error_page.n) {
		conf_lit(ng->out, "302 ");
		sdi_nginx_literal(ng->out, cert->error_page);
	} else {
		conf_lit(ng->out, "400");
	}
	conf_lit(ng->out, "; }\n");
}

static void write_match(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_client_cert *cert)
{
	if (!cert->match.n)
		return;
	struct sdi_str regex = sdi_arena_printf(ng->scratch, "^open:|(?:%.*s)", SDI_STR_ARG(cert->match));
	conf_lit(ng->out, "\t\tset $sdi_subject \"$sdi_open$ssl_client_s_dn\";\n");
	if (is_redirected(host)) /* plain HTTP: the location says where to */
		conf_lit(ng->out, "\t\tif ($sdi_plain) { set $sdi_subject open:; }\n");
	conf_lit(ng->out, "\t\tif ($sdi_subject !~ ");
	sdi_nginx_word(ng->out, regex);
	conf_lit(ng->out, ") { return 403; }\n");
}

void sdi_nginx_server_client_cert(struct sdi_nginx *ng, const struct sdi_host *host)
{
	const struct sdi_client_cert *cert = host->client_cert;
	if (!cert)
		return;
	if (cert->refuse) {
		write_open(ng, host);
		conf_lit(ng->out, "\t\tif ($sdi_open = \"\") { return 403; }\n");
		return;
	}
	write_verification(ng, cert);
	write_open(ng, host);
	write_plain(ng, host, cert);
	write_match(ng, host, cert);
	sdi_nginx_write_usual_headers(ng->out, "\t\t");
	for (size_t i = 0; i < HEADERS; i++)
		sdi_buf_printf(ng->out, "\t\tproxy_set_header %s %s;\n", headers[i].name.p, value_of(cert, i));
}

static bool add_file(struct sdi_nginx *ng, const struct sdi_client_cert *cert, const char *suffix, struct sdi_str text)
{
	struct sdi_str name = sdi_arena_printf(ng->scratch, "ca/%.*s%s", SDI_STR_ARG(cert->id), suffix);
	struct sdi_buf *file = text.n ? sdi_bundle_file(ng->bundle, name, 0644, false) : NULL;
	if (file)
		sdi_buf_add(file, text);
	return file || !text.n;
}

bool sdi_nginx_add_client_certs(struct sdi_nginx *ng)
{
	struct sdi_map done = { .arena = ng->scratch };
	for (size_t i = 0; i < ng->gateway->n_hosts && ng->settings->https_port; i++) {
		const struct sdi_client_cert *cert = ng->gateway->hosts[i].client_cert;
		void **slot = cert && !cert->refuse ? sdi_map_put(&done, cert->id) : NULL;
		if (!slot || *slot)
			continue;
		*slot = ng; /* only ever asked whether it is NULL */
		if (!add_file(ng, cert, ".pem", cert->ca_pem) || !add_file(ng, cert, ".crl", cert->crl_pem))
			return false;
	}
	return true;
}
