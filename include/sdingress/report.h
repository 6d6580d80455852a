/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The migration report: what becomes of each Ingress and each of its annotations on one proxy, how faithfully, why not
 * exactly, which directives come of it, and what to do.
 *
 *     sdi_translate(store, settings, diags, &gateway);
 *     sdi_report_new(store, settings, diags, gateway, SDI_PROXY_HAPROXY, &report);
 *     sdi_report_write(report, "json", &text, &n);
 */
#ifndef SDINGRESS_REPORT_H
#define SDINGRESS_REPORT_H

#include <stddef.h>
#include <sdingress/bundle.h>
#include <sdingress/diag.h>
#include <sdingress/gateway.h>
#include <sdingress/settings.h>
#include <sdingress/store.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sdi_report;

/**
 * Makes the report of everything in @store. @diags and @gateway are what sdi_translate() made of the same @store and
 * @settings; more entries, of sdi_emit(), may be in @diags.
 *
 * @settings  NULL for the defaults
 * @ret       set on SDI_OK only; the caller owns it, see sdi_report_free(). It refers to none of the arguments
 *
 * Returns SDI_OK, SDI_EINVAL or SDI_ENOMEM. Since 0.1.
 */
SDI_API enum sdi_status sdi_report_new(const struct sdi_store *store, const struct sdi_settings *settings,
                                       struct sdi_diags *diags, const struct sdi_gateway *gateway, enum sdi_proxy proxy,
                                       struct sdi_report **ret);

/** Frees @report. NULL is fine. Since 0.1. */
SDI_API void sdi_report_free(struct sdi_report *report);

/**
 * Writes @report as "text", "json" (schema: doc/report.md), "markdown" or "html" (one page that needs nothing else).
 *
 * @ret    text of *@ret_n bytes, NUL-terminated, the caller's to free()
 *
 * Returns SDI_OK, SDI_EINVAL for another format, SDI_ENOMEM or SDI_ELIMIT. Since 0.1.
 */
SDI_API enum sdi_status sdi_report_write(const struct sdi_report *report, const char *format, char **ret,
                                         size_t *ret_n);

#ifdef __cplusplus
}
#endif
#endif
