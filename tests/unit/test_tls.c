/* SPDX-License-Identifier: BSD-3-Clause */
#include "suites.h"
#include "base/buf.h"
#include "translate/tls.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sdingress/diag.h>

/* Texts that secrets are put together from; made once, before the tests. */
enum piece {
	NONE,
	LEAF,
	INTER,
	ROOT,
	OLD_ROOT,
	OTHER,
	EXPIRED,
	FUTURE,
	NO_SAN,
	WILDCARD,
	RSA_LEAF,
	ED_LEAF,
	P384_LEAF,
	WEAK_LEAF,
	SHA1_LEAF,
	K1_LEAF,
	KEY,
	KEY_TRADITIONAL,
	OTHER_KEY,
	KEY_ENCRYPTED,
	KEY_ENCRYPTED_OLD,
	RSA_KEY,
	RSA_TRADITIONAL,
	RSA_BROKEN,
	ED_KEY,
	P384_KEY,
	WEAK_KEY,
	K1_KEY,
	LEAF_CRLF,
	KEY_CRLF,
	LEAF_CUT,
	LEAF_NUL,
	RANDOM,
	NOISE,
	NOISE_NUL,
	EMPTY,
	ONLY_HEADER,
	LONG_LINE,
	HUGE_TEXT,
	PIECES
};

static struct sdi_str text[PIECES];
static const int64_t now_s = 1800000000; /* all but EXPIRED and FUTURE are valid then */

static struct sdi_str keep(BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);
	char *copy = malloc((size_t)n + 1);
	memcpy(copy, p, (size_t)n);
	BIO_free(bio);
	return sdi_str_make(copy, (size_t)n);
}

struct recipe {
	const char *cn, *issuer, *san;
	EVP_PKEY *key, *issuer_key;
	const EVP_MD *digest;
	int64_t from_s, to_s;
};

static struct sdi_str certificate(struct recipe r)
{
	X509 *x = X509_new();
	X509_NAME *issuer = X509_NAME_new();
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
	ASN1_TIME_set(X509_getm_notBefore(x), r.from_s ? r.from_s : now_s - 86400);
	ASN1_TIME_set(X509_getm_notAfter(x), r.to_s ? r.to_s : now_s + 86400);
	X509_set_pubkey(x, r.key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)r.cn, -1, -1,
				   0);
	X509_NAME_add_entry_by_txt(issuer, "CN", MBSTRING_ASC, (const unsigned char *)r.issuer, -1, -1, 0);
	X509_set_issuer_name(x, issuer);
	X509_NAME_free(issuer);
	if (r.san) {
		X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, r.san);
		X509_add_ext(x, san, -1);
		X509_EXTENSION_free(san);
	}
	X509_sign(x, r.issuer_key, r.digest);
	BIO *bio = BIO_new(BIO_s_mem());
	PEM_write_bio_X509(bio, x);
	X509_free(x);
	return keep(bio);
}

static struct sdi_str pkcs8(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	return keep(bio);
}

static struct sdi_str traditional(EVP_PKEY *key, const EVP_CIPHER *cipher)
{
	BIO *bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PrivateKey_traditional(bio, key, cipher, (const unsigned char *)"secret", 6, NULL, NULL);
	return keep(bio);
}

static struct sdi_str encrypted(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_128_cbc(), "secret", 6, NULL, NULL);
	return keep(bio);
}

static struct sdi_str crlf(struct sdi_str s)
{
	char *p = malloc(s.n * 2);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			p[n++] = '\r';
		p[n++] = s.p[i];
	}
	return sdi_str_make(p, n);
}

static struct sdi_str with_byte(struct sdi_str s, size_t at, char c)
{
	char *p = malloc(s.n);
	memcpy(p, s.p, s.n);
	p[at] = c;
	return sdi_str_make(p, s.n);
}

/* An RSA key whose numbers parse but do not fit: a byte in the middle of d is another one. */
static struct sdi_str broken_rsa(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int n = i2d_PrivateKey(key, &der);
	der[n / 3] ^= 1;
	BIO *bio = BIO_new(BIO_s_mem());
	PEM_write_bio(bio, "RSA PRIVATE KEY", "", der, n);
	OPENSSL_free(der);
	return keep(bio);
}

static void make_leaves(EVP_PKEY *leaf, EVP_PKEY *inter)
{
	const EVP_MD *sha256 = EVP_sha256();
	struct recipe r = { "leaf", "inter", "DNS:www.example.org,DNS:API.Example.org,IP:192.0.2.1",
			    leaf,   inter,   sha256,
			    0,      0 };
	text[LEAF] = certificate(r);
	r.to_s = now_s - 1;
	text[EXPIRED] = certificate(r);
	r.to_s = 0, r.from_s = now_s + 1;
	text[FUTURE] = certificate(r);
	r.from_s = 0, r.san = "DNS:*.apps.example.org,DNS:bad_name.example.org,DNS:a..b";
	text[WILDCARD] = certificate(r);
	r.san = NULL, r.cn = "old.example.org";
	text[NO_SAN] = certificate(r);
	r.digest = EVP_sha1();
	text[SHA1_LEAF] = certificate(r);
}

static void make_kind(enum piece leaf, enum piece key, EVP_PKEY *pkey, EVP_PKEY *inter)
{
	text[leaf] =
		certificate((struct recipe){ "leaf", "inter", "DNS:www.example.org", pkey, inter, EVP_sha256(), 0, 0 });
	text[key] = pkcs8(pkey);
}

static void setup(void)
{
	EVP_PKEY *leaf = EVP_EC_gen("P-256"), *inter = EVP_EC_gen("P-256"), *root = EVP_EC_gen("P-384");
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *weak = EVP_RSA_gen(1024), *p384 = EVP_EC_gen("P-384");
	EVP_PKEY *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), *k1 = EVP_EC_gen("secp256k1");
	make_leaves(leaf, inter);
	text[INTER] = certificate((struct recipe){ "inter", "root", NULL, inter, root, EVP_sha384(), 0, 0 });
	text[ROOT] = certificate((struct recipe){ "root", "root", NULL, root, root, EVP_sha384(), 0, 0 });
	text[OLD_ROOT] = certificate((struct recipe){ "root", "root", NULL, root, root, EVP_sha1(), 0, 0 });
	text[OTHER] = certificate((struct recipe){ "other", "nobody", NULL, root, root, EVP_sha384(), 0, 0 });
	make_kind(RSA_LEAF, RSA_KEY, rsa, inter);
	make_kind(WEAK_LEAF, WEAK_KEY, weak, inter);
	make_kind(P384_LEAF, P384_KEY, p384, inter);
	make_kind(ED_LEAF, ED_KEY, ed, inter);
	make_kind(K1_LEAF, K1_KEY, k1, inter);
	text[KEY] = pkcs8(leaf);
	text[OTHER_KEY] = pkcs8(root);
	text[KEY_TRADITIONAL] = traditional(leaf, NULL);
	text[RSA_TRADITIONAL] = traditional(rsa, NULL);
	text[RSA_BROKEN] = broken_rsa(rsa);
	text[KEY_ENCRYPTED] = encrypted(leaf);
	text[KEY_ENCRYPTED_OLD] = traditional(leaf, EVP_aes_128_cbc());
	text[LEAF_CRLF] = crlf(text[LEAF]);
	text[KEY_CRLF] = crlf(text[KEY]);
	text[LEAF_CUT] = sdi_str_head(text[LEAF], text[LEAF].n / 2);
	text[LEAF_NUL] = with_byte(text[LEAF], 200, '\0');
	text[RANDOM] = SDI_STR("\x8f\x01\x00\xff\n\x80-----\x00 BEGIN\xc3\x28");
	text[NOISE] = SDI_STR(
		"Bag Attributes\nsubject=CN = \"; ssl_engine x;\n\n-----BEGIN DH PARAMETERS-----\nMAYCAQUCAQI=\n"
		"-----END DH PARAMETERS-----\n");
	text[NOISE_NUL] = SDI_STR("a\0b\n");
	text[ONLY_HEADER] = SDI_STR("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
	text[LONG_LINE] = sdi_str_make(memset(malloc(100000), 'A', 100000), 100000);
	text[HUGE_TEXT] = sdi_str_make(memset(malloc(300000), '\n', 300000), 300000);
	EVP_PKEY *all[] = { leaf, inter, root, rsa, weak, p384, ed, k1 };
	for (int i = 0; i < N(all); i++)
		EVP_PKEY_free(all[i]);
}

static void teardown(void)
{
	static const enum piece literal[] = { RANDOM, NOISE, NOISE_NUL, ONLY_HEADER, LEAF_CUT, NONE, EMPTY };
	for (int i = 0; i < PIECES; i++) {
		bool ours = true;
		for (int j = 0; j < N(literal); j++)
			ours = ours && literal[j] != (enum piece)i;
		if (ours)
			free((char *)text[i].p);
	}
}

struct parts {
	enum piece p[4];
};

static struct sdi_str join(struct sdi_arena *arena, struct parts parts)
{
	struct sdi_buf b;
	sdi_buf_init(&b, 1 << 20);
	for (int i = 0; i < N(parts.p); i++)
		sdi_buf_add(&b, text[parts.p[i]]);
	struct sdi_str s = sdi_arena_copy(arena, sdi_buf_str(&b));
	sdi_buf_release(&b);
	return s;
}

static const struct {
	const char *what;
	struct parts crt, key;
	struct parts chain; /* expected; none: refused */
	enum piece pkcs8;
	const char *reason; /* of the one diagnostic; NULL: none */
	const char *says;   /* part of its sentence */
} rows[] = {
	{ "leaf alone", { { LEAF } }, { { KEY } }, { { LEAF } }, KEY, NULL, NULL },
	{ "chain", { { LEAF, INTER } }, { { KEY } }, { { LEAF, INTER } }, KEY, NULL, NULL },
	{ "with its root", { { LEAF, INTER, ROOT } }, { { KEY } }, { { LEAF, INTER, ROOT } }, KEY, NULL, NULL },
	{ "traditional EC key", { { LEAF } }, { { KEY_TRADITIONAL } }, { { LEAF } }, KEY, NULL, NULL },
	{ "RSA", { { RSA_LEAF, INTER } }, { { RSA_KEY } }, { { RSA_LEAF, INTER } }, RSA_KEY, NULL, NULL },
	{ "traditional RSA key", { { RSA_LEAF } }, { { RSA_TRADITIONAL } }, { { RSA_LEAF } }, RSA_KEY, NULL, NULL },
	{ "Ed25519", { { ED_LEAF } }, { { ED_KEY } }, { { ED_LEAF } }, ED_KEY, NULL, NULL },
	{ "P-384", { { P384_LEAF } }, { { P384_KEY } }, { { P384_LEAF } }, P384_KEY, NULL, NULL },
	{ "CRLF", { { LEAF_CRLF, INTER } }, { { KEY_CRLF } }, { { LEAF, INTER } }, KEY, NULL, NULL },
	{ "noise between",
	  { { NOISE, LEAF, NOISE, INTER } },
	  { { NOISE, KEY, NOISE } },
	  { { LEAF, INTER } },
	  KEY,
	  NULL,
	  NULL },
	{ "NUL between", { { NOISE_NUL, LEAF } }, { { KEY, NOISE_NUL } }, { { LEAF } }, KEY, NULL, NULL },
	{ "key among the certificates", { { KEY, LEAF } }, { { KEY } }, { { LEAF } }, KEY, NULL, NULL },
	{ "two keys", { { LEAF } }, { { KEY, OTHER_KEY } }, { { LEAF } }, KEY, NULL, NULL },
	{ "leaf second",
	  { { INTER, LEAF } },
	  { { KEY } },
	  { { LEAF, INTER } },
	  KEY,
	  "certificate-chain",
	  "leaf first" },
	{ "issuers shuffled",
	  { { LEAF, ROOT, INTER } },
	  { { KEY } },
	  { { LEAF, INTER, ROOT } },
	  KEY,
	  "certificate-chain",
	  "order" },
	{ "a stranger",
	  { { LEAF, INTER, OTHER } },
	  { { KEY } },
	  { { LEAF, INTER } },
	  KEY,
	  "certificate-chain",
	  "left out" },
	{ "twice the same", { { LEAF, LEAF } }, { { KEY } }, { { LEAF } }, KEY, "certificate-chain", "left out" },
	{ "root signed with SHA-1",
	  { { LEAF, INTER, OLD_ROOT } },
	  { { KEY } },
	  { { LEAF, INTER } },
	  KEY,
	  "certificate-chain",
	  "root" },
	{ "expired", { { EXPIRED } }, { { KEY } }, { { EXPIRED } }, KEY, "certificate-expired", "2027-01-15" },
	{ "not yet valid",
	  { { FUTURE } },
	  { { KEY } },
	  { { FUTURE } },
	  KEY,
	  "certificate-expired",
	  "before 2027-01-15" },
	{ "wrong key", { { LEAF } }, { { OTHER_KEY } }, { { NONE } }, NONE, "certificate-invalid", "does not belong" },
	{ "key of another type",
	  { { LEAF } },
	  { { RSA_KEY } },
	  { { NONE } },
	  NONE,
	  "certificate-invalid",
	  "does not belong" },
	{ "encrypted PKCS#8",
	  { { LEAF } },
	  { { KEY_ENCRYPTED } },
	  { { NONE } },
	  NONE,
	  "certificate-invalid",
	  "passphrase" },
	{ "encrypted the old way",
	  { { LEAF } },
	  { { KEY_ENCRYPTED_OLD } },
	  { { NONE } },
	  NONE,
	  "certificate-invalid",
	  "passphrase" },
	{ "RSA numbers do not fit",
	  { { RSA_LEAF } },
	  { { RSA_BROKEN } },
	  { { NONE } },
	  NONE,
	  "certificate-invalid",
	  "fit" },
	{ "RSA-1024", { { WEAK_LEAF } }, { { WEAK_KEY } }, { { NONE } }, NONE, "certificate-invalid", "2048" },
	{ "secp256k1", { { K1_LEAF } }, { { K1_KEY } }, { { NONE } }, NONE, "certificate-invalid", "P-256" },
	{ "leaf signed with SHA-1",
	  { { SHA1_LEAF } },
	  { { KEY } },
	  { { NONE } },
	  NONE,
	  "certificate-invalid",
	  "digest" },
	{ "cut off", { { LEAF_CUT } }, { { KEY } }, { { NONE } }, NONE, "certificate-invalid", "cut off" },
	{ "second one cut off",
	  { { LEAF, LEAF_CUT } },
	  { { KEY } },
	  { { NONE } },
	  NONE,
	  "certificate-invalid",
	  "cut off" },
	{ "NUL inside", { { LEAF_NUL } }, { { KEY } }, { { NONE } }, NONE, "certificate-invalid", "PEM" },
	{ "random certificate",
	  { { RANDOM } },
	  { { KEY } },
	  { { NONE } },
	  NONE,
	  "certificate-invalid",
	  "no certificate" },
	{ "random key", { { LEAF } }, { { RANDOM } }, { { NONE } }, NONE, "certificate-invalid", "no private key" },
	{ "empty block", { { ONLY_HEADER } }, { { KEY } }, { { NONE } }, NONE, "certificate-invalid", "" },
	{ "long line", { { LONG_LINE } }, { { KEY } }, { { NONE } }, NONE, "certificate-invalid", "no certificate" },
	{ "too large", { { LEAF, HUGE_TEXT } }, { { KEY } }, { { NONE } }, NONE, "certificate-invalid", "256 KiB" },
	{ "certificate empty", { { EMPTY } }, { { KEY } }, { { NONE } }, NONE, "secret-invalid", "tls.crt is empty" },
	{ "key empty", { { LEAF } }, { { EMPTY } }, { { NONE } }, NONE, "secret-invalid", "tls.key is empty" },
};

struct made {
	struct sdi_arena arena;
	struct sdi_diags *diags;
	struct sdi_diag_ctx ctx;
	struct sdi_certificate *cert;
	const struct sdi_cert_names *names;
};

static void made_init(struct made *m)
{
	*m = (struct made){ .arena.wipe = true, .diags = sdi_diags_new() };
	m->ctx = (struct sdi_diag_ctx){ .diags = m->diags, .scratch = &m->arena };
	m->ctx.subject.kind = "Secret";
}

static void made_release(struct made *m)
{
	sdi_diags_free(m->diags);
	sdi_arena_release(&m->arena);
}

static struct sdi_secret_item item_of(const char *key, struct sdi_str value)
{
	return (struct sdi_secret_item){ sdi_str_c(key), { value.p, value.n }, false };
}

static void read_secret(struct made *m, struct sdi_str crt, struct sdi_str key, int64_t at_s)
{
	struct sdi_secret_item items[] = { item_of("tls.crt", crt), item_of("tls.key", key) };
	struct sdi_secret secret = { .object.kind = SDI_KIND_SECRET,
				     .object.ns = SDI_STR("shop"),
				     .object.name = SDI_STR("www-tls"),
				     .items = items,
				     .n_items = 2 };
	m->cert = sdi_tls_certificate(&secret, &m->arena, &m->ctx, at_s, &m->names);
}

static void check_diag(const struct made *m, const char *reason, const char *says)
{
	ck_assert_uint_eq(sdi_diags_count(m->diags), reason ? 1 : 0);
	if (!reason)
		return;
	const struct sdi_diag *d = sdi_diags_get(m->diags, 0);
	ck_assert_str_eq(sdi_diag_reason(d), reason);
	ck_assert_msg(strstr(sdi_diag_text(d), says), "\"%s\" in: %s", says, sdi_diag_text(d));
}

START_TEST(two_texts)
{
	struct made m;
	made_init(&m);
	struct sdi_str crt = join(&m.arena, rows[_i].crt), key = join(&m.arena, rows[_i].key);
	read_secret(&m, crt, key, now_s);
	check_diag(&m, rows[_i].reason, rows[_i].says);
	ck_assert_msg((m.cert != NULL) == (rows[_i].pkcs8 != NONE), "%s", rows[_i].what);
	if (m.cert) {
		ck_assert_msg(sdi_str_eq(m.cert->chain_pem, join(&m.arena, rows[_i].chain)), "%s", rows[_i].what);
		ck_assert_msg(sdi_str_eq(m.cert->key_pem, text[rows[_i].pkcs8]), "%s", rows[_i].what);
		ck_assert(sdi_str_is(m.cert->id, "shop_www-tls"));
		ck_assert_int_eq(m.cert->not_after_s, rows[_i].chain.p[0] == EXPIRED ? now_s - 1 : now_s + 86400);
	}
	ck_assert_uint_eq(ERR_peek_error(), 0);
	made_release(&m);
}
END_TEST

/* The same rows, chain and key in one text: an empty part is then nothing special. */
START_TEST(one_text)
{
	struct made m;
	made_init(&m);
	struct sdi_str parts[] = { join(&m.arena, rows[_i].key), join(&m.arena, rows[_i].crt) };
	struct sdi_buf b;
	sdi_buf_init(&b, 1 << 20);
	sdi_buf_add(&b, parts[0]);
	sdi_buf_add(&b, parts[1]);
	struct sdi_str all = sdi_arena_copy(&m.arena, sdi_buf_str(&b));
	sdi_buf_release(&b);
	m.cert = sdi_tls_certificate_pem(all, SDI_STR("default"), &m.arena, &m.ctx, now_s, &m.names);
	ck_assert_msg((m.cert != NULL) == (rows[_i].pkcs8 != NONE), "%s", rows[_i].what);
	if (m.cert) {
		ck_assert(sdi_str_eq(m.cert->chain_pem, join(&m.arena, rows[_i].chain)));
		ck_assert(sdi_str_eq(m.cert->key_pem, text[rows[_i].pkcs8]));
		ck_assert(sdi_str_is(m.cert->id, "default"));
	}
	made_release(&m);
}
END_TEST

static const struct {
	enum piece leaf;
	const char *host;
	bool covered;
} hosts[] = {
	{ LEAF, "www.example.org", true },
	{ LEAF, "WWW.example.ORG", true },
	{ LEAF, "api.example.org", true },
	{ LEAF, "example.org", false },
	{ LEAF, "*.example.org", false },
	{ LEAF, "leaf", false },
	{ LEAF, "192.0.2.1", false },
	{ LEAF, "", false },
	{ WILDCARD, "a.apps.example.org", true },
	{ WILDCARD, "*.apps.example.org", true },
	{ WILDCARD, "apps.example.org", false },
	{ WILDCARD, ".apps.example.org", false },
	{ WILDCARD, "a.b.apps.example.org", false },
	{ WILDCARD, "*.b.apps.example.org", false },
	{ WILDCARD, "bad_name.example.org", false },
	{ NO_SAN, "old.example.org", true },
	{ NO_SAN, "www.example.org", false },
};

START_TEST(covers)
{
	struct made m;
	made_init(&m);
	read_secret(&m, text[hosts[_i].leaf], text[KEY], now_s);
	ck_assert_ptr_nonnull(m.cert);
	ck_assert_msg(sdi_cert_covers(m.names, sdi_str_c(hosts[_i].host)) == hosts[_i].covered, "%s", hosts[_i].host);
	made_release(&m);
}
END_TEST

START_TEST(names)
{
	struct made m;
	made_init(&m);
	read_secret(&m, text[LEAF], text[KEY], 0);
	ck_assert_uint_eq(m.names->n, 2);
	ck_assert(sdi_str_is(m.names->names[0], "www.example.org"));
	ck_assert(sdi_str_is(m.names->names[1], "api.example.org"));
	made_release(&m);
}
END_TEST

START_TEST(no_clock)
{
	struct made m;
	made_init(&m);
	read_secret(&m, text[EXPIRED], text[KEY], 0);
	ck_assert_ptr_nonnull(m.cert);
	check_diag(&m, NULL, NULL);
	made_release(&m);
}
END_TEST

START_TEST(too_many)
{
	struct made m;
	made_init(&m);
	struct sdi_buf b;
	sdi_buf_init(&b, 1 << 20);
	for (int i = 0; i < 17; i++)
		sdi_buf_add(&b, text[LEAF]);
	read_secret(&m, sdi_buf_str(&b), text[KEY], 0);
	sdi_buf_release(&b);
	ck_assert_ptr_null(m.cert);
	check_diag(&m, "certificate-invalid", "16");
	made_release(&m);
}
END_TEST

static const struct {
	const char *key;
	bool invalid;
	const char *says;
} lacking[] = { { "tls.crt", false, "tls.key is missing" },
		{ "tls.key", false, "tls.crt is missing" },
		{ "ca.crt", false, "tls.crt is missing" },
		{ "tls.crt", true, "tls.crt is not base64" } };

START_TEST(secret_lacks)
{
	struct made m;
	made_init(&m);
	struct sdi_secret_item item = item_of(lacking[_i].key, text[LEAF]);
	item.invalid = lacking[_i].invalid;
	struct sdi_secret secret = { .object.kind = SDI_KIND_SECRET, .items = &item, .n_items = 1 };
	ck_assert_ptr_null(sdi_tls_certificate(&secret, &m.arena, &m.ctx, 0, &m.names));
	check_diag(&m, "secret-invalid", lacking[_i].says);
	made_release(&m);
}
END_TEST

/* With the @n-th allocation failing: the handler is called, nothing leaks, nothing is reported. */
static bool fails_at(long n)
{
	struct made m;
	made_init(&m);
	m.arena.block_bytes = 64;
	jmp_buf oom;
	if (setjmp(oom) == 0) {
		m.arena.oom = &oom;
		sdi_arena_fail_at = n;
		read_secret(&m, text[RSA_LEAF], text[RSA_KEY], now_s);
		ck_assert_ptr_nonnull(m.cert);
	}
	bool failed = sdi_arena_fail_at == 0;
	sdi_arena_fail_at = 0;
	ck_assert(m.arena.oom == &oom);
	check_diag(&m, NULL, NULL);
	made_release(&m);
	return failed;
}

START_TEST(out_of_memory)
{
	long n = 1;
	while (fails_at(n))
		ck_assert_int_lt(++n, 1000);
	ck_assert_int_gt(n, 5);
}
END_TEST

Suite *sdi_suite_tls(void)
{
	Suite *s = suite_create("tls");
	TCase *tc = tcase_create("tls");
	tcase_add_unchecked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, two_texts, 0, N(rows));
	tcase_add_loop_test(tc, one_text, 0, N(rows));
	tcase_add_loop_test(tc, covers, 0, N(hosts));
	tcase_add_test(tc, names);
	tcase_add_test(tc, no_clock);
	tcase_add_test(tc, too_many);
	tcase_add_loop_test(tc, secret_lacks, 0, N(lacking));
	tcase_add_test(tc, out_of_memory);
	suite_add_tcase(s, tc);
	return s;
}
