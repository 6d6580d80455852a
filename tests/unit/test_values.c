/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Values of ingress-nginx's annotations: what is taken here, and what its own check takes. Where the two differ, the
 * remark says why. Values that translate/ reads are in world_values.
 */
#include "world.h"

#define NGINX "nginx.ingress.kubernetes.io/"

static const struct {
	const char *name, *value;
	bool ok, theirs;
} values[] = {
	{ "affinity", "cookie", true, true },
	{ "affinity", "COOKIE", false, false },
	{ "affinity", "ip", false, false },
	{ "affinity-canary-behavior", "sticky", true, true },
	{ "affinity-canary-behavior", "Legacy", false, false },
	{ "affinity-mode", "balanced", true, true },
	{ "affinity-mode", "PERSISTENT", false, false },
	{ "allowlist-source-range", "10.0.0.0/8, 2001:db8::/32 ,192.0.2.1", true, true },
	{ "allowlist-source-range", "10.0.0.0/33", false, false },
	{ "allowlist-source-range", "10.0.0.0/8,", false, false },
	{ "allowlist-source-range", "10.0.0.0/8 10.1.0.0/16", false, false },
	{ "allowlist-source-range", "example.org", false, false },
	{ "denylist-source-range", "::1", true, true },
	{ "denylist-source-range", "1.2.3", false, false },
	{ "limit-allowlist", "1.2.3.4/32,::/0", true, true },
	{ "limit-whitelist", "any", false, false },
	{ "app-root", "/app1:x/~y", true, true },
	{ "app-root", "app1", false, true },              /* they drop it later: no URI of a request */
	{ "app-root", "http://a.example/", false, true }, /* they drop it later: absolute */
	{ "app-root", "/$host", false, true },            /* a variable, which NGINX would expand and HAProxy not */
	{ "app-root", "/a b", false, false },
	{ "auth-realm", "Please: log in_~1/2.3-4", true, true },
	{ "auth-realm", "Don't", false, false },
	{ "auth-secret", "ns/name", true, true },
	{ "auth-secret", "a b", false, true }, /* no name of a secret */
	{ "auth-secret", "na%me", false, false },
	{ "auth-secret-type", "auth-map", true, true },
	{ "auth-secret-type", "xauth-filex", false, true }, /* their check is not anchored; they deny it later */
	{ "auth-secret-type", "auth", false, false },
	{ "auth-type", "basic", true, true },
	{ "auth-type", "digest", true, true },
	{ "auth-type", "basically", false, true }, /* their check is not anchored: it would ask for a digest */
	{ "auth-type", "Basic", false, false },
	{ "auth-tls-verify-client", "optional_no_ca", true, true },
	{ "auth-tls-verify-client", "On", false, false },
	{ "auth-tls-verify-depth", "2", true, true },
	{ "auth-tls-verify-depth", "+2", true, true },
	{ "auth-tls-verify-depth", "two", false, false },
	{ "auth-tls-verify-depth", "-1", false, true }, /* NGINX would not start */
	{ "auth-keepalive", "10", true, true },
	{ "auth-keepalive", "x", false, false },
	{ "auth-keepalive-share-vars", "T", true, true },
	{ "auth-keepalive-timeout", "60s", false, false },
	{ "backend-protocol", "grpcS", true, true },
	{ "backend-protocol", "auto_http", true, true },
	{ "backend-protocol", "AJP", false, false },
	{ "canary", "TRUE", true, true },
	{ "canary", "tRUE", false, false },
	{ "canary-by-header", "X-Canary:~/_", true, true },
	{ "canary-by-header", "X,Y", false, false },
	{ "canary-by-header-value", "a.b-c", true, true },
	{ "canary-by-header-value", "a b", false, true }, /* their check removes blanks first */
	{ "canary-by-header-value", "a=b", false, false },
	{ "canary-by-header-pattern", "^v[0-9]+(a|b)?$", true, true },
	{ "canary-by-header-pattern", "a b", true, false }, /* a regular expression like others, and quoted */
	{ "canary-by-cookie", "a_b-c", true, true },
	{ "canary-by-cookie", "a=b", false, false },
	{ "canary-weight", "+10", true, true },
	{ "canary-weight", "10%", false, false },
	{ "canary-weight-total", "1000", true, true },
	{ "canary-weight-total", "1e3", false, false },
	{ "client-body-buffer-size", "1M", true, true },
	{ "client-body-buffer-size", "1000", true, true },
	{ "client-body-buffer-size", "1t", false, false },
	{ "client-body-buffer-size", "1g", false, true }, /* they drop it later: NGINX knows no "g" here */
	{ "connection-proxy-header", "keep-alive", true, true },
	{ "connection-proxy-header", "Upgrade", false, false },
	{ "cors-allow-methods", "GET, put,", true, true },
	{ "cors-allow-methods", "GET;", false, false },
	{ "cors-allow-methods", "GET1", false, false },
	{ "cors-allow-methods", ",GET", false, false },
	{ "cors-allow-methods", "GET,,PUT", false, false },
	{ "cors-allow-headers", "X-A, x_b,,", true, true },
	{ "cors-allow-headers", "*", false, false },
	{ "cors-expose-headers", "*, X-A", true, true },
	{ "cors-expose-headers", "X-A,,X-B", false, false },
	{ "cors-expose-headers", "X A:", false, false },
	{ "cors-max-age", "600", true, true },
	{ "cors-max-age", "-1", true, true },
	{ "cors-max-age", "10m", false, false },
	{ "cors-allow-credentials", "0", true, true },
	{ "cors-allow-credentials", "no", false, false },
	{ "custom-http-errors", "404,503", true, true },
	{ "custom-http-errors", "404, 503", true, false }, /* they drop it: with blanks it is no number */
	{ "custom-http-errors", "399", false, false },
	{ "custom-http-errors", "404,", false, false },
	{ "custom-http-errors", "404503", false, true }, /* NGINX would not start */
	{ "default-backend", "my-svc1", true, true },
	{ "default-backend", "ns/svc", false, false },
	{ "default-backend", "a.b", false, false },
	{ "enable-access-log", "False", true, true },
	{ "enable-access-log", "off", false, false },
	{ "fastcgi-index", "index-1_a.php", true, true },
	{ "fastcgi-index", "a/b.php", false, false },
	{ "fastcgi-params-configmap", "ns/name", true, true },
	{ "fastcgi-params-configmap", "a;b", false, false },
	{ "limit-connections", "5", true, true },
	{ "limit-connections", "-5", false, true }, /* they take it for no limit; who wrote it wanted one */
	{ "limit-rps", "5.5", false, false },
	{ "limit-rpm", "+300", true, true },
	{ "limit-rate", "100k", false, false },
	{ "limit-rate-after", "100", true, true },
	{ "limit-burst-multiplier", "0", true, true },
	{ "load-balance", "round_robin", true, true },
	{ "load-balance", "sticky_balanced", true, true },
	{ "load-balance", "least_conn", false, false },
	{ "mirror-request-body", "off", true, true },
	{ "mirror-request-body", "false", false, false },
	{ "permanent-redirect", "https://a.example/x?y=1&z=2,3", true, true },
	{ "permanent-redirect", "HTTPS://a.example/", true, true },
	{ "permanent-redirect", "/path", true, true },
	{ "permanent-redirect", "https://a.example/$request_uri", false, false },
	{ "permanent-redirect", "path", false, true },             /* it would lead elsewhere from each path */
	{ "permanent-redirect", "ftp://a.example/", false, true }, /* not followed by browsers */
	{ "permanent-redirect", "https://a.example/#x", false, false },
	{ "temporal-redirect", "http://a.example", true, true },
	{ "temporal-redirect", "/path", false, false },
	{ "temporal-redirect", "ftp://a.example", false, false },
	{ "permanent-redirect-code", "300", true, true },
	{ "permanent-redirect-code", "309", false, false },
	{ "temporal-redirect-code", "307", true, true },
	{ "temporal-redirect-code", "308", false, false },
	{ "proxy-body-size", "1000", true, true },
	{ "proxy-body-size", "8M", true, true },
	{ "proxy-body-size", "8 m", false, true }, /* their check removes blanks first; NGINX would not start */
	{ "proxy-body-size", "8mb", false, false },
	{ "proxy-body-size", "8b", false, true }, /* they drop it later: NGINX knows no "b" */
	{ "proxy-body-size", "1.5m", false, false },
	{ "proxy-buffer-size", "8k", true, true },
	{ "proxy-buffer-size", "2g", false, true }, /* memory for each request */
	{ "proxy-buffering", "on", true, true },
	{ "proxy-buffering", "ON", false, false },
	{ "proxy-buffers-number", "8", true, true },
	{ "proxy-buffers-number", "many", false, false },
	{ "proxy-busy-buffers-size", "16k", true, true },
	{ "proxy-busy-buffers-size", "k", false, false },
	{ "proxy-connect-timeout", "30", true, true },
	{ "proxy-connect-timeout", "15k", false, false },
	{ "proxy-connect-timeout", "0", false, true }, /* each request would fail at once */
	{ "proxy-send-timeout", "30s", false, false },
	{ "proxy-read-timeout", "+60", true, true },
	{ "proxy-cookie-domain", "localhost  example.org", true, true },
	{ "proxy-cookie-domain", "off", true, true },
	{ "proxy-cookie-domain", "localhost", false, false },
	{ "proxy-cookie-domain", "a b c", false, false },
	{ "proxy-cookie-path", "/one/ /", true, true },
	{ "proxy-cookie-path", "/a?b=c&d,e /", true, true },
	{ "proxy-cookie-path", "/ \"/; HttpOnly\"", false, false },
	{ "proxy-cookie-path", "~*^/a /b", false, false },
	{ "proxy-cookie-path", "/one", false, true }, /* NGINX would not start */
	{ "proxy-http-version", "1.0", true, true },
	{ "proxy-http-version", "2", false, false },
	{ "proxy-max-temp-file-size", "0", true, true },
	{ "proxy-max-temp-file-size", "-1", false, false },
	{ "proxy-next-upstream", "error timeout http_503", true, true },
	{ "proxy-next-upstream", "error,timeout", false, false },
	{ "proxy-next-upstream", "errortimeout", false, true }, /* NGINX would not start */
	{ "proxy-next-upstream-timeout", "5", true, true },
	{ "proxy-next-upstream-timeout", "5s", false, false },
	{ "proxy-next-upstream-tries", "0", true, true },
	{ "proxy-next-upstream-tries", "few", false, false },
	{ "proxy-redirect-from", "http://a:8080/x?y=z", true, true },
	{ "proxy-redirect-from", "default", true, true },
	{ "proxy-redirect-to", "/$1", false, false },
	{ "proxy-request-buffering", "off", true, true },
	{ "proxy-request-buffering", "Off", false, false },
	{ "proxy-ssl-ciphers", "HIGH:!aNULL:!MD5", true, true },
	{ "proxy-ssl-ciphers", "ALL:@SECLEVEL=0", false, false },
	{ "proxy-ssl-name", "a.example", true, true },
	{ "proxy-ssl-name", "$host", false, true }, /* a variable */
	{ "proxy-ssl-protocols", "TLSv1.3 TLSv1.2", true, true },
	{ "proxy-ssl-protocols", "SSLv3", false, false },
	{ "proxy-ssl-protocols", "TLSv1.1", false, false },
	{ "proxy-ssl-secret", "ns/name", true, true },
	{ "proxy-ssl-secret", "name", false, true }, /* they deny it later: the namespace is missing */
	{ "proxy-ssl-server-name", "on", true, true },
	{ "proxy-ssl-verify", "true", false, false },
	{ "proxy-ssl-verify-depth", "2", true, true },
	{ "proxy-ssl-verify-depth", "x", false, false },
	{ "rewrite-target", "/new/$1/~a:b", true, true },
	{ "rewrite-target", "/a/(.*)", false, false },
	{ "rewrite-target", "/a?b", false, false },
	{ "rewrite-target", "/$host", false, true }, /* a variable, which NGINX would expand and HAProxy not */
	{ "satisfy", "all", true, true },
	{ "satisfy", "none", false, false },
	{ "server-alias", "a.example, *.b.example,~^www\\d+\\.c$", true, true },
	{ "server-alias", "a;b", false, false },
	{ "session-cookie-domain", "a.example", true, true },
	{ "session-cookie-domain", "a;b", false, false },
	{ "session-cookie-expires", "0", true, true },
	{ "session-cookie-expires", "-10", true, true },
	{ "session-cookie-expires", "0abc", false, true }, /* their check is not anchored; they drop it later */
	{ "session-cookie-max-age", "172800", true, true },
	{ "session-cookie-max-age", "2d", false, false },
	{ "session-cookie-name", "INGRESS-1_a", true, true },
	{ "session-cookie-name", "a=b", false, false },
	{ "session-cookie-path", "/a,b:c?d&e=f", true, true },
	{ "session-cookie-path", "a", false, true }, /* browsers take the path of the request instead */
	{ "session-cookie-path", "/;a", false, false },
	{ "session-cookie-samesite", "lAX", true, true },
	{ "session-cookie-samesite", "loose", false, false },
	{ "ssl-ciphers", "ALL:!aNULL:@STRENGTH:@SECLEVEL=2", true, true },
	{ "ssl-ciphers", "ALL;", false, false },
	{ "upstream-hash-by", "$request_uri", true, true },
	{ "upstream-hash-by", "${request_uri}-text", true, true },
	{ "upstream-hash-by", "$ssl_client_s_dn", false, true }, /* a variable that only one proxy has */
	{ "upstream-hash-by", "$a b", false, true },             /* their check removes blanks first */
	{ "upstream-hash-by", "$a;b", false, false },
	{ "upstream-hash-by-subset-size", "3", true, true },
	{ "upstream-hash-by-subset-size", "x", false, false },
	{ "upstream-vhost", "$service_name.a.example:80", true, true },
	{ "upstream-vhost", "a/b", false, true }, /* no name of a host */
	{ "upstream-vhost", "a;b", false, false },
	{ "x-forwarded-prefix", "/x/$1", true, true },
	{ "x-forwarded-prefix", "/x;", false, false },
};

START_TEST(value)
{
	int64_t number;
	ck_assert_msg(world_takes(values[_i].name, values[_i].value, &number) == values[_i].ok, "%s: %s",
	              values[_i].name, values[_i].value);
}
END_TEST

#define AUTH NGINX "auth-url: \"http://192.0.2.1/\", " NGINX
#define CORS NGINX "enable-cors: \"true\", " NGINX

/* Those that translate/ reads; @name is what a diagnostic is about when it is not taken. */
static const struct {
	const char *pairs, *name;
	bool ok, theirs;
} texts[] = {
	{ NGINX "auth-url: \"https://a.example/x?y=$host&z=1\"", "auth-url", true, true },
	{ NGINX "auth-url: \"a.example/x\"", "auth-url", false, false },
	{ NGINX "auth-url: \"http://a..example/\"", "auth-url", false, false },
	{ NGINX "auth-url: \"http://a.example/;x\"", "auth-url", false, false },
	{ AUTH "auth-method: POST", "auth-method", true, true },
	{ AUTH "auth-method: post", "auth-method", false, false },
	{ AUTH "auth-response-headers: \"X-A, X_b\"", "auth-response-headers", true, true },
	{ AUTH "auth-response-headers: \"X:A\"", "auth-response-headers", false, false },
	{ AUTH "auth-request-redirect: \"http://a.example/x?y=z\"", "auth-request-redirect", true, true },
	{ AUTH "auth-request-redirect: \"http://a.example/$uri\"", "auth-request-redirect", false, false },
	{ AUTH "auth-signin-redirect-param: back", "auth-signin-redirect-param", true, true },
	{ AUTH "auth-signin: \"https://a.example/s?x=$host\"", "auth-signin", true, true },
	{ AUTH "auth-signin: \"https://a.example/;x\"", "auth-signin", false, false },
	{ AUTH "auth-always-set-cookie: \"1\"", "auth-always-set-cookie", true, true },
	{ AUTH "auth-always-set-cookie: maybe", "auth-always-set-cookie", false, false },
	{ AUTH "auth-cache-key: \"k$remote_addr\", " NGINX "auth-cache-duration: \"200 202 1M, 401 2y,\"",
	  "auth-cache-duration", true, true },
	{ AUTH "auth-cache-key: k, " NGINX "auth-cache-duration: \"10m\"", "auth-cache-duration", true, true },
	{ AUTH "auth-cache-key: k, " NGINX "auth-cache-duration: \"5m 200\"", "auth-cache-duration", false, false },
	{ AUTH "auth-cache-key: k, " NGINX "auth-cache-duration: \"200\"", "auth-cache-duration", false, false },
	/* NGINX counts these in seconds and would not start */
	{ AUTH "auth-cache-key: k, " NGINX "auth-cache-duration: \"200 500ms\"", "auth-cache-duration", false, true },
	{ AUTH "auth-cache-key: \"k;\"", "auth-cache-key", false, false },
	{ CORS "cors-allow-origin: \"https://a.example:8443, https://*.b.example,null\"", "cors-allow-origin", true,
	  true },
	{ CORS "cors-allow-origin: \"*\"", "cors-allow-origin", true, true },
	{ CORS "cors-allow-origin: \"tauri://localhost\"", "cors-allow-origin", true, true },
	{ CORS "cors-allow-origin: \"https://a.example/x\"", "cors-allow-origin", false, false },
	{ CORS "cors-allow-origin: \"a.example\"", "cors-allow-origin", false, false },
	{ NGINX "custom-headers: \"default/a b\"", "custom-headers", false, true }, /* they find no such ConfigMap */
	{ NGINX "service-upstream: \"True\"", "service-upstream", true, true },
	{ NGINX "service-upstream: \"yes\"", "service-upstream", false, false },
	{ NGINX "mirror-target: \"https://192.0.2.1:8443$request_uri\"", "mirror-target", true, true },
	{ NGINX "mirror-target: \"https://192.0.2.1/;x\"", "mirror-target", false, false },
};

START_TEST(world_value)
{
	struct sdi_buf in;
	struct world w = world_new("allow-loopback=true");
	bool said = false;
	sdi_buf_init(&in, 64 * 1024);
	sdi_buf_printf(&in, WEB("default", "web", "10.0.0.1") "%s%s%s\n",
	               "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n"
	               "metadata: {namespace: default, name: a, annotations: {",
	               texts[_i].pairs,
	               "}}\nspec: {" RULES(RULE("a.example", PATH("Prefix", "/", "web", "number: 80"))) "}");
	sdi_buf_char(&in, '\0');
	ck_assert(!in.failed);
	world_read(&w, in.p);
	ck_assert_int_eq(sdi_translate(w.store, w.settings, w.diags, &w.gateway), SDI_OK);
	for (size_t i = 0; i < sdi_diags_count(w.diags); i++)
		said |= sdi_str_ends(sdi_str_c(sdi_diag_field(sdi_diags_get(w.diags, i))), sdi_str_c(texts[_i].name));
	ck_assert_msg(said != texts[_i].ok, "%s", texts[_i].pairs);
	sdi_buf_release(&in);
	world_free(&w);
}
END_TEST

Suite *sdi_suite_values(void)
{
	Suite *s = suite_create("values");
	TCase *tc = tcase_create("values");
	tcase_add_loop_test(tc, value, 0, N(values));
	tcase_add_loop_test(tc, world_value, 0, N(texts));
	suite_add_tcase(s, tc);
	return s;
}
