/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The headers of requests to endpoints and of answers to clients. NGINX inherits all of them or none: a location that
 * has one of its own says all. So those that never change are a file of their own, headers.conf, which "http" and such
 * locations include.
 */
#include "../../gateway/access.h"
#include "../../gateway/upstream.h"
#include "nginx.h"
#include "quote.h"

#define HEADERS_CONF "headers.conf"
#define GRPC_CONF "grpc_headers.conf"

static const struct {
	const char *name, *value;
} headers[] = {
	{ "X-Request-ID", "$req_id" },
	{ "X-Real-IP", "$remote_addr" },
	{ "X-Forwarded-For", "$remote_addr" },
	{ "X-Forwarded-Host", "$sdi_host" },
	{ "X-Forwarded-Port", "$sdi_port" },
	{ "X-Forwarded-Proto", "$scheme" },
	{ "X-Forwarded-Scheme", "$scheme" },
	{ "X-Scheme", "$scheme" },
	{ "X-Original-Forwarded-For", "$http_x_forwarded_for" },
	{ "Proxy", "\"\"" }, /* httpoxy */
};

static bool add_file(struct sdi_nginx *ng, struct sdi_str name, const char *directive)
{
	struct sdi_buf *file = sdi_bundle_file(ng->bundle, name, 0644, false);
	for (size_t i = 0; file && i < sizeof(headers) / sizeof(headers[0]); i++)
		sdi_buf_printf(file, "%s %s %s;\n", directive, headers[i].name, headers[i].value);
	return file;
}

bool sdi_nginx_write_headers(struct sdi_nginx *ng)
{
	bool grpc = false;
	for (size_t i = 0; i < ng->gateway->n_policies; i++)
		grpc |= sdi_nginx_is_grpc(ng->gateway->policies[i]);
	sdi_nginx_write_usual_headers(ng->out, "\t");
	return add_file(ng, SDI_STR(HEADERS_CONF), "proxy_set_header") &&
	       (!grpc || add_file(ng, SDI_STR(GRPC_CONF), "grpc_set_header"));
}

void sdi_nginx_write_usual_headers(struct sdi_buf *out, const char *indent)
{
	sdi_buf_printf(out,
	               "%sinclude " HEADERS_CONF ";\n%sproxy_set_header Host $sdi_host;\n"
	               "%sproxy_set_header Upgrade $http_upgrade;\n%sproxy_set_header Connection $sdi_connection;\n",
	               indent, indent, indent, indent);
}

/* Whether a header of requests is other than everywhere. */
static bool has_own(const struct sdi_nginx *ng, const struct sdi_policy *policy)
{
	return sdi_nginx_raw_sets_headers(ng, policy, true) || sdi_policy_has(policy, SDI_FIELD_PREFIX_HEADER) ||
	       policy->basic_auth || policy->auth || sdi_nginx_is_grpc(policy) ||
	       sdi_policy_has(policy, SDI_FIELD_UPSTREAM_HOST) || sdi_policy_has(policy, SDI_FIELD_CONNECTION_HEADER);
}

static void write_connection(struct sdi_nginx *ng, const struct sdi_policy *policy)
{
	if (!sdi_policy_has(policy, SDI_FIELD_CONNECTION_HEADER))
		conf_lit(ng->out, "\t\t\tproxy_set_header Upgrade $http_upgrade;\n"
		                  "\t\t\tproxy_set_header Connection $sdi_connection;\n");
	else if (policy->upstream->close)
		conf_lit(ng->out, "\t\t\tproxy_set_header Connection close;\n");
	else
		conf_lit(ng->out, "\t\t\tproxy_set_header Connection keep-alive;\n");
}

void sdi_nginx_place_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_policy *policy = place->policy;
	if (!has_own(ng, policy))
		return;
	const char *directive = sdi_nginx_is_grpc(policy) ? "grpc_set_header" : "proxy_set_header";
	if (sdi_nginx_is_grpc(policy))
		conf_lit(ng->out, "\t\t\tinclude " GRPC_CONF ";\n");
	else
		conf_lit(ng->out, "\t\t\tinclude " HEADERS_CONF ";\n");
	sdi_buf_printf(ng->out, "\t\t\t%s Host ", directive);
	if (!sdi_policy_has(policy, SDI_FIELD_UPSTREAM_HOST) || !sdi_nginx_literal(ng->out, policy->upstream->host))
		conf_lit(ng->out, "$sdi_host");
	conf_lit(ng->out, ";\n");
	if (!sdi_nginx_is_grpc(policy))
		write_connection(ng, policy);
	if (policy->basic_auth) /* the application does not get to see passwords that were not meant for it */
		sdi_buf_printf(ng->out, "\t\t\t%s Authorization \"\";\n", directive);
	if (sdi_policy_has(policy, SDI_FIELD_PREFIX_HEADER))
		sdi_nginx_rewrite_request_headers(ng, place);
	sdi_nginx_auth_request_headers(ng, place);
}

void sdi_nginx_write_hsts(struct sdi_nginx *ng, const struct sdi_host *host, struct sdi_str indent)
{
	if (!host->hsts.n || !ng->settings->https_port)
		return;
	sdi_buf_add(ng->out, indent);
	conf_lit(ng->out, "proxy_hide_header Strict-Transport-Security;\n");
	sdi_buf_add(ng->out, indent);
	conf_lit(ng->out, "add_header Strict-Transport-Security $sdi_hsts always;\n");
}

void sdi_nginx_place_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (!place->policy->auth && !place->policy->cors && !place->policy->balance &&
	    !sdi_nginx_raw_sets_headers(ng, place->policy, false))
		return;
	sdi_nginx_write_hsts(ng, place->host, SDI_STR("\t\t\t"));
	sdi_nginx_auth_response_headers(ng, place);
	sdi_nginx_extras_response_headers(ng, place);
	sdi_nginx_place_session(ng, place);
}
