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

/* Mozilla's server side TLS, "intermediate", version 5.7, for TLS 1.2; what TLS 1.3 has needs no list. */
#define SDI_TLS_CIPHERS                                                                            \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:" \
	"ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"   \
	"DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305"

struct sdi_cap {
	enum sdi_fidelity fidelity;      /* from this version on */
	struct sdi_version_number since; /* below: none */
	const char *reason;              /* why not exact; NULL when exact */
};

struct sdi_emitter {
	const char *name;                /* "haproxy" */
	struct sdi_version_number floor; /* what the target-version setting defaults to */
	const struct sdi_cap *caps;      /* [SDI_FIELD__COUNT] */
	const struct sdi_cap *knobs;     /* [SDI_KNOB__COUNT] */
	/* Writes all files; out of memory shows in the buffers. */
	enum sdi_status (*emit)(const struct sdi_gateway *gateway, const struct sdi_settings *settings,
	                        struct sdi_version_number version, struct sdi_diags *diags, struct sdi_bundle *bundle);
};

extern const struct sdi_emitter sdi_emitter_haproxy, sdi_emitter_nginx;

/* The addresses to listen on: those of the settings, else of the controller's ConfigMap; none: all. */
struct sdi_binds {
	const struct sdi_str *p;
	size_t n;
};
struct sdi_binds sdi_emit_binds(const struct sdi_gateway *gateway, const struct sdi_settings *settings);

const struct sdi_emitter *sdi_emitter_get(enum sdi_proxy proxy);

#endif
