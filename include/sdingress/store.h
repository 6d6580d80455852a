/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The store: Kubernetes objects by (kind, namespace, name), the newest resourceVersion of each.
 *
 *     struct sdi_store *store = sdi_store_new();
 *     sdi_store_read(store, bytes, n, "ingress.yaml", diags);
 *
 * Only the fields that matter are kept. It does no I/O: it is handed bytes.
 */
#ifndef SDINGRESS_STORE_H
#define SDINGRESS_STORE_H

#include <stddef.h>
#include <sdingress/diag.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sdi_store;

/** Makes an empty store. NULL when out of memory; free with sdi_store_free(). Since 0.1. */
SDI_API struct sdi_store *sdi_store_new(void);

/** Frees @store; secrets are wiped. NULL is fine. Since 0.1. */
SDI_API void sdi_store_free(struct sdi_store *store);

/**
 * Reads every object of @text: YAML or JSON (told apart by the first byte that is no space), several
 * documents, List objects. Each item is parsed alone: one that can't be read gets a diagnostic and hides no other.
 * Kinds that are not used are skipped with one note per kind.
 *
 * @file    for diagnostics only; nothing is opened
 *
 * Returns SDI_OK also when single items were left out (see @diags); SDI_ESYNTAX when no item boundary could be
 * found any more (what came before is kept), SDI_ELIMIT, SDI_ENOMEM. Since 0.1.
 */
SDI_API enum sdi_status sdi_store_read(struct sdi_store *store, const char *text, size_t n, const char *file,
                                       struct sdi_diags *diags);

/**
 * The same for input that arrives in pieces, so that a large dump is never in memory as a whole.
 * @read fills up to @n bytes and returns how many, 0 at the end, negative to stop with SDI_ESTOP.
 * Since 0.1.
 */
typedef long (*sdi_read_fn)(void *arg, char *buffer, size_t n);
SDI_API enum sdi_status sdi_store_read_stream(struct sdi_store *store, sdi_read_fn read, void *arg, const char *file,
                                              struct sdi_diags *diags);

/** Removes an object. Returns SDI_OK also when it is not there. Since 0.1. */
SDI_API enum sdi_status sdi_store_remove(struct sdi_store *store, const char *kind, const char *ns, const char *name);

/** How many objects of @kind there are ("Ingress"); NULL for all. Since 0.1. */
SDI_API size_t sdi_store_count(const struct sdi_store *store, const char *kind);

#ifdef __cplusplus
}
#endif
#endif
