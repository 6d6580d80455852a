/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Settings of the whole proxy, from the controller's ConfigMap. Zero is "not said": the emitter's own default holds.
 */
#ifndef SDI_GATEWAY_GLOBALS_H
#define SDI_GATEWAY_GLOBALS_H

#include "../base/str.h"

struct sdi_globals {
	bool any; /* the ConfigMap was given and read */
};

#endif
