/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way to the endpoints. HAProxy streams bodies in buffers of its own size and never puts them into files, so what
 * annotations say about NGINX's buffers has nothing to set here.
 */
#include "../../gateway/upstream.h"
#include "haproxy.h"
#include "quote.h"

/*
 * Sizes of bodies: before redirects and all else, as NGINX does it (ngx_http_core_find_config_phase). What is sent in
 * chunks is judged by what has arrived with the header.
 */
void sdi_hap_frontend_upstream(struct sdi_hap *hap)
{
	for (size_t i = 0; i < hap->body_sizes.n; i++) {
		conf_lit(hap->cfg, "\thttp-request deny deny_status 413 if { req.body_size gt ");
		conf_uint(hap->cfg, hap->body_sizes.p[i]);
		conf_lit(hap->cfg, " } { var(txn.to) -m sub |b");
		conf_uint(hap->cfg, hap->body_sizes.p[i]);
		conf_lit(hap->cfg, "| }\n");
	}
}

static void write_timeouts(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	const struct sdi_upstream *up = policy->upstream;
	struct sdi_buf *cfg = hap->cfg;
	/* One timeout for both directions: the longer one cuts nobody off who NGINX would not. */
	unsigned idle_s = up->read_s > up->send_s ? up->read_s : up->send_s;
	if (up->connect_s) {
		conf_lit(cfg, "\ttimeout connect ");
		conf_uint(cfg, up->connect_s);
		conf_lit(cfg, "s\n");
	}
	if (!idle_s)
		return;
	/* a connection that was upgraded is idle for as long */
	conf_lit(cfg, "\ttimeout server ");
	conf_uint(cfg, idle_s);
	conf_lit(cfg, "s\n\ttimeout tunnel ");
	conf_uint(cfg, idle_s);
	conf_lit(cfg, "s\n");
}

static void write_retries(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	static const struct {
		unsigned bit;
		const char *words;
	} rows[] = {
		{ SDI_RETRY_ERROR, " conn-failure empty-response" },
		{ SDI_RETRY_TIMEOUT, " response-timeout" },
		{ SDI_RETRY_INVALID, " junk-response" },
		{ SDI_RETRY_500, " 500" },
		{ SDI_RETRY_502, " 502" },
		{ SDI_RETRY_503, " 503" },
		{ SDI_RETRY_504, " 504" },
		{ SDI_RETRY_403, " 403" },
		{ SDI_RETRY_404, " 404" },
	};
	const struct sdi_upstream *up = policy->upstream;
	bool asked = sdi_policy_has(policy, SDI_FIELD_RETRY);
	if (sdi_policy_has(policy, SDI_FIELD_RETRY_TRIES) || asked) {
		unsigned tries = sdi_policy_has(policy, SDI_FIELD_RETRY_TRIES) ? up->tries : 3;
		conf_lit(hap->cfg, "\tretries ");
		conf_uint(hap->cfg, asked && !(up->retry & ~SDI_RETRY_ALL_METHODS) ? 0 : tries ? tries - 1 : 100);
		conf_lit(hap->cfg, "\n");
	}
	if (!asked || !(up->retry & ~(SDI_RETRY_ALL_METHODS | SDI_RETRY_429)))
		return;
	conf_lit(hap->cfg, "\toption redispatch 1\n\tretry-on");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (up->retry & rows[i].bit)
			sdi_buf_add(hap->cfg, sdi_str_c(rows[i].words));
	conf_lit(hap->cfg, "\n");
	if (!(up->retry & SDI_RETRY_ALL_METHODS))
		conf_lit(hap->cfg, "\thttp-request disable-l7-retry if { method POST PATCH LOCK }\n");
}

/* A literal in a regular expression inside 'strong quotes': every special character escaped. */
static void write_literal(struct sdi_buf *cfg, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr("\\.^$*+?()[]{}|/", s.p[i]))
			sdi_buf_char(cfg, '\\');
		sdi_buf_char(cfg, s.p[i]);
	}
}

/* A text of a grammar that has no quote, percent sign or backslash in it, see the rows. */
static void write_replacement(struct sdi_buf *cfg, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("'%\\ ", s.p[i]))
			sdi_buf_char(cfg, s.p[i]);
}

static void write_rewrites(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	const struct sdi_upstream *up = policy->upstream;
	struct sdi_buf *cfg = hap->cfg;
	if (sdi_policy_has(policy, SDI_FIELD_LOCATION_REWRITE)) {
		static const char *const names[] = { "Location '^(", "Refresh '^([0-9]+; ?url=" };
		for (size_t i = 0; i < 2; i++) {
			conf_lit(cfg, "\thttp-response replace-header ");
			sdi_buf_add(cfg, sdi_str_c(names[i]));
			conf_lit(cfg, ")");
			write_literal(cfg, up->location.from);
			conf_lit(cfg, "(.*)$' '\\1");
			write_replacement(cfg, up->location.to);
			conf_lit(cfg, "\\2'\n");
		}
	}
	if (sdi_policy_has(policy, SDI_FIELD_COOKIE_DOMAIN)) {
		conf_lit(cfg, "\thttp-response replace-header Set-Cookie '^(.*; ?[Dd][Oo][Mm][Aa][Ii][Nn]=)\\.?(?i:");
		write_literal(cfg, up->cookie_domain.from);
		conf_lit(cfg, ")(;.*)?$' '\\1");
		write_replacement(cfg, up->cookie_domain.to);
		conf_lit(cfg, "\\2'\n");
	}
	if (sdi_policy_has(policy, SDI_FIELD_COOKIE_PATH)) {
		conf_lit(cfg, "\thttp-response replace-header Set-Cookie '^(.*; ?[Pp][Aa][Tt][Hh]=)");
		write_literal(cfg, up->cookie_path.from);
		conf_lit(cfg, "(.*)$' '\\1");
		write_replacement(cfg, up->cookie_path.to);
		conf_lit(cfg, "\\2'\n");
	}
}

void sdi_hap_section_upstream(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_policy *policy = section->policy;
	const struct sdi_upstream *up = policy->upstream;
	if (!up)
		return;
	write_timeouts(hap, policy);
	write_retries(hap, policy);
	if (up->request_buffering)
		conf_lit(hap->cfg, "\toption http-buffer-request\n");
	if (up->close)
		conf_lit(hap->cfg, "\toption http-server-close\n\thttp-reuse never\n");
	if (sdi_policy_has(policy, SDI_FIELD_UPSTREAM_HOST)) {
		conf_lit(hap->cfg, "\thttp-request set-header Host ");
		sdi_hap_format(hap->cfg, up->host);
		conf_lit(hap->cfg, "\n");
	}
	write_rewrites(hap, policy);
}

void sdi_hap_server_upstream(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	if (!section->policy->upstream)
		return;
	switch (section->policy->upstream->protocol) {
	case SDI_UPSTREAM_HTTP: break;
	case SDI_UPSTREAM_HTTPS: conf_lit(hap->cfg, " ssl verify none alpn http/1.1"); break;
	case SDI_UPSTREAM_GRPC: conf_lit(hap->cfg, " proto h2"); break;
	case SDI_UPSTREAM_GRPCS: conf_lit(hap->cfg, " ssl verify none alpn h2"); break;
	}
}
