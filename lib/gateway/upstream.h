/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How requests go to the endpoints, and how their answers come back. A member that was not asked for is zero; which were
 * is in the policy's fields.
 */
#ifndef SDI_GATEWAY_UPSTREAM_H
#define SDI_GATEWAY_UPSTREAM_H

#include "gateway.h"
#include "fact.h"

enum sdi_upstream_protocol {
	SDI_UPSTREAM_HTTP,
	SDI_UPSTREAM_HTTPS,
	SDI_UPSTREAM_GRPC,
	SDI_UPSTREAM_GRPCS,
	SDI_UPSTREAM_AUTO, /* HTTP or HTTPS, as the client came */
	SDI_UPSTREAM_FASTCGI,
};

/* What ingress-nginx does where nothing is said. */
enum { SDI_UPSTREAM_CONNECT_S = 5, SDI_UPSTREAM_IDLE_S = 60, SDI_UPSTREAM_TRIES = 3 };

/* The folder that scripts are looked for in, where the parameters don't say: that of PHP's own images. */
#define SDI_FASTCGI_ROOT "/var/www/html"

struct sdi_fastcgi {
	struct sdi_str index; /* "": none */
	struct sdi_fastcgi_param {
		struct sdi_str name;
		struct sdi_fact_text value;
	} * params; /* sorted by name */
	size_t n_params;
};

enum { SDI_TLS_1_2 = 1 << 0, SDI_TLS_1_3 = 1 << 1 };

/* TLS to endpoints beyond encryption. */
struct sdi_upstream_tls {
	struct sdi_str id;                         /* of the secret: "NAMESPACE_SECRET", for names of files */
	const struct sdi_certificate *certificate; /* shown to endpoints; NULL: none */
	struct sdi_str ca_pem;                     /* what theirs must come from; "": not given */
	bool verify;                               /* never without ca_pem */
	bool sni;
	unsigned depth;         /* UPSTREAM_TLS_DEPTH; at least 1 */
	struct sdi_str name;    /* to verify and to ask for; "": see sdi_upstream_tls_name() */
	unsigned versions;      /* bits */
	struct sdi_str ciphers; /* for TLS 1.2; "": the usual ones */
};

/* Failures after which another endpoint is tried, as bits. */
enum {
	SDI_RETRY_ERROR = 1 << 0,   /* no connection, or it broke before an answer */
	SDI_RETRY_TIMEOUT = 1 << 1, /* no answer in time */
	SDI_RETRY_INVALID = 1 << 2, /* no HTTP */
	SDI_RETRY_500 = 1 << 3,
	SDI_RETRY_502 = 1 << 4,
	SDI_RETRY_503 = 1 << 5,
	SDI_RETRY_504 = 1 << 6,
	SDI_RETRY_403 = 1 << 7,
	SDI_RETRY_404 = 1 << 8,
	SDI_RETRY_429 = 1 << 9,
	SDI_RETRY_ALL_METHODS = 1 << 10, /* POST, PATCH and LOCK, too */
};

struct sdi_rewrite_text {
	struct sdi_str from, to; /* both literal */
};

struct sdi_upstream {
	enum sdi_upstream_protocol protocol; /* PROTOCOL */
	const struct sdi_upstream_tls *tls;  /* UPSTREAM_TLS; NULL: the usual, nothing is verified */
	const struct sdi_fastcgi *fastcgi;   /* never NULL for SDI_UPSTREAM_FASTCGI */
	struct sdi_fact_text host;           /* UPSTREAM_HOST */
	unsigned connect_s, read_s, send_s;  /* CONNECT_TIMEOUT, READ_TIMEOUT, SEND_TIMEOUT */
	unsigned retry;                      /* RETRY: bits; 0: never */
	unsigned tries;                    /* RETRY_TRIES: of all, with the first; 0: as many as there are endpoints */
	unsigned retry_s;                  /* RETRY_TIMEOUT; 0: no end */
	uint64_t body_buffer_bytes;        /* BODY_BUFFER */
	bool request_buffering, buffering; /* REQUEST_BUFFERING, BUFFERING */
	uint64_t header_bytes;             /* HEADER_BUFFER */
	unsigned buffers;                  /* BUFFERS: their number; 0: the usual one */
	uint64_t busy_bytes;               /* 0: the usual one */
	bool has_temp;                     /* temp_bytes was asked for */
	uint64_t temp_bytes;               /* of a temporary file */
	bool http_1_0;                     /* HTTP_VERSION */
	bool close;                        /* CONNECTION_HEADER: else keep-alive */
	struct sdi_rewrite_text location;  /* LOCATION_REWRITE */
	struct sdi_rewrite_text cookie_domain; /* COOKIE_DOMAIN */
	struct sdi_rewrite_text cookie_path;   /* COOKIE_PATH */
};

static inline bool sdi_upstream_speaks(const struct sdi_policy *policy, enum sdi_upstream_protocol protocol)
{
	return policy && policy->upstream ? policy->upstream->protocol == protocol : protocol == SDI_UPSTREAM_HTTP;
}

/*
 * The name that endpoints are asked for, and that their certificate has to have: what was said, else that of the
 * service as it has it inside of the cluster. (The original uses a name of its own configuration, which no certificate has.)
 */
struct sdi_str sdi_upstream_tls_name(struct sdi_arena *arena, const struct sdi_upstream_tls *tls,
                                     const struct sdi_backend *backend);

#endif
