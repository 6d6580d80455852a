/* SPDX-License-Identifier: BSD-3-Clause */
/* The way to the endpoints. */
#include "../../base/map.h"
#include "../../gateway/errors.h"
#include "../../gateway/upstream.h"
#include "nginx.h"
#include "quote.h"

static bool is_grpc(const struct sdi_upstream *up)
{
	return up->protocol == SDI_UPSTREAM_GRPC || up->protocol == SDI_UPSTREAM_GRPCS;
}

bool sdi_nginx_is_grpc(const struct sdi_policy *policy)
{
	return policy && policy->upstream && is_grpc(policy->upstream);
}

/* How the directives begin that go with the protocol. */
static const char *module_of(const struct sdi_upstream *up)
{
	return is_grpc(up) ? "grpc" : up->protocol == SDI_UPSTREAM_FASTCGI ? "fastcgi" : "proxy";
}

/* "proxy_NAME N UNIT;" or "grpc_NAME …". */
static void write_number(struct sdi_nginx *ng, const struct sdi_upstream *up, const char *name, uint64_t n,
                         const char *unit)
{
	sdi_buf_printf(ng->out, "\t\t\t%s_%s ", module_of(up), name);
	conf_uint(ng->out, n);
	sdi_buf_printf(ng->out, "%s;\n", unit);
}

/* Whether what "http" says about proxying holds here, too. */
static bool inherits(const struct sdi_upstream *up)
{
	return strcmp(module_of(up), "proxy") == 0;
}

static void write_timeouts(struct sdi_nginx *ng, const struct sdi_upstream *up)
{
	if (!inherits(up)) /* else an endpoint answers with another's route */
		sdi_buf_printf(ng->out, "\t\t\t%s_ignore_headers X-Accel-Redirect;\n", module_of(up));
	if (up->connect_s || !inherits(up))
		write_number(ng, up, "connect_timeout", up->connect_s ? up->connect_s : SDI_UPSTREAM_CONNECT_S, "s");
	if (up->read_s)
		write_number(ng, up, "read_timeout", up->read_s, "s");
	if (up->send_s)
		write_number(ng, up, "send_timeout", up->send_s, "s");
}

static void write_retries(struct sdi_nginx *ng, const struct sdi_policy *policy)
{
	static const struct {
		unsigned bit;
		const char *word;
	} rows[] = {
		{ SDI_RETRY_ERROR, " error" },
		{ SDI_RETRY_TIMEOUT, " timeout" },
		{ SDI_RETRY_INVALID, " invalid_header" },
		{ SDI_RETRY_500, " http_500" },
		{ SDI_RETRY_502, " http_502" },
		{ SDI_RETRY_503, " http_503" },
		{ SDI_RETRY_504, " http_504" },
		{ SDI_RETRY_403, " http_403" },
		{ SDI_RETRY_404, " http_404" },
		{ SDI_RETRY_429, " http_429" },
		{ SDI_RETRY_ALL_METHODS, " non_idempotent" },
	};
	const struct sdi_upstream *up = policy->upstream;
	/* a FastCGI application is no gateway: NGINX knows no such answers of it, and would not start */
	unsigned unknown = up->protocol == SDI_UPSTREAM_FASTCGI ? SDI_RETRY_502 | SDI_RETRY_504 : 0;
	unsigned retry = up->retry & ~unknown;
	if (sdi_policy_has(policy, SDI_FIELD_RETRY)) {
		sdi_buf_printf(ng->out, "\t\t\t%s_next_upstream", module_of(up));
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (retry & rows[i].bit)
				sdi_buf_add(ng->out, sdi_str_c(rows[i].word));
		sdi_buf_add(ng->out, retry & ~(unsigned)SDI_RETRY_ALL_METHODS ? SDI_STR(";\n") : SDI_STR(" off;\n"));
	}
	if (sdi_policy_has(policy, SDI_FIELD_RETRY_TRIES))
		write_number(ng, up, "next_upstream_tries", up->tries, "");
	else if (!inherits(up))
		write_number(ng, up, "next_upstream_tries", SDI_UPSTREAM_TRIES, "");
	if (sdi_policy_has(policy, SDI_FIELD_RETRY_TIMEOUT))
		write_number(ng, up, "next_upstream_timeout", up->retry_s, "s");
}

/* What an endpoint answered to a body is only asked of another one when NGINX has that body. */
static bool resends(const struct sdi_policy *policy)
{
	enum { FAILURES = SDI_RETRY_ERROR | SDI_RETRY_TIMEOUT | SDI_RETRY_INVALID };
	return sdi_policy_has(policy, SDI_FIELD_RETRY) && policy->upstream->retry & ~(unsigned)FAILURES;
}

/* Nor is another service told of a body that has been passed on already; it would wait for one until its time is over. */
bool sdi_nginx_keeps_body(const struct sdi_policy *policy)
{
	const struct sdi_errors *errors = policy->errors;
	if (sdi_nginx_is_grpc(policy))
		return false;
	if (sdi_policy_has(policy, SDI_FIELD_REQUEST_BUFFERING))
		return policy->upstream->request_buffering;
	return resends(policy) || (errors && errors->backend && !errors->only_own);
}

static void write_buffers(struct sdi_nginx *ng, const struct sdi_policy *policy)
{
	enum { PAGE_BYTES = 4096, BUFFERS = 4 };
	const struct sdi_upstream *up = policy->upstream;
	uint64_t one = up->header_bytes ? up->header_bytes : PAGE_BYTES;
	if (sdi_policy_has(policy, SDI_FIELD_HEADER_BUFFER) && up->header_bytes)
		write_number(ng, up, "buffer_size", one, "");
	if (is_grpc(up))
		return;
	if (sdi_policy_has(policy, SDI_FIELD_BUFFERS) || sdi_policy_has(policy, SDI_FIELD_HEADER_BUFFER)) {
		sdi_buf_printf(ng->out, "\t\t\t%s_buffers ", module_of(up));
		conf_uint(ng->out, up->buffers ? up->buffers : BUFFERS);
		conf_lit(ng->out, " ");
		conf_uint(ng->out, one);
		conf_lit(ng->out, ";\n");
		write_number(ng, up, "busy_buffers_size", up->busy_bytes ? up->busy_bytes : one, "");
	}
	if (up->has_temp)
		write_number(ng, up, "max_temp_file_size", up->temp_bytes, "");
	else if (up->buffering) /* a worker may have no folder to write to */
		write_number(ng, up, "max_temp_file_size", 0, "");
	if (up->buffering || !inherits(up))
		sdi_buf_printf(ng->out, "\t\t\t%s_buffering %s;\n", module_of(up), up->buffering ? "on" : "off");
	if (!inherits(up))
		sdi_buf_printf(ng->out, "\t\t\t%s_request_buffering %s;\n", module_of(up),
		               sdi_nginx_keeps_body(policy) ? "on" : "off");
}

#define CERTIFICATES "upstream/"

static void write_file(struct sdi_nginx *ng, const struct sdi_upstream *up, const char *directive, const char *suffix)
{
	sdi_buf_printf(ng->out, "\t\t\t%s_ssl_%s " CERTIFICATES, module_of(up), directive);
	sdi_nginx_name(ng->out, up->tls->id);
	sdi_buf_printf(ng->out, "%s;\n", suffix);
}

static void write_identity(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_upstream *up = place->policy->upstream;
	const struct sdi_upstream_tls *tls = up->tls;
	if (tls->certificate) {
		write_file(ng, up, "certificate", ".crt");
		write_file(ng, up, "certificate_key", ".key");
	}
	if (tls->verify) {
		write_file(ng, up, "trusted_certificate", ".ca");
		sdi_buf_printf(ng->out, "\t\t\t%s_ssl_verify on;\n", module_of(up));
		write_number(ng, up, "ssl_verify_depth", tls->depth, "");
	}
	if (tls->sni)
		sdi_buf_printf(ng->out, "\t\t\t%s_ssl_server_name on;\n", module_of(up));
	if ((tls->sni || tls->verify) && place->route->backend) {
		sdi_buf_printf(ng->out, "\t\t\t%s_ssl_name ", module_of(up));
		sdi_nginx_literal(ng->out, sdi_upstream_tls_name(ng->scratch, tls, place->route->backend));
		conf_lit(ng->out, ";\n");
	}
	if (tls->ciphers.n) {
		sdi_buf_printf(ng->out, "\t\t\t%s_ssl_ciphers ", module_of(up));
		sdi_nginx_word(ng->out, tls->ciphers);
		conf_lit(ng->out, ";\n");
	}
}

static void write_tls(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_upstream *up = place->policy->upstream;
	if (up->protocol != SDI_UPSTREAM_HTTPS && up->protocol != SDI_UPSTREAM_GRPCS &&
	    up->protocol != SDI_UPSTREAM_AUTO)
		return;
	unsigned versions = up->tls ? up->tls->versions : SDI_TLS_1_2 | SDI_TLS_1_3;
	sdi_buf_printf(ng->out, "\t\t\t%s_ssl_protocols%s%s;\n", module_of(up),
	               versions & SDI_TLS_1_2 ? " TLSv1.2" : "", versions & SDI_TLS_1_3 ? " TLSv1.3" : "");
	if (up->tls)
		write_identity(ng, place);
}

static void write_pair(struct sdi_nginx *ng, const struct sdi_policy *policy, enum sdi_field field,
                       const char *directive, const struct sdi_rewrite_text *pair)
{
	if (!sdi_policy_has(policy, field))
		return;
	sdi_buf_printf(ng->out, "\t\t\t%s ", directive);
	sdi_nginx_literal(ng->out, pair->from);
	conf_lit(ng->out, " ");
	sdi_nginx_literal(ng->out, pair->to);
	conf_lit(ng->out, ";\n");
}

uint64_t sdi_nginx_common_body(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_hosts; i++)
		for (size_t k = 0; k < gateway->hosts[i].n_routes; k++)
			if (sdi_policy_has(gateway->hosts[i].routes[k].policy, SDI_FIELD_BODY_SIZE))
				return gateway->hosts[i].routes[k].policy->body_bytes;
	return 0;
}

void sdi_nginx_write_body_size(struct sdi_nginx *ng, const struct sdi_policy *policy, struct sdi_str before,
                               struct sdi_str behind)
{
	uint64_t bytes = sdi_policy_has(policy, SDI_FIELD_BODY_SIZE) ? policy->body_bytes : 0;
	if (bytes == ng->common_body)
		return;
	sdi_buf_add(ng->out, before);
	conf_lit(ng->out, "client_max_body_size ");
	conf_uint(ng->out, bytes);
	conf_lit(ng->out, ";");
	sdi_buf_add(ng->out, behind);
}

void sdi_nginx_place_upstream(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_policy *policy = place->policy;
	const struct sdi_upstream *up = policy->upstream;
	sdi_nginx_write_body_size(ng, policy, SDI_STR("\t\t\t"), SDI_STR("\n"));
	if ((!up || inherits(up)) && sdi_nginx_keeps_body(policy))
		conf_lit(ng->out, "\t\t\tproxy_request_buffering on;\n");
	if (!up)
		return;
	write_timeouts(ng, up);
	write_retries(ng, policy);
	write_tls(ng, place);
	if (up->protocol == SDI_UPSTREAM_FASTCGI)
		sdi_nginx_write_fastcgi(ng, place);
	if (up->body_buffer_bytes) {
		conf_lit(ng->out, "\t\t\tclient_body_buffer_size ");
		conf_uint(ng->out, up->body_buffer_bytes);
		conf_lit(ng->out, ";\n");
	}
	write_buffers(ng, policy);
	if (!inherits(up))
		return;
	if (up->http_1_0)
		conf_lit(ng->out, "\t\t\tproxy_http_version 1.0;\n");
	write_pair(ng, policy, SDI_FIELD_LOCATION_REWRITE, "proxy_redirect", &up->location);
	write_pair(ng, policy, SDI_FIELD_COOKIE_DOMAIN, "proxy_cookie_domain", &up->cookie_domain);
	write_pair(ng, policy, SDI_FIELD_COOKIE_PATH, "proxy_cookie_path", &up->cookie_path);
}

struct sdi_str sdi_nginx_pass_scheme(const struct sdi_policy *policy)
{
	if (!policy || !policy->upstream)
		return SDI_STR("proxy_pass http://");
	switch (policy->upstream->protocol) {
	case SDI_UPSTREAM_HTTP: break;
	case SDI_UPSTREAM_HTTPS: return SDI_STR("proxy_pass https://");
	case SDI_UPSTREAM_GRPC: return SDI_STR("grpc_pass grpc://");
	case SDI_UPSTREAM_GRPCS: return SDI_STR("grpc_pass grpcs://");
	case SDI_UPSTREAM_AUTO: return SDI_STR("proxy_pass $scheme://");
	case SDI_UPSTREAM_FASTCGI: return SDI_STR("fastcgi_pass ");
	}
	return SDI_STR("proxy_pass http://");
}

bool sdi_nginx_has_own_upstream(const struct sdi_policy *policy)
{
	return !sdi_upstream_speaks(policy, SDI_UPSTREAM_HTTP);
}

static struct sdi_str own_name(struct sdi_nginx *ng, const struct sdi_policy *policy, const struct sdi_backend *backend,
                               const char *suffix)
{
	return sdi_arena_printf(ng->scratch, "%.*s_%.*s%s", SDI_STR_ARG(backend->id), SDI_STR_ARG(policy->id), suffix);
}

void sdi_nginx_write_upstream_name(struct sdi_nginx *ng, const struct sdi_policy *policy,
                                   const struct sdi_backend *backend)
{
	sdi_nginx_name(ng->out, sdi_nginx_has_own_upstream(policy) ? own_name(ng, policy, backend, "") : backend->id);
	if (sdi_upstream_speaks(policy, SDI_UPSTREAM_AUTO))
		conf_lit(ng->out, "_$scheme");
}

static void write_once(struct sdi_nginx *ng, struct sdi_map *done, const struct sdi_backend *backend,
                       struct sdi_str name)
{
	void **slot = sdi_map_put(done, name);
	if (!*slot)
		sdi_nginx_write_backend(ng, backend, name);
	*slot = done;
}

static void write_own(struct sdi_nginx *ng, struct sdi_map *done, const struct sdi_route *route)
{
	if (route->answer != SDI_ANSWER_BACKEND || !sdi_nginx_has_own_upstream(route->policy) ||
	    sdi_nginx_chooses(route))
		return;
	if (!sdi_upstream_speaks(route->policy, SDI_UPSTREAM_AUTO)) {
		write_once(ng, done, route->backend, own_name(ng, route->policy, route->backend, ""));
		return;
	}
	write_once(ng, done, route->backend, own_name(ng, route->policy, route->backend, "_http"));
	write_once(ng, done, route->backend, own_name(ng, route->policy, route->backend, "_https"));
}

void sdi_nginx_write_own_upstreams(struct sdi_nginx *ng)
{
	struct sdi_map done = { .arena = ng->scratch };
	for (size_t i = 0; i < ng->gateway->n_hosts && !ng->out->failed; i++) {
		const struct sdi_host *host = &ng->gateway->hosts[i];
		for (size_t k = 0; k < host->n_routes; k++)
			write_own(ng, &done, &host->routes[k]);
		write_own(ng, &done, &host->fallback);
	}
}

static bool add_file(struct sdi_nginx *ng, struct sdi_str id, const char *suffix, struct sdi_str text)
{
	struct sdi_str name = sdi_arena_printf(ng->scratch, CERTIFICATES "%.*s%s", SDI_STR_ARG(id), suffix);
	struct sdi_buf *file = sdi_bundle_file(ng->bundle, name, 0600, true);
	if (file)
		sdi_buf_add(file, text);
	return file;
}

bool sdi_nginx_add_upstream_certificates(struct sdi_nginx *ng)
{
	struct sdi_map done = { .arena = ng->scratch };
	bool fine = true;
	for (size_t i = 0; fine && i < ng->gateway->n_policies; i++) {
		const struct sdi_upstream *up = ng->gateway->policies[i]->upstream;
		const struct sdi_upstream_tls *tls = up ? up->tls : NULL;
		void **slot = tls ? sdi_map_put(&done, tls->id) : NULL;
		if (!tls || *slot)
			continue;
		*slot = &done;
		if (tls->certificate)
			fine = add_file(ng, tls->id, ".crt", tls->certificate->chain_pem) &&
			       add_file(ng, tls->id, ".key", tls->certificate->key_pem);
		if (tls->ca_pem.n)
			fine = fine && add_file(ng, tls->id, ".ca", tls->ca_pem);
	}
	return fine;
}
