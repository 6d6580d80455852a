/* SPDX-License-Identifier: BSD-3-Clause */
#include "json.h"
#include "../base/limits.h"
#include <inttypes.h>
#include <jansson.h>

struct convert {
	struct sdi_arena *arena; /* without a handler: a jump would leak the json_t */
	size_t nodes;
	struct sdi_parse_error *error;
};

static struct sdi_node *no_memory(struct convert *c)
{
	c->error->oom = true;
	return NULL;
}

static struct sdi_node *over_limit(struct convert *c, const char *what, int limit)
{
	c->error->limit = true;
	snprintf(c->error->text, sizeof(c->error->text), "it has more than %d %s", limit, what);
	return NULL;
}

static struct sdi_node *convert(struct convert *c, const json_t *json, unsigned depth);

/* Appends @child to @node at @tail. */
static bool add_child(struct convert *c, struct sdi_node *node, struct sdi_node ***tail, const json_t *json,
                      unsigned depth, const char *key)
{
	struct sdi_node *child = convert(c, json, depth + 1);
	if (!child)
		return false;
	if (key) {
		child->key = sdi_arena_copy(c->arena, sdi_str_c(key));
		if (!child->key.p) {
			no_memory(c);
			return false;
		}
	}
	**tail = child;
	*tail = &child->next;
	node->n++;
	return true;
}

static struct sdi_node *convert_list(struct convert *c, struct sdi_node *node, const json_t *json, unsigned depth)
{
	struct sdi_node **tail = &node->first;
	size_t n = json_array_size(json);
	for (size_t i = 0; i < n; i++)
		if (!add_child(c, node, &tail, json_array_get(json, i), depth, NULL))
			return NULL;
	return node;
}

static struct sdi_node *convert_map(struct convert *c, struct sdi_node *node, const json_t *json, unsigned depth)
{
	struct sdi_node **tail = &node->first;
	json_t *object = (json_t *)json; /* iterating changes nothing, yet jansson wants it writable */
	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it))
		if (!add_child(c, node, &tail, json_object_iter_value(it), depth, json_object_iter_key(it)))
			return NULL;
	return node;
}

static struct sdi_node *set_text(struct convert *c, struct sdi_node *node, struct sdi_str text)
{
	node->text = sdi_arena_copy(c->arena, text);
	return node->text.p ? node : no_memory(c);
}

static struct sdi_node *convert(struct convert *c, const json_t *json, unsigned depth)
{
	static const enum sdi_node_type types[] = {
		[JSON_OBJECT] = SDI_NODE_MAP,     [JSON_ARRAY] = SDI_NODE_LIST,  [JSON_STRING] = SDI_NODE_STRING,
		[JSON_INTEGER] = SDI_NODE_NUMBER, [JSON_REAL] = SDI_NODE_NUMBER, [JSON_TRUE] = SDI_NODE_BOOL,
		[JSON_FALSE] = SDI_NODE_BOOL,     [JSON_NULL] = SDI_NODE_NULL,
	};
	if (depth > SDI_LIMIT_DEPTH)
		return over_limit(c, "levels of nesting", SDI_LIMIT_DEPTH);
	if (++c->nodes > SDI_LIMIT_NODES)
		return over_limit(c, "values", SDI_LIMIT_NODES);
	struct sdi_node *node = sdi_arena_new(c->arena, struct sdi_node);
	if (!node)
		return no_memory(c);
	node->type = types[json_typeof(json)];
	char text[64];
	switch (json_typeof(json)) {
	case JSON_OBJECT: return convert_map(c, node, json, depth);
	case JSON_ARRAY: return convert_list(c, node, json, depth);
	case JSON_STRING: return set_text(c, node, sdi_str_make(json_string_value(json), json_string_length(json)));
	case JSON_INTEGER:
		return set_text(c, node,
		                sdi_str_make(text, (size_t)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
		                                                    json_integer_value(json))));
	case JSON_REAL: /* by jansson, which does not heed the locale's decimal comma */
		return set_text(c, node, sdi_str_make(text, json_dumpb(json, text, sizeof(text), JSON_ENCODE_ANY)));
	case JSON_TRUE: return set_text(c, node, SDI_STR("true"));
	case JSON_FALSE: return set_text(c, node, SDI_STR("false"));
	case JSON_NULL: return node;
	}
	return node;
}

/* jansson's json_t are large and many: a text of nothing but brackets is refused before it makes them. */
static bool too_many_values(struct sdi_str text)
{
	if (text.n <= 2 * (size_t)SDI_LIMIT_NODES)
		return false;
	size_t n = 0;
	bool inside = false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (inside && c == '\\')
			i++;
		else if (c == '"')
			inside = !inside;
		else if (!inside)
			n += c == ',' || c == '[' || c == '{';
	}
	return n > 2 * (size_t)SDI_LIMIT_NODES; /* a list of n values has n - 1 commas and a bracket */
}

/* The last place of @part in @text, -1: none. Small and large letters are the same (\ud800 is quoted as \uD800). */
static ptrdiff_t find_last(struct sdi_str text, struct sdi_str part)
{
	for (size_t i = text.n >= part.n ? text.n - part.n + 1 : 0; i-- > 0;)
		if (sdi_str_eq_nocase(sdi_str_make(text.p + i, part.n), part))
			return (ptrdiff_t)i;
	return -1;
}

/* What the message quotes of the text: "invalid Unicode '\uD800'", "… near 'x'". */
static struct sdi_str quoted(struct sdi_str message)
{
	static const struct sdi_str before[] = { SDI_STR_INIT("invalid Unicode '"), SDI_STR_INIT(" near '") };
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		const char *at = memmem(message.p, message.n, before[i].p, before[i].n);
		if (!at)
			continue;
		struct sdi_str part = sdi_str_from(message, (size_t)(at - message.p) + before[i].n);
		const char *end = i ? memrchr(part.p, '\'', part.n) : memchr(part.p, '\'', part.n);
		return end ? sdi_str_head(part, (size_t)(end - part.p)) : (struct sdi_str){ 0 };
	}
	return (struct sdi_str){ 0 };
}

/* jansson says where it stopped reading, which is behind the culprit. */
static size_t culprit(struct sdi_str text, const json_error_t *e)
{
	size_t stop = e->position > 0 && (size_t)e->position <= text.n ? (size_t)e->position : 0;
	struct sdi_str part = quoted(sdi_str_c(e->text));
	if (json_error_code(e) == json_error_invalid_utf8)
		return stop < text.n ? stop : 0; /* the one case where it stopped before */
	if (json_error_code(e) == json_error_null_character || json_error_code(e) == json_error_null_byte_in_key)
		part = SDI_STR("\\u0000");
	ptrdiff_t at = part.n ? find_last(sdi_str_head(text, stop), part) : -1;
	if (at >= 0)
		return (size_t)at;
	return stop ? stop - 1 : 0;
}

static void set_error(struct sdi_str text, const json_error_t *e, struct sdi_parse_error *error)
{
	if (json_error_code(e) == json_error_out_of_memory) {
		error->oom = true;
		return;
	}
	size_t at = culprit(text, e), line_start = 0;
	for (size_t i = 0; i < at; i++)
		if (text.p[i] == '\n') {
			error->line++;
			line_start = i + 1;
		}
	error->column = (unsigned)(at - line_start) + 1;
	/* Without what it quotes of the text: it may be a secret's. */
	const char *near = strstr(e->text, " near ");
	struct sdi_str message = sdi_str_make(e->text, near ? (size_t)(near - e->text) : strlen(e->text));
	if (sdi_str_starts(message, SDI_STR("invalid Unicode")))
		message = SDI_STR("invalid Unicode");
	snprintf(error->text, sizeof(error->text), SDI_STR_FMT, SDI_STR_ARG(message));
}

struct sdi_node *sdi_json_parse(struct sdi_str text, struct sdi_arena *arena, struct sdi_parse_error *error)
{
	*error = (struct sdi_parse_error){ .line = 1, .column = 1 };
	struct convert c = { .arena = arena, .error = error };
	if (too_many_values(text))
		return over_limit(&c, "values", SDI_LIMIT_NODES);
	json_error_t e;
	json_t *json = json_loadb(text.p ? text.p : "", text.n, JSON_DECODE_ANY, &e);
	if (!json) {
		set_error(text, &e, error);
		return NULL;
	}
	jmp_buf *oom = arena->oom;
	arena->oom = NULL;
	struct sdi_node *root = convert(&c, json, 1);
	arena->oom = oom;
	json_decref(json);
	return root;
}
