/* SPDX-License-Identifier: BSD-3-Clause */
/* Where an URL of an object leads, and texts with what the request knows, in NGINX's words. */
#include "../../gateway/auth.h"
#include "../../gateway/mirror.h"
#include "nginx.h"
#include "quote.h"

static const char *const words[] = {
	[SDI_VAR_HOST] = "host",
	[SDI_VAR_HTTP_HOST] = "sdi_host",
	[SDI_VAR_SCHEME] = "scheme",
	[SDI_VAR_REQUEST_URI] = "request_uri",
	[SDI_VAR_ESCAPED_URI] = "sdi_escaped_uri",
	[SDI_VAR_ARGS] = "args",
	[SDI_VAR_QUERY] = "is_args}${args",
	[SDI_VAR_METHOD] = "request_method",
	[SDI_VAR_REMOTE_ADDR] = "remote_addr",
	[SDI_VAR_REMOTE_USER] = "remote_user",
	[SDI_VAR_REQUEST_ID] = "req_id",
	[SDI_VAR_HEADER] = "http_",
	[SDI_VAR_COOKIE] = "cookie_",
	[SDI_VAR_ARG] = "arg_",
	[SDI_VAR_CLIENT_DN] = "ssl_client_s_dn",
	[SDI_VAR_CLIENT_VERIFIED] = "ssl_client_verify",
};

void sdi_nginx_write_request_text(struct sdi_buf *out, const struct sdi_text *text)
{
	for (size_t i = 0; i < text->n; i++) {
		const struct sdi_text_part *part = &text->parts[i];
		if (part->var == SDI_VAR_NONE) {
			sdi_nginx_literal_part(out, part->text);
			continue;
		}
		conf_lit(out, "${");
		sdi_buf_add(out, sdi_str_c(words[part->var]));
		sdi_buf_add(out, part->text);
		conf_lit(out, "}");
	}
}

bool sdi_nginx_can_go_to(const struct sdi_nginx *ng, const struct sdi_destination *to)
{
	return !sdi_destination_name(to).n || sdi_nginx_has_resolver(ng);
}

static void write_own_address(struct sdi_nginx *ng, unsigned port)
{
	struct sdi_binds bind = sdi_emit_binds(ng->gateway, ng->settings);
	struct sdi_str address = SDI_STR("127.0.0.1");
	if (bind.n && sdi_str_is(bind.p[0], "::"))
		address = SDI_STR("::1");
	else if (bind.n && !sdi_str_is(bind.p[0], "0.0.0.0"))
		address = bind.p[0];
	sdi_nginx_address(ng->out, address, port);
}

/* NGINX keeps idle connections by upstream, and may take one of them for TLS, or for a name, that it was not opened for.
 * So a service that is reached over TLS has one for each of its names. "__" does not occur in those of backend.c. */
static bool has_own_upstream(const struct sdi_destination *to)
{
	return to->tls && to->backend && !sdi_nginx_external(to->backend);
}

static struct sdi_str upstream_name(struct sdi_nginx *ng, const struct sdi_destination *to)
{
	struct sdi_buf name;
	sdi_buf_init(&name, 1024);
	sdi_buf_printf(&name, "tls__%.*s__", SDI_STR_ARG(to->backend->id));
	sdi_nginx_write_request_text(&name, &to->server);
	struct sdi_str ret = sdi_arena_copy(ng->scratch, sdi_buf_str(&name));
	sdi_buf_release(&name);
	return ret;
}

static void write_upstream(struct sdi_nginx *ng, struct sdi_map *done, const struct sdi_destination *to)
{
	if (!has_own_upstream(to))
		return;
	struct sdi_str name = upstream_name(ng, to);
	void **slot = sdi_map_put(done, name);
	if (!*slot)
		sdi_nginx_write_backend(ng, to->backend, name);
	*slot = done;
}

void sdi_nginx_http_destinations(struct sdi_nginx *ng)
{
	struct sdi_map done = { .arena = ng->scratch };
	for (size_t i = 0; i < ng->gateway->n_policies && !ng->out->failed; i++) {
		const struct sdi_policy *policy = ng->gateway->policies[i];
		if (policy->auth)
			write_upstream(ng, &done, &policy->auth->to);
		if (policy->mirror)
			write_upstream(ng, &done, &policy->mirror->to);
	}
}

static void write_place(struct sdi_nginx *ng, const struct sdi_destination *to)
{
	struct sdi_str name = sdi_destination_name(to);
	if (name.n) {
		sdi_nginx_dns_name(ng->out, name);
		sdi_buf_char(ng->out, ':');
		conf_uint(ng->out, sdi_destination_port(to));
	} else if (to->backend) {
		sdi_nginx_name(ng->out, has_own_upstream(to) ? upstream_name(ng, to) : to->backend->id);
	} else if (to->self) {
		write_own_address(ng, to->port);
	} else {
		sdi_nginx_address(ng->out, to->address, to->port);
	}
}

void sdi_nginx_pass_to(struct sdi_nginx *ng, const struct sdi_destination *to)
{
	if (to->tls) {
		conf_lit(ng->out,
		         "\t\t\tproxy_ssl_protocols TLSv1.2 TLSv1.3;\n" /* before 1.23.4 the default has no 1.3 */
		         "\t\t\tproxy_ssl_server_name on;\n"
		         "\t\t\tproxy_ssl_name \"");
		sdi_nginx_write_request_text(ng->out, &to->server);
		conf_lit(ng->out, "\";\n");
	}
	conf_lit(ng->out, "\t\t\tproxy_pass \"");
	sdi_buf_add(ng->out, to->tls ? SDI_STR("https://") : SDI_STR("http://"));
	write_place(ng, to);
	sdi_nginx_write_request_text(ng->out, &to->target);
	conf_lit(ng->out, "$sdi_nothing\";\n"); /* with a variable the rest goes out as it is */
}
