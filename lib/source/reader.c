/* SPDX-License-Identifier: BSD-3-Clause */
#include "reader.h"
#include "../base/limits.h"
#include "hint.h"
#include "json.h"

enum { KEEP_BYTES = 1024 * 1024 };

void sdi_reader_syntax(const struct sdi_reader *r, unsigned line, unsigned column, const char *problem)
{
	const struct sdi_hint *hint = sdi_hint_find(problem);
	sdi_diag_add_at(r->ctx, SDI_REASON_SYNTAX, "", line, column, "%s; %s", hint->say ? hint->say : problem,
	                hint->hint);
}

void sdi_reader_limit(const struct sdi_reader *r, unsigned line, unsigned column)
{
	sdi_diag_add_at(
		r->ctx, SDI_REASON_LIMIT, "", line, column,
		"the object that begins here has more than %d MiB and is left out; Kubernetes takes 1.5 MiB at most",
		SDI_LIMIT_ITEM_BYTES / 1024 / 1024);
}

/* Forgets the item before; a tree that held a secret is wiped, and a huge one given back. */
static void clear_item(struct sdi_reader *r)
{
	if (sdi_arena_bytes(&r->item) > KEEP_BYTES)
		sdi_arena_release(&r->item);
	else
		sdi_arena_clear(&r->item);
	r->item.wipe = false;
}

static struct sdi_node *parse_text(struct sdi_reader *r, const struct sdi_item *item, struct sdi_str text,
                                   struct sdi_parse_error *error)
{
	clear_item(r);
	if (item->yaml)
		return sdi_yaml_parse_at(text, item->line, &r->item, error);
	struct sdi_node *root = sdi_json_parse(text, &r->item, error);
	if (error->line == 1)
		error->column += item->column - 1;
	error->line += item->line - 1;
	return root;
}

struct sdi_node *sdi_reader_parse(struct sdi_reader *r, const struct sdi_item *item, struct sdi_parse_error *error)
{
	if (item->cuts.n) {
		r->text.n = 0; /* not sdi_buf_clear(), which would wipe all its room for each item */
		(item->yaml ? sdi_yaml_apply_cuts : sdi_json_apply_cuts)(item->text, &item->cuts, &r->text);
		if (r->text.failed) {
			error->oom = true;
			return NULL;
		}
		struct sdi_node *root = parse_text(r, item, sdi_buf_str(&r->text), error);
		if (root || error->oom)
			return root;
		/* In the whole text, what is wrong has its right place; and the cuts may be to blame. */
	}
	return parse_text(r, item, item->text, error);
}

static struct sdi_str text_of(const struct sdi_node *map, struct sdi_str key)
{
	const struct sdi_node *node = sdi_node_find(map, key);
	return sdi_node_is(node, SDI_NODE_STRING) ? node->text : (struct sdi_str){ 0 };
}

void sdi_reader_forget_list(struct sdi_reader *r)
{
	sdi_arena_clear(&r->list);
	r->kind = r->api_version = (struct sdi_str){ 0 };
}

enum sdi_status sdi_reader_open_list(struct sdi_reader *r, const struct sdi_node *list)
{
	struct sdi_str kind = text_of(list, SDI_STR("kind"));
	sdi_reader_forget_list(r);
	if (!sdi_str_ends(kind, SDI_STR("List")) || kind.n == 4)
		return SDI_OK;
	r->kind = sdi_arena_copy(&r->list, sdi_str_head(kind, kind.n - 4));
	r->api_version = sdi_arena_copy(&r->list, text_of(list, SDI_STR("apiVersion")));
	return r->kind.p && r->api_version.p ? SDI_OK : SDI_ENOMEM;
}

/* The items of a list from the API server itself have neither kind nor apiVersion: the list has. */
static bool add_field(struct sdi_reader *r, struct sdi_node *map, struct sdi_str key, struct sdi_str text)
{
	if (!text.n || sdi_node_find(map, key))
		return true;
	struct sdi_node *node = sdi_arena_new(&r->item, struct sdi_node);
	if (!node)
		return false;
	*node = (struct sdi_node){
		.type = SDI_NODE_STRING, .line = map->line, .column = map->column, .next = map->first
	};
	node->key = key;
	node->text = sdi_arena_copy(&r->item, text);
	map->first = node;
	map->n++;
	return node->text.p;
}

static enum sdi_status give_object(struct sdi_reader *r, struct sdi_node *map, struct sdi_origin origin)
{
	if (!add_field(r, map, SDI_STR("apiVersion"), r->api_version) || !add_field(r, map, SDI_STR("kind"), r->kind))
		return SDI_ENOMEM;
	if (sdi_str_is(text_of(map, SDI_STR("kind")), "Secret"))
		r->item.wipe = true;
	return r->take(r->take_arg, map, origin) ? SDI_OK : SDI_ENOMEM;
}

static enum sdi_status give(struct sdi_reader *r, struct sdi_node *node, struct sdi_origin origin);

static enum sdi_status give_children(struct sdi_reader *r, const struct sdi_node *list, struct sdi_origin origin)
{
	enum sdi_status st = SDI_OK;
	for (struct sdi_node *child = list->first; child && st == SDI_OK; child = child->next)
		st = give(r, child, origin);
	return st;
}

/* As kubectl has it, an object with a list of items is a List, whatever its kind. */
static enum sdi_status give_map(struct sdi_reader *r, struct sdi_node *map, struct sdi_origin origin)
{
	const struct sdi_node *items = sdi_node_find(map, SDI_STR("items"));
	if (sdi_node_is(items, SDI_NODE_LIST)) {
		enum sdi_status st = sdi_reader_open_list(r, map);
		return st == SDI_OK ? give_children(r, items, origin) : st;
	}
	struct sdi_str kind = text_of(map, SDI_STR("kind"));
	if (sdi_str_is(kind, "List") || (items && items->type == SDI_NODE_NULL && sdi_str_ends(kind, SDI_STR("List"))))
		return SDI_OK;
	return give_object(r, map, origin);
}

static enum sdi_status give(struct sdi_reader *r, struct sdi_node *node, struct sdi_origin origin)
{
	static const char *const what[] = {
		[SDI_NODE_BOOL] = "true or false",
		[SDI_NODE_NUMBER] = "a number",
		[SDI_NODE_STRING] = "text",
	};
	if (node->line) {
		origin.line = node->line;
		origin.column = node->column;
	}
	switch (node->type) {
	case SDI_NODE_NULL: return SDI_OK;
	case SDI_NODE_LIST: return give_children(r, node, origin);
	case SDI_NODE_MAP: return give_map(r, node, origin);
	case SDI_NODE_BOOL:
	case SDI_NODE_NUMBER:
	case SDI_NODE_STRING: break;
	}
	sdi_diag_add_at(r->ctx, SDI_REASON_SYNTAX, "", origin.line, origin.column,
	                "here is %s, where an object of Kubernetes was expected; begin it with apiVersion: and kind:",
	                what[node->type]);
	return SDI_OK;
}

enum sdi_status sdi_reader_give(struct sdi_reader *r, struct sdi_node *root, const struct sdi_item *item)
{
	return give(r, root, (struct sdi_origin){ r->ctx->subject.origin.file, item->line, item->column });
}

enum sdi_status sdi_reader_item(struct sdi_reader *r, const struct sdi_item *item)
{
	struct sdi_parse_error error;
	struct sdi_node *root = sdi_reader_parse(r, item, &error);
	if (root)
		return sdi_reader_give(r, root, item);
	if (error.oom)
		return SDI_ENOMEM;
	if (error.limit)
		sdi_diag_add_at(r->ctx, SDI_REASON_LIMIT, "", item->line, item->column,
		                "the object that begins here is left out: %s", error.text);
	else
		sdi_reader_syntax(r, error.line, error.column, error.text);
	return SDI_OK;
}
