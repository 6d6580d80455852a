/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sections "global", "defaults" and "resolvers", and HAProxy's own answers as files, read at start.
 */
#include "../../gateway/upstream.h"
#include "haproxy.h"
#include "quote.h"

/* HAProxy's names of what TLS 1.3 has. */
#define CIPHERSUITES "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"

#define SOCKET_NAME "/haproxy.sock"

/* The words of NGINX, which clients of the original know; but for 404, which is that of its default backend. */
static const struct {
	struct sdi_str file, status, body;
} answers[] = {
	{ SDI_STR_INIT("errors/400.http"), SDI_STR_INIT("400 Bad Request"), SDI_STR_INIT("400 Bad Request\n") },
	{ SDI_STR_INIT("errors/404.http"), SDI_STR_INIT("404 Not Found"), SDI_STR_INIT("default backend - 404\n") },
	{ SDI_STR_INIT("errors/408.http"), SDI_STR_INIT("408 Request Timeout"), SDI_STR_INIT("408 Request Timeout\n") },
	{ SDI_STR_INIT("errors/500.http"), SDI_STR_INIT("500 Internal Server Error"),
	  SDI_STR_INIT("500 Internal Server Error\n") },
	{ SDI_STR_INIT("errors/502.http"), SDI_STR_INIT("502 Bad Gateway"), SDI_STR_INIT("502 Bad Gateway\n") },
	{ SDI_STR_INIT("errors/503.http"), SDI_STR_INIT("503 Service Unavailable"),
	  SDI_STR_INIT("503 Service Temporarily Unavailable\n") },
	{ SDI_STR_INIT("errors/504.http"), SDI_STR_INIT("504 Gateway Timeout"),
	  SDI_STR_INIT("504 Gateway Time-out\n") },
};
enum { ANSWERS = sizeof(answers) / sizeof(answers[0]) };

static bool add_answers(struct sdi_hap *hap)
{
	for (size_t i = 0; i < ANSWERS; i++) {
		struct sdi_buf *file = sdi_bundle_file(hap->bundle, answers[i].file, 0644, false);
		if (!file)
			return false;
		conf_lit(file, "HTTP/1.1 ");
		sdi_buf_add(file, answers[i].status);
		conf_lit(file, "\r\nContent-Type: text/plain\r\nContent-Length: ");
		conf_uint(file, answers[i].body.n);
		conf_lit(file, "\r\n\r\n");
		sdi_buf_add(file, answers[i].body);
	}
	return true;
}

bool sdi_hap_socket_path(struct sdi_hap *hap, const char *name, struct sdi_str *ret)
{
	struct sdi_str dir = sdi_settings_runtime_dir(hap->settings, hap->scratch);
	*ret = sdi_arena_printf(hap->scratch, "%.*s%s", SDI_STR_ARG(dir), name);
	return ret->n <= SDI_HAP_SOCKET_BYTES && !memchr(ret->p, '\n', ret->n) && !memchr(ret->p, '\0', ret->n);
}

static void write_socket(struct sdi_hap *hap)
{
	struct sdi_str path;
	bool fits = sdi_hap_socket_path(hap, SOCKET_NAME, &path);
	size_t before = hap->cfg->n;
	conf_lit(hap->cfg, "\tstats socket ");
	if (fits && sdi_hap_word(hap->cfg, path)) {
		conf_lit(hap->cfg, " mode 600 level admin expose-fd listeners\n");
	} else if (!hap->cfg->failed) {
		hap->cfg->n = before;
		sdi_diag_add(
			&hap->diag, SDI_REASON_TARGET_CANT, "runtime-dir",
			"the path is too long for a unix socket, so there is none and changes need a reload; give a "
			"folder of at most %zu bytes with --runtime-dir",
			SDI_HAP_SOCKET_BYTES - (sizeof(SOCKET_NAME) - 1));
	}
}

void sdi_hap_add_script(struct sdi_hap *hap, struct sdi_str name, struct sdi_str text)
{
	struct sdi_buf *file = sdi_bundle_file(hap->bundle, name, 0644, false);
	conf_lit(hap->cfg, "\tlua-load ");
	sdi_buf_add(hap->cfg, name);
	conf_lit(hap->cfg, "\n");
	if (file)
		sdi_buf_add(file, text);
	hap->cfg->failed |= !file;
}

static void write_tls(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	unsigned versions = globals->tls_versions ? globals->tls_versions : SDI_TLS_1_2 | SDI_TLS_1_3;
	conf_lit(hap->cfg, "\tssl-default-bind-ciphers ");
	if (globals->ciphers.n)
		sdi_hap_word(hap->cfg, globals->ciphers);
	else
		conf_lit(hap->cfg, SDI_TLS_CIPHERS);
	conf_lit(hap->cfg, "\n\tssl-default-bind-options ssl-min-ver ");
	sdi_buf_add(hap->cfg, versions & SDI_TLS_1_2 ? SDI_STR("TLSv1.2") : SDI_STR("TLSv1.3"));
	sdi_buf_add(hap->cfg, versions & SDI_TLS_1_3 ? SDI_STR("") : SDI_STR(" ssl-max-ver TLSv1.2"));
	sdi_buf_add(hap->cfg,
	            sdi_knob_or(globals, SDI_KNOB_TLS_TICKETS, 0) ? SDI_STR("\n") : SDI_STR(" no-tls-tickets\n"));
	sdi_hap_tls_knobs(hap);
	sdi_hap_add_tls_files(hap);
}

static void write_global(struct sdi_hap *hap)
{
	struct sdi_buf *cfg = hap->cfg;
	conf_lit(cfg, "global\n");
	/* what this file names is found from here, wherever HAProxy was started */
	size_t before = cfg->n;
	conf_lit(cfg, "\tdefault-path origin ");
	if (hap->settings->prefix.n && sdi_hap_word(cfg, hap->settings->prefix)) {
		conf_lit(cfg, "\n");
	} else if (!cfg->failed) {
		cfg->n = before;
		conf_lit(cfg, "\tdefault-path config\n");
	}
	sdi_hap_global_log(hap);
	write_socket(hap);
	sdi_hap_global_knobs(hap);
	/* remembers what regular expressions said about hosts and paths, of which there are too many to be worth it */
	conf_lit(cfg, "\ttune.pattern.cache-size 0\n");
	if (hap->tls)
		conf_lit(cfg, "\ttune.ssl.default-dh-param 2048\n"
		              "\tssl-default-bind-ciphersuites " CIPHERSUITES "\n");
	if (hap->tls)
		write_tls(hap);
	bool apr1 = sdi_hap_has_apr1(hap->gateway), digest = sdi_hap_has_digest(hap->gateway);
	/* must come before all scripts; HAProxy warns without it */
	bool asks = sdi_hap_has_error_pages(hap->gateway) || sdi_hap_has_auth(hap->gateway) || hap->mirror_socket.n;
	if ((apr1 || digest || asks) && sdi_version_at_least(hap->version, 3, 1))
		conf_lit(cfg, ".if feature(LUA)\n\ttune.lua.bool-sample-conversion normal\n.endif\n");
	if (apr1)
		conf_lit(cfg, ".if feature(LUA)\n\tlua-load lua/apr1.lua\n.endif\n");
	if (digest)
		sdi_hap_global_digest(hap);
	if (asks) /* answers and copies are in Lua's memory while they are under way */
		conf_lit(cfg, "\ttune.lua.maxmem 256\n");
	sdi_hap_global_auth(hap);
	sdi_hap_global_errors(hap);
	sdi_hap_global_mirrors(hap);
}

/* Types are of a grammar without quotes and blanks. text/html, which NGINX has always, is one more. */
static void write_gzip(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	struct sdi_str rest = globals->gzip_types, type;
	if (!rest.n)
		return;
	conf_lit(hap->cfg, "\tcompression algo gzip\n\tcompression type text/html");
	while (sdi_str_split(&rest, ' ', &type)) {
		if (!type.n || sdi_str_is(type, "text/html"))
			continue;
		conf_lit(hap->cfg, " ");
		sdi_buf_add(hap->cfg, type);
	}
	conf_lit(hap->cfg, "\n");
	if (sdi_version_at_least(hap->version, 3, 2))
		sdi_buf_printf(hap->cfg, "\tcompression minsize-res %u\n",
		               (unsigned)sdi_knob_or(globals, SDI_KNOB_GZIP_MIN_LENGTH, 256));
}

/* Without a request a connection lasts no longer than "timeout client" over HTTP/1, whatever "timeout http-keep-alive"
 * says, and a request's head neither. So it is the longest of what clients are given. 60 seconds are what NGINX gives
 * those who read slowly. */
static void write_patience(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	unsigned header = globals->header_s ? globals->header_s : 60, idle = globals->idle_s ? globals->idle_s : 75;
	unsigned body = (unsigned)sdi_knob_or(globals, SDI_KNOB_BODY_TIMEOUT, 0);
	unsigned longest = header > idle ? header : idle;
	if (body > longest)
		longest = body;
	sdi_buf_printf(hap->cfg,
	               "\ttimeout client %us\n\ttimeout server 60s\n\ttimeout queue 60s\n\ttimeout tunnel 1h\n"
	               "\ttimeout http-request %us\n\ttimeout http-keep-alive %us\n",
	               longest > 60 ? longest : 60, header, idle);
	if (globals->closes)
		conf_lit(hap->cfg, "\toption httpclose\n");
}

static void write_defaults(struct sdi_hap *hap)
{
	struct sdi_buf *cfg = hap->cfg;
	conf_lit(cfg, "\ndefaults\n"
	              "\tmode http\n");
	sdi_hap_defaults_log(hap);
	write_gzip(hap);
	conf_lit(cfg, "\tbalance roundrobin\n"
	              "\toption redispatch\n"
	              "\tretries 3\n"
	              "\ttimeout connect 5s\n");
	write_patience(hap);
	sdi_hap_default_server(hap);
	for (size_t i = 0; i < ANSWERS; i++) {
		conf_lit(cfg, "\terrorfile ");
		sdi_buf_add(cfg, sdi_str_head(answers[i].status, 3));
		conf_lit(cfg, " ");
		sdi_buf_add(cfg, answers[i].file);
		conf_lit(cfg, "\n");
	}
}

/* Only where a name is used: without name servers in the settings they come from /etc/resolv.conf as HAProxy finds it
 * at start, which must be there then. */
static void write_resolvers(struct sdi_hap *hap)
{
	struct sdi_buf *cfg = hap->cfg;
	const struct sdi_strs *resolver = &hap->settings->resolver;
	conf_lit(cfg, "\nresolvers dns\n");
	for (size_t i = 0; i < resolver->n; i++) {
		conf_lit(cfg, "\tnameserver ns");
		conf_uint(cfg, i + 1);
		conf_lit(cfg, " ");
		sdi_hap_address(cfg, resolver->p[i], 53);
		conf_lit(cfg, "\n");
	}
	if (!resolver->n)
		conf_lit(cfg, "\tparse-resolv-conf\n");
	conf_lit(cfg, "\taccepted_payload_size 8192\n"
	              "\thold valid 10s\n");
}

bool sdi_hap_write_globals(struct sdi_hap *hap)
{
	write_global(hap);
	write_defaults(hap);
	if (hap->names)
		write_resolvers(hap);
	return add_answers(hap);
}
