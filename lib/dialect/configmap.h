/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The keys of a controller's ConfigMap.
 */
#ifndef SDI_DIALECT_CONFIGMAP_H
#define SDI_DIALECT_CONFIGMAP_H

#include "registry.h"

#define SDI_CONFIG_KEYS_NAME "ingress-nginx-configmap" /* in place of a dialect's */

struct sdi_config_key {
	bool is_default;           /* of the annotation of the same name: of the row only the name is here */
	struct sdi_annotation row; /* SDI_ROW_GUARD: when it is not valid, everything that it was meant for is closed */
};

size_t sdi_config_keys(void);                              /* their number */
const struct sdi_config_key *sdi_config_key_get(size_t i); /* by name; NULL past the end */
const struct sdi_config_key *sdi_config_key_find(struct sdi_str name);

/* Its row: its own, or that of the annotation. */
const struct sdi_annotation *sdi_config_key_row(const struct sdi_config_key *key);

#endif
