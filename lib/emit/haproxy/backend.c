/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One section per backend, as short as it can be: there may be tens of thousands, all else is in "defaults". One
 * without servers stays, since servers may come at run time; until then HAProxy answers 503.
 *
 * A server is named after its address and port: the same pod keeps its name, whatever comes and goes beside it.
 */
#include "haproxy.h"
#include "quote.h"

static void write_server(struct sdi_buf *cfg, const struct sdi_server *server)
{
	conf_lit(cfg, "\tserver ");
	sdi_hap_name(cfg, server->address);
	conf_lit(cfg, ":");
	conf_uint(cfg, server->port);
	conf_lit(cfg, " ");
	sdi_hap_address(cfg, server->address, server->port);
	if (server->name) /* down until it was resolved, so no name can keep HAProxy from starting */
		conf_lit(cfg, " resolvers dns init-addr none resolve-prefer ipv4");
	conf_lit(cfg, "\n");
}

void sdi_hap_write_backends(struct sdi_hap *hap)
{
	const struct sdi_gateway *gateway = hap->gateway;
	for (size_t i = 0; i < gateway->n_backends; i++) {
		const struct sdi_backend *backend = gateway->backends[i];
		conf_lit(hap->cfg, "\nbackend ");
		sdi_hap_name(hap->cfg, backend->id);
		conf_lit(hap->cfg, "\n");
		for (size_t k = 0; k < backend->n_servers; k++)
			write_server(hap->cfg, &backend->servers[k]);
	}
}
