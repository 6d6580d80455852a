/* SPDX-License-Identifier: BSD-3-Clause */
/* Equal keys in a map that is being made: the last one stays, as in Kubernetes' decoders. */
#ifndef SDI_SOURCE_TWINS_H
#define SDI_SOURCE_TWINS_H

#include "node.h"

/* False: out of memory (@arena has no handler). */
bool sdi_node_drop_twins(struct sdi_node *map, struct sdi_arena *arena);

#endif
