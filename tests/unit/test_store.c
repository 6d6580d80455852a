/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "base/buf.h"
#include "store.h"

static struct sdi_store *store;
static struct sdi_diags *diags;

static void set_up(void)
{
	store = sdi_store_new();
	diags = sdi_diags_new();
}

static void tear_down(void)
{
	sdi_store_free(store);
	sdi_diags_free(diags);
}

static enum sdi_status read_text(const char *text, const char *file)
{
	return sdi_store_read(store, text, strlen(text), file, diags);
}

/* All names of a kind, in the store's order: "a/x a/w b/x". */
static const char *names(enum sdi_kind kind)
{
	static char out[1000];
	size_t n = 0, i = 0;
	const struct sdi_object *object;
	out[0] = '\0';
	for (; (object = sdi_store_get(store, kind, i)); i++) {
		ck_assert_ptr_eq(sdi_store_find(store, kind, object->ns, object->name), object);
		ck_assert_int_eq(object->kind, kind);
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s/%s", i ? " " : "", object->ns.p, object->name.p);
	}
	ck_assert_uint_eq(sdi_store_count(store, sdi_kind_name[kind]), i);
	return out;
}

#define OBJECT(kind, ns, name) "---\napiVersion: v1\nkind: " kind "\nmetadata: {namespace: " ns ", name: " name "}\n"
#define VERSION(ns, name, version, uid)                                                                      \
	"---\napiVersion: v1\nkind: Service\nmetadata: {namespace: " ns ", name: " name ", uid: " uid \
	", resourceVersion: '" version "'}\n"

START_TEST(sorted_whatever_the_order)
{
	static const char *const texts[] = { OBJECT("Service", "b", "x"), OBJECT("Service", "a", "z"),
		                             OBJECT("Service", "a", "x"), OBJECT("Service", "a-b", "x"),
		                             OBJECT("Service", "a", "xx") };
	for (int i = 0; i < N(texts); i++) /* each alone, so that each is sorted in */
		ck_assert_int_eq(read_text(texts[(i * (_i % 4 + 1) + _i) % N(texts)], "f"), SDI_OK);
	ck_assert_str_eq(names(SDI_KIND_SERVICE), "a/x a/xx a/z a-b/x b/x");
	ck_assert_uint_eq(sdi_store_count(store, NULL), 5);
	ck_assert_uint_eq(sdi_diags_count(diags), 0);
	ck_assert_ptr_null(sdi_store_find(store, SDI_KIND_SERVICE, SDI_STR("a"), SDI_STR("w")));
	ck_assert_ptr_null(sdi_store_find(store, SDI_KIND_SECRET, SDI_STR("a"), SDI_STR("x")));
	ck_assert_ptr_null(sdi_store_get(store, SDI_KIND_SERVICE, 5));
}
END_TEST

START_TEST(every_kind)
{
	ck_assert_int_eq(read_text("---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: x}\n"
	                           "---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: x}\n"
	                           "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: x}\n"
	                           OBJECT("Service", "a", "x") OBJECT("Endpoints", "a", "x") OBJECT("Secret", "a", "x")
	                           OBJECT("ConfigMap", "a", "x") OBJECT("Namespace", "a", "x"), "f"), SDI_OK);
	for (int kind = 0; kind < SDI_KIND__COUNT; kind++)
		ck_assert_uint_eq(sdi_store_count(store, sdi_kind_name[kind]), 1);
	ck_assert_str_eq(names(SDI_KIND_INGRESS), "default/x");
	ck_assert_str_eq(names(SDI_KIND_INGRESSCLASS), "/x");
	ck_assert_str_eq(names(SDI_KIND_NAMESPACE), "/x");
	ck_assert_uint_eq(sdi_store_count(store, "Pod"), 0);
}
END_TEST

/* Two of the same name, first and second read; the uid says which one stayed. */
static const struct {
	const char *first, *second;
	bool second_stays;
} versions[] = {
	{ "1", "2", true }, { "2", "1", false }, { "9", "10", true }, { "10", "9", false },
	{ "99999999999999999999", "100000000000000000000", true }, { "100000000000000000000", "99999999999999999999", false },
	{ "5", "5", true }, { "", "5", true }, { "5", "", true }, { "", "", true }, { "x", "5", true }, { "5", "x1", true },
};

START_TEST(newest_version_stays)
{
	char first[200], second[200], both[400];
	snprintf(first, sizeof(first), VERSION("a", "x", "%s", "first"), versions[_i].first);
	snprintf(second, sizeof(second), VERSION("a", "x", "%s", "second"), versions[_i].second);
	snprintf(both, sizeof(both), "%s%s", first, second);
	for (int way = 0; way < 4; way++) {
		sdi_store_free(store);
		store = sdi_store_new();
		sdi_diags_clear(diags);
		if (way == 0) {
			ck_assert_int_eq(read_text(both, "f"), SDI_OK);
		} else {
			ck_assert_int_eq(read_text(first, way == 3 ? "other" : "f"), SDI_OK);
			ck_assert_int_eq(read_text(second, "f"), SDI_OK);
		}
		ck_assert_uint_eq(sdi_store_count(store, NULL), 1);
		ck_assert_str_eq(sdi_store_get(store, SDI_KIND_SERVICE, 0)->uid.p, versions[_i].second_stays ? "second" : "first");
		/* Within an input or across two it is a mistake; read again from the same one it is an update. */
		ck_assert_uint_eq(sdi_diags_count(diags), way == 0 || way == 3);
		if (way == 0)
			ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "duplicate");
	}
}
END_TEST

START_TEST(several_twins)
{
	ck_assert_int_eq(read_text(VERSION("a", "x", "3", "three") VERSION("a", "w", "1", "w") VERSION("a", "x", "5", "five")
	                           VERSION("a", "x", "4", "four"), "f"), SDI_OK);
	ck_assert_str_eq(names(SDI_KIND_SERVICE), "a/w a/x");
	ck_assert_str_eq(sdi_store_get(store, SDI_KIND_SERVICE, 1)->uid.p, "five");
	ck_assert_uint_eq(sdi_diags_count(diags), 2);
	const struct sdi_diag *d = sdi_diags_get(diags, 0);
	ck_assert_str_eq(sdi_diag_kind(d), "Service");
	ck_assert_str_eq(sdi_diag_namespace(d), "a");
	ck_assert_str_eq(sdi_diag_name(d), "x");
	ck_assert_str_eq(sdi_diag_file(d), "f");
}
END_TEST

START_TEST(removes)
{
	read_text(OBJECT("Service", "a", "x") OBJECT("Service", "a", "w") OBJECT("Service", "default", "z")
	          OBJECT("Namespace", "a", "x"), "f");
	ck_assert_int_eq(sdi_store_remove(store, "Service", "a", "w"), SDI_OK);
	ck_assert_str_eq(names(SDI_KIND_SERVICE), "a/x default/z");
	ck_assert_int_eq(sdi_store_remove(store, "Service", "a", "w"), SDI_OK);
	ck_assert_int_eq(sdi_store_remove(store, "Service", NULL, "z"), SDI_OK);
	ck_assert_int_eq(sdi_store_remove(store, "Service", "a", "x"), SDI_OK);
	ck_assert_str_eq(names(SDI_KIND_SERVICE), "");
	ck_assert_int_eq(sdi_store_remove(store, "Namespace", NULL, "x"), SDI_OK);
	ck_assert_uint_eq(sdi_store_count(store, NULL), 0);
	ck_assert_int_eq(sdi_store_remove(store, "Pod", "a", "x"), SDI_EINVAL);
	ck_assert_int_eq(sdi_store_remove(NULL, "Service", "a", "x"), SDI_EINVAL);
	ck_assert_int_eq(sdi_store_remove(store, "Service", "a", NULL), SDI_EINVAL);
	ck_assert_int_eq(read_text(OBJECT("Service", "a", "x"), "f"), SDI_OK);
	ck_assert_str_eq(names(SDI_KIND_SERVICE), "a/x");
}
END_TEST

START_TEST(unused_kinds_are_counted)
{
	ck_assert_int_eq(read_text(OBJECT("Pod", "a", "x") OBJECT("Pod", "a", "w") OBJECT("Node", "a", "x")
	                           OBJECT("Service", "a", "x") OBJECT("Pod", "a", "z"), "f"), SDI_OK);
	ck_assert_uint_eq(sdi_diags_count(diags), 2);
	sdi_diags_sort(diags);
	ck_assert_str_eq(sdi_diag_text(sdi_diags_get(diags, 0)), "1 object of kind Node is not used here; skipped");
	ck_assert_str_eq(sdi_diag_text(sdi_diags_get(diags, 1)), "3 objects of kind Pod are not used here; skipped");
	ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 1)), "kind-skipped");
	ck_assert_int_eq(sdi_diag_severity(sdi_diags_get(diags, 1)), SDI_SEVERITY_NOTE);
}
END_TEST

START_TEST(one_bad_object_hides_no_other)
{
	ck_assert_int_eq(read_text(OBJECT("Service", "a", "x") OBJECT("Service", "a", "BAD") "---\nkind: Service\n"
	                           OBJECT("Service", "a", "w"), "f"), SDI_OK);
	ck_assert_str_eq(names(SDI_KIND_SERVICE), "a/w a/x");
	ck_assert_uint_eq(sdi_diags_count(diags), 2);
}
END_TEST

START_TEST(lists_and_json)
{
	static const char text[] = "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":["
		"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"x\",\"namespace\":\"a\"}},"
		"{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\",\"namespace\":\"a\"},"
		"\"data\":{\"k\":\"eA==\"}}]}";
	ck_assert_int_eq(read_text(text, "f.json"), SDI_OK);
	ck_assert_str_eq(names(SDI_KIND_SERVICE), "a/x");
	ck_assert_str_eq(names(SDI_KIND_SECRET), "a/s");
	ck_assert_uint_eq(sdi_diags_count(diags), 0);
}
END_TEST

START_TEST(origins_outlive_the_input)
{
	char *file = strdup("some.yaml");
	ck_assert_int_eq(read_text("\n" OBJECT("Service", "a", "x"), file), SDI_OK);
	memset(file, 'X', 4);
	free(file);
	const struct sdi_object *object = sdi_store_get(store, SDI_KIND_SERVICE, 0);
	ck_assert_str_eq(object->origin.file, "some.yaml");
	ck_assert_uint_ge(object->origin.line, 2);
	ck_assert_int_eq(read_text(OBJECT("Service", "a", "w"), "some.yaml"), SDI_OK);
	ck_assert_ptr_eq(sdi_store_find(store, SDI_KIND_SERVICE, SDI_STR("a"), SDI_STR("w"))->origin.file, object->origin.file);
	ck_assert_int_eq(read_text(OBJECT("Service", "a", "z"), NULL), SDI_OK);
	ck_assert_str_eq(sdi_store_get(store, SDI_KIND_SERVICE, 2)->origin.file, "");
}
END_TEST

/* Objects of any size: those that do not fit into the first draft too. */
START_TEST(big_objects)
{
	static char text[400000];
	size_t at = (size_t)snprintf(text, sizeof(text), OBJECT("ConfigMap", "a", "big") "data:\n");
	for (int i = 0; i < 3000; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "  key-%04d: a value that takes some room %d\n", i, i);
	snprintf(text + at, sizeof(text) - at, OBJECT("ConfigMap", "a", "small"));
	for (int twice = 0; twice < 2; twice++)
		ck_assert_int_eq(read_text(text, "f"), SDI_OK);
	ck_assert_str_eq(names(SDI_KIND_CONFIGMAP), "a/big a/small");
	const struct sdi_configmap *big = (const struct sdi_configmap *)sdi_store_get(store, SDI_KIND_CONFIGMAP, 0);
	ck_assert_uint_eq(big->n_data, 3000);
	ck_assert_str_eq(big->data[2999].value.p, "a value that takes some room 2999");
}
END_TEST

struct pieces {
	const char *text;
	size_t n, at, size;
	long end; /* returned at the end */
};

static long read_some(void *arg, char *buffer, size_t n)
{
	struct pieces *p = arg;
	size_t some = p->n - p->at;
	some = some < p->size ? some : p->size;
	some = some < n ? some : n;
	if (!some)
		return p->end;
	memcpy(buffer, p->text + p->at, some);
	p->at += some;
	return (long)some;
}

static const char stream[] = OBJECT("Service", "a", "x") OBJECT("Pod", "a", "p") OBJECT("Service", "b", "w");

START_TEST(streams) /* in pieces of every size */
{
	for (size_t size = 1; size <= sizeof(stream); size++) {
		struct pieces pieces = { stream, sizeof(stream) - 1, 0, size, 0 };
		sdi_store_free(store);
		store = sdi_store_new();
		ck_assert_int_eq(sdi_store_read_stream(store, read_some, &pieces, "f", diags), SDI_OK);
		ck_assert_str_eq(names(SDI_KIND_SERVICE), "a/x b/w");
		ck_assert_uint_eq(sdi_diags_count(diags), 1);
	}
}
END_TEST

START_TEST(caller_stops)
{
	struct pieces pieces = { stream, sizeof(stream) - 1, 0, 1000, -1 };
	ck_assert_int_eq(sdi_store_read_stream(store, read_some, &pieces, "f", diags), SDI_ESTOP);
	ck_assert_str_eq(names(SDI_KIND_INGRESS), "");
	ck_assert_int_eq(read_text(OBJECT("Service", "c", "z"), "f"), SDI_OK);
	ck_assert_ptr_nonnull(sdi_store_find(store, SDI_KIND_SERVICE, SDI_STR("c"), SDI_STR("z")));
}
END_TEST

START_TEST(misuse)
{
	ck_assert_int_eq(sdi_store_read(NULL, "", 0, "f", diags), SDI_EINVAL);
	ck_assert_int_eq(sdi_store_read(store, NULL, 1, "f", diags), SDI_EINVAL);
	ck_assert_int_eq(sdi_store_read(store, NULL, 0, NULL, NULL), SDI_OK);
	ck_assert_int_eq(sdi_store_read_stream(store, NULL, NULL, "f", diags), SDI_EINVAL);
	ck_assert_uint_eq(sdi_store_count(store, NULL), 0);
	sdi_store_free(NULL);
}
END_TEST

static const char before[] = VERSION("a", "x", "1", "old") VERSION("a", "w", "9", "old") OBJECT("Secret", "a", "s");
static const char after[] = VERSION("a", "x", "2", "new") VERSION("a", "w", "8", "new") VERSION("a", "z", "1", "new")
	OBJECT("Secret", "a", "s") "stringData: {k: v}\n" OBJECT("Pod", "a", "p")
	"---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {haproxy.org/a: b}}\n"
	"spec: {rules: [{host: h, http: {paths: [{path: /, backend: {service: {name: s, port: {number: 80}}}}]}}]}\n"
	"---\nkind: 1\n";

/* Old state until the call has succeeded, at whichever allocation memory ends. */
START_TEST(out_of_memory)
{
	enum sdi_status status = SDI_ENOMEM;
	for (long n = 1; status == SDI_ENOMEM; n++) {
		ck_assert_int_lt(n, 2000);
		sdi_store_free(store);
		store = sdi_store_new();
		read_text(before, "before");
		sdi_arena_fail_at = n;
		status = sdi_store_read(store, after, sizeof(after) - 1, "after", NULL);
		sdi_arena_fail_at = 0;
		bool ok = status == SDI_OK;
		ck_assert(ok || status == SDI_ENOMEM);
		ck_assert_str_eq(names(SDI_KIND_SERVICE), ok ? "a/w a/x a/z" : "a/w a/x");
		ck_assert_str_eq(names(SDI_KIND_INGRESS), ok ? "default/i" : "");
		ck_assert_str_eq(sdi_store_get(store, SDI_KIND_SERVICE, 1)->uid.p, ok ? "new" : "old");
		ck_assert_str_eq(sdi_store_get(store, SDI_KIND_SERVICE, 0)->uid.p, "old");
		const struct sdi_object *secret = sdi_store_get(store, SDI_KIND_SECRET, 0);
		ck_assert_uint_eq(((const struct sdi_secret *)secret)->n_items, ok ? 1 : 0);
	}
	ck_assert_int_eq(status, SDI_OK);
	sdi_arena_fail_at = 1;
	ck_assert_ptr_null(sdi_store_new());
	sdi_arena_fail_at = 0;
}
END_TEST

/* Diagnostics may get lost when memory is short; the store stays whole. */
START_TEST(out_of_memory_with_diagnostics)
{
	bool done = false;
	for (long n = 1; !done; n++) {
		struct sdi_store *own = sdi_store_new();
		struct sdi_diags *said = sdi_diags_new();
		ck_assert_int_lt(n, 2000);
		sdi_arena_fail_at = n;
		enum sdi_status status = sdi_store_read(own, after, sizeof(after) - 1, "after", said);
		done = sdi_arena_fail_at > 0;
		sdi_arena_fail_at = 0;
		ck_assert(status == SDI_OK ? sdi_store_count(own, "Service") == 3 : sdi_store_count(own, NULL) == 0);
		ck_assert(!done || (status == SDI_OK && sdi_diags_count(said) == 2));
		sdi_store_free(own);
		sdi_diags_free(said);
	}
}
END_TEST

Suite *sdi_suite_store(void)
{
	Suite *suite = suite_create("store");
	TCase *tc = tcase_create("store");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, sorted_whatever_the_order, 0, 8);
	tcase_add_test(tc, every_kind);
	tcase_add_loop_test(tc, newest_version_stays, 0, N(versions));
	tcase_add_test(tc, several_twins);
	tcase_add_test(tc, removes);
	tcase_add_test(tc, unused_kinds_are_counted);
	tcase_add_test(tc, one_bad_object_hides_no_other);
	tcase_add_test(tc, lists_and_json);
	tcase_add_test(tc, origins_outlive_the_input);
	tcase_add_test(tc, big_objects);
	tcase_add_test(tc, streams);
	tcase_add_test(tc, caller_stops);
	tcase_add_test(tc, misuse);
	tcase_add_test(tc, out_of_memory);
	tcase_add_test(tc, out_of_memory_with_diagnostics);
	suite_add_tcase(suite, tc);
	return suite;
}
