/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where items begin and end, found in their text without parsing it, at gigabytes a second for JSON. These functions
 * look at what is there of the input: SDI_SPLIT_MORE asks for a longer view and starts over.
 */
#ifndef SDI_SOURCE_SPLIT_H
#define SDI_SOURCE_SPLIT_H

#include "cuts.h"

enum sdi_split { SDI_SPLIT_MORE, SDI_SPLIT_ITEM, SDI_SPLIT_LIST };

/*
 * @text begins with a JSON value. ITEM: it is @ret_n bytes long, of which @cuts can go. LIST: it is an object with an
 * "items" array, whose bracket is at @ret_n; only when @open_lists is set.
 */
enum sdi_split sdi_json_split(struct sdi_str text, bool open_lists, struct sdi_cuts *cuts, size_t *ret_n);

/* Finds the end of a JSON value of any size, piece by piece. */
struct sdi_json_skip {
	size_t depth;         /* brackets open: 0 before the value begins */
	bool inside, escaped; /* a string; after a backslash in it */
};
bool sdi_json_skip(struct sdi_json_skip *skip, struct sdi_str text, size_t *ret_n); /* true: it ends after @ret_n */

/* Splits a line (without its end) off @rest; false: it has no end yet, and @eof is not set. */
bool sdi_yaml_line(struct sdi_str *rest, bool eof, struct sdi_str *ret_line);
bool sdi_yaml_is_marker(struct sdi_str line, const char *marker); /* "---" or "..." */
bool sdi_yaml_is_empty(struct sdi_str line);                      /* nothing in it, or a comment */
bool sdi_yaml_is_entry(struct sdi_str line, size_t indent);       /* "- " after just @indent spaces */
size_t sdi_yaml_indent(struct sdi_str line);

/* Whether @line, not the first one, ends the document, or with @indent >= 0 the entry of a list that far in. */
bool sdi_yaml_ends(struct sdi_str line, ptrdiff_t indent);

struct sdi_yaml_list {
	size_t header; /* where the line "items:" begins */
	size_t first;  /* where the first entry's line begins */
	size_t indent; /* of the "-" */
};

/*
 * @text begins with a document. ITEM: it is @ret_n bytes long. LIST: its top level has "items:", entry by entry in
 * lines; only when @ret_list is given. That the lines before it are whole is for the caller to check.
 */
enum sdi_split sdi_yaml_split(struct sdi_str text, bool eof, struct sdi_yaml_list *ret_list, size_t *ret_n);

/* @text begins with an entry of a list, or with what follows a list: how long that is. */
enum sdi_split sdi_yaml_split_entry(struct sdi_str text, bool eof, size_t indent, size_t *ret_n);
enum sdi_split sdi_yaml_split_tail(struct sdi_str text, bool eof, size_t *ret_n);

/* Whether parts of @text may refer to each other (anchors and aliases), so that they can't be parsed one by one. */
bool sdi_yaml_has_alias(struct sdi_str text);

#endif
