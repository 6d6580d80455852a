/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a probe told about the request that it got, read from its answer.
 */
#ifndef SDI_TOOLS_LAB_ECHO_H
#define SDI_TOOLS_LAB_ECHO_H

#include "request.h"

struct sdi_lab_echo {
	struct sdi_str backend, method, target, version, body, remote;
	struct sdi_lab_headers headers; /* in the order in which they came */
	uint64_t body_bytes;
	unsigned port, connection;
};

/**
 * Reads the echo out of @response: its header `X-Probe-Echo`, else its body.
 *
 * Returns false when the answer is not a probe's. Strings are in @arena.
 */
bool sdi_lab_echo_read(const struct sdi_lab_response *response, struct sdi_arena *arena, struct sdi_lab_echo *ret);

#endif
