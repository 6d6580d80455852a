/* SPDX-License-Identifier: BSD-3-Clause */
/* Prints N pairs of lines for gen: a self-signed P-256 certificate for *.zI.example.org and its key, as a Secret has
 * them (base64 of PEM). */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

static void print_base64(BIO *pem)
{
	char *text;
	long n = BIO_get_mem_data(pem, &text);
	unsigned char *out = malloc((size_t)n * 2 + 8);
	if (!out)
		exit(1);
	EVP_EncodeBlock(out, (unsigned char *)text, (int)n);
	printf("%s\n", (char *)out);
	free(out);
	BIO_free(pem);
}

static void certificate(long i)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	char name[64];
	snprintf(name, sizeof(name), "DNS:*.z%ld.example.org", i);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), i + 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 3650L * 86400);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)"bench", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, name);
	X509_add_ext(x, san, -1);
	X509_EXTENSION_free(san);
	X509_sign(x, key, EVP_sha256());
	BIO *crt = BIO_new(BIO_s_mem()), *pem = BIO_new(BIO_s_mem());
	PEM_write_bio_X509(crt, x);
	PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL);
	print_base64(crt);
	print_base64(pem);
	X509_free(x);
	EVP_PKEY_free(key);
}

int main(int argc, char **argv)
{
	long n = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	if (n <= 0) {
		fprintf(stderr, "usage: certs N\n");
		return 2;
	}
	for (long i = 0; i < n; i++)
		certificate(i);
	return 0;
}
