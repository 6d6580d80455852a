/* SPDX-License-Identifier: BSD-3-Clause */
#include "read.h"

enum { PATH_BYTES = 256 };

static const char *const type_text[] = {
	[SDI_NODE_NULL] = "nothing", [SDI_NODE_BOOL] = "a boolean", [SDI_NODE_NUMBER] = "a number",
	[SDI_NODE_STRING] = "text",  [SDI_NODE_LIST] = "a list",    [SDI_NODE_MAP] = "a mapping",
};

/* "spec.rules[3].host" */
static size_t write_path(const struct at *at, char *out, size_t n)
{
	size_t used = at->up ? write_path(at->up, out, n) : 0;
	size_t room = used < n ? n - used : 0;
	int more = at->key ? snprintf(out + n - room, room, "%s%s", used ? "." : "", at->key) :
	                     snprintf(out + n - room, room, "[%zu]", at->index);
	used += more > 0 ? (size_t)more : 0;
	return used < n ? used : n - 1;
}

static void say_at(struct reader *r, enum sdi_reason reason, const char *field, const struct sdi_node *node,
                   const char *text)
{
	const struct sdi_origin *origin = &r->ctx->subject.origin;
	bool known = node && node->line;
	sdi_diag_add_at(r->ctx, reason, field, known ? node->line : origin->line, known ? node->column : origin->column,
	                "%s; %s", text, r->cost);
}

void read_say(struct reader *r, enum sdi_reason reason, const struct at *at, const struct sdi_node *node,
              const char *text)
{
	char field[PATH_BYTES];
	write_path(at, field, sizeof(field));
	say_at(r, reason, field, node, text);
}

static void write_complaint(const struct sdi_node *node, const char *want, char *out, size_t n)
{
	bool wants_text = strcmp(want, type_text[SDI_NODE_STRING]) == 0;
	bool plain = node->type == SDI_NODE_NUMBER || node->type == SDI_NODE_BOOL;
	const char *hint = "";
	if (wants_text && plain)
		hint = " (write it in quotes)";
	else if (!wants_text && node->type == SDI_NODE_STRING)
		hint = " (if it is one: write it without quotes)";
	snprintf(out, n, "%s is wanted here, not %s%s", want, type_text[node->type], hint);
}

bool read_complain(struct reader *r, const struct at *at, const struct sdi_node *node, const char *want)
{
	char text[PATH_BYTES];
	write_complaint(node, want, text, sizeof(text));
	read_say(r, SDI_REASON_FIELD_INVALID, at, node, text);
	return false;
}

static const struct sdi_node *present(const struct sdi_node *map, struct sdi_str key)
{
	const struct sdi_node *node = sdi_node_find(map, key);
	return node && node->type != SDI_NODE_NULL ? node : NULL;
}

static bool to_text(struct reader *r, const struct at *at, const struct sdi_node *node, struct sdi_str *ret)
{
	*ret = SDI_STR("");
	if (node && node->type != SDI_NODE_STRING)
		return read_complain(r, at, node, type_text[SDI_NODE_STRING]);
	if (node && node->text.n)
		*ret = sdi_arena_copy(r->arena, node->text);
	return true;
}

bool read_text(struct reader *r, const struct at *up, const struct sdi_node *map, struct sdi_str key,
               struct sdi_str *ret)
{
	return to_text(r, &(struct at){ up, key.p, 0 }, present(map, key), ret);
}

bool read_child(struct reader *r, const struct at *up, const struct sdi_node *map, struct sdi_str key,
                enum sdi_node_type type, const struct sdi_node **ret)
{
	const struct sdi_node *node = present(map, key);
	*ret = node && node->type == type ? node : NULL;
	return !node || node->type == type || read_complain(r, &(struct at){ up, key.p, 0 }, node, type_text[type]);
}

static bool to_bool(struct reader *r, const struct at *at, const struct sdi_node *node, bool *ret)
{
	if (node && node->type != SDI_NODE_BOOL)
		return read_complain(r, at, node, "true or false");
	if (node)
		*ret = sdi_str_is(node->text, "true");
	return true;
}

static bool to_int(struct reader *r, const struct at *at, const struct sdi_node *node, int64_t *ret)
{
	*ret = 0;
	return !node || sdi_node_int(node, ret) || read_complain(r, at, node, "a whole number");
}

static bool to_port(struct reader *r, const struct at *at, const struct sdi_node *node, int64_t *ret)
{
	if (!to_int(r, at, node, ret))
		return false;
	if (!node || (*ret >= 1 && *ret <= UINT16_MAX))
		return true;
	*ret = 0;
	read_say(r, SDI_REASON_FIELD_INVALID, at, node, "a port is a number from 1 to 65535");
	return false;
}

static bool to_protocol(struct reader *r, const struct at *at, const struct sdi_node *node, enum sdi_protocol *ret)
{
	static const char *const names[] = {
		[SDI_PROTO_TCP] = "TCP", [SDI_PROTO_UDP] = "UDP", [SDI_PROTO_SCTP] = "SCTP"
	};
	*ret = SDI_PROTO_TCP;
	if (!node)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (node->type == SDI_NODE_STRING && sdi_str_is(node->text, names[i])) {
			*ret = (enum sdi_protocol)i;
			return true;
		}
	read_say(r, SDI_REASON_FIELD_INVALID, at, node, "a protocol is TCP, UDP or SCTP");
	return false;
}

bool read_rows(struct reader *r, const struct at *up, const struct sdi_node *map, const struct read_row *rows, size_t n,
               void *into)
{
	bool good = true;
	for (size_t i = 0; i < n; i++) {
		const struct at at = { up, rows[i].key.p, 0 };
		const struct sdi_node *node = present(map, rows[i].key);
		void *slot = (char *)into + rows[i].slot;
		switch (rows[i].type) {
		case READ_TEXT: good &= to_text(r, &at, node, slot); break;
		case READ_BOOL: good &= to_bool(r, &at, node, slot); break;
		case READ_INT: good &= to_int(r, &at, node, slot); break;
		case READ_PORT: good &= to_port(r, &at, node, slot); break;
		case READ_PROTOCOL: good &= to_protocol(r, &at, node, slot); break;
		}
	}
	return good;
}

void *read_list(struct reader *r, const struct at *up, const struct sdi_node *map, const struct read_list *list,
                size_t *ret_n)
{
	const struct at at = { up, list->key.p, 0 };
	const struct sdi_node *node = NULL;
	const char *cost = r->cost;
	*ret_n = 0;
	r->cost = "it is left out";
	read_child(r, up, map, list->key, SDI_NODE_LIST, &node);
	r->cost = list->cost;
	char *items = node && node->n ? sdi_arena_array_(r->arena, node->n, list->size) : NULL;
	size_t i = 0;
	for (const struct sdi_node *item = node ? node->first : NULL; item; item = item->next, i++) {
		const struct at here = { &at, NULL, i };
		char *into = items + *ret_n * list->size;
		if (item->type != list->of)
			read_complain(r, &here, item, type_text[list->of]);
		else if (list->item(r, &here, item, into))
			++*ret_n;
		else
			memset(into, 0, list->size);
	}
	r->cost = cost;
	return items;
}

bool read_text_item(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	return to_text(r, at, item, into);
}

static int by_key(const void *a, const void *b)
{
	return sdi_str_cmp(((const struct sdi_pair *)a)->key, ((const struct sdi_pair *)b)->key);
}

/* One value of a map from text to text; @field is its path or, of an annotation, its key. */
static bool read_value(struct reader *r, const char *field, const struct sdi_node *node, struct sdi_str *ret)
{
	char text[PATH_BYTES];
	if (node->type == SDI_NODE_LIST || node->type == SDI_NODE_MAP) {
		/* Nobody can know what was meant, and it may be a protection. */
		write_complaint(node, type_text[SDI_NODE_STRING], text, sizeof(text));
		say_at(r, SDI_REASON_FIELD_INVALID, field, node, text);
		return false;
	}
	if (node->type == SDI_NODE_NUMBER || node->type == SDI_NODE_BOOL) {
		const char *cost = r->cost;
		r->cost = "a cluster would refuse this object";
		say_at(r, SDI_REASON_VALUE_UNQUOTED, field, node, "this is taken as text: write it in quotes");
		r->cost = cost;
	}
	*ret = sdi_arena_copy(r->arena, node->type == SDI_NODE_NULL ? SDI_STR("") : node->text);
	return true;
}

bool read_pairs(struct reader *r, const struct at *at, const struct sdi_node *map, read_keep_fn *keep,
                struct sdi_pair **ret, size_t *ret_n)
{
	size_t n = 0;
	for (const struct sdi_node *node = map ? map->first : NULL; node; node = node->next)
		n += !keep || keep(node->key);
	*ret = n ? sdi_arena_array(r->arena, n, struct sdi_pair) : NULL;
	*ret_n = 0;
	for (const struct sdi_node *node = n ? map->first : NULL; node; node = node->next) {
		char field[PATH_BYTES] = "";
		if (keep && !keep(node->key))
			continue;
		if (node->type != SDI_NODE_STRING) {
			size_t used = at ? write_path(at, field, sizeof(field)) : 0;
			snprintf(field + used, sizeof(field) - used, at ? ".%s" : "%s", sdi_show(r->ctx, node->key));
		}
		struct sdi_pair *pair = &(*ret)[(*ret_n)++];
		pair->key = sdi_arena_copy(r->arena, node->key);
		if (!read_value(r, field, node, &pair->value))
			return false;
	}
	if (*ret_n > 1)
		qsort(*ret, *ret_n, sizeof(**ret), by_key);
	return true;
}
