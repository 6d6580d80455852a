/* SPDX-License-Identifier: BSD-3-Clause */
/* One JSON value as a node tree, by jansson; U+0000 in a string is an error as it is in Kubernetes' own names. */
#ifndef SDI_SOURCE_JSON_H
#define SDI_SOURCE_JSON_H

#include "yaml.h"

struct sdi_node *sdi_json_parse(struct sdi_str text, struct sdi_arena *arena, struct sdi_parse_error *error);

#endif
