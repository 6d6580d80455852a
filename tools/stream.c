/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools.h"
#include <stdio.h>

void sdt_stream_print(const struct sdi_bundle *bundle)
{
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++) {
		size_t n;
		const char *data = sdi_bundle_data(bundle, i, &n);
		bool secret = sdi_bundle_is_secret(bundle, i);
		printf("%s# ==== %s (mode %04o%s)\n", i ? "\n" : "", sdi_bundle_name(bundle, i), sdi_bundle_mode(bundle, i),
		       secret ? ", secret: not shown" : "");
		if (!secret)
			fwrite(data, 1, n, stdout);
	}
}
