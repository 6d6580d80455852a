/* SPDX-License-Identifier: BSD-3-Clause */
#include "feed.h"
#include "../base/arena.h"
#include "../base/limits.h"

enum { FIRST_ROOM = 256 * 1024 };

bool sdi_feed_init(struct sdi_feed *feed, sdi_read_fn read, void *arg)
{
	*feed = (struct sdi_feed){ .read = read, .arg = arg, .line = 1, .column = 1, .room = FIRST_ROOM };
	feed->p = sdi_malloc(FIRST_ROOM);
	return feed->p;
}

void sdi_feed_release(struct sdi_feed *feed)
{
	if (feed->p)
		explicit_bzero(feed->p, feed->most);
	free(feed->p);
	*feed = (struct sdi_feed){ 0 };
}

/* Not realloc(), which would leave an unwiped copy behind. */
static bool grow(struct sdi_feed *feed)
{
	if (feed->n >= SDI_LIMIT_ITEM_BYTES) {
		feed->full = true;
		return false;
	}
	char *p = sdi_malloc(feed->room * 2);
	if (!p) {
		feed->stop = SDI_ENOMEM;
		return false;
	}
	memcpy(p, feed->p, feed->n);
	explicit_bzero(feed->p, feed->most);
	free(feed->p);
	feed->p = p;
	feed->room *= 2;
	return true;
}

/* Reads until the room is full: where items are split must not depend on how the input arrives. */
static bool fill(struct sdi_feed *feed)
{
	size_t before = feed->n;
	while (feed->n < feed->room) {
		long got = feed->read(feed->arg, feed->p + feed->n, feed->room - feed->n);
		if (got < 0 || (size_t)got > feed->room - feed->n) {
			feed->stop = got < 0 ? SDI_ESTOP : SDI_EINVAL;
			return false;
		}
		if (!got) {
			feed->eof = true;
			break;
		}
		feed->n += (size_t)got;
		feed->most = feed->n > feed->most ? feed->n : feed->most;
	}
	return feed->n > before;
}

bool sdi_feed_more(struct sdi_feed *feed)
{
	if (feed->eof || feed->stop != SDI_OK)
		return false;
	if (feed->at) {
		memmove(feed->p, feed->p + feed->at, feed->n - feed->at);
		feed->n -= feed->at;
		feed->at = 0;
	}
	if (feed->n == feed->room && !grow(feed))
		return false;
	return fill(feed);
}

bool sdi_feed_need(struct sdi_feed *feed, size_t n)
{
	while (feed->n - feed->at < n)
		if (!sdi_feed_more(feed))
			return false;
	return true;
}

/* Line ends in @text, eight bytes at a time. */
static size_t count_lines(struct sdi_str text)
{
	const uint64_t ones = 0x0101010101010101u, low = 0x7f7f7f7f7f7f7f7fu;
	size_t lines = 0, i = 0;
	for (; i + 8 <= text.n; i += 8) {
		uint64_t v;
		memcpy(&v, text.p + i, 8);
		v ^= ones * '\n';
		v = ~(((v & low) + low) | v | low); /* the top bit of each byte that was a line end */
		lines += (v >> 7) * ones >> 56;
	}
	for (; i < text.n; i++)
		lines += text.p[i] == '\n';
	return lines;
}

void sdi_feed_count(struct sdi_str text, unsigned *line, unsigned *column)
{
	const char *last = text.n ? memrchr(text.p, '\n', text.n) : NULL;
	if (last) {
		*line += (unsigned)count_lines(text);
		*column = 1;
	}
	*column += (unsigned)(last ? text.p + text.n - last - 1 : (ptrdiff_t)text.n);
}

void sdi_feed_skip(struct sdi_feed *feed, size_t n)
{
	sdi_feed_count(sdi_str_make(feed->p + feed->at, n), &feed->line, &feed->column);
	feed->at += n;
	feed->full = feed->full && !n; /* there is room again */
}
