/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Inside of the store: what translate/ reads.
 */
#ifndef SDI_STORE_H
#define SDI_STORE_H

#include "model/model.h"
#include <sdingress/store.h>

/* The @i-th object of @kind, sorted by namespace and name; NULL past the end. */
const struct sdi_object *sdi_store_get(const struct sdi_store *store, enum sdi_kind kind, size_t i);

/* NULL: not there. */
const struct sdi_object *sdi_store_find(const struct sdi_store *store, enum sdi_kind kind, struct sdi_str ns,
                                        struct sdi_str name);

#endif
