/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "tree.h"
#include "base/limits.h"
#include "source/json.h"

static const struct {
	const char *in, *want;
} values[] = {
	{ "null", "null" }, { " true ", "true" }, { "false", "false" }, { "\"\"", "\"\"" }, { "80", "80" },
	{ "-9223372036854775808", "-9223372036854775808" }, { "1.5", "1.5" }, { "[]", "[]" }, { "{}", "{}" },
	{ "{\"a\":[1,{\"b\":null}],\"c\":\"\\u00e4\\n\"}", "{a:[1,{b:null}],c:\"\xc3\xa4\n\"}" },
	{ "{\"a\":1,\"b\":2,\"a\":3}", "{a:3,b:2}" }, { "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"" },
	{ "{\"\":1}", "{:1}" },
};

START_TEST(value)
{
	struct sdi_arena arena = { 0 };
	struct sdi_buf buf;
	struct sdi_parse_error error;
	sdi_buf_init(&buf, 4096);
	const struct sdi_node *node = sdi_json_parse(sdi_str_c(values[_i].in), &arena, &error);
	ck_assert_msg(node, "%s: %s", values[_i].in, error.text);
	tree_add(&buf, node, false);
	ck_assert_str_eq(buf.p, values[_i].want);
	sdi_buf_release(&buf);
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *in;
	unsigned line, column;
	const char *part;
} errors[] = {
	{ "{\"a\":1,\n \"b\":\"x\\u0000y\"}", 2, 8, "JSON_ALLOW_NUL" },
	{ "{\"a\":1,\n \"b\":\"x\\ud800y\"}", 2, 8, "invalid Unicode" },
	{ "{\"a\":1,\n \"b\":99999999999999999999}", 2, 6, "too big" },
	{ "{\"a\":1,\n \"b\":1e999}", 2, 6, "overflow" },
	{ "{\"a\":1,\n \"b\":nope}", 2, 6, "invalid token" },
	{ "{\"a\":1,\n \"b\":2,}", 2, 8, "expected" },
	{ "{\"a\":1\n \"b\":2}", 2, 2, "expected" },
	{ "{\"a\":1}\nx", 2, 1, "end of file expected" },
	{ "{\"a\":\n\xff}", 2, 1, "decode byte" },
	{ "", 1, 1, "" },
	{ "{\"a\\u0000b\":1}", 1, 4, "" },
};

START_TEST(error_place)
{
	struct sdi_arena arena = { 0 };
	struct sdi_parse_error error;
	ck_assert_ptr_null(sdi_json_parse(sdi_str_c(errors[_i].in), &arena, &error));
	ck_assert_msg(error.line == errors[_i].line && error.column == errors[_i].column &&
		      sdi_str_has(sdi_str_c(error.text), sdi_str_c(errors[_i].part)),
		      "%s: %u:%u: %s", errors[_i].in, error.line, error.column, error.text);
	ck_assert(!error.oom && !error.limit);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(errors_quote_nothing)
{
	static const char *const texts[] = { "{\"a\": secret}", "{\"secret\" 1}", "\"secret\\ud800\"", "\"secret\n\"",
		                             "{\"a\":\"b\"} secret", "\"secret" };
	struct sdi_arena arena = { 0 };
	struct sdi_parse_error error;
	for (int i = 0; i < N(texts); i++) {
		ck_assert_ptr_null(sdi_json_parse(sdi_str_c(texts[i]), &arena, &error));
		ck_assert_msg(!strstr(error.text, "secret"), "%s", error.text);
	}
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(limits)
{
	struct sdi_arena arena = { 0 };
	struct sdi_parse_error error;
	char deep[2 * SDI_LIMIT_DEPTH + 2];
	memset(deep, '[', SDI_LIMIT_DEPTH + 1);
	memset(deep + SDI_LIMIT_DEPTH + 1, ']', SDI_LIMIT_DEPTH + 1);
	ck_assert_ptr_null(sdi_json_parse(sdi_str_make(deep, sizeof(deep)), &arena, &error));
	ck_assert(error.limit);
	ck_assert_ptr_nonnull(sdi_json_parse(sdi_str_make(deep + 1, sizeof(deep) - 2), &arena, &error));
	size_t n = 5 * (size_t)SDI_LIMIT_NODES;
	char *wide = malloc(n);
	for (size_t i = 0; i < n; i++)
		wide[i] = i % 2 ? ',' : '0';
	wide[0] = '[';
	wide[n - 1] = ']';
	ck_assert_ptr_null(sdi_json_parse(sdi_str_make(wide, n), &arena, &error));
	ck_assert(error.limit);
	free(wide);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(out_of_memory)
{
	struct sdi_arena arena = { 0 };
	struct sdi_parse_error error;
	struct sdi_node *node = NULL;
	for (long n = 1; !node; n++) {
		ck_assert_int_lt(n, 1000);
		arena.block_bytes = 1;
		sdi_arena_fail_at = n;
		node = sdi_json_parse(SDI_STR("{\"a\":[1,\"two\",2.5,true,null],\"b\":{}}"), &arena, &error);
		bool failed = !sdi_arena_fail_at;
		sdi_arena_fail_at = 0;
		ck_assert(!node == failed && error.oom == failed);
		sdi_arena_release(&arena);
	}
}
END_TEST

Suite *sdi_suite_json(void)
{
	Suite *s = suite_create("json");
	TCase *tc = tcase_create("json");
	tcase_add_loop_test(tc, value, 0, N(values));
	tcase_add_loop_test(tc, error_place, 0, N(errors));
	tcase_add_test(tc, errors_quote_nothing);
	tcase_add_test(tc, limits);
	tcase_add_test(tc, out_of_memory);
	suite_add_tcase(s, tc);
	return s;
}
