/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw configuration that the operator allowed.
 */
#ifndef SDI_GATEWAY_SNIPPET_H
#define SDI_GATEWAY_SNIPPET_H

#include "policy.h"

#endif
