/* SPDX-License-Identifier: BSD-3-Clause */
/* Self-signed certificates made on the fly: no key lies in the tree. */
#include "case.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

static struct sdi_str take_bio(struct sdi_arena *arena, BIO *bio)
{
	char *p = NULL;
	long n = BIO_get_mem_data(bio, &p);
	return sdi_arena_copy(arena, sdi_str_make(p, n > 0 ? (size_t)n : 0));
}

static void set_names(X509 *cert, const struct issue *issue, struct sdi_arena *arena)
{
	struct sdi_buf names;
	X509_NAME *subject = X509_get_subject_name(cert);
	X509V3_CTX ctx;
	sdi_buf_init(&names, 4096);
	for (size_t i = 0; i < issue->n_dns; i++)
		sdi_buf_printf(&names, "%sDNS:%.*s", i ? "," : "", SDI_STR_ARG(issue->dns[i]));
	struct sdi_str list = sdi_arena_copy(arena, sdi_buf_str(&names));
	sdi_buf_release(&names);
	struct sdi_str cn = issue->subject.n ? issue->subject : issue->dns[0];
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)cn.p, (int)cn.n, -1, 0);
	X509_set_issuer_name(cert, subject);
	X509V3_set_ctx_nodb(&ctx);
	if (issue->ca) {
		X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
		X509_EXTENSION *basic = X509V3_EXT_conf_nid(NULL, &ctx, NID_basic_constraints, "critical,CA:TRUE");
		if (basic)
			X509_add_ext(cert, basic, -1);
		X509_EXTENSION_free(basic);
	}
	if (!issue->n_dns)
		return;
	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, list.p);
	if (ext)
		X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
}

static X509 *read_cert(struct sdi_str pem)
{
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	return cert;
}

static EVP_PKEY *read_key(struct sdi_str pem)
{
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	return key;
}

/* By the issuer where there is one. */
static bool sign(X509 *cert, const struct issue *issue, EVP_PKEY *own)
{
	if (!issue->issuer.n)
		return X509_sign(cert, own, EVP_sha256()) > 0;
	X509 *ca = read_cert(issue->issuer);
	EVP_PKEY *key = read_key(issue->issuer_key);
	bool fine = ca && key && X509_set_issuer_name(cert, X509_get_subject_name(ca)) == 1 &&
		    X509_sign(cert, key, EVP_sha256()) > 0;
	X509_free(ca);
	EVP_PKEY_free(key);
	return fine;
}

struct sdi_str issue_list(struct sdi_str issuer, struct sdi_str key_pem, struct sdi_str revoked,
			  struct sdi_arena *arena)
{
	X509 *ca = read_cert(issuer), *bad = revoked.n ? read_cert(revoked) : NULL;
	EVP_PKEY *key = read_key(key_pem);
	X509_CRL *list = X509_CRL_new();
	X509_REVOKED *entry = bad ? X509_REVOKED_new() : NULL;
	ASN1_TIME *now = X509_gmtime_adj(NULL, -3600), *later = X509_gmtime_adj(NULL, 86400);
	BIO *out = BIO_new(BIO_s_mem());
	struct sdi_str ret = { 0 };
	if (ca && key && list && now && later && out) {
		X509_CRL_set_version(list, X509_CRL_VERSION_2);
		X509_CRL_set_issuer_name(list, X509_get_subject_name(ca));
		X509_CRL_set1_lastUpdate(list, now);
		X509_CRL_set1_nextUpdate(list, later);
		if (entry) {
			X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(bad));
			X509_REVOKED_set_revocationDate(entry, now);
			X509_CRL_add0_revoked(list, entry);
		}
		if (X509_CRL_sign(list, key, EVP_sha256()) > 0 && PEM_write_bio_X509_CRL(out, list) == 1)
			ret = take_bio(arena, out);
	}
	ASN1_TIME_free(now);
	ASN1_TIME_free(later);
	X509_CRL_free(list);
	X509_free(ca);
	X509_free(bad);
	EVP_PKEY_free(key);
	BIO_free(out);
	return ret;
}

bool issue_certificate(const struct issue *issue, struct sdi_arena *arena, struct sdi_str *ret_chain,
		       struct sdi_str *ret_key)
{
	const long day = 86400;
	uint32_t serial = 1;
	EVP_PKEY *key = EVP_EC_gen("P-256"), *other = issue->mismatch ? EVP_EC_gen("P-256") : NULL;
	X509 *cert = X509_new();
	BIO *chain = BIO_new(BIO_s_mem()), *text = BIO_new(BIO_s_mem());
	bool fine = key && cert && chain && text && (!issue->mismatch || other) && (issue->n_dns > 0 || issue->subject.n > 0) &&
		    RAND_bytes((unsigned char *)&serial, sizeof(serial)) == 1;
	if (fine) {
		X509_set_version(cert, X509_VERSION_3);
		ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial);
		X509_gmtime_adj(X509_getm_notBefore(cert), -3 * day);
		X509_gmtime_adj(X509_getm_notAfter(cert), issue->expired ? -day : 3 * day);
		X509_set_pubkey(cert, key);
		set_names(cert, issue, arena);
		fine = sign(cert, issue, key) && PEM_write_bio_X509(chain, cert) == 1 &&
		       PEM_write_bio_PrivateKey(text, other ? other : key, NULL, NULL, 0, NULL, NULL) == 1;
	}
	if (fine) {
		*ret_chain = take_bio(arena, chain);
		*ret_key = take_bio(arena, text);
	}
	BIO_free(chain);
	BIO_free(text);
	X509_free(cert);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	return fine;
}

struct sdi_str base64(struct sdi_arena *arena, struct sdi_str data)
{
	unsigned char *to = sdi_arena_alloc(arena, (data.n + 2) / 3 * 4 + 1);
	int n = to ? EVP_EncodeBlock(to, (const unsigned char *)data.p, (int)data.n) : 0;
	return sdi_str_make((char *)to, (size_t)n);
}
