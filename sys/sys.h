/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * I/O that the programs share: inputs read, bundles written, proxies found. Functions return 0 or a negative errno
 * value; what a person should know goes to the diagnostics.
 */
#ifndef SDI_SYS_H
#define SDI_SYS_H

#include <sdingress/sdingress.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Reads one INPUT into @store: a file, "-" for standard input, or a folder with all *.yaml, *.yml and *.json files
 * below it in the order of their names (hidden entries and loops of links are passed over). Files are read in pieces.
 * Returns 0, or a negative errno value when something could not be read or parsed at all (a diagnostic says what);
 * -ENOMEM when out of memory.
 */
int sdi_sys_read(struct sdi_store *store, const char *input, struct sdi_diags *diags);

/*
 * A whole small file of ours, never through a link; the caller frees *ret. -EFBIG when it is larger than @most.
 */
int sdi_sys_slurp(int dir_fd, const char *name, size_t most, char **ret, size_t *ret_n);

/* The same for a file that the user names: a link (each file of a mounted ConfigMap is one) or a pipe will do. */
int sdi_sys_slurp_input(const char *path, size_t most, char **ret, size_t *ret_n);

/* Writes a file of @dir_fd beside the old one and renames it, so that a reader sees the old file or the new one. */
int sdi_sys_replace(int dir_fd, const char *name, const char *data, size_t n, unsigned mode);

/*
 * Writes @bundle to the folder @dir, made when missing, file by file and each atomically; files with the same content
 * and mode are not touched. Files of the bundle that was written there before and that this one does not have are
 * removed. Secret files are 0600 in a folder of 0700. Links inside of @dir are not followed.
 */
int sdi_sys_write_bundle(const struct sdi_bundle *bundle, const char *dir);

/* NGINX's workers when root starts it without "user"; they read auth/, which is handed to them then. */
#define SDI_SYS_WORKER "nobody"

/* Whether they can get at what is in @dir: true when this is not root, or all of the path may be entered by all. */
bool sdi_sys_worker_reaches(const char *dir);

/* Makes a folder and those above it, like mkdir -p. */
int sdi_sys_make_folder(const char *dir);

/* The text of an errno value of the functions above. */
const char *sdi_sys_error(int error);

/*
 * The default certificate (PEM, chain and key) kept in @dir: read, or made (ECDSA P-256, self-signed, ten years) and,
 * when @dir is not NULL, stored there in .default-certificate.pem. The caller wipes and frees *ret.
 */
int sdi_sys_default_certificate(const char *dir, char **ret, size_t *ret_n);

/* A proxy found on this machine. */
struct sdi_sys_proxy {
	char path[512];
	char version[64]; /* "2.6.12"; "" when it did not say */
};

/* Looks for the program on PATH, then in /usr/sbin and /usr/local/sbin; runs it with -v for at most two seconds.
 * Returns 0 or -ENOENT. */
int sdi_sys_find_proxy(enum sdi_proxy proxy, struct sdi_sys_proxy *ret);

/* The version in what `PROGRAM -v` prints; "" when there is none. */
void sdi_sys_parse_version(const char *text, char *ret, size_t room);

/* Whether the kernel knows IPv6 at all. */
bool sdi_sys_has_ipv6(void);

/* Name servers of a resolv.conf: calls @each with every address. */
int sdi_sys_name_servers(const char *resolv_conf, void (*each)(void *arg, const char *address), void *arg);

#endif
