/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Certificates out of secrets: PEM in, a checked pair of chain and key out, encoded anew so that no byte of the user
 * reaches a proxy. It never asks for a passphrase, never reads a clock or a file, and keeps no OpenSSL object.
 *
 *     const struct sdi_cert_names *names;
 *     struct sdi_certificate *cert = sdi_tls_certificate(secret, arena, &ctx, now_s, &names);
 *     if (cert && !sdi_cert_covers(names, SDI_STR("*.example.org"))) …
 */
#ifndef SDI_TRANSLATE_TLS_H
#define SDI_TRANSLATE_TLS_H

#include "../gateway/gateway.h"
#include "../model/model.h"

/* The DNS names of a leaf: its subject alternative names, or the common name when it has no such extension. */
struct sdi_cert_names {
	const struct sdi_str
		*names; /* lower case, in the certificate's order; what is no DNS name or wildcard is not here */
	size_t n;
};

/*
 * The pair in @secret (tls.crt, tls.key), with the id "NAMESPACE_SECRET"; all of it in @arena, whose out-of-memory
 * handler may be armed. NULL when it can't be used, which a diagnostic about @ctx's subject says.
 *
 * @now_s      Unix time to check the validity against (which only warns); 0: not checked
 * @ret_names  in @arena; untouched when NULL is returned
 */
struct sdi_certificate *sdi_tls_certificate(const struct sdi_secret *secret, struct sdi_arena *arena,
                                            const struct sdi_diag_ctx *ctx, int64_t now_s,
                                            const struct sdi_cert_names **ret_names);

/* The same for chain and key in one text, in any order. */
struct sdi_certificate *sdi_tls_certificate_pem(struct sdi_str pem, struct sdi_str id, struct sdi_arena *arena,
                                                const struct sdi_diag_ctx *ctx, int64_t now_s,
                                                const struct sdi_cert_names **ret_names);

/* Whether @names cover @host (any case, "*.example.org" included); a wildcard name covers exactly one label. */
bool sdi_cert_covers(const struct sdi_cert_names *names, struct sdi_str host);

#endif
