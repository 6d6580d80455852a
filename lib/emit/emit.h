/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an emitter is: a table of what it can do, and a pure function from gateway to bundle. It knows gateway/, never
 * dialect/ or model/.
 */
#ifndef SDI_EMIT_H
#define SDI_EMIT_H

#include "../bundle.h"
#include "../diag.h"
#include "../gateway/gateway.h"
#include "../settings.h"
#include <sdingress/registry.h>

struct sdi_cap {
	enum sdi_fidelity fidelity;      /* from this version on */
	struct sdi_version_number since; /* below: none */
	const char *reason;              /* why not exact; NULL when exact */
};

struct sdi_emitter {
	const char *name;                /* "haproxy" */
	struct sdi_version_number floor; /* what the target-version setting defaults to */
	const struct sdi_cap *caps;      /* [SDI_FIELD__COUNT] */
	/* Writes all files; out of memory shows in the buffers. */
	enum sdi_status (*emit)(const struct sdi_gateway *gateway, const struct sdi_settings *settings,
	                        struct sdi_version_number version, struct sdi_diags *diags, struct sdi_bundle *bundle);
};

extern const struct sdi_emitter sdi_emitter_haproxy, sdi_emitter_nginx;

const struct sdi_emitter *sdi_emitter_get(enum sdi_proxy proxy);

#endif
