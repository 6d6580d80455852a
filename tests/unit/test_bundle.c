/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "base/arena.h"
#include "bundle.h"

static void put(struct sdi_bundle *bundle, const char *name, unsigned mode, bool secret, const char *text)
{
	struct sdi_buf *file = sdi_bundle_file(bundle, sdi_str_c(name), mode, secret);
	ck_assert_ptr_nonnull(file);
	sdi_buf_add(file, sdi_str_c(text));
}

START_TEST(files_are_sorted)
{
	static const char *const sorted[] = { "certs/a.pem", "certs/b.pem", "haproxy.cfg", "maps/routes.map" };
	struct sdi_bundle *bundle = sdi_bundle_new();
	put(bundle, "maps/routes.map", 0644, false, "*/ -404\n");
	put(bundle, "certs/b.pem", 0600, true, "KEY");
	put(bundle, "haproxy.cfg", 0644, false, "");
	put(bundle, "certs/a.pem", 0600, true, "");
	ck_assert_int_eq(sdi_bundle_finish(bundle), SDI_OK);
	ck_assert_uint_eq(sdi_bundle_count(bundle), N(sorted));
	for (size_t i = 0; i < N(sorted); i++) {
		bool secret = i < 2;
		ck_assert_str_eq(sdi_bundle_name(bundle, i), sorted[i]);
		ck_assert_uint_eq(sdi_bundle_mode(bundle, i), secret ? 0600 : 0644);
		ck_assert(sdi_bundle_is_secret(bundle, i) == secret);
	}
	size_t n = 7;
	ck_assert_str_eq(sdi_bundle_data(bundle, 1, &n), "KEY");
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(sdi_bundle_data(bundle, 2, &n), ""); /* never NULL for a file that is there */
	ck_assert_uint_eq(n, 0);
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(past_the_end)
{
	struct sdi_bundle *bundle = sdi_bundle_new();
	size_t n = 7;
	ck_assert_int_eq(sdi_bundle_finish(bundle), SDI_OK);
	ck_assert_uint_eq(sdi_bundle_count(bundle), 0);
	ck_assert_ptr_null(sdi_bundle_name(bundle, 0));
	ck_assert_ptr_null(sdi_bundle_data(bundle, 0, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_uint_eq(sdi_bundle_mode(bundle, 0), 0);
	ck_assert(!sdi_bundle_is_secret(bundle, 0));
	sdi_bundle_free(bundle);
	sdi_bundle_free(NULL);
	ck_assert_uint_eq(sdi_bundle_count(NULL), 0);
}
END_TEST

START_TEST(buffers_stay)
{
	struct sdi_bundle *bundle = sdi_bundle_new();
	struct sdi_buf *first = sdi_bundle_file(bundle, SDI_STR("first"), 0644, false);
	char name[] = "more/000";
	for (int i = 0; i < 500; i++) {
		name[5] = (char)('0' + i / 100);
		name[6] = (char)('0' + i / 10 % 10);
		name[7] = (char)('0' + i % 10);
		put(bundle, name, 0644, false, name); /* the name is copied */
	}
	sdi_buf_lit(first, "still there");
	ck_assert_int_eq(sdi_bundle_finish(bundle), SDI_OK);
	ck_assert_str_eq(sdi_bundle_name(bundle, 0), "first");
	ck_assert_str_eq(sdi_bundle_data(bundle, 0, NULL), "still there");
	ck_assert_str_eq(sdi_bundle_name(bundle, 500), "more/499");
	ck_assert_str_eq(sdi_bundle_data(bundle, 500, NULL), "more/499");
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(failed_buffer)
{
	static const struct {
		size_t max;
		long fail_at;
		enum sdi_status want;
	} rows[] = { { 8, 0, SDI_ELIMIT }, { 1 << 20, 1, SDI_ENOMEM } };
	struct sdi_bundle *bundle = sdi_bundle_new();
	struct sdi_buf *file = sdi_bundle_file(bundle, SDI_STR("file"), 0644, false);
	file->max = rows[_i].max;
	for (int i = 0; i < 100 && !file->failed; i++) {
		sdi_arena_fail_at = i < 3 ? 0 : rows[_i].fail_at;
		sdi_buf_lit(file, "0123456");
	}
	if (rows[_i].fail_at)
		for (sdi_arena_fail_at = 1; !file->failed;)
			sdi_buf_lit(file, "0123456");
	sdi_arena_fail_at = 0;
	ck_assert_int_eq(sdi_bundle_finish(bundle), rows[_i].want);
	sdi_bundle_free(bundle);
}
END_TEST

START_TEST(out_of_memory)
{
	bool done = false;
	for (long n = 1; !done; n++) {
		ck_assert_int_lt(n, 100);
		sdi_arena_fail_at = n;
		struct sdi_bundle *bundle = sdi_bundle_new();
		struct sdi_buf *file = bundle ? sdi_bundle_file(bundle, SDI_STR("a/b"), 0600, true) : NULL;
		if (file)
			sdi_buf_lit(file, "secret");
		done = file && sdi_bundle_finish(bundle) == SDI_OK;
		ck_assert(done == (sdi_arena_fail_at > 0));
		sdi_arena_fail_at = 0;
		sdi_bundle_free(bundle);
	}
}
END_TEST

Suite *sdi_suite_bundle(void)
{
	Suite *s = suite_create("bundle");
	TCase *tc = tcase_create("bundle");
	tcase_add_test(tc, files_are_sorted);
	tcase_add_test(tc, past_the_end);
	tcase_add_test(tc, buffers_stay);
	tcase_add_loop_test(tc, failed_buffer, 0, 2);
	tcase_add_test(tc, out_of_memory);
	suite_add_tcase(s, tc);
	return s;
}
