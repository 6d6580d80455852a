/* SPDX-License-Identifier: BSD-3-Clause */
/* The way to the endpoints. */
#include "../../gateway/upstream.h"
#include "nginx.h"
#include "quote.h"

static bool is_grpc(const struct sdi_upstream *up)
{
	return up->protocol == SDI_UPSTREAM_GRPC || up->protocol == SDI_UPSTREAM_GRPCS;
}

bool sdi_nginx_is_grpc(const struct sdi_policy *policy)
{
	return policy->upstream && is_grpc(policy->upstream);
}

/* "proxy_NAME N UNIT;" or "grpc_NAME …". */
static void write_number(struct sdi_nginx *ng, const struct sdi_upstream *up, const char *name, uint64_t n,
                         const char *unit)
{
	sdi_buf_printf(ng->out, "\t\t\t%s_%s ", is_grpc(up) ? "grpc" : "proxy", name);
	conf_uint(ng->out, n);
	sdi_buf_printf(ng->out, "%s;\n", unit);
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
	if (sdi_policy_has(policy, SDI_FIELD_RETRY)) {
		sdi_buf_printf(ng->out, "\t\t\t%s_next_upstream", is_grpc(up) ? "grpc" : "proxy");
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (up->retry & rows[i].bit)
				sdi_buf_add(ng->out, sdi_str_c(rows[i].word));
		sdi_buf_add(ng->out, up->retry & ~SDI_RETRY_ALL_METHODS ? SDI_STR(";\n") : SDI_STR(" off;\n"));
	}
	if (sdi_policy_has(policy, SDI_FIELD_RETRY_TRIES))
		write_number(ng, up, "next_upstream_tries", up->tries, "");
	else if (sdi_policy_has(policy, SDI_FIELD_RETRY))
		write_number(ng, up, "next_upstream_tries", 3, "");
	if (sdi_policy_has(policy, SDI_FIELD_RETRY_TIMEOUT))
		write_number(ng, up, "next_upstream_timeout", up->retry_s, "s");
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
	if ((sdi_policy_has(policy, SDI_FIELD_BUFFERS) || sdi_policy_has(policy, SDI_FIELD_HEADER_BUFFER)) && one) {
		conf_lit(ng->out, "\t\t\tproxy_buffers ");
		conf_uint(ng->out, up->buffers ? up->buffers : BUFFERS);
		conf_lit(ng->out, " ");
		conf_uint(ng->out, one);
		conf_lit(ng->out, ";\n\t\t\tproxy_busy_buffers_size ");
		conf_uint(ng->out, up->busy_bytes ? up->busy_bytes : one);
		conf_lit(ng->out, ";\n");
	}
	if (up->has_temp)
		write_number(ng, up, "max_temp_file_size", up->temp_bytes, "");
	else if (up->buffering) /* a worker may have no folder to write to */
		conf_lit(ng->out, "\t\t\tproxy_max_temp_file_size 0;\n");
	if (up->buffering)
		conf_lit(ng->out, "\t\t\tproxy_buffering on;\n");
	if (up->request_buffering)
		conf_lit(ng->out, "\t\t\tproxy_request_buffering on;\n");
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
	if (!up)
		return;
	if (up->connect_s)
		write_number(ng, up, "connect_timeout", up->connect_s, "s");
	if (up->read_s)
		write_number(ng, up, "read_timeout", up->read_s, "s");
	if (up->send_s)
		write_number(ng, up, "send_timeout", up->send_s, "s");
	write_retries(ng, policy);
	if (up->body_buffer_bytes) {
		conf_lit(ng->out, "\t\t\tclient_body_buffer_size ");
		conf_uint(ng->out, up->body_buffer_bytes);
		conf_lit(ng->out, ";\n");
	}
	write_buffers(ng, policy);
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
	}
	return SDI_STR("proxy_pass http://");
}
