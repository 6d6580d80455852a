/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Translation: objects in, a proxy-neutral gateway out.
 */
#ifndef SDINGRESS_TRANSLATE_H
#define SDINGRESS_TRANSLATE_H

#include <sdingress/diag.h>
#include <sdingress/gateway.h>
#include <sdingress/settings.h>
#include <sdingress/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Translates everything in @store into a new gateway.
 *
 * What can't be served is left out or answers 503; @diags says which object, which field and why.
 *
 * @store     read only; may be changed or freed once the call has returned
 * @settings  read only; NULL for the defaults
 * @diags     appended to; NULL when nobody will read them
 * @ret       set on SDI_OK only: a gateway that the caller owns, see sdi_gateway_free()
 *
 * Returns SDI_OK, SDI_ENOMEM or SDI_ELIMIT. Deterministic in the set of objects, not in their order.
 * Threads: any, as long as nobody changes @store or @diags meanwhile. Since 0.1.
 */
SDI_API enum sdi_status sdi_translate(const struct sdi_store *store, const struct sdi_settings *settings,
                                      struct sdi_diags *diags, struct sdi_gateway **ret);

#ifdef __cplusplus
}
#endif
#endif
