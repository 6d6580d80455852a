/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stock proxy in the foreground, from the bundle in a folder. What it prints goes to DIR/proxy.log.
 */
#ifndef SDI_TOOLS_LAB_PROXY_H
#define SDI_TOOLS_LAB_PROXY_H

#include "lab.h"

struct sdi_lab_proxy;

/** "haproxy", "nginx". */
const char *sdi_lab_proxy_name(enum sdi_proxy kind);

/**
 * Finds the proxy's program: @program when given, else as sdi_sys_find_proxy() does.
 *
 * Returns a path that the caller frees, NULL when it is not there.
 */
char *sdi_lab_proxy_find(enum sdi_proxy kind, const char *program);

/** Asks @program for its version. False when it does not tell one. */
bool sdi_lab_proxy_version(enum sdi_proxy kind, const char *program, unsigned *ret_major, unsigned *ret_minor);

/**
 * Lets the proxy check the bundle in @dir (`haproxy -c`, `nginx -t`) without starting it.
 *
 * Returns true when it accepts it; else @error has the end of what it said, and DIR/proxy.log all of it.
 */
bool sdi_lab_proxy_check(enum sdi_proxy kind, const char *program, const char *dir, struct sdi_lab_error *error);

/**
 * Starts the proxy from the bundle in @dir and waits until all that it listens on is there, whatever the address,
 * TCP or UDP. The setting "runtime-dir" of the bundle is DIR/run.
 *
 * Returns NULL when it ends or does not come up within SDI_LAB_START_MS; nothing runs then, see @error and the log.
 * The proxy is told to end when this process ends.
 */
struct sdi_lab_proxy *sdi_lab_proxy_start(enum sdi_proxy kind, const char *program, const char *dir,
                                          struct sdi_lab_error *error);

/** False once it has ended by itself. */
bool sdi_lab_proxy_alive(struct sdi_lab_proxy *proxy);

/** Its process; of NGINX the master. */
long sdi_lab_proxy_pid(const struct sdi_lab_proxy *proxy);

/** Stops it: TERM, and KILL after SDI_LAB_STOP_MS. Frees @proxy; NULL is fine. */
void sdi_lab_proxy_stop(struct sdi_lab_proxy *proxy);

#endif
