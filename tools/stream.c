/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools.h"
#include <stdio.h>

void sdt_stream_print(const struct sdi_bundle *bundle)
{
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++) {
		size_t n;
		const char *data = sdi_bundle_data(bundle, i, &n);
		bool secret = sdi_bundle_is_secret(bundle, i);
		printf("%s# ==== %s (mode %04o, ", i ? "\n" : "", sdi_bundle_name(bundle, i),
		       sdi_bundle_mode(bundle, i));
		if (secret) { /* nor its size: that of the certificate made for this run differs from run to run */
			puts("secret: not shown)");
			continue;
		}
		printf("%zu bytes)\n", n);
		fwrite(data, 1, n, stdout);
	}
}
