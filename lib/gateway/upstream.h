/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How requests go to the endpoints, and how their answers come back. A member that was not asked for is zero; which were
 * is in the policy's fields.
 */
#ifndef SDI_GATEWAY_UPSTREAM_H
#define SDI_GATEWAY_UPSTREAM_H

#include "policy.h"

enum sdi_upstream_protocol { SDI_UPSTREAM_HTTP, SDI_UPSTREAM_HTTPS, SDI_UPSTREAM_GRPC, SDI_UPSTREAM_GRPCS };

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
	struct sdi_str host;                 /* UPSTREAM_HOST */
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

#endif
