/* SPDX-License-Identifier: BSD-3-Clause */
#include "buf.h"
#include "arena.h"
#include <stdio.h>

void sdi_buf_init(struct sdi_buf *buf, size_t max)
{
	*buf = (struct sdi_buf){ .max = max };
}

/* Makes room for @more bytes and a NUL. */
static bool reserve(struct sdi_buf *buf, size_t more)
{
	if (buf->failed)
		return false;
	if (more > buf->max - buf->n || buf->max - buf->n - more < 1) {
		buf->failed = true;
		return false;
	}
	if (buf->n + more + 1 <= buf->room)
		return true;
	size_t room = buf->room ? buf->room : 64;
	while (room < buf->n + more + 1)
		room = room > buf->max / 2 ? buf->max : room * 2;
	char *p = buf->wipe ? sdi_malloc(room) : sdi_realloc(buf->p, room);
	if (!p) {
		buf->failed = true;
		return false;
	}
	if (buf->wipe && buf->p) {
		memcpy(p, buf->p, buf->n);
		explicit_bzero(buf->p, buf->room);
		free(buf->p);
	}
	buf->p = p;
	buf->room = room;
	return true;
}

void sdi_buf_add(struct sdi_buf *buf, struct sdi_str s)
{
	if (!s.n || !reserve(buf, s.n))
		return;
	memcpy(buf->p + buf->n, s.p, s.n);
	buf->n += s.n;
	buf->p[buf->n] = '\0';
}

void sdi_buf_char(struct sdi_buf *buf, char c)
{
	sdi_buf_add(buf, sdi_str_make(&c, 1));
}

void sdi_buf_uint(struct sdi_buf *buf, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + v % 10);
	while (v /= 10);
	sdi_buf_add(buf, sdi_str_make(digits + at, sizeof(digits) - at));
}

void sdi_buf_printf(struct sdi_buf *buf, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		buf->failed = true;
	else if (reserve(buf, (size_t)n)) {
		vsnprintf(buf->p + buf->n, (size_t)n + 1, format, args);
		buf->n += (size_t)n;
	}
	va_end(args);
}

char *sdi_buf_take(struct sdi_buf *buf, size_t *ret_n)
{
	if (!buf->p && !reserve(buf, 0))
		return NULL;
	if (buf->failed)
		return NULL;
	char *p = buf->p;
	p[buf->n] = '\0';
	*ret_n = buf->n;
	*buf = (struct sdi_buf){ .max = buf->max, .wipe = buf->wipe };
	return p;
}

void sdi_buf_clear(struct sdi_buf *buf)
{
	if (buf->wipe && buf->p)
		explicit_bzero(buf->p, buf->room);
	buf->n = 0;
	buf->failed = false;
}

void sdi_buf_release(struct sdi_buf *buf)
{
	if (buf->wipe && buf->p)
		explicit_bzero(buf->p, buf->room);
	free(buf->p);
	*buf = (struct sdi_buf){ .max = buf->max, .wipe = buf->wipe };
}
