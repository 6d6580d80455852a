/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Probes: HTTP/1.1 servers that say who they are and echo what they got, as JSON in one line:
 *
 *     {"backend":"web","port":8081,"method":"GET","target":"/raw?x","version":"1.1","headers":[["Host","a.org"]],
 *      "body_bytes":0,"body":"","remote":"127.0.0.1:4711","connection":1}
 *
 * Bytes are told one by one: what is no printable ASCII is written as \u00XX. `body` holds the first 256 bytes,
 * `connection` counts the requests on this connection. Every answer names the probe in `X-Probe`; an answer that has
 * no body (HEAD, 101, 204, 304) carries the JSON in `X-Probe-Echo`.
 *
 * The query of a request can ask for another answer, so that tests can provoke what backends do:
 *     ?status=503  ?delay_ms=100  ?header=K:V (repeatable, percent-encoded)  ?size=N (N bytes of body instead of the
 *     JSON, which moves to X-Probe-Echo)  ?close=1 (closes the connection without an answer)
 *     ?heard=1 (the JSON of the latest request without this query; X-Probe-Heard counts those
 *     since it was asked last)
 *
 * A connection that begins with a TLS handshake is one; the request then has the headers X-Probe-Tls (version),
 * X-Probe-Cipher, X-Probe-Sni and X-Probe-Client (common name of the client's certificate) more. FastCGI is understood,
 * too, and HTTP/2 as far as to answer each request as a gRPC call that went well (probe_frame.c).
 *
 * A datagram at the same port is a whole request, and so is the answer to it.
 *
 * A websocket upgrade is answered with 101; all bytes after it come back as they are.
 */
#ifndef SDI_TOOLS_LAB_PROBE_H
#define SDI_TOOLS_LAB_PROBE_H

#include "lab.h"

struct sdi_lab_probe {
	const char *name;    /* what it calls itself; lives as long as the probe */
	const char *address; /* numeric; NULL: 127.0.0.1 */
	unsigned port;       /* 0: any; set once it listens */
};

struct sdi_lab_probes;

/**
 * Starts @n probes in one child process and waits for nothing else: they listen when this returns, on the ports that
 * are now in @probes. The child ends with sdi_lab_probes_stop(), and also when this process ends in any way.
 *
 * Returns NULL on failure, see @error.
 */
struct sdi_lab_probes *sdi_lab_probes_start(struct sdi_lab_probe *probes, size_t n, struct sdi_lab_error *error);

/** Stops them. NULL is fine. */
void sdi_lab_probes_stop(struct sdi_lab_probes *probes);

/**
 * Runs @n probes in this process until SIGTERM or SIGINT. @listening is called once all of them listen; may be NULL.
 *
 * Returns false when one can't listen, see @error.
 */
bool sdi_lab_probes_run(struct sdi_lab_probe *probes, size_t n, void (*listening)(void *arg), void *arg,
                        struct sdi_lab_error *error);

#endif
