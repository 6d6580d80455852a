/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The gateway: virtual hosts, routes, policies, backends and certificates, in no proxy's words. It is made by
 * sdi_translate() and read by the emitters; it never changes.
 */
#ifndef SDINGRESS_GATEWAY_H
#define SDINGRESS_GATEWAY_H

#include <stddef.h>
#include <sdingress/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sdi_gateway;

/** Frees @gateway; private keys are wiped. NULL is fine. Since 0.1. */
SDI_API void sdi_gateway_free(struct sdi_gateway *gateway);

/** How many virtual hosts, routes, backends and certificates it has. Since 0.1. */
SDI_API size_t sdi_gateway_hosts(const struct sdi_gateway *gateway);
SDI_API size_t sdi_gateway_routes(const struct sdi_gateway *gateway);
SDI_API size_t sdi_gateway_backends(const struct sdi_gateway *gateway);
SDI_API size_t sdi_gateway_certificates(const struct sdi_gateway *gateway);

#ifdef __cplusplus
}
#endif
#endif
