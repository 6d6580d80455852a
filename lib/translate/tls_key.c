/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls_key.h"
#include <openssl/asn1t.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

enum { RSA_MIN_BITS = 2048, RSA_MAX_BITS = 8192, RSA_EXPONENT_BITS = 64, ED25519_BYTES = 32 };

struct rsa_private { /* RFC 8017 A.1.2, two primes */
	int32_t version;
	BIGNUM *n, *e, *d, *p, *q, *dp, *dq, *qinv;
};

struct rsa_public {
	BIGNUM *n, *e;
};

struct ec_private { /* RFC 5915 */
	int32_t version;
	ASN1_OCTET_STRING *secret;
	ASN1_OBJECT *curve;
	ASN1_BIT_STRING *point;
};

struct sdi_key {
	int type;                   /* NID of the algorithm */
	int curve;                  /* NID; NID_undef when type is not EC */
	unsigned char *public_bits; /* as in a certificate; EC: uncompressed */
	size_t n_public;
	unsigned char *der; /* content of the PKCS#8 structure */
	size_t n_der;
};

/* clang-format off */
ASN1_SEQUENCE(VALIDITY) = {
	ASN1_SIMPLE(struct sdi_validity, not_before, ASN1_TIME),
	ASN1_SIMPLE(struct sdi_validity, not_after, ASN1_TIME),
} static_ASN1_SEQUENCE_END_name(struct sdi_validity, VALIDITY)

ASN1_SEQUENCE(SPKI) = {
	ASN1_SIMPLE(struct sdi_spki, algorithm, X509_ALGOR),
	ASN1_SIMPLE(struct sdi_spki, key, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END_name(struct sdi_spki, SPKI)

ASN1_SEQUENCE(TBS) = {
	ASN1_EXP_OPT(struct sdi_tbs, version, ASN1_INTEGER, 0),
	ASN1_SIMPLE(struct sdi_tbs, serial, ASN1_INTEGER),
	ASN1_SIMPLE(struct sdi_tbs, signature, X509_ALGOR),
	ASN1_SIMPLE(struct sdi_tbs, issuer, X509_NAME),
	ASN1_SIMPLE(struct sdi_tbs, validity, VALIDITY),
	ASN1_SIMPLE(struct sdi_tbs, subject, X509_NAME),
	ASN1_SIMPLE(struct sdi_tbs, spki, SPKI),
	ASN1_IMP_OPT(struct sdi_tbs, issuer_uid, ASN1_BIT_STRING, 1),
	ASN1_IMP_OPT(struct sdi_tbs, subject_uid, ASN1_BIT_STRING, 2),
	ASN1_EXP_SEQUENCE_OF_OPT(struct sdi_tbs, extensions, X509_EXTENSION, 3),
} static_ASN1_SEQUENCE_END_name(struct sdi_tbs, TBS)

ASN1_SEQUENCE(CERTIFICATE) = {
	ASN1_SIMPLE(struct sdi_x509, tbs, TBS),
	ASN1_SIMPLE(struct sdi_x509, algorithm, X509_ALGOR),
	ASN1_SIMPLE(struct sdi_x509, signature, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END_name(struct sdi_x509, CERTIFICATE)

ASN1_SEQUENCE(RSA_PRIVATE) = {
	ASN1_EMBED(struct rsa_private, version, INT32),
	ASN1_SIMPLE(struct rsa_private, n, BIGNUM),
	ASN1_SIMPLE(struct rsa_private, e, BIGNUM),
	ASN1_SIMPLE(struct rsa_private, d, CBIGNUM),
	ASN1_SIMPLE(struct rsa_private, p, CBIGNUM),
	ASN1_SIMPLE(struct rsa_private, q, CBIGNUM),
	ASN1_SIMPLE(struct rsa_private, dp, CBIGNUM),
	ASN1_SIMPLE(struct rsa_private, dq, CBIGNUM),
	ASN1_SIMPLE(struct rsa_private, qinv, CBIGNUM),
} static_ASN1_SEQUENCE_END_name(struct rsa_private, RSA_PRIVATE)

ASN1_SEQUENCE(RSA_PUBLIC) = {
	ASN1_SIMPLE(struct rsa_public, n, BIGNUM),
	ASN1_SIMPLE(struct rsa_public, e, BIGNUM),
} static_ASN1_SEQUENCE_END_name(struct rsa_public, RSA_PUBLIC)

ASN1_SEQUENCE(EC_PRIVATE) = {
	ASN1_EMBED(struct ec_private, version, INT32),
	ASN1_SIMPLE(struct ec_private, secret, ASN1_OCTET_STRING),
	ASN1_EXP_OPT(struct ec_private, curve, ASN1_OBJECT, 0),
	ASN1_EXP_OPT(struct ec_private, point, ASN1_BIT_STRING, 1),
} static_ASN1_SEQUENCE_END_name(struct ec_private, EC_PRIVATE)
/* clang-format on */

/* @why, or NULL when OpenSSL stopped for want of memory. */
static const char *because(const char *why)
{
	return ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE ? NULL : why;
}

static void *decode(const ASN1_ITEM *item, const unsigned char *der, size_t n)
{
	return ASN1_item_d2i(NULL, &der, (long)n, item);
}

static int algorithm_of(const X509_ALGOR *a)
{
	const ASN1_OBJECT *oid;
	X509_ALGOR_get0(&oid, NULL, NULL, a);
	return OBJ_obj2nid(oid);
}

static int curve_of(const X509_ALGOR *a)
{
	int type;
	const void *value;
	X509_ALGOR_get0(NULL, &type, &value, a);
	return type == V_ASN1_OBJECT ? OBJ_obj2nid(value) : NID_undef;
}

/* The curves of the Mozilla profiles; TLS 1.3 knows these. */
static bool curve_known(int curve)
{
	return curve == NID_X9_62_prime256v1 || curve == NID_secp384r1 || curve == NID_secp521r1;
}

/* ---- certificates ---- */

struct sdi_x509 *sdi_x509_parse(const unsigned char *der, size_t n, size_t *ret_n)
{
	const unsigned char *at = der;
	struct sdi_x509 *x = (struct sdi_x509 *)ASN1_item_d2i(NULL, &at, (long)n, ASN1_ITEM_rptr(CERTIFICATE));
	if (x)
		*ret_n = (size_t)(at - der);
	return x;
}

void sdi_x509_free(struct sdi_x509 *x)
{
	ASN1_item_free((ASN1_VALUE *)x, ASN1_ITEM_rptr(CERTIFICATE));
}

bool sdi_x509_self_issued(const struct sdi_x509 *x)
{
	return X509_NAME_cmp(x->tbs->subject, x->tbs->issuer) == 0;
}

static bool digest_strong(int digest)
{
	static const int strong[] = { NID_sha224,     NID_sha256,   NID_sha384,   NID_sha512,   NID_sha512_224,
		                      NID_sha512_256, NID_sha3_224, NID_sha3_256, NID_sha3_384, NID_sha3_512 };
	for (size_t i = 0; i < sizeof(strong) / sizeof(strong[0]); i++)
		if (strong[i] == digest)
			return true;
	return false;
}

static const ASN1_STRING *sequence_of(const X509_ALGOR *a)
{
	int type;
	const void *value;
	X509_ALGOR_get0(NULL, &type, &value, a);
	return type == V_ASN1_SEQUENCE ? value : NULL;
}

/* RFC 8017 A.2.3. What is left out there stands for SHA-1, which is too weak. */
static bool pss_strong(const ASN1_STRING *parameters)
{
	RSA_PSS_PARAMS *pss = parameters ? ASN1_item_unpack(parameters, ASN1_ITEM_rptr(RSA_PSS_PARAMS)) : NULL;
	const X509_ALGOR *mask = pss ? pss->maskGenAlgorithm : NULL;
	const ASN1_STRING *mask_parameters = mask && algorithm_of(mask) == NID_mgf1 ? sequence_of(mask) : NULL;
	X509_ALGOR *digest = mask_parameters ? ASN1_item_unpack(mask_parameters, ASN1_ITEM_rptr(X509_ALGOR)) : NULL;
	bool strong = digest && digest_strong(algorithm_of(digest)) && pss->hashAlgorithm &&
	              digest_strong(algorithm_of(pss->hashAlgorithm)) &&
	              (!pss->saltLength || ASN1_INTEGER_get(pss->saltLength) >= 0) &&
	              (!pss->trailerField || ASN1_INTEGER_get(pss->trailerField) == 1);
	X509_ALGOR_free(digest);
	RSA_PSS_PARAMS_free(pss);
	return strong;
}

static bool signature_strong(const X509_ALGOR *a)
{
	int algorithm = algorithm_of(a), digest = NID_undef;
	if (algorithm == NID_ED25519 || algorithm == NID_ED448)
		return true;
	if (algorithm == NID_rsassaPss)
		return pss_strong(sequence_of(a));
	return OBJ_find_sigid_algs(algorithm, &digest, NULL) && digest_strong(digest);
}

static const char *rsa_size(const BIGNUM *n, const BIGNUM *e)
{
	if (BN_num_bits(n) < RSA_MIN_BITS)
		return "an RSA key is shorter than 2048 bits, which OpenSSL refuses";
	if (BN_num_bits(n) > RSA_MAX_BITS)
		return "an RSA key is longer than 8192 bits";
	if (!BN_is_odd(n) || !BN_is_odd(e) || BN_is_one(e) || BN_num_bits(e) > RSA_EXPONENT_BITS)
		return "an RSA key has numbers that can't be right";
	return NULL;
}

/* The point of @bits, uncompressed; NULL when it is not on the curve. OPENSSL_free(). */
static unsigned char *point_uncompressed(int curve, const unsigned char *bits, size_t n, size_t *ret_n)
{
	unsigned char *out = NULL;
	EC_GROUP *group = EC_GROUP_new_by_curve_name(curve);
	EC_POINT *point = group ? EC_POINT_new(group) : NULL;
	if (point && EC_POINT_oct2point(group, point, bits, n, NULL) && !EC_POINT_is_at_infinity(group, point))
		*ret_n = EC_POINT_point2buf(group, point, POINT_CONVERSION_UNCOMPRESSED, &out, NULL);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return out;
}

/* NULL: the proxies take it. A leaf's point is not looked at: it is compared with that of the private key. */
static const char *public_strong(const struct sdi_spki *spki, bool leaf)
{
	const unsigned char *bits = ASN1_STRING_get0_data(spki->key);
	size_t n = (size_t)ASN1_STRING_length(spki->key), n_point;
	switch (algorithm_of(spki->algorithm)) {
	case NID_rsaEncryption: {
		struct rsa_public *rsa = decode(ASN1_ITEM_rptr(RSA_PUBLIC), bits, n);
		const char *why = rsa ? rsa_size(rsa->n, rsa->e) : "an RSA key can't be read";
		ASN1_item_free((ASN1_VALUE *)rsa, ASN1_ITEM_rptr(RSA_PUBLIC));
		return why;
	}
	case NID_X9_62_id_ecPublicKey: {
		int curve = curve_of(spki->algorithm);
		if (!curve_known(curve))
			return "an elliptic curve is none of P-256, P-384 and P-521";
		if (leaf)
			return NULL;
		unsigned char *point = point_uncompressed(curve, bits, n, &n_point);
		OPENSSL_free(point);
		return point ? NULL : "a public key is not on its curve";
	}
	case NID_ED25519: return n == ED25519_BYTES ? NULL : "an Ed25519 key has not 32 bytes";
	}
	return "a key is none of RSA, EC and Ed25519";
}

bool sdi_x509_strong(const struct sdi_x509 *x, bool leaf, const char **ret_why)
{
	const char *why = public_strong(x->tbs->spki, leaf);
	if (!why && !signature_strong(x->algorithm))
		why = "a signature uses a digest weaker than SHA-224, which OpenSSL refuses";
	if (why)
		*ret_why = because(why);
	return !why;
}

/* ---- private keys ---- */

void sdi_key_free(struct sdi_key *key)
{
	if (!key)
		return;
	OPENSSL_free(key->public_bits);
	OPENSSL_clear_free(key->der, key->n_der);
	OPENSSL_free(key);
}

/* Takes what ASN1_item_i2d() returned. */
static bool encoded(int n, size_t *ret_n)
{
	*ret_n = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* d = c (mod m - 1) and c * e = 1 (mod m - 1): what one prime of a key must satisfy. */
static bool prime_fits(const BIGNUM *m, const BIGNUM *c, const BIGNUM *d, const BIGNUM *e, BN_CTX *ctx)
{
	BN_CTX_start(ctx);
	BIGNUM *m1 = BN_CTX_get(ctx), *t = BN_CTX_get(ctx);
	bool ok = t && BN_is_odd(m) && !BN_is_one(m) && BN_sub(m1, m, BN_value_one()) && BN_mod(t, d, m1, ctx) &&
	          BN_cmp(t, c) == 0 && BN_mod_mul(t, c, e, m1, ctx) && BN_is_one(t);
	BN_CTX_end(ctx);
	return ok;
}

/* All but that p and q are primes, which would cost milliseconds and can't upset a proxy. */
static bool rsa_consistent(const struct rsa_private *k)
{
	BN_CTX *ctx = BN_CTX_new();
	if (!ctx)
		return false;
	BN_CTX_start(ctx);
	BIGNUM *t = BN_CTX_get(ctx);
	bool ok = t && BN_mul(t, k->p, k->q, ctx) && BN_cmp(t, k->n) == 0 && BN_cmp(k->d, k->n) < 0 &&
	          prime_fits(k->p, k->dp, k->d, k->e, ctx) && prime_fits(k->q, k->dq, k->d, k->e, ctx) &&
	          BN_cmp(k->qinv, k->p) < 0 && BN_mod_mul(t, k->qinv, k->q, k->p, ctx) && BN_is_one(t);
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	return ok;
}

static const char *parse_rsa(struct sdi_key *key, const unsigned char *der, size_t n)
{
	struct rsa_private *k = decode(ASN1_ITEM_rptr(RSA_PRIVATE), der, n);
	if (!k)
		return "the RSA key can't be read";
	const char *why = rsa_size(k->n, k->e);
	if (!why && (k->version != 0 || !rsa_consistent(k)))
		why = "the numbers of the RSA key do not fit each other";
	struct rsa_public public = { k->n, k->e };
	if (!why && (!encoded(ASN1_item_i2d((ASN1_VALUE *)k, &key->der, ASN1_ITEM_rptr(RSA_PRIVATE)), &key->n_der) ||
	             !encoded(ASN1_item_i2d((ASN1_VALUE *)&public, &key->public_bits, ASN1_ITEM_rptr(RSA_PUBLIC)),
	                      &key->n_public)))
		why = "the RSA key can't be encoded";
	ASN1_item_free((ASN1_VALUE *)k, ASN1_ITEM_rptr(RSA_PRIVATE));
	return why;
}

/* The point secret * G into key->public_bits; @k gets the secret in full length. The point that came with the key is
 * not trusted. */
static bool ec_derive(struct sdi_key *key, struct ec_private *k)
{
	unsigned char padded[66]; /* P-521 */
	EC_GROUP *group = EC_GROUP_new_by_curve_name(key->curve);
	EC_POINT *point = group ? EC_POINT_new(group) : NULL;
	BIGNUM *secret = BN_bin2bn(ASN1_STRING_get0_data(k->secret), ASN1_STRING_length(k->secret), NULL);
	bool ok = point && secret && !BN_is_zero(secret) && BN_cmp(secret, EC_GROUP_get0_order(group)) < 0;
	if (ok) {
		int n = (EC_GROUP_order_bits(group) + 7) / 8;
		ok = n <= (int)sizeof(padded) && EC_POINT_mul(group, point, secret, NULL, NULL, NULL) &&
		     BN_bn2binpad(secret, padded, n) == n;
		OPENSSL_cleanse(k->secret->data, (size_t)k->secret->length);
		ok = ok && ASN1_STRING_set(k->secret, padded, n);
		key->n_public =
			ok ? EC_POINT_point2buf(group, point, POINT_CONVERSION_UNCOMPRESSED, &key->public_bits, NULL) :
			     0;
		OPENSSL_cleanse(padded, sizeof(padded));
	}
	BN_clear_free(secret);
	EC_POINT_clear_free(point);
	EC_GROUP_free(group);
	return key->n_public > 0;
}

static bool ec_encode(struct sdi_key *key, struct ec_private *k)
{
	ASN1_OBJECT_free(k->curve); /* stands in the algorithm of PKCS#8 */
	k->curve = NULL;
	if (!k->point)
		k->point = ASN1_BIT_STRING_new();
	if (!k->point || !ASN1_STRING_set(k->point, key->public_bits, (int)key->n_public))
		return false;
	k->point->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07);
	k->point->flags |= ASN1_STRING_FLAG_BITS_LEFT; /* whole bytes, also when the last one ends in zeros */
	return encoded(ASN1_item_i2d((ASN1_VALUE *)k, &key->der, ASN1_ITEM_rptr(EC_PRIVATE)), &key->n_der);
}

static const char *parse_ec(struct sdi_key *key, const unsigned char *der, size_t n)
{
	struct ec_private *k = decode(ASN1_ITEM_rptr(EC_PRIVATE), der, n);
	if (!k)
		return "the EC key can't be read; its curve must be given by name";
	const char *why = NULL;
	int curve = k->curve ? OBJ_obj2nid(k->curve) : key->curve;
	if (key->curve == NID_undef)
		key->curve = curve;
	if (curve != key->curve || !curve_known(curve))
		why = "the EC key's curve is none of P-256, P-384 and P-521";
	else if (k->version != 1 || !ec_derive(key, k))
		why = "the EC key is not a number of its curve";
	else if (!ec_encode(key, k))
		why = "the EC key can't be encoded";
	OPENSSL_cleanse(k->secret->data, (size_t)k->secret->length);
	ASN1_item_free((ASN1_VALUE *)k, ASN1_ITEM_rptr(EC_PRIVATE));
	return why;
}

static const char *parse_ed25519(struct sdi_key *key, const unsigned char *der, size_t n)
{
	const unsigned char *at = der;
	ASN1_OCTET_STRING *secret = d2i_ASN1_OCTET_STRING(NULL, &at, (long)n);
	EVP_PKEY *pkey = NULL;
	const char *why = "the Ed25519 key has not 32 bytes";
	if (secret && ASN1_STRING_length(secret) == ED25519_BYTES)
		pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, ASN1_STRING_get0_data(secret),
		                                    ED25519_BYTES);
	key->public_bits = OPENSSL_malloc(ED25519_BYTES);
	key->n_public = ED25519_BYTES;
	if (pkey && key->public_bits && EVP_PKEY_get_raw_public_key(pkey, key->public_bits, &key->n_public) &&
	    encoded(i2d_ASN1_OCTET_STRING(secret, &key->der), &key->n_der))
		why = NULL;
	if (secret)
		OPENSSL_cleanse(secret->data, (size_t)secret->length);
	ASN1_OCTET_STRING_free(secret);
	EVP_PKEY_free(pkey);
	return why;
}

static const char *parse_type(struct sdi_key *key, const unsigned char *der, size_t n)
{
	switch (key->type) {
	case NID_rsaEncryption: return parse_rsa(key, der, n);
	case NID_X9_62_id_ecPublicKey: return parse_ec(key, der, n);
	case NID_ED25519: return parse_ed25519(key, der, n);
	}
	return "the key is none of RSA, EC and Ed25519";
}

static const char *parse_pkcs8(struct sdi_key *key, const unsigned char *der, size_t n)
{
	const unsigned char *at = der, *inner;
	int n_inner;
	const X509_ALGOR *algorithm;
	PKCS8_PRIV_KEY_INFO *p8 = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)n);
	if (!p8 || !PKCS8_pkey_get0(NULL, &inner, &n_inner, &algorithm, p8)) {
		PKCS8_PRIV_KEY_INFO_free(p8);
		return "the key can't be read";
	}
	key->type = algorithm_of(algorithm);
	key->curve = curve_of(algorithm);
	const char *why = parse_type(key, inner, (size_t)n_inner);
	PKCS8_PRIV_KEY_INFO_free(p8); /* wipes */
	return why;
}

struct sdi_key *sdi_key_parse(struct sdi_str label, const unsigned char *der, size_t n, const char **ret_why)
{
	struct sdi_key *key = OPENSSL_zalloc(sizeof(*key));
	const char *why = NULL;
	if (key && sdi_str_is(label, "PRIVATE KEY")) {
		why = parse_pkcs8(key, der, n);
	} else if (key) {
		key->type = sdi_str_is(label, "RSA PRIVATE KEY") ? NID_rsaEncryption : NID_X9_62_id_ecPublicKey;
		why = parse_type(key, der, n);
	}
	if (key && !why)
		return key;
	*ret_why = because(why);
	sdi_key_free(key);
	return NULL;
}

bool sdi_key_fits(const struct sdi_key *key, const struct sdi_x509 *x)
{
	const struct sdi_spki *spki = x->tbs->spki;
	const unsigned char *bits = ASN1_STRING_get0_data(spki->key);
	size_t n = (size_t)ASN1_STRING_length(spki->key);
	if (algorithm_of(spki->algorithm) != key->type)
		return false;
	if (key->type != NID_X9_62_id_ecPublicKey)
		return n == key->n_public && memcmp(bits, key->public_bits, n) == 0;
	if (curve_of(spki->algorithm) != key->curve || !n)
		return false;
	if (bits[0] == POINT_CONVERSION_UNCOMPRESSED)
		return n == key->n_public && memcmp(bits, key->public_bits, n) == 0;
	size_t n_point = 0;
	unsigned char *point = point_uncompressed(key->curve, bits, n, &n_point);
	bool same = point && n_point == key->n_public && memcmp(point, key->public_bits, n_point) == 0;
	OPENSSL_free(point);
	return same;
}

/* ---- PEM ---- */

void sdi_pem_write(struct sdi_buf *out, struct sdi_str label, const unsigned char *der, size_t n)
{
	enum { LINE = 48 };
	unsigned char text[LINE / 3 * 4 + 1];
	sdi_buf_lit(out, "-----BEGIN ");
	sdi_buf_add(out, label);
	sdi_buf_lit(out, "-----\n");
	for (size_t at = 0; at < n; at += LINE) {
		int m = EVP_EncodeBlock(text, der + at, n - at < LINE ? (int)(n - at) : LINE);
		sdi_buf_add(out, sdi_str_make((char *)text, (size_t)m));
		sdi_buf_char(out, '\n');
	}
	OPENSSL_cleanse(text, sizeof(text));
	sdi_buf_lit(out, "-----END ");
	sdi_buf_add(out, label);
	sdi_buf_lit(out, "-----\n");
}

bool sdi_key_write(const struct sdi_key *key, struct sdi_buf *out)
{
	bool ok = false;
	unsigned char *inner = OPENSSL_memdup(key->der, key->n_der), *der = NULL;
	PKCS8_PRIV_KEY_INFO *p8 = PKCS8_PRIV_KEY_INFO_new();
	int parameter = key->type == NID_rsaEncryption ? V_ASN1_NULL :
	                key->type == NID_ED25519       ? V_ASN1_UNDEF :
	                                                 V_ASN1_OBJECT;
	void *curve = parameter == V_ASN1_OBJECT ? OBJ_nid2obj(key->curve) : NULL;
	if (p8 && inner && PKCS8_pkey_set0(p8, OBJ_nid2obj(key->type), 0, parameter, curve, inner, (int)key->n_der)) {
		inner = NULL; /* p8 has it now, and wipes it */
		int n = i2d_PKCS8_PRIV_KEY_INFO(p8, &der);
		if (n > 0) {
			sdi_pem_write(out, SDI_STR("PRIVATE KEY"), der, (size_t)n);
			OPENSSL_clear_free(der, (size_t)n);
			ok = !out->failed;
		}
	}
	if (inner)
		OPENSSL_clear_free(inner, key->n_der);
	PKCS8_PRIV_KEY_INFO_free(p8);
	return ok;
}
