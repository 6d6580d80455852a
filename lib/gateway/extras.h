/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is added to requests and answers.
 */
#ifndef SDI_GATEWAY_EXTRAS_H
#define SDI_GATEWAY_EXTRAS_H

#include "policy.h"

#endif
