/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who gets in by address or password, and how often.
 */
#ifndef SDI_GATEWAY_ACCESS_H
#define SDI_GATEWAY_ACCESS_H

#include "policy.h"

#endif
