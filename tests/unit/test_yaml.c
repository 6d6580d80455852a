/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "tree.h"
#include "base/limits.h"
#include "source/yaml.h"

/* What a value is: as kubectl's parser (sigs.k8s.io/yaml) has it. */
static const struct {
	const char *in, *want;
} values[] = {
	{ "", "null" }, { "~", "null" }, { "null", "null" }, { "Null", "null" }, { "nULL", "\"nULL\"" },
	{ "true", "true" }, { "TRUE", "true" }, { "yes", "true" }, { "Off", "false" }, { "n", "false" }, { "Y", "true" },
	{ "yEs", "\"yEs\"" }, { "\"yes\"", "\"yes\"" }, { "'80'", "\"80\"" }, { "|\n  80", "\"80\"" },
	{ "0", "0" }, { "80", "80" }, { "-80", "-80" }, { "+80", "80" }, { "-0", "0" }, { "007", "7" }, { "0120", "80" },
	{ "08", "8" }, { "0o17", "15" }, { "0x50", "80" }, { "-0X50", "-80" }, { "0b101", "5" }, { "1_000", "1000" },
	{ "0x", "\"0x\"" }, { "0b2", "\"0b2\"" }, { "1-2", "\"1-2\"" }, { "-", "[null]" }, { "+", "\"+\"" },
	{ "9223372036854775807", "9223372036854775807" }, { "-9223372036854775808", "-9223372036854775808" },
	{ "18446744073709551615", "18446744073709551615" }, { "18446744073709551616", "18446744073709551616" },
	{ "80.0", "80" }, { "1e3", "1000" }, { "1.5", "1.5" }, { ".5", ".5" }, { "-.5", "-.5" }, { "5.", "5" },
	{ "1.5e1", "15" }, { "1e", "\"1e\"" }, { "1e+", "\"1e+\"" }, { ".", "\".\"" }, { "..", "\"..\"" },
	{ "1234e567", "\"1234e567\"" }, { "1e99999999999", "\"1e99999999999\"" }, { "1e-400", "1e-400" },
	{ "0e999", "0" }, { ".inf", ".inf" }, { "-.Inf", "-.inf" }, { ".NaN", ".nan" }, { "1.2.3", "\"1.2.3\"" },
	{ "10.0.0.1", "\"10.0.0.1\"" }, { "2026-01-01", "\"2026-01-01\"" }, { "12:30:45", "\"12:30:45\"" },
	{ "!!str 80", "\"80\"" }, { "!!int \"80\"", "80" }, { "!!bool yes", "true" }, { "!!float 3", "3" },
	{ "!!null ''", "null" }, { "!!binary aGk=", "\"aGk=\"" }, { "!mine 80", "\"80\"" },
	{ "{a: 1, \"b\": [x, {c: }]}", "{a:1,b:[\"x\",{c:null}]}" },
	{ "{1: a, 0x10: b, true: c, yes: d, 1.5: e}", "{1:\"a\",16:\"b\",true:\"d\",1.5:\"e\"}" },
	{ "{a: 1, b: 2, a: 3}", "{b:2,a:3}" },
	{ "[&a x, *a, *a]", "[\"x\",\"x\",\"x\"]" },
	{ "[&a {k: [1]}, *a]", "[{k:[1]},{k:[1]}]" },
	{ "[&a 1, &a 2, *a]", "[1,2,2]" },
	{ "{&a k: 1, v: *a, *a : 3}", "{v:\"k\",k:3}" },
	{ "[&a {x: 1, z: 2}, {<<: *a, z: 3}]", "[{x:1,z:2},{x:1,z:3}]" },
	{ "[&a {x: 1}, {x: 0, <<: *a}]", "[{x:1},{x:1}]" },
	{ "[&a {x: 1}, &b {x: 2, w: 3}, {<<: [*a, *b], z: 4}]", "[{x:1},{x:2,w:3},{w:3,x:1,z:4}]" },
	{ "{\"<<\": 1}", "{<<:1}" },
};


START_TEST(value)
{
	struct sdi_arena arena = { 0 };
	struct sdi_buf buf;
	struct sdi_parse_error error;
	sdi_buf_init(&buf, 4096);
	struct sdi_node *node = sdi_yaml_parse(sdi_str_c(values[_i].in), &arena, &error);
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
	{ "a: 1\n b: 2\n", 2, 3, "mapping values are not allowed" },
	{ "a:\n\t- b\n", 2, 1, "cannot start any token" },
	{ "a: \"x\n\n", 3, 1, "that begins in line 1" },
	{ "a: [1, 2\nb: 3\n", 2, 2, "expected ','" },
	{ "a: b\n\xc3\xa4: \xc3\xa4 \xc3\xa4: c\n", 2, 10, "mapping values" },
	{ "a: 1\nb: \"x\\0y\"\n", 2, 4, "NUL" },
	{ "a: 1\nb: \x01\n", 2, 4, "control characters" },
	{ "a: 1\nbc: \xff\n", 2, 5, "UTF-8" },
	{ "a: 1\nb: *c\n", 2, 4, "not defined" },
	{ "a: &a [*a]\n", 1, 8, "inside the value of its own" },
	{ "a: 1\n<<: 2\n", 2, 5, "merge key" },
	{ "a: 1\n<<: [{b: 1}, 2]\n", 2, 14, "merge key" },
	{ "a: 1\n? [b]\n: 2\n", 2, 3, "a key is a list" },
	{ "a: 1\n~: 2\n", 2, 1, "a key is empty" },
	{ "a: !!int x\n", 1, 4, "does not fit its tag" },
	{ "a: 1\n---\nb: 2\n", 2, 1, "another document" },
	{ "a: @b\n", 1, 4, "cannot start any token" },
};

START_TEST(error_place)
{
	struct sdi_arena arena = { 0 };
	struct sdi_parse_error error;
	ck_assert_ptr_null(sdi_yaml_parse(sdi_str_c(errors[_i].in), &arena, &error));
	ck_assert_msg(error.line == errors[_i].line && error.column == errors[_i].column &&
		      sdi_str_has(sdi_str_c(error.text), sdi_str_c(errors[_i].part)),
		      "%s: %u:%u: %s", errors[_i].in, error.line, error.column, error.text);
	ck_assert(!error.oom && !error.limit);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(node_place)
{
	struct sdi_arena arena = { 0 };
	struct sdi_buf buf;
	struct sdi_parse_error error;
	sdi_buf_init(&buf, 4096);
	tree_add(&buf, sdi_yaml_parse_at(SDI_STR("a: 1\nb:\n  - c\n  - {d: e}\n"), 10, &arena, &error), true);
	ck_assert_str_eq(buf.p, "{a:1@10.4,b:[\"c\"@12.5,{d:\"e\"@13.9}@13.5]@12.3}@10.1");
	ck_assert_ptr_null(sdi_yaml_parse_at(SDI_STR("a: 1\n b: \n"), 10, &arena, &error));
	ck_assert_uint_eq(error.line, 11);
	sdi_buf_release(&buf);
	sdi_arena_release(&arena);
}
END_TEST

/* Nine levels of nine aliases each; nesting by text, by aliases, many anchors. */
static void make_laughs(struct sdi_buf *buf)
{
	sdi_buf_lit(buf, "- &a0 lol\n");
	for (unsigned level = 1; level < 10; level++) {
		sdi_buf_printf(buf, "- &a%u [", level);
		for (unsigned i = 0; i < 9; i++)
			sdi_buf_printf(buf, "%s*a%u", i ? ", " : "", level - 1);
		sdi_buf_lit(buf, "]\n");
	}
}

static void make_merges(struct sdi_buf *buf)
{
	sdi_buf_lit(buf, "- &m {<<: {a: 1}, b: &a0 [x, x, x, x, x, x, x, x, x, x]}\n");
	for (unsigned level = 1; level < 10; level++) {
		sdi_buf_printf(buf, "- &a%u {", level);
		for (unsigned i = 0; i < 9; i++)
			sdi_buf_printf(buf, "k%u: *a%u, ", i, level - 1);
		sdi_buf_printf(buf, "}\n- <<: *a%u\n", level);
	}
}

static void make_deep(struct sdi_buf *buf)
{
	for (unsigned i = 0; i < 100; i++)
		sdi_buf_char(buf, '[');
}

static void make_deep_aliases(struct sdi_buf *buf)
{
	sdi_buf_lit(buf, "- &a0 x\n");
	for (unsigned i = 1; i < 100; i++)
		sdi_buf_printf(buf, "- &a%u [*a%u]\n", i, i - 1);
}

static void make_anchors(struct sdi_buf *buf)
{
	for (unsigned i = 0; i < 1001; i++)
		sdi_buf_printf(buf, "- &a%u x\n", i);
}

static void (*const limits[])(struct sdi_buf *) = {
	make_laughs, make_merges, make_deep, make_deep_aliases, make_anchors,
};

START_TEST(limit)
{
	struct sdi_arena arena = { 0 };
	struct sdi_buf buf;
	struct sdi_parse_error error;
	sdi_buf_init(&buf, 1 << 20);
	limits[_i](&buf);
	ck_assert_ptr_null(sdi_yaml_parse(sdi_buf_str(&buf), &arena, &error));
	ck_assert_msg(error.limit, "%s", error.text);
	ck_assert_uint_lt(sdi_arena_bytes(&arena), 1 << 20);
	sdi_buf_release(&buf);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(twins_in_a_large_map)
{
	struct sdi_arena arena = { 0 };
	struct sdi_buf buf;
	struct sdi_parse_error error;
	sdi_buf_init(&buf, 1 << 20);
	for (unsigned i = 0; i < 1000; i++)
		sdi_buf_printf(&buf, "k%u: %u\n", i % 600, i);
	const struct sdi_node *map = sdi_yaml_parse(sdi_buf_str(&buf), &arena, &error);
	ck_assert_uint_eq(map->n, 600);
	ck_assert_str_eq(map->first->key.p, "k400");
	ck_assert_str_eq(sdi_node_find(map, SDI_STR("k399"))->text.p, "999");
	ck_assert_str_eq(sdi_node_find(map, SDI_STR("k599"))->text.p, "599");
	sdi_buf_release(&buf);
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
		arena.block_bytes = 1; /* an allocation each time */
		sdi_arena_fail_at = n;
		node = sdi_yaml_parse(SDI_STR("- &a {x: [1, two], y: ~}\n- {<<: [*a, *a], &b z: *a}\n- *b\n"), &arena, &error);
		bool failed = !sdi_arena_fail_at;
		sdi_arena_fail_at = 0;
		ck_assert(!node == failed && error.oom == failed);
		sdi_arena_release(&arena);
	}
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t want;
} integers[] = {
	{ "80", true, 80 }, { "-1", true, -1 }, { "9223372036854775807", true, INT64_MAX }, { "80.0", true, 80 },
	{ "-9223372036854775808", true, INT64_MIN }, { "9223372036854775808", false, 0 }, { "1.5", false, 0 },
	{ "'80'", false, 0 }, { "[80]", false, 0 }, { ".inf", false, 0 }, { "-.inf", false, 0 },
};

START_TEST(integer)
{
	struct sdi_arena arena = { 0 };
	struct sdi_parse_error error;
	int64_t got = 7;
	const struct sdi_node *node = sdi_yaml_parse(sdi_str_c(integers[_i].text), &arena, &error);
	ck_assert(sdi_node_int(node, &got) == integers[_i].ok);
	ck_assert(got == (integers[_i].ok ? integers[_i].want : 7));
	ck_assert(!sdi_node_int(NULL, &got) && !sdi_node_find(node, SDI_STR("x")) && !sdi_node_find(NULL, SDI_STR("x")));
	sdi_arena_release(&arena);
}
END_TEST

Suite *sdi_suite_yaml(void)
{
	Suite *s = suite_create("yaml");
	TCase *tc = tcase_create("yaml");
	tcase_add_loop_test(tc, value, 0, N(values));
	tcase_add_loop_test(tc, error_place, 0, N(errors));
	tcase_add_test(tc, node_place);
	tcase_add_loop_test(tc, limit, 0, N(limits));
	tcase_add_test(tc, twins_in_a_large_map);
	tcase_add_test(tc, out_of_memory);
	tcase_add_loop_test(tc, integer, 0, N(integers));
	suite_add_tcase(s, tc);
	return s;
}
