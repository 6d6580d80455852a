/* SPDX-License-Identifier: BSD-3-Clause */
#include "upstream.h"

struct sdi_str sdi_upstream_tls_name(struct sdi_arena *arena, const struct sdi_upstream_tls *tls,
                                     const struct sdi_backend *backend)
{
	if (tls->name.n)
		return tls->name;
	return sdi_arena_printf(arena, "%.*s.%.*s.svc", SDI_STR_ARG(backend->service), SDI_STR_ARG(backend->ns));
}
