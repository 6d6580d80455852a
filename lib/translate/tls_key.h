/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * DER of certificates and private keys, as far as a proxy's own checks go: what passes here is loaded by HAProxy and
 * NGINX at OpenSSL's security level 2, what they would refuse does not pass.
 *
 * OpenSSL 3.0 spends 150 us in d2i_X509() and 470 us in PEM_read_bio_PrivateKey(), all of it in looking up decoders for
 * the key. The structures are therefore described here with OpenSSL's own templates, and the arithmetic of the key is
 * checked by hand: 10 us a certificate, 30 to 50 us a key.
 *
 * Each function that can fail says why in a static sentence part; NULL there: out of memory.
 */
#ifndef SDI_TRANSLATE_TLS_KEY_H
#define SDI_TRANSLATE_TLS_KEY_H

#include "../base/buf.h"
#include <openssl/x509v3.h>

struct sdi_validity {
	ASN1_TIME *not_before, *not_after;
};

struct sdi_spki { /* the public key as it stands */
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *key;
};

struct sdi_tbs { /* RFC 5280 4.1 */
	ASN1_INTEGER *version, *serial;
	X509_ALGOR *signature;
	X509_NAME *issuer, *subject;
	struct sdi_validity *validity;
	struct sdi_spki *spki;
	ASN1_BIT_STRING *issuer_uid, *subject_uid;
	STACK_OF(X509_EXTENSION) * extensions;
};

struct sdi_x509 {
	struct sdi_tbs *tbs;
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *signature;
};

/* Reads one certificate; *ret_n is its length, which may be less than @n. NULL: not a certificate. */
struct sdi_x509 *sdi_x509_parse(const unsigned char *der, size_t n, size_t *ret_n);
void sdi_x509_free(struct sdi_x509 *x);

/* Whether OpenSSL's security level 2 takes key and signature of @x; a root's own signature does not matter. */
bool sdi_x509_strong(const struct sdi_x509 *x, bool leaf, const char **ret_why);

/* Subject and issuer are the same name. */
bool sdi_x509_self_issued(const struct sdi_x509 *x);

struct sdi_key;

/* Reads a private key; @label is the one of its PEM block ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"). */
struct sdi_key *sdi_key_parse(struct sdi_str label, const unsigned char *der, size_t n, const char **ret_why);
void sdi_key_free(struct sdi_key *key);

/* Whether @key belongs to the public key of @x. */
bool sdi_key_fits(const struct sdi_key *key, const struct sdi_x509 *x);

/* PKCS#8 in PEM, encoded anew, into @out. False: out of memory. */
bool sdi_key_write(const struct sdi_key *key, struct sdi_buf *out);

/* One PEM block around @der. */
void sdi_pem_write(struct sdi_buf *out, struct sdi_str label, const unsigned char *der, size_t n);

#endif
