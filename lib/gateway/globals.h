/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Settings of the whole proxy, from the controller's ConfigMap. Zero is "not said": the emitter's own default holds.
 */
#ifndef SDI_GATEWAY_GLOBALS_H
#define SDI_GATEWAY_GLOBALS_H

#include "snippet.h"

/* Where raw configuration of the ConfigMap goes. */
enum sdi_raw_place { SDI_RAW_MAIN, SDI_RAW_HTTP, SDI_RAW_SERVER, SDI_RAW_LOCATION, SDI_RAW__COUNT };

struct sdi_globals {
	bool any;                                  /* the ConfigMap was given and read */
	const struct sdi_raw *raw[SDI_RAW__COUNT]; /* NULL: none */
};

#endif
