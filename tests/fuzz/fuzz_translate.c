/* SPDX-License-Identifier: BSD-3-Clause */
/* The whole flow: any bytes in, two bundles out. What they hold is for the tests; here nothing may crash or leak. */
#include <sdingress/sdingress.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct sdi_store *store = sdi_store_new();
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_gateway *gateway = NULL;
	sdi_store_read(store, (const char *)data, n, "fuzz", diags);
	if (sdi_translate(store, NULL, diags, &gateway) == SDI_OK)
		for (int proxy = SDI_PROXY_HAPROXY; proxy <= SDI_PROXY_NGINX; proxy++) {
			struct sdi_bundle *bundle = NULL;
			sdi_emit(gateway, NULL, (enum sdi_proxy)proxy, diags, &bundle);
			sdi_bundle_free(bundle);
		}
	sdi_gateway_free(gateway);
	sdi_diags_free(diags);
	sdi_store_free(store);
	return 0;
}
