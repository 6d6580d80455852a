/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of the NGINX emitter share. One nginx.conf is written from top to bottom:
 *
 *     sdi_nginx_write_globals(&ng);     the main and events contexts, and http up to the first block
 *     sdi_nginx_write_backends(&ng);    one upstream per backend
 *     sdi_nginx_write_servers(&ng);     one server per host, its routes by sdi_nginx_write_locations()
 *
 * All that requests have in common stands once, in http: NGINX copies nothing for what a server or location inherits,
 * but it sets up every module (7 KB) for each server, location, "if" and upstream. So their number is what memory
 * costs, not what is in them.
 */
#ifndef SDI_EMIT_NGINX_H
#define SDI_EMIT_NGINX_H

#include "../conf.h"
#include "../emit.h"

struct sdi_nginx {
	const struct sdi_gateway *gateway;
	const struct sdi_settings *settings;
	struct sdi_version_number version;
	struct sdi_bundle *bundle;
	struct sdi_buf *out;       /* nginx.conf */
	struct sdi_arena *scratch; /* jumps when out of memory */
	struct sdi_diag_ctx diag;
};

void sdi_nginx_write_globals(struct sdi_nginx *ng);
void sdi_nginx_write_backends(struct sdi_nginx *ng);
void sdi_nginx_write_servers(struct sdi_nginx *ng);
void sdi_nginx_write_locations(struct sdi_nginx *ng, const struct sdi_host *host);

/* The redirect that all of @host answers plain HTTP with, NULL when its routes differ in that. */
const struct sdi_tls_redirect *sdi_nginx_host_redirect(const struct sdi_host *host);
void sdi_nginx_write_redirect(struct sdi_nginx *ng, const struct sdi_tls_redirect *redirect);

/* Where "proxy_pass" sends to, without a URI: the request then goes out as the client sent it. False: nothing is
 * written, since no server of @backend can be reached; it answers 503. */
bool sdi_nginx_write_proxy_pass(struct sdi_nginx *ng, const struct sdi_backend *backend);

/* Whether @ng can look names up when it serves. */
/* The server that is a DNS name; NULL: all are addresses. */
const struct sdi_server *sdi_nginx_external(const struct sdi_backend *backend);

bool sdi_nginx_has_resolver(const struct sdi_nginx *ng);

/* The files of all certificates; false when out of memory. */
bool sdi_nginx_add_certificates(struct sdi_nginx *ng);
/* The directives that give a server its certificate; NULL: that of the default server, or a refused handshake. */
void sdi_nginx_write_certificate(struct sdi_nginx *ng, const struct sdi_certificate *certificate);

#endif
