/* SPDX-License-Identifier: BSD-3-Clause */
#include "../base/map.h"
#include "tls.h"
#include "../base/limits.h"
#include "tls_key.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <time.h>

/*
 * All that OpenSSL allocates lives in a struct pair and is freed before the arena of the caller is touched, whose
 * out-of-memory handler would jump over the frees. The result crosses over in a struct made, of plain buffers.
 */
struct pair {
	struct member {
		struct sdi_x509 *x;
		unsigned char *der;
		size_t n;
		bool used;
	} certs[SDI_LIMIT_CHAIN];
	size_t n_certs;
	struct sdi_key *key;
	const char *why; /* what is wrong; NULL: out of memory */
};

struct made {
	struct sdi_buf chain, key;
	struct sdi_buf names; /* each followed by NUL */
	size_t n_names, n_chain, n_left_out;
	bool reordered, has_ocsp;
	struct tm not_before, not_after;
};

enum { TAKE_CERTS = 1, TAKE_KEY = 2 };

static void pair_release(struct pair *pair)
{
	for (size_t i = 0; i < pair->n_certs; i++) {
		sdi_x509_free(pair->certs[i].x);
		OPENSSL_free(pair->certs[i].der);
	}
	sdi_key_free(pair->key);
	ERR_clear_error();
}

static void made_release(struct made *made)
{
	sdi_buf_release(&made->chain);
	sdi_buf_release(&made->key);
	sdi_buf_release(&made->names);
}

static bool wrong(struct pair *pair, const char *why)
{
	pair->why = ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE ? NULL : why;
	return false;
}

static bool is_certificate(struct sdi_str label)
{
	return sdi_str_is(label, PEM_STRING_X509) || sdi_str_is(label, PEM_STRING_X509_OLD) ||
	       sdi_str_is(label, PEM_STRING_X509_TRUSTED);
}

/* Keeps @der on success. */
static bool take_certificate(struct pair *pair, unsigned char *der, size_t n)
{
	if (pair->n_certs == SDI_LIMIT_CHAIN)
		return wrong(pair, "there are more than 16 certificates");
	struct member *m = &pair->certs[pair->n_certs];
	m->x = sdi_x509_parse(der, n, &m->n); /* what trusted certificates have behind it is cut off */
	if (!m->x)
		return wrong(pair, "a block is not a certificate");
	m->der = der;
	pair->n_certs++;
	return true;
}

static bool take_block(struct pair *pair, unsigned take, struct sdi_str label, struct sdi_str header,
                       unsigned char **der, size_t n)
{
	if (is_certificate(label)) {
		if (!(take & TAKE_CERTS))
			return true;
		if (!take_certificate(pair, *der, n))
			return false;
		*der = NULL;
		return true;
	}
	if (!sdi_str_ends(label, SDI_STR("PRIVATE KEY")) || !(take & TAKE_KEY) || pair->key)
		return true;
	if (sdi_str_has(header, SDI_STR("ENCRYPTED")) || sdi_str_has(label, SDI_STR("ENCRYPTED")))
		return wrong(pair, "the key is encrypted; store it without a passphrase");
	pair->key = sdi_key_parse(label, der[0], n, &pair->why);
	return pair->key;
}

/* Reads the PEM blocks of @text; what stands between them does not matter. No passphrase is ever asked for. */
static bool read_blocks(struct pair *pair, unsigned take, struct sdi_str text)
{
	BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
	if (!bio)
		return wrong(pair, NULL);
	bool ok = true;
	char *label, *header;
	unsigned char *der;
	long n;
	while (ok && PEM_read_bio(bio, &label, &header, &der, &n)) {
		ok = take_block(pair, take, sdi_str_c(label), sdi_str_c(header), &der, (size_t)n);
		OPENSSL_free(label);
		OPENSSL_free(header);
		if (der)
			OPENSSL_clear_free(der, (size_t)n);
	}
	BIO_free(bio);
	if (ok && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return wrong(pair, "a PEM block is cut off or is not base64");
	return ok;
}

/* The certificates from the leaf up, each issued by the next; a root is served when it was given. */
static bool write_chain(struct pair *pair, size_t leaf, struct made *made)
{
	size_t at = leaf;
	for (;;) {
		struct member *m = &pair->certs[at];
		m->used = true;
		made->reordered = made->reordered || at != made->n_chain;
		made->n_chain++;
		sdi_pem_write(&made->chain, SDI_STR(PEM_STRING_X509), m->der, m->n);
		if (sdi_x509_self_issued(m->x))
			break;
		size_t next = 0;
		while (next < pair->n_certs &&
		       (pair->certs[next].used ||
		        X509_NAME_cmp(pair->certs[next].x->tbs->subject, m->x->tbs->issuer) != 0))
			next++;
		if (next == pair->n_certs)
			break;
		/* A root with an old signature is of no use to clients, and would make the proxy refuse to start. */
		if (!sdi_x509_strong(pair->certs[next].x, false, &pair->why)) {
			if (pair->why && sdi_x509_self_issued(pair->certs[next].x))
				break;
			return false;
		}
		at = next;
	}
	made->n_left_out = pair->n_certs - made->n_chain;
	return true;
}

static bool is_dns_name(struct sdi_str s)
{
	if (sdi_str_starts(s, SDI_STR("*.")))
		s = sdi_str_from(s, 2);
	return sdi_name_is_subdomain(s);
}

static void add_name(struct made *made, struct sdi_str name)
{
	char lower[253 + 2];
	if (name.n > sizeof(lower))
		return;
	for (size_t i = 0; i < name.n; i++)
		lower[i] = sdi_lower(name.p[i]);
	if (!is_dns_name(sdi_str_make(lower, name.n)))
		return;
	sdi_buf_add(&made->names, sdi_str_make(lower, name.n));
	sdi_buf_char(&made->names, '\0');
	made->n_names++;
}

static struct sdi_str asn1_text(const ASN1_STRING *s)
{
	return sdi_str_make((const char *)ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
}

/* The alternative names; only when that extension is missing, the common name (RFC 6125 6.4.4). */
static bool write_names(struct pair *pair, const struct sdi_tbs *tbs, struct made *made)
{
	int at = X509v3_get_ext_by_NID(tbs->extensions, NID_subject_alt_name, -1);
	if (at < 0) {
		int cn = X509_NAME_get_index_by_NID(tbs->subject, NID_commonName, -1);
		if (cn >= 0)
			add_name(made, asn1_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(tbs->subject, cn))));
		return true;
	}
	GENERAL_NAMES *names = X509V3_EXT_d2i(X509v3_get_ext(tbs->extensions, at));
	if (!names)
		return wrong(pair, "the alternative names of the certificate can't be read");
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		if (name->type == GEN_DNS)
			add_name(made, asn1_text(name->d.dNSName));
	}
	GENERAL_NAMES_free(names);
	return true;
}

/* An URL of HTTP where the issuer answers questions about it (RFC 5280 4.2.2.1). */
static bool has_ocsp(const struct sdi_tbs *tbs)
{
	int at = X509v3_get_ext_by_NID(tbs->extensions, NID_info_access, -1);
	AUTHORITY_INFO_ACCESS *info = at < 0 ? NULL : X509V3_EXT_d2i(X509v3_get_ext(tbs->extensions, at));
	bool found = false;
	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(info); i++) {
		const ACCESS_DESCRIPTION *one = sk_ACCESS_DESCRIPTION_value(info, i);
		found |= OBJ_obj2nid(one->method) == NID_ad_OCSP && one->location->type == GEN_URI &&
		         sdi_str_starts(asn1_text(one->location->d.uniformResourceIdentifier), SDI_STR("http://"));
	}
	AUTHORITY_INFO_ACCESS_free(info);
	return found;
}

static bool write_pair(struct pair *pair, struct made *made)
{
	if (!pair->n_certs)
		return wrong(pair, "there is no certificate");
	if (!pair->key)
		return wrong(pair, "there is no private key");
	size_t leaf = 0;
	while (leaf < pair->n_certs && !sdi_key_fits(pair->key, pair->certs[leaf].x))
		leaf++;
	if (leaf == pair->n_certs)
		return wrong(pair, "the key does not belong to the certificate");
	const struct sdi_x509 *x = pair->certs[leaf].x;
	if (!ASN1_TIME_to_tm(x->tbs->validity->not_before, &made->not_before) ||
	    !ASN1_TIME_to_tm(x->tbs->validity->not_after, &made->not_after))
		return wrong(pair, "the dates of the certificate can't be read");
	if (!sdi_x509_strong(x, true, &pair->why) || !write_chain(pair, leaf, made) || !write_names(pair, x->tbs, made))
		return false;
	made->has_ocsp = made->n_chain > 1 && has_ocsp(x->tbs);
	sdi_key_write(pair->key, &made->key);
	pair->why = NULL;
	return made->key.n && !made->key.failed && !made->chain.failed && !made->names.failed;
}

/* False: @ret_why says what is wrong, or is NULL when out of memory. */
static bool make(struct sdi_str certs, struct sdi_str key, struct made *made, const char **ret_why)
{
	struct pair pair = { 0 };
	bool ok = false;
	made->key.wipe = true;
	made->key.max = made->chain.max = made->names.max = 2 * SDI_LIMIT_CERT_BYTES;
	ERR_clear_error();
	if (certs.n + key.n > SDI_LIMIT_CERT_BYTES)
		pair.why = "certificate and key are larger than 256 KiB";
	else if (key.p)
		ok = read_blocks(&pair, TAKE_CERTS, certs) && read_blocks(&pair, TAKE_KEY, key);
	else
		ok = read_blocks(&pair, TAKE_CERTS | TAKE_KEY, certs);
	ok = ok && write_pair(&pair, made);
	*ret_why = pair.why;
	pair_release(&pair);
	return ok;
}

/* @arena has no handler here: NULL, out of memory. */
static struct sdi_certificate *copy(const struct made *made, struct sdi_str id, struct sdi_arena *arena,
                                    const struct sdi_cert_names **ret_names)
{
	struct sdi_certificate *cert = sdi_arena_new(arena, struct sdi_certificate);
	struct sdi_cert_names *names = sdi_arena_new(arena, struct sdi_cert_names);
	struct sdi_str *list = sdi_arena_array(arena, made->n_names, struct sdi_str);
	struct sdi_str text = sdi_arena_copy(arena, sdi_buf_str(&made->names)), one;
	if (!cert || !names || !list || !text.p)
		return NULL;
	for (; names->n < made->n_names && sdi_str_split(&text, '\0', &one); names->n++)
		list[names->n] = one;
	names->names = list;
	struct tm end = made->not_after;
	cert->not_after_s = timegm(&end);
	cert->has_ocsp = made->has_ocsp;
	cert->id = sdi_arena_copy(arena, id);
	cert->chain_pem = sdi_arena_copy(arena, sdi_buf_str(&made->chain));
	cert->key_pem = sdi_arena_copy(arena, sdi_buf_str(&made->key));
	if (!cert->id.p || !cert->chain_pem.p || !cert->key_pem.p)
		return NULL;
	*ret_names = names;
	return cert;
}

/* What is worth knowing about a pair that is served. */
static void remark(const struct made *made, struct sdi_str id, const struct sdi_diag_ctx *ctx, int64_t now_s)
{
	const char *name = sdi_show(ctx, id);
	struct tm from = made->not_before, to = made->not_after;
	if (now_s && now_s > timegm(&to))
		sdi_diag_add(ctx, SDI_REASON_CERT_EXPIRED, "",
		             "certificate %s ended on %04d-%02d-%02d; it is served all the same, renew it", name,
		             to.tm_year + 1900, to.tm_mon + 1, to.tm_mday);
	else if (now_s && now_s < timegm(&from))
		sdi_diag_add(ctx, SDI_REASON_CERT_EXPIRED, "",
		             "certificate %s is not valid before %04d-%02d-%02d; it is served all the same", name,
		             from.tm_year + 1900, from.tm_mon + 1, from.tm_mday);
	if (made->reordered)
		sdi_diag_add(ctx, SDI_REASON_CERT_CHAIN, "",
		             "the chain of certificate %s was not in order and is served in order; write the leaf "
		             "first, then each issuer",
		             name);
	else if (made->n_left_out)
		sdi_diag_add(
			ctx, SDI_REASON_CERT_CHAIN, "",
			"%zu of the certificates beside certificate %s are left out: not part of its chain, or a root "
			"that no client accepts any more",
			made->n_left_out, name);
}

static struct sdi_certificate *certificate(struct sdi_str certs, struct sdi_str key, struct sdi_str id,
                                           struct sdi_arena *arena, const struct sdi_diag_ctx *ctx, int64_t now_s,
                                           const struct sdi_cert_names **ret_names)
{
	struct made made = { 0 };
	const char *why = NULL;
	struct sdi_certificate *cert = NULL;
	jmp_buf *oom = arena->oom;
	arena->oom = NULL;
	bool ok = make(certs, key, &made, &why);
	if (ok)
		cert = copy(&made, id, arena, ret_names);
	made_release(&made); /* the numbers in it stay */
	arena->oom = oom;
	if (!cert && !why && oom)
		longjmp(*oom, 1);
	if (cert)
		remark(&made, id, ctx, now_s);
	else if (why)
		sdi_diag_add(ctx, SDI_REASON_CERT_INVALID, "", "certificate %s can't be used: %s", sdi_show(ctx, id),
		             why);
	return cert;
}

/* The value under @key, or none after a diagnostic. */
static struct sdi_str item(const struct sdi_secret *secret, struct sdi_str key, const struct sdi_diag_ctx *ctx)
{
	const struct sdi_secret_item *found = sdi_secret_find(secret, key);
	const char *why = !found          ? "is missing" :
	                  found->invalid  ? "is not base64" :
	                  !found->value.n ? "is empty" :
	                                    NULL;
	if (!why)
		return sdi_str_make(found->value.p, found->value.n);
	sdi_diag_add(ctx, SDI_REASON_SECRET_INVALID, "", "secret %s/%s can't be used for TLS: its key %s %s",
	             sdi_show(ctx, secret->object.ns), sdi_show(ctx, secret->object.name), key.p, why);
	return (struct sdi_str){ 0 };
}

/* "NAMESPACE_SECRET"; a name too long for a file (255 bytes, with suffix) is cut and told apart by its hash. */
static struct sdi_str name_file(struct sdi_arena *arena, const struct sdi_object *secret)
{
	enum { LONGEST = 160 };
	if (secret->name.n <= LONGEST)
		return sdi_arena_printf(arena, SDI_STR_FMT "_" SDI_STR_FMT, SDI_STR_ARG(secret->ns),
		                        SDI_STR_ARG(secret->name));
	return sdi_arena_printf(arena, SDI_STR_FMT "_" SDI_STR_FMT "_%016llx", SDI_STR_ARG(secret->ns),
	                        SDI_STR_ARG(sdi_str_head(secret->name, LONGEST)),
	                        (unsigned long long)sdi_hash(secret->name));
}

struct sdi_certificate *sdi_tls_certificate(const struct sdi_secret *secret, struct sdi_arena *arena,
                                            const struct sdi_diag_ctx *ctx, int64_t now_s,
                                            const struct sdi_cert_names **ret_names)
{
	struct sdi_str certs = item(secret, SDI_STR("tls.crt"), ctx);
	struct sdi_str key = certs.p ? item(secret, SDI_STR("tls.key"), ctx) : certs;
	if (!key.p)
		return NULL;
	struct sdi_str id = name_file(arena, &secret->object);
	return id.p ? certificate(certs, key, id, arena, ctx, now_s, ret_names) : NULL;
}

struct sdi_certificate *sdi_tls_certificate_pem(struct sdi_str pem, struct sdi_str id, struct sdi_arena *arena,
                                                const struct sdi_diag_ctx *ctx, int64_t now_s,
                                                const struct sdi_cert_names **ret_names)
{
	return certificate(pem, (struct sdi_str){ 0 }, id, arena, ctx, now_s, ret_names);
}

static bool covers(struct sdi_str name, struct sdi_str host)
{
	if (sdi_str_eq_nocase(name, host))
		return true;
	ptrdiff_t dot = sdi_str_find(host, '.');
	return dot > 0 && host.p[0] != '*' && sdi_str_starts(name, SDI_STR("*.")) &&
	       sdi_str_eq_nocase(sdi_str_from(name, 1), sdi_str_from(host, (size_t)dot));
}

bool sdi_cert_covers(const struct sdi_cert_names *names, struct sdi_str host)
{
	for (size_t i = 0; i < names->n; i++)
		if (covers(names->names[i], host))
			return true;
	return false;
}
