/* SPDX-License-Identifier: BSD-3-Clause */
/* The migration report: from manifests to what is said of each annotation, and what the four writers make of it. */
#include "world.h"
#include "base/arena.h"
#include "report/report.h"
#include <jansson.h>
#include <stdlib.h>

#define NGINX "nginx.ingress.kubernetes.io/"
#define CLASSES \
	CLASS("nginx", "", "controller: k8s.io/ingress-nginx") CLASS("alb", "", "controller: ingress.k8s.aws/alb")
#define RULED(class, host) "ingressClassName: " class ", " RULES(RULE(host, PATH("Prefix", "/", "web", "number: 80")))

static const char input[] = CLASSES WEB("a", "web", "10.0.0.1") INGRESS("a", "plain", "", RULED("nginx", "plain.org"))
	INGRESS("a", "odd",
                NOTED("\"" NGINX "ssl-redirect\": \"maybe\", \"" NGINX "ssl-redirekt\": \"true\", "
                      "\"" NGINX "configuration-snippet\": \"<b>&'\\\"|x\\n\\ny\", \"cert-manager.io/issuer\": le, "
                      "\"haproxy.org/ssl-redirect\": \"true\""),
                RULED("nginx", "odd.org")) INGRESS("a", "closed", NOTED("\"" NGINX "enable-modsecurity\": \"true\""),
                                                   RULED("nginx", "closed.org"))
		INGRESS("b", "gone", "", RULED("nginx", "gone.org"))
			INGRESS("b", "other", NOTED("\"" NGINX "ssl-redirect\": \"true\""), RULED("alb", "other.org"));

static struct sdi_report *report_of(struct world *w, enum sdi_proxy proxy)
{
	struct sdi_report *report = NULL;
	ck_assert_int_eq(sdi_report_new(w->store, w->settings, w->diags, w->gateway, proxy, &report), SDI_OK);
	return report;
}

static const struct sdi_report_ingress *ingress_of(const struct sdi_report *report, const char *name)
{
	for (size_t i = 0; i < report->ingresses.n; i++)
		if (sdi_str_is(report->ingresses.p[i].name, name))
			return &report->ingresses.p[i];
	ck_abort_msg("%s", name);
}

START_TEST(verdicts)
{
	static const struct {
		const char *name;
		enum sdi_report_verdict verdict;
	} rows[] = { { "plain", SDI_REPORT_READY },
		     { "odd", SDI_REPORT_REVIEW },
		     { "closed", SDI_REPORT_BLOCKED },
		     { "gone", SDI_REPORT_BLOCKED },
		     { "other", SDI_REPORT_OTHERS } };
	struct world w = world_of("", input);
	struct sdi_report *report = report_of(&w, SDI_PROXY_HAPROXY);
	ck_assert_uint_eq(report->ingresses.n, N(rows));
	for (int i = 0; i < N(rows); i++)
		ck_assert_msg(ingress_of(report, rows[i].name)->verdict == rows[i].verdict, "%s", rows[i].name);
	ck_assert_uint_eq(report->readiness, 25); /* one of four; the other controller's does not count */
	ck_assert_uint_eq(report->hosts.n, 4);
	ck_assert(sdi_str_is(report->hosts.p[0].name, "closed.org"));
	ck_assert(sdi_str_has(report->hosts.p[0].why, SDI_STR("enable-modsecurity")));
	ck_assert(sdi_str_is(report->hosts.p[3].name, "plain.org"));
	sdi_report_free(report);
	world_free(&w);
}
END_TEST

START_TEST(statuses)
{
	static const struct {
		const char *key;
		enum sdi_report_status status;
		const char *reason;
	} rows[] = {
		{ NGINX "ssl-redirect", SDI_REPORT_INVALID, "\"maybe\" is not valid" },
		{ NGINX "ssl-redirekt", SDI_REPORT_INVALID, "Did you mean \"ssl-redirect\"?" },
		{ NGINX "configuration-snippet", SDI_REPORT_NONE, "snippets are off" },
		{ "cert-manager.io/issuer", SDI_REPORT_IGNORED, "not for the proxy" },
		{ "haproxy.org/ssl-redirect", SDI_REPORT_IGNORED, "another controller" },
	};
	struct world w = world_of("", input);
	struct sdi_report *report = report_of(&w, SDI_PROXY_NGINX);
	const struct sdi_report_ingress *odd = ingress_of(report, "odd");
	for (int i = 0; i < N(rows); i++) {
		const struct sdi_report_annotation *found = NULL;
		for (size_t k = 0; k < odd->annotations.n; k++)
			if (sdi_str_is(odd->annotations.p[k].key, rows[i].key))
				found = &odd->annotations.p[k];
		ck_assert_msg(found != NULL, "%s", rows[i].key);
		ck_assert_msg(found->status == rows[i].status, "%s", rows[i].key);
		ck_assert_msg(sdi_str_has(found->reason, sdi_str_c(rows[i].reason)), "%s: %s", rows[i].key,
		              found->reason.p);
	}
	/* the value is fine, but nobody said that NGINX has its module */
	ck_assert_int_eq(ingress_of(report, "closed")->annotations.p[0].status, SDI_REPORT_NONE);
	sdi_report_free(report);
	world_free(&w);
}
END_TEST

/* The lines of a configuration that an annotation brings are those that vanish without it. */
START_TEST(directives)
{
	static const char yaml[] = CLASSES WEB("a", "web", "10.0.0.1")
		INGRESS("a", "to-tls", NOTED("\"" NGINX "force-ssl-redirect\": \"true\""), RULED("nginx", "a.org"));
	enum sdi_proxy proxy = _i ? SDI_PROXY_NGINX : SDI_PROXY_HAPROXY;
	struct world w = world_of("", yaml);
	struct sdi_report *report = report_of(&w, proxy);
	const struct sdi_report_annotation *annotation = &report->ingresses.p[0].annotations.p[0];
	bool found = false;
	for (size_t i = 0; i < annotation->n_directives; i++)
		found |= sdi_str_has(annotation->directives[i],
		                     _i ? SDI_STR("return 308 https://") : SDI_STR("redirect code 308"));
	ck_assert(found);
	sdi_report_free(report);
	world_free(&w);
}
END_TEST

static char *written(const struct sdi_report *report, const char *format);

/* The controller's ConfigMap is told key by key, and once. */
START_TEST(config_keys)
{
	static const char yaml[] = CLASSES WEB("a", "web", "10.0.0.1")
		INGRESS("a", "off", NOTED("\"" NGINX "enable-modsecurity\": \"false\""),
	                RULED("nginx", "a.org")) "---\n{apiVersion: v1, kind: ConfigMap, metadata: {namespace: ops, "
	                                         "name: nginx}, data: {enable-modsecurity: "
						 "\"false\", error-log-level: warn, hsts-max-age: often, "
	                                         "jaeger-service-name: x, use-gzip: \"true\", "
						 "use-gzipp: \"true\", use-http2: \"false\"}}\n";
	static const struct {
		enum sdi_report_status status;
		const char *reason;
	} rows[] = { { SDI_REPORT_EXACT, "" },
		     { SDI_REPORT_NONE, "one log" },
		     { SDI_REPORT_INVALID, "\"often\" is not valid" },
		     { SDI_REPORT_IGNORED, "does not read it" },
		     { SDI_REPORT_PARTIAL, "" },
		     { SDI_REPORT_INVALID, "Did you mean \"use-gzip\"?" },
		     { SDI_REPORT_EXACT, "" } };
	static const char *const formats[] = { "text", "json", "markdown", "html" };
	struct world w = world_of("configmap=ops/nginx", yaml);
	struct sdi_bundle *bundle = NULL;
	ck_assert_int_eq(sdi_emit(w.gateway, w.settings, SDI_PROXY_HAPROXY, w.diags, &bundle), SDI_OK);
	sdi_bundle_free(bundle);
	struct sdi_report *report = report_of(&w, SDI_PROXY_HAPROXY);
	const struct sdi_report_config *config = &report->config;
	ck_assert(sdi_str_is(config->ns, "ops") && sdi_str_is(config->name, "nginx"));
	ck_assert_uint_eq(config->keys.n, N(rows));
	for (int i = 0; i < N(rows); i++) {
		const struct sdi_report_annotation *key = &config->keys.p[i];
		ck_assert_msg(key->status == rows[i].status, "%s: %d", key->key.p, key->status);
		ck_assert_msg(sdi_str_has(key->reason, sdi_str_c(rows[i].reason)), "%s: %s", key->key.p, key->reason.p);
	}
	ck_assert_uint_eq(config->statuses[SDI_REPORT_INVALID], 2);
	for (size_t i = 0; i < report->others.n; i++)
		ck_assert_msg(!sdi_str_is(report->others.p[i].kind, "ConfigMap"), "%s", report->others.p[i].text.p);
	ck_assert_int_eq(report->ingresses.p[0].annotations.p[0].status, SDI_REPORT_EXACT);
	for (int i = 0; i < N(formats); i++) {
		char *text = written(report, formats[i]);
		ck_assert_msg(strstr(text, "jaeger-service-name") != NULL, "%s", formats[i]);
		free(text);
	}
	sdi_report_free(report);
	world_free(&w);
}
END_TEST

static char *written(const struct sdi_report *report, const char *format)
{
	char *text = NULL;
	size_t n = 0;
	ck_assert_int_eq(sdi_report_write(report, format, &text, &n), SDI_OK);
	ck_assert_uint_eq(strlen(text), n);
	return text;
}

START_TEST(json)
{
	struct world w = world_of("", input);
	struct sdi_report *report = report_of(&w, SDI_PROXY_HAPROXY);
	char *text = written(report, "json");
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(root);
	ck_assert_str_eq(json_string_value(json_object_get(root, "schema")), "sdingress-report/1");
	ck_assert_int_eq(json_integer_value(json_object_get(root, "readiness")), 25);
	ck_assert_uint_eq(json_array_size(json_object_get(root, "ingresses")), 5);
	ck_assert_uint_eq(json_array_size(json_object_get(root, "hosts")), 4);
	json_t *odd = json_array_get(json_object_get(root, "ingresses"), 2),
	       *notes = json_object_get(odd, "annotations");
	ck_assert_str_eq(json_string_value(json_object_get(odd, "name")), "odd");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(notes, 2), "value")), "<b>&'\"|x\n\ny");
	json_decref(root);
	free(text);
	sdi_report_free(report);
	world_free(&w);
}
END_TEST

START_TEST(hostile)
{
	struct world w = world_of("", input);
	struct sdi_report *report = report_of(&w, SDI_PROXY_HAPROXY);
	char *html = written(report, "html"), *markdown = written(report, "markdown"), *plain = written(report, "text");
	ck_assert_ptr_null(strstr(html, "<b>&'"));
	ck_assert_ptr_nonnull(strstr(html, "&lt;b&gt;&amp;&#39;&quot;|x"));
	ck_assert_ptr_null(strstr(html, "http://"));
	ck_assert_ptr_null(strstr(html, "src="));
	ck_assert_ptr_nonnull(strstr(markdown, "&lt;b>&amp;'\"\\|x<br>"));
	ck_assert_ptr_nonnull(strstr(plain, "review: a/odd"));
	free(html);
	free(markdown);
	free(plain);
	char *none = NULL;
	size_t n;
	ck_assert_int_eq(sdi_report_write(report, "pdf", &none, &n), SDI_EINVAL);
	ck_assert_ptr_null(none);
	sdi_report_free(report);
	world_free(&w);
}
END_TEST

START_TEST(out_of_memory)
{
	struct world w = world_of("", input);
	enum sdi_status status = SDI_ENOMEM;
	int n;
	for (n = 1; status != SDI_OK; n++) {
		struct sdi_report *report = NULL;
		ck_assert_int_lt(n, 5000);
		sdi_arena_fail_at = n;
		status = sdi_report_new(w.store, w.settings, w.diags, w.gateway, SDI_PROXY_NGINX, &report);
		sdi_arena_fail_at = 0;
		ck_assert(status == SDI_OK || (status == SDI_ENOMEM && !report));
		sdi_report_free(report);
	}
	ck_assert_int_gt(n, 20);
	world_free(&w);
}
END_TEST

START_TEST(misuse)
{
	struct world w = world_of("", input);
	struct sdi_report *report = NULL;
	ck_assert_int_eq(sdi_report_new(NULL, w.settings, w.diags, w.gateway, SDI_PROXY_NGINX, &report), SDI_EINVAL);
	ck_assert_int_eq(sdi_report_new(w.store, w.settings, NULL, w.gateway, SDI_PROXY_NGINX, &report), SDI_EINVAL);
	ck_assert_int_eq(sdi_report_new(w.store, w.settings, w.diags, w.gateway, SDI_PROXY_NGINX, NULL), SDI_EINVAL);
	sdi_report_free(NULL);
	world_free(&w);
}
END_TEST

/* One value of an annotation may be another field's than the rest. */
START_TEST(special_value)
{
	static const char text[] = CLASSES WEB("a", "web", "10.0.0.1")
		INGRESS("a", "basic", NOTED("\"" NGINX "auth-type\": basic"), RULED("nginx", "basic.org"))
		INGRESS("a", "digest", NOTED("\"" NGINX "auth-type\": \" digest \""), RULED("nginx", "digest.org"));
	static const enum sdi_report_status want[][2] = {
		[SDI_PROXY_HAPROXY] = { SDI_REPORT_PARTIAL, SDI_REPORT_PARTIAL },
		[SDI_PROXY_NGINX] = { SDI_REPORT_EXACT, SDI_REPORT_NONE },
	};
	struct world w = world_of("", text);
	struct sdi_diags *none = sdi_diags_new();
	struct sdi_report *report = NULL;
	ck_assert_int_eq(sdi_report_new(w.store, w.settings, none, w.gateway, (enum sdi_proxy)_i, &report), SDI_OK);
	const struct sdi_report_annotation *basic = &ingress_of(report, "basic")->annotations.p[0];
	const struct sdi_report_annotation *digest = &ingress_of(report, "digest")->annotations.p[0];
	ck_assert_int_eq(basic->status, want[_i][0]);
	ck_assert_int_eq(digest->status, want[_i][1]);
	ck_assert(!sdi_str_eq(basic->reason, digest->reason) && sdi_str_has(digest->reason, SDI_STR("answers 503")));
	sdi_report_free(report);
	sdi_diags_free(none);
	world_free(&w);
}
END_TEST

Suite *sdi_suite_report(void)
{
	Suite *s = suite_create("report");
	TCase *tc = tcase_create("report");
	tcase_add_test(tc, verdicts);
	tcase_add_test(tc, statuses);
	tcase_add_loop_test(tc, directives, 0, 2);
	tcase_add_loop_test(tc, special_value, 0, 2);
	tcase_add_test(tc, config_keys);
	tcase_add_test(tc, json);
	tcase_add_test(tc, hostile);
	tcase_add_test(tc, out_of_memory);
	tcase_add_test(tc, misuse);
	suite_add_tcase(s, tc);
	return s;
}
