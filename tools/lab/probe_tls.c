/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The TLS side of probes: one key and certificate for all of them, good for tests and for nothing else. The
 * certificate is its own CA, so that a test can have it verified; it is for probe.lab and tls.default.svc.
 */
#include "probe_conn.h"
#include <openssl/pem.h>
#include <openssl/ssl.h>

static const char key_pem[] = "-----BEGIN PRIVATE KEY-----\n"
			      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBhfhOKYNx1fu5G9o\n"
			      "+KCYUG7EDW3Y0CBqJPO8IiqjTiehRANCAARq7GHhjR3t3cE3+UcqQ901M0eHiEe+\n"
			      "9OKvd8gsciMiR63PaTiqr6dmBq/H8fuDrBbXibmkHIjnp5H+CZxio3Rl\n"
			      "-----END PRIVATE KEY-----\n";

static const char cert_pem[] = "-----BEGIN CERTIFICATE-----\n"
			       "MIIBcTCCARigAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlwcm9iZS5s\n"
			       "YWIwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM\n"
			       "CXByb2JlLmxhYjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGrsYeGNHe3dwTf5\n"
			       "RypD3TUzR4eIR7704q93yCxyIyJHrc9pOKqvp2YGr8fx+4OsFteJuaQciOenkf4J\n"
			       "nGKjdGWjWTBXMA8GA1UdEwEB/wQFMAMBAf8wJQYDVR0RBB4wHIIJcHJvYmUubGFi\n"
			       "gg90bHMuZGVmYXVsdC5zdmMwHQYDVR0OBBYEFIqRl6+Gnv1W9YNG+wNPw9pYflRQ\n"
			       "MAoGCCqGSM49BAMCA0cAMEQCIHX3SZWotkRDP3quzqpAQx1N4+3YOhAkF4wxhdcl\n"
			       "c5rCAiApQR5GOUzjoHjweBIgdW3K1pd2hfPiApGuh3wYoCId6Q==\n"
			       "-----END CERTIFICATE-----\n";

/* HTTP/1.1 where the client can, since only that is told in full; else HTTP/2. */
static int choose(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in, unsigned in_n,
                  void *arg)
{
	static const unsigned char mine[] = "\x08http/1.1\x02h2";
	(void)ssl, (void)arg;
	return SSL_select_next_proto((unsigned char **)out, out_n, mine, sizeof(mine) - 1, in, in_n) ==
	                       OPENSSL_NPN_NEGOTIATED ?
	               SSL_TLSEXT_ERR_OK :
	               SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* Any certificate of a client will do; who it is gets told. */
static int accept_any(int ok, X509_STORE_CTX *ctx)
{
	(void)ok, (void)ctx;
	return 1;
}

/* Any name will do; OpenSSL forgets one that nobody took when a client takes its session up again. */
static int take_name(SSL *ssl, int *alert, void *arg)
{
	(void)ssl, (void)alert, (void)arg;
	return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *make(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	BIO *key_bio = BIO_new_mem_buf(key_pem, -1), *cert_bio = BIO_new_mem_buf(cert_pem, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
	X509 *cert = PEM_read_bio_X509(cert_bio, NULL, NULL, NULL);
	SSL_CTX_use_certificate(ctx, cert);
	SSL_CTX_use_PrivateKey(ctx, key);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"probe", 5); /* else none may be taken up again */
	SSL_CTX_set_alpn_select_cb(ctx, choose, NULL);
	SSL_CTX_set_tlsext_servername_callback(ctx, take_name);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, accept_any);
	X509_free(cert);
	EVP_PKEY_free(key);
	BIO_free(cert_bio);
	BIO_free(key_bio);
	return ctx;
}

struct ssl_st *sdi_lab_tls_new(void)
{
	static SSL_CTX *ctx; /* of the probes' process, which has one thread */
	if (!ctx)
		ctx = make();
	return SSL_new(ctx);
}

void sdi_lab_tls_lines(struct ssl_st *ssl, char *out, size_t n)
{
	const char *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	X509 *cert = SSL_get1_peer_certificate(ssl);
	char client[80] = "";
	if (cert)
		X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, client, sizeof(client));
	X509_free(cert);
	snprintf(out, n, "X-Probe-Tls: %s\r\nX-Probe-Cipher: %s\r\n%s%s%s%s%s%s", SSL_get_version(ssl),
	         SSL_get_cipher_name(ssl), sni ? "X-Probe-Sni: " : "", sni ? sni : "", sni ? "\r\n" : "",
	         client[0] ? "X-Probe-Client: " : "", client, client[0] ? "\r\n" : "");
}
