/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "dialect/configmap.h"
#include "dialect/registry.h"
#include "dialect/values.h"
#include <sdingress/registry.h>

/* As many as the controllers know on an Ingress or Service. */
static const struct {
	const char *name;
	size_t n_rows, n_guards, n_realised;
	unsigned code, port;
} dialects[SDI_DIALECT__COUNT] = {
	[SDI_DIALECT_INGRESS_NGINX] = { "ingress-nginx", 138, 20, 138, 308, 0 },
	[SDI_DIALECT_HAPROXYTECH] = { "haproxytech", 56, 9, 5, 302, 443 },
	[SDI_DIALECT_HAPROXY_INGRESS] = { "haproxy-ingress", 165, 14, 3, 302, 0 },
	[SDI_DIALECT_NGINX_ORG] = { "nginx.org", 78, 6, 2, 301, 0 },
};

static const struct sdi_dialect *dialect_of(int id)
{
	return sdi_dialect_get((enum sdi_dialect_id)id);
}

START_TEST(dialect)
{
	const struct sdi_dialect *d = dialect_of(_i);
	size_t guards = 0, realised = 0;
	for (size_t i = 0; i < d->n_rows; i++) {
		guards += (d->rows[i].flags & SDI_ROW_GUARD) != 0;
		realised += d->rows[i].parse != NULL;
	}
	ck_assert_str_eq(d->name, dialects[_i].name);
	ck_assert_uint_eq(d->n_rows, dialects[_i].n_rows);
	ck_assert_uint_eq(guards, dialects[_i].n_guards);
	ck_assert_uint_eq(realised, dialects[_i].n_realised);
	ck_assert_uint_eq(d->redirect_code, dialects[_i].code);
	ck_assert_uint_eq(d->redirect_port, dialects[_i].port);
}
END_TEST

static bool has_prefix(const struct sdi_dialect *d, const struct sdi_annotation *row)
{
	for (const char *const *p = d->prefixes; *p; p++)
		if (sdi_str_starts(sdi_str_c(row->key), sdi_str_c(*p)) && strcmp(row->key + strlen(*p), row->name) == 0)
			return true;
	return false;
}

/* Numbers as in the controller's documents and code. */
START_TEST(config_keys)
{
	const struct sdi_config_key *key;
	size_t n = 0, defaults = 0;
	const char *last = "";
	for (; (key = sdi_config_key_get(n)); n++) {
		const struct sdi_annotation *row = sdi_config_key_row(key);
		bool idle = row->flags & (SDI_ROW_PENDING | SDI_ROW_IGNORED);
		size_t bytes = row->doc ? strlen(row->doc) : 0;
		ck_assert_msg(strcmp(last, key->row.name) < 0, "%s", key->row.name);
		last = key->row.name;
		ck_assert_str_eq(row->name, last);
		ck_assert_msg(row->value && *row->value && row->dflt, "%s", last);
		ck_assert_msg(bytes > 10 && bytes < 100 && row->doc[bytes - 1] == '.', "%s: %s", last, row->doc);
		ck_assert_msg(idle == !row->parse, "%s", last);
		ck_assert_msg(!idle || (row->lossy[0] && row->lossy[1]), "%s says nothing of why", last);
		ck_assert_msg(idle || (row->field >= 0 && row->field < SDI_FIELD__COUNT + SDI_KNOB__COUNT), "%s", last);
		ck_assert_ptr_eq(sdi_config_key_find(sdi_str_c(last)), key);
		defaults += key->is_default;
	}
	ck_assert_uint_eq(n, sdi_config_keys());
	ck_assert_uint_eq(n, 208);
	ck_assert_uint_eq(defaults, 33);
	ck_assert_ptr_null(sdi_config_key_find(SDI_STR("use-gzipp")));
}
END_TEST

START_TEST(rows_sorted)
{
	const struct sdi_dialect *d = dialect_of(_i);
	for (size_t i = 1; i < d->n_rows; i++)
		ck_assert_msg(strcmp(d->rows[i - 1].name, d->rows[i].name) < 0, "%s", d->rows[i].name);
}
END_TEST

START_TEST(rows_whole)
{
	const struct sdi_dialect *d = dialect_of(_i);
	for (size_t i = 0; i < d->n_rows; i++) {
		const struct sdi_annotation *row = &d->rows[i];
		bool idle = row->flags & (SDI_ROW_PENDING | SDI_ROW_IGNORED);
		size_t n = row->doc ? strlen(row->doc) : 0;
		ck_assert_msg(has_prefix(d, row), "%s", row->key);
		ck_assert_msg(row->value && *row->value && row->dflt, "%s", row->name);
		ck_assert_msg(n > 10 && n < 100 && row->doc[n - 1] == '.', "%s", row->name);
		ck_assert_msg(idle == !row->parse, "%s", row->name);
		ck_assert_msg(row->field >= -1 && row->field < SDI_FIELD__COUNT, "%s", row->name);
		ck_assert_msg(row->field >= 0 || !row->parse || (row->lossy[0] && row->lossy[1]), "%s", row->name);
		ck_assert_msg(!(row->flags & SDI_ROW_ENABLES) || row->flags & SDI_ROW_GUARD, "%s", row->name);
		ck_assert_msg(!(row->flags & SDI_ROW_GUARD) || !(row->flags & SDI_ROW_IGNORED), "%s", row->name);
	}
}
END_TEST

static const struct {
	const char *key;
	bool known; /* the prefix */
	int dialect;
	const char *name; /* NULL: no such row */
	unsigned flags;
} keys[] = {
#define NGINX "nginx.ingress.kubernetes.io/"
#define HAPROXY "haproxy-ingress.github.io/"
#define SHARED "ingress.kubernetes.io/"
	{ NGINX "ssl-redirect", true, SDI_DIALECT_INGRESS_NGINX, "ssl-redirect", 0 },
	{ NGINX "affinity", true, SDI_DIALECT_INGRESS_NGINX, "affinity", 0 },
	{ NGINX "modsecurity-transaction-id", true, SDI_DIALECT_INGRESS_NGINX, "modsecurity-transaction-id", 0 },
	{ NGINX "x-forwarded-prefix", true, SDI_DIALECT_INGRESS_NGINX, "x-forwarded-prefix", 0 },
	{ NGINX "auth-url", true, SDI_DIALECT_INGRESS_NGINX, "auth-url", SDI_ROW_GUARD },
	{ NGINX "auth-realm", true, SDI_DIALECT_INGRESS_NGINX, "auth-realm", 0 },
	{ NGINX "limit-rps", true, SDI_DIALECT_INGRESS_NGINX, "limit-rps", SDI_ROW_GUARD | SDI_ROW_ENABLES },
	{ NGINX "whitelist-source-range", true, SDI_DIALECT_INGRESS_NGINX, "whitelist-source-range", SDI_ROW_GUARD },
	{ NGINX "server-snippet", true, SDI_DIALECT_INGRESS_NGINX, "server-snippet", SDI_ROW_SNIPPET },
	{ NGINX "Ssl-redirect", true, SDI_DIALECT_INGRESS_NGINX, NULL, 0 },
	{ NGINX, true, SDI_DIALECT_INGRESS_NGINX, NULL, 0 },
	{ NGINX "ssl-redirect/", true, SDI_DIALECT_INGRESS_NGINX, NULL, 0 },
	{ NGINX "zzz", true, SDI_DIALECT_INGRESS_NGINX, NULL, 0 },
	{ "haproxy.org/ssl-redirect", true, SDI_DIALECT_HAPROXYTECH, "ssl-redirect", 0 },
	{ "haproxy.com/allow-list", true, SDI_DIALECT_HAPROXYTECH, "allow-list", SDI_ROW_GUARD },
	{ "haproxy.org/scale-server-slots", true, SDI_DIALECT_HAPROXYTECH, "scale-server-slots", SDI_ROW_IGNORED },
	{ "haproxy.org/timeout-client", true, SDI_DIALECT_HAPROXYTECH, NULL, 0 }, /* of the ConfigMap */
	{ HAPROXY "oauth", true, SDI_DIALECT_HAPROXY_INGRESS, "oauth", SDI_ROW_PENDING | SDI_ROW_GUARD },
	{ HAPROXY "http-response-503", true, SDI_DIALECT_HAPROXY_INGRESS, "http-response-503", SDI_ROW_PENDING },
	{ "nginx.org/ssl-redirect", true, SDI_DIALECT_NGINX_ORG, "ssl-redirect", 0 },
	{ "nginx.com/jwt-key", true, SDI_DIALECT_NGINX_ORG, "jwt-key", SDI_ROW_PENDING | SDI_ROW_GUARD },
	{ "nginx.com/policies", true, SDI_DIALECT_NGINX_ORG, "policies", SDI_ROW_PENDING | SDI_ROW_GUARD },
	{ "appprotect.f5.com/app-protect-enable", true, SDI_DIALECT_NGINX_ORG, "app-protect-enable",
	  SDI_ROW_PENDING | SDI_ROW_GUARD | SDI_ROW_ENABLES },
	{ SHARED "ssl-redirect", true, SDI_DIALECT_HAPROXYTECH, "ssl-redirect", 0 },
	{ SHARED "whitelist-source-range", true, SDI_DIALECT_HAPROXY_INGRESS, "whitelist-source-range", SDI_ROW_GUARD },
	{ SHARED "unknown", true, SDI_DIALECT_HAPROXYTECH, NULL, 0 },
	{ "cert-manager.io/cluster-issuer", false, 0, NULL, 0 },
	{ "kubernetes.io/ingress.class", false, 0, NULL, 0 },
	{ "ssl-redirect", false, 0, NULL, 0 },
	{ "", false, 0, NULL, 0 },
};

START_TEST(find)
{
	enum sdi_dialect_id id = SDI_DIALECT__COUNT;
	const struct sdi_annotation *row = NULL;
	ck_assert_msg(sdi_annotation_find(sdi_str_c(keys[_i].key), &id, &row) == keys[_i].known, "%s", keys[_i].key);
	ck_assert_int_eq((int)id, keys[_i].known ? keys[_i].dialect : SDI_DIALECT__COUNT);
	ck_assert_msg(!row == !keys[_i].name, "%s", keys[_i].key);
	if (row) {
		ck_assert_str_eq(row->name, keys[_i].name);
		ck_assert_uint_eq(row->flags, keys[_i].flags);
	}
}
END_TEST

START_TEST(reads_shared_prefix)
{
	const struct sdi_annotation *row = NULL;
	struct sdi_str key = SDI_STR(SHARED "auth-secret");
	ck_assert(sdi_dialect_reads(SDI_DIALECT_HAPROXY_INGRESS, key, &row));
	ck_assert_str_eq(row->key, HAPROXY "auth-secret");
	ck_assert(sdi_dialect_reads(SDI_DIALECT_HAPROXYTECH, key, &row));
	ck_assert_str_eq(row->key, "haproxy.org/auth-secret");
	ck_assert(!sdi_dialect_reads(SDI_DIALECT_INGRESS_NGINX, key, &row));
}
END_TEST

static const struct {
	const char *name;
	int dialect;
} controllers[] = {
	{ "k8s.io/ingress-nginx", SDI_DIALECT_INGRESS_NGINX },
	{ "k8s.io/external", SDI_DIALECT_INGRESS_NGINX },
	{ "k8s.io/internal", SDI_DIALECT_INGRESS_NGINX },
	{ "k8s.io/", -1 },
	{ "k8s.io/ingress-nginx/", -1 },
	{ "haproxy.org/ingress-controller", SDI_DIALECT_HAPROXYTECH },
	{ "haproxy.org/ingress-controller/haproxy", SDI_DIALECT_HAPROXYTECH },
	{ "haproxy.org/ingress-controller/", -1 },
	{ "haproxy.org/ingress-controllers", -1 },
	{ "haproxy-ingress.github.io/controller", SDI_DIALECT_HAPROXY_INGRESS },
	{ "haproxy-ingress.github.io/controller/two", SDI_DIALECT_HAPROXY_INGRESS },
	{ "nginx.org/ingress-controller", SDI_DIALECT_NGINX_ORG },
	{ "traefik.io/ingress-controller", -1 },
	{ "", -1 },
};

START_TEST(controller)
{
	ck_assert_int_eq(sdi_dialect_of_controller(sdi_str_c(controllers[_i].name)), controllers[_i].dialect);
}
END_TEST

static const struct {
	const char *in;
	int go, haproxytech; /* -1: not valid */
} bools[] = {
	{ "true", 1, 1 },      { "TRUE", 1, 1 },     { "True", 1, 1 },     { "t", 1, 1 },     { "T", 1, 1 },
	{ "1", 1, 1 },         { "false", 0, 0 },    { "FALSE", 0, 0 },    { "False", 0, 0 }, { "f", 0, 0 },
	{ "F", 0, 0 },         { "0", 0, 0 },        { "enabled", -1, 1 }, { "on", -1, 1 },   { "On", -1, 1 },
	{ "disabled", -1, 0 }, { "OFF", -1, 0 },     { "tRue", -1, -1 },   { "yes", -1, -1 }, { "no", -1, -1 },
	{ "", -1, -1 },        { " true", -1, -1 },  { "true ", -1, -1 },  { "2", -1, -1 },   { "01", -1, -1 },
	{ "truex", -1, -1 },   { "true\n", -1, -1 },
};

START_TEST(value_bool)
{
	bool got = false;
	ck_assert_msg(sdi_value_bool(sdi_str_c(bools[_i].in), &got) == (bools[_i].go >= 0), "%s", bools[_i].in);
	ck_assert_int_eq(got, bools[_i].go > 0);
	got = false;
	ck_assert_msg(sdi_value_bool_haproxytech(sdi_str_c(bools[_i].in), &got) == (bools[_i].haproxytech >= 0), "%s",
	              bools[_i].in);
	ck_assert_int_eq(got, bools[_i].haproxytech > 0);
}
END_TEST

static const struct {
	const char *in;
	bool ok;
	unsigned want;
} uints[] = {
	{ "1", true, 1 },
	{ "010", true, 10 },
	{ "300", true, 300 },
	{ "0", false, 0 },
	{ "301", false, 0 },
	{ "", false, 0 },
	{ "+1", false, 0 },
	{ "-1", false, 0 },
	{ "1 ", false, 0 },
	{ "1.0", false, 0 },
	{ "x", false, 0 },
	{ "4294967297", false, 0 },
	{ "99999999999999999999", false, 0 },
};

START_TEST(value_uint)
{
	unsigned got = 7;
	ck_assert_msg(sdi_value_uint(sdi_str_c(uints[_i].in), 1, 300, &got) == uints[_i].ok, "%s", uints[_i].in);
	ck_assert_uint_eq(got, uints[_i].ok ? uints[_i].want : 7);
}
END_TEST

/* A key and its value, and what is read from it. */
static const struct {
	const char *key, *value;
	bool ok;
	enum sdi_wish_id id; /* SDI_WISH_NONE: not looked at */
	int64_t number;
} values[] = {
	{ NGINX "ssl-redirect", "true", true, SDI_WISH_SSL_REDIRECT, 1 },
	{ NGINX "ssl-redirect", "F", true, SDI_WISH_SSL_REDIRECT, 0 },
	{ NGINX "ssl-redirect", "on", false, SDI_WISH_NONE, 0 },
	{ NGINX "force-ssl-redirect", "1", true, SDI_WISH_FORCE_SSL_REDIRECT, 1 },
	{ NGINX "force-ssl-redirect", "yes", false, SDI_WISH_NONE, 0 },
	{ "haproxy.org/ssl-redirect", "disabled", true, SDI_WISH_SSL_REDIRECT, 0 },
	{ "haproxy.org/ssl-redirect", "Enabled", true, SDI_WISH_SSL_REDIRECT, 1 },
	{ "haproxy.org/ssl-redirect", "maybe", false, SDI_WISH_NONE, 0 },
	{ "haproxy.org/ssl-redirect-code", "307", true, SDI_WISH_REDIRECT_CODE, 307 },
	{ "haproxy.org/ssl-redirect-code", "303", true, SDI_WISH_REDIRECT_CODE, 303 },
	{ "haproxy.org/ssl-redirect-code", "304", false, SDI_WISH_NONE, 0 },
	{ "haproxy.org/ssl-redirect-code", "300", false, SDI_WISH_NONE, 0 },
	{ "haproxy.org/ssl-redirect-code", "309", false, SDI_WISH_NONE, 0 },
	{ "haproxy.org/ssl-redirect-code", "", false, SDI_WISH_NONE, 0 },
	{ "haproxy.org/ssl-redirect-port", "8443", true, SDI_WISH_REDIRECT_PORT, 8443 },
	{ "haproxy.org/ssl-redirect-port", "0", false, SDI_WISH_NONE, 0 },
	{ "haproxy.org/ssl-redirect-port", "65536", false, SDI_WISH_NONE, 0 },
	{ NGINX "use-regex", "T", true, SDI_WISH_USE_REGEX, 1 },
	{ NGINX "use-regex", "yes", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/", true, SDI_WISH_REWRITE_TARGET, 0 },
	{ NGINX "rewrite-target", "/a-b_c.d~e:f/$1/$90", true, SDI_WISH_REWRITE_TARGET, 0 },
	{ NGINX "rewrite-target", "$2", true, SDI_WISH_REWRITE_TARGET, 0 },
	{ NGINX "rewrite-target", "", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/$", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/$0", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/$host", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/${1}", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/a b", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/a\nb", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/a;b", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/a\\1", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "/a?b", false, SDI_WISH_NONE, 0 },
	{ NGINX "rewrite-target", "https://a.example/", false, SDI_WISH_NONE, 0 },
	{ NGINX "x-forwarded-prefix", "/p/$1", true, SDI_WISH_X_FORWARDED_PREFIX, 0 },
	{ NGINX "x-forwarded-prefix", "/p\"", false, SDI_WISH_NONE, 0 },
	{ NGINX "server-alias", "a.example, ~^b\\d{1}$", true, SDI_WISH_SERVER_ALIAS, 0 },
	{ NGINX "server-alias", "a.example; b", false, SDI_WISH_NONE, 0 },
	{ NGINX "server-alias", "~a\"b", false, SDI_WISH_NONE, 0 },
	{ HAPROXY "ssl-redirect", "false", true, SDI_WISH_SSL_REDIRECT, 0 },
	{ "nginx.org/ssl-redirect", "True", true, SDI_WISH_SSL_REDIRECT, 1 },
	{ "nginx.org/http-redirect-code", "308", true, SDI_WISH_REDIRECT_CODE, 308 },
	{ "nginx.org/http-redirect-code", "303", false, SDI_WISH_NONE, 0 },
	{ NGINX "whitelist-source-range", "0.0.0.0/0,::/0", true, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", " ::/0 , 0.0.0.0/0\n", true, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "0.0.0.0/0", true, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "::/0", true, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "0.0.0.0/0,::/0,10.0.0.0/8", true, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "0.0.0.0/0,::/0,", false, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "10.0.0.0/8", true, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "", false, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "2001:db8::/129", false, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "010.0.0.1", false, SDI_WISH_NONE, 0 },
	{ NGINX "allowlist-source-range", "1.2.3.4\n;", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-body-size", "8m", true, SDI_WISH_PROXY_BODY_SIZE, 8 << 20 },
	{ NGINX "proxy-body-size", "2K", true, SDI_WISH_PROXY_BODY_SIZE, 2048 },
	{ NGINX "proxy-body-size", "0", true, SDI_WISH_PROXY_BODY_SIZE, 0 },
	{ NGINX "proxy-body-size", "10m;", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-body-size", "99999999999999g", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-body-size", "5m5", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-body-size", "1e9", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-body-size", "0x10", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-read-timeout", "30", true, SDI_WISH_PROXY_READ_TIMEOUT, 30 },
	{ NGINX "proxy-read-timeout", "30s", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-read-timeout", "-1", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-next-upstream", "error  http_502 non_idempotent", true, SDI_WISH_PROXY_NEXT_UPSTREAM,
	  1 | 16 | 1024 },
	{ NGINX "proxy-next-upstream", "off", true, SDI_WISH_PROXY_NEXT_UPSTREAM, 0 },
	{ NGINX "proxy-next-upstream", "error; evil", false, SDI_WISH_NONE, 0 },
	{ NGINX "backend-protocol", "grpcs", true, SDI_WISH_BACKEND_PROTOCOL, 3 },
	{ NGINX "backend-protocol", "SPDY", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-cookie-path", "/a /b", true, SDI_WISH_PROXY_COOKIE_PATH, 0 },
	{ NGINX "proxy-cookie-path", "/a", false, SDI_WISH_NONE, 0 },
	{ NGINX "proxy-cookie-path", "/a /b;", false, SDI_WISH_NONE, 0 },
	{ NGINX "permanent-redirect", "https://x.org/?a=b", true, SDI_WISH_PERMANENT_REDIRECT, 0 },
	{ NGINX "permanent-redirect", "/path", true, SDI_WISH_PERMANENT_REDIRECT, 0 },
	{ NGINX "permanent-redirect", "//x.org", false, SDI_WISH_NONE, 0 },
	{ NGINX "permanent-redirect", "https://x.org/$uri", false, SDI_WISH_NONE, 0 },
	{ NGINX "permanent-redirect", "https://x.org/\r\nX: y", false, SDI_WISH_NONE, 0 },
	{ NGINX "temporal-redirect", "/path", false, SDI_WISH_NONE, 0 },
	{ NGINX "permanent-redirect-code", "308", true, SDI_WISH_PERMANENT_REDIRECT_CODE, 308 },
	{ NGINX "temporal-redirect-code", "308", false, SDI_WISH_NONE, 0 },
	{ NGINX "app-root", "/app", true, SDI_WISH_APP_ROOT, 0 },
	{ NGINX "app-root", "https://x.org/", false, SDI_WISH_NONE, 0 },
	{ NGINX "satisfy", "any", true, SDI_WISH_SATISFY, 1 },
	{ NGINX "cors-allow-methods", "GET, PUT", true, SDI_WISH_CORS_ALLOW_METHODS, 0 },
	{ NGINX "cors-allow-methods", "GET\"", false, SDI_WISH_NONE, 0 },
	{ NGINX "limit-rps", "10", true, SDI_WISH_LIMIT_RPS, 10 },
	{ NGINX "limit-rps", "10r/s", false, SDI_WISH_NONE, 0 },
	{ NGINX "auth-realm", "a\"b", false, SDI_WISH_NONE, 0 },
	{ HAPROXY "allowlist-source-range", "!0.0.0.0/0,::/0", false, SDI_WISH_NONE, 0 },
	{ HAPROXY "whitelist-source-range", "0.0.0.0/0,::/0", true, SDI_WISH_NONE, 0 },
	{ "haproxy.org/allow-list", "patterns/office", false, SDI_WISH_NONE, 0 },
	{ "haproxy.org/whitelist", "0.0.0.0/0,::/0", true, SDI_WISH_NONE, 0 },
};

START_TEST(parse)
{
	enum sdi_dialect_id id;
	const struct sdi_annotation *row = NULL;
	struct sdi_arena arena = { 0 };
	struct sdi_value value = { .number = 0 };
	const char *why = NULL;
	ck_assert(sdi_annotation_find(sdi_str_c(values[_i].key), &id, &row));
	ck_assert_ptr_nonnull(row->parse);
	ck_assert_msg(row->parse(row, sdi_str_trim(sdi_str_c(values[_i].value)), &arena, &value, &why) == values[_i].ok,
	              "%s: %s", values[_i].key, values[_i].value);
	ck_assert_int_eq(value.number, values[_i].number);
	ck_assert(values[_i].id == SDI_WISH_NONE || row->id == values[_i].id);
	ck_assert(values[_i].ok || (why && *why));
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(registry_sorted)
{
	struct sdi_annotation_info last = { .dialect = "", .key = "" }, info;
	size_t n = 0, want = 0;
	for (int id = 0; id < SDI_DIALECT__COUNT; id++)
		want += dialect_of(id)->n_rows;
	want += sdi_config_keys();
	for (; sdi_registry_get(n, &info) == SDI_OK; n++) {
		int order = strcmp(last.dialect, info.dialect);
		ck_assert_msg(order < 0 || (order == 0 && strcmp(last.key, info.key) < 0), "%s", info.key);
		last = info;
	}
	ck_assert_uint_eq(n, want);
	ck_assert_int_eq(sdi_registry_get(SIZE_MAX, &info), SDI_EINVAL);
	ck_assert_int_eq(sdi_registry_get(0, NULL), SDI_EINVAL);
}
END_TEST

START_TEST(registry_declared)
{
	struct sdi_annotation_info info;
	for (size_t i = 0; sdi_registry_get(i, &info) == SDI_OK; i++) {
		for (int p = 0; p < N(info.fidelity); p++) {
			ck_assert_msg(info.fidelity[p] != SDI_FIDELITY_UNDECLARED, "%s", info.key);
			ck_assert_msg((info.fidelity[p] == SDI_FIDELITY_EXACT) == (*info.reason[p] == '\0'), "%s",
			              info.key);
		}
		ck_assert_msg(!info.guard || info.fidelity[0] != SDI_FIDELITY_NONE || strstr(info.reason[0], "503"),
		              "%s", info.key);
	}
}
END_TEST

START_TEST(fidelity_text)
{
	ck_assert_str_eq(sdi_fidelity_text(SDI_FIDELITY_NONE), "none");
	ck_assert_str_eq(sdi_fidelity_text(SDI_FIDELITY_PARTIAL), "partial");
	ck_assert_str_eq(sdi_fidelity_text(SDI_FIDELITY_EXACT), "exact");
	ck_assert_str_eq(sdi_fidelity_text(SDI_FIDELITY_IGNORED), "ignored");
}
END_TEST

Suite *sdi_suite_registry(void)
{
	Suite *s = suite_create("registry");
	TCase *tc = tcase_create("registry");
	tcase_add_loop_test(tc, dialect, 0, SDI_DIALECT__COUNT);
	tcase_add_test(tc, config_keys);
	tcase_add_loop_test(tc, rows_sorted, 0, SDI_DIALECT__COUNT);
	tcase_add_loop_test(tc, rows_whole, 0, SDI_DIALECT__COUNT);
	tcase_add_loop_test(tc, find, 0, N(keys));
	tcase_add_test(tc, reads_shared_prefix);
	tcase_add_loop_test(tc, controller, 0, N(controllers));
	tcase_add_loop_test(tc, value_bool, 0, N(bools));
	tcase_add_loop_test(tc, value_uint, 0, N(uints));
	tcase_add_loop_test(tc, parse, 0, N(values));
	tcase_add_test(tc, registry_sorted);
	tcase_add_test(tc, registry_declared);
	tcase_add_test(tc, fidelity_text);
	suite_add_tcase(s, tc);
	return s;
}
