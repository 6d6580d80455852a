/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The registry: every annotation known and every key of a controller's ConfigMap, and how faithfully each proxy can do it.
 */
#ifndef SDINGRESS_REGISTRY_H
#define SDINGRESS_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <sdingress/bundle.h>

#ifdef __cplusplus
extern "C" {
#endif

enum sdi_fidelity {
	SDI_FIDELITY_UNDECLARED, /* a gap in a table; a test fails on it */
	SDI_FIDELITY_NONE,
	SDI_FIDELITY_PARTIAL,
	SDI_FIDELITY_EXACT,
	SDI_FIDELITY_IGNORED, /* known, and without effect on a proxy (cert-manager.io/cluster-issuer) */
};

struct sdi_annotation_info {
	const char *dialect; /* "ingress-nginx"; "ingress-nginx-configmap": keys of that controller's ConfigMap */
	const char *key;     /* with prefix: "nginx.ingress.kubernetes.io/ssl-redirect"; of a ConfigMap: "use-gzip" */
	const char *value;   /* syntax: "true|false" */
	const char *dflt;    /* as text, "" when there is none */
	const char *doc;     /* one sentence */
	const char *risk;    /* "Low", "Medium", "High", "Critical": as ingress-nginx ranks it; "" for other dialects */
	bool guard;          /* restricts access: answers 503 when it can't be realised */
	enum sdi_fidelity fidelity[2]; /* by enum sdi_proxy, at the floor version */
	const char *reason[2];         /* why not exact; "" when exact */
};

/**
 * The @i-th annotation, sorted by dialect and key.
 *
 * @ret     filled in; its strings are static
 *
 * Returns SDI_OK, or SDI_EINVAL past the end. Since 0.1.
 */
SDI_API enum sdi_status sdi_registry_get(size_t i, struct sdi_annotation_info *ret);

/** "exact", "partial", "none", "ignored". Since 0.1. */
SDI_API const char *sdi_fidelity_text(enum sdi_fidelity fidelity);

#ifdef __cplusplus
}
#endif
#endif
