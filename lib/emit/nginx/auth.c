/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * External authentication: auth_request and, in each server, a location per policy that asks. Such a location's name
 * has no slash in front, so no request and no route of an object can have it. All its texts are one word with the
 * variables written by us.
 */
#include "../../base/map.h"
#include "../../gateway/auth.h"
#include "nginx.h"
#include "quote.h"

static void write_id(struct sdi_buf *out, const struct sdi_policy *policy)
{
	conf_lit(out, "sdi_auth/");
	sdi_nginx_name(out, policy->ns);
	conf_lit(out, "/");
	sdi_nginx_name(out, policy->id);
}

/* The request's headers but for those that hold it together, and for what it claims about how it came here. */
static void write_question_headers(struct sdi_nginx *ng, const struct sdi_auth *auth)
{
	static const char *const gone[] = { "Content-Length",
		                            "X-Forwarded-Host",
		                            "X-Forwarded-Port",
		                            "X-Forwarded-Proto",
		                            "X-Forwarded-Scheme",
		                            "X-Forwarded-Uri",
		                            "X-Forwarded-Method",
		                            "Proxy",
		                            "Upgrade",
		                            "TE",
		                            "Expect",
		                            "X-Original-Forwarded-For" };
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		sdi_buf_printf(ng->out, "\t\t\tproxy_set_header %s \"\";\n", gone[i]);
	conf_lit(ng->out, "\t\t\tproxy_set_header Host \"");
	sdi_nginx_write_request_text(ng->out, &auth->to.host);
	conf_lit(ng->out, "\";\n"
	                  "\t\t\tproxy_set_header X-Request-ID $req_id;\n"
	                  "\t\t\tproxy_set_header X-Original-URL $scheme://$sdi_host$request_uri;\n"
	                  "\t\t\tproxy_set_header X-Original-Method $request_method;\n"
	                  "\t\t\tproxy_set_header X-Sent-From nginx-ingress-controller;\n"
	                  "\t\t\tproxy_set_header X-Real-IP $remote_addr;\n"
	                  "\t\t\tproxy_set_header X-Forwarded-For $remote_addr;\n");
	if (auth->tells_uri)
		conf_lit(ng->out, "\t\t\tproxy_set_header X-Original-URI $request_uri;\n"
		                  "\t\t\tproxy_set_header X-Scheme $scheme;\n");
	else
		conf_lit(ng->out, "\t\t\tproxy_set_header X-Original-URI \"\";\n"
		                  "\t\t\tproxy_set_header X-Scheme \"\";\n");
	conf_lit(ng->out, "\t\t\tproxy_set_header X-Auth-Request-Redirect \"");
	if (auth->redirect.n)
		sdi_nginx_write_request_text(ng->out, &auth->redirect);
	else
		conf_lit(ng->out, "$request_uri");
	conf_lit(ng->out, "\";\n");
	for (size_t i = 0; i < auth->n_send; i++) {
		sdi_buf_printf(ng->out, "\t\t\tproxy_set_header ");
		sdi_nginx_header_name(ng->out, auth->send[i].name);
		conf_lit(ng->out, " \"");
		sdi_nginx_write_request_text(ng->out, &auth->send[i].value);
		conf_lit(ng->out, "\";\n");
	}
}

static void write_cache(struct sdi_nginx *ng, const struct sdi_policy *policy)
{
	const struct sdi_auth *auth = policy->auth;
	if (!sdi_policy_has(policy, SDI_FIELD_AUTH_CACHE))
		return;
	conf_lit(ng->out, "\t\t\tproxy_buffering on;\n"
	                  "\t\t\tproxy_cache sdi_auth;\n"
	                  "\t\t\tproxy_cache_key \"$host ");
	write_id(ng->out, policy);
	conf_lit(ng->out, " ");
	sdi_nginx_write_request_text(ng->out, &auth->cache_key);
	conf_lit(ng->out, "\";\n");
	for (size_t i = 0; i < auth->n_cache; i++) {
		conf_lit(ng->out, "\t\t\tproxy_cache_valid ");
		conf_uint(ng->out, auth->cache[i].status);
		conf_lit(ng->out, " ");
		conf_uint(ng->out, auth->cache[i].seconds);
		conf_lit(ng->out, "s;\n");
	}
}

static void write_question(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy)
{
	const struct sdi_auth *auth = policy->auth;
	conf_lit(ng->out, "\t\tlocation = ");
	write_id(ng->out, policy);
	conf_lit(ng->out, " {\n\t\t\tinternal;\n");
	if (auth->to.backend && !auth->to.backend->n_servers) {
		conf_lit(ng->out, "\t\t\treturn 500;\n\t\t}\n");
		return;
	}
	size_t start = ng->out->n;
	sdi_buf_add(ng->out, ng->gateway->globals.log.auth ? SDI_STR("\t\t\tlog_subrequest on;\n") :
	                                                     SDI_STR("\t\t\taccess_log off;\n"));
	conf_lit(ng->out, "\t\t\tclient_max_body_size 0;\n" /* the location has looked at it */
	                  "\t\t\tproxy_pass_request_body off;\n"
	                  "\t\t\tproxy_buffer_size 16k;\n" /* tokens in headers are long */
	                  "\t\t\tproxy_buffers 8 16k;\n");
	if (auth->method.n) {
		conf_lit(ng->out, "\t\t\tproxy_method ");
		sdi_buf_add(ng->out, auth->method);
		conf_lit(ng->out, ";\n");
	}
	write_question_headers(ng, auth);
	sdi_nginx_client_cert_headers(ng, host, NULL);
	write_cache(ng, policy);
	if (policy->snippet) {
		sdi_nginx_make_way(ng, start, policy->snippet->auth);
		sdi_nginx_write_raw(ng, policy->snippet->auth, 3);
	}
	sdi_nginx_pass_to(ng, &auth->to);
	conf_lit(ng->out, "\t\t}\n");
}

static void write_signin(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy)
{
	if (!policy->auth->signin.n)
		return;
	conf_lit(ng->out, "\t\tlocation @");
	write_id(ng->out, policy);
	conf_lit(ng->out, " {\n\t\t\tinternal;\n"
	                  "\t\t\tadd_header Set-Cookie $sdi_auth_cookie;\n");
	sdi_nginx_keep_answers(ng, host, policy, SDI_STR("\t\t\t"), true);
	conf_lit(ng->out, "\t\t\treturn 302 \"");
	sdi_nginx_write_request_text(ng->out, &policy->auth->signin);
	conf_lit(ng->out, "\";\n\t\t}\n");
}

static void write_locations(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy)
{
	if (!policy->auth || !sdi_nginx_can_go_to(ng, &policy->auth->to))
		return;
	write_question(ng, host, policy);
	write_signin(ng, host, policy);
}

void sdi_nginx_server_auth(struct sdi_nginx *ng, const struct sdi_host *host)
{
	sdi_nginx_server_client_cert(ng, host);
	sdi_nginx_each_policy(ng, host, write_locations);
}

static void refuse(struct sdi_nginx *ng, const struct sdi_nginx_place *place, const struct sdi_auth *auth)
{
	conf_lit(ng->out, "\t\t\treturn 503 \"503 Service Temporarily Unavailable\\n\";\n");
	ng->diag.subject = (struct sdi_subject){ "Ingress", place->route->ns, place->route->ingress, { "", 0, 0 } };
	sdi_diag_add(&ng->diag, SDI_REASON_TARGET_CANT, "auth-url",
	             "NGINX needs the address of a DNS server to look \"%s\" up, so the route answers 503; give one "
	             "with the setting \"resolver\"",
	             sdi_show(&ng->diag, sdi_destination_name(&auth->to)));
}

void sdi_nginx_place_auth(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_auth *auth = place->policy->auth;
	if (!auth)
		return;
	if (!sdi_nginx_can_go_to(ng, &auth->to)) {
		refuse(ng, place, auth);
		return;
	}
	if (auth->to.self) /* a question of ours that asks again would go on for ever */
		conf_lit(ng->out, "\t\t\tif ($http_x_sent_from) { return 500; }\n");
	conf_lit(ng->out, "\t\t\tauth_request ");
	write_id(ng->out, place->policy);
	conf_lit(ng->out, ";\n\t\t\tauth_request_set $sdi_auth_cookie $upstream_http_set_cookie;\n");
	for (size_t i = 0; i < auth->n_copy; i++) {
		conf_lit(ng->out, "\t\t\tauth_request_set $sdi_auth_");
		conf_uint(ng->out, i + 1);
		conf_lit(ng->out, " $upstream_http_");
		sdi_nginx_variable_name(ng->out, auth->copy[i]);
		conf_lit(ng->out, ";\n");
	}
	if (auth->signin.n) {
		conf_lit(ng->out, "\t\t\terror_page 401 = @");
		write_id(ng->out, place->policy);
		conf_lit(ng->out, ";\n");
	}
}

void sdi_nginx_auth_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_auth *auth = place->policy->auth;
	bool asked = auth && sdi_nginx_can_go_to(ng, &auth->to);
	for (size_t i = 0; asked && i < auth->n_copy; i++) {
		sdi_nginx_set_header(ng, place->policy, auth->copy[i]);
		conf_lit(ng->out, "$sdi_auth_");
		conf_uint(ng->out, i + 1);
		conf_lit(ng->out, ";\n");
	}
	sdi_nginx_client_cert_headers(ng, place->host, place->policy);
}

void sdi_nginx_auth_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (place->policy->auth && sdi_nginx_can_go_to(ng, &place->policy->auth->to))
		sdi_buf_printf(ng->out, "\t\t\tadd_header Set-Cookie $sdi_auth_cookie%s;\n",
		               place->policy->auth->always_cookie ? " always" : "");
}

/*
 * $sdi_escaped_uri: the request's URI with all but [A-Za-z0-9._~-] percent-encoded, as the query of a login page needs it.
 * NGINX has no word for that. So each of a row of maps takes the text up to the next special character off; what is
 * behind the last of them stays as it is. They are evaluated where a client is sent to a login page, and not before.
 */
static void write_escapes(struct sdi_buf *out)
{
	enum { STEPS = 40 };
	static const char special[] = " !\"#%&'()*+,/:;<=>?@[]^`{|}"; /* in an expression by its number */
	conf_lit(out, "\tmap $request_uri $sdi_r0 { default $request_uri; }\n");
	for (unsigned i = 1; i <= STEPS; i++) {
		sdi_buf_printf(out, "\tmap $sdi_r%u $sdi_o%u {\n\t\tdefault $sdi_r%u;\n", i - 1, i, i - 1);
		for (const char *c = special; *c; c++)
			sdi_buf_printf(out,
			               "\t\t\"~^(?<sdi_p%u>[A-Za-z0-9._~-]*)\\\\x%02x(?<sdi_r%u>.*)$\" "
			               "\"${sdi_p%u}%%%02X\";\n",
			               i, (unsigned)*c, i, i, (unsigned)*c);
		conf_lit(out, "\t}\n");
	}
	conf_lit(out, "\tmap \"\" $sdi_escaped_uri { default \"");
	for (unsigned i = 1; i <= STEPS; i++)
		sdi_buf_printf(out, "${sdi_o%u}", i);
	sdi_buf_printf(out, "${sdi_r%u}\"; }\n", STEPS);
}

static bool has_variable(const struct sdi_text *text, enum sdi_request_var var)
{
	for (size_t i = 0; i < text->n; i++)
		if (text->parts[i].var == var)
			return true;
	return false;
}

static bool needs_escapes(const struct sdi_auth *auth)
{
	bool found = has_variable(&auth->signin, SDI_VAR_ESCAPED_URI) ||
	             has_variable(&auth->to.target, SDI_VAR_ESCAPED_URI) ||
	             has_variable(&auth->cache_key, SDI_VAR_ESCAPED_URI);
	for (size_t i = 0; i < auth->n_send; i++)
		found |= has_variable(&auth->send[i].value, SDI_VAR_ESCAPED_URI);
	return found;
}

void sdi_nginx_http_auth(struct sdi_nginx *ng)
{
	bool cache = false, escapes = false;
	for (size_t i = 0; i < ng->gateway->n_policies; i++) {
		const struct sdi_policy *policy = ng->gateway->policies[i];
		cache |= sdi_policy_has(policy, SDI_FIELD_AUTH_CACHE);
		escapes |= policy->auth && needs_escapes(policy->auth);
	}
	if (escapes)
		write_escapes(ng->out);
	if (cache) {
		conf_lit(ng->out, "\t");
		sdi_nginx_write_runtime_path(ng, "proxy_cache_path", SDI_STR("nginx-auth"),
		                             " levels=1:2 keys_zone=sdi_auth:10m max_size=128m inactive=30m"
		                             " use_temp_path=off");
	}
}
