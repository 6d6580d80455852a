/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The headers of requests to endpoints. NGINX inherits all of them or none: a location that
 * has one of its own says all. So those that never change are a file of their own, headers.conf, which "http" and such
 * locations include.
 */
#include "../../gateway/access.h"
#include "../../gateway/upstream.h"
#include "nginx.h"
#include "quote.h"

#define HEADERS_CONF "headers.conf"
#define GRPC_CONF "grpc_headers.conf"
#define FASTCGI_CONF "fastcgi_headers.conf"

/* @value NULL: see value_of(). @told, where it is not NULL: when something in front of this proxy says how the client came. */
static const struct {
	const char *name, *value, *told;
} headers[] = {
	{ "X-Request-ID", "$req_id", NULL },
	{ "X-Real-IP", "$remote_addr", NULL },
	{ "X-Forwarded-For", "$remote_addr", NULL },
	{ "X-Forwarded-Host", "$sdi_host", NULL },
	{ "X-Forwarded-Port", "$sdi_port", NULL },
	{ "X-Forwarded-Proto", "$scheme", "$sdi_scheme" },
	{ "X-Forwarded-Scheme", "$scheme", "$sdi_scheme" },
	{ "X-Scheme", "$scheme", "$sdi_scheme" },
	{ "X-Original-Forwarded-For", "$http_x_forwarded_for", NULL },
	{ "X-Original-Forwarded-Host", NULL, NULL },
	{ "X-Original-URI", NULL, NULL },
	{ "Early-Data", NULL, NULL }, /* RFC 8470 5.1 */
	{ "Proxy", "\"\"", NULL },    /* httpoxy */
};

/* NULL: there is none. */
static const char *value_of(struct sdi_nginx *ng, size_t i)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	struct sdi_str name = sdi_str_c(headers[i].name);
	if (sdi_header_texts_have(&globals->requests, name)) /* the controller's ConfigMap says it otherwise */
		return NULL;
	if (globals->full_chain && sdi_str_is(name, "X-Forwarded-For"))
		return "$sdi_chain";
	if (globals->client_header.n && sdi_str_is(name, "X-Original-Forwarded-For"))
		return sdi_nginx_header_variable(ng, globals->client_header);
	if (sdi_str_is(name, "X-Original-Forwarded-Host"))
		return sdi_nginx_header_variable(ng, sdi_globals_host_header(globals));
	if (sdi_knob_or(globals, SDI_KNOB_ORIGINAL_URI, 0) && sdi_str_is(name, "X-Original-URI"))
		return "$request_uri";
	if (sdi_knob_or(globals, SDI_KNOB_TLS_EARLY_DATA, 0) && sdi_str_is(name, "Early-Data"))
		return "$ssl_early_data";
	return headers[i].told && sdi_globals_tell_scheme(globals) ? headers[i].told : headers[i].value;
}

/* "HTTP_X_REAL_IP" of "X-Real-IP" (RFC 3875 4.1.18). */
static void write_param_name(struct sdi_buf *out, struct sdi_str name)
{
	conf_lit(out, "HTTP_");
	for (size_t i = 0; i < name.n; i++) {
		char c = sdi_lower(name.p[i]);
		sdi_buf_char(out, c >= 'a' && c <= 'z' ? (char)(c & ~0x20) : sdi_is_digit(c) ? c : '_');
	}
}

/* "BEFORE NAME VALUE AFTER" into @file; what can't be said is left out. */
void sdi_nginx_write_header_text(struct sdi_nginx *ng, struct sdi_buf *file, const char *before,
                                 const struct sdi_header_text *header, const char *after)
{
	struct sdi_buf *out = ng->out;
	size_t at = file->n;
	ng->out = file;
	sdi_buf_printf(file, "%s ", before);
	if (strcmp(before, "fastcgi_param") == 0)
		write_param_name(file, header->name);
	else
		sdi_nginx_header_name(file, header->name);
	conf_lit(file, " ");
	if (sdi_nginx_write_text(ng, NULL, &header->value))
		sdi_buf_printf(file, "%s;\n", after);
	else if (!file->failed)
		file->n = at;
	ng->out = out;
}

static void write_list(struct sdi_nginx *ng, struct sdi_buf *file, const char *before,
                       const struct sdi_header_texts *list, const char *after)
{
	for (size_t i = 0; i < list->n; i++)
		sdi_nginx_write_header_text(ng, file, before, &list->p[i], after);
}

static bool add_file(struct sdi_nginx *ng, struct sdi_str name, const char *directive)
{
	struct sdi_buf *file = sdi_bundle_file(ng->bundle, name, 0644, false);
	for (size_t i = 0; file && i < sizeof(headers) / sizeof(headers[0]); i++)
		if (value_of(ng, i))
			sdi_buf_printf(file, "%s %s %s;\n", directive, headers[i].name, value_of(ng, i));
	if (file)
		write_list(ng, file, directive, &ng->gateway->globals.requests, "");
	return file;
}

/* The usual ones as FastCGI has them. */
static bool add_params(struct sdi_nginx *ng)
{
	struct sdi_buf *file = sdi_bundle_file(ng->bundle, SDI_STR(FASTCGI_CONF), 0644, false);
	for (size_t i = 0; file && i < sizeof(headers) / sizeof(headers[0]); i++) {
		if (!value_of(ng, i))
			continue;
		conf_lit(file, "fastcgi_param ");
		write_param_name(file, sdi_str_c(headers[i].name));
		sdi_buf_printf(file, " %s;\n", value_of(ng, i));
	}
	if (file)
		write_list(ng, file, "fastcgi_param", &ng->gateway->globals.requests, "");
	return file;
}

bool sdi_nginx_write_headers(struct sdi_nginx *ng)
{
	bool grpc = false, fastcgi = false;
	for (size_t i = 0; i < ng->gateway->n_policies; i++) {
		grpc |= sdi_nginx_is_grpc(ng->gateway->policies[i]);
		fastcgi |= sdi_upstream_speaks(ng->gateway->policies[i], SDI_UPSTREAM_FASTCGI);
	}
	sdi_nginx_write_usual_headers(ng->out, "\t");
	sdi_nginx_write_answers(ng, SDI_STR("\t"), true);
	return sdi_nginx_add_answers(ng) && add_file(ng, SDI_STR(HEADERS_CONF), "proxy_set_header") &&
	       (!grpc || add_file(ng, SDI_STR(GRPC_CONF), "grpc_set_header")) && (!fastcgi || add_params(ng));
}

void sdi_nginx_set_header(struct sdi_nginx *ng, const struct sdi_policy *policy, struct sdi_str name)
{
	if (sdi_upstream_speaks(policy, SDI_UPSTREAM_FASTCGI)) {
		conf_lit(ng->out, "\t\t\tfastcgi_param ");
		write_param_name(ng->out, name);
	} else {
		sdi_buf_printf(ng->out, "\t\t\t%s_set_header ", sdi_nginx_is_grpc(policy) ? "grpc" : "proxy");
		sdi_nginx_header_name(ng->out, name);
	}
	conf_lit(ng->out, " ");
}

void sdi_nginx_write_fixed_headers(struct sdi_buf *out, const char *indent)
{
	sdi_buf_printf(out, "%sinclude " HEADERS_CONF ";\n", indent);
}

void sdi_nginx_write_usual_headers(struct sdi_buf *out, const char *indent)
{
	sdi_nginx_write_fixed_headers(out, indent);
	sdi_buf_printf(out,
	               "%sproxy_set_header Host $sdi_host;\n"
	               "%sproxy_set_header Upgrade $http_upgrade;\n%sproxy_set_header Connection $sdi_connection;\n",
	               indent, indent, indent);
}

/* Whether a header of requests is other than everywhere. */
static bool has_own(const struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_policy *policy = place->policy;
	return place->route->standin || sdi_nginx_raw_sets_headers(ng, policy, true) ||
	       sdi_policy_has(policy, SDI_FIELD_PREFIX_HEADER) || policy->basic_auth || policy->auth ||
	       sdi_nginx_is_grpc(policy) || sdi_upstream_speaks(policy, SDI_UPSTREAM_FASTCGI) ||
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

static void write_host(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_policy *policy = place->policy;
	sdi_nginx_set_header(ng, policy, SDI_STR("Host"));
	if (!sdi_policy_has(policy, SDI_FIELD_UPSTREAM_HOST) ||
	    !sdi_nginx_write_text(ng, place, &policy->upstream->host))
		conf_lit(ng->out, "$sdi_host");
	conf_lit(ng->out, ";\n");
}

/* All of them, in the words of what the endpoints speak; who adds one uses sdi_nginx_set_header(). */
void sdi_nginx_place_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_policy *policy = place->policy;
	if (!has_own(ng, place))
		return;
	bool grpc = sdi_nginx_is_grpc(policy), fastcgi = sdi_upstream_speaks(policy, SDI_UPSTREAM_FASTCGI);
	if (grpc)
		conf_lit(ng->out, "\t\t\tinclude " GRPC_CONF ";\n");
	else if (fastcgi)
		conf_lit(ng->out, "\t\t\tinclude " FASTCGI_CONF ";\n");
	else
		conf_lit(ng->out, "\t\t\tinclude " HEADERS_CONF ";\n");
	write_host(ng, place);
	if (!grpc && !fastcgi)
		write_connection(ng, policy);
	if (policy->basic_auth) { /* the application does not get to see passwords that were not meant for it */
		sdi_nginx_set_header(ng, policy, SDI_STR("Authorization"));
		conf_lit(ng->out, "\"\";\n");
	}
	sdi_nginx_rewrite_request_headers(ng, place);
	sdi_nginx_auth_request_headers(ng, place);
	sdi_nginx_standin_headers(ng, place);
}
