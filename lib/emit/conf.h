/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Doors into configuration text that are the same for every proxy: literals and numbers. A name, a path, a pattern or
 * any other text goes through the quoting functions of the proxy (PROXY/quote.h), one per context; nothing else writes.
 *
 *     conf_lit(cfg, "\tbind :");
 *     conf_uint(cfg, port);
 */
#ifndef SDI_EMIT_CONF_H
#define SDI_EMIT_CONF_H

#include "../base/buf.h"

#define conf_lit(b, literal) sdi_buf_lit((b), literal) /* a variable does not compile */

static inline void conf_uint(struct sdi_buf *b, uint64_t v)
{
	sdi_buf_uint(b, v);
}

#endif
