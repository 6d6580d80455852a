/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of manifest.c share: the input, one item at a time, and who takes it. */
#ifndef SDI_SOURCE_READER_H
#define SDI_SOURCE_READER_H

#include "cuts.h"
#include "feed.h"
#include "manifest.h"
#include "yaml.h"

struct sdi_reader {
	struct sdi_feed feed;
	const struct sdi_diag_ctx *ctx;
	sdi_manifest_fn *take;
	void *take_arg;
	struct sdi_arena item;            /* the tree of one item */
	struct sdi_arena list;            /* of one list: */
	struct sdi_str kind, api_version; /* for items that have none, as the API server's own lists: "Ingress" */
	struct sdi_buf text;              /* one item without what is cut */
	unsigned recoveries;              /* bounded: each may look at the same text again */
	bool lost;                        /* the structure broke, and reading goes on at the next object */
};

/* The text of one item and where it stands in the file. */
struct sdi_item {
	struct sdi_str text;
	unsigned line, column;
	bool yaml; /* text is made of whole lines */
	struct sdi_cuts cuts;
};

/* Parses @item and hands over its object or objects. What is wrong with it becomes a diagnostic. */
enum sdi_status sdi_reader_item(struct sdi_reader *r, const struct sdi_item *item);

/* NULL: not readable, @error is filled in with a place in the file. */
struct sdi_node *sdi_reader_parse(struct sdi_reader *r, const struct sdi_item *item, struct sdi_parse_error *error);
enum sdi_status sdi_reader_give(struct sdi_reader *r, struct sdi_node *root, const struct sdi_item *item);

/* Learns from the node of a list what its items are; from a value outside of lists nothing is known. */
enum sdi_status sdi_reader_open_list(struct sdi_reader *r, const struct sdi_node *list);
void sdi_reader_forget_list(struct sdi_reader *r);

/* @problem with a hint, as a diagnostic. */
void sdi_reader_syntax(const struct sdi_reader *r, unsigned line, unsigned column, const char *problem);
void sdi_reader_limit(const struct sdi_reader *r, unsigned line, unsigned column);

/*
 * After text that can't be split: goes on at the next line that begins with "{" or "---", after the current one.
 * SDI_ESYNTAX: there is none.
 */
enum sdi_status sdi_reader_recover(struct sdi_reader *r);

enum sdi_status sdi_reader_json(struct sdi_reader *r); /* a JSON value is next */
enum sdi_status sdi_reader_yaml(struct sdi_reader *r); /* a YAML document is next, from the begin of its line */

#endif
