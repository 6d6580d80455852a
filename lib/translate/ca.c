/* SPDX-License-Identifier: BSD-3-Clause */
#include "ca.h"
#include "../base/buf.h"
#include "../base/limits.h"
#include <openssl/err.h>
#include <openssl/pem.h>

enum { BLOCKS_MAX = 100 };

/* OpenSSL refuses to serve shorter ones at the security level of Debian's. */
static bool copy_parameters(BIO *in, BIO *out)
{
	enum { BITS_MIN = 2048 };
	EVP_PKEY *dh = PEM_read_bio_Parameters(in, NULL);
	bool fine = dh && EVP_PKEY_get_base_id(dh) == EVP_PKEY_DH && EVP_PKEY_get_bits(dh) >= BITS_MIN &&
	            PEM_write_bio_Parameters(out, dh) == 1;
	EVP_PKEY_free(dh);
	return fine;
}

/* One block after the other from @in to @out. Returns how many, 0 when one is wrong. */
static unsigned copy_blocks(BIO *in, BIO *out, enum sdi_ca_kind kind)
{
	unsigned n = 0;
	bool fine = true;
	while (fine && n < BLOCKS_MAX) {
		X509 *cert = kind == SDI_CA_CERTIFICATES ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;
		X509_CRL *list = kind == SDI_CA_LISTS ? PEM_read_bio_X509_CRL(in, NULL, NULL, NULL) : NULL;
		if (!cert && !list)
			break;
		fine = cert ? PEM_write_bio_X509(out, cert) == 1 : PEM_write_bio_X509_CRL(out, list) == 1;
		X509_free(cert);
		X509_CRL_free(list);
		n++;
	}
	bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	return fine && ended ? n : 0;
}

/* @arena has no handler here, so that nothing of OpenSSL's is jumped over. */
static bool read_blocks(struct sdi_arena *arena, struct sdi_str pem, enum sdi_ca_kind kind, struct sdi_str *ret,
                        bool *ret_oom)
{
	char *p = NULL;
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n), *out = BIO_new(BIO_s_mem());
	ERR_clear_error();
	bool fine = in && out && (kind == SDI_CA_DH ? copy_parameters(in, out) : copy_blocks(in, out, kind) > 0);
	long n = fine ? BIO_get_mem_data(out, &p) : 0;
	struct sdi_str copy = fine ? sdi_arena_copy(arena, sdi_str_make(p, (size_t)n)) : (struct sdi_str){ 0 };
	*ret_oom = !in || !out || (fine && !copy.p);
	ERR_clear_error();
	BIO_free(in);
	BIO_free(out);
	if (fine && copy.p)
		*ret = copy;
	return fine && copy.p;
}

bool sdi_ca_read(struct sdi_arena *arena, struct sdi_str pem, enum sdi_ca_kind kind, struct sdi_str *ret)
{
	bool oom;
	jmp_buf *handler = arena->oom;
	if (!pem.n || pem.n > SDI_LIMIT_CERT_BYTES)
		return false;
	arena->oom = NULL;
	bool fine = read_blocks(arena, pem, kind, ret, &oom);
	arena->oom = handler;
	if (oom && handler)
		longjmp(*handler, 1);
	return fine;
}
