/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages for errors that another service makes, and what a service is told that stands in for another. */
#include "../../gateway/auth.h"
#include "../../gateway/errors.h"
#include "../../gateway/upstream.h"
#include "nginx.h"
#include "quote.h"

static void write_name(struct sdi_buf *out, const struct sdi_policy *policy, unsigned code)
{
	conf_lit(out, "@sdi_error/");
	sdi_nginx_name(out, policy->ns);
	conf_lit(out, "/");
	sdi_nginx_name(out, policy->id);
	conf_lit(out, "/");
	conf_uint(out, code);
}

/* Whatever the page's service says, a client that is kept out is told so. */
static bool is_refusal(const struct sdi_policy *policy, unsigned code)
{
	return (code == 401 || code == 403) && (policy->auth || policy->basic_auth || policy->access);
}

/* Named locations know the variables of the request that came to them, so those say what is of the route. */
void sdi_nginx_place_errors(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_errors *errors = place->policy->errors;
	const struct sdi_backend *backend = place->route->backend;
	bool signs_in = place->policy->auth && place->policy->auth->signin.n;
	if (!errors)
		return;
	conf_lit(ng->out, "\t\t\tset $sdi_ingress \"");
	sdi_nginx_name(ng->out, place->route->ingress);
	conf_lit(ng->out, "\";\n\t\t\tset $sdi_service \"");
	sdi_nginx_name(ng->out, backend ? backend->service : SDI_STR(""));
	conf_lit(ng->out, "\";\n\t\t\tset $sdi_service_port \"");
	sdi_nginx_name(ng->out, backend ? backend->port : SDI_STR(""));
	conf_lit(ng->out, "\";\n");
	if (!errors->only_own)
		sdi_buf_printf(ng->out, "\t\t\t%s_intercept_errors on;\n",
		               sdi_nginx_is_grpc(place->policy)                         ? "grpc" :
		               sdi_upstream_speaks(place->policy, SDI_UPSTREAM_FASTCGI) ? "fastcgi" :
		                                                                          "proxy");
	for (size_t i = 0; i < errors->n; i++) {
		if (errors->codes[i] == 401 && signs_in) /* auth.c: the first page of a status is the one that counts */
			continue;
		conf_lit(ng->out, "\t\t\terror_page ");
		conf_uint(ng->out, errors->codes[i]);
		sdi_buf_add(ng->out, is_refusal(place->policy, errors->codes[i]) ? SDI_STR(" ") : SDI_STR(" = "));
		write_name(ng->out, place->policy, errors->codes[i]);
		conf_lit(ng->out, ";\n");
	}
}

static void write_page(struct sdi_nginx *ng, const struct sdi_policy *policy, unsigned code)
{
	conf_lit(ng->out, "\t\tlocation ");
	write_name(ng->out, policy, code);
	conf_lit(ng->out, " {\n\t\t\tinternal;\n");
	if (!policy->errors->backend) {
		conf_lit(ng->out, "\t\t\treturn 404 \"404 Not Found\\n\";\n\t\t}\n");
		return;
	}
	conf_lit(ng->out, "\t\t\tproxy_set_header X-Code ");
	conf_uint(ng->out, code);
	conf_lit(ng->out, ";\n"
	                  "\t\t\tproxy_set_header X-Format $http_accept;\n"
	                  "\t\t\tproxy_set_header X-Original-URI $request_uri;\n"
	                  "\t\t\tproxy_set_header X-Namespace ");
	sdi_nginx_name(ng->out, policy->ns);
	conf_lit(ng->out, ";\n"
	                  "\t\t\tproxy_set_header X-Ingress-Name $sdi_ingress;\n"
	                  "\t\t\tproxy_set_header X-Service-Name $sdi_service;\n"
	                  "\t\t\tproxy_set_header X-Service-Port $sdi_service_port;\n"
	                  "\t\t\tproxy_set_header X-Request-ID $req_id;\n"
	                  "\t\t\tproxy_set_header X-Forwarded-For $remote_addr;\n"
	                  "\t\t\tproxy_set_header Host $sdi_host;\n"
	                  "\t\t\tproxy_set_header Connection \"\";\n"
	                  "\t\t\tclient_max_body_size 0;\n"); /* the location has looked at it */
	if (code == 413 || !sdi_nginx_keeps_body(policy))     /* there is none any more */
		conf_lit(ng->out, "\t\t\tproxy_pass_request_body off;\n"
		                  "\t\t\tproxy_set_header Content-Length \"\";\n");
	conf_lit(ng->out, "\t\t\trewrite ^ / break;\n"
	                  "\t\t\tproxy_pass http://");
	sdi_nginx_name(ng->out, policy->errors->backend->id);
	conf_lit(ng->out, ";\n\t\t}\n");
}

static void write_pages(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy)
{
	(void)host;
	for (size_t i = 0; policy->errors && i < policy->errors->n; i++)
		write_page(ng, policy, policy->errors->codes[i]);
}

void sdi_nginx_server_errors(struct sdi_nginx *ng, const struct sdi_host *host)
{
	sdi_nginx_each_policy(ng, host, write_pages);
}

void sdi_nginx_standin_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_standin *standin = place->route->standin;
	const struct {
		struct sdi_str name, value;
	} told[] = {
		{ SDI_STR("X-Code"), SDI_STR("503") },
		{ SDI_STR("X-Namespace"), place->route->ns },
		{ SDI_STR("X-Ingress-Name"), place->route->ingress },
		{ SDI_STR("X-Service-Name"), standin ? standin->service : SDI_STR("") },
		{ SDI_STR("X-Service-Port"), standin ? standin->port : SDI_STR("") },
	};
	if (!standin)
		return;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		sdi_nginx_set_header(ng, place->policy, told[i].name);
		sdi_nginx_word(ng->out, told[i].value);
		conf_lit(ng->out, ";\n");
	}
	sdi_nginx_set_header(ng, place->policy, SDI_STR("X-Format"));
	conf_lit(ng->out, "$http_accept;\n");
}
