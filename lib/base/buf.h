/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text that grows, up to a ceiling. It remembers its first failure: append freely, check failed once at the end.
 *
 *     struct sdi_buf b;
 *     sdi_buf_init(&b, SDI_LIMIT_FILE_BYTES);
 *     sdi_buf_lit(&b, "global\n");
 *     …
 *     if (b.failed) …
 *     sdi_buf_release(&b);
 */
#ifndef SDI_BASE_BUF_H
#define SDI_BASE_BUF_H

#include "str.h"
#include <stdarg.h>

struct sdi_buf {
	char *p;
	size_t n, room, max;
	bool failed; /* out of memory or over max; what was there before stays */
	bool wipe;   /* overwrite with zeros before memory goes back: holds secrets */
};

void sdi_buf_init(struct sdi_buf *buf, size_t max);
void sdi_buf_add(struct sdi_buf *buf, struct sdi_str s);
void sdi_buf_char(struct sdi_buf *buf, char c);
void sdi_buf_uint(struct sdi_buf *buf, uint64_t v);
void sdi_buf_printf(struct sdi_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define sdi_buf_lit(buf, literal) sdi_buf_add((buf), SDI_STR(literal))
static inline struct sdi_str sdi_buf_str(const struct sdi_buf *buf)
{
	return sdi_str_make(buf->p, buf->n);
}
char *sdi_buf_take(struct sdi_buf *buf, size_t *ret_n); /* hands over (NUL-terminated, free()); NULL when failed */
void sdi_buf_clear(struct sdi_buf *buf);                /* empty again, keeps its memory and ceiling */
void sdi_buf_release(struct sdi_buf *buf);

#endif
