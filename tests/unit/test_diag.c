/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "base/limits.h"
#include "diag.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define TEN "0123456789"
#define A119 TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "012345678"

/* What people see of a text. */
static const struct {
	struct sdi_str in;
	const char *want;
} shown[] = {
	{ SDI_STR_INIT(""), "" },
	{ SDI_STR_INIT("plain text, \"quotes\" and \\"), "plain text, \"quotes\" and \\" },
	{ SDI_STR_INIT("a\nb\tc\0d\x7f"), "a\\x0Ab\\x09c\\x00d\\x7F" },
	{ SDI_STR_INIT("\x1b[31mred"), "\\x1B[31mred" },
	{ SDI_STR_INIT("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"), "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ SDI_STR_INIT("\xc2\x85"), "\\xC2\\x85" },                 /* a control character of Latin-1 */
	{ SDI_STR_INIT("\xe2\x80\xae" "abc"), "\\xE2\\x80\\xAEabc" }, /* right to left */
	{ SDI_STR_INIT("\xc0\x80"), "\\xC0\\x80" },                 /* overlong */
	{ SDI_STR_INIT("\xed\xa0\x80"), "\\xED\\xA0\\x80" },        /* surrogate */
	{ SDI_STR_INIT("\xf4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80" }, /* past the end of Unicode */
	{ SDI_STR_INIT("\xf0\x9f\x98"), "\\xF0\\x9F\\x98" },        /* cut */
	{ SDI_STR_INIT("\xff\x80"), "\\xFF\\x80" },
	{ SDI_STR_INIT(A119 "x"), A119 "x" },
	{ SDI_STR_INIT(A119 "xy"), A119 "x" ELLIPSIS },
	{ SDI_STR_INIT(A119 "\xc3\xa4"), A119 ELLIPSIS },           /* not in the middle of a character */
	{ SDI_STR_INIT(A119 "\n"), A119 ELLIPSIS },                 /* nor of an escape */
};

START_TEST(show)
{
	struct sdi_arena scratch = { 0 };
	struct sdi_diags *diags = sdi_diags_new();
	const struct sdi_diag_ctx with = { .scratch = &scratch }, without = { .diags = diags };
	ck_assert_str_eq(sdi_show(&with, shown[_i].in), shown[_i].want);
	ck_assert_str_eq(sdi_show(&without, shown[_i].in), shown[_i].want);
	sdi_diags_free(diags);
	sdi_arena_release(&scratch);
}
END_TEST

/* The same rules hold for every part of an entry. */
START_TEST(parts_are_clean)
{
	struct sdi_diags *diags = sdi_diags_new();
	const struct sdi_diag_ctx ctx = {
		.diags = diags,
		.subject = { "Ingress", SDI_STR("n\ns"), SDI_STR("na\0me"), { "f\x1bile", 3, 4 } },
	};
	sdi_diag_add(&ctx, SDI_REASON_HOST_INVALID, "spec.\r\n", "raw \xff and %s", "\x01");
	const struct sdi_diag *d = sdi_diags_get(diags, 0);
	ck_assert_str_eq(sdi_diag_kind(d), "Ingress");
	ck_assert_str_eq(sdi_diag_namespace(d), "n\\x0As");
	ck_assert_str_eq(sdi_diag_name(d), "na\\x00me");
	ck_assert_str_eq(sdi_diag_file(d), "f\\x1Bile");
	ck_assert_str_eq(sdi_diag_field(d), "spec.\\x0D\\x0A");
	ck_assert_str_eq(sdi_diag_text(d), "raw \\xFF and \\x01");
	ck_assert_uint_eq(sdi_diag_line(d), 3);
	ck_assert_uint_eq(sdi_diag_column(d), 4);
	ck_assert_str_eq(sdi_diag_reason(d), "host-invalid");
	ck_assert_int_eq(sdi_diag_severity(d), SDI_SEVERITY_ERROR);
	ck_assert_int_eq(sdi_diag_effect(d), SDI_EFFECT_LEFT_OUT);
	ck_assert_ptr_null(sdi_diags_get(diags, 1));
	sdi_diags_free(diags);
}
END_TEST

START_TEST(nobody_reads)
{
	const struct sdi_diag_ctx ctx = { 0 };
	sdi_diag_add(NULL, SDI_REASON_LIMIT, "", "x");
	sdi_diag_add(&ctx, SDI_REASON_LIMIT, "", "x");
	sdi_diag_add_at(NULL, SDI_REASON_LIMIT, "", 1, 1, "x");
	sdi_diag_add_at(&ctx, SDI_REASON_LIMIT, "", 1, 1, "x");
	ck_assert_str_eq(sdi_show(NULL, SDI_STR("x")), "");
	ck_assert_str_eq(sdi_show(&ctx, SDI_STR("x")), "");
	ck_assert(!sdi_diags_failed(NULL));
	sdi_diags_free(NULL);
}
END_TEST

START_TEST(empty_subject)
{
	struct sdi_diags *diags = sdi_diags_new();
	const struct sdi_diag_ctx ctx = { .diags = diags };
	sdi_diag_add(&ctx, SDI_REASON_SYNTAX, NULL, "text");
	const struct sdi_diag *d = sdi_diags_get(diags, 0);
	const char *const parts[] = { sdi_diag_kind(d), sdi_diag_namespace(d), sdi_diag_name(d), sdi_diag_field(d),
		                      sdi_diag_file(d) };
	for (int i = 0; i < N(parts); i++)
		ck_assert_str_eq(parts[i], "");
	ck_assert_uint_eq(sdi_diag_line(d), 0);
	sdi_diags_free(diags);
}
END_TEST

/* Adds one entry whose parts are those of @row, '.' apart: file line kind ns name field text. */
static void add_row(struct sdi_diags *diags, const char *row)
{
	struct sdi_str part[7], rest = sdi_str_c(row);
	struct sdi_arena a = { 0 };
	for (int i = 0; i < N(part); i++) {
		ck_assert(sdi_str_split(&rest, '.', &part[i]));
		part[i] = sdi_arena_copy(&a, part[i]);
	}
	const struct sdi_diag_ctx ctx = {
		.diags = diags,
		.subject = { part[2].p, part[3], part[4], { part[0].p, (unsigned)(part[1].p[0] - '0'), 1 } },
	};
	/* Kinds are static in earnest: here they only have to live as long as the comparison. */
	static const char *const kinds[] = { "Ingress", "Service" };
	struct sdi_diag_ctx own = ctx;
	own.subject.kind = kinds[sdi_str_is(part[2], "Service")];
	sdi_diag_add(&own, SDI_REASON_CONFLICT, part[5].p, "%s", part[6].p);
	sdi_arena_release(&a);
}

/* In the order wanted; each differs from the one before in one part. */
static const char *const ordered[] = {
	"a.1.Ingress.n.x.f.t", "a.2.Ingress.n.x.f.t", "b.1.Ingress.n.x.f.t", "b.1.Ingress.n.x.f.u",
	"b.1.Ingress.n.x.g.u", "b.1.Ingress.n.y.g.u", "b.1.Ingress.o.a.a.a", "b.1.Service.a.a.a.a",
};

START_TEST(sorts_any_order)
{
	struct sdi_diags *diags = sdi_diags_new();
	for (int i = 0; i < 2 * N(ordered); i++) /* each twice; i times an odd number visits all */
		add_row(diags, ordered[(i * (2 * _i + 1) + 3) % N(ordered)]);
	ck_assert_uint_eq(sdi_diags_count(diags), N(ordered));
	sdi_diags_sort(diags);
	for (int i = 0; i < N(ordered); i++) {
		const struct sdi_diag *d = sdi_diags_get(diags, (size_t)i);
		char row[100];
		snprintf(row, sizeof(row), "%s.%u.%s.%s.%s.%s.%s", sdi_diag_file(d), sdi_diag_line(d), sdi_diag_kind(d),
		         sdi_diag_namespace(d), sdi_diag_name(d), sdi_diag_field(d), sdi_diag_text(d));
		ck_assert_str_eq(row, ordered[i]);
	}
	add_row(diags, ordered[0]); /* still known after sorting */
	ck_assert_uint_eq(sdi_diags_count(diags), N(ordered));
	sdi_diags_free(diags);
}
END_TEST

START_TEST(counts_by_severity)
{
	struct sdi_diags *diags = sdi_diags_new();
	const struct sdi_diag_ctx ctx = { .diags = diags };
	sdi_diag_add(&ctx, SDI_REASON_OTHER_CLASS, "", "a note");
	sdi_diag_add(&ctx, SDI_REASON_CONFLICT, "", "a warning");
	sdi_diag_add(&ctx, SDI_REASON_HOST_INVALID, "", "an error");
	sdi_diag_add(&ctx, SDI_REASON_HOST_INVALID, "", "another");
	sdi_diag_add(&ctx, SDI_REASON_HOST_INVALID, "", "another");
	ck_assert_uint_eq(sdi_diags_count_severity(diags, SDI_SEVERITY_NOTE), 4);
	ck_assert_uint_eq(sdi_diags_count_severity(diags, SDI_SEVERITY_WARNING), 3);
	ck_assert_uint_eq(sdi_diags_count_severity(diags, SDI_SEVERITY_ERROR), 2);
	sdi_diags_clear(diags);
	ck_assert_uint_eq(sdi_diags_count(diags), 0);
	sdi_diags_sort(diags);
	sdi_diag_add(&ctx, SDI_REASON_CONFLICT, "", "a warning");
	ck_assert_uint_eq(sdi_diags_count(diags), 1);
	sdi_diags_free(diags);
}
END_TEST

START_TEST(keeps_no_more_than_the_limit)
{
	struct sdi_diags *diags = sdi_diags_new();
	const struct sdi_diag_ctx ctx = { .diags = diags };
	for (int i = 0; i < SDI_LIMIT_DIAGS + 7; i++)
		sdi_diag_add(&ctx, SDI_REASON_CONFLICT, "", "number %06d", i);
	sdi_diag_add(&ctx, SDI_REASON_CONFLICT, "", "number %06d", 5); /* known: not counted */
	ck_assert_uint_eq(sdi_diags_count(diags), SDI_LIMIT_DIAGS + 1);
	sdi_diags_sort(diags);
	ck_assert_str_eq(sdi_diag_text(sdi_diags_get(diags, 99)), "number 000099");
	const struct sdi_diag *last = sdi_diags_get(diags, SDI_LIMIT_DIAGS);
	ck_assert_str_eq(sdi_diag_reason(last), "limit");
	ck_assert(sdi_str_has(sdi_str_c(sdi_diag_text(last)), SDI_STR(" 7 ")));
	ck_assert_ptr_null(sdi_diags_get(diags, SDI_LIMIT_DIAGS + 1));
	ck_assert(!sdi_diags_failed(diags));
	sdi_diags_free(diags);
}
END_TEST

START_TEST(out_of_memory)
{
	struct sdi_diags *diags = NULL;
	for (long n = 1;; n++) {
		ck_assert_int_lt(n, 100);
		sdi_arena_fail_at = 0;
		diags = sdi_diags_new();
		const struct sdi_diag_ctx ctx = { .diags = diags };
		sdi_arena_fail_at = n;
		for (int i = 0; i < 50; i++)
			sdi_diag_add(&ctx, SDI_REASON_CONFLICT, "field", "%s of %d", sdi_show(&ctx, SDI_STR("\n")), i);
		bool done = sdi_arena_fail_at > 0;
		ck_assert(sdi_diags_failed(diags) == !done);
		ck_assert_uint_ge(sdi_diags_count(diags), done ? 50 : 48); /* one entry lost, or shown without its text */
		for (size_t i = 0; i < sdi_diags_count(diags); i++)
			ck_assert_str_eq(sdi_diag_field(sdi_diags_get(diags, i)), "field");
		sdi_diags_free(diags);
		if (done)
			break;
	}
	sdi_arena_fail_at = 1;
	ck_assert_ptr_null(sdi_diags_new());
	sdi_arena_fail_at = 0;
}
END_TEST

START_TEST(reasons_are_stable_slugs)
{
	const struct sdi_reason_row *row = sdi_reason_row((enum sdi_reason)_i);
	ck_assert_ptr_nonnull(row->slug);
	ck_assert_uint_gt(strlen(row->doc), 0);
	for (const char *p = row->slug; *p; p++)
		ck_assert(sdi_is_alnum_lower(*p) || *p == '-');
	for (int i = 0; i < _i; i++)
		ck_assert_str_ne(row->slug, sdi_reason_row((enum sdi_reason)i)->slug);
	ck_assert_str_ne(sdi_severity_text(row->severity), "unknown");
	ck_assert_str_ne(sdi_effect_text(row->effect), "unknown");
}
END_TEST

Suite *sdi_suite_diag(void)
{
	Suite *suite = suite_create("diag");
	TCase *tc = tcase_create("diag");
	tcase_add_loop_test(tc, show, 0, N(shown));
	tcase_add_test(tc, parts_are_clean);
	tcase_add_test(tc, nobody_reads);
	tcase_add_test(tc, empty_subject);
	tcase_add_loop_test(tc, sorts_any_order, 0, 4);
	tcase_add_test(tc, counts_by_severity);
	tcase_add_test(tc, keeps_no_more_than_the_limit);
	tcase_add_test(tc, out_of_memory);
	tcase_add_loop_test(tc, reasons_are_stable_slugs, 0, SDI_REASON__COUNT);
	suite_add_tcase(suite, tc);
	return suite;
}
