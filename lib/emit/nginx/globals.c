/* SPDX-License-Identifier: BSD-3-Clause */
/* The main and events contexts, and what stands in http for all hosts. */
#include "../../gateway/upstream.h"
#include "../../gateway/destination.h"
#include "nginx.h"
#include "quote.h"

enum {
	GZIP_MIN_BYTES = 256,
	CACHE_BYTES = 10 << 20,
	HASH_MIN = 512,    /* names that NGINX makes room for anyway */
	ELEMENT_BYTES = 8, /* of a hash's element besides its length and name, which are rounded up to as much */
	ELEMENTS = 8,      /* a bucket takes that many of the longest names */
	BUCKET_ALIGN = 64,
};

/* Files of NGINX's own. Their compiled-in places are root's. */
static const struct {
	const char *directive;
	struct sdi_str name;
} temporary[] = {
	{ "client_body_temp_path", SDI_STR_INIT("nginx-client-body") },
	{ "proxy_temp_path", SDI_STR_INIT("nginx-proxy") },
	{ "fastcgi_temp_path", SDI_STR_INIT("nginx-fastcgi") },
	{ "uwsgi_temp_path", SDI_STR_INIT("nginx-uwsgi") },
	{ "scgi_temp_path", SDI_STR_INIT("nginx-scgi") },
};

void sdi_nginx_write_runtime_path(struct sdi_nginx *ng, const char *directive, struct sdi_str name, const char *more)
{
	struct sdi_str dir = sdi_settings_runtime_dir(ng->settings, ng->scratch);
	struct sdi_str path = sdi_arena_printf(ng->scratch, "%.*s/%.*s", SDI_STR_ARG(dir), SDI_STR_ARG(name));
	sdi_buf_printf(ng->out, "%s ", directive);
	if (!sdi_nginx_word(ng->out, path)) /* thousands of bytes: no file system takes that either */
		conf_lit(ng->out, "\"\"");
	sdi_buf_printf(ng->out, "%s;\n", more);
}

static void write_main(struct sdi_nginx *ng)
{
	sdi_nginx_load_streams(ng);
	sdi_nginx_load_waf(ng);
	sdi_nginx_load_modules(ng);
	size_t start = ng->out->n;
	sdi_nginx_write_knobs(ng, SDI_NGINX_MAIN, "");
	sdi_nginx_make_way(ng, start, ng->gateway->globals.raw[SDI_RAW_MAIN]);
	sdi_nginx_write_raw(ng, ng->gateway->globals.raw[SDI_RAW_MAIN], 0);
	if (ng->settings->worker_user.n && sdi_nginx_has_passwords(ng->gateway)) {
		conf_lit(ng->out, "user ");
		sdi_nginx_name(ng->out, ng->settings->worker_user);
		conf_lit(ng->out, ";\n");
	}
	sdi_nginx_write_runtime_path(ng, "pid", SDI_STR("nginx.pid"), "");
	conf_lit(ng->out, "\nevents {\n");
	sdi_nginx_write_knobs(ng, SDI_NGINX_EVENTS, "\t");
	sdi_nginx_write_debug(ng);
	conf_lit(ng->out, "}\n\nhttp {\n");
	for (size_t i = 0; i < sizeof(temporary) / sizeof(temporary[0]); i++) {
		conf_lit(ng->out, "\t");
		sdi_nginx_write_runtime_path(ng, temporary[i].directive, temporary[i].name, "");
	}
}

static void write_tls(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	unsigned versions = globals->tls_versions ? globals->tls_versions : SDI_TLS_1_2 | SDI_TLS_1_3;
	conf_lit(ng->out, "\tssl_protocols");
	sdi_buf_add(ng->out, versions & SDI_TLS_1_2 ? SDI_STR(" TLSv1.2") : SDI_STR(""));
	sdi_buf_add(ng->out, versions & SDI_TLS_1_3 ? SDI_STR(" TLSv1.3;\n") : SDI_STR(";\n"));
	conf_lit(ng->out, "\tssl_ciphers ");
	if (globals->ciphers.n)
		sdi_nginx_word(ng->out, globals->ciphers);
	else
		conf_lit(ng->out, SDI_TLS_CIPHERS);
	conf_lit(ng->out, ";\n\tssl_prefer_server_ciphers off;\n");
	if (sdi_knob_or(globals, SDI_KNOB_TLS_CACHE, 1))
		sdi_buf_printf(ng->out, "\tssl_session_cache shared:sdi:%lldk;\n",
		               (long long)(sdi_knob_or(globals, SDI_KNOB_TLS_CACHE_SIZE, CACHE_BYTES) / 1024));
	else
		conf_lit(ng->out, "\tssl_session_cache off;\n");
	sdi_nginx_write_knobs(ng, SDI_NGINX_TLS, "\t");
	sdi_nginx_write_tls_files(ng);
}

static unsigned or_default(unsigned said, unsigned dflt)
{
	return said ? said : dflt;
}

static void write_patience(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	sdi_buf_printf(ng->out, "\tkeepalive_timeout %us;\n\tclient_header_timeout %us;\n",
	               globals->closes ? 0 : or_default(globals->idle_s, 75), or_default(globals->header_s, 60));
}

/* Types are of a grammar without quotes and semicolons. */
void sdi_nginx_write_types(struct sdi_nginx *ng, struct sdi_str types)
{
	struct sdi_str type;
	size_t before = ng->out->n;
	while (sdi_str_split(&types, ' ', &type)) {
		if (!type.n || sdi_str_is(type, "text/html"))
			continue;
		conf_lit(ng->out, " ");
		sdi_buf_add(ng->out, type);
	}
	sdi_buf_add(ng->out, ng->out->n == before ? SDI_STR(" text/plain;\n") : SDI_STR(";\n"));
}

static void write_gzip(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	if (!globals->gzip_types.n)
		return;
	sdi_buf_printf(ng->out,
	               "\tgzip on;\n\tgzip_comp_level %u;\n\tgzip_http_version 1.1;\n\tgzip_min_length %u;\n"
	               "\tgzip_proxied any;\n\tgzip_vary on;\n\tgzip_types",
	               globals->gzip_level, (unsigned)sdi_knob_or(globals, SDI_KNOB_GZIP_MIN_LENGTH, GZIP_MIN_BYTES));
	sdi_nginx_write_types(ng, globals->gzip_types);
}

static void write_clients(struct sdi_nginx *ng)
{
	/* "types" empty: else "return" looks a path's suffix up and calls a 404 for /a.gif an image. */
	conf_lit(ng->out, "\ttypes { }\n"
	                  "\tdefault_type text/plain;\n");
	sdi_nginx_write_knobs(ng, SDI_NGINX_HTTP, "\t");
	write_patience(ng);
	conf_lit(ng->out, "\tclient_max_body_size ");
	conf_uint(ng->out, ng->common_body);
	conf_lit(ng->out, ";\n"
	                  "\treset_timedout_connection on;\n");
	if (sdi_version_at_least(ng->version, 1, 28))               /* 1.27.4 */
		conf_lit(ng->out, "\tkeepalive_min_timeout 2s;\n"); /* else a reload cuts the next request off */
	if (sdi_nginx_has_http2(ng) && sdi_version_at_least(ng->version, 1, 26)) /* 1.25.1; else a word of "listen" */
		conf_lit(ng->out, "\thttp2 on;\n");
	if (ng->settings->https_port)
		write_tls(ng);
	write_gzip(ng);
	sdi_nginx_http_modules(ng);
	sdi_nginx_http_log(ng);
}

/* One value for all hosts that have it: the controller's ConfigMap sets it. */
static void write_hsts(struct sdi_nginx *ng)
{
	for (size_t i = 0; i < ng->gateway->n_hosts; i++) {
		if (!ng->gateway->hosts[i].hsts.n)
			continue;
		conf_lit(ng->out, "\tmap $https $sdi_hsts { default \"\"; on \"");
		sdi_nginx_literal_part(ng->out, ng->gateway->hosts[i].hsts);
		conf_lit(ng->out, "\"; }\n");
		return;
	}
}

bool sdi_nginx_has_http2(const struct sdi_nginx *ng)
{
	return sdi_knob_or(&ng->gateway->globals, SDI_KNOB_HTTP2, 1);
}

/* NGINX warns, and then searches long lists, when the table of its variables is too small. */
static void write_variable_room(struct sdi_nginx *ng)
{
	size_t own = 4 * ng->gateway->n_policies + sdi_nginx_choice_names(ng) + sdi_nginx_raw_variables(ng),
	       names = 2048;
	if (!own)
		return;
	while (names < 2 * own)
		names *= 2;
	conf_lit(ng->out, "\tvariables_hash_max_size ");
	conf_uint(ng->out, names);
	conf_lit(ng->out, ";\n\tvariables_hash_bucket_size 256;\n");
}

/*
 * The same for the keys of maps, which are endpoints where sessions belong to one (session.c). Before the first map, or
 * NGINX calls it a duplicate.
 */
static void write_map_room(struct sdi_nginx *ng)
{
	enum { FEW = 200 };
	size_t most = 0, room = 2048;
	for (size_t i = 0; i < ng->gateway->n_backends; i++)
		if (ng->gateway->backends[i]->n_servers > most)
			most = ng->gateway->backends[i]->n_servers;
	if (most <= FEW || !ng->gateway->n_policies)
		return;
	while (room < 2 * most)
		room *= 2;
	conf_lit(ng->out, "\tmap_hash_max_size ");
	conf_uint(ng->out, room);
	conf_lit(ng->out, ";\n\tmap_hash_bucket_size 256;\n");
}

static void write_variables(struct sdi_nginx *ng)
{
	write_map_room(ng);
	sdi_buf_printf(ng->out, "\tmap $http_x_request_id $req_id { default $http_x_request_id; \"\" %s; }\n",
	               sdi_knob_or(&ng->gateway->globals, SDI_KNOB_REQUEST_ID, 1) ? "$request_id" : "\"\"");
	conf_lit(ng->out, "\tmap $http_upgrade $sdi_connection { default upgrade; \"\" \"\"; }\n");
	sdi_nginx_http_client(ng);
	conf_lit(ng->out, "\tmap $uri $sdi_not_acme { default 1; \"~^/\\\\.well-known/acme-challenge/\" \"\"; }\n");
	sdi_buf_add(ng->out, sdi_globals_tell_scheme(&ng->gateway->globals) ?
	                             SDI_STR("\tmap $sdi_scheme $sdi_plain { default $sdi_not_acme; https \"\"; }\n") :
	                             SDI_STR("\tmap $https $sdi_plain { default \"\"; \"\" $sdi_not_acme; }\n"));
	conf_lit(ng->out, "\tmap $request_uri $sdi_cut_uri { default $request_uri; \"~^(?<sdi_cut>.*)/$\" $sdi_cut; }\n"
	                  "\tmap \"\" $sdi_nothing { default \"\"; }\n");
	write_hsts(ng);
	sdi_nginx_http_log_variables(ng);
	if (ng->gateway->n_policies || sdi_nginx_logs_paths(ng))
		conf_lit(ng->out, "\tgeo $sdi_dollar { default \"$\"; }\n"); /* geo expands no variables */
	write_variable_room(ng);
}

/*
 * Bodies are streamed both ways, as HAProxy does: nothing is put aside in files, for which a worker that is not root
 * would need a way into the runtime folder, and room on the disk.
 */
static void write_proxying(struct sdi_nginx *ng)
{
	if (sdi_knob_or(&ng->gateway->globals, SDI_KNOB_BACKEND_SERVER, 0))
		conf_lit(ng->out,
		         "\tproxy_pass_header Server;\n\tgrpc_pass_header Server;\n\tfastcgi_pass_header Server;\n");
	conf_lit(ng->out, "\tproxy_http_version 1.1;\n"
	                  "\tproxy_connect_timeout 5s;\n"
	                  "\tproxy_read_timeout 60s;\n"
	                  "\tproxy_send_timeout 60s;\n"
	                  "\tproxy_redirect off;\n"
	                  "\tproxy_request_buffering off;\n"
	                  "\tproxy_buffering off;\n"
	                  "\tproxy_ignore_headers X-Accel-Redirect;\n" /* else a backend answers with another's route */
	                  "\tproxy_headers_hash_max_size 1024;\n"
	                  "\tproxy_headers_hash_bucket_size 128;\n");
	if (!sdi_nginx_write_headers(ng))
		ng->out->failed = true;
}

bool sdi_nginx_has_resolver(const struct sdi_nginx *ng)
{
	return ng->settings->resolver.n;
}

void sdi_nginx_write_resolver(struct sdi_nginx *ng)
{
	const struct sdi_strs *resolver = &ng->settings->resolver;
	if (!resolver->n)
		return;
	conf_lit(ng->out, "\tresolver");
	for (size_t i = 0; i < resolver->n; i++) {
		conf_lit(ng->out, " ");
		sdi_nginx_address(ng->out, resolver->p[i], 0);
	}
	if (sdi_knob_or(&ng->gateway->globals, SDI_KNOB_IPV6_NAMES_OFF, 0))
		conf_lit(ng->out, " ipv6=off");
	conf_lit(ng->out, ";\n");
}

static bool needs_resolver(const struct sdi_nginx *ng)
{
	bool used = false;
	for (size_t i = 0; i < ng->gateway->n_backends; i++)
		used = used || sdi_nginx_external(ng->gateway->backends[i]);
	for (size_t i = 0; i < ng->gateway->n_policies; i++)
		used = used || sdi_policy_needs_names(ng->gateway->policies[i]);
	return used;
}

/*
 * Room for all server names: NGINX warns, and then searches long lists, when no table of at most max_size buckets can
 * be had where none is over bucket_size. Half as many names as buckets and 8 names a bucket leave that to bad luck of
 * 1 in 10 000; a bucket takes only the memory that is used.
 */
static void write_hash_sizes(struct sdi_nginx *ng)
{
	const struct sdi_gateway *gateway = ng->gateway;
	size_t longest = 0, names = gateway->n_hosts + gateway->n_snis, max = HASH_MIN;
	for (size_t i = 0; i < gateway->n_hosts; i++)
		longest = gateway->hosts[i].name.n > longest ? gateway->hosts[i].name.n : longest;
	for (size_t i = 0; i < gateway->n_snis; i++)
		longest = gateway->snis[i].name.n > longest ? gateway->snis[i].name.n : longest;
	while (max < 2 * names)
		max *= 2;
	size_t element = ELEMENT_BYTES + (longest + 2 + ELEMENT_BYTES - 1) / ELEMENT_BYTES * ELEMENT_BYTES;
	size_t bucket = (ELEMENTS * element + ELEMENT_BYTES + BUCKET_ALIGN - 1) / BUCKET_ALIGN * BUCKET_ALIGN;
	conf_lit(ng->out, "\tserver_names_hash_max_size ");
	conf_uint(ng->out, max);
	conf_lit(ng->out, ";\n\tserver_names_hash_bucket_size ");
	conf_uint(ng->out, bucket);
	conf_lit(ng->out, ";\n");
}

void sdi_nginx_write_globals(struct sdi_nginx *ng)
{
	const struct sdi_raw *const *raw = ng->gateway->globals.raw;
	write_main(ng);
	size_t start = ng->out->n;
	write_clients(ng);
	write_variables(ng);
	write_proxying(ng);
	sdi_nginx_make_way(ng, start, raw[SDI_RAW_HTTP]);
	sdi_nginx_write_raw(ng, raw[SDI_RAW_HTTP], 1);
	if (needs_resolver(ng))
		sdi_nginx_write_resolver(ng);
	write_hash_sizes(ng);
}
