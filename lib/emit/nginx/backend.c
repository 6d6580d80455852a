/* SPDX-License-Identifier: BSD-3-Clause */
/* Backends as upstreams, all of IP addresses: NGINX does not start when it can't look a name up. */
#include "nginx.h"
#include "quote.h"

/* The name behind an ExternalName service, its only server; NULL: a backend of addresses. */
const struct sdi_server *sdi_nginx_external(const struct sdi_backend *backend)
{
	return backend->n_servers && backend->servers[0].name ? &backend->servers[0] : NULL;
}

/* Idle connections of each worker. Their room is set aside for every upstream, used or not: 150 bytes each. */
void sdi_nginx_write_keepalive(struct sdi_nginx *ng)
{
	if (sdi_knob_or(&ng->gateway->globals, SDI_KNOB_IDLE_CONNECTIONS, 1))
		sdi_nginx_write_knobs(ng, SDI_NGINX_UPSTREAM, "\t\t");
	else
		sdi_nginx_write_no_keepalive(ng);
}

void sdi_nginx_write_no_keepalive(struct sdi_nginx *ng)
{
	if (sdi_version_at_least(ng->version, 1,
	                         30)) /* 1.29.7 keeps some by itself; before, 0 is not a number of them */
		conf_lit(ng->out, "\t\tkeepalive 0;\n");
}

bool sdi_nginx_can_reach(const struct sdi_nginx *ng, const struct sdi_backend *backend)
{
	return backend->n_servers && (!sdi_nginx_external(backend) || sdi_nginx_has_resolver(ng));
}

void sdi_nginx_write_backend(struct sdi_nginx *ng, const struct sdi_backend *backend, struct sdi_str name)
{
	if (!backend->n_servers || sdi_nginx_external(backend)) /* an upstream without servers is an error */
		return;
	conf_lit(ng->out, "\tupstream ");
	sdi_nginx_name(ng->out, name);
	conf_lit(ng->out, " {\n");
	for (size_t i = 0; i < backend->n_servers; i++) {
		const struct sdi_server *server = &backend->servers[i];
		conf_lit(ng->out, "\t\tserver ");
		sdi_nginx_address(ng->out, server->address, server->port);
		/* NGINX would leave an endpoint alone for 10 s after one failure: a slow path could take all of them
		 * away from all others. */
		sdi_buf_add(ng->out, backend->n_servers > 1 ? SDI_STR(" max_fails=0;\n") : SDI_STR(";\n"));
	}
	sdi_nginx_write_keepalive(ng);
	conf_lit(ng->out, "\t}\n");
}

void sdi_nginx_write_backends(struct sdi_nginx *ng)
{
	for (size_t i = 0; i < ng->gateway->n_backends && !ng->out->failed; i++) {
		const struct sdi_backend *backend = ng->gateway->backends[i];
		const struct sdi_server *server = sdi_nginx_external(backend);
		sdi_nginx_write_backend(ng, backend, backend->id);
		if (!server || sdi_nginx_has_resolver(ng))
			continue;
		ng->diag.subject = (struct sdi_subject){ "Service", backend->ns, backend->service, { "", 0, 0 } };
		sdi_diag_add(&ng->diag, SDI_REASON_TARGET_CANT, "spec.externalName",
		             "NGINX needs the address of a DNS server to look \"%s\" up, so its paths answer 503; "
		             "give one with the setting \"resolver\"",
		             sdi_show(&ng->diag, server->address));
	}
	sdi_nginx_write_own_upstreams(ng);
	sdi_nginx_http_destinations(ng);
}

bool sdi_nginx_write_proxy_pass(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_backend *backend = place->route->backend;
	const struct sdi_server *server = sdi_nginx_external(backend);
	if (!sdi_nginx_can_reach(ng, backend))
		return false;
	size_t before = ng->out->n;
	sdi_buf_add(ng->out, sdi_nginx_pass_scheme(place->policy));
	if (sdi_nginx_write_choice(ng, place)) {
		/* decides per request */
	} else if (server) {
		if (!sdi_nginx_dns_name(ng->out, server->address)) {
			ng->out->n = before;
			return false;
		}
		sdi_buf_char(ng->out, ':');
		conf_uint(ng->out, server->port);
		conf_lit(ng->out, "$sdi_nothing"); /* any variable makes NGINX look the name up when it serves */
	} else {
		sdi_nginx_write_upstream_name(ng, place->policy, backend);
	}
	sdi_buf_char(ng->out, ';');
	return true;
}
