/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading fields of a node tree into structs. What is found is copied into the object's arena, whose out-of-memory
 * handler is armed; what has a type that the API does not allow gets a diagnostic with the field's path and what it
 * costs. A path is only put together when it is needed: objects are read by the ten thousand.
 *
 *     static const struct read_row rows[] = { { SDI_STR_INIT("name"), READ_TEXT, offsetof(struct port, name) }, … };
 *     static const struct read_list ports = { SDI_STR_INIT("ports"), sizeof(struct port), SDI_NODE_MAP, read_port,
 *                                             "this port is left out" };
 *     ret->ports = read_list(r, &at_spec, spec, &ports, &ret->n_ports);
 *
 * An absent field and a null are the same, and give an empty text, 0 or false.
 */
#ifndef SDI_MODEL_READ_H
#define SDI_MODEL_READ_H

#include "../source/node.h"
#include "model.h"

struct reader {
	struct sdi_arena *arena;
	struct sdi_diag_ctx *ctx;
	const char *cost; /* of a bad field right now, as the end of a sentence: "this path is left out" */
};

/* Where a field is: a key in what is @up, or (without key) an index in it. Lives on the stack of the reading. */
struct at {
	const struct at *up; /* NULL: the object itself */
	const char *key;
	size_t index;
};

/* Says that @want is wanted at @at, not what @node is. Always false. */
bool read_complain(struct reader *r, const struct at *at, const struct sdi_node *node, const char *want);

/* Says something else about @at; @node (for the line) may be NULL. */
void read_say(struct reader *r, enum sdi_reason reason, const struct at *at, const struct sdi_node *node,
              const char *text);

/* Of these a false means: of a wrong type, which has been said, and *ret is empty. */
bool read_text(struct reader *r, const struct at *up, const struct sdi_node *map, struct sdi_str key,
               struct sdi_str *ret);
bool read_child(struct reader *r, const struct at *up, const struct sdi_node *map, struct sdi_str key,
                enum sdi_node_type type, const struct sdi_node **ret);

enum read_type {
	READ_TEXT,     /* struct sdi_str */
	READ_BOOL,     /* bool; stays as it is when absent */
	READ_INT,      /* int64_t */
	READ_PORT,     /* int64_t, 1 to 65535, or absent */
	READ_PROTOCOL, /* enum sdi_protocol */
};

struct read_row {
	struct sdi_str key;
	enum read_type type;
	size_t slot; /* offsetof() in the struct at hand */
};

bool read_rows(struct reader *r, const struct at *up, const struct sdi_node *map, const struct read_row *rows, size_t n,
               void *into);
#define READ_ROWS(r, up, map, rows, into) read_rows(r, up, map, rows, sizeof(rows) / sizeof((rows)[0]), into)

/* Reads one item of a list into zeroed memory; false: the item is left out, which has been said. */
typedef bool read_item_fn(struct reader *r, const struct at *at, const struct sdi_node *item, void *into);

struct read_list {
	struct sdi_str key;
	size_t size; /* of the struct of one item */
	enum sdi_node_type of;
	read_item_fn *item;
	const char *cost; /* of a bad item */
};

/* An array of the good items; none when the list is absent or no list. */
void *read_list(struct reader *r, const struct at *up, const struct sdi_node *map, const struct read_list *list,
                size_t *ret_n);
read_item_fn read_text_item; /* for lists of struct sdi_str */

/*
 * The pairs of a map from text to text, sorted by key; @keep: NULL for all. A number or boolean without quotes is taken
 * as its text. False: the object is to be left out.
 */
typedef bool read_keep_fn(struct sdi_str key);
bool read_pairs(struct reader *r, const struct at *at, const struct sdi_node *map, read_keep_fn *keep,
                struct sdi_pair **ret, size_t *ret_n);

/* metadata; false: the object is left out. @namespaced: has a namespace, "default" when it names none. */
bool read_meta(struct reader *r, const struct sdi_node *root, bool namespaced, bool (*name_fits)(struct sdi_str),
               struct sdi_object *ret);
bool read_labels(struct reader *r, const struct sdi_node *root, read_keep_fn *keep, struct sdi_object *ret);

typedef struct sdi_object *sdi_model_fn(struct reader *r, const struct sdi_node *root);
sdi_model_fn sdi_model_ingress, sdi_model_ingressclass, sdi_model_service, sdi_model_endpointslice, sdi_model_endpoints,
	sdi_model_secret, sdi_model_configmap, sdi_model_namespace;

#endif
