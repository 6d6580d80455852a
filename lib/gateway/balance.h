/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which endpoint, and which of several services.
 */
#ifndef SDI_GATEWAY_BALANCE_H
#define SDI_GATEWAY_BALANCE_H

#include "policy.h"

#endif
