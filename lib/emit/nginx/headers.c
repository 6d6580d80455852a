/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The headers of requests to endpoints and of answers to clients. NGINX inherits all of them or none: a location that
 * has one of its own says all. So those that never change are a file of their own, headers.conf, which "http" and such
 * locations include.
 */
#include "../../gateway/access.h"
#include "nginx.h"
#include "quote.h"

#define HEADERS_CONF "headers.conf"

bool sdi_nginx_write_headers(struct sdi_nginx *ng)
{
	struct sdi_buf *file = sdi_bundle_file(ng->bundle, SDI_STR(HEADERS_CONF), 0644, false);
	if (!file)
		return false;
	conf_lit(file, "proxy_set_header X-Request-ID $req_id;\n"
	               "proxy_set_header X-Real-IP $remote_addr;\n"
	               "proxy_set_header X-Forwarded-For $remote_addr;\n"
	               "proxy_set_header X-Forwarded-Host $sdi_host;\n"
	               "proxy_set_header X-Forwarded-Port $sdi_port;\n"
	               "proxy_set_header X-Forwarded-Proto $scheme;\n"
	               "proxy_set_header X-Forwarded-Scheme $scheme;\n"
	               "proxy_set_header X-Scheme $scheme;\n"
	               "proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;\n"
	               "proxy_set_header Upgrade $http_upgrade;\n"
	               "proxy_set_header Proxy \"\";\n"); /* httpoxy */
	conf_lit(ng->out, "\tinclude " HEADERS_CONF ";\n"
	                  "\tproxy_set_header Host $sdi_host;\n"
	                  "\tproxy_set_header Connection $sdi_connection;\n");
	return true;
}

/* Whether a header of requests is other than everywhere. */
static bool has_own(const struct sdi_policy *policy)
{
	return policy->basic_auth || policy->auth;
}

void sdi_nginx_place_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_policy *policy = place->policy;
	if (!has_own(policy))
		return;
	conf_lit(ng->out, "\t\t\tinclude " HEADERS_CONF ";\n"
	                  "\t\t\tproxy_set_header Host $sdi_host;\n"
	                  "\t\t\tproxy_set_header Connection $sdi_connection;\n");
	if (policy->basic_auth) /* the application does not get to see passwords that were not meant for it */
		conf_lit(ng->out, "\t\t\tproxy_set_header Authorization \"\";\n");
	sdi_nginx_auth_request_headers(ng, place);
}

void sdi_nginx_place_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	sdi_nginx_auth_response_headers(ng, place);
}
