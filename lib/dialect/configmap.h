/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The keys of a controller's ConfigMap.
 */
#ifndef SDI_DIALECT_CONFIGMAP_H
#define SDI_DIALECT_CONFIGMAP_H

#include "registry.h"

struct sdi_config_key {
	const char *name;
	bool is_default;     /* of the annotation of the same name */
	enum sdi_wish_id id; /* else what it means; SDI_WISH_NONE: not realised yet */
	sdi_parse_fn *parse;
	const void *arg;
	bool guard; /* restricts access: when it is not valid, everything that it was meant for is closed */
};

const struct sdi_config_key *sdi_config_key_get(size_t i); /* by name; NULL past the end */
const struct sdi_config_key *sdi_config_key_find(struct sdi_str name);

#endif
