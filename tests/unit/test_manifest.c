/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "tree.h"
#include "base/limits.h"
#include "source/manifest.h"

struct input {
	struct sdi_str text;
	size_t piece;  /* how many bytes arrive at a time; 0: all */
	size_t cut;    /* or those before here, then the rest */
	size_t copies; /* how often the text comes; 0: once */
	size_t at;
	long end;      /* what comes at the end */
};

static long read_input(void *arg, char *buffer, size_t n)
{
	struct input *in = arg;
	size_t total = in->text.n * (in->copies ? in->copies : 1), got = 0;
	if (in->piece && n > in->piece)
		n = in->piece;
	if (in->at < in->cut && n > in->cut - in->at)
		n = in->cut - in->at;
	while (got < n && in->at < total) {
		struct sdi_str rest = sdi_str_from(in->text, in->at % in->text.n);
		size_t part = rest.n < n - got ? rest.n : n - got;
		memcpy(buffer + got, rest.p, part);
		got += part;
		in->at += part;
	}
	return got ? (long)got : in->end;
}

static bool take(void *arg, const struct sdi_node *item, struct sdi_origin origin)
{
	struct sdi_buf *out = arg;
	ck_assert_str_eq(origin.file, "in");
	sdi_buf_printf(out, "%u:%u ", origin.line, origin.column);
	tree_add(out, item, false);
	sdi_buf_char(out, '\n');
	return !out->failed;
}

static bool count(void *arg, const struct sdi_node *item, struct sdi_origin origin)
{
	(void)item;
	(void)origin;
	++*(size_t *)arg;
	return true;
}

static enum sdi_status run(struct input *in, struct sdi_diags *diags, sdi_manifest_fn *fn, void *arg)
{
	struct sdi_arena scratch = { 0 };
	struct sdi_diag_ctx ctx = { diags, { .kind = "", .origin = { "in", 0, 0 } }, &scratch };
	enum sdi_status st = sdi_manifest_read(read_input, in, &ctx, fn, arg);
	sdi_arena_release(&scratch);
	return st;
}

/* Items, then diagnostics, then the status if it is not SDI_OK, a line each. */
static void describe(struct input *in, struct sdi_buf *out)
{
	struct sdi_diags *diags = sdi_diags_new();
	sdi_buf_init(out, 1 << 20);
	enum sdi_status st = run(in, diags, take, out);
	for (size_t i = 0; i < sdi_diags_count(diags); i++) {
		const struct sdi_diag *d = sdi_diags_get(diags, i);
		sdi_buf_printf(out, "! %u:%u %s\n", sdi_diag_line(d), sdi_diag_column(d), sdi_diag_reason(d));
	}
	if (st != SDI_OK)
		sdi_buf_printf(out, "= %s\n", sdi_status_text(st));
	sdi_buf_lit(out, "");
	sdi_diags_free(diags);
}

#define BAD_END "= the input could not be read\n"

static const struct {
	const char *in, *want;
} cases[] = {
	{ "", "" },
	{ " \n\n# only a comment\n---\n...\n---\n# more\n", "" },
	/* JSON: values in sequence */
	{ "{\"a\":1}", "1:1 {a:1}\n" },
	{ "{\"a\":1}{\"b\":2}\n {\"c\":3}\n", "1:1 {a:1}\n1:8 {b:2}\n2:2 {c:3}\n" },
	{ "{\"a\":1}\n---\n{\"b\":2}\n---\nc: 3\n", "1:1 {a:1}\n3:1 {b:2}\n5:1 {c:3}\n" },
	{ "--- {\"a\":1}\n--- # x\n{\"b\":2} # y\n", "1:5 {a:1}\n3:1 {b:2}\n" },
	{ "[{\"a\":1},\n {\"b\":2}] [] [[{\"c\":3}]]", "1:2 {a:1}\n2:2 {b:2}\n2:15 {c:3}\n" },
	{ "\xef\xbb\xbf{\"a\":1}\r\n{\"b\":2}\r\n", "1:1 {a:1}\n2:1 {b:2}\n" },
	{ "{\"a\":\"}\\\"{\\\\\"}{\"b\":2}", "1:1 {a:\"}\"{\\\"}\n1:15 {b:2}\n" },
	/* JSON: lists, with their fields before and after */
	{ "{\"kind\":\"List\",\"items\":[{\"a\":1},{\"b\":2}]}", "1:25 {a:1}\n1:33 {b:2}\n" },
	{ "{\"items\":\n[\n {\"a\":1}\n,\n {\"b\":2}\n]\n,\"metadata\":{\"x\":[]},\"kind\":\"List\"}{\"c\":3}",
	  "3:2 {a:1}\n5:2 {b:2}\n7:36 {c:3}\n" },
	{ "{\"items\":[]}{\"a\":1}", "1:13 {a:1}\n" },
	{ "{\"items\":[{\"kind\":\"List\",\"items\":[{\"a\":1}]},{\"b\":2}]}", "1:11 {a:1}\n1:45 {b:2}\n" },
	{ "{\"items\":null,\"kind\":\"PodList\"}{\"items\":{},\"a\":1}", "1:32 {items:{},a:1}\n" },
	{ "{\"kind\":\"XList\",\"apiVersion\":\"v1\",\"items\":[{\"a\":1},{\"kind\":\"Y\"}]}{\"b\":1}",
	  "1:44 {kind:\"X\",apiVersion:\"v1\",a:1}\n1:52 {apiVersion:\"v1\",kind:\"Y\"}\n1:66 {b:1}\n" },
	/* JSON: what is cut */
	{ "{\"metadata\":{\"managedFields\":[{\"a\":\"]}\"}],\"name\":\"n\",\"ownerReferences\":[]},\"status\":{}}",
	  "1:1 {metadata:{name:\"n\"}}\n" },
	{ "{\"status\":1,\"a\":2,\"status\":3,\"status\":4}", "1:1 {a:2}\n" },
	{ "{\"status\":1,\"status\":2}", "1:1 {}\n" },
	{ "{ \"metadata\" : { \"annotations\" : { \"a\" : \"b\" ,\n "
	  "\"kubectl.kubernetes.io/last-applied-configuration\" : \"{\\\"x\\\":1}\\n\" } , \"managedFields\":[] } }",
	  "1:1 {metadata:{annotations:{a:\"b\"}}}\n" },
	{ "{\"spec\":{\"status\":1,\"metadata\":{\"managedFields\":1}}}",
	  "1:1 {spec:{status:1,metadata:{managedFields:1}}}\n" },
	{ "{\"metadata\":5,\"status\" 1}", "! 1:24 syntax\n" },
	/* JSON: mistakes, and what still comes */
	{ "[{\"a\":1},\n{\"b\":\"\\u0000\"},\n{\"c\":\"\\ud800\"},\n{\"d\":99999999999999999999},{\"e\":1}]",
	  "1:2 {a:1}\n4:28 {e:1}\n! 2:7 syntax\n! 3:7 syntax\n! 4:6 syntax\n" },
	{ "[{\"a\":1} {\"b\":2},,{\"c\":3},]",
	  "1:2 {a:1}\n1:10 {b:2}\n1:19 {c:3}\n! 1:10 syntax\n! 1:18 syntax\n! 1:27 syntax\n" },
	{ "[1,\"x\",{\"a\":1}]", "1:8 {a:1}\n! 1:2 syntax\n! 1:4 syntax\n" },
	{ "{\"status\":{},\n\"metadata\":{\"managedFields\":[]},\"b\":x}", "! 2:37 syntax\n" },
	{ "{\"items\":[{\"a\":1},{\"b\":", "1:11 {a:1}\n! 1:19 syntax\n" BAD_END },
	{ "{\"items\":[{\"a\":1}", "1:11 {a:1}\n! 1:1 syntax\n" BAD_END },
	{ "{\"items\":[{\"a\":1}],", "1:11 {a:1}\n! 1:1 syntax\n" BAD_END },
	{ "{\"a\":1\n{\"b\":2}\n", "2:1 {b:2}\n! 1:1 syntax\n" },
	{ "{\"items\":[{\"a\":1}}\n{\"b\":2}\n", "1:11 {a:1}\n2:1 {b:2}\n! 1:18 syntax\n" },
	{ "{\"items\":[{\"a\":1}]x}", "1:11 {a:1}\n! 1:19 syntax\n" },
	{ "{\"x\" \"items\":[{\"a\":1}]}", "! 1:6 syntax\n" },
	{ "{\"a\":1} x\n---\nb: 2\n", "1:1 {a:1}\n3:1 {b:2}\n! 1:9 syntax\n" },
	{ "{\"a\":1}x\n{\"a\":2}x\n{\"a\":3}\n", "1:1 {a:1}\n2:1 {a:2}\n3:1 {a:3}\n! 1:8 syntax\n! 2:8 syntax\n" },
	{ "\xff\xfe{\0", "! 1:1 syntax\n" BAD_END },
	/* YAML: documents */
	{ "a: 1\n", "1:1 {a:1}\n" },
	{ "a: 1\n---\nb: 2\n...\n\n---\n---\n# c\nc: 3", "1:1 {a:1}\n3:1 {b:2}\n9:1 {c:3}\n" },
	{ "%YAML 1.1\n# x\n---\na: 1\n...\n%YAML 1.1\n---\nb: 2\n", "4:1 {a:1}\n8:1 {b:2}\n" },
	{ "\xef\xbb\xbf" "a: 1\r\n---\r\nb:\r\n- 2\r\n", "1:1 {a:1}\n3:1 {b:[2]}\n" },
	{ "  a: 1\n  b: 2\n", "1:3 {a:1,b:2}\n" },
	{ "{a: 1}\n---\n{b: 2}\n--- {c: 3}\n", "1:1 {a:1}\n3:1 {b:2}\n4:5 {c:3}\n" },
	{ "--- |\n items:\n - a\n--- |\nitems:\n- a\n", "! 1:5 syntax\n! 5:1 syntax\n" },
	{ "a: |\n  ---\n  x\nb: \"\n  ---\"\n---x: 1\n", "1:1 {a:\"---\nx\n\",b:\" ---\",---x:1}\n" },
	{ "a: |\n  x\n---\nb: 2\n", "1:1 {a:\"x\n\"}\n4:1 {b:2}\n" }, /* 9.1.2: it ends the document there too */
	{ "a: 1\n b: 2\n---\nc: 3\n", "4:1 {c:3}\n! 2:3 syntax\n" },
	{ "- a: 1\n- b: 2\n", "1:3 {a:1}\n2:3 {b:2}\n" },
	{ "--- 5\n---\ntext\n", "! 1:5 syntax\n! 3:1 syntax\n" },
	/* YAML: lists */
	{ "kind: List\nitems:\n- a: 1\n- b: 2\n", "3:3 {a:1}\n4:3 {b:2}\n" },
	{ "items:\n- a: 1\n  x:\n  - v\n# c\n-\n  b: 2\n\nkind: List\n---\nc: 3\n",
	  "2:3 {a:1,x:[\"v\"]}\n7:3 {b:2}\n11:1 {c:3}\n" },
	{ "items: # these\n\n  - a: 1\n    x:\n    - v\n  # c\n  - b: 2\nmetadata: {}\n",
	  "3:5 {a:1,x:[\"v\"]}\n7:5 {b:2}\n" },
	{ "items:\r\n- a: 1\r\n- b: |\r\n    - x\r\n   \r\nkind: List\r\n", "2:3 {a:1}\n3:3 {b:\"- x\n\"}\n" },
	{ "items: []\n---\nitems:\nkind: List\n---\nkind: List\n", "" },
	{ "items: [{a: 1},\n {b: 2}]\nkind: List\n", "1:9 {a:1}\n2:2 {b:2}\n" },
	{ "\"items\":\n- a: 1\n", "2:3 {a:1}\n" },
	{ "items:\n- {a: 1,\n  b: 2}\n- - c: 3\n  - d: 4\n- 'x'\n", "2:3 {a:1,b:2}\n4:5 {c:3}\n5:5 {d:4}\n! 6:3 syntax\n" },
	{ "items:\n- a: &x {p: 1}\n- b: *x\n- <<: *x\n", "2:3 {a:{p:1}}\n3:3 {b:{p:1}}\n4:3 {p:1}\n" },
	{ "kind: XList\napiVersion: v1\nitems:\n- a: 1\n---\nb: 2\n",
	  "4:3 {kind:\"X\",apiVersion:\"v1\",a:1}\n6:1 {b:2}\n" },
	{ "items:\n- kind: List\n  items:\n  - a: 1\n- b: 2\n", "4:5 {a:1}\n5:3 {b:2}\n" },
	{ "x: \"\nitems:\n- a\"\n", "1:1 {x:\" items: - a\"}\n" },
	{ "items:\n  a: 1\n", "1:1 {items:{a:1}}\n" },
	/* YAML: what is cut; lines stay as they are */
	{ "status:\n  a: 1\nmetadata:\n  managedFields:\n  - a: 1\n    b: 2\n\n  - c\n  name: m\n  ownerReferences: []\nspec: 1\n",
	  "3:1 {metadata:{name:\"m\"},spec:1}\n" },
	{ "items:\n- metadata:\n    annotations:\n      x: |+\n        y\n\n      kubectl.kubernetes.io/last-applied-configuration: |\n"
	  "        {\"status\":\n\n        }\n      z: w\n    name: m\n  status: {}\n- b: @\n",
	  "2:3 {metadata:{annotations:{x:\"y\n\n\",z:\"w\"},name:\"m\"}}\n! 14:6 syntax\n" },
	{ "a: |\n  status: 1\nspec:\n  status: 2\n", "1:1 {a:\"status: 1\n\",spec:{status:2}}\n" },
	{ "metadata: {managedFields: 1}\nx: &s 1\nstatus: &t 2\nw: *t\n",
	  "1:1 {metadata:{managedFields:1},x:1,status:2,w:2}\n" },
	{ "{a: 1,\nstatus: 2}\n", "1:1 {a:1,status:2}\n" },
	{ "---\nstatus: 2\n# x\n  # y\na: 1\n", "5:1 {a:1}\n" },
	/* YAML: mistakes, and what still comes */
	{ "items:\n- a: 1\n- b: 1\n   c: 2\n- d: \"\\0\"\n- e: 5\n", "2:3 {a:1}\n6:3 {e:5}\n! 4:5 syntax\n! 5:6 syntax\n" },
	{ "items:\n- a: 1\nspec:\n  x:\n- b: 2\n- c: 3\nkind: List\n", "2:3 {a:1}\n5:3 {b:2}\n6:3 {c:3}\n! 5:1 syntax\n" },
	{ "items:\n- a: 1\nfoo:\n- b: 2\n", "2:3 {a:1}\n" },
	{ "items:\n- a: \"1\n- b: 2\n---\nc: 3\n", "3:3 {b:2}\n5:1 {c:3}\n! 3:1 syntax\n" },
	{ "x: [\nitems:\n- a: 1\n", "3:3 {a:1}\n! 2:1 syntax\n" },
	{ "a: \xff\n---\nb: 2\n", "3:1 {b:2}\n! 1:4 syntax\n" },
};

START_TEST(reads)
{
	struct input in = { .text = sdi_str_c(cases[_i].in) };
	struct sdi_buf out;
	describe(&in, &out);
	ck_assert_str_eq(out.p ? out.p : "", cases[_i].want);
	sdi_buf_release(&out);
}
END_TEST

/* However it arrives, the same comes out. */
START_TEST(pieces)
{
	struct sdi_str text = sdi_str_c(cases[_i].in);
	struct input in = { .text = text };
	struct sdi_buf want, got;
	describe(&in, &want);
	for (size_t i = 0; i < text.n + 2; i++) {
		in = (struct input){ .text = text, .piece = i == 0 ? 1 : i == 1 ? 7 : 0, .cut = i > 1 ? i - 1 : 0 };
		describe(&in, &got);
		ck_assert(sdi_str_eq(sdi_buf_str(&got), sdi_buf_str(&want)));
		sdi_buf_release(&got);
	}
	sdi_buf_release(&want);
}
END_TEST

/* The same wherever it is in the window on the input: a long comment moves it across the window's end. */
START_TEST(window)
{
	enum { WINDOW = 256 * 1024 };
	struct sdi_str text = sdi_str_c(cases[_i].in);
	struct sdi_buf all, got, want;
	sdi_buf_init(&all, 2 * WINDOW);
	if (sdi_str_starts(text, SDI_STR("\xef")) || sdi_str_starts(text, SDI_STR("\xff")))
		return;
	sdi_buf_printf(&all, "%*s\n", WINDOW, "");
	memset(all.p, '#', WINDOW);
	sdi_buf_add(&all, text);
	struct input in = { .text = sdi_str_from(sdi_buf_str(&all), WINDOW) };
	describe(&in, &want);
	for (size_t i = 0; i <= text.n + 2; i += 1 + text.n / 8) {
		in = (struct input){ .text = sdi_str_from(sdi_buf_str(&all), i) };
		describe(&in, &got);
		ck_assert_msg(sdi_str_eq(sdi_buf_str(&got), sdi_buf_str(&want)), "%s", got.p);
		sdi_buf_release(&got);
	}
	sdi_buf_release(&want);
	sdi_buf_release(&all);
}
END_TEST

START_TEST(out_of_memory)
{
	struct input in;
	enum sdi_status st = SDI_ENOMEM;
	size_t taken;
	for (long n = 1; st == SDI_ENOMEM; n++) {
		ck_assert_int_lt(n, 10000);
		in = (struct input){ .text = sdi_str_c(cases[_i].in) };
		taken = 0;
		sdi_arena_fail_at = n;
		st = run(&in, NULL, count, &taken);
		bool failed = !sdi_arena_fail_at;
		sdi_arena_fail_at = 0;
		ck_assert((st == SDI_ENOMEM) == failed);
	}
}
END_TEST

/* An item over the limit is skipped, in memory that does not grow with it; its neighbours come. */
static const struct {
	const char *before, *filler, *after;
} giants[] = {
	{ "{\"items\":[{\"a\":1},{\"b\":\"", "xxxxxxx\\", "\"},{\"c\":3}]}" },
	{ "{\"a\":1}{\"b\":[\"", "]\",\"", "\"]}{\"c\":3}" },
	{ "a: 1\n---\nb:\n", "- x\n", "---\nc: 3\n" },
	{ "a: 1\n---\nb: \"", "x", "\"\n---\nc: 3\n" },
	{ "items:\n- a: 1\n- b:\n", "  - x\n", "- c: 3\n" },
	{ "items:\n- a: 1\n- b: |\n   ", "xxxx", "\n- c: 3\n" },
};

static long read_parts(void *arg, char *buffer, size_t n)
{
	struct input *parts = arg;
	long got = 0;
	for (int i = 0; i < 3 && !got; i++)
		got = read_input(&parts[i], buffer, n);
	return got;
}

START_TEST(giant)
{
	struct sdi_str filler = sdi_str_c(giants[_i].filler);
	if (sdi_str_ends(filler, SDI_STR("\\")))
		filler = SDI_STR("xxxxxxx\\\\");
	struct input parts[] = {
		{ .text = sdi_str_c(giants[_i].before) },
		{ .text = filler, .copies = SDI_LIMIT_ITEM_BYTES / filler.n + 10 },
		{ .text = sdi_str_c(giants[_i].after) },
	};
	struct sdi_arena scratch = { 0 };
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_diag_ctx ctx = { diags, { .kind = "", .origin = { "in", 0, 0 } }, &scratch };
	size_t taken = 0;
	ck_assert_int_eq(sdi_manifest_read(read_parts, parts, &ctx, count, &taken), SDI_OK);
	ck_assert_uint_eq(taken, 2);
	ck_assert_uint_eq(sdi_diags_count(diags), 1);
	ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "limit");
	sdi_diags_free(diags);
	sdi_arena_release(&scratch);
}
END_TEST

/* Long input slides through the window; lines stay right. */
START_TEST(long_input)
{
	static const char *const texts[] = { "{\"a\":\"b\"}\n", "---\na: b\n", "{\"items\":[{\"a\":1},\n{\"b\":2}]}\n",
		                             "---\nitems:\n- a: 1\n- b: 2\n" };
	static const size_t items[] = { 1, 1, 2, 2 }, lines[] = { 1, 2, 2, 4 };
	enum { COPIES = 30000 };
	struct input in = { .text = sdi_str_c(texts[_i]), .copies = COPIES };
	struct sdi_buf out;
	sdi_buf_init(&out, 1 << 24);
	ck_assert_int_eq(run(&in, NULL, take, &out), SDI_OK);
	size_t n = 0, last = 0;
	for (size_t i = 0; i < out.n; i++)
		if (out.p[i] == '\n') {
			n++;
			last = i + 1 < out.n ? i + 1 : last;
		}
	ck_assert_uint_eq(n, items[_i] * COPIES);
	ck_assert_uint_eq(strtoul(out.p + last, NULL, 10), lines[_i] * COPIES);
	sdi_buf_release(&out);
}
END_TEST

static bool refuse(void *arg, const struct sdi_node *item, struct sdi_origin origin)
{
	count(arg, item, origin);
	return false;
}

START_TEST(stops)
{
	size_t taken = 0;
	struct input in = { .text = SDI_STR("{\"a\":1}{\"b\":2}") };
	ck_assert_int_eq(run(&in, NULL, refuse, &taken), SDI_ENOMEM);
	ck_assert_uint_eq(taken, 1);
	static const char *const texts[] = { "", "{\"a\":1}{", "[{\"a\":1}", "{\"items\":[]", "a: 1\n",
		                             "items:\n- a", "# x", "--", "items:\n" };
	for (int i = 0; i < N(texts); i++) {
		in = (struct input){ .text = sdi_str_c(texts[i]), .end = -1 };
		ck_assert_int_eq(run(&in, NULL, count, &taken), SDI_ESTOP);
	}
}
END_TEST

Suite *sdi_suite_manifest(void)
{
	Suite *s = suite_create("manifest");
	TCase *tc = tcase_create("manifest");
	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, reads, 0, N(cases));
	tcase_add_loop_test(tc, pieces, 0, N(cases));
	tcase_add_loop_test(tc, window, 0, N(cases));
	tcase_add_loop_test(tc, out_of_memory, 0, N(cases));
	tcase_add_loop_test(tc, giant, 0, N(giants));
	tcase_add_loop_test(tc, long_input, 0, 4);
	tcase_add_test(tc, stops);
	suite_add_tcase(s, tc);
	return s;
}
