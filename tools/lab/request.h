/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests with exact control of their bytes: nothing is followed, verified, resolved, normalised or added.
 *
 *     struct sdi_lab_request request = { .port = 8080, .target = SDI_STR("/a/../b"), .host = "www.example.org" };
 *     struct sdi_lab_response response;
 *     if (sdi_lab_request(&request, &response))
 *             use(response.status, sdi_lab_header(&response, "Location"));
 *     sdi_lab_response_release(&response);
 */
#ifndef SDI_TOOLS_LAB_REQUEST_H
#define SDI_TOOLS_LAB_REQUEST_H

#include "../../lib/base/arena.h"
#include "../../lib/base/vec.h"
#include "lab.h"

enum sdi_lab_http { SDI_LAB_HTTP_1_1, SDI_LAB_HTTP_1_0, SDI_LAB_HTTP_2 /* over TLS, by ALPN */ };

struct sdi_lab_header {
	struct sdi_str name, value;
};

struct sdi_lab_headers {
	SDI_VEC(struct sdi_lab_header)
};

struct sdi_lab_request {
	unsigned port;         /* on 127.0.0.1, or on ::1 */
	const char *method;    /* NULL: GET */
	struct sdi_str target; /* as it goes into the request line; "" is "/" */
	const char *host;      /* the Host header; NULL: none */
	bool tls;
	const char *sni;                 /* NULL: the host without port; "": none */
	struct sdi_str certificate, key; /* PEM of the client's own certificate; n is 0: none */
	enum sdi_lab_http http;
	const char *ciphers; /* offered, over TLS 1.2; NULL: libcurl's choice */
	const char *proxy;   /* a line of the PROXY protocol to begin with, before TLS; NULL: none */
	const char *source;  /* our own address, any of 127.0.0.0/8, or ::1; NULL: the system's choice for 127.0.0.1 */
	const char *digest;  /* USER:PASSWORD to log in with, once asked for a digest; NULL: none */
	const struct sdi_lab_header *headers;
	size_t n_headers;
	struct sdi_str body; /* p is NULL: none */
	bool chunked;        /* send the body in chunks, without a length */

	/* Not NULL: these bytes are all that is sent, over a plain connection; only port, source, then, udp, idle_ms
	 * and timeout_ms count besides. For what no proper client sends. */
	struct sdi_str raw;
	bool udp;         /* with raw: in one datagram, and the answer, too */
	unsigned idle_ms; /* with raw: so long after its answer it is sent again on the same connection; 0: it is not */
	struct sdi_str then; /* with raw: sent after a 101; as many bytes are read back as the response's body */
	unsigned timeout_ms; /* 0: SDI_LAB_REQUEST_MS */
};

struct sdi_lab_response {
	struct sdi_arena arena; /* holds all of it */
	unsigned status;        /* 0: no answer, see error */
	enum sdi_lab_http http;
	struct sdi_lab_headers headers;
	struct sdi_str body;
	struct sdi_str certificate; /* TLS: CN of the certificate served; "" when there is none */
	struct {
		SDI_VEC(struct sdi_str)
	} names; /* and its DNS names */
	struct sdi_lab_error error;
};

/**
 * Sends @request and reads the answer. Takes at most its time limit.
 *
 * Returns false when there was no complete answer, with the reason in @ret->error. @ret is always to be released.
 */
bool sdi_lab_request(const struct sdi_lab_request *request, struct sdi_lab_response *ret);

void sdi_lab_response_release(struct sdi_lab_response *response);

/* The first header of that name, NULL when there is none. */
const struct sdi_str *sdi_lab_header(const struct sdi_lab_headers *headers, const char *name);

/* Inside: the raw kind (raw.c); reads status line and headers of an HTTP/1 head into @ret (request.c). */
bool sdi_lab_request_raw(const struct sdi_lab_request *request, struct sdi_lab_response *ret);
void sdi_lab_response_line(struct sdi_lab_response *ret, struct sdi_str line);

#endif
