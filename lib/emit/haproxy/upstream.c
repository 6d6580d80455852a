/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way to the endpoints. HAProxy streams bodies in buffers of its own size and never puts them into files, so what
 * annotations say about NGINX's buffers has nothing to set here.
 */
#include "../../base/map.h"
#include "../../gateway/upstream.h"
#include "haproxy.h"
#include "quote.h"

/*
 * Sizes of bodies: before redirects and all else, as NGINX does it (ngx_http_core_find_config_phase). A body without a
 * length (in chunks, or over HTTP/2) is judged by what is there: that is waited for where it fits into a buffer, so up
 * to SMALL bytes the answer is certain. Beyond, HAProxy 2.6 to 3.2 count nothing while they stream.
 */
void sdi_hap_frontend_upstream(struct sdi_hap *hap)
{
	enum { SMALL = 14 * 1024 }; /* tune.bufsize less tune.maxrewrite, headers and the sizes of chunks */
	for (size_t i = 0; i < hap->body_sizes.n; i++) {
		uint64_t bytes = hap->body_sizes.p[i];
		if (bytes <= SMALL) {
			conf_lit(hap->cfg, "\thttp-request wait-for-body time 60s if { var(txn.to) -m sub |b");
			conf_uint(hap->cfg, bytes);
			conf_lit(hap->cfg, "| } !{ req.fhdr(content-length) -m found }\n");
		}
		conf_lit(hap->cfg, "\thttp-request deny deny_status 413 if { req.body_size gt ");
		conf_uint(hap->cfg, bytes);
		conf_lit(hap->cfg, " } { var(txn.to) -m sub |b");
		conf_uint(hap->cfg, bytes);
		conf_lit(hap->cfg, "| }\n");
	}
}

/*
 * One timeout for both directions. The endpoint's silence is what people set it for, so proxy-read-timeout is it; a
 * longer proxy-send-timeout would hold requests for as long to an endpoint that does not answer.
 */
static void write_timeouts(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	const struct sdi_upstream *up = policy->upstream;
	struct sdi_buf *cfg = hap->cfg;
	if (up->connect_s) {
		conf_lit(cfg, "\ttimeout connect ");
		conf_uint(cfg, up->connect_s);
		conf_lit(cfg, "s\n");
	}
	if (!up->read_s)
		return;
	/* a connection that was upgraded is idle for as long */
	conf_lit(cfg, "\ttimeout server ");
	conf_uint(cfg, up->read_s);
	conf_lit(cfg, "s\n\ttimeout tunnel ");
	conf_uint(cfg, up->read_s);
	conf_lit(cfg, "s\n");
}

/* HAProxy waits a second before it tries the only endpoint again, so a number without end would take as long. */
enum { ALL_TRIES = 10 };

static unsigned retries_of(const struct sdi_policy *policy)
{
	const struct sdi_upstream *up = policy->upstream;
	unsigned tries = sdi_policy_has(policy, SDI_FIELD_RETRY_TRIES) ? up->tries : SDI_UPSTREAM_TRIES;
	if (sdi_policy_has(policy, SDI_FIELD_RETRY) && !(up->retry & ~SDI_RETRY_ALL_METHODS))
		return 0;
	return (tries ? tries : ALL_TRIES) - 1;
}

/* NGINX never goes back to an endpoint that has failed, so one that is alone gets no request twice. */
static void write_retry_on(struct sdi_hap *hap, unsigned retry)
{
	static const struct {
		unsigned bit;
		struct sdi_str words;
	} rows[] = {
		{ SDI_RETRY_ERROR, SDI_STR_INIT(" conn-failure empty-response") },
		{ SDI_RETRY_TIMEOUT, SDI_STR_INIT(" response-timeout") },
		{ SDI_RETRY_INVALID, SDI_STR_INIT(" junk-response") },
		{ SDI_RETRY_500, SDI_STR_INIT(" 500") },
		{ SDI_RETRY_502, SDI_STR_INIT(" 502") },
		{ SDI_RETRY_503, SDI_STR_INIT(" 503") },
		{ SDI_RETRY_504, SDI_STR_INIT(" 504") },
		{ SDI_RETRY_403, SDI_STR_INIT(" 403") },
		{ SDI_RETRY_404, SDI_STR_INIT(" 404") },
		{ SDI_RETRY_429, SDI_STR_INIT(" 429") },
	};
	if (!sdi_version_at_least(hap->version, 3, 0))
		retry &= ~(unsigned)SDI_RETRY_429;
	if (!(retry & ~SDI_RETRY_ALL_METHODS))
		return;
	conf_lit(hap->cfg, "\toption redispatch 1\n\tretry-on");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (retry & rows[i].bit)
			sdi_buf_add(hap->cfg, rows[i].words);
	conf_lit(hap->cfg, "\n\thttp-request disable-l7-retry if { nbsrv le 1 }\n");
	if (retry & SDI_RETRY_ALL_METHODS) /* what went out before all of it was here can't be sent again */
		conf_lit(hap->cfg, "\toption http-buffer-request\n");
	else
		conf_lit(hap->cfg, "\thttp-request disable-l7-retry if { method POST PATCH LOCK }\n");
}

static void write_retries(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	bool asked = sdi_policy_has(policy, SDI_FIELD_RETRY);
	if (!asked && !sdi_policy_has(policy, SDI_FIELD_RETRY_TRIES))
		return;
	conf_lit(hap->cfg, "\tretries ");
	conf_uint(hap->cfg, retries_of(policy));
	conf_lit(hap->cfg, "\n");
	write_retry_on(hap, asked ? policy->upstream->retry : SDI_RETRY_ERROR | SDI_RETRY_TIMEOUT);
}

/* One header, from its beginning up to what is replaced (@before) and what has to come behind it (@behind). */
static void write_replace(struct sdi_buf *cfg, struct sdi_str before, const struct sdi_rewrite_text *pair,
                          struct sdi_str behind)
{
	conf_lit(cfg, "\thttp-response replace-header ");
	sdi_buf_add(cfg, before);
	sdi_hap_exactly(cfg, pair->from);
	sdi_buf_add(cfg, behind);
	conf_lit(cfg, "$' '\\1");
	sdi_hap_replacement(cfg, pair->to);
	conf_lit(cfg, "\\2'\n");
}

/* As NGINX does it: the start of a Location, what stands behind the first "url=" of a Refresh, a whole domain in any
 * case (the dot before it stays), the start of a path. */
static void write_rewrites(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	const struct sdi_upstream *up = policy->upstream;
	if (sdi_policy_has(policy, SDI_FIELD_LOCATION_REWRITE)) {
		write_replace(hap->cfg, SDI_STR("Location '^()"), &up->location, SDI_STR("(.*)"));
		write_replace(hap->cfg, SDI_STR("Refresh '^((?:(?!(?i:url=)).)*(?i:url=))"), &up->location,
		              SDI_STR("(.*)"));
	}
	if (sdi_policy_has(policy, SDI_FIELD_COOKIE_DOMAIN)) {
		struct sdi_rewrite_text pair = up->cookie_domain;
		if (pair.from.n && pair.from.p[0] == '.')
			pair.from = sdi_str_from(pair.from, 1);
		write_replace(hap->cfg, SDI_STR("Set-Cookie '^([^;]*;(?:.*;)?[ \\t]*(?i:domain=)\\.?)(?i:"), &pair,
		              SDI_STR(")([ \\t]*(?:;.*)?)"));
	}
	if (sdi_policy_has(policy, SDI_FIELD_COOKIE_PATH))
		write_replace(hap->cfg, SDI_STR("Set-Cookie '^([^;]*;(?:.*;)?[ \\t]*(?i:path=))"), &up->cookie_path,
		              SDI_STR("(.*)"));
}

static const char *sample_of(enum sdi_fact fact, bool tls)
{
	switch (fact) {
	case SDI_FACT_HOST: return "var(txn.host)";
	case SDI_FACT_HTTP_HOST: return "req.fhdr(x-forwarded-host)"; /* the frontend keeps it there */
	case SDI_FACT_SCHEME: return tls ? "str(https)" : "ssl_fc,iif(https,http)";
	case SDI_FACT_METHOD: return "method";
	case SDI_FACT_REQUEST_URI: return "pathq";
	case SDI_FACT_QUERY: return "query";
	case SDI_FACT_CLIENT: return "src";
	case SDI_FACT_SCRIPT: return "var(txn.script)";
	case SDI_FACT_LITERAL:
	case SDI_FACT_SERVICE:
	case SDI_FACT_NAMESPACE:
	case SDI_FACT_PORT:
	case SDI_FACT_ROOT:
	case SDI_FACT__COUNT: break;
	}
	return NULL;
}

static struct sdi_str known(const struct sdi_hap_section *section, const struct sdi_fact_part *part)
{
	switch (part->fact) {
	case SDI_FACT_LITERAL: return part->literal;
	case SDI_FACT_SERVICE: return section->backend->service;
	case SDI_FACT_NAMESPACE: return section->backend->ns;
	case SDI_FACT_PORT: return section->backend->port;
	case SDI_FACT_ROOT: return SDI_STR(SDI_FASTCGI_ROOT);
	default: return SDI_STR("");
	}
}

bool sdi_hap_write_text(struct sdi_hap *hap, const struct sdi_hap_section *section, const struct sdi_fact_text *text)
{
	struct sdi_hap_piece *pieces = sdi_arena_array(hap->scratch, text->n, struct sdi_hap_piece);
	for (size_t i = 0; i < text->n; i++) {
		pieces[i].sample = sample_of(text->parts[i].fact, section && section->over_tls);
		pieces[i].literal = known(section, &text->parts[i]);
	}
	return sdi_hap_expand(hap->cfg, pieces, text->n);
}

/*
 * Parameters are worked out by rules of the section: HAProxy 2.6 crashes when a converter that needs room, such as
 * regsub, stands in a fcgi-app.
 */
static void write_params(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_fastcgi *fastcgi = section->policy->upstream->fastcgi;
	conf_lit(hap->cfg, "\tuse-fcgi-app ");
	sdi_hap_name(hap->cfg, section->id);
	conf_lit(hap->cfg, "\n\thttp-request set-var(txn.script) path,url_dec\n");
	if (fastcgi->index.n) {
		conf_lit(hap->cfg, "\thttp-request set-var(txn.script) var(txn.script),concat(");
		sdi_hap_name(hap->cfg, fastcgi->index);
		conf_lit(hap->cfg, ") if { var(txn.script) -m end / }\n");
	}
	for (size_t i = 0; i < fastcgi->n_params; i++) {
		size_t before = hap->cfg->n;
		conf_lit(hap->cfg, "\thttp-request set-var-fmt(txn.fastcgi_");
		conf_uint(hap->cfg, i);
		conf_lit(hap->cfg, ") ");
		if (sdi_hap_write_text(hap, section, &fastcgi->params[i].value))
			conf_lit(hap->cfg, "\n");
		else if (!hap->cfg->failed)
			hap->cfg->n = before;
	}
}

/* HAProxy refuses to start with an application that no server has. */
static bool has_fastcgi(const struct sdi_hap_section *section)
{
	return sdi_upstream_speaks(section->policy, SDI_UPSTREAM_FASTCGI) && section->backend->n_servers;
}

void sdi_hap_write_fastcgi(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	if (!has_fastcgi(section))
		return;
	const struct sdi_fastcgi *fastcgi = section->policy->upstream->fastcgi;
	conf_lit(hap->cfg, "\nfcgi-app ");
	sdi_hap_name(hap->cfg, section->id);
	conf_lit(hap->cfg, "\n\tdocroot " SDI_FASTCGI_ROOT "\n\tset-param REDIRECT_STATUS 200\n");
	if (fastcgi->index.n) {
		conf_lit(hap->cfg, "\tindex ");
		sdi_hap_name(hap->cfg, fastcgi->index);
		conf_lit(hap->cfg, "\n");
	}
	for (size_t i = 0; i < fastcgi->n_params; i++) {
		conf_lit(hap->cfg, "\tset-param ");
		sdi_hap_name(hap->cfg, fastcgi->params[i].name);
		conf_lit(hap->cfg, " %[var(txn.fastcgi_");
		conf_uint(hap->cfg, i);
		conf_lit(hap->cfg, ")]\n");
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
		sdi_hap_write_text(hap, section, &up->host);
		conf_lit(hap->cfg, "\n");
	}
	if (has_fastcgi(section))
		write_params(hap, section);
	write_rewrites(hap, policy);
}

#define CERTIFICATES "upstream/"

/* HAProxy reads the certificate of a server only when it has read all else, and does not know "default-path" by then. */
static void write_certificate(struct sdi_hap *hap, const struct sdi_upstream_tls *tls)
{
	struct sdi_str prefix = hap->settings->prefix;
	conf_lit(hap->cfg, " crt ");
	sdi_hap_word(hap->cfg, sdi_arena_printf(hap->scratch, "%.*s%s" CERTIFICATES "%.*s.pem", SDI_STR_ARG(prefix),
	                                        prefix.n ? "/" : "", SDI_STR_ARG(tls->id)));
}

/* What a server is told about TLS behind "ssl". */
static void write_tls(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_upstream_tls *tls = section->policy->upstream->tls;
	if (!tls) {
		conf_lit(hap->cfg, " verify none ssl-min-ver TLSv1.2");
		return;
	}
	struct sdi_str name = sdi_upstream_tls_name(hap->scratch, tls, section->backend);
	if (tls->certificate)
		write_certificate(hap, tls);
	if (tls->verify) {
		conf_lit(hap->cfg, " ca-file " CERTIFICATES);
		sdi_hap_name(hap->cfg, tls->id);
		conf_lit(hap->cfg, ".ca verify required verifyhost ");
		sdi_hap_name(hap->cfg, name);
	} else {
		conf_lit(hap->cfg, " verify none");
	}
	if (tls->sni) {
		conf_lit(hap->cfg, " sni str(");
		sdi_hap_name(hap->cfg, name);
		conf_lit(hap->cfg, ")");
	}
	sdi_buf_add(hap->cfg,
	            tls->versions & SDI_TLS_1_2 ? SDI_STR(" ssl-min-ver TLSv1.2") : SDI_STR(" ssl-min-ver TLSv1.3"));
	sdi_buf_add(hap->cfg, tls->versions & SDI_TLS_1_3 ? SDI_STR("") : SDI_STR(" ssl-max-ver TLSv1.2"));
	if (tls->ciphers.n) {
		conf_lit(hap->cfg, " ciphers ");
		sdi_hap_word(hap->cfg, tls->ciphers);
	}
}

static struct sdi_buf *add_file(struct sdi_hap *hap, const struct sdi_upstream_tls *tls, const char *suffix)
{
	struct sdi_str name = sdi_arena_printf(hap->scratch, CERTIFICATES "%.*s%s", SDI_STR_ARG(tls->id), suffix);
	return sdi_bundle_file(hap->bundle, name, 0600, true);
}

static bool add_files(struct sdi_hap *hap, const struct sdi_upstream_tls *tls)
{
	struct sdi_buf *pair = tls->certificate ? add_file(hap, tls, ".pem") : NULL;
	struct sdi_buf *ca = tls->ca_pem.n ? add_file(hap, tls, ".ca") : NULL;
	if (pair) {
		sdi_buf_add(pair, tls->certificate->chain_pem);
		if (!sdi_str_ends(tls->certificate->chain_pem, SDI_STR("\n")))
			conf_lit(pair, "\n");
		sdi_buf_add(pair, tls->certificate->key_pem);
	}
	if (ca)
		sdi_buf_add(ca, tls->ca_pem);
	return (pair || !tls->certificate) && (ca || !tls->ca_pem.n);
}

bool sdi_hap_add_upstream_certificates(struct sdi_hap *hap)
{
	struct sdi_map done = { .arena = hap->scratch };
	for (size_t i = 0; i < hap->gateway->n_policies; i++) {
		const struct sdi_upstream *up = hap->gateway->policies[i]->upstream;
		void **slot = up && up->tls ? sdi_map_put(&done, up->tls->id) : NULL;
		if (!slot || *slot)
			continue;
		*slot = hap; /* only ever asked whether it is NULL */
		if (!add_files(hap, up->tls))
			return false;
	}
	return true;
}

void sdi_hap_server_upstream(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	if (!section->policy->upstream)
		return;
	switch (section->policy->upstream->protocol) {
	case SDI_UPSTREAM_HTTP: break;
	case SDI_UPSTREAM_AUTO:
		if (!section->over_tls)
			break;
		/* fallthrough */
	case SDI_UPSTREAM_HTTPS:
		conf_lit(hap->cfg, " ssl alpn http/1.1");
		write_tls(hap, section);
		break;
	case SDI_UPSTREAM_GRPC: conf_lit(hap->cfg, " proto h2"); break;
	case SDI_UPSTREAM_GRPCS:
		conf_lit(hap->cfg, " ssl alpn h2");
		write_tls(hap, section);
		break;
	case SDI_UPSTREAM_FASTCGI: conf_lit(hap->cfg, " proto fcgi"); break;
	}
}
