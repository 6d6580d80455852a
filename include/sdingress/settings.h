/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Settings by name, so that no struct has to be versioned: command line flags, YAML keys and
 * sdi_settings_set() take the same names from the same table.
 *
 *     struct sdi_settings *s = sdi_settings_new();
 *     sdi_settings_set(s, "https-port", "8443", diags);
 *     sdi_settings_set(s, "ingress-class", "public", diags); // a list: appended to
 */
#ifndef SDINGRESS_SETTINGS_H
#define SDINGRESS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <sdingress/diag.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sdi_settings;

/** Makes settings with their defaults. NULL when out of memory; free with sdi_settings_free(). Since 0.1. */
SDI_API struct sdi_settings *sdi_settings_new(void);

/** Frees @settings. NULL is fine. Since 0.1. */
SDI_API void sdi_settings_free(struct sdi_settings *settings);

/**
 * Sets one setting from text; a list setting is appended to.
 *
 * @name    as on the command line, without the dashes: "http-port"
 * @value   as on the command line; for a switch "true" or "false"
 * @diags   gets one error that names the setting and the syntax when the value is not valid; may be NULL
 *
 * Returns SDI_OK, SDI_EINVAL (unknown name or invalid value; nothing changed) or SDI_ENOMEM. Since 0.1.
 */
SDI_API enum sdi_status sdi_settings_set(struct sdi_settings *settings, const char *name, const char *value,
                                         struct sdi_diags *diags);

/**
 * Reads settings from YAML or JSON text: one mapping, keys as in sdi_settings_set(), lists as sequences.
 *
 * @file    for diagnostics only; nothing is opened
 *
 * Returns SDI_OK, SDI_EINVAL (the diagnostics say where; valid keys before it are set), SDI_ESYNTAX, SDI_ENOMEM.
 * Since 0.1.
 */
SDI_API enum sdi_status sdi_settings_read(struct sdi_settings *settings, const char *text, size_t n, const char *file,
                                          struct sdi_diags *diags);

/**
 * The certificate that is served where no other fits: PEM, chain and key in one text. Copied, wiped on free.
 *
 * Returns SDI_OK, SDI_EINVAL (not a usable pair) or SDI_ENOMEM. Since 0.1.
 */
SDI_API enum sdi_status sdi_settings_set_default_certificate(struct sdi_settings *settings, const char *pem, size_t n);

/* One row of the table of settings, for programs that offer them as flags or documentation. */
struct sdi_setting_info {
	const char *name;  /* "http-port" */
	const char *value; /* syntax: "N", "NS/NAME"; NULL for a switch */
	const char *dflt;  /* as text; "" when there is none */
	const char *doc;   /* one sentence */
	bool repeatable;
};

/** The @i-th row, NULL past the end; static. Since 0.1. */
SDI_API const struct sdi_setting_info *sdi_setting_get(size_t i);

#ifdef __cplusplus
}
#endif
#endif
