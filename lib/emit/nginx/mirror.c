/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copies of requests: "mirror" and, in each server, a location per policy that has one. Such a location's name has no
 * slash in front, so no request and no route of an object can have it. NGINX drops what is answered there, and goes on
 * to a client's next request on the connection when it has come.
 */
#include "../../gateway/mirror.h"
#include "nginx.h"
#include "quote.h"

static void write_id(struct sdi_buf *out, const struct sdi_policy *policy)
{
	conf_lit(out, "sdi_mirror/");
	sdi_nginx_name(out, policy->ns);
	conf_lit(out, "/");
	sdi_nginx_name(out, policy->id);
}

/* Those that the application gets, as HTTP: what it must not see is not for others, either. */
static void write_headers(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy)
{
	struct sdi_policy http = *policy;
	http.upstream = NULL;
	sdi_nginx_write_fixed_headers(ng->out, "\t\t\t");
	conf_lit(ng->out, "\t\t\tproxy_set_header Host \"");
	sdi_nginx_write_request_text(ng->out, &policy->mirror->to.host);
	conf_lit(ng->out, "\";\n"
	                  "\t\t\tproxy_set_header Upgrade \"\";\n"
	                  "\t\t\tproxy_set_header Connection \"\";\n"
	                  "\t\t\tproxy_set_header " SDI_COPY_HEADER " 1;\n");
	if (!policy->mirror->body)
		conf_lit(ng->out, "\t\t\tproxy_pass_request_body off;\n"
		                  "\t\t\tproxy_set_header Content-Length \"\";\n");
	if (policy->basic_auth)
		conf_lit(ng->out, "\t\t\tproxy_set_header Authorization \"\";\n");
	sdi_nginx_auth_request_headers(ng, &(struct sdi_nginx_place){ .host = host, .policy = &http });
}

static void write_location(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy)
{
	const struct sdi_mirror *mirror = policy->mirror;
	if (!mirror || !sdi_nginx_can_go_to(ng, &mirror->to))
		return;
	conf_lit(ng->out, "\t\tlocation = ");
	write_id(ng->out, policy);
	conf_lit(ng->out, " {\n"
	                  "\t\t\tinternal;\n"
	                  "\t\t\tif ($http_x_sdi_copy) { return 204; }\n"
	                  "\t\t\tclient_max_body_size 0;\n" /* the location has looked at it */
	                  "\t\t\tproxy_connect_timeout 5s;\n");
	write_headers(ng, host, policy);
	sdi_nginx_pass_to(ng, &mirror->to);
	conf_lit(ng->out, "\t\t}\n");
}

void sdi_nginx_server_mirrors(struct sdi_nginx *ng, const struct sdi_host *host)
{
	sdi_nginx_each_policy(ng, host, write_location);
}

void sdi_nginx_place_mirror(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_mirror *mirror = place->policy->mirror;
	if (!mirror)
		return;
	if (!sdi_nginx_can_go_to(ng, &mirror->to)) {
		ng->diag.subject =
			(struct sdi_subject){ "Ingress", place->route->ns, place->route->ingress, { "", 0, 0 } };
		sdi_diag_add(&ng->diag, SDI_REASON_TARGET_CANT, "mirror-target",
		             "NGINX needs the address of a DNS server to look \"%s\" up, so no copies are sent; give "
		             "one with the setting \"resolver\"",
		             sdi_show(&ng->diag, sdi_destination_name(&mirror->to)));
		return;
	}
	conf_lit(ng->out, "\t\t\tmirror ");
	write_id(ng->out, place->policy);
	sdi_buf_printf(ng->out, ";\n\t\t\tmirror_request_body %s;\n", mirror->body ? "on" : "off");
}
