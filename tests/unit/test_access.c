/* SPDX-License-Identifier: BSD-3-Clause */
/* Address ranges and password hashes, as they are read and printed anew. */
#include "suites.h"
#include "base/buf.h"
#include "base/cidr.h"
#include "translate/passwords.h"

static const struct {
	const char *in, *want; /* want NULL: refused */
} cidrs[] = {
	{ "10.0.0.0/8", "10.0.0.0/8" },
	{ "10.1.2.3/8", "10.0.0.0/8" },
	{ "10.1.2.3", "10.1.2.3" },
	{ "10.1.2.3/32", "10.1.2.3" },
	{ "0.0.0.0/0", "0.0.0.0/0" },
	{ "255.255.255.255/1", "128.0.0.0/1" },
	{ "::/0", "::/0" },
	{ "2001:DB8::1/33", "2001:db8::/33" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "2001:db8:0:0:0:0:0:1/128", "2001:db8::1" },
	{ "::ffff:10.1.2.3", "10.1.2.3" },
	{ "::ffff:10.1.2.3/104", "10.0.0.0/8" },
	{ "::ffff:0:0/96", "0.0.0.0/0" },
	{ "::ffff:0:0/95", "::fffe:0:0/95" },
	{ "", NULL },
	{ "/8", NULL },
	{ "10.0.0.0/", NULL },
	{ "10.0.0.0/33", NULL },
	{ "10.0.0.0/-1", NULL },
	{ "10.0.0.0/+8", NULL },
	{ "10.0.0.0/08", NULL },
	{ "10.0.0.0/8/8", NULL },
	{ "10.0.0.0/8 ", NULL },
	{ " 10.0.0.0", NULL },
	{ "10.0.0", NULL },
	{ "010.0.0.1", NULL },
	{ "0x0a.0.0.1", NULL },
	{ "10.0.0.256", NULL },
	{ "0.0.0.0/0;", NULL },
	{ "::/129", NULL },
	{ "::/4294967297", NULL },
	{ "fe80::1%eth0", NULL },
	{ "[::1]", NULL },
	{ "localhost", NULL },
	{ "1111:2222:3333:4444:5555:6666:255.255.255.2555", NULL },
};

START_TEST(cidr)
{
	struct sdi_cidr got;
	char text[SDI_CIDR_TEXT] = "";
	bool fine = sdi_cidr_parse(sdi_str_c(cidrs[_i].in), &got);
	ck_assert_msg(fine == (cidrs[_i].want != NULL), "%s", cidrs[_i].in);
	if (!fine)
		return;
	sdi_cidr_print(&got, text);
	ck_assert_str_eq(text, cidrs[_i].want);
}
END_TEST

START_TEST(cidr_nul)
{
	struct sdi_cidr got;
	ck_assert(!sdi_cidr_parse(SDI_STR("10.0.0.1\0"), &got));
	ck_assert(!sdi_cidr_parse(SDI_STR("10.0.0.1\0/8"), &got));
}
END_TEST

#define SHA "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="
#define SALTED "{SSHA}1G904nLkTkGWjKNnQuB/hpWXC/hzYWx0c2FsdA=="
#define SHA512 "ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG."
#define SHA256 "0123456789012345678901234567890123456789012"
#define MD5 "cHJi5PXp/ki/ktXzqlk6I1"
#define BCRYPT "abcdefghijklmnopqrstuuK1x2t1ZWLUOwAoC6sPUqKXVsq5cQsuS"

static const struct {
	const char *in, *want; /* "NAME:HASH NAME:HASH" as NGINX gets it */
	unsigned refused;
} files[] = {
	{ "", "", 0 },
	{ "\n# a comment\n  \n\r\n", "", 0 },
	{ "b:" SHA "\na:" SHA "\n", "a:" SHA " b:" SHA, 0 },
	{ "a:" SHA "\r\nb:" SALTED, "a:" SHA " b:" SALTED, 0 },
	{ "a:" SHA "\na:" SALTED, "a:" SHA, 0 },
	{ "a:" SHA ":more:fields", "a:" SHA, 0 },
	{ "a:{PLAIN}secret", "a:" SHA, 0 },
	{ "a:{PLAIN}", "a:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=", 0 },
	{ "a:$1$abcdefgh$" MD5, "a:$1$abcdefgh$" MD5, 0 },
	{ "a:$apr1$abcdefgh$" MD5, "a:$apr1$abcdefgh$" MD5, 0 },
	{ "a:$5$s$" SHA256, "a:$5$s$" SHA256, 0 },
	{ "a:$6$rounds=50000$s$" SHA512, "a:$6$rounds=50000$s$" SHA512, 0 },
	{ "a:$2y$14$" BCRYPT, "a:$2y$14$" BCRYPT, 0 },
	{ "a:abcdefghijklm", "a:abcdefghijklm", 0 },
	{ "a", "", 1 },
	{ "a:", "", 1 },
	{ ":" SHA, "", 1 },
	{ "a b:" SHA, "a b:" SHA, 0 },
	{ "a\tb:" SHA, "", 1 },
	{ "a:" SHA " ", "", 1 },
	{ "a:{SHA}5en6G6MezRroT3XKqkdPOmY/Bf==", "", 1 },
	{ "a:{SHA}5en6G6MezRroT3XKqkdPOmY=", "", 1 },
	{ "a:{SHA}5en6G6MezRroT3XKqkdPOmY/Bf;=", "", 1 },
	{ "a:{SSHA}AAAA", "", 1 },
	{ "a:{MD5}AAAA", "", 1 },
	{ "a:$1$$" MD5, "", 1 },
	{ "a:$1$abcdefghi$" MD5, "", 1 },
	{ "a:$1$abc'efgh$" MD5, "", 1 },
	{ "a:$apr1$abcdefgh$" MD5 "x", "", 1 },
	{ "a:$6$rounds=50001$s$" SHA512, "", 1 },
	{ "a:$6$rounds=999$s$" SHA512, "", 1 },
	{ "a:$6$rounds=05000$s$" SHA512, "", 1 },
	{ "a:$6$rounds=$s$" SHA512, "", 1 },
	{ "a:$2y$15$" BCRYPT, "", 1 },
	{ "a:$2y$31$" BCRYPT, "", 1 },
	{ "a:$2y$03$" BCRYPT, "", 1 },
	{ "a:$2x$05$" BCRYPT, "", 1 },
	{ "a:$2y$5$" BCRYPT, "", 1 },
	{ "a:$y$j9T$abc$def", "", 1 },
	{ "a:*", "", 1 },
	{ "x\n" "a:" SHA "\ny:z", "a:" SHA, 2 },
};

/* "NAME:HASH NAME:HASH" */
static void print_users(const struct sdi_passwords *found, struct sdi_buf *ret)
{
	for (size_t i = 0; i < found->n; i++)
		sdi_buf_printf(ret, "%s%.*s:%.*s", i ? " " : "", SDI_STR_ARG(found->users[i].name),
		               SDI_STR_ARG(found->users[i].hash));
}

START_TEST(file)
{
	struct sdi_arena arena = { 0 };
	struct sdi_buf got;
	const struct sdi_secret_bytes bytes = { files[_i].in, strlen(files[_i].in) };
	sdi_buf_init(&got, 1 << 16);
	struct sdi_passwords found = sdi_passwords_of_file(&arena, &bytes, NULL);
	print_users(&found, &got);
	ck_assert_msg(sdi_str_is(sdi_buf_str(&got), files[_i].want), "%s\ngives %.*s", files[_i].in, (int)got.n, got.p);
	ck_assert_msg(found.refused == files[_i].refused, "%s: %zu refused", files[_i].in, found.refused);
	sdi_buf_release(&got);
	sdi_arena_release(&arena);
}
END_TEST

#define HA1 "0123456789abcdef0123456789abcdef"

/* Of the realm "a b". */
static const struct {
	const char *in, *want;
	unsigned refused, elsewhere;
} digests[] = {
	{ "", "", 0, 0 },
	{ "# a comment\n\n", "", 0, 0 },
	{ "u:a b:" HA1 "\r\n", "u:" HA1, 0, 0 },
	{ "z:a b:" HA1 "\nu:a b:" HA1, "u:" HA1 " z:" HA1, 0, 0 },
	{ "u:other:" HA1 "\nu:a b:" HA1 "\nu:a b:00000000000000000000000000000000", "u:" HA1, 0, 1 },
	{ "u::" HA1, "", 0, 1 },
	{ "u:a b:" HA1 ":x", "", 1, 0 },
	{ "u:a b:" HA1 "0", "", 1, 0 },
	{ "u:a b:" HA1 " ", "", 1, 0 },
	{ "u:a b:0123456789ABCDEF0123456789abcdef", "", 1, 0 },
	{ "u:a b:0123456789abcdef0123456789abcde", "", 1, 0 },
	{ "u:a b", "", 1, 0 },
	{ "u:" HA1, "", 1, 0 },
	{ "u:" SHA "\nv:$apr1$abcdefgh$" MD5, "", 2, 0 },
	{ ":a b:" HA1, "", 1, 0 },
	{ "u\tv:a b:" HA1, "", 1, 0 },
	{ "u\" \\'%[src]{$:a b:" HA1, "u\" \\'%[src]{$:" HA1, 0, 0 },
};

START_TEST(digest)
{
	struct sdi_arena arena = { 0 };
	struct sdi_buf got;
	const struct sdi_str realm = SDI_STR("a b");
	const struct sdi_secret_bytes bytes = { digests[_i].in, strlen(digests[_i].in) };
	sdi_buf_init(&got, 1 << 16);
	struct sdi_passwords found = sdi_passwords_of_file(&arena, &bytes, &realm);
	print_users(&found, &got);
	ck_assert_msg(sdi_str_is(sdi_buf_str(&got), digests[_i].want), "%s\ngives %.*s", digests[_i].in, (int)got.n,
	              got.p);
	ck_assert_uint_eq(found.refused, digests[_i].refused);
	ck_assert_uint_eq(found.elsewhere, digests[_i].elsewhere);
	sdi_buf_release(&got);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(map)
{
	struct sdi_arena arena = { 0 };
	struct sdi_secret_item items[] = {
		{ SDI_STR_INIT("a"), { SHA "\n", sizeof(SHA) }, false },
		{ SDI_STR_INIT("b"), { SHA "\nc:" SHA, 2 * sizeof(SHA) + 1 }, false },
		{ SDI_STR_INIT("d"), { "", 0 }, true },
		{ SDI_STR_INIT("e"), { "{PLAIN}secret", 13 }, false },
	};
	struct sdi_secret secret = { .items = items, .n_items = sizeof(items) / sizeof(items[0]) };
	struct sdi_passwords found = sdi_passwords_of_map(&arena, &secret, NULL);
	ck_assert_uint_eq(found.n, 2);
	ck_assert_uint_eq(found.refused, 2);
	ck_assert(sdi_str_is(found.users[0].name, "a") && sdi_str_is(found.users[0].hash, SHA));
	ck_assert(sdi_str_is(found.users[1].name, "e") && sdi_str_is(found.users[1].hash, SHA));
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(salt)
{
	struct sdi_arena arena = { 0 };
	/* a digest and the salt "a\0b" */
	static const char text[] = "a:{SSHA}AAAAAAAAAAAAAAAAAAAAAAAAAABhAGI=\nb:" SALTED;
	const struct sdi_secret_bytes bytes = { text, sizeof(text) - 1 };
	struct sdi_passwords found = sdi_passwords_of_file(&arena, &bytes, NULL);
	ck_assert_uint_eq(found.n, 2);
	ck_assert(found.users[0].salt_has_nul && !found.users[1].salt_has_nul);
	ck_assert(sdi_str_is(found.users[1].salt, "c2FsdHNhbHQ="));
	sdi_arena_release(&arena);
}
END_TEST

Suite *sdi_suite_access(void)
{
	Suite *s = suite_create("access");
	TCase *tc = tcase_create("all");
	tcase_add_loop_test(tc, cidr, 0, N(cidrs));
	tcase_add_test(tc, cidr_nul);
	tcase_add_loop_test(tc, file, 0, N(files));
	tcase_add_loop_test(tc, digest, 0, N(digests));
	tcase_add_test(tc, map);
	tcase_add_test(tc, salt);
	suite_add_tcase(s, tc);
	return s;
}
