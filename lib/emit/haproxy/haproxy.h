/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of the HAProxy emitter share. haproxy.cfg is written from top to bottom:
 *
 *     sdi_hap_write_globals(&hap);      global, defaults, resolvers, and the error files
 *     sdi_hap_write_frontends(&hap);    http and https; they route by maps/routes.map, see maps.c
 *     sdi_hap_write_backends(&hap);     one section per backend
 *
 * A request costs the same whatever the number of hosts: no rule of a frontend is about one host, and backends are
 * found by name. Hence what a host or path brings with it goes to the map, as a flag behind its target.
 */
#ifndef SDI_EMIT_HAPROXY_H
#define SDI_EMIT_HAPROXY_H

#include "../../base/map.h"
#include "../emit.h"

struct sdi_hap {
	const struct sdi_gateway *gateway;
	const struct sdi_settings *settings;
	struct sdi_version_number version;
	struct sdi_bundle *bundle;
	struct sdi_buf *cfg; /* haproxy.cfg */
	struct sdi_diag_ctx diag;
	unsigned redirects; /* bit per row of sdi_hap_redirects that a route uses */
	bool tls;           /* an HTTPS listener is wanted and has a certificate */
	bool names;         /* a server is a DNS name */
};

/* The codes of TLS redirects and what a route that asks for one has in its map value: "|tls308", "|tls308:8443". */
enum { SDI_HAP_REDIRECTS = 5 };
struct sdi_hap_redirect {
	unsigned code;
	const char *flag;
};
extern const struct sdi_hap_redirect sdi_hap_redirects[SDI_HAP_REDIRECTS];

extern const struct sdi_cap sdi_hap_caps[SDI_FIELD__COUNT];

#define SDI_HAP_ROUTES_MAP "maps/routes.map"
#define SDI_HAP_CRT_LIST "crt-list.txt"

/* These return false when out of memory before there was a buffer to show it. */
bool sdi_hap_write_globals(struct sdi_hap *hap);
bool sdi_hap_add_map(struct sdi_hap *hap);
bool sdi_hap_add_certificates(struct sdi_hap *hap);

void sdi_hap_write_frontends(struct sdi_hap *hap);
void sdi_hap_write_backends(struct sdi_hap *hap);

#endif
