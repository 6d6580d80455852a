/* SPDX-License-Identifier: BSD-3-Clause */
#include "manifest.h"
#include "reader.h"
#include "split.h"
#include "../base/limits.h"

enum next { NEXT_END, NEXT_JSON, NEXT_YAML, NEXT_JUNK };

/* A view that ends before a decision can be made; false: it will not get longer. */
static bool look_further(struct sdi_feed *feed)
{
	return !feed->full && sdi_feed_more(feed);
}

/*
 * A JSON value, and no YAML in braces: its first key is in double quotes. Looks from @i on; false with *@ret_more
 * when that is not there yet.
 */
static bool begins_json(struct sdi_str view, size_t i, bool *ret_more)
{
	*ret_more = false;
	if (i < view.n && view.p[i] != '{' && view.p[i] != '[')
		return false;
	while (i < view.n && memchr("{[ \t\r\n", view.p[i], 6))
		i++;
	*ret_more = i == view.n;
	return i < view.n && memchr("\"]}-0123456789tfn", view.p[i], 17);
}

static size_t skip_blanks(struct sdi_str view, size_t i)
{
	while (i < view.n && (view.p[i] == ' ' || view.p[i] == '\t' || view.p[i] == '\r'))
		i++;
	return i;
}

/* Skips the rest of a line but not its end. */
static void skip_comment(struct sdi_feed *feed)
{
	for (;;) {
		struct sdi_str view = sdi_feed_view(feed);
		ptrdiff_t end = sdi_str_find(view, '\n');
		sdi_feed_skip(feed, end < 0 ? view.n : (size_t)end);
		if (end >= 0 || !look_further(feed))
			return;
	}
}

/*
 * One step over what stands between objects: empty lines, comments, markers. True: it has come to @ret. A YAML
 * document begins with its line, and with its marker when there is something behind that in the line.
 */
static bool step(struct sdi_feed *feed, enum next *ret)
{
	struct sdi_str view = sdi_feed_view(feed);
	bool line_start = feed->column == 1, marker = false, more;
	size_t i = 0;
	if (line_start && sdi_str_starts(view, SDI_STR("\xef\xbb\xbf"))) {
		feed->at += 3; /* a byte order mark takes no column */
		return false;
	}
	if (line_start &&
	    (sdi_yaml_is_marker(sdi_str_head(view, 4), "---") || sdi_yaml_is_marker(sdi_str_head(view, 4), "...") ||
	     sdi_str_starts(view, SDI_STR("---\n")) || sdi_str_starts(view, SDI_STR("...\n")))) {
		marker = view.p[0] == '-';
		i = 3;
		if (!marker) {
			sdi_feed_skip(feed, 3);
			return false;
		}
	}
	i = skip_blanks(view, i);
	if (i == view.n && look_further(feed))
		return false;
	if (i == view.n || view.p[i] == '\n' || (view.p[i] == '#' && (i || line_start))) {
		bool comment = i < view.n && view.p[i] == '#';
		sdi_feed_skip(feed, i < view.n && !comment ? i + 1 : i);
		if (comment)
			skip_comment(feed);
		return false;
	}
	bool json = begins_json(view, i, &more);
	if (more && look_further(feed))
		return false;
	*ret = json || more ? NEXT_JSON : line_start ? NEXT_YAML : NEXT_JUNK;
	if (*ret != NEXT_YAML)
		sdi_feed_skip(feed, i);
	return true;
}

static enum next find_next(struct sdi_feed *feed)
{
	enum next next;
	do {
		/* Four bytes tell a marker from text. */
		if (!sdi_feed_need(feed, 4) && (feed->stop != SDI_OK || !sdi_feed_view(feed).n))
			return NEXT_END;
	} while (!step(feed, &next));
	return feed->stop == SDI_OK ? next : NEXT_END;
}

enum sdi_status sdi_reader_recover(struct sdi_reader *r)
{
	struct sdi_feed *feed = &r->feed;
	r->lost = true;
	for (;;) {
		skip_comment(feed);
		if (!sdi_feed_need(feed, 4) && feed->n - feed->at < 2)
			return feed->stop != SDI_OK ? feed->stop : SDI_ESYNTAX;
		sdi_feed_skip(feed, 1);
		struct sdi_str view = sdi_feed_view(feed);
		if (view.p[0] == '{' || sdi_str_starts(view, SDI_STR("---")))
			return SDI_OK;
	}
}

static enum sdi_status read_next(struct sdi_reader *r, enum next next)
{
	switch (next) {
	case NEXT_END: break;
	case NEXT_JSON: return sdi_reader_json(r);
	case NEXT_YAML: return sdi_reader_yaml(r);
	case NEXT_JUNK:
		sdi_reader_syntax(r, r->feed.line, r->feed.column, "something else follows a JSON value in its line");
		return sdi_reader_recover(r);
	}
	return SDI_OK;
}

static enum sdi_status read_all(struct sdi_reader *r)
{
	enum sdi_status st = SDI_OK;
	enum next next;
	sdi_feed_need(&r->feed, 4);
	struct sdi_str view = sdi_feed_view(&r->feed);
	if (sdi_str_starts(view, SDI_STR("\xff\xfe")) || sdi_str_starts(view, SDI_STR("\xfe\xff"))) {
		sdi_reader_syntax(r, 1, 1, "the text is UTF-16");
		return SDI_ESYNTAX;
	}
	do {
		next = find_next(&r->feed);
		st = read_next(r, next);
		r->lost = false;
	} while (st == SDI_OK && next != NEXT_END);
	return st == SDI_OK ? r->feed.stop : st;
}

enum sdi_status sdi_manifest_read(sdi_read_fn read, void *read_arg, struct sdi_diag_ctx *ctx, sdi_manifest_fn *take,
                                  void *take_arg)
{
	struct sdi_reader r = { .ctx = ctx, .take = take, .take_arg = take_arg };
	if (!sdi_feed_init(&r.feed, read, read_arg))
		return SDI_ENOMEM;
	sdi_buf_init(&r.text, 2 * (size_t)SDI_LIMIT_ITEM_BYTES);
	r.text.wipe = true;
	enum sdi_status st = read_all(&r);
	r.item.wipe = true;
	sdi_arena_release(&r.item);
	sdi_arena_release(&r.list);
	sdi_buf_release(&r.text);
	sdi_feed_release(&r.feed);
	return st;
}
