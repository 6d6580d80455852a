/* SPDX-License-Identifier: BSD-3-Clause */
#include "yaml.h"
#include "../base/limits.h"
#include "../base/vec.h"
#include "scalar.h"
#include "twins.h"
#include <yaml.h>

enum { MOST_ANCHORS = 1000 };

struct anchor {
	struct sdi_str name;
	const struct sdi_node *node;
	size_t total;    /* values below it and itself, aliases expanded; 0: not complete yet */
	unsigned height; /* levels below it and its own */
};

/* A list or map that is not closed yet. */
struct frame {
	struct sdi_node *node;
	struct sdi_node **tail;
	struct sdi_str key;
	bool has_key, merge;  /* merge: the key is <<, whose value's keys become this map's */
	size_t total, anchor; /* anchor: its index + 1, 0: none */
	unsigned height;
};

struct build {
	struct sdi_arena *arena; /* without a handler: a jump would leak the parser */
	struct sdi_parse_error *error;
	struct {
		SDI_VEC(struct anchor)
	} anchors;
	struct frame frames[SDI_LIMIT_DEPTH];
	unsigned depth;
	struct sdi_node *root;
	size_t nodes;
	unsigned line; /* of the file, where the text begins; errors count from the text's begin until the end */
};

static bool no_memory(struct build *b)
{
	b->error->oom = true;
	return false;
}

static bool fail(struct build *b, const yaml_event_t *event, const char *text)
{
	b->error->line = (unsigned)event->start_mark.line + 1;
	b->error->column = (unsigned)event->start_mark.column + 1;
	snprintf(b->error->text, sizeof(b->error->text), "%s", text);
	return false;
}

static bool over_limit(struct build *b, const yaml_event_t *event, const char *what, int limit)
{
	fail(b, event, "");
	b->error->limit = true;
	snprintf(b->error->text, sizeof(b->error->text), "it has more than %d %s", limit, what);
	return false;
}

static struct sdi_node *new_node(struct build *b, const yaml_event_t *event, enum sdi_node_type type)
{
	if (++b->nodes > SDI_LIMIT_NODES) {
		over_limit(b, event, "values", SDI_LIMIT_NODES);
		return NULL;
	}
	struct sdi_node *node = sdi_arena_new(b->arena, struct sdi_node);
	if (!node) {
		no_memory(b);
		return NULL;
	}
	node->type = type;
	node->line = (unsigned)event->start_mark.line + b->line;
	node->column = (unsigned)event->start_mark.column + 1;
	return node;
}

static void append(struct frame *f, struct sdi_node *node)
{
	*f->tail = node;
	f->tail = &node->next;
	f->node->n++;
}

/* Copies of @map's children become children of the open map; they share what is below them. */
static bool merge_map(struct build *b, const yaml_event_t *event, struct frame *f, const struct sdi_node *map)
{
	if (map->type != SDI_NODE_MAP) {
		fail(b, event, "the value of the merge key << is no map or list of maps");
		b->error->line = map->line - b->line + 1;
		b->error->column = map->column;
		return false;
	}
	for (const struct sdi_node *child = map->first; child; child = child->next) {
		struct sdi_node *copy = new_node(b, event, child->type);
		if (!copy)
			return false;
		*copy = *child;
		copy->next = NULL;
		append(f, copy);
	}
	return true;
}

/* Of a list the earlier maps win, and of equal keys in a map the last: so the last map goes first. */
static bool merge_list(struct build *b, const yaml_event_t *event, struct frame *f, const struct sdi_node *list)
{
	struct sdi_node **maps = sdi_arena_array(b->arena, list->n, struct sdi_node *);
	size_t n = 0;
	if (!maps)
		return no_memory(b);
	for (struct sdi_node *map = list->first; map; map = map->next)
		maps[n++] = map;
	while (n)
		if (!merge_map(b, event, f, maps[--n]))
			return false;
	return true;
}

/* Gives @node its place; @total and @height as in struct anchor. */
static bool place(struct build *b, const yaml_event_t *event, struct sdi_node *node, size_t total, unsigned height)
{
	if (b->depth + height > SDI_LIMIT_DEPTH)
		return over_limit(b, event, "levels of nesting", SDI_LIMIT_DEPTH);
	if (!b->depth) {
		b->root = node;
		return true;
	}
	struct frame *f = &b->frames[b->depth - 1];
	f->total += total;
	if (f->total > SDI_LIMIT_NODES)
		return over_limit(b, event, "values, with its aliases expanded", SDI_LIMIT_NODES);
	if (f->height < height + 1)
		f->height = height + 1;
	if (f->merge) {
		f->merge = f->has_key = false;
		return (node->type == SDI_NODE_LIST ? merge_list : merge_map)(b, event, f, node);
	}
	if (f->node->type == SDI_NODE_MAP) {
		node->key = f->key;
		f->has_key = false;
	}
	append(f, node);
	return true;
}

static bool wants_key(const struct build *b)
{
	const struct frame *f = b->depth ? &b->frames[b->depth - 1] : NULL;
	return f && f->node->type == SDI_NODE_MAP && !f->has_key;
}

static bool set_key(struct build *b, const yaml_event_t *event, enum sdi_node_type type, struct sdi_str text)
{
	struct frame *f = &b->frames[b->depth - 1];
	if (type == SDI_NODE_NULL)
		return fail(b, event, "a key is empty");
	if (type == SDI_NODE_LIST || type == SDI_NODE_MAP)
		return fail(b, event, "a key is a list or a map, not text");
	f->key = text;
	f->has_key = true;
	return true;
}

static bool add_anchor(struct build *b, const yaml_event_t *event, const yaml_char_t *name, const struct anchor *made)
{
	if (b->anchors.n == MOST_ANCHORS)
		return over_limit(b, event, "anchors", MOST_ANCHORS);
	struct anchor *a = sdi_vec_push(&b->anchors, b->arena);
	if (!a)
		return no_memory(b);
	*a = *made;
	a->name = sdi_arena_copy(b->arena, sdi_str_c((const char *)name));
	return a->name.p || no_memory(b);
}

static bool add_alias(struct build *b, const yaml_event_t *event)
{
	struct sdi_str name = sdi_str_c((const char *)event->data.alias.anchor);
	const struct anchor *a = NULL;
	for (size_t i = b->anchors.n; i-- > 0 && !a;)
		if (sdi_str_eq(b->anchors.p[i].name, name))
			a = &b->anchors.p[i];
	if (!a)
		return fail(b, event, "found an alias of an anchor that is not defined before it");
	if (!a->total)
		return fail(b, event, "found an alias inside the value of its own anchor");
	if (wants_key(b))
		return set_key(b, event, a->node->type, a->node->text);
	struct sdi_node *node = new_node(b, event, a->node->type);
	if (!node)
		return false;
	node->text = a->node->text;
	node->first = a->node->first; /* shared: nobody changes a tree once it is made */
	node->n = a->node->n;
	return place(b, event, node, a->total, a->height);
}

/* What a scalar is, by its tag, or if it has none and no quotes, by its looks. */
static bool resolve(struct build *b, const yaml_event_t *event, struct sdi_scalar *ret)
{
	static const struct {
		const char *tag;
		enum sdi_node_type type;
	} tags[] = {
		{ YAML_BOOL_TAG, SDI_NODE_BOOL },
		{ YAML_INT_TAG, SDI_NODE_NUMBER },
		{ YAML_NULL_TAG, SDI_NODE_NULL },
		{ YAML_FLOAT_TAG, SDI_NODE_NUMBER },
	};
	const char *tag = (const char *)event->data.scalar.tag;
	struct sdi_str in = { (const char *)event->data.scalar.value, event->data.scalar.length };
	ret->type = SDI_NODE_STRING;
	ret->text = in;
	if (sdi_str_find(in, '\0') >= 0)
		return fail(b, event, "found a NUL character, which no field of Kubernetes may hold");
	if (!tag && event->data.scalar.plain_implicit)
		sdi_scalar_resolve(in, ret);
	for (size_t i = 0; tag && i < sizeof(tags) / sizeof(tags[0]); i++)
		if (strcmp(tag, tags[i].tag) == 0) {
			sdi_scalar_resolve(in, ret);
			return ret->type == tags[i].type || fail(b, event, "the value does not fit its tag");
		}
	return true;
}

static bool is_merge_key(const yaml_event_t *event)
{
	const char *tag = (const char *)event->data.scalar.tag;
	return sdi_str_is(sdi_str_make((const char *)event->data.scalar.value, event->data.scalar.length), "<<") &&
	       (tag ? strcmp(tag, "tag:yaml.org,2002:merge") == 0 : event->data.scalar.plain_implicit);
}

static bool add_scalar(struct build *b, const yaml_event_t *event)
{
	struct sdi_scalar scalar;
	bool key = wants_key(b);
	if (key && is_merge_key(event)) {
		b->frames[b->depth - 1].merge = b->frames[b->depth - 1].has_key = true;
		return true;
	}
	if (!resolve(b, event, &scalar))
		return false;
	struct sdi_str text = sdi_arena_copy(b->arena, scalar.text);
	if (!text.p)
		return no_memory(b);
	const yaml_char_t *anchor = event->data.scalar.anchor;
	if (key && !anchor)
		return set_key(b, event, scalar.type, text);
	struct sdi_node *node = new_node(b, event, scalar.type);
	if (!node)
		return false;
	node->text = text;
	if (anchor && !add_anchor(b, event, anchor, &(struct anchor){ .node = node, .total = 1, .height = 1 }))
		return false;
	return key ? set_key(b, event, scalar.type, text) : place(b, event, node, 1, 1);
}

static bool open_frame(struct build *b, const yaml_event_t *event, enum sdi_node_type type, const yaml_char_t *anchor)
{
	if (wants_key(b))
		return set_key(b, event, type, (struct sdi_str){ 0 });
	if (b->depth == SDI_LIMIT_DEPTH)
		return over_limit(b, event, "levels of nesting", SDI_LIMIT_DEPTH);
	struct sdi_node *node = new_node(b, event, type);
	if (!node || (anchor && !add_anchor(b, event, anchor, &(struct anchor){ .node = node })))
		return false;
	b->frames[b->depth++] = (struct frame){
		.node = node,
		.tail = &node->first,
		.total = 1,
		.height = 1,
		.anchor = anchor ? b->anchors.n : 0,
	};
	return true;
}

static bool close_frame(struct build *b, const yaml_event_t *event)
{
	struct frame *f = &b->frames[--b->depth];
	if (f->node->type == SDI_NODE_MAP && !sdi_node_drop_twins(f->node, b->arena))
		return no_memory(b);
	if (f->anchor) {
		struct anchor *a = &b->anchors.p[f->anchor - 1];
		a->total = f->total;
		a->height = f->height;
	}
	return place(b, event, f->node, f->total, f->height);
}

static bool add_event(struct build *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT: return add_scalar(b, event);
	case YAML_ALIAS_EVENT: return add_alias(b, event);
	case YAML_SEQUENCE_START_EVENT: return open_frame(b, event, SDI_NODE_LIST, event->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT: return open_frame(b, event, SDI_NODE_MAP, event->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: return close_frame(b, event);
	case YAML_DOCUMENT_START_EVENT:
		return !b->root || fail(b, event, "another document begins here, where one was expected");
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT: break;
	}
	return true;
}

/* libyaml counts columns in characters where diagnostics count bytes, and tells some places by offset only. */
static void set_place(struct sdi_parse_error *error, struct sdi_str text, const yaml_parser_t *parser)
{
	if (parser->error != YAML_READER_ERROR) {
		error->line = (unsigned)parser->problem_mark.line + 1;
		error->column = (unsigned)parser->problem_mark.column + 1;
		return;
	}
	size_t start = 0;
	error->line = 1;
	for (size_t i = 0; i < parser->problem_offset && i < text.n; i++)
		if (text.p[i] == '\n') {
			error->line++;
			start = i + 1;
		}
	error->column = (unsigned)(parser->problem_offset - start) + 1;
}

static void column_to_bytes(struct sdi_parse_error *error, struct sdi_str text)
{
	struct sdi_str line = { 0 };
	for (unsigned i = 0; i < error->line; i++)
		if (!sdi_str_split(&text, '\n', &line))
			return;
	unsigned characters = 1, at = 0;
	for (; at < line.n && characters < error->column; at++)
		characters += at + 1 < line.n && ((unsigned char)line.p[at + 1] & 0xc0) != 0x80;
	if (characters == error->column)
		error->column = at + 1;
}

static void set_error(const struct build *b, struct sdi_str text, const yaml_parser_t *parser)
{
	struct sdi_parse_error *error = b->error;
	if (parser->error == YAML_MEMORY_ERROR) {
		error->oom = true;
		return;
	}
	set_place(error, text, parser);
	const char *problem = parser->problem ? parser->problem : "it can't be read";
	if (parser->context && parser->context_mark.line + 1 < error->line)
		snprintf(error->text, sizeof(error->text), "%s %s that begins in line %zu", problem, parser->context,
		         parser->context_mark.line + b->line);
	else
		snprintf(error->text, sizeof(error->text), "%s", problem);
	if (parser->error != YAML_READER_ERROR)
		column_to_bytes(error, text);
}

static bool run(struct build *b, yaml_parser_t *parser, struct sdi_str text)
{
	bool ok = true, end = false;
	while (ok && !end) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event)) {
			set_error(b, text, parser);
			return false;
		}
		end = event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT;
		ok = add_event(b, &event);
		if (!ok)
			column_to_bytes(b->error, text);
		yaml_event_delete(&event);
	}
	return ok;
}

static struct sdi_node *parse(struct build *b, struct sdi_str text)
{
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser)) {
		no_memory(b);
		return NULL;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
	bool ok = run(b, &parser, text);
	yaml_parser_delete(&parser);
	if (ok && !b->root)
		b->root = new_node(b, &(yaml_event_t){ .type = YAML_NO_EVENT }, SDI_NODE_NULL);
	return ok ? b->root : NULL;
}

struct sdi_node *sdi_yaml_parse_at(struct sdi_str text, unsigned line, struct sdi_arena *arena,
                                   struct sdi_parse_error *error)
{
	*error = (struct sdi_parse_error){ .line = 1, .column = 1 };
	jmp_buf *oom = arena->oom;
	arena->oom = NULL;
	struct build b = { .arena = arena, .error = error, .line = line };
	struct sdi_node *root = parse(&b, text);
	arena->oom = oom;
	error->line += line - 1;
	return root;
}

struct sdi_node *sdi_yaml_parse(struct sdi_str text, struct sdi_arena *arena, struct sdi_parse_error *error)
{
	return sdi_yaml_parse_at(text, 1, arena, error);
}
