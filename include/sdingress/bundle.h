/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bundle: the files of one proxy, in a fixed order, with their modes. Making one does no I/O.
 *
 *     struct sdi_bundle *bundle;
 *     if (sdi_emit(gateway, settings, SDI_PROXY_HAPROXY, diags, &bundle) == SDI_OK)
 *             for (size_t i = 0; i < sdi_bundle_count(bundle); i++)
 *                     save(sdi_bundle_name(bundle, i), sdi_bundle_data(bundle, i, &n), n);
 */
#ifndef SDINGRESS_BUNDLE_H
#define SDINGRESS_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <sdingress/diag.h>
#include <sdingress/gateway.h>
#include <sdingress/settings.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sdi_bundle;

enum sdi_proxy {
	SDI_PROXY_HAPROXY,
	SDI_PROXY_NGINX,
};

/**
 * Writes the configuration of one proxy for @gateway.
 *
 * @settings  the same that made the gateway; "prefix", "runtime-dir" and "target-version" are used here
 * @diags     appended to: what this proxy can't express; may be NULL
 * @ret       set on SDI_OK only; the caller frees it with sdi_bundle_free()
 *
 * Returns SDI_OK, SDI_ENOMEM, SDI_ELIMIT. A pure function: same gateway and settings, same bytes. Since 0.1.
 */
SDI_API enum sdi_status sdi_emit(const struct sdi_gateway *gateway, const struct sdi_settings *settings,
                                 enum sdi_proxy proxy, struct sdi_diags *diags, struct sdi_bundle **ret);

/** Frees @bundle; private keys are wiped. NULL is fine. Since 0.1. */
SDI_API void sdi_bundle_free(struct sdi_bundle *bundle);

/** How many files there are. Since 0.1. */
SDI_API size_t sdi_bundle_count(const struct sdi_bundle *bundle);

/* Of the @i-th file, sorted by name; they live as long as the bundle. Since 0.1. */
SDI_API const char *sdi_bundle_name(const struct sdi_bundle *bundle, size_t i); /* relative, '/' between folders */
SDI_API const char *sdi_bundle_data(const struct sdi_bundle *bundle, size_t i, size_t *n);
SDI_API unsigned sdi_bundle_mode(const struct sdi_bundle *bundle, size_t i);  /* 0600 or 0644 */
SDI_API bool sdi_bundle_is_secret(const struct sdi_bundle *bundle, size_t i); /* never print its data */

#ifdef __cplusplus
}
#endif
#endif
