/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON: a value alone, or the items of a List or array one by one. */
#include "reader.h"
#include "split.h"
#include "json.h"

/* The value that is the view's first @n bytes. */
static enum sdi_status take_item(struct sdi_reader *r, size_t n, const struct sdi_cuts *cuts)
{
	const struct sdi_item item = {
		.text = sdi_str_head(sdi_feed_view(&r->feed), n),
		.line = r->feed.line,
		.column = r->feed.column,
		.cuts = *cuts,
	};
	enum sdi_status st = sdi_reader_item(r, &item);
	sdi_feed_skip(&r->feed, n);
	return st;
}

/* Skips a value of any size. */
static enum sdi_status skip_value(struct sdi_reader *r, struct sdi_json_skip skip)
{
	size_t n;
	while (!sdi_json_skip(&skip, sdi_feed_view(&r->feed), &n)) {
		sdi_feed_skip(&r->feed, sdi_feed_view(&r->feed).n);
		if (!sdi_feed_more(&r->feed))
			return r->feed.stop != SDI_OK ? r->feed.stop : SDI_ESYNTAX;
	}
	sdi_feed_skip(&r->feed, n);
	return SDI_OK;
}

/* The end was looked for in all that is left of the input; this is not done again and again. */
static enum sdi_status truncated(struct sdi_reader *r, unsigned line, unsigned column, const char *what)
{
	enum { MOST = 20 };
	sdi_diag_add_at(r->ctx, SDI_REASON_SYNTAX, "", line, column,
	                "the input ends inside the %s that begins here; "
	                "something is cut off, or a quote or bracket is missing",
	                what);
	return ++r->recoveries > MOST ? SDI_ESYNTAX : sdi_reader_recover(r);
}

/* The value at the view's begin has no end in it, and the view can't grow. */
static enum sdi_status no_end(struct sdi_reader *r)
{
	struct sdi_feed *feed = &r->feed;
	if (feed->stop != SDI_OK)
		return feed->stop;
	if (!feed->full)
		return truncated(r, feed->line, feed->column, "object");
	sdi_reader_limit(r, feed->line, feed->column);
	return skip_value(r, (struct sdi_json_skip){ 0 });
}

/* The next byte that is no white space, 0: the input ends. */
static char next_byte(struct sdi_reader *r)
{
	do {
		struct sdi_str view = sdi_feed_view(&r->feed);
		size_t i = 0;
		while (i < view.n && (view.p[i] == ' ' || view.p[i] == '\n' || view.p[i] == '\r' || view.p[i] == '\t'))
			i++;
		sdi_feed_skip(&r->feed, i);
		if (i < view.n)
			return view.p[i] ? view.p[i] : '?';
	} while (sdi_feed_more(&r->feed));
	return 0;
}

static enum sdi_status read_element(struct sdi_reader *r)
{
	struct sdi_cuts cuts;
	size_t n;
	while (sdi_json_split(sdi_feed_view(&r->feed), false, &cuts, &n) == SDI_SPLIT_MORE)
		if (!sdi_feed_more(&r->feed))
			return no_end(r);
	return take_item(r, n, &cuts);
}

/* From after the opening bracket to after the closing one; @line and @column: where the list began. */
static enum sdi_status read_elements(struct sdi_reader *r, unsigned line, unsigned column)
{
	enum { START, COMMA, ITEM } last = START;
	enum sdi_status st = SDI_OK;
	while (st == SDI_OK && !r->lost) {
		char c = next_byte(r);
		if (!c)
			return r->feed.stop != SDI_OK ? r->feed.stop : truncated(r, line, column, "list");
		if ((c == ',' && last != ITEM) || (c == ']' && last == COMMA))
			sdi_reader_syntax(r, r->feed.line, r->feed.column,
			                  "an item was expected, and here is a bracket or comma");
		if (c != ',' && c != ']' && last == ITEM) /* which alone does no harm */
			sdi_reader_syntax(r, r->feed.line, r->feed.column, "',' or ']' expected");
		if (c == '}')
			return sdi_reader_recover(r);
		if (c == ',' || c == ']')
			sdi_feed_skip(&r->feed, 1);
		if (c == ']')
			break;
		if (c != ',')
			st = read_element(r);
		last = c == ',' ? COMMA : ITEM;
	}
	return st;
}

/* Parses what surrounds the items of a List with an empty array in their place: @before or @after them. */
static enum sdi_status parse_frame(struct sdi_reader *r, struct sdi_str before, struct sdi_str after, bool head)
{
	const struct sdi_item item = { .line = r->feed.line, .column = r->feed.column };
	struct sdi_parse_error error;
	r->text.n = 0;
	sdi_buf_add(&r->text, before);
	sdi_buf_add(&r->text, after);
	if (r->text.failed)
		return SDI_ENOMEM;
	sdi_arena_clear(&r->item);
	const struct sdi_node *list = sdi_json_parse(sdi_buf_str(&r->text), &r->item, &error);
	if (list)
		return head ? sdi_reader_open_list(r, list) : SDI_OK;
	if (error.oom)
		return SDI_ENOMEM;
	unsigned shift = head ? 0 : (unsigned)before.n;
	if (error.line == 1)
		error.column = item.column - 1 + (error.column > shift ? error.column - shift : 1);
	sdi_reader_syntax(r, item.line + error.line - 1, error.column, error.text);
	return SDI_OK;
}

/* From after the items to after the brace that closes the List. */
static enum sdi_status read_tail(struct sdi_reader *r, unsigned line, unsigned column)
{
	size_t n;
	const struct sdi_json_skip open = { .depth = 1 };
	for (;;) {
		struct sdi_json_skip skip = open;
		if (sdi_json_skip(&skip, sdi_feed_view(&r->feed), &n))
			break;
		if (sdi_feed_more(&r->feed))
			continue;
		if (r->feed.full)
			return skip_value(r, open);
		return r->feed.stop != SDI_OK ? r->feed.stop : truncated(r, line, column, "list");
	}
	enum sdi_status st = parse_frame(r, SDI_STR("{\"items\":[]"), sdi_str_head(sdi_feed_view(&r->feed), n), false);
	sdi_feed_skip(&r->feed, n);
	return st;
}

/* @n: how far the bracket of its items is. */
static enum sdi_status read_list(struct sdi_reader *r, size_t n)
{
	unsigned line = r->feed.line, column = r->feed.column;
	enum sdi_status st = parse_frame(r, sdi_str_head(sdi_feed_view(&r->feed), n), SDI_STR("[]}"), true);
	if (st != SDI_OK)
		return st;
	sdi_feed_skip(&r->feed, n + 1);
	st = read_elements(r, line, column);
	return st == SDI_OK && !r->lost ? read_tail(r, line, column) : st;
}

static enum sdi_status read_value(struct sdi_reader *r)
{
	struct sdi_cuts cuts;
	enum sdi_split found;
	size_t n;
	while ((found = sdi_json_split(sdi_feed_view(&r->feed), true, &cuts, &n)) == SDI_SPLIT_MORE)
		if (!sdi_feed_more(&r->feed))
			return no_end(r);
	if (found == SDI_SPLIT_LIST)
		return read_list(r, n);
	return take_item(r, n, &cuts);
}

enum sdi_status sdi_reader_json(struct sdi_reader *r)
{
	unsigned line = r->feed.line, column = r->feed.column;
	sdi_reader_forget_list(r);
	if (*sdi_feed_view(&r->feed).p != '[')
		return read_value(r);
	sdi_feed_skip(&r->feed, 1);
	return read_elements(r, line, column);
}
