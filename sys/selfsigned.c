/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/auto.h"
#include "base/str.h"
#include "sys.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#define FILE_NAME ".default-certificate.pem"
enum { LARGEST = 64 * 1024, TEN_YEARS_S = 3650 * 86400 };

static void free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void free_certificate(X509 **x)
{
	X509_free(*x);
}

static void free_bio(BIO **bio)
{
	BIO_free(*bio);
}

static bool add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	bool ok = extension && X509_add_ext(x, extension, -1);
	X509_EXTENSION_free(extension);
	return ok;
}

static bool fill(X509 *x, EVP_PKEY *key)
{
	uint64_t serial;
	static const unsigned char name[] = "sdingress default certificate";
	X509_NAME *subject = X509_get_subject_name(x);
	return RAND_bytes((unsigned char *)&serial, sizeof(serial)) == 1 && X509_set_version(x, X509_VERSION_3) &&
	       ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1) &&
	       X509_gmtime_adj(X509_getm_notBefore(x), -3600) && X509_gmtime_adj(X509_getm_notAfter(x), TEN_YEARS_S) &&
	       X509_set_pubkey(x, key) &&
	       X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, sizeof(name) - 1, -1, 0) &&
	       X509_set_issuer_name(x, subject) &&
	       add_extension(x, NID_subject_alt_name, "DNS:default.sdingress.invalid") &&
	       add_extension(x, NID_basic_constraints, "critical,CA:FALSE") && X509_sign(x, key, EVP_sha256());
}

static int make(char **ret, size_t *ret_n)
{
	sdi_auto(free_key) EVP_PKEY *key = EVP_EC_gen("P-256");
	sdi_auto(free_certificate) X509 *x = X509_new();
	sdi_auto(free_bio) BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	if (!key || !x || !bio || !fill(x, key) || !PEM_write_bio_X509(bio, x) ||
	    !PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL))
		return -ENOMEM;
	long n = BIO_get_mem_data(bio, &text);
	char *copy = malloc((size_t)n + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, (size_t)n);
	copy[n] = '\0';
	explicit_bzero(text, (size_t)n);
	*ret = copy;
	*ret_n = (size_t)n;
	return 0;
}

static int keep(const char *dir, const char *pem, size_t n)
{
	int error = sdi_sys_make_folder(dir);
	if (error)
		return error;
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return -errno;
	error = sdi_sys_replace(dir_fd, FILE_NAME, pem, n, 0600);
	close(dir_fd);
	return error;
}

int sdi_sys_default_certificate(const char *dir, char **ret, size_t *ret_n)
{
	int dir_fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (dir_fd >= 0) {
		int error = sdi_sys_slurp(dir_fd, FILE_NAME, LARGEST, ret, ret_n);
		close(dir_fd);
		if (error != -ENOENT) /* never over one that is there and can't be read */
			return error;
	}
	int error = make(ret, ret_n);
	if (error || !dir)
		return error;
	error = keep(dir, *ret, *ret_n);
	if (error) {
		explicit_bzero(*ret, *ret_n);
		free(*ret);
	}
	return error;
}
