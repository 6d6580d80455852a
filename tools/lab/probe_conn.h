/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the probes: one connection. */
#ifndef SDI_TOOLS_LAB_PROBE_CONN_H
#define SDI_TOOLS_LAB_PROBE_CONN_H

#include "../../lib/base/buf.h"
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
	bool close, has_size, heard;
	uint64_t size;
	struct sdi_str query; /* for its headers */
};

struct sdi_lab_wanted sdi_lab_wanted_read(struct sdi_str target);

/* Appends the whole answer to @out. @count: this request's number on its connection. */
void sdi_lab_answer(struct sdi_buf *out, const struct sdi_lab_probe *probe, const struct sdi_lab_seen *seen,
                    const struct sdi_lab_wanted *wanted, const char *remote, unsigned count);

/* What the probe sees of a request, as JSON. */
void sdi_lab_write_echo(struct sdi_buf *out, const struct sdi_lab_probe *probe, const struct sdi_lab_seen *seen,
                        const char *remote, unsigned count);

/* probe_heard.c: the latest of @probe's requests that did not ask for it, and how many of those there were since
 * this was called last. */
void sdi_lab_heard_keep(const struct sdi_lab_probe *probe, const struct sdi_lab_seen *seen, const char *remote);
struct sdi_str sdi_lab_heard(const struct sdi_lab_probe *probe, unsigned *ret_n);

/* probe_tls.c: a server's side for one connection; the lines that tell what the client agreed to. */
struct ssl_st *sdi_lab_tls_new(void);
void sdi_lab_tls_lines(struct ssl_st *ssl, char *out, size_t n);

/* probe_frame.c: what a connection speaks, by its first bytes, and its state beyond HTTP/1. */
struct evbuffer;
enum sdi_lab_framing { SDI_LAB_UNKNOWN, SDI_LAB_HTTP, SDI_LAB_FCGI, SDI_LAB_H2 };
struct sdi_lab_frames {
	enum sdi_lab_framing framing;
	struct sdi_buf params;
	unsigned id;
	bool keep, whole, greeted;
	uint64_t body_bytes;
};
enum sdi_lab_framing sdi_lab_framing_of(struct evbuffer *in);
/* True: a request is whole; its head as that of HTTP/1 is in @head. */
bool sdi_lab_fcgi_read(struct sdi_lab_frames *f, struct evbuffer *in, struct sdi_buf *head, struct sdi_buf *body);
/* @answer of HTTP/1 as records. */
void sdi_lab_fcgi_answer(struct sdi_lab_frames *f, struct sdi_str answer, struct sdi_buf *out);
/* Takes all frames that are there, and answers to them. */
void sdi_lab_h2_read(struct sdi_lab_frames *f, const struct sdi_lab_probe *probe, struct evbuffer *in,
                     struct sdi_buf *out);

#endif
