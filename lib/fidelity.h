/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How faithfully a proxy does an annotation: the row of the dialect joined with that of the emitter, never written down
 * twice.
 */
#ifndef SDI_FIDELITY_H
#define SDI_FIDELITY_H

#include "dialect/registry.h"
#include "emit/emit.h"

/* Of @row with @value on @proxy of @version; where value.p is NULL, of all its values. *ret_reason is why it is not exact,
 * "" when it is. Static texts. */
enum sdi_fidelity sdi_fidelity_of(const struct sdi_annotation *row, struct sdi_str value, enum sdi_proxy proxy,
                                  struct sdi_version_number version, const char **ret_reason);

#endif
