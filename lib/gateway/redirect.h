/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Redirects that a route answers with, whatever its backend.
 */
#ifndef SDI_GATEWAY_REDIRECT_H
#define SDI_GATEWAY_REDIRECT_H

#include "policy.h"

#endif
