/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The path and the prefix header that the application sees.
 */
#ifndef SDI_GATEWAY_REWRITE_H
#define SDI_GATEWAY_REWRITE_H

#include "policy.h"

#endif
