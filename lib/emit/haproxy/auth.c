/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * External authentication. HAProxy has no subrequests, so a script (auth_lua.c) asks the service. It is the same text
 * in every bundle; what objects say goes to it in variables, as quoted literals. The rules behind it deny unless it
 * said otherwise, so that whatever happens to it closes the route.
 */
#include "../../gateway/auth.h"
#include "../../base/map.h"
#include "haproxy.h"
#include "quote.h"

enum { SERVERS = 32, COOKIES = 4 };

static void start_var(struct sdi_buf *cfg, const char *name)
{
	conf_lit(cfg, "\thttp-request set-var-fmt(txn.auth_");
	sdi_buf_add(cfg, sdi_str_c(name));
	conf_lit(cfg, ") ");
}

static void write_server_of(struct sdi_buf *cfg, struct sdi_str address, bool ipv6, unsigned port)
{
	sdi_buf_add(cfg, ipv6 ? SDI_STR("ipv6@") : SDI_STR("ipv4@"));
	sdi_hap_address(cfg, address, port);
	conf_lit(cfg, " ");
}

/* An address that this proxy listens on. */
static struct sdi_str own_address(const struct sdi_hap *hap)
{
	struct sdi_binds bind = sdi_emit_binds(hap->gateway, hap->settings);
	if (!bind.n || sdi_str_is(bind.p[0], "0.0.0.0"))
		return SDI_STR("127.0.0.1");
	return sdi_str_is(bind.p[0], "::") ? SDI_STR("::1") : bind.p[0];
}

static void write_servers(struct sdi_hap *hap, const struct sdi_auth *auth)
{
	const struct sdi_backend *backend = auth->to.backend;
	if (sdi_destination_name(&auth->to).n) {
		conf_lit(hap->cfg, "\thttp-request set-var(txn.auth_named) bool(true)\n");
		return;
	}
	start_var(hap->cfg, "to");
	conf_lit(hap->cfg, "'");
	if (auth->to.self)
		write_server_of(hap->cfg, own_address(hap), sdi_str_find(own_address(hap), ':') >= 0, auth->to.port);
	else if (backend)
		for (size_t i = 0; i < backend->n_servers && i < SERVERS; i++)
			write_server_of(hap->cfg, backend->servers[i].address, backend->servers[i].ipv6,
			                backend->servers[i].port);
	else
		write_server_of(hap->cfg, auth->to.address, auth->to.ipv6, auth->to.port);
	conf_lit(hap->cfg, "'\n");
}

static void write_url(struct sdi_hap *hap, const struct sdi_auth *auth)
{
	struct sdi_str name = sdi_destination_name(&auth->to);
	start_var(hap->cfg, "url");
	sdi_buf_add(hap->cfg, auth->to.tls ? SDI_STR("https://") : SDI_STR("http://"));
	if (name.n) {
		sdi_hap_name(hap->cfg, name);
		conf_lit(hap->cfg, ":");
		conf_uint(hap->cfg, sdi_destination_port(&auth->to));
	} else {
		sdi_hap_write_request_text(hap->cfg, &auth->to.host);
	}
	sdi_hap_write_request_text(hap->cfg, &auth->to.target);
	conf_lit(hap->cfg, "\n");
	start_var(hap->cfg, "host");
	sdi_hap_write_request_text(hap->cfg, &auth->to.host);
	conf_lit(hap->cfg, "\n");
}

static void write_names(struct sdi_buf *cfg, const char *var, const struct sdi_str *names, size_t n)
{
	start_var(cfg, var);
	conf_lit(cfg, "'");
	for (size_t i = 0; i < n; i++) {
		if (i)
			conf_lit(cfg, ",");
		sdi_hap_name(cfg, names[i]);
	}
	conf_lit(cfg, "'\n");
}

static void write_sent(struct sdi_hap *hap, const struct sdi_auth *auth)
{
	struct sdi_str *names = sdi_arena_array(hap->scratch, auth->n_send, struct sdi_str);
	if (!auth->n_send)
		return;
	for (size_t i = 0; i < auth->n_send; i++) {
		names[i] = auth->send[i].name;
		conf_lit(hap->cfg, "\thttp-request set-var-fmt(txn.auth_send");
		conf_uint(hap->cfg, i + 1);
		conf_lit(hap->cfg, ") ");
		sdi_hap_write_request_text(hap->cfg, &auth->send[i].value);
		conf_lit(hap->cfg, "\n");
	}
	write_names(hap->cfg, "send", names, auth->n_send);
}

static void write_cache(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_auth *auth = section->policy->auth;
	if (!sdi_policy_has(section->policy, SDI_FIELD_AUTH_CACHE))
		return;
	start_var(hap->cfg, "key");
	conf_lit(hap->cfg, "'%[var(txn.host)] ");
	sdi_hap_name(hap->cfg, section->policy->ns);
	conf_lit(hap->cfg, "/");
	sdi_hap_name(hap->cfg, section->policy->id);
	conf_lit(hap->cfg, " '");
	sdi_hap_write_request_text(hap->cfg, &auth->cache_key);
	conf_lit(hap->cfg, "\n");
	start_var(hap->cfg, "keep");
	conf_lit(hap->cfg, "'");
	for (size_t i = 0; i < auth->n_cache; i++) {
		conf_uint(hap->cfg, auth->cache[i].status);
		conf_lit(hap->cfg, "=");
		conf_uint(hap->cfg, auth->cache[i].seconds);
		conf_lit(hap->cfg, " ");
	}
	conf_lit(hap->cfg, "'\n");
}

static const char *method_of(struct sdi_str method)
{
	static const char *const known[][2] = {
		{ "", "get" },      { "GET", "get" }, { "HEAD", "head" },
		{ "POST", "post" }, { "PUT", "put" }, { "DELETE", "delete" },
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sdi_str_is(method, known[i][0]))
			return known[i][1];
	return NULL;
}

static void write_question(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	static const struct sdi_text_part uri = { SDI_VAR_REQUEST_URI, { 0 } };
	const struct sdi_auth *auth = section->policy->auth;
	const struct sdi_text whole = { &uri, 1 };
	write_url(hap, auth);
	write_servers(hap, auth);
	conf_lit(hap->cfg, "\thttp-request set-var-fmt(txn.auth_origin)"
	                   " '%[req.fhdr(x-forwarded-proto)]://%[req.fhdr(host)]%[pathq]'\n");
	start_var(hap->cfg, "redirect");
	sdi_hap_write_request_text(hap->cfg, auth->redirect.n ? &auth->redirect : &whole);
	conf_lit(hap->cfg, "\n");
	if (auth->method.n) {
		start_var(hap->cfg, "method");
		sdi_buf_add(hap->cfg, sdi_str_c(method_of(auth->method)));
		conf_lit(hap->cfg, "\n");
	}
	if (auth->tells_uri)
		conf_lit(hap->cfg, "\thttp-request set-var-fmt(txn.auth_uri) '%[pathq]'\n"
		                   "\thttp-request set-var-fmt(txn.auth_scheme) '%[req.fhdr(x-forwarded-proto)]'\n");
	if (auth->n_copy)
		write_names(hap->cfg, "copy", auth->copy, auth->n_copy);
	write_sent(hap, auth);
	write_cache(hap, section);
}

/* What becomes of a request that was not let through; @only is a condition in addition. */
static void write_denials(struct sdi_hap *hap, const struct sdi_auth *auth, const char *only)
{
	struct sdi_buf *cfg = hap->cfg;
	if (auth->signin.n) {
		conf_lit(cfg, "\thttp-request redirect code 302 location ");
		sdi_hap_write_request_text(cfg, &auth->signin);
	} else {
		conf_lit(cfg, "\thttp-request return status 401 content-type text/plain"
		              " string \"401 Authorization Required\\n\""
		              " hdr WWW-Authenticate '%[var(txn.auth_challenge)]'");
	}
	sdi_buf_printf(cfg, " if { var(txn.auth) -m str 401 }%s\n", only);
	sdi_buf_printf(cfg,
	               "\thttp-request return status 403 content-type text/plain string \"403 Forbidden\\n\""
	               " if { var(txn.auth) -m str 403 }%s\n",
	               only);
	sdi_buf_printf(cfg, "\thttp-request deny deny_status 500 if !{ var(txn.auth) -m str pass }%s\n", only);
}

static void write_cookies(struct sdi_buf *cfg, const struct sdi_auth *auth)
{
	for (unsigned i = 1; i <= COOKIES; i++) {
		sdi_buf_printf(cfg,
		               "\thttp-after-response add-header Set-Cookie %%[var(txn.auth_cookie%u)]"
		               " if { var(txn.auth_cookie%u) -m found }%s\n",
		               i, i, auth->always_cookie ? "" : " { status 200 201 204 206 301 302 303 304 307 308 }");
	}
}

static void refuse(struct sdi_hap *hap, const struct sdi_hap_section *section, const char *why)
{
	const struct sdi_policy *policy = section->policy;
	conf_lit(hap->cfg, "\thttp-request deny deny_status 503\n");
	hap->diag.subject = (struct sdi_subject){ "Ingress", policy->ns, section->route->ingress, { "", 0, 0 } };
	sdi_diag_add(&hap->diag, SDI_REASON_TARGET_CANT, "auth-url", "%s", why);
}

void sdi_hap_section_auth(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_auth *auth = section->policy->auth;
	/* with "satisfy any" another restriction may have let the request in (access.c) */
	const char *only = sdi_policy_has(section->policy, SDI_FIELD_SATISFY) ? " !{ var(txn.in) -m bool }" : "";
	if (!auth)
		return;
	if (!method_of(auth->method)) {
		refuse(hap, section,
		       "HAProxy's client can't send a request of this auth-method, so the route answers "
		       "503; use GET, HEAD, POST, PUT or DELETE");
		return;
	}
	if (auth->to.self) /* a question of ours that asks again would go on for ever */
		conf_lit(hap->cfg, "\thttp-request deny deny_status 500 if { req.fhdr(x-sent-from) -m found }\n");
	conf_lit(hap->cfg, "\thttp-request set-var(txn.auth) str(500)\n");
	write_question(hap, section);
	sdi_buf_printf(hap->cfg, "\thttp-request lua.sdi_auth%s%s\n", *only ? " if" : "", only);
	if (*only && section->policy->basic_auth)
		sdi_hap_write_also(hap, section->policy->basic_auth, only);
	write_denials(hap, auth, only);
	write_cookies(hap->cfg, auth);
}

bool sdi_hap_has_auth(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_policies; i++)
		if (gateway->policies[i]->auth)
			return true;
	return false;
}

void sdi_hap_global_auth(struct sdi_hap *hap)
{
	bool named = false;
	if (!sdi_hap_has_auth(hap->gateway))
		return;
	for (size_t i = 0; i < hap->gateway->n_policies; i++)
		named |=
			hap->gateway->policies[i]->auth && sdi_destination_name(&hap->gateway->policies[i]->auth->to).n;
	/* Certificates of such services are not checked: the controller does not, either. */
	conf_lit(hap->cfg, "\tlua-load lua/auth.lua\n"
	                   "\thttpclient.ssl.verify none\n");
	if (named)
		conf_lit(hap->cfg, "\thttpclient.resolvers.id dns\n");
	struct sdi_buf *script = sdi_bundle_file(hap->bundle, SDI_STR("lua/auth.lua"), 0644, false);
	for (size_t i = 0; script && i < sdi_hap_auth_script_lines; i++)
		sdi_buf_add(script, sdi_hap_auth_script[i]);
	hap->cfg->failed |= !script;
}
