/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How requests go to the endpoints, and how their answers come back.
 */
#ifndef SDI_GATEWAY_UPSTREAM_H
#define SDI_GATEWAY_UPSTREAM_H

#include "policy.h"

#endif
