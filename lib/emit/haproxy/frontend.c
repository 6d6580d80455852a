/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The frontends http and https. They decide on a path that is normalised as NGINX does it, and forward what the
 * client sent. None of their rules is about a certain host, path or backend.
 */
#include "haproxy.h"
#include "quote.h"

/*
 * Host and path in the alphabet of maps.c, as txn.host and txn.path (with its end mark).
 *
 * Nearly all paths are clean already, which one regular expression sees. The others go through the long chain: take
 * off scheme and authority, then the query; spoil what can't be a path or holds NUL, so that url_dec gives up on it;
 * decode; merge slashes and "/./"; take out each "/x/../" together with those nested inside ("(?1)" is a recursion);
 * spoil what is left of dot segments, which would climb above "/"; encode. What was spoilt is in no map, not even
 * under "*", so it is answered 400 further down.
 *
 * Two limits, which NGINX has not, are part of it: 4095 bytes, since url_enc trebles them and cuts at 16 KB; and 200
 * slashes, since the recursion looks ahead from each, so its cost is quadratic (200: 0.1 ms).
 */
static void write_normalisation(struct sdi_buf *cfg)
{
	conf_lit(cfg, "\thttp-request deny deny_status 400 unless"
	              " { req.fhdr(host) -m reg '^(?:[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.?"
	              "|\\[[0-9A-Fa-f:.]+\\])(?::[!-.0-~]*)?$' }"
	              " || { req.ver 1.0 } !{ req.fhdr(host) -m found }\n"
	              "\thttp-request set-var(txn.host) req.fhdr(host),field(1,:),lower,rtrim(.)\n"
	              "\thttp-request set-var(txn.path) path,concat(/?)"
	              " if { path -m reg '^/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*+(?:/|$))*+$' }\n"
	              "\thttp-request set-var(txn.path) 'url"
	              ",regsub(\"^[A-Za-z][A-Za-z0-9+.-]*://[^/?]*\",/)"
	              ",regsub(\"[?].*\",)"
	              ",regsub(\"^[^/].*|%00.*|^.{4096}.*\",%zz)"
	              ",url_dec"
	              ",regsub(\"/(?:\\.?/|\\.\\z)++\",/,g)"
	              ",regsub(\"(?s)^(?:[^/]*+/){200}.*\",!)"
	              ",regsub(\"(/(?!\\.\\.(?:/|\\z))[^/]++(?1)*+/\\.\\.)++(?:/|\\z)\",/,g)"
	              ",regsub(\"(?s)^.*/(?:/|\\.\\.?(?:/|\\z)).*\",!)"
	              ",url_enc"
	              ",regsub(%2F,/,g)"
	              ",concat(/?)'"
	              " unless { var(txn.path) -m found }\n");
}

static void write_lookup(struct sdi_hap *hap)
{
	struct sdi_buf *cfg = hap->cfg;
	conf_lit(cfg, "\thttp-request set-var(txn.to) var(txn.host),concat(,txn.path),map_beg(" SDI_HAP_ROUTES_MAP ")\n"
	              "\thttp-request set-var(txn.to) "
	              "'var(txn.host),regsub(\"^[^.]*\",*),concat(,txn.path),map_beg(" SDI_HAP_ROUTES_MAP
	              ")' unless { var(txn.to) -m found }\n");
	sdi_hap_frontend_alias(hap);
	conf_lit(cfg, "\thttp-request set-var(txn.to) str(*),concat(,txn.path),map_beg(" SDI_HAP_ROUTES_MAP ")"
	              " unless { var(txn.to) -m found }\n"
	              "\thttp-request deny deny_status 400 unless { var(txn.to) -m found }\n");
}

/* Only for the codes that are in use; the ACME challenge is answered on plain HTTP, always. */
static void write_redirects(struct sdi_hap *hap)
{
	if (hap->redirects)
		conf_lit(hap->cfg, "\thttp-request set-var(txn.location) pathq\n");
	if (hap->redirects && hap->cuts)
		conf_lit(hap->cfg, "\thttp-request set-var(txn.location) 'pathq,regsub(\"/$\",)' if { var(txn.to) -m "
		                   "sub |cut }\n");
	for (unsigned i = 0; i < SDI_HAP_REDIRECTS; i++) {
		if (!(hap->redirects >> i & 1))
			continue;
		conf_lit(hap->cfg, "\thttp-request redirect code ");
		conf_uint(hap->cfg, sdi_hap_redirects[i].code);
		conf_lit(hap->cfg, " location 'https://%[req.fhdr(host),regsub(\":[^]]*$\",)]"
		                   "%[var(txn.to),regsub(\".*[|]tls[0-9]*\",),field(1,|)]%[var(txn.location)]' if { "
		                   "var(txn.to) -m sub ");
		sdi_buf_add(hap->cfg, sdi_str_c(sdi_hap_redirects[i].flag));
		conf_lit(hap->cfg, " } !{ var(txn.path) -m beg /.well-known/acme-challenge/ }"
		                   " { req.fhdr(host) -m found }");
		sdi_hap_unless_told_https(hap);
	}
}

static void write_answers(struct sdi_buf *cfg)
{
	conf_lit(cfg, "\thttp-request return status 404 default-errorfiles if { var(txn.to) -m beg -- -404 }\n"
	              "\thttp-request return status 503 default-errorfiles if { var(txn.to) -m beg -- -503 }\n");
}

/* NGINX drops headers with other characters in their names. To CGI and WSGI, X_Real_IP is X-Real-IP: a client could say
 * there what this proxy says. */
static void write_names(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	if (sdi_knob_or(globals, SDI_KNOB_INVALID_HEADERS_OFF, 1))
		sdi_buf_printf(hap->cfg, "\thttp-request del-header '[^A-Za-z0-9%s-]' -m reg\n",
		               sdi_knob_or(globals, SDI_KNOB_UNDERSCORES, 0) ? "_" : "");
}

/* First, so that each line of the log has one. */
static void write_request_id(struct sdi_hap *hap)
{
	conf_lit(hap->cfg, "\thttp-request set-var(txn.id) req.fhdr(x-request-id)\n");
	if (sdi_knob_or(&hap->gateway->globals, SDI_KNOB_REQUEST_ID, 1))
		conf_lit(hap->cfg,
		         "\thttp-request set-var-fmt(txn.id) %[rand,hex,bytes(8,8),lower]%[rand,hex,bytes(8,8),lower]"
		         "%[rand,hex,bytes(8,8),lower]%[rand,hex,bytes(8,8),lower] unless { var(txn.id),length gt 0 "
		         "}\n");
}

/* What the client sent, before this proxy says it itself. */
static void write_original(struct sdi_buf *cfg, const char *what, struct sdi_str header)
{
	sdi_buf_printf(cfg,
	               "\thttp-request del-header X-Original-Forwarded-%s\n"
	               "\thttp-request set-header X-Original-Forwarded-%s %%[req.fhdr(%.*s)]"
	               " if { req.fhdr(%.*s) -m found }\n",
	               what, what, SDI_STR_ARG(header), SDI_STR_ARG(header));
}

/* Those of ingress-nginx; what the client claims about the way to us is not believed. */
static void write_headers(struct sdi_hap *hap, struct sdi_str scheme, unsigned port)
{
	struct sdi_buf *cfg = hap->cfg;
	const struct sdi_globals *globals = &hap->gateway->globals;
	struct sdi_str from = globals->client_header.n ? globals->client_header : SDI_STR("x-forwarded-for");
	if (sdi_globals_tell_scheme(globals))
		scheme = SDI_STR("%[var(txn.scheme)]");
	sdi_buf_printf(cfg, "\thttp-request set-header X-Request-ID %%[var(txn.id)]%s\n",
	               sdi_knob_or(globals, SDI_KNOB_REQUEST_ID, 1) ? "" : " if { var(txn.id) -m found }");
	if (sdi_knob_or(globals, SDI_KNOB_ORIGINAL_URI, 0))
		conf_lit(cfg, "\thttp-request set-header X-Original-URI %[pathq]\n");
	write_original(cfg, "For", from);
	write_original(cfg, "Host", sdi_globals_host_header(globals));
	conf_lit(cfg, "\thttp-request set-header X-Real-IP %[src]\n");
	if (globals->full_chain)
		sdi_buf_printf(cfg,
		               "\thttp-request set-header X-Forwarded-For '%%[req.fhdr(%.*s)], %%[var(txn.peer)]'"
		               " if { req.fhdr(%.*s) -m found }\n"
		               "\thttp-request set-header X-Forwarded-For %%[var(txn.peer)] unless { req.fhdr(%.*s) -m "
		               "found }\n",
		               SDI_STR_ARG(from), SDI_STR_ARG(from), SDI_STR_ARG(from));
	else
		conf_lit(cfg, "\thttp-request set-header X-Forwarded-For %[src]\n");
	conf_lit(cfg, "\thttp-request set-header X-Forwarded-Host %[req.fhdr(host)]\n"
	              "\thttp-request set-header X-Forwarded-Port ");
	if (sdi_globals_tell_scheme(globals))
		conf_lit(cfg, "%[var(txn.port)]");
	else
		conf_uint(cfg, port);
	static const char *const names[] = { "Proto", "Scheme" };
	for (size_t i = 0; i < 2; i++) {
		conf_lit(cfg, "\n\thttp-request set-header X-Forwarded-");
		sdi_buf_add(cfg, sdi_str_c(names[i]));
		conf_lit(cfg, " ");
		sdi_buf_add(cfg, scheme);
	}
	conf_lit(cfg, "\n\thttp-request set-header X-Scheme ");
	sdi_buf_add(cfg, scheme);
	/* Hop by hop (RFC 9110 7.6.1): "Connection: X-Real-IP" would have the next proxy drop what is set here. */
	conf_lit(cfg, "\n\thttp-request del-header Proxy\n"
	              "\thttp-request del-header Keep-Alive\n"
	              "\thttp-request set-header Connection upgrade if { req.fhdr(upgrade) -m found }\n"
	              "\thttp-request del-header Connection unless { req.fhdr(upgrade) -m found }\n");
}

static void write_bind_tls(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	conf_lit(hap->cfg, " ssl crt-list " SDI_HAP_CRT_LIST " alpn ");
	if (sdi_knob_or(globals, SDI_KNOB_HTTP2, 1))
		conf_lit(hap->cfg, "h2,");
	conf_lit(hap->cfg, "http/1.1");
	if (sdi_knob_or(globals, SDI_KNOB_TLS_EARLY_DATA, 0))
		conf_lit(hap->cfg, " allow-0rtt");
	if (sdi_hap_has_ticket_key(hap))
		conf_lit(hap->cfg, " tls-ticket-keys " SDI_HAP_TICKETS);
	if (hap->client_certs.n) /* judged by rules */
		conf_lit(hap->cfg, " crt-ignore-err all ca-ignore-err all");
	if (!hap->gateway->default_certificate || sdi_knob_or(globals, SDI_KNOB_TLS_REJECT, 0))
		conf_lit(hap->cfg, " strict-sni");
}

void sdi_hap_write_binds(struct sdi_hap *hap, unsigned port, bool tls, bool protocol)
{
	static const struct sdi_str all[] = { SDI_STR_INIT("0.0.0.0"), SDI_STR_INIT("::") };
	struct sdi_binds bind = sdi_emit_binds(hap->gateway, hap->settings);
	size_t n = sdi_knob_or(&hap->gateway->globals, SDI_KNOB_IPV6_OFF, 0) ? 1 : 2;
	for (size_t i = 0; i < (bind.n ? bind.n : n); i++) {
		struct sdi_str address = bind.n ? bind.p[i] : all[i];
		conf_lit(hap->cfg, "\tbind ");
		sdi_hap_address(hap->cfg, address, port);
		if (sdi_str_find(address, ':') >= 0)
			conf_lit(hap->cfg, " v6only");
		if (tls)
			write_bind_tls(hap);
		sdi_buf_add(hap->cfg, protocol ? SDI_STR(" accept-proxy\n") : SDI_STR("\n"));
	}
}

/* Behind the frontend that takes the streams apart. */
static void write_bind_passed(struct sdi_hap *hap)
{
	sdi_hap_write_bind_passed(hap);
	write_bind_tls(hap);
	conf_lit(hap->cfg, " accept-proxy\n");
}

/* The section that the route names. @more: a condition. */
static void write_uses(struct sdi_hap *hap, bool tls, const char *more)
{
	if (tls && hap->twins)
		sdi_buf_printf(hap->cfg,
		               "\tuse_backend %%[var(txn.to),field(1,|)]" SDI_HAP_TWIN
		               " if { var(txn.to) -m sub " SDI_HAP_TWIN_FLAG " }%s\n",
		               more);
	sdi_buf_printf(hap->cfg, "\tuse_backend %%[var(txn.to),field(1,|)]%s%s\n", *more ? " if" : "", more);
}

static void write_frontend(struct sdi_hap *hap, bool tls)
{
	struct sdi_str scheme = tls ? SDI_STR("https") : SDI_STR("http");
	conf_lit(hap->cfg, "\nfrontend ");
	sdi_buf_add(hap->cfg, scheme);
	conf_lit(hap->cfg, "\n");
	if (tls && hap->passes)
		write_bind_passed(hap);
	else
		sdi_hap_write_binds(hap, tls ? hap->settings->https_port : hap->settings->http_port, tls,
		                    sdi_hap_all_begin_with_proxy(hap));
	if (!sdi_knob_or(&hap->gateway->globals, SDI_KNOB_HTTP2, 1))
		conf_lit(hap->cfg, "\toption disable-h2-upgrade\n");
	sdi_hap_frontend_log(hap, tls);
	unsigned port = tls ? 443 : hap->settings->http_port;
	if (!tls || !hap->passes)
		sdi_hap_frontend_protocol(hap);
	write_names(hap);
	sdi_hap_frontend_client(hap, scheme, port);
	write_request_id(hap);
	sdi_hap_frontend_log_request(hap);
	sdi_hap_frontend_answers(hap);
	sdi_hap_frontend_knobs(hap);
	sdi_hap_frontend_blocked(hap);
	write_normalisation(hap->cfg);
	write_lookup(hap);
	sdi_hap_frontend_host(hap);
	sdi_hap_frontend_rewrite(hap);
	sdi_hap_frontend_log_route(hap);
	if (tls)
		sdi_hap_frontend_passthrough(hap);
	sdi_hap_frontend_auth(hap, tls);
	sdi_hap_frontend_upstream(hap);
	sdi_hap_frontend_redirects(hap, tls);
	if (!tls)
		write_redirects(hap);
	write_answers(hap->cfg);
	write_headers(hap, scheme, port);
	sdi_hap_frontend_requests(hap);
	sdi_hap_frontend_log_answer(hap);
	if (hap->splits.n) { /* all others need not pass the rules of canaries */
		sdi_hap_frontend_choices(hap);
		write_uses(hap, tls, " !{ var(txn.split) -m found }");
		sdi_hap_frontend_balance(hap, tls);
	}
	write_uses(hap, tls, "");
}

void sdi_hap_write_frontends(struct sdi_hap *hap)
{
	if (hap->settings->http_port)
		write_frontend(hap, false);
	if (hap->tls)
		write_frontend(hap, true);
}
