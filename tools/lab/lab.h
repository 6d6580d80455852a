/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The loopback lab: a real proxy started from a bundle, probe backends behind it, requests with exact control of
 * their bytes, and the answers. `sdingress compare`, the quickstart and the behaviour tests use it. All of it stays
 * on loopback, every wait has a deadline, and nothing outlives the process that started it.
 *
 *     sdi_lab_ports(ports, 2, &error);
 *     probes = sdi_lab_probes_start(list, 3, &error);
 *     sdi_lab_dir_make(&dir, &error);
 *     sdi_lab_bundle_write(bundle, dir.path, &error);
 *     proxy = sdi_lab_proxy_start(SDI_PROXY_HAPROXY, program, dir.path, &error);
 *     sdi_lab_request(&request, &response);
 *     sdi_lab_proxy_stop(proxy);
 *
 * This header holds what all parts share: errors, ports and folders. See probe.h, proxy.h, request.h, echo.h.
 */
#ifndef SDI_TOOLS_LAB_H
#define SDI_TOOLS_LAB_H

#include "../../lib/base/str.h"
#include <sdingress/bundle.h>

enum {
	SDI_LAB_START_MS = 10000,  /* a proxy that has not come up by then has failed */
	SDI_LAB_STOP_MS = 3000,    /* after this a proxy is killed */
	SDI_LAB_REQUEST_MS = 5000, /* a request's default time limit */
};

/* Why a call of the lab failed: one sentence, fit to be printed. */
struct sdi_lab_error {
	char text[512];
};

/* Fills @error (which may be NULL); returns false, so that a caller can return it. */
bool sdi_lab_fail(struct sdi_lab_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Milliseconds of a clock that only goes forward. */
uint64_t sdi_lab_now_ms(void);
void sdi_lab_sleep_ms(unsigned ms);

/**
 * Finds @n different TCP ports on which nobody listens, on any address.
 *
 * They lie below the range from which the system takes ports of outgoing connections, so only another program that
 * binds one deliberately can get in between.
 */
bool sdi_lab_ports(unsigned *ports, size_t n, struct sdi_lab_error *error);

/* A fresh folder of ours under $TMPDIR or /tmp, short enough for the path of a unix socket below it. */
struct sdi_lab_dir {
	char path[64];
};

bool sdi_lab_dir_make(struct sdi_lab_dir *dir, struct sdi_lab_error *error);

/** Removes the folder and all that is in it; follows no symbolic link. "" is fine. */
void sdi_lab_dir_remove(const char *path);

/** Writes the files of @bundle below @dir, which exists; makes the folders, with `run` for sockets and pid files. */
bool sdi_lab_bundle_write(const struct sdi_bundle *bundle, const char *dir, struct sdi_lab_error *error);

#endif
