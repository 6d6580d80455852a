/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The window on the input: bytes that were read and not used yet. It slides along, and grows only for an item that
 * does not fit, so that a dump of any size takes little memory.
 *
 *     while (!find_end(sdi_feed_view(&feed)))
 *             if (!sdi_feed_more(&feed)) …              // the end, an item over its limit, or an error: see stop
 *     sdi_feed_skip(&feed, n);
 */
#ifndef SDI_SOURCE_FEED_H
#define SDI_SOURCE_FEED_H

#include "../base/str.h"
#include <sdingress/store.h>

struct sdi_feed {
	sdi_read_fn read;
	void *arg;
	char *p;
	size_t at, n, room;    /* p[at..n) is not used yet */
	size_t most;           /* the largest n so far: what there is to wipe */
	unsigned line, column; /* of p[at], from 1, the column in bytes */
	bool eof;
	bool full;            /* the item at p[at] is over SDI_LIMIT_ITEM_BYTES */
	enum sdi_status stop; /* why nothing more can be read; SDI_OK: no error */
};

bool sdi_feed_init(struct sdi_feed *feed, sdi_read_fn read, void *arg); /* false: out of memory */
void sdi_feed_release(struct sdi_feed *feed);                           /* wipes: there were secrets in it */

static inline struct sdi_str sdi_feed_view(const struct sdi_feed *feed)
{
	return sdi_str_make(feed->p + feed->at, feed->n - feed->at);
}

/* Makes the view longer; false when that can't be: eof, full or stop is set. Moves what the view points to. */
bool sdi_feed_more(struct sdi_feed *feed);

/* Makes the view at least @n bytes long (@n is small); false: the input ends before, or an error. */
bool sdi_feed_need(struct sdi_feed *feed, size_t n);

void sdi_feed_skip(struct sdi_feed *feed, size_t n);

/* Moves @line and @column from the begin of @text to its end. */
void sdi_feed_count(struct sdi_str text, unsigned *line, unsigned *column);

#endif
