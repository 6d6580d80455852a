/* SPDX-License-Identifier: BSD-3-Clause */
/* YAML: a document alone, or the items of a List one by one. */
#include "reader.h"
#include "split.h"

/* What follows the items of a List is its kind and metadata: more than this is a broken item. */
enum { LARGEST_TAIL = 64 * 1024 };

/*
 * Skips lines of any length: the one at the view's begin, and further ones that belong to the same document, or with
 * @indent >= 0 to the same entry of a list at that indentation.
 */
static enum sdi_status skip_lines(struct sdi_reader *r, ptrdiff_t indent)
{
	struct sdi_feed *feed = &r->feed;
	bool inside = true; /* the line that the view begins with */
	for (;;) {
		struct sdi_str view = sdi_feed_view(feed), rest = view, line;
		while (sdi_yaml_line(&rest, feed->eof, &line)) {
			if (!inside && sdi_yaml_ends(line, indent)) {
				sdi_feed_skip(feed, (size_t)(line.p - view.p));
				return SDI_OK;
			}
			inside = false;
		}
		bool giant = feed->full && rest.n == view.n;
		sdi_feed_skip(feed, giant ? view.n : view.n - rest.n);
		inside = inside || giant;
		bool last = feed->eof;
		if (!sdi_feed_more(feed) && (last || feed->stop != SDI_OK))
			return feed->stop;
	}
}

/* Makes the view longer or says that it is the last one; false: an error, or the item is too large. */
static bool look_further(struct sdi_feed *feed)
{
	return sdi_feed_more(feed) || (feed->eof && feed->stop == SDI_OK && !feed->full);
}

static enum sdi_status too_large(struct sdi_reader *r, ptrdiff_t indent)
{
	if (r->feed.stop != SDI_OK)
		return r->feed.stop;
	sdi_reader_limit(r, r->feed.line, r->feed.column);
	return skip_lines(r, indent);
}

static struct sdi_item item_at(const struct sdi_reader *r, size_t n)
{
	return (struct sdi_item){
		.text = sdi_str_head(sdi_feed_view(&r->feed), n),
		.line = r->feed.line,
		.column = r->feed.column,
		.yaml = true,
	};
}

static enum sdi_status take_document(struct sdi_reader *r, size_t n)
{
	struct sdi_item item = item_at(r, n);
	sdi_yaml_find_cuts(item.text, &item.cuts);
	enum sdi_status st = sdi_reader_item(r, &item);
	sdi_feed_skip(&r->feed, n);
	return st;
}

/* A document that can't be split. */
static enum sdi_status read_whole(struct sdi_reader *r)
{
	size_t n;
	while (sdi_yaml_split(sdi_feed_view(&r->feed), r->feed.eof, NULL, &n) == SDI_SPLIT_MORE)
		if (!look_further(&r->feed))
			return too_large(r, -1);
	return take_document(r, n);
}

static enum sdi_status read_entry(struct sdi_reader *r, size_t indent)
{
	size_t n;
	while (sdi_yaml_split_entry(sdi_feed_view(&r->feed), r->feed.eof, indent, &n) == SDI_SPLIT_MORE)
		if (!look_further(&r->feed))
			return too_large(r, (ptrdiff_t)indent);
	struct sdi_item item = item_at(r, n);
	item.column = (unsigned)indent + 1;
	r->feed.p[r->feed.at + indent] = ' '; /* the dash: what is left is a document in its own right */
	sdi_yaml_find_cuts(item.text, &item.cuts);
	enum sdi_status st = sdi_reader_item(r, &item);
	sdi_feed_skip(&r->feed, n);
	return st;
}

/* The line that the view begins with; false: the input ends here. */
static bool first_line(struct sdi_feed *feed, struct sdi_str *ret)
{
	for (;;) {
		struct sdi_str rest = sdi_feed_view(feed);
		if (sdi_yaml_line(&rest, feed->eof, ret))
			return true;
		if (!rest.n && feed->eof)
			return false;
		if (look_further(feed))
			continue;
		*ret = sdi_feed_view(feed); /* a giant line: its begin tells enough */
		return feed->stop == SDI_OK;
	}
}

/* Where the next entry of the list is in @text, behind its first line; 0: nowhere. */
static size_t find_entry(struct sdi_str text, size_t indent)
{
	struct sdi_str rest = text, line;
	bool more = sdi_yaml_line(&rest, true, &line);
	while (more && (more = sdi_yaml_line(&rest, true, &line)))
		if (sdi_yaml_is_entry(line, indent))
			return (size_t)(line.p - text.p);
	return 0;
}

/*
 * What follows the items: the List's other fields. When they make no sense it is an item whose indentation broke, and
 * the items behind that are still good: *@ret_more is set and they are next.
 */
static enum sdi_status read_tail(struct sdi_reader *r, size_t indent, bool *ret_more)
{
	enum { MOST = 100 };
	struct sdi_feed *feed = &r->feed;
	struct sdi_parse_error error = { .line = feed->line, .column = feed->column };
	enum sdi_split found;
	size_t n, next;
	while ((found = sdi_yaml_split_tail(sdi_feed_view(feed), feed->eof, &n)) == SDI_SPLIT_MORE &&
	       sdi_feed_view(feed).n < LARGEST_TAIL)
		if (!look_further(feed))
			break;
	if (feed->stop != SDI_OK)
		return feed->stop;
	struct sdi_item item = item_at(r, n);
	const struct sdi_node *tail = NULL;
	if (found == SDI_SPLIT_ITEM && n <= LARGEST_TAIL) {
		tail = sdi_reader_parse(r, &item, &error);
		if (error.oom)
			return SDI_ENOMEM;
	}
	next = tail ? 0 : find_entry(item.text, indent);
	if (!tail || (tail->type != SDI_NODE_MAP && tail->type != SDI_NODE_NULL))
		sdi_diag_add_at(r->ctx, SDI_REASON_SYNTAX, "", error.line, error.column,
		                "the items of the list end in line %u, and what follows is not right%s%s; check the "
		                "indentation",
		                feed->line, error.text[0] ? ": " : "", error.text);
	bool enough = next && ++r->recoveries > MOST;
	if (enough)
		sdi_reader_syntax(r, feed->line, feed->column,
		                  "too many items with broken indentation: the rest of this document is left out");
	if (!next || enough)
		return found == SDI_SPLIT_ITEM ? (sdi_feed_skip(feed, n), SDI_OK) : skip_lines(r, -1);
	sdi_feed_skip(feed, next);
	*ret_more = true;
	return SDI_OK;
}

static enum sdi_status read_entries(struct sdi_reader *r, size_t indent)
{
	enum sdi_status st = SDI_OK;
	struct sdi_str line;
	while (st == SDI_OK && first_line(&r->feed, &line)) {
		bool more = true;
		if (sdi_yaml_is_entry(line, indent))
			st = read_entry(r, indent);
		else if (sdi_yaml_ends(line, -1))
			return SDI_OK;
		else {
			more = false;
			st = read_tail(r, indent, &more);
		}
		if (!more)
			break;
	}
	return st == SDI_OK ? r->feed.stop : st;
}

enum header { GOOD, BAD, NO_HEADER };

/* Whether what stands before "items:" is the begin of a map; it may be in the middle of text. */
static enum sdi_status parse_header(struct sdi_reader *r, size_t n, enum header *ret, struct sdi_parse_error *error)
{
	const struct sdi_item item = item_at(r, n);
	const struct sdi_node *header = sdi_reader_parse(r, &item, error);
	*ret = BAD;
	if (!header)
		return error->oom ? SDI_ENOMEM : SDI_OK;
	*ret = header->type == SDI_NODE_MAP || header->type == SDI_NODE_NULL ? GOOD : NO_HEADER;
	return sdi_reader_open_list(r, header);
}

/* Where the document ends, when that is in the view; 0: it is not. */
static size_t document_end(struct sdi_feed *feed)
{
	size_t n;
	if (sdi_yaml_split(sdi_feed_view(feed), feed->eof, NULL, &n) == SDI_SPLIT_ITEM)
		return n;
	/* Whether it fits must depend on its size, not on where in the input it begins. */
	if (feed->at && look_further(feed) &&
	    sdi_yaml_split(sdi_feed_view(feed), feed->eof, NULL, &n) == SDI_SPLIT_ITEM)
		return n;
	return 0;
}

/* "items:" may stand in the middle of a text in quotes: then the document is right, and *@ret_whole is set. */
static enum sdi_status try_whole(struct sdi_reader *r, size_t n, bool *ret_whole)
{
	struct sdi_parse_error error;
	const struct sdi_item item = item_at(r, n);
	struct sdi_node *root = sdi_reader_parse(r, &item, &error);
	if (!root)
		return error.oom ? SDI_ENOMEM : SDI_OK;
	*ret_whole = true;
	enum sdi_status st = sdi_reader_give(r, root, &item);
	sdi_feed_skip(&r->feed, n);
	return st;
}

static enum sdi_status read_list(struct sdi_reader *r, const struct sdi_yaml_list *list)
{
	struct sdi_parse_error error;
	enum header header;
	bool whole = false;
	size_t n = document_end(&r->feed);
	if (r->feed.stop != SDI_OK)
		return r->feed.stop;
	enum sdi_status st = parse_header(r, list->header, &header, &error);
	if (st != SDI_OK)
		return st;
	if (header == NO_HEADER || (n && sdi_yaml_has_alias(sdi_str_head(sdi_feed_view(&r->feed), n)))) {
		sdi_reader_forget_list(r);
		return read_whole(r);
	}
	if (header == BAD && n)
		st = try_whole(r, n, &whole);
	if (whole || st != SDI_OK)
		return st;
	if (header == BAD)
		sdi_reader_syntax(r, error.line, error.column, error.text);
	sdi_feed_skip(&r->feed, list->first);
	return read_entries(r, list->indent);
}

enum sdi_status sdi_reader_yaml(struct sdi_reader *r)
{
	struct sdi_yaml_list list;
	enum sdi_split found;
	size_t n;
	sdi_reader_forget_list(r);
	while ((found = sdi_yaml_split(sdi_feed_view(&r->feed), r->feed.eof, &list, &n)) == SDI_SPLIT_MORE)
		if (!look_further(&r->feed))
			return too_large(r, -1);
	return found == SDI_SPLIT_LIST ? read_list(r, &list) : take_document(r, n);
}
