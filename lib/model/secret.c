/* SPDX-License-Identifier: BSD-3-Clause */
/* Secret: data (base64) and stringData over it. Types that no proxy can use are kept without their data. */
#include "read.h"

/* Where they end in "/", all that start so: Helm keeps whole releases in secrets, up to a megabyte each. */
static const char *const unused_types[] = {
	"helm.sh/",
	"kubernetes.io/service-account-token",
	"kubernetes.io/dockercfg",
	"kubernetes.io/dockerconfigjson",
	"kubernetes.io/ssh-auth",
	"bootstrap.kubernetes.io/token",
};

static bool is_unused(struct sdi_str type)
{
	for (size_t i = 0; i < sizeof(unused_types) / sizeof(unused_types[0]); i++) {
		struct sdi_str unused = sdi_str_c(unused_types[i]);
		if (sdi_str_ends(unused, SDI_STR("/")) ? sdi_str_starts(type, unused) : sdi_str_eq(type, unused))
			return true;
	}
	return false;
}

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (sdi_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648 section 4; line breaks are skipped as Go's decoder does, padding must be right. */
static bool decode_base64(struct sdi_arena *arena, struct sdi_str s, struct sdi_secret_bytes *ret)
{
	char *out = sdi_arena_alloc(arena, s.n / 4 * 3 + 3);
	unsigned bits = 0;
	size_t n = 0, digits = 0, pads = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\n' || c == '\r')
			continue;
		if (c == '=') {
			pads++;
			continue;
		}
		int d = digit(c);
		if (d < 0 || pads)
			return false;
		bits = bits << 6 | (unsigned)d;
		if (++digits % 4 == 0) {
			out[n++] = (char)(bits >> 16);
			out[n++] = (char)(bits >> 8);
			out[n++] = (char)bits;
			bits = 0;
		}
	}
	if (digits % 4 == 1 || (digits + pads) % 4 || pads > 2)
		return false;
	if (digits % 4 == 2)
		out[n++] = (char)(bits >> 4);
	if (digits % 4 == 3) {
		out[n++] = (char)(bits >> 10);
		out[n++] = (char)(bits >> 2);
	}
	*ret = (struct sdi_secret_bytes){ out, n };
	return true;
}

static int by_key(const void *a, const void *b)
{
	return sdi_str_cmp(((const struct sdi_secret_item *)a)->key, ((const struct sdi_secret_item *)b)->key);
}

struct items {
	struct sdi_secret_item *p; /* sorted by key */
	size_t n;
};

/* An item that can't be read stays, as one that can't be used: who needs it must not find an older value. */
static void read_item(struct reader *r, const struct at *at, const struct sdi_node *node, bool base64,
                      struct sdi_secret_item *ret)
{
	const struct at here = { at, sdi_show(r->ctx, node->key), 0 };
	ret->key = sdi_arena_copy(r->arena, node->key);
	ret->value.p = "";
	if (node->type == SDI_NODE_NULL)
		return;
	if (node->type != SDI_NODE_STRING) {
		ret->invalid = true;
		read_complain(r, &here, node, "text");
	} else if (!base64) {
		struct sdi_str copy = sdi_arena_copy(r->arena, node->text);
		ret->value = (struct sdi_secret_bytes){ copy.p, copy.n };
	} else if (!decode_base64(r->arena, node->text, &ret->value)) {
		ret->invalid = true;
		read_say(r, SDI_REASON_SECRET_INVALID, &here, node,
		         "this is not base64: encode it, or write the plain text below stringData");
	}
}

static struct items read_items(struct reader *r, const struct sdi_node *map, const char *key, bool base64)
{
	const struct at at = { NULL, key, 0 };
	struct items items = { 0 };
	if (!map || !map->n)
		return items;
	items.p = sdi_arena_array(r->arena, map->n, struct sdi_secret_item);
	for (const struct sdi_node *node = map->first; node; node = node->next)
		read_item(r, &at, node, base64, &items.p[items.n++]);
	qsort(items.p, items.n, sizeof(*items.p), by_key);
	return items;
}

/* Of a key in both the one of @over counts. */
static struct items merge(struct sdi_arena *arena, struct items under, struct items over)
{
	struct items all = { 0 };
	if (!under.n || !over.n)
		return under.n ? under : over;
	all.p = sdi_arena_array(arena, under.n + over.n, struct sdi_secret_item);
	for (size_t u = 0, o = 0; u < under.n || o < over.n;) {
		int c = u == under.n ? 1 : o == over.n ? -1 : by_key(&under.p[u], &over.p[o]);
		all.p[all.n++] = c < 0 ? under.p[u] : over.p[o];
		u += c <= 0;
		o += c >= 0;
	}
	return all;
}

struct sdi_object *sdi_model_secret(struct reader *r, const struct sdi_node *root)
{
	struct sdi_secret *secret = sdi_arena_new(r->arena, struct sdi_secret);
	const struct sdi_node *data, *text;
	if (!read_meta(r, root, true, sdi_name_is_subdomain, &secret->object) ||
	    !read_text(r, NULL, root, SDI_STR("type"), &secret->type))
		return NULL;
	if (!secret->type.n)
		secret->type = SDI_STR("Opaque");
	if (is_unused(secret->type))
		return &secret->object;
	if (!read_child(r, NULL, root, SDI_STR("data"), SDI_NODE_MAP, &data) ||
	    !read_child(r, NULL, root, SDI_STR("stringData"), SDI_NODE_MAP, &text))
		return NULL;
	r->cost = "this item can't be used";
	struct items items =
		merge(r->arena, read_items(r, data, "data", true), read_items(r, text, "stringData", false));
	secret->items = items.p;
	secret->n_items = items.n;
	return &secret->object;
}

const struct sdi_secret_item *sdi_secret_find(const struct sdi_secret *secret, struct sdi_str key)
{
	struct sdi_secret_item probe = { .key = key };
	if (!secret->n_items)
		return NULL;
	return bsearch(&probe, secret->items, secret->n_items, sizeof(probe), by_key);
}
