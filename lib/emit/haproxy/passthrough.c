/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLS streams that go to an endpoint unread. Once a host has that, the port of HTTPS belongs to the frontend "tls",
 * which waits for the server name and looks it up in maps/passthrough.map. All others go on to the frontend "https",
 * behind a unix socket of mode 600 and with the PROXY protocol, so that it sees the clients' own addresses.
 *
 * The key is the exact name, else "*.example.org"; the value a backend ("tls:ID": ":" is in no other name), or "-" for a
 * name that is a host of its own below such a wildcard.
 *
 * A request for such a host that came over somebody else's TLS connection is answered 421 (RFC 9110 15.5.20): browsers
 * do that where one certificate has both names, and then ask again on a connection of its own.
 */
#include "haproxy.h"
#include "quote.h"

#define MAP "maps/passthrough.map"
#define SOCKET_NAME "/https.sock"

/* How long nothing may be sent, once the first bytes are through: who speaks HTTP behind it has limits of its own, and
 * a client that is gone is found out by TCP. */
#define IDLE "24h"

bool sdi_hap_passes(struct sdi_hap *hap)
{
	if (!hap->settings->https_port || !sdi_gateway_passes(hap->gateway))
		return false;
	if (sdi_hap_socket_path(hap, SOCKET_NAME, &hap->socket))
		return true;
	hap->closes = true;
	hap->diag.subject = (struct sdi_subject){ .kind = "Settings", .origin = { .file = "" } };
	sdi_diag_add(
		&hap->diag, SDI_REASON_PROTECTION_DENIED, "runtime-dir",
		"the path is too long for a unix socket, which ssl-passthrough needs, so its hosts answer 503; give "
		"a folder of at most %zu bytes with --runtime-dir",
		SDI_HAP_SOCKET_BYTES - (sizeof(SOCKET_NAME) - 1));
	return false;
}

/* The wildcard that covers @name passes its streams on. */
static bool is_below(const struct sdi_map *wildcards, struct sdi_str name)
{
	ptrdiff_t dot = sdi_str_find(name, '.');
	return dot > 0 && name.p[0] != '*' && sdi_map_get(wildcards, sdi_str_from(name, (size_t)dot));
}

/* Those whose streams are passed on, without their "*". */
static struct sdi_map collect_wildcards(struct sdi_hap *hap, bool *ret_any)
{
	struct sdi_map wildcards = { .arena = hap->scratch };
	*ret_any = false;
	for (size_t i = 0; i < hap->gateway->n_hosts; i++) {
		const struct sdi_host *host = &hap->gateway->hosts[i];
		if (!host->passthrough || sdi_host_group(host->name) != 1)
			continue;
		*sdi_map_put(&wildcards, sdi_str_from(host->name, 1)) = (void *)host;
		*ret_any = true;
	}
	return wildcards;
}

static bool add_map(struct sdi_hap *hap, const struct sdi_map *wildcards)
{
	struct sdi_buf *map = sdi_bundle_file(hap->bundle, SDI_STR(MAP), 0644, false);
	for (size_t i = 0; map && i < hap->gateway->n_hosts; i++) {
		const struct sdi_host *host = &hap->gateway->hosts[i];
		if (sdi_host_group(host->name) > 1 || (!host->passthrough && !is_below(wildcards, host->name)))
			continue;
		sdi_hap_name(map, host->name);
		if (host->passthrough) {
			conf_lit(map, " tls:");
			sdi_hap_name(map, host->passthrough->id);
			conf_lit(map, "\n");
		} else {
			conf_lit(map, " -\n");
		}
	}
	return map;
}

static void write_front(struct sdi_hap *hap, bool wildcards)
{
	const struct sdi_cidrs *blocked = &hap->gateway->globals.blocked;
	conf_lit(hap->cfg, "\nfrontend tls\n\tmode tcp\n");
	sdi_hap_write_binds(hap, hap->settings->https_port, false, sdi_hap_all_begin_with_proxy(hap));
	sdi_hap_stream_log(hap, NULL);
	conf_lit(hap->cfg, "\toption clitcpka\n");
	sdi_hap_frontend_protocol(hap);
	conf_lit(hap->cfg, "\ttcp-request inspect-delay 5s\n"
	                   "\ttcp-request content set-var(sess.to) req.ssl_sni,lower,map(" MAP ")"
	                   " if { req.ssl_sni -m found }\n");
	if (wildcards)
		conf_lit(hap->cfg, "\ttcp-request content set-var(sess.to) "
		                   "'req.ssl_sni,lower,regsub(\"^[^.]*\",*),map(" MAP ")'"
		                   " if { req.ssl_sni -m found } !{ var(sess.to) -m found }\n");
	if (blocked->n) { /* to where they are told so */
		sdi_hap_write_list(hap, "blocked", blocked);
		conf_lit(hap->cfg, "\ttcp-request content unset-var(sess.to) if");
		sdi_hap_write_listed(hap, "blocked", blocked);
		conf_lit(hap->cfg, "\n");
	}
	conf_lit(hap->cfg, "\ttcp-request content unset-var(sess.to) if { var(sess.to) -m str -- - }\n");
	sdi_buf_add(hap->cfg, hap->tls ? SDI_STR("\ttcp-request content set-log-level silent") :
	                                 SDI_STR("\ttcp-request content reject"));
	conf_lit(hap->cfg, " unless { var(sess.to) -m found }\n"
	                   "\tuse_backend %[var(sess.to)] if { var(sess.to) -m found }\n");
	if (hap->tls)
		conf_lit(hap->cfg, "\tdefault_backend tls:https\n");
}

static void write_section(struct sdi_hap *hap, struct sdi_str name)
{
	conf_lit(hap->cfg, "\nbackend tls:");
	sdi_hap_name(hap->cfg, name);
	conf_lit(hap->cfg, "\n\tmode tcp\n\toption srvtcpka\n\ttimeout tunnel " IDLE "\n");
}

static void write_here(struct sdi_hap *hap)
{
	write_section(hap, SDI_STR("https"));
	conf_lit(hap->cfg, "\tserver https ");
	sdi_hap_word(hap->cfg, sdi_arena_printf(hap->scratch, "unix@%.*s", SDI_STR_ARG(hap->socket)));
	conf_lit(hap->cfg, " send-proxy-v2\n");
}

bool sdi_hap_write_passthrough(struct sdi_hap *hap)
{
	bool any;
	if (!hap->passes)
		return true;
	struct sdi_map wildcards = collect_wildcards(hap, &any), written = { .arena = hap->scratch };
	write_front(hap, any);
	if (hap->tls)
		write_here(hap);
	for (size_t i = 0; i < hap->gateway->n_hosts; i++) {
		const struct sdi_backend *backend = hap->gateway->hosts[i].passthrough;
		void **slot = backend ? sdi_map_put(&written, backend->id) : NULL;
		if (!slot || *slot)
			continue;
		*slot = (void *)backend;
		write_section(hap, backend->id);
		sdi_hap_write_plain_servers(hap, backend, SDI_STR("\n"));
	}
	return add_map(hap, &wildcards);
}

void sdi_hap_write_bind_passed(struct sdi_hap *hap)
{
	conf_lit(hap->cfg, "\tbind ");
	sdi_hap_word(hap->cfg, sdi_arena_printf(hap->scratch, "unix@%.*s", SDI_STR_ARG(hap->socket)));
	conf_lit(hap->cfg, " mode 600");
}

void sdi_hap_frontend_passthrough(struct sdi_hap *hap)
{
	if (hap->passes)
		conf_lit(hap->cfg,
		         "\thttp-request return status 421 content-type text/plain "
		         "string \"misdirected request - 421\\n\" if { var(txn.to) -m sub " SDI_HAP_PASSED_FLAG " }\n");
}
