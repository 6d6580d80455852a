/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the probes: one connection. */
#ifndef SDI_TOOLS_LAB_PROBE_CONN_H
#define SDI_TOOLS_LAB_PROBE_CONN_H

#include "probe.h"

struct event_base;

/* Serves the accepted socket @fd, which it owns from now on, until either side closes. */
void sdi_lab_probe_serve(struct event_base *base, const struct sdi_lab_probe *probe, int fd, const char *remote);

/*
 * What the probe sees of a request. Views are of the connection's buffers, until the next request.
 */
struct sdi_lab_seen {
	struct sdi_str method, target, version; /* version without "HTTP/" */
	struct sdi_str lines;                   /* header lines as they came, with their line ends */
	struct sdi_str body;                    /* its beginning */
	uint64_t body_bytes;
	bool upgrade; /* asks for a websocket */
	struct sdi_str websocket_key;
	bool close; /* the client wants the connection closed */
};

/* Takes the next header out of @lines; false at the end. */
bool sdi_lab_next_header(struct sdi_str *lines, struct sdi_str *ret_name, struct sdi_str *ret_value);

/* Reads the request line and headers of @head. False: not HTTP/1. *ret_length: of the body; UINT64_MAX: chunked. */
bool sdi_lab_seen_read(struct sdi_str head, struct sdi_lab_seen *ret, uint64_t *ret_length);

/* How the query of a request wants its answer. */
struct sdi_lab_wanted {
	unsigned status, delay_ms;
	bool close, has_size;
	uint64_t size;
	struct sdi_str query; /* for its headers */
};

struct sdi_lab_wanted sdi_lab_wanted_read(struct sdi_str target);

struct sdi_buf;

/* Appends the whole answer to @out. @count: this request's number on its connection. */
void sdi_lab_answer(struct sdi_buf *out, const struct sdi_lab_probe *probe, const struct sdi_lab_seen *seen,
                    const struct sdi_lab_wanted *wanted, const char *remote, unsigned count);

#endif
