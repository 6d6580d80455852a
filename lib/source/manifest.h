/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Splits input into objects and parses each alone: a JSON or YAML stream of documents, `List` objects opened. What no
 * object here needs (metadata.managedFields, status, the last-applied annotation) is cut out of the text before it
 * is parsed, which is most of what `kubectl get -o yaml` prints.
 *
 *     static bool take(void *arg, const struct sdi_node *item, struct sdi_origin at) { … return true; }
 *     sdi_manifest_read(read, arg, "dump.yaml", &ctx, take, store);
 */
#ifndef SDI_SOURCE_MANIFEST_H
#define SDI_SOURCE_MANIFEST_H

#include "../diag.h"
#include "node.h"
#include <sdingress/store.h>

/* Called for each object; @item and its strings die when it returns. False stops with SDI_ENOMEM. */
typedef bool sdi_manifest_fn(void *arg, const struct sdi_node *item, struct sdi_origin origin);

/* @ctx: its subject's origin.file is the name of the input; diagnostics of items that can't be parsed go there. */
enum sdi_status sdi_manifest_read(sdi_read_fn read, void *read_arg, struct sdi_diag_ctx *ctx, sdi_manifest_fn *take,
                                  void *take_arg);

#endif
