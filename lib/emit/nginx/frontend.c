/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Virtual hosts as server blocks. The default server is the gateway's host "", so a request whose host has a block of
 * its own never gets there, whatever its path.
 */
#include "nginx.h"
#include "quote.h"

/* One listening address; "" stands for all of IPv4. @options only once for each: NGINX keeps them by address. */
static void write_listen(struct sdi_nginx *ng, struct sdi_str address, unsigned port, const char *options,
                         const char *protocol)
{
	conf_lit(ng->out, "\t\tlisten ");
	if (!address.n)
		conf_uint(ng->out, port);
	else
		sdi_nginx_address(ng->out, address, port);
	sdi_buf_printf(ng->out, "%s%s;\n", options, protocol);
}

void sdi_nginx_write_listens(struct sdi_nginx *ng, unsigned port, const char *options, const char *protocol)
{
	struct sdi_binds bind = sdi_emit_binds(ng->gateway, ng->settings);
	if (!port)
		return;
	for (size_t i = 0; i < bind.n; i++)
		write_listen(ng, bind.p[i], port, options, protocol);
	if (bind.n)
		return;
	write_listen(ng, SDI_STR(""), port, options, protocol);
	if (!sdi_knob_or(&ng->gateway->globals, SDI_KNOB_IPV6_OFF, 0))
		write_listen(ng, SDI_STR("::"), port, options, protocol);
}

/* What a block answers for, and as what. */
struct block {
	struct sdi_str name;
	const struct sdi_certificate *certificate;
	const struct sdi_host *host;
	bool is_default, only_tls;
};

/* A name that is no host name ends here; those of rules were checked long before. */
static void leave_out(struct sdi_nginx *ng, const struct block *block, size_t before)
{
	const struct sdi_route *route = block->host->n_routes ? &block->host->routes[0] : &block->host->fallback;
	if (ng->out->failed)
		return;
	ng->out->n = before;
	ng->diag.subject = (struct sdi_subject){ "Ingress", route->ns, route->ingress, { "", 0, 0 } };
	sdi_diag_add(&ng->diag, SDI_REASON_HOST_INVALID, "spec.rules", "\"%s\" is not a host name; it is not served",
	             sdi_show(&ng->diag, block->name));
}

static void write_ciphers(struct sdi_nginx *ng, const struct sdi_host *host)
{
	if (!ng->settings->https_port)
		return;
	if (host->ciphers.n) {
		conf_lit(ng->out, "\t\tssl_ciphers ");
		sdi_nginx_word(ng->out, host->ciphers);
		conf_lit(ng->out, ";\n");
	}
	if (host->cipher_order)
		sdi_buf_printf(ng->out, "\t\tssl_prefer_server_ciphers %s;\n",
		               host->cipher_order == SDI_ORDER_SERVER ? "on" : "off");
}

/* The operator's own for all hosts, and that of this one. */
static void write_raw(struct sdi_nginx *ng, const struct sdi_host *host)
{
	const struct sdi_raw *own = host->snippet ? host->snippet->server : NULL;
	size_t start = ng->out->n;
	sdi_nginx_write_raw(ng, ng->gateway->globals.raw[SDI_RAW_SERVER], 2);
	sdi_nginx_make_way(ng, start, own);
	sdi_nginx_write_raw(ng, own, 2);
}

static void do_once(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy,
                    struct sdi_map *done, sdi_nginx_policy_fn *fn)
{
	if (sdi_policy_is_plain(policy) || sdi_nginx_refuses(policy))
		return;
	void **slot = sdi_map_put(
		done, sdi_arena_printf(ng->scratch, "%.*s/%.*s", SDI_STR_ARG(policy->ns), SDI_STR_ARG(policy->id)));
	if (*slot)
		return;
	*slot = ng; /* only ever asked whether it is NULL */
	fn(ng, host, policy);
}

void sdi_nginx_each_policy(struct sdi_nginx *ng, const struct sdi_host *host, sdi_nginx_policy_fn *fn)
{
	struct sdi_map done = { .arena = ng->scratch };
	for (size_t i = 0; i < host->n_routes; i++)
		do_once(ng, host, host->routes[i].policy, &done, fn);
	do_once(ng, host, host->fallback.policy, &done, fn);
}

static void write_block(struct sdi_nginx *ng, const struct block *block)
{
	size_t before = ng->out->n;
	const struct sdi_globals *globals = &ng->gateway->globals;
	bool word = sdi_nginx_has_http2(ng) && !sdi_version_at_least(ng->version, 1, 26); /* else "http2 on" (1.25.1) */
	const char *tls = !block->is_default ? "" : word ? " ssl http2 default_server" : " ssl default_server";
	struct sdi_str more = SDI_STR("");
	if (block->is_default)
		more = sdi_arena_printf(ng->scratch, "%s%s", globals->proxy_protocol ? " proxy_protocol" : "",
		                        sdi_knob_or(globals, SDI_KNOB_REUSE_PORT, 0) ? " reuseport" : "");
	conf_lit(ng->out, "\tserver {\n");
	if (!block->only_tls)
		sdi_nginx_write_listens(ng, ng->settings->http_port, block->is_default ? " default_server" : "",
		                        more.p);
	if (ng->passes)
		sdi_nginx_write_passed_listen(ng, block->is_default, tls);
	else
		sdi_nginx_write_listens(ng, ng->settings->https_port, tls, more.p);
	conf_lit(ng->out, "\t\tserver_name ");
	if (!sdi_nginx_server_name(ng->out, block->name)) {
		leave_out(ng, block, before);
		return;
	}
	conf_lit(ng->out, ";\n");
	/* A server without a certificate of its own uses all that the default one says of TLS. */
	bool says = block->host->client_cert || block->host->ciphers.n || block->host->cipher_order;
	sdi_nginx_write_certificate(ng, block->certificate || !says ? block->certificate :
	                                                              ng->gateway->default_certificate);
	if (block->is_default && ng->settings->https_port && sdi_knob_or(globals, SDI_KNOB_TLS_REJECT, 0) &&
	    (block->certificate || ng->gateway->default_certificate))
		conf_lit(ng->out, "\t\tssl_reject_handshake on;\n");
	write_ciphers(ng, block->host);
	sdi_nginx_server_passthrough(ng, block->host);
	sdi_nginx_server_blocked(ng);
	const struct sdi_tls_redirect *redirect = sdi_nginx_host_redirect(ng, block->host);
	if (redirect && !block->only_tls) {
		conf_lit(ng->out, "\t\t");
		sdi_nginx_write_redirect(ng, redirect);
		sdi_buf_char(ng->out, '\n');
	}
	sdi_nginx_server_answers(ng, block->host);
	sdi_nginx_server_auth(ng, block->host);
	sdi_nginx_server_errors(ng, block->host);
	sdi_nginx_server_mirrors(ng, block->host);
	write_raw(ng, block->host);
	sdi_nginx_write_locations(ng, block->host);
	conf_lit(ng->out, "\t}\n");
}

/* Names without rules: their certificate, and the routes that the name would have without it. */
static void write_snis(struct sdi_nginx *ng)
{
	for (size_t i = 0; i < ng->gateway->n_snis && !ng->out->failed; i++) {
		const struct sdi_sni *sni = &ng->gateway->snis[i];
		write_block(ng, &(struct block){
					.name = sni->name,
					.certificate = sni->certificate,
					.host = sdi_gateway_host(ng->gateway, sni->name, ng->scratch),
					.only_tls = true,
				});
	}
}

void sdi_nginx_write_servers(struct sdi_nginx *ng)
{
	const struct sdi_gateway *gateway = ng->gateway;
	const struct sdi_host *all = &gateway->hosts[gateway->n_hosts - 1];
	if (!ng->settings->http_port && !ng->settings->https_port)
		return; /* a server without "listen" would take port 80 */
	/* First, since the options of an address must not come after others have used it. */
	write_block(ng, &(struct block){
				.name = all->name,
				.certificate = all->certificate ? all->certificate : gateway->default_certificate,
				.host = all,
				.is_default = true,
			});
	for (const struct sdi_host *host = gateway->hosts; host < all && !ng->out->failed; host++)
		write_block(ng, &(struct block){
					.name = host->name,
					.certificate = host->certificate,
					.host = host,
				});
	if (ng->settings->https_port)
		write_snis(ng);
}
