/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a plain YAML scalar is: null, a boolean, a number or text, by the rules of sigs.k8s.io/yaml (go-yaml v2 and
 * then JSON), so that a manifest means here what it means to kubectl: `yes` is true, `0x50` and `0120` are 80, `08`
 * is 8, `1_000` is 1000, `80.0` is 80.
 */
#ifndef SDI_SOURCE_SCALAR_H
#define SDI_SOURCE_SCALAR_H

#include "node.h"

struct sdi_scalar {
	enum sdi_node_type type;
	struct sdi_str text; /* "true"/"false"; a whole number in decimal; else the scalar's own text; "" for null */
	char digits[24];     /* where text may point to */
};

void sdi_scalar_resolve(struct sdi_str in, struct sdi_scalar *ret);

#endif
