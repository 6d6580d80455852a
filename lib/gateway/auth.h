/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * External authentication of a route, and client certificates of a host.
 */
#ifndef SDI_GATEWAY_AUTH_H
#define SDI_GATEWAY_AUTH_H

#include "policy.h"

#endif
