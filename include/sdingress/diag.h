/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Diagnostics: what a person should know about their objects. One entry names the object, the field or
 * annotation, a stable reason, what became of it, and one plain sentence that says what to write instead.
 *
 *     struct sdi_diags *diags = sdi_diags_new();
 *     sdi_translate(store, settings, diags, &gateway);
 *     for (size_t i = 0; i < sdi_diags_count(diags); i++)
 *             puts(sdi_diag_text(sdi_diags_get(diags, i)));
 */
#ifndef SDINGRESS_DIAG_H
#define SDINGRESS_DIAG_H

#include <stddef.h>
#include <sdingress/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sdi_diags;
struct sdi_diag;

enum sdi_severity {
	SDI_SEVERITY_NOTE,
	SDI_SEVERITY_WARNING,
	SDI_SEVERITY_ERROR,
};

/* What became of the thing that the diagnostic is about. */
enum sdi_effect {
	SDI_EFFECT_SERVED,   /* served as written */
	SDI_EFFECT_DEGRADED, /* served, but not in every respect as written */
	SDI_EFFECT_DENIED,   /* answers 503: a protection was asked for that can't be given */
	SDI_EFFECT_LEFT_OUT, /* not served */
};

/** Makes an empty list. Returns NULL when out of memory. The caller frees it with sdi_diags_free(). Since 0.1. */
SDI_API struct sdi_diags *sdi_diags_new(void);

/** Frees @diags and all its entries. NULL is fine. Since 0.1. */
SDI_API void sdi_diags_free(struct sdi_diags *diags);

/** Forgets all entries; those handed out by sdi_diags_get() are gone. Since 0.1. */
SDI_API void sdi_diags_clear(struct sdi_diags *diags);

/** How many entries there are. Since 0.1. */
SDI_API size_t sdi_diags_count(const struct sdi_diags *diags);

/** How many entries of at least @severity there are. Since 0.1. */
SDI_API size_t sdi_diags_count_severity(const struct sdi_diags *diags, enum sdi_severity severity);

/** The @i-th entry, NULL past the end; it lives as long as @diags and its next change. Since 0.1. */
SDI_API const struct sdi_diag *sdi_diags_get(const struct sdi_diags *diags, size_t i);

/**
 * Sorts entries by file, position, object, field and reason, so that they read in the order of the input.
 * Since 0.1.
 */
SDI_API void sdi_diags_sort(struct sdi_diags *diags);

/* The parts of an entry. Strings are NUL-terminated UTF-8 without control characters, "" when not known;
 * they live as long as the entry. Since 0.1. */
SDI_API enum sdi_severity sdi_diag_severity(const struct sdi_diag *diag);
SDI_API enum sdi_effect sdi_diag_effect(const struct sdi_diag *diag);
SDI_API const char *sdi_diag_reason(const struct sdi_diag *diag); /* stable slug: "service-not-found" */
SDI_API const char *sdi_diag_kind(const struct sdi_diag *diag);   /* "Ingress" */
SDI_API const char *sdi_diag_namespace(const struct sdi_diag *diag);
SDI_API const char *sdi_diag_name(const struct sdi_diag *diag);
SDI_API const char *sdi_diag_field(const struct sdi_diag *diag); /* "spec.rules[0].host" or an annotation's key */
SDI_API const char *sdi_diag_file(const struct sdi_diag *diag);
SDI_API unsigned sdi_diag_line(const struct sdi_diag *diag);    /* from 1; 0: not known */
SDI_API unsigned sdi_diag_column(const struct sdi_diag *diag);  /* from 1, in bytes; 0: not known */
SDI_API const char *sdi_diag_text(const struct sdi_diag *diag); /* the sentence */

/** "note", "warning", "error". Since 0.1. */
SDI_API const char *sdi_severity_text(enum sdi_severity severity);

/** "served", "degraded", "denied", "left out". Since 0.1. */
SDI_API const char *sdi_effect_text(enum sdi_effect effect);

#ifdef __cplusplus
}
#endif
#endif
