/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who the client is and how it came, where a proxy in front of this one says so, and who is kept out altogether.
 *
 * The list of addresses that a request came through is gone up from its end as long as the one before is trusted, as
 * NGINX does it ("real_ip_recursive"), HOPS at most.
 */
#include "haproxy.h"
#include "quote.h"

enum { HOPS = 10 };

#define TRUSTED "{ var(txn.trusted) -m bool }"
#define FORBIDDEN "\thttp-request return status 403 content-type text/plain string \"403 Forbidden\\n\" if "

static const struct sdi_globals *globals_of(const struct sdi_hap *hap)
{
	return &hap->gateway->globals;
}

static bool trusts_all(const struct sdi_globals *globals)
{
	return globals->trusted.n && !globals->trusted.p[0].ipv6 && globals->trusted.p[0].length == 0;
}

/* Else only trusted senders begin with it. */
bool sdi_hap_all_begin_with_proxy(const struct sdi_hap *hap)
{
	return globals_of(hap)->proxy_protocol && trusts_all(globals_of(hap));
}

void sdi_hap_frontend_protocol(struct sdi_hap *hap)
{
	if (!globals_of(hap)->proxy_protocol || sdi_hap_all_begin_with_proxy(hap))
		return;
	sdi_hap_write_list(hap, "sender", &globals_of(hap)->trusted);
	conf_lit(hap->cfg, "\ttcp-request connection expect-proxy layer4 if");
	sdi_hap_write_listed(hap, "sender", &globals_of(hap)->trusted);
	conf_lit(hap->cfg, "\n");
}

/* Whether the address that the request seems to come from now is trusted. */
static void write_trust(struct sdi_hap *hap)
{
	conf_lit(hap->cfg, "\thttp-request set-var(txn.trusted) bool(false)\n"
	                   "\thttp-request set-var(txn.trusted) bool(true) if");
	sdi_hap_write_listed(hap, "trusted", &globals_of(hap)->trusted);
	conf_lit(hap->cfg, "\n");
}

static void write_hops(struct sdi_hap *hap)
{
	struct sdi_str header = globals_of(hap)->client_header;
	sdi_hap_write_list(hap, "trusted", &globals_of(hap)->trusted);
	conf_lit(hap->cfg, "\thttp-request set-var(txn.peer) src\n");
	for (int i = 1; i <= HOPS; i++) {
		write_trust(hap);
		if (i == 1)
			conf_lit(hap->cfg, "\thttp-request set-var(txn.told) bool(true) if " TRUSTED "\n");
		sdi_buf_printf(hap->cfg, "\thttp-request set-var(txn.hop%d) req.hdr_ip(%.*s,-%d) if " TRUSTED, i,
		               SDI_STR_ARG(header), i);
		if (i > 1) /* what is no address ends the list */
			sdi_buf_printf(hap->cfg, " { var(txn.hop%d) -m found }", i - 1);
		sdi_buf_printf(hap->cfg, "\n\thttp-request set-src var(txn.hop%d) if { var(txn.hop%d) -m found }\n", i,
		               i);
	}
}

static void write_told(struct sdi_hap *hap, const char *name, const char *header, const char *pattern)
{
	sdi_buf_printf(hap->cfg,
	               "\thttp-request set-var(txn.%s) req.fhdr(x-forwarded-%s) if { var(txn.told) -m bool }"
	               " { req.fhdr(x-forwarded-%s) -m reg '^%s$' }\n",
	               name, header, header, pattern);
}

static void write_scheme(struct sdi_hap *hap, struct sdi_str scheme, unsigned port)
{
	const struct sdi_globals *globals = globals_of(hap);
	sdi_buf_printf(hap->cfg, "\thttp-request set-var(txn.scheme) str(%.*s)\n\thttp-request set-var(txn.port) ",
	               SDI_STR_ARG(scheme));
	if (globals->proxy_protocol)
		conf_lit(hap->cfg, "dst_port\n\thttp-request set-var(txn.scheme) str(https) if { dst_port 443 }\n");
	else
		sdi_buf_printf(hap->cfg, "int(%u)\n", port);
	if (!globals->forwarded)
		return;
	write_told(hap, "scheme", "proto", "[A-Za-z0-9+.-]{1,32}");
	write_told(hap, "port", "port", "[0-9]{1,5}");
}

/* At the start of a frontend: the client's address, so that all lists and limits go by it; scheme and port. */
void sdi_hap_frontend_client(struct sdi_hap *hap, struct sdi_str scheme, unsigned port)
{
	const struct sdi_globals *globals = globals_of(hap);
	if (globals->real_ip)
		write_hops(hap);
	if (sdi_globals_tell_scheme(globals))
		write_scheme(hap, scheme, port);
}

/* The end of a rule that is for requests that did not come over HTTPS to the first proxy. */
void sdi_hap_unless_told_https(struct sdi_hap *hap)
{
	sdi_buf_add(hap->cfg, sdi_globals_tell_scheme(globals_of(hap)) ?
	                              SDI_STR(" !{ var(txn.scheme) -m str https }\n") :
	                              SDI_STR("\n"));
}

void sdi_hap_write_blocklist(struct sdi_hap *hap, const char *acl, const char *sample, const struct sdi_blocklist *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct sdi_blocked *blocked = &list->p[i];
		sdi_buf_printf(hap->cfg, "\tacl %s %s%s -m %s -- ", acl, sample, blocked->any_case ? " -i" : "",
		               blocked->regex ? "reg" : "str");
		sdi_hap_word(hap->cfg, blocked->text);
		conf_lit(hap->cfg, "\n");
	}
}

static void write_blocklist(struct sdi_hap *hap, const char *header, const struct sdi_blocklist *list)
{
	char acl[32], sample[32];
	snprintf(acl, sizeof(acl), "blocked_%s", header);
	snprintf(sample, sizeof(sample), "req.fhdr(%s)", header);
	sdi_hap_write_blocklist(hap, acl, sample, list);
	if (list->n)
		sdi_buf_printf(hap->cfg, FORBIDDEN "%s\n", acl);
}

void sdi_hap_frontend_blocked(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = globals_of(hap);
	if (globals->blocked.n) {
		sdi_hap_write_list(hap, "blocked", &globals->blocked);
		conf_lit(hap->cfg,
		         "\thttp-request return status 403 content-type text/plain string \"403 Forbidden\\n\" if");
		sdi_hap_write_listed(hap, "blocked", &globals->blocked);
		conf_lit(hap->cfg, "\n");
	}
	write_blocklist(hap, "user-agent", &globals->agents);
	write_blocklist(hap, "referer", &globals->referers);
}

/* Once the route is found by the Host header: that of the endpoint and of redirects is the first that is forwarded. */
void sdi_hap_frontend_host(struct sdi_hap *hap)
{
	if (globals_of(hap)->forwarded)
		conf_lit(hap->cfg, "\thttp-request set-header Host %[req.hdr(x-forwarded-host,1)]"
		                   " if { var(txn.told) -m bool } { req.hdr(x-forwarded-host,1) -m reg "
		                   "'^(?:[A-Za-z0-9._:-]{1,255}|\\[[0-9A-Fa-f:.]+\\](?::[0-9]+)?)$' }\n");
}
