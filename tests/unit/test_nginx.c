/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The NGINX emitter: hand-built gateways in, text out. Hostile text is judged by reading the output back with a small
 * lexer of its own and comparing it with that of a benign twin.
 */
#include "suites.h"
#include "base/limits.h"
#include "emit/emit.h"
#include "emit/nginx/quote.h"
#include <stdlib.h>

enum { ROUTES = 24, HOSTS = 8, WORDS = 16, DIRECTIVES = 512, TEXT = 4096 };

/* A gateway on the stack, filled by the functions below. */
struct world {
	struct sdi_gateway gateway;
	struct sdi_settings settings;
	struct sdi_host hosts[HOSTS];
	struct sdi_route routes[HOSTS][ROUTES];
	const struct sdi_backend *backends[4];
	const struct sdi_certificate *certificates[2];
	struct sdi_sni sni;
};

static const char *const many[] = { "/k", "/j", "/i", "/h", "/g", "/f", "/e", "/d", "/c" }; /* too many for regexes */

static struct sdi_server servers[] = {
	{ .address = SDI_STR_INIT("192.0.2.1"), .port = 8080 },
	{ .address = SDI_STR_INIT("2001:db8::1"), .port = 8080, .ipv6 = true },
};
static struct sdi_server outside[] = { { .address = SDI_STR_INIT("up.example.net"), .port = 443, .name = true } };
static const struct sdi_backend web = { .id = SDI_STR_INIT("shop_web_80"), .servers = servers, .n_servers = 2 };
static const struct sdi_backend api = { .id = SDI_STR_INIT("shop_api_http"), .servers = servers, .n_servers = 1 };
static const struct sdi_backend empty = { .id = SDI_STR_INIT("shop_empty_80") };
static const struct sdi_backend external = { .id = SDI_STR_INIT("shop_out_443"),
	                                     .ns = SDI_STR_INIT("shop"),
	                                     .service = SDI_STR_INIT("out"),
	                                     .servers = outside,
	                                     .n_servers = 1 };
static const struct sdi_certificate cert = { .id = SDI_STR_INIT("shop_tls"),
	                                     .chain_pem = SDI_STR_INIT("CHAIN\n"),
	                                     .key_pem = SDI_STR_INIT("KEY\n") };
static const struct sdi_certificate default_cert = { .id = SDI_STR_INIT("default"),
	                                             .chain_pem = SDI_STR_INIT("C\n"),
	                                             .key_pem = SDI_STR_INIT("K\n") };
static const struct sdi_policy plain;
static const struct sdi_policy to_tls = { .present = { 1 << SDI_FIELD_TLS_REDIRECT }, .tls_redirect = { 308, 0 } };
static const struct sdi_policy to_8443 = { .present = { 1 << SDI_FIELD_TLS_REDIRECT }, .tls_redirect = { 301, 8443 } };
static const struct sdi_policy denied = { .present = { 1 << SDI_FIELD_DENIED } };

static struct sdi_host *add_host(struct world *w, const char *name)
{
	size_t i = w->gateway.n_hosts++;
	w->hosts[i] = (struct sdi_host){
		.name = sdi_str_c(name),
		.routes = w->routes[i],
		.fallback = { .answer = SDI_ANSWER_NOT_FOUND, .policy = &plain },
	};
	return &w->hosts[i];
}

static void add_route(struct sdi_host *host, enum sdi_match match, struct sdi_str path,
                      const struct sdi_backend *backend, const struct sdi_policy *policy)
{
	host->routes[host->n_routes++] = (struct sdi_route){
		.match = match,
		.path = path,
		.answer = backend ? SDI_ANSWER_BACKEND : SDI_ANSWER_UNAVAILABLE,
		.backend = backend,
		.policy = policy,
		.ns = SDI_STR("shop"),
		.ingress = SDI_STR("web"),
	};
}

static void world_init(struct world *w)
{
	*w = (struct world){
		.settings = { .http_port = 8080, .runtime_dir = SDI_STR("/run/x"), .target_version = { 1, 22 } },
		.backends = { &api, &empty, &external, &web },
	};
	w->gateway.hosts = w->hosts;
	w->gateway.backends = w->backends;
	w->gateway.n_backends = 4;
}

static struct sdi_bundle *emit(struct world *w, struct sdi_diags *diags)
{
	struct sdi_bundle *bundle = NULL;
	ck_assert_int_eq(sdi_emit(&w->gateway, &w->settings, SDI_PROXY_NGINX, diags, &bundle), SDI_OK);
	return bundle;
}

static const char *file(const struct sdi_bundle *bundle, const char *name, size_t *n)
{
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++)
		if (strcmp(sdi_bundle_name(bundle, i), name) == 0)
			return sdi_bundle_data(bundle, i, n);
	return NULL;
}

/* nginx.conf from its first upstream or server on: what the gateway makes of it. */
static const char *body(const struct sdi_bundle *bundle)
{
	size_t n;
	const char *text = file(bundle, "nginx.conf", &n), *end = strstr(text, "\tserver_names_hash_bucket_size");
	ck_assert_ptr_nonnull(end);
	return strchr(end, '\n') + 1;
}

#define UPSTREAMS                                                                          \
	"\tupstream shop_api_http {\n\t\tserver 192.0.2.1:8080;\n\t\tkeepalive 16;\n\t}\n" \
	"\tupstream shop_web_80 {\n\t\tserver 192.0.2.1:8080 max_fails=0;\n"               \
	"\t\tserver [2001:db8::1]:8080 max_fails=0;\n\t\tkeepalive 16;\n\t}\n"
#define NOT_FOUND "\t\tlocation \"/\" { return 404 \"default backend - 404\\n\"; }\n"
#define LISTEN "\t\tlisten 8080;\n\t\tlisten [::]:8080;\n"
#define LISTEN_DEFAULT "\t\tlisten 8080 default_server;\n\t\tlisten [::]:8080 default_server;\n"
#define LISTEN_TLS "\t\tlisten 8443;\n\t\tlisten [::]:8443;\n"
#define CATCH_ALL(certificate)                                                      \
	"\tserver {\n" LISTEN_DEFAULT "\t\tlisten 8443 ssl http2 default_server;\n" \
	"\t\tlisten [::]:8443 ssl http2 default_server;\n\t\tserver_name \"\";\n" certificate NOT_FOUND "\t}\n"

START_TEST(routes)
{
	struct world w;
	world_init(&w);
	struct sdi_host *host = add_host(&w, "a.example");
	add_route(host, SDI_MATCH_EXACT, SDI_STR("/app/$x"), &web, &plain);
	add_route(host, SDI_MATCH_PREFIX, SDI_STR("/app.v1"), &api, &plain);
	add_route(host, SDI_MATCH_EXACT, SDI_STR("/none"), NULL, &plain);
	add_route(host, SDI_MATCH_PREFIX, SDI_STR("/out"), &external, &plain);
	add_route(host, SDI_MATCH_PREFIX, SDI_STR("/no"), &web, &denied);
	add_route(host, SDI_MATCH_PREFIX, SDI_STR("/e"), &empty, &plain);
	add_route(host, SDI_MATCH_PREFIX, SDI_STR("/"), &web, &plain);
	host = add_host(&w, "*.b.example");
	add_host(&w, "");
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_bundle *bundle = emit(&w, diags);
	ck_assert_str_eq(body(bundle), UPSTREAMS
	                 "\tserver {\n" LISTEN_DEFAULT "\t\tserver_name \"\";\n" NOT_FOUND "\t}\n"
	                 "\tserver {\n" LISTEN "\t\tserver_name a.example;\n"
	                 "\t\tlocation = \"/app/$x\" { proxy_pass http://shop_web_80; }\n"
	                 "\t\tlocation ~ \"^/app\\\\.v1(?:/|\\\\z)\" { proxy_pass http://shop_api_http; }\n"
	                 "\t\tlocation = \"/none\" { return 503 \"503 Service Temporarily Unavailable\\n\"; }\n"
	                 "\t\tlocation ~ \"^/out(?:/|\\\\z)\" { return 503 \"503 Service Temporarily Unavailable\\n\"; }\n"
	                 "\t\tlocation ~ \"^/no(?:/|\\\\z)\" { return 503 \"503 Service Temporarily Unavailable\\n\"; }\n"
	                 "\t\tlocation ~ \"^/e(?:/|\\\\z)\" { return 503 \"503 Service Temporarily Unavailable\\n\"; }\n"
	                 "\t\tlocation \"/\" { proxy_pass http://shop_web_80; }\n\t}\n"
	                 "\tserver {\n" LISTEN "\t\tserver_name \"~^[^.*]+\\\\.b\\\\.example$\";\n" NOT_FOUND
	                 "\t}\n}\n");
	ck_assert_uint_eq(sdi_diags_count(diags), 1); /* the external name without a resolver */
	ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "target-cannot");
	ck_assert_str_eq(sdi_diag_name(sdi_diags_get(diags, 0)), "out");
	sdi_bundle_free(bundle);

	struct sdi_str resolvers[] = { SDI_STR("192.0.2.53"), SDI_STR("2001:db8::53") };
	w.settings.resolver.p = resolvers;
	w.settings.resolver.n = 2;
	bundle = emit(&w, diags);
	ck_assert_ptr_nonnull(strstr(body(bundle), "proxy_pass http://up.example.net:443$sdi_nothing; }\n"));
	size_t n;
	ck_assert_ptr_nonnull(strstr(file(bundle, "nginx.conf", &n), "\tresolver 192.0.2.53 [2001:db8::53];\n"));
	ck_assert_uint_eq(sdi_diags_count(diags), 1);
	sdi_bundle_free(bundle);
	sdi_diags_free(diags);
}
END_TEST

/* Many prefixes: pairs of locations instead of regexes; an Exact route takes the "=" of its path. */
START_TEST(many_prefixes)
{
	struct world w;
	world_init(&w);
	struct sdi_host *host = add_host(&w, "");
	add_route(host, SDI_MATCH_EXACT, SDI_STR("/c"), &web, &plain);
	for (int i = 0; i < N(many); i++)
		add_route(host, SDI_MATCH_PREFIX, sdi_str_c(many[i]), &api, &plain);
	struct sdi_bundle *bundle = emit(&w, NULL);
	const char *text = body(bundle);
	ck_assert_ptr_nonnull(strstr(text, "\t\tlocation = \"/k\" { proxy_pass http://shop_api_http; }\n"
	                                   "\t\tlocation \"/k/\" { proxy_pass http://shop_api_http; }\n"));
	ck_assert_ptr_nonnull(strstr(text, "\t\tlocation = \"/c\" { proxy_pass http://shop_web_80; }\n"));
	ck_assert_ptr_nonnull(strstr(text, "\t\tlocation \"/c/\" { proxy_pass http://shop_api_http; }\n" NOT_FOUND));
	ck_assert_ptr_null(strstr(text, "\t\tlocation = \"/c\" { proxy_pass http://shop_api_http; }\n"));
	ck_assert_ptr_null(strstr(text, "location ~"));
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(redirects)
{
	struct world w;
	world_init(&w);
	struct sdi_host *host = add_host(&w, "all.example");
	add_route(host, SDI_MATCH_EXACT, SDI_STR("/x"), NULL, &to_8443);
	add_route(host, SDI_MATCH_PREFIX, SDI_STR("/"), &web, &to_8443);
	host = add_host(&w, "some.example");
	add_route(host, SDI_MATCH_EXACT, SDI_STR("/x"), &web, &to_tls);
	add_host(&w, "");
	struct sdi_bundle *bundle = emit(&w, NULL);
	ck_assert_ptr_nonnull(strstr(body(bundle),
	                             "\t\tserver_name all.example;\n"
	                             "\t\tif ($sdi_plain) { return 301 https://$host:8443$request_uri; }\n"
	                             "\t\tlocation = \"/x\" { return 503 \"503 Service Temporarily Unavailable\\n\"; }\n"
	                             "\t\tlocation \"/\" { proxy_pass http://shop_web_80; }\n"));
	ck_assert_ptr_nonnull(strstr(
		body(bundle), "\t\tserver_name some.example;\n"
			      "\t\tlocation = \"/x\" { if ($sdi_plain) { return 308 https://$host$request_uri; } "
			      "proxy_pass http://shop_web_80; }\n" NOT_FOUND));
	sdi_bundle_free(bundle);
}
END_TEST

#define CERTIFICATE(id) "\t\tssl_certificate certs/" id ".crt;\n\t\tssl_certificate_key certs/" id ".key;\n"

static void tls_world(struct world *w)
{
	world_init(w);
	w->settings.https_port = 8443;
	w->gateway.n_backends = 0;
	w->certificates[0] = &cert;
	w->gateway.certificates = w->certificates;
	w->gateway.n_certificates = 1;
	w->gateway.default_certificate = &default_cert;
	add_host(w, "own.example")->certificate = &cert;
	add_host(w, "without.example");
	add_host(w, "");
	w->sni = (struct sdi_sni){ SDI_STR("sni.example"), &cert };
	w->gateway.snis = &w->sni;
	w->gateway.n_snis = 1;
}

START_TEST(tls)
{
	struct world w;
	tls_world(&w);
	struct sdi_bundle *bundle = emit(&w, NULL);
	ck_assert_str_eq(body(bundle),
	                 CATCH_ALL(CERTIFICATE("default")) "\tserver {\n" LISTEN LISTEN_TLS
	                                                   "\t\tserver_name own.example;\n" CERTIFICATE("shop_tls")
	                                                           NOT_FOUND
	                 "\t}\n"
	                 "\tserver {\n" LISTEN LISTEN_TLS "\t\tserver_name without.example;\n" NOT_FOUND "\t}\n"
	                 "\tserver {\n" LISTEN_TLS "\t\tserver_name sni.example;\n" CERTIFICATE("shop_tls") NOT_FOUND
	                 "\t}\n}\n");
	static const struct {
		const char *name, *data;
		unsigned mode;
		bool secret;
	} files[] = {
		{ "certs/default.crt", "C\n", 0600, false },
		{ "certs/default.key", "K\n", 0600, true },
		{ "certs/shop_tls.crt", "CHAIN\n", 0600, false },
		{ "certs/shop_tls.key", "KEY\n", 0600, true },
	};
	ck_assert_uint_eq(sdi_bundle_count(bundle), N(files) + 2); /* and headers.conf, nginx.conf */
	for (size_t i = 0; i < N(files); i++) {
		size_t n;
		const char *data = sdi_bundle_data(bundle, i, &n);
		ck_assert_str_eq(sdi_bundle_name(bundle, i), files[i].name);
		ck_assert(sdi_str_is(sdi_str_make(data, n), files[i].data));
		ck_assert_uint_eq(sdi_bundle_mode(bundle, i), files[i].mode);
		ck_assert_int_eq(sdi_bundle_is_secret(bundle, i), files[i].secret);
	}
	sdi_bundle_free(bundle);
}
END_TEST

/* Streams are passed on; where that can't be, the host answers 503 and the others are served as ever. */
START_TEST(passthrough)
{
	struct world w;
	world_init(&w);
	add_host(&w, "default")->passthrough = &web;
	add_host(&w, "up.example")->passthrough = &external;
	add_host(&w, "x.b.example");
	add_host(&w, "*.b.example")->passthrough = &empty;
	add_host(&w, "");
	w.settings.https_port = 8443;
	w.settings.passthrough_port = 8442;
	w.gateway.default_certificate = &default_cert;
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_bundle *bundle = emit(&w, diags);
	const char *text = body(bundle);
	ck_assert_ptr_nonnull(strstr(text, "\t\tlisten 127.0.0.1:8442 ssl http2 default_server proxy_protocol;\n"));
	ck_assert_ptr_nonnull(strstr(text, "\t\tif ($https) { return 421 \"misdirected request - 421\\n\"; }\n"));
	ck_assert_ptr_nonnull(strstr(text, "\t\tdefault \"\";\n\t\t\"\\\\default\" shop_web_80;\n"
	                                   "\t\t\"\\\\up.example\" shop_out_443;\n"
	                                   "\t\t\"\\\\x.b.example\" \"\";\n"
	                                   "\t\t\"~*^[^.*]+\\\\.b\\\\.example$\" shop_empty_80;\n\t}\n"));
	ck_assert_ptr_nonnull(strstr(text, "\tupstream shop_empty_80 {\n\t\tserver 127.0.0.1:1 down;\n\t}\n"));
	ck_assert_ptr_nonnull(strstr(text, "\tserver {\n\t\tlisten 8443 so_keepalive=on;\n"));
	ck_assert_uint_eq(sdi_diags_count(diags), 1); /* the external name without a resolver */
	sdi_bundle_free(bundle);

	struct sdi_str resolvers[] = { SDI_STR("192.0.2.53") };
	w.settings.resolver.p = resolvers;
	w.settings.resolver.n = 1;
	bundle = emit(&w, NULL);
	ck_assert_ptr_nonnull(strstr(body(bundle), "\t\t\"\\\\up.example\" up.example.net:443;\n"));
	sdi_bundle_free(bundle);

	struct sdi_stream stream = { .port = 8442, .backend = &web };
	for (int i = 0; i < 4; i++) {
		struct sdi_diags *said = sdi_diags_new();
		w.settings.passthrough_port = i == 0 ? 0 : i == 1 ? 8443 : 8442;
		w.gateway.streams = &stream;
		w.gateway.n_streams = i == 2;
		w.gateway.globals.real_ip = i == 3;
		w.gateway.globals.client_header = SDI_STR("x-forwarded-for");
		bundle = emit(&w, said);
		ck_assert_ptr_null(strstr(body(bundle), "ssl_preread"));
		ck_assert_ptr_nonnull(strstr(body(bundle), "\t\tserver_name default;\n"
		                                           "\t\treturn 503 \"503 Service Temporarily Unavailable\\n\";\n"));
		ck_assert_ptr_nonnull(strstr(body(bundle), "\t\tserver_name x.b.example;\n\t\tlocation"));
		ck_assert_ptr_nonnull(strstr(body(bundle), "\t\tlisten 8443 ssl http2 default_server;\n"));
		ck_assert_uint_eq(sdi_diags_count(said), 1);
		ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(said, 0)), "protection-denied");
		sdi_bundle_free(bundle);
		sdi_diags_free(said);
	}
	sdi_diags_free(diags);
}
END_TEST

START_TEST(tls_without_default)
{
	struct world w;
	tls_world(&w);
	w.gateway.default_certificate = NULL;
	w.gateway.n_snis = 0;
	struct sdi_bundle *bundle = emit(&w, NULL);
	ck_assert_str_eq(body(bundle),
	                 CATCH_ALL("\t\tssl_reject_handshake on;\n") "\tserver {\n" LISTEN LISTEN_TLS
	                                                             "\t\tserver_name own.example;\n" CERTIFICATE(
									     "shop_tls") NOT_FOUND
	                 "\t}\n"
	                 "\tserver {\n" LISTEN LISTEN_TLS
	                 "\t\tserver_name without.example;\n\t\tssl_reject_handshake on;\n" NOT_FOUND "\t}\n}\n");
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(tls_off)
{
	struct world w;
	tls_world(&w);
	w.settings.https_port = 0;
	struct sdi_bundle *bundle = emit(&w, NULL);
	size_t n;
	ck_assert_uint_eq(sdi_bundle_count(bundle), 2);
	ck_assert_ptr_null(strstr(file(bundle, "nginx.conf", &n), "ssl"));
	sdi_bundle_free(bundle);
	w.settings.http_port = 0; /* no listener at all: no server may take port 80 */
	bundle = emit(&w, NULL);
	ck_assert_str_eq(body(bundle), "}\n");
	sdi_bundle_free(bundle);
}
END_TEST

/* Names that translation would never let through: the block, or the location's target, is left out; no more. */
START_TEST(bad_names)
{
	struct sdi_server bad_server = { .address = SDI_STR("x;y"), .port = 1, .name = true };
	struct sdi_backend bad_backend = { .id = SDI_STR("b"), .servers = &bad_server, .n_servers = 1 };
	struct sdi_str resolver = SDI_STR("192.0.2.53");
	struct world w;
	world_init(&w);
	w.gateway.n_backends = 0;
	w.settings.resolver.p = &resolver;
	w.settings.resolver.n = 1;
	add_route(add_host(&w, "a;b"), SDI_MATCH_PREFIX, SDI_STR("/"), &web, &plain);
	add_route(add_host(&w, "good.example"), SDI_MATCH_PREFIX, SDI_STR("/"), &bad_backend, &plain);
	add_host(&w, "");
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_bundle *bundle = emit(&w, diags);
	ck_assert_str_eq(body(bundle), "\tserver {\n" LISTEN_DEFAULT "\t\tserver_name \"\";\n" NOT_FOUND "\t}\n"
	                               "\tserver {\n" LISTEN "\t\tserver_name good.example;\n"
	                               "\t\tlocation \"/\" { return 503 \"503 Service Temporarily Unavailable\\n\"; }\n\t}\n}\n");
	ck_assert_uint_eq(sdi_diags_count(diags), 1);
	ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "host-invalid");
	sdi_bundle_free(bundle);
	sdi_diags_free(diags);
}
END_TEST

/* What depends on settings and version, by a line that must or must not be there. */
static const struct {
	unsigned minor;
	bool access_log;
	const char *bind, *line;
	bool there;
} lines[] = {
	{ 22, false, "", "\tlisten [::]:8443 ssl http2 default_server;\n", true },
	{ 22, false, "", "\thttp2 on;\n", false },
	{ 22, false, "", "\tkeepalive_min_timeout", false },
	{ 22, false, "", "\taccess_log off;\n", true },
	{ 22, true, "", "\taccess_log \"/run/x/access.log\" sdi;\n", true },
	{ 22, false, "192.0.2.7", "\tlisten 192.0.2.7:8080 default_server;\n", true },
	{ 22, false, "192.0.2.7", "\tlisten 8080", false },
	{ 22, false, "::1", "\tlisten [::1]:8443 ssl http2 default_server;\n", true },
	{ 22, false, "", "\tmap $https $sdi_port { default 443; \"\" 8080; }\n", true },
	{ 22, false, "", "pid \"/run/x/nginx.pid\";\n", true },
	{ 22, false, "", "\tuwsgi_temp_path \"/run/x/nginx-uwsgi\";\n", true },
	{ 26, false, "", "\thttp2 on;\n", true },
	{ 26, false, "", "\tlisten 8443 ssl default_server;\n", true },
	{ 26, false, "", "\tkeepalive_min_timeout", false },
	{ 28, false, "", "\tkeepalive_min_timeout 2s;\n", true },
};

START_TEST(line)
{
	struct world w;
	tls_world(&w);
	struct sdi_str bind = sdi_str_c(lines[_i].bind);
	w.settings.target_version.minor = lines[_i].minor;
	w.settings.access_log = lines[_i].access_log;
	w.settings.bind.p = &bind;
	w.settings.bind.n = bind.n > 0;
	struct sdi_bundle *bundle = emit(&w, NULL);
	size_t n;
	const char *text = file(bundle, "nginx.conf", &n);
	ck_assert_msg((strstr(text, lines[_i].line) != NULL) == lines[_i].there, "%s", lines[_i].line);
	sdi_bundle_free(bundle);
}
END_TEST

static const struct {
	size_t hosts, longest;
	const char *want;
} hashes[] = {
	{ 1, 0, "max_size 512;\n\tserver_names_hash_bucket_size 192;\n" },
	{ 3, 253, "max_size 512;\n\tserver_names_hash_bucket_size 2176;\n" },
	{ 256, 20, "max_size 512;\n\tserver_names_hash_bucket_size 320;\n" },
	{ 257, 20, "max_size 1024;\n\tserver_names_hash_bucket_size 320;\n" },
	{ 10000, 30, "max_size 32768;\n\tserver_names_hash_bucket_size 384;\n" },
};

START_TEST(hash)
{
	static char name[254];
	memset(name, 'a', sizeof(name) - 1);
	struct world w;
	world_init(&w);
	w.gateway.n_backends = 0;
	w.gateway.n_hosts = hashes[_i].hosts;
	w.gateway.hosts = calloc(hashes[_i].hosts, sizeof(struct sdi_host));
	for (size_t i = 0; i < w.gateway.n_hosts; i++)
		w.gateway.hosts[i] = (struct sdi_host){
			.name = { name, hashes[_i].longest ? i % hashes[_i].longest + 1 : 0 },
			.fallback = { .answer = SDI_ANSWER_NOT_FOUND, .policy = &plain },
		};
	w.gateway.hosts[0].name.n = hashes[_i].longest;
	struct sdi_bundle *bundle = emit(&w, NULL);
	size_t n;
	const char *text = strstr(file(bundle, "nginx.conf", &n), "server_names_hash_max_size");
	ck_assert_ptr_nonnull(text);
	ck_assert_msg(strstr(text, hashes[_i].want) != NULL, "%.90s", text);
	sdi_bundle_free(bundle);
	free(w.gateway.hosts);
}
END_TEST

enum door { WORD, EXACT, PREFIX, SERVER_NAME, DNS_NAME, NAME, ADDRESS };

static const struct {
	enum door door;
	struct sdi_str in;
	const char *want; /* NULL: can't be said */
} doors[] = {
	{ WORD, SDI_STR_INIT("/a b"), "\"/a b\"" },
	{ WORD, SDI_STR_INIT("/\"\\"), "\"/\\\"\\\\\"" },
	{ WORD, SDI_STR_INIT("\n\r\t"), "\"\\n\\r\\t\"" },
	{ WORD, SDI_STR_INIT("/a;{}#$x'~"), "\"/a;{}#$x'~\"" },
	{ WORD, SDI_STR_INIT("/\\n"), "\"/\\\\n\"" },
	{ WORD, SDI_STR_INIT(""), "\"\"" },
	{ WORD, SDI_STR_INIT("/a\0b"), NULL },
	{ EXACT, SDI_STR_INIT("/a-b_c/D9"), "\"^/a-b_c/D9\\\\z\"" },
	{ PREFIX, SDI_STR_INIT("/a"), "\"^/a(?:/|\\\\z)\"" },
	{ PREFIX, SDI_STR_INIT("/.*[a]"), "\"^/\\\\.\\\\*\\\\[a\\\\](?:/|\\\\z)\"" },
	{ PREFIX, SDI_STR_INIT("/$\\\"\n \x7f\xc3\xa9"),
	  "\"^/\\\\$\\\\x5c\\\\x22\\\\x0a\\\\x20\\\\x7f\xc3\xa9(?:/|\\\\z)\"" },
	{ SERVER_NAME, SDI_STR_INIT("a-1.example"), "a-1.example" },
	{ SERVER_NAME, SDI_STR_INIT("*.a.example"), "\"~^[^.*]+\\\\.a\\\\.example$\"" },
	{ SERVER_NAME, SDI_STR_INIT(""), "\"\"" },
	{ SERVER_NAME, SDI_STR_INIT("*"), NULL },
	{ SERVER_NAME, SDI_STR_INIT("*."), NULL },
	{ SERVER_NAME, SDI_STR_INIT("*.*.a"), NULL },
	{ SERVER_NAME, SDI_STR_INIT(".a.example"), NULL },
	{ SERVER_NAME, SDI_STR_INIT("a..example"), NULL },
	{ SERVER_NAME, SDI_STR_INIT("a.example."), NULL },
	{ SERVER_NAME, SDI_STR_INIT("~^\\w.*$"), "\"~^\\\\w.*$\"" },
	{ SERVER_NAME, SDI_STR_INIT("a;b"), NULL },
	{ SERVER_NAME, SDI_STR_INIT("$hostname"), NULL },
	{ SERVER_NAME, SDI_STR_INIT("A.example"), NULL },
	{ DNS_NAME, SDI_STR_INIT("up.example.net"), "up.example.net" },
	{ DNS_NAME, SDI_STR_INIT("up/$x"), NULL },
	{ DNS_NAME, SDI_STR_INIT(""), NULL },
	{ NAME, SDI_STR_INIT("ns_a-b.c_80"), "ns_a-b.c_80" },
	{ NAME, SDI_STR_INIT("ns_a;"), NULL },
	{ NAME, SDI_STR_INIT(""), NULL },
	{ ADDRESS, SDI_STR_INIT("192.0.2.1"), "192.0.2.1:80" },
	{ ADDRESS, SDI_STR_INIT("2001:db8::1"), "[2001:db8::1]:80" },
	{ ADDRESS, SDI_STR_INIT("1.2.3.4 check"), NULL },
	{ ADDRESS, SDI_STR_INIT("unix:/x"), NULL },
	{ ADDRESS, SDI_STR_INIT(""), NULL },
};

START_TEST(door)
{
	struct sdi_buf buf;
	bool ok = true, cut = false;
	sdi_buf_init(&buf, 1 << 16);
	switch (doors[_i].door) {
	case WORD: ok = sdi_nginx_word(&buf, doors[_i].in); break;
	case EXACT: sdi_nginx_path_regex(&buf, doors[_i].in, true, &cut); break;
	case PREFIX: sdi_nginx_path_regex(&buf, doors[_i].in, false, &cut); break;
	case SERVER_NAME: ok = sdi_nginx_server_name(&buf, doors[_i].in); break;
	case DNS_NAME: ok = sdi_nginx_dns_name(&buf, doors[_i].in); break;
	case NAME: ok = sdi_nginx_name(&buf, doors[_i].in); break;
	case ADDRESS: ok = sdi_nginx_address(&buf, doors[_i].in, 80); break;
	}
	ck_assert_int_eq(ok, doors[_i].want != NULL);
	ck_assert(!cut);
	if (doors[_i].want)
		ck_assert_str_eq(buf.p, doors[_i].want);
	else
		ck_assert_uint_eq(buf.n, 0);
	sdi_buf_release(&buf);
}
END_TEST

/* A token with its quotes has 4095 bytes at most; beyond, a path is matched by its beginning and its length. */
START_TEST(token_limit)
{
	static char text[SDI_LIMIT_PATH_BYTES];
	struct sdi_buf buf;
	bool cut;
	memset(text, 'a', sizeof(text));
	sdi_buf_init(&buf, 1 << 16);
	ck_assert(sdi_nginx_word(&buf, sdi_str_make(text, 4093)));
	ck_assert(!sdi_nginx_word(&buf, sdi_str_make(text, 4094)));
	ck_assert_uint_eq(buf.n, 4095);
	for (size_t n = 4000; n <= sizeof(text); n++) {
		sdi_buf_clear(&buf);
		sdi_nginx_path_regex(&buf, sdi_str_make(text, n), false, &cut);
		ck_assert_uint_le(buf.n, 4095);
		ck_assert_int_eq(cut, strstr(buf.p, "(?s)") != NULL);
		unsigned long rest = cut ? strtoul(strchr(buf.p, '{') + 1, NULL, 10) : 0;
		ck_assert_uint_eq((size_t)(strrchr(buf.p, 'a') - strchr(buf.p, 'a')) + 1 + rest, n);
	}
	ck_assert(cut);
	sdi_buf_release(&buf);
}
END_TEST

/* Before 1.26 a location's name has 255 bytes at most; longer ones are regexes, whatever the number of routes. */
static const struct {
	size_t n;
	enum sdi_match match;
	unsigned minor;
	bool regex;
} longs[] = {
	{ 255, SDI_MATCH_EXACT, 22, false },   { 256, SDI_MATCH_EXACT, 22, true },
	{ 256, SDI_MATCH_EXACT, 26, false },   { 254, SDI_MATCH_PREFIX, 22, false },
	{ 255, SDI_MATCH_PREFIX, 22, true },   { 255, SDI_MATCH_PREFIX, 26, false },
	{ 4092, SDI_MATCH_PREFIX, 26, false }, { 4093, SDI_MATCH_PREFIX, 26, true },
	{ 4093, SDI_MATCH_EXACT, 26, false },
};

START_TEST(long_path)
{
	static char text[SDI_LIMIT_PATH_BYTES];
	struct world w;
	world_init(&w);
	memset(text, 'a', sizeof(text));
	text[0] = '/';
	w.settings.target_version.minor = longs[_i].minor;
	struct sdi_host *host = add_host(&w, "");
	add_route(host, longs[_i].match, sdi_str_make(text, longs[_i].n), &web, &plain);
	for (int i = 0; i < N(many); i++)
		add_route(host, SDI_MATCH_PREFIX, sdi_str_c(many[i]), &web, &plain);
	struct sdi_bundle *bundle = emit(&w, NULL);
	ck_assert_int_eq(strstr(body(bundle), "location ~ ") != NULL, longs[_i].regex);
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(too_long_path)
{
	static char text[SDI_LIMIT_PATH_BYTES];
	struct world w;
	world_init(&w);
	memset(text, '.', sizeof(text));
	text[0] = '/';
	add_route(add_host(&w, ""), SDI_MATCH_PREFIX, sdi_str_make(text, sizeof(text)), &web, &plain);
	w.gateway.n_backends = 0;
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_bundle *bundle = emit(&w, diags);
	ck_assert_uint_eq(sdi_diags_count(diags), 1);
	ck_assert_str_eq(sdi_diag_name(sdi_diags_get(diags, 0)), "web");
	ck_assert_ptr_nonnull(strstr(body(bundle), "}(?:/|\\\\z)\" { return 503 "));
	ck_assert_ptr_null(strstr(body(bundle), "proxy_pass"));
	sdi_bundle_free(bundle);
	sdi_diags_free(diags);
}
END_TEST

/* ck_assert() writes to a file each time, which is too slow for every byte. */
static void must(bool fine)
{
	if (!fine)
		ck_abort_msg("not what was expected");
}

/* A lexer of NGINX's language, by its documentation only. Words are unquoted; "{" and "}" are directives' ends. */
struct directive {
	const char *words[WORDS];
	int n, depth;
	char end; /* ';' '{' '}' */
};

struct list {
	struct directive of[DIRECTIVES];
	char text[16 * TEXT]; /* of the words, each with its NUL */
	size_t used;
};

static const char *read_word(const char *p, struct list *list)
{
	char *out = list->text + list->used;
	char quote = *p == '"' || *p == '\'' ? *p++ : '\0';
	size_t n = 0;
	while (quote ? *p != quote : !strchr(" \t\n;{}", *p) || (*p == '{' && n && out[n - 1] == '$')) {
		must(*p);
		char c = *p++;
		if (c == '\\' && strchr("\"'\\", *p))
			c = *p++;
		else if (c == '\\' && strchr("trn", *p))
			c = *p == 't' ? '\t' : *p == 'r' ? '\r' : '\n', p++;
		must(list->used + n + 1 < sizeof(list->text));
		out[n++] = c;
	}
	out[n] = '\0';
	list->used += n + 1;
	if (quote)
		must(strchr(" \t\n;{)", *++p) != NULL);
	return p;
}

static int read_directives(const char *p, struct list *list)
{
	int n = 0, depth = 0;
	list->used = 0;
	for (;;) {
		struct directive *d = &list->of[n];
		d->n = 0;
		while (*p && !strchr(";{}", *p)) {
			if (strchr(" \t\n", *p)) {
				p++;
				continue;
			}
			must(*p != '#'); /* nothing here writes comments */
			must(d->n < WORDS);
			d->words[d->n++] = list->text + list->used;
			p = read_word(p, list);
		}
		if (!*p) {
			must(d->n == 0);
			must(depth == -1); /* the body starts inside of http */
			return n;
		}
		d->end = *p++;
		d->depth = depth += d->end == '{' ? 1 : d->end == '}' ? -1 : 0;
		must(++n < DIRECTIVES);
	}
}

/* What PCRE makes of the literal part of a regex of ours. */
static void unescape_regex(const char *regex, const char *end, char *out)
{
	must(*regex++ == '^');
	size_t n = strlen(regex) - strlen(end), to = 0;
	must(strcmp(regex + n, end) == 0);
	for (size_t i = 0; i < n; i++) {
		char c = regex[i];
		if (c == '\\' && regex[i + 1] == 'x') {
			const char digits[] = { regex[i + 2], regex[i + 3], '\0' };
			c = (char)strtoul(digits, NULL, 16);
			i += 3;
		} else if (c == '\\') {
			c = regex[++i];
			must(strchr("!#$%&'()*+,.:;<=>?@[]^`{|}~", c) != NULL);
		} else {
			must(strchr("!#$%&'()*+,.:;<=>?@[]^`{|}~ \"", c) == NULL);
		}
		out[to++] = c;
	}
	out[to] = '\0';
}

static const char *const hostile[] = {
	"/a\n  use_backend evil",
	"/a\r\nX: y",
	"/a; return 200 x",
	"/a {",
	"/a }",
	"/api/ { return 200; #",
	"/a\" ; alias /etc/; \"",
	"/a'",
	"/a\\",
	"/a\\\\\"",
	"/\\x22",
	"/a #comment",
	"/var/run/secrets/kubernetes.io/serviceaccount/token",
	"/$(x)",
	"/${ENV}",
	"/$http_x/$request_uri",
	"/%[env(X)]",
	"/(a+)+$",
	"/(?{code})",
	"/[",
	"/a|b",
	"/a\\E.*",
	"/a\\z|",
	"/= /x",
	"/~ .*",
	"/\xe2\x80\xa8",
	"/\xc2\x85",
	"/a\v\f",
	"/a/*",
	"/a?b",
	"/a b",
	"/\t",
};

static struct list lists[2]; /* of the hostile gateway and of its twin */

static int emit_path(struct sdi_str path, enum sdi_match match, bool pairs, struct list *list)
{
	struct world w;
	world_init(&w);
	struct sdi_host *host = add_host(&w, "a.example");
	add_route(host, match, path, &web, &plain);
	for (int i = 0; pairs && i < N(many); i++)
		add_route(host, SDI_MATCH_PREFIX, sdi_str_c(many[i]), &api, &plain);
	add_host(&w, "");
	struct sdi_bundle *bundle = emit(&w, NULL);
	int n = read_directives(body(bundle), list);
	sdi_bundle_free(bundle);
	return n;
}

/* Which words differ from the twin's: only those of locations, which name the path and nothing else. */
static void check_path(struct sdi_str path, enum sdi_match match, bool pairs)
{
	static const char *const twin = "/harmless";
	char text[TEXT], got[TEXT];
	memcpy(text, path.p, path.n);
	text[path.n] = '\0';
	int n = emit_path(path, match, pairs, &lists[0]), seen = 0;
	ck_assert_int_eq(emit_path(sdi_str_c(twin), match, pairs, &lists[1]), n);
	for (int i = 0; i < n; i++) {
		struct directive *a = &lists[0].of[i], *b = &lists[1].of[i];
		must(a->n == b->n);
		must(a->end == b->end);
		must(a->depth == b->depth);
		for (int k = 0; k < a->n; k++) {
			if (strcmp(a->words[k], b->words[k]) == 0)
				continue;
			ck_assert_str_eq(a->words[0], "location");
			ck_assert_int_eq(k, a->n - 1);
			if (strcmp(a->words[1], "~") == 0)
				unescape_regex(a->words[k], "(?:/|\\z)", got);
			else
				memcpy(got, a->words[k], strlen(a->words[k]) + 1);
			if (strcmp(a->words[1], "~") != 0 && strcmp(a->words[1], "=") != 0)
				got[strlen(got) - 1] = '\0'; /* the slash of "/p/" */
			ck_assert_str_eq(got, text);
			seen++;
		}
	}
	ck_assert_int_eq(seen, match == SDI_MATCH_PREFIX && pairs ? 2 : 1);
}

static void check_all(struct sdi_str path)
{
	check_path(path, SDI_MATCH_EXACT, false);
	check_path(path, SDI_MATCH_PREFIX, false);
	check_path(path, SDI_MATCH_PREFIX, true);
}

START_TEST(hostile_path)
{
	check_all(sdi_str_c(hostile[_i]));
}
END_TEST

START_TEST(every_byte)
{
	for (int c = 1; c < 256; c++) {
		const char path[] = { '/', 'a', (char)c, 'b', (char)c };
		/* "/" at the end means something of its own: see exact_with_slash. */
		check_all(sdi_str_make(path, sizeof(path) - (c == '/')));
	}
}
END_TEST

/* NGINX redirects "/foo" to a proxied "= /foo/" by itself unless "= /foo" is there. */
START_TEST(exact_with_slash)
{
	struct world w;
	world_init(&w);
	struct sdi_host *host = add_host(&w, "a.example");
	add_route(host, SDI_MATCH_EXACT, SDI_STR("/foo/"), &web, &plain);
	add_host(&w, "");
	struct sdi_bundle *bundle = emit(&w, NULL);
	const char *text = body(bundle);
	ck_assert_ptr_nonnull(strstr(text, "location = \"/foo/\" { proxy_pass"));
	ck_assert_ptr_nonnull(strstr(text, "location = \"/foo\" { return 404"));
	sdi_bundle_free(bundle);
}
END_TEST

static void full_world(struct world *w)
{
	tls_world(w);
	w->gateway.n_backends = 4;
	w->hosts[0].n_routes = 0;
	add_route(&w->hosts[0], SDI_MATCH_EXACT, SDI_STR("/x"), &web, &to_tls);
	add_route(&w->hosts[0], SDI_MATCH_PREFIX, SDI_STR("/out"), &external, &plain);
	for (int i = 0; i < N(many); i++)
		add_route(&w->hosts[1], SDI_MATCH_PREFIX, sdi_str_c(many[i]), &api, &plain);
}

START_TEST(same_twice)
{
	struct world w;
	full_world(&w);
	struct sdi_bundle *a = emit(&w, NULL), *b = emit(&w, NULL);
	ck_assert_uint_eq(sdi_bundle_count(a), sdi_bundle_count(b));
	for (size_t i = 0; i < sdi_bundle_count(a); i++) {
		size_t n, m;
		const char *p = sdi_bundle_data(a, i, &n), *q = sdi_bundle_data(b, i, &m);
		ck_assert_str_eq(sdi_bundle_name(a, i), sdi_bundle_name(b, i));
		ck_assert(sdi_str_eq(sdi_str_make(p, n), sdi_str_make(q, m)));
	}
	sdi_bundle_free(a);
	sdi_bundle_free(b);
}
END_TEST

START_TEST(out_of_memory)
{
	struct world w;
	full_world(&w);
	enum sdi_status status = SDI_ENOMEM;
	int n;
	for (n = 1; status != SDI_OK; n++) {
		ck_assert_int_lt(n, 1000);
		struct sdi_diags *diags = sdi_diags_new();
		struct sdi_bundle *bundle = NULL;
		sdi_arena_fail_at = n;
		status = sdi_emit(&w.gateway, &w.settings, SDI_PROXY_NGINX, diags, &bundle);
		sdi_arena_fail_at = 0;
		if (status == SDI_OK)
			ck_assert_uint_eq(sdi_bundle_count(bundle), 6);
		else
			ck_assert_int_eq(status, SDI_ENOMEM);
		ck_assert_int_eq(bundle != NULL, status == SDI_OK);
		sdi_bundle_free(bundle);
		sdi_diags_free(diags);
	}
	ck_assert_int_gt(n, 10);
}
END_TEST

START_TEST(caps)
{
	for (int i = 0; i < SDI_FIELD__COUNT; i++) {
		const struct sdi_cap *cap = &sdi_emitter_nginx.caps[i];
		ck_assert_int_ne(cap->fidelity, SDI_FIDELITY_UNDECLARED);
		ck_assert_int_eq(cap->reason == NULL, cap->fidelity == SDI_FIDELITY_EXACT);
	}
}
END_TEST

Suite *sdi_suite_nginx(void)
{
	Suite *suite = suite_create("nginx");
	TCase *tc = tcase_create("quote");
	tcase_add_loop_test(tc, door, 0, N(doors));
	tcase_add_test(tc, token_limit);
	tcase_add_loop_test(tc, hostile_path, 0, N(hostile));
	tcase_add_test(tc, every_byte);
	tcase_add_test(tc, exact_with_slash);
	suite_add_tcase(suite, tc);
	tc = tcase_create("emit");
	tcase_add_test(tc, routes);
	tcase_add_test(tc, many_prefixes);
	tcase_add_test(tc, redirects);
	tcase_add_test(tc, tls);
	tcase_add_test(tc, passthrough);
	tcase_add_test(tc, tls_without_default);
	tcase_add_test(tc, tls_off);
	tcase_add_test(tc, bad_names);
	tcase_add_loop_test(tc, line, 0, N(lines));
	tcase_add_loop_test(tc, hash, 0, N(hashes));
	tcase_add_loop_test(tc, long_path, 0, N(longs));
	tcase_add_test(tc, too_long_path);
	tcase_add_test(tc, same_twice);
	tcase_add_test(tc, out_of_memory);
	tcase_add_test(tc, caps);
	suite_add_tcase(suite, tc);
	return suite;
}
