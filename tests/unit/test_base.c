/* SPDX-License-Identifier: BSD-3-Clause */
/* What everything stands on: text, buffers, arenas, lists, maps. */
#include "suites.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"

/* str */

static const struct {
	const char *a, *b;
	int order;
	bool eq_nocase, starts, ends, has; /* of a, about b */
} pairs[] = {
	{ "", "", 0, true, true, true, true },
	{ "a", "", 1, false, true, true, true },
	{ "", "a", -1, false, false, false, false },
	{ "abc", "abd", -1, false, false, false, false },
	{ "ab", "abc", -1, false, false, false, false },
	{ "abc", "ab", 1, false, true, false, true },
	{ "abc", "bc", -1, false, false, true, true },
	{ "abcd", "bc", -1, false, false, false, true },
	{ "ABC", "abc", -1, true, false, false, false },
	{ "\xc3\x84", "\xc3\xa4", -1, false, false, false, false },
	{ "\xff", "a", 1, false, false, false, false },
};

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

START_TEST(str_pairs)
{
	struct sdi_str a = sdi_str_c(pairs[_i].a), b = sdi_str_c(pairs[_i].b);
	ck_assert_int_eq(sign(sdi_str_cmp(a, b)), pairs[_i].order);
	ck_assert_int_eq(sign(sdi_str_cmp(b, a)), -pairs[_i].order);
	ck_assert(sdi_str_eq(a, b) == (pairs[_i].order == 0));
	ck_assert(sdi_str_eq_nocase(a, b) == pairs[_i].eq_nocase);
	ck_assert(sdi_str_starts(a, b) == pairs[_i].starts);
	ck_assert(sdi_str_ends(a, b) == pairs[_i].ends);
	ck_assert(sdi_str_has(a, b) == pairs[_i].has);
}
END_TEST

static const struct {
	const char *in, *joined; /* parts, each followed by '|' */
} splits[] = {
	{ "", "|" }, { "a", "a|" }, { ",", "||" }, { "a,,b", "a||b|" }, { "a,", "a||" }, { ",a", "|a|" },
};

START_TEST(str_split)
{
	struct sdi_str part, rest = sdi_str_c(splits[_i].in);
	struct sdi_buf out;
	sdi_buf_init(&out, 100);
	while (sdi_str_split(&rest, ',', &part)) {
		sdi_buf_add(&out, part);
		sdi_buf_char(&out, '|');
	}
	ck_assert_str_eq(out.p, splits[_i].joined);
	ck_assert(!sdi_str_split(&rest, ',', &part));
	sdi_buf_release(&out);
}
END_TEST

START_TEST(str_views)
{
	struct sdi_str s = SDI_STR(" \t ab \r\n"), none = { 0 };
	ck_assert(sdi_str_is(sdi_str_trim(s), "ab"));
	ck_assert(sdi_str_is(sdi_str_trim(SDI_STR(" \n")), ""));
	ck_assert(sdi_str_is(sdi_str_trim(none), ""));
	ck_assert(sdi_str_is(sdi_str_from(SDI_STR("abc"), 1), "bc"));
	ck_assert(sdi_str_is(sdi_str_from(SDI_STR("abc"), 9), ""));
	ck_assert(sdi_str_is(sdi_str_from(none, 1), ""));
	ck_assert(sdi_str_is(sdi_str_head(SDI_STR("abc"), 2), "ab"));
	ck_assert(sdi_str_is(sdi_str_head(SDI_STR("abc"), 9), "abc"));
	ck_assert_int_eq(sdi_str_find(SDI_STR("abcb"), 'b'), 1);
	ck_assert_int_eq(sdi_str_find(SDI_STR("a\0b"), 'b'), 2);
	ck_assert_int_eq(sdi_str_find(SDI_STR("abc"), 'x'), -1);
	ck_assert_int_eq(sdi_str_find(none, 'x'), -1);
	ck_assert(sdi_str_eq(none, SDI_STR("")) && sdi_str_eq_nocase(none, SDI_STR("")));
	ck_assert(sdi_str_starts(none, none) && sdi_str_ends(none, none) && sdi_str_has(none, none));
	ck_assert_uint_eq(sdi_str_c(NULL).n, 0);
}
END_TEST

/* buf */

START_TEST(buf_grows)
{
	struct sdi_buf b;
	size_t n = 0;
	sdi_buf_init(&b, 1 << 20);
	for (unsigned i = 0; i < 1000; i++) {
		sdi_buf_uint(&b, i);
		sdi_buf_lit(&b, ",");
	}
	sdi_buf_printf(&b, "%s-%d", "end", 7);
	sdi_buf_uint(&b, UINT64_MAX);
	ck_assert(!b.failed);
	ck_assert(sdi_str_starts(sdi_buf_str(&b), SDI_STR("0,1,2,3,")));
	ck_assert(sdi_str_ends(sdi_buf_str(&b), SDI_STR("998,999,end-718446744073709551615")));
	char *text = sdi_buf_take(&b, &n);
	ck_assert_uint_eq(n, strlen(text));
	ck_assert(!b.p && !b.n && !b.failed);
	free(text);
	text = sdi_buf_take(&b, &n);
	ck_assert_str_eq(text, "");
	ck_assert_uint_eq(n, 0);
	free(text);
}
END_TEST

START_TEST(buf_ceiling)
{
	struct sdi_buf b;
	size_t n = 77;
	sdi_buf_init(&b, 5); /* a NUL counts */
	sdi_buf_lit(&b, "ab");
	sdi_buf_lit(&b, "cd");
	ck_assert(!b.failed);
	sdi_buf_printf(&b, "%s", "e");
	ck_assert(b.failed);
	sdi_buf_char(&b, 'f');
	ck_assert_str_eq(b.p, "abcd");
	ck_assert_ptr_null(sdi_buf_take(&b, &n));
	ck_assert_uint_eq(n, 77);
	sdi_buf_clear(&b);
	sdi_buf_lit(&b, "x");
	ck_assert(!b.failed);
	ck_assert_str_eq(b.p, "x");
	sdi_buf_release(&b);
}
END_TEST

START_TEST(buf_out_of_memory)
{
	struct sdi_buf b;
	sdi_buf_init(&b, 1000);
	b.wipe = _i;
	sdi_buf_lit(&b, "first");
	sdi_arena_fail_at = 1;
	for (int i = 0; i < 20; i++)
		sdi_buf_lit(&b, " and more");
	sdi_arena_fail_at = 0;
	ck_assert(b.failed);
	ck_assert(sdi_str_starts(sdi_buf_str(&b), SDI_STR("first and more")));
	sdi_buf_release(&b);
}
END_TEST

/* arena */

static bool all_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

START_TEST(arena_memory)
{
	struct sdi_arena a = { 0 };
	char *before = NULL;
	for (size_t n = 0; n < 5000; n += 37) {
		char *p = sdi_arena_alloc(&a, n);
		ck_assert(all_zero(p, n));
		if (n) {
			ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
			memset(p, 0xff, n);
		}
		before = p;
		struct sdi_str s = sdi_arena_copy(&a, sdi_str_make("textual", n % 8));
		ck_assert_uint_eq(s.n, n % 8);
		ck_assert_int_eq(s.p[s.n], 0);
		ck_assert_ptr_ne(s.p, before);
	}
	ck_assert_uint_ge(sdi_arena_bytes(&a), 5000);
	sdi_arena_clear(&a);
	char *again = sdi_arena_alloc(&a, 100);
	ck_assert(all_zero(again, 100));
	sdi_arena_release(&a);
	ck_assert_uint_eq(sdi_arena_bytes(&a), 0);
	sdi_arena_clear(&a);
	ck_assert_ptr_nonnull(sdi_arena_alloc(&a, 1));
	sdi_arena_release(&a);
}
END_TEST

START_TEST(arena_text)
{
	struct sdi_arena a = { 0 };
	ck_assert_str_eq(sdi_arena_lower(&a, SDI_STR("AbZ[`{\xc3\x84")).p, "abz[`{\xc3\x84");
	ck_assert_str_eq(sdi_arena_printf(&a, "%s:%u", "host", 80u).p, "host:80");
	ck_assert_str_eq(sdi_arena_copy(&a, (struct sdi_str){ 0 }).p, "");
	ck_assert_uint_eq(sdi_arena_copy(&a, SDI_STR("a\0b")).n, 3);
	sdi_arena_release(&a);
}
END_TEST

START_TEST(arena_exact_block)
{
	struct sdi_arena a = { .block_bytes = 64 };
	sdi_arena_alloc(&a, 48);
	sdi_arena_copy(&a, SDI_STR("15 bytes of txt"));
	size_t bytes = sdi_arena_bytes(&a);
	ck_assert_uint_lt(bytes, 64 + 64);
	sdi_arena_copy(&a, SDI_STR("x"));
	ck_assert_uint_gt(sdi_arena_bytes(&a), bytes);
	sdi_arena_release(&a);
}
END_TEST

START_TEST(arena_empty_array)
{
	struct sdi_arena a = { 0 };
	int *none = sdi_arena_array(&a, 0, int);
	int *some = sdi_arena_array(&a, 3, int);
	ck_assert_ptr_nonnull(none); /* NULL would read as out of memory */
	ck_assert_int_eq(some[2], 0);
	sdi_arena_release(&a);
}
END_TEST

static bool fills(struct sdi_arena *a)
{
	jmp_buf oom;
	if (setjmp(oom)) {
		a->oom = NULL;
		return false;
	}
	a->oom = &oom;
	for (int i = 0; i < 100; i++) {
		sdi_arena_array(a, 10, double);
		sdi_arena_printf(a, "%d", i);
	}
	a->oom = NULL;
	return true;
}

START_TEST(arena_out_of_memory)
{
	struct sdi_arena a = { .wipe = true };
	bool filled = false;
	for (long n = 1; !filled; n++) {
		ck_assert_int_lt(n, 100);
		sdi_arena_fail_at = n;
		filled = fills(&a);
		ck_assert(filled == (sdi_arena_fail_at > 0));
		sdi_arena_fail_at = 0;
		sdi_arena_release(&a);
	}
	sdi_arena_fail_at = 1;
	ck_assert_ptr_null(sdi_arena_alloc(&a, 10));
	sdi_arena_fail_at = 1;
	ck_assert_ptr_null(sdi_arena_copy(&a, SDI_STR("x")).p);
	ck_assert_ptr_null(sdi_arena_alloc(&a, SIZE_MAX));
	ck_assert_ptr_null(sdi_arena_array_(&a, SIZE_MAX / 2, 8));
	ck_assert_ptr_null(sdi_arena_copy(&a, sdi_str_make("", SIZE_MAX)).p);
	sdi_arena_release(&a);
}
END_TEST

START_TEST(arena_wipes)
{
	struct sdi_arena a = { .wipe = true, .block_bytes = 4096 };
	const char *secret = sdi_arena_copy(&a, SDI_STR("secret")).p;
	sdi_arena_clear(&a); /* keeps the block, so that looking is allowed */
	ck_assert(all_zero(secret, 6));
	sdi_arena_release(&a);
	ck_assert(a.wipe);
}
END_TEST

/* vec */

START_TEST(vec_push)
{
	struct sdi_arena a = { 0 };
	struct {
		SDI_VEC(int)
	} v = { 0 };
	for (int i = 0; i < 1000; i++)
		*sdi_vec_push(&v, &a) = i;
	ck_assert_uint_eq(v.n, 1000);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(v.p[i], i);
	sdi_arena_release(&a);
}
END_TEST

START_TEST(vec_out_of_memory)
{
	struct sdi_arena a = { 0 };
	struct {
		SDI_VEC(int)
	} v = { 0 };
	for (int i = 0; i < 4; i++)
		*sdi_vec_push(&v, &a) = i;
	a.at = a.end; /* the block is full */
	sdi_arena_fail_at = 1;
	ck_assert_ptr_null(sdi_vec_push(&v, &a));
	ck_assert_uint_eq(v.n, 4);
	ck_assert_int_eq(v.p[3], 3);
	sdi_arena_release(&a);
}
END_TEST

/* map */

START_TEST(map_many)
{
	struct sdi_arena a = { 0 };
	struct sdi_map m = { .arena = &a };
	ck_assert_ptr_null(sdi_map_get(&m, SDI_STR("nothing")));
	for (int round = 0; round < 2; round++)
		for (intptr_t i = 1; i <= 2000; i++) {
			struct sdi_str key = sdi_arena_printf(&a, "key-%ld", (long)i);
			void **slot = sdi_map_put(&m, key);
			ck_assert(round ? *slot == (void *)i : *slot == NULL);
			*slot = (void *)i;
		}
	ck_assert_uint_eq(m.n, 2000);
	ck_assert_ptr_eq(sdi_map_get(&m, SDI_STR("key-1234")), (void *)1234);
	ck_assert_ptr_null(sdi_map_get(&m, SDI_STR("key-2001")));
	*sdi_map_put(&m, (struct sdi_str){ 0 }) = &a;
	ck_assert_ptr_eq(sdi_map_get(&m, SDI_STR("")), &a);
	sdi_arena_release(&a);
}
END_TEST

START_TEST(map_out_of_memory)
{
	struct sdi_arena a = { 0 };
	struct sdi_map m = { .arena = &a };
	*sdi_map_put(&m, SDI_STR("0")) = &m;
	a.at = a.end;
	for (int i = 1; i < 12; i++)
		ck_assert_ptr_nonnull(sdi_map_put(&m, sdi_str_make("123456789abcdef", (size_t)i)));
	sdi_arena_fail_at = 1;
	ck_assert_ptr_null(sdi_map_put(&m, SDI_STR("one too many")));
	ck_assert_ptr_eq(sdi_map_get(&m, SDI_STR("0")), &m);
	sdi_arena_release(&a);
}
END_TEST

START_TEST(hash_is_fixed)
{
	ck_assert_uint_eq(sdi_hash(SDI_STR("a")), sdi_hash(sdi_str_make("ab", 1)));
	ck_assert_uint_ne(sdi_hash(SDI_STR("a")), sdi_hash(SDI_STR("b")));
	ck_assert_uint_ne(sdi_hash(SDI_STR("")), sdi_hash(SDI_STR("\0")));
}
END_TEST

static void free_text(char **p)
{
	free(*p);
	*p = NULL;
}

START_TEST(auto_take)
{
	sdi_auto(free_text) char *kept = sdi_malloc(3);
	char *taken = sdi_take(&kept);
	ck_assert_ptr_null(kept);
	ck_assert_ptr_nonnull(taken);
	free(taken);
}
END_TEST

static const struct {
	const char *a, *b;
	size_t want;
} distances[] = {
	{ "", "", 0 }, { "abc", "abc", 0 }, { "abc", "", 3 }, { "abc", "abd", 1 }, { "abc", "ac", 1 }, { "ac", "abc", 1 },
	{ "ab", "ba", 2 }, { "kitten", "Sitting", 3 }, { "ABC", "abc", 0 },
	{ "12345678901234567890123456789012345678901234567890123456789012345", "x", SIZE_MAX },
};

START_TEST(distance)
{
	ck_assert_uint_eq(sdi_str_distance(sdi_str_c(distances[_i].a), sdi_str_c(distances[_i].b)), distances[_i].want);
}
END_TEST

Suite *sdi_suite_base(void)
{
	Suite *suite = suite_create("base");
	TCase *tc = tcase_create("base");
	tcase_add_loop_test(tc, distance, 0, N(distances));
	tcase_add_loop_test(tc, str_pairs, 0, N(pairs));
	tcase_add_loop_test(tc, str_split, 0, N(splits));
	tcase_add_test(tc, str_views);
	tcase_add_test(tc, buf_grows);
	tcase_add_test(tc, buf_ceiling);
	tcase_add_loop_test(tc, buf_out_of_memory, 0, 2);
	tcase_add_test(tc, arena_memory);
	tcase_add_test(tc, arena_text);
	tcase_add_test(tc, arena_exact_block);
	tcase_add_test(tc, arena_empty_array);
	tcase_add_test(tc, arena_out_of_memory);
	tcase_add_test(tc, arena_wipes);
	tcase_add_test(tc, vec_push);
	tcase_add_test(tc, vec_out_of_memory);
	tcase_add_test(tc, map_many);
	tcase_add_test(tc, map_out_of_memory);
	tcase_add_test(tc, hash_is_fixed);
	tcase_add_test(tc, auto_take);
	suite_add_tcase(suite, tc);
	return suite;
}
