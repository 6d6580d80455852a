/* SPDX-License-Identifier: BSD-3-Clause */
#include "store.h"
#include "base/map.h"
#include "base/vec.h"
#include "source/manifest.h"

/* One object with its memory, in which the entry itself lives too. */
struct entry {
	struct sdi_arena_block *blocks; /* it and its object lie there; of a whole arena only what frees it */
	bool wipe;
	struct sdi_object *object;
};

struct entries {
	struct entry **p;
	size_t n, room;
};

struct sdi_store {
	struct entries kinds[SDI_KIND__COUNT]; /* each sorted by namespace and name */
	struct sdi_arena names;
	struct sdi_map files; /* names of inputs: origins point to the keys */
};

struct sdi_store *sdi_store_new(void)
{
	struct sdi_store *store = sdi_malloc(sizeof(*store));
	if (store) {
		*store = (struct sdi_store){ 0 };
		store->files.arena = &store->names;
	}
	return store;
}

static void free_entry(struct entry *entry)
{
	struct sdi_arena arena = { .blocks = entry->blocks, .wipe = entry->wipe };
	sdi_arena_release(&arena);
}

static void free_entries(struct entries *list)
{
	for (size_t i = 0; i < list->n; i++)
		free_entry(list->p[i]);
	free(list->p);
}

void sdi_store_free(struct sdi_store *store)
{
	if (!store)
		return;
	for (int kind = 0; kind < SDI_KIND__COUNT; kind++)
		free_entries(&store->kinds[kind]);
	sdi_arena_release(&store->names);
	free(store);
}

/* Lists of entries */

static int compare_names(struct sdi_str ns, struct sdi_str name, const struct entry *entry)
{
	int c = sdi_str_cmp(ns, entry->object->ns);
	return c ? c : sdi_str_cmp(name, entry->object->name);
}

static int compare(const struct entry *a, const struct entry *b)
{
	return compare_names(a->object->ns, a->object->name, b);
}

/* The index of the first of @n entries that is not before that name. */
static size_t lower_bound(struct entry *const *p, size_t n, struct sdi_str ns, struct sdi_str name)
{
	size_t from = 0, to = n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (compare_names(ns, name, p[middle]) > 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* NULL: not there. */
static struct entry **find(const struct entries *list, struct sdi_str ns, struct sdi_str name)
{
	size_t i = lower_bound(list->p, list->n, ns, name);
	return i < list->n && compare_names(ns, name, list->p[i]) == 0 ? &list->p[i] : NULL;
}

static bool reserve(struct entries *list, size_t more)
{
	size_t room = list->room ? list->room : 16;
	while (room < list->n + more)
		room *= 2;
	if (room == list->room)
		return true;
	struct entry **p = sdi_realloc(list->p, room * sizeof(*p));
	if (!p)
		return false;
	list->p = p;
	list->room = room;
	return true;
}

/* Keeps the order of equals, which qsort() does not promise: of two the one read later is behind. */
static void sort_stable(struct entry **p, struct entry **buffer, size_t n)
{
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t from = 0; from < n; from += 2 * width) {
			size_t a = from, middle = from + width < n ? from + width : n, b = middle;
			size_t end = from + 2 * width < n ? from + 2 * width : n;
			for (size_t at = from; at < end; at++)
				buffer[at] = b >= end || (a < middle && compare(p[a], p[b]) <= 0) ? p[a++] : p[b++];
		}
		memcpy(p, buffer, n * sizeof(*p));
	}
}

const struct sdi_object *sdi_store_get(const struct sdi_store *store, enum sdi_kind kind, size_t i)
{
	return i < store->kinds[kind].n ? store->kinds[kind].p[i]->object : NULL;
}

const struct sdi_object *sdi_store_find(const struct sdi_store *store, enum sdi_kind kind, struct sdi_str ns,
                                        struct sdi_str name)
{
	struct entry **found = find(&store->kinds[kind], ns, name);
	return found ? (*found)->object : NULL;
}

/* Reading: what comes is kept aside, and becomes part of the store at the end, when nothing can fail any more. */

enum { DRAFT_BYTES = 64 * 1024 };

struct reading {
	struct sdi_store *store;
	struct sdi_diag_ctx ctx;
	struct entries fresh[SDI_KIND__COUNT]; /* in the order they came */
	struct sdi_arena draft;                /* each object is made here first, to learn how many bytes it needs */
	struct sdi_arena scratch;              /* for sentences; cleared after each object */
	struct sdi_arena names;                /* the map and list below */
	struct sdi_map unused;                 /* kind -> how often */
	struct {
		SDI_VEC(struct sdi_str)
	} unused_kinds;
	bool oom;
};

static bool count_unused(struct reading *reading, struct sdi_str kind)
{
	if (!sdi_map_get(&reading->unused, kind)) {
		kind = sdi_arena_copy(&reading->names, kind);
		struct sdi_str *place = kind.p ? sdi_vec_push(&reading->unused_kinds, &reading->names) : NULL;
		if (!place)
			return false;
		*place = kind;
	}
	void **slot = sdi_map_put(&reading->unused, kind);
	if (!slot)
		return false;
	*slot = (void *)((uintptr_t)*slot + 1);
	return true;
}

static void say_unused(struct reading *reading, const char *file)
{
	for (size_t i = 0; i < reading->unused_kinds.n; i++) {
		struct sdi_str kind = reading->unused_kinds.p[i];
		size_t n = (size_t)(uintptr_t)sdi_map_get(&reading->unused, kind);
		reading->ctx.subject = (struct sdi_subject){ .kind = "", .origin.file = file };
		sdi_diag_add(&reading->ctx, SDI_REASON_KIND_SKIPPED, "",
		             "%zu object%s of kind %s %s not used here; skipped", n, n == 1 ? "" : "s",
		             sdi_show(&reading->ctx, kind), n == 1 ? "is" : "are");
	}
}

/*
 * How many bytes of an arena the object of @item needs, 0 where that is not known; *ret_kind is -1 when it is left
 * out or not used. False: out of memory.
 */
static bool draft(struct reading *reading, const struct sdi_node *item, struct sdi_origin origin, int *ret_kind,
                  size_t *ret_bytes)
{
	struct sdi_arena *arena = &reading->draft;
	const struct sdi_arena_block *block = arena->blocks;
	ptrdiff_t room = arena->end - arena->at;
	struct sdi_str unused = { 0 };
	const struct sdi_object *object = sdi_model_make(item, origin, arena, &reading->ctx, &unused, &reading->oom);
	bool ok = !reading->oom && (!unused.p || count_unused(reading, unused));
	*ret_kind = object ? (int)object->kind : -1;
	*ret_bytes = arena->blocks == block ? (size_t)(room - (arena->end - arena->at)) : 0;
	sdi_arena_clear(arena);
	return ok;
}

/* The object again, in memory of just its size: a store of 10 000 counts in kilobytes each. */
static struct entry *make_entry(struct reading *reading, const struct sdi_node *item, struct sdi_origin origin,
                                bool secret, size_t bytes)
{
	struct sdi_diag_ctx quiet = { .scratch = &reading->scratch }; /* all has been said */
	struct sdi_str unused = { 0 };
	const size_t align = _Alignof(max_align_t);
	struct sdi_arena arena = { .wipe = secret };
	if (bytes)
		arena.block_bytes = bytes + (sizeof(struct entry) + align - 1) / align * align;
	struct entry *entry = sdi_arena_new(&arena, struct entry);
	if (entry)
		entry->object = sdi_model_make(item, origin, &arena, &quiet, &unused, &reading->oom);
	if (!entry || !entry->object) {
		sdi_arena_release(&arena);
		return NULL;
	}
	entry->blocks = arena.blocks;
	entry->wipe = secret;
	return entry;
}

static bool take(void *arg, const struct sdi_node *item, struct sdi_origin origin)
{
	struct reading *reading = arg;
	const struct sdi_node *kind_node = sdi_node_find(item, SDI_STR("kind"));
	bool secret = kind_node && sdi_str_is(kind_node->text, sdi_kind_name[SDI_KIND_SECRET]);
	struct entry *entry = NULL;
	int kind = -1;
	size_t bytes = 0;

	reading->draft.wipe = reading->scratch.wipe = secret;
	bool ok = draft(reading, item, origin, &kind, &bytes);
	if (ok && kind >= 0) {
		struct entries *list = &reading->fresh[kind];
		entry = reserve(list, 1) ? make_entry(reading, item, origin, secret, bytes) : NULL;
		if (entry)
			list->p[list->n++] = entry;
		ok = entry != NULL;
	}
	sdi_arena_clear(&reading->scratch);
	reading->draft.wipe = reading->scratch.wipe = false;
	reading->ctx.subject = (struct sdi_subject){ .kind = "", .origin.file = origin.file };
	return ok;
}

static bool is_number(struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!sdi_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

/*
 * Whether resource version @a is older than @b. They are numbers of any length (KEP-5504); where one is missing or no
 * number, the one read later counts as the newer.
 */
static bool is_older(struct sdi_str a, struct sdi_str b)
{
	if (!is_number(a) || !is_number(b))
		return false;
	return a.n != b.n ? a.n < b.n : sdi_str_cmp(a, b) < 0;
}

/*
 * Of two with the same name the newer stays in @slot; the other one is freed. One that replaces what an earlier read of
 * the same input gave is an update, about which nothing is to be said.
 */
static void choose(struct reading *reading, struct entry **slot, struct entry *later, bool same_read)
{
	bool keep = is_older(later->object->version, (*slot)->object->version);
	struct entry *older = keep ? later : *slot, *newer = keep ? *slot : later;
	const char *other = newer->object->origin.file;
	if (same_read || older->object->origin.file != other) {
		reading->ctx.subject = sdi_object_subject(older->object);
		sdi_diag_add(&reading->ctx, SDI_REASON_DUPLICATE, "metadata.name",
		             "this object is there twice: the one in \"%s\", line %u, counts, since its "
		             "resourceVersion is newer "
		             "or it was read later",
		             sdi_show(&reading->ctx, sdi_str_c(other)), newer->object->origin.line);
	}
	free_entry(older);
	*slot = newer;
}

/* Leaves each name once in the sorted @fresh, and those that @list does not have. */
static void settle_twins(struct reading *reading, struct entries *fresh, struct entries *list)
{
	size_t once = 0, new = 0;
	for (size_t i = 0; i < fresh->n; i++) {
		if (once && compare(fresh->p[once - 1], fresh->p[i]) == 0)
			choose(reading, &fresh->p[once - 1], fresh->p[i], true);
		else
			fresh->p[once++] = fresh->p[i];
	}
	for (size_t i = 0; i < once; i++) {
		struct entry **there = find(list, fresh->p[i]->object->ns, fresh->p[i]->object->name);
		if (there)
			choose(reading, there, fresh->p[i], false);
		else
			fresh->p[new ++] = fresh->p[i];
	}
	fresh->n = new;
}

/* Moves the sorted @fresh into @list, which has room for it: from the end, so that each entry moves once at most. */
static void merge(struct entries *list, struct entries *fresh)
{
	size_t old = list->n;
	for (size_t i = fresh->n; i-- > 0;) {
		const struct sdi_object *object = fresh->p[i]->object;
		size_t at = lower_bound(list->p, old, object->ns, object->name);
		memmove(&list->p[at + i + 1], &list->p[at], (old - at) * sizeof(*list->p));
		list->p[at + i] = fresh->p[i];
		old = at;
	}
	list->n += fresh->n;
	fresh->n = 0;
}

/* Makes what was read part of the store. False: out of memory, and nothing has changed. */
static bool commit(struct reading *reading)
{
	struct entries *fresh = reading->fresh, *kinds = reading->store->kinds;
	size_t most = 0;
	for (int kind = 0; kind < SDI_KIND__COUNT; kind++) {
		if (fresh[kind].n && !reserve(&kinds[kind], fresh[kind].n))
			return false;
		most = fresh[kind].n > most ? fresh[kind].n : most;
	}
	struct entry **buffer = sdi_malloc(most * sizeof(*buffer));
	if (!buffer)
		return false;
	for (int kind = 0; kind < SDI_KIND__COUNT; kind++) {
		if (!fresh[kind].n)
			continue;
		sort_stable(fresh[kind].p, buffer, fresh[kind].n);
		settle_twins(reading, &fresh[kind], &kinds[kind]);
		merge(&kinds[kind], &fresh[kind]);
	}
	free(buffer);
	return true;
}

static const char *keep_file_name(struct sdi_store *store, const char *name)
{
	struct sdi_str key = sdi_str_c(name ? name : "");
	const char *known = sdi_map_get(&store->files, key);
	if (known)
		return known;
	key = sdi_arena_copy(&store->names, key);
	void **slot = key.p ? sdi_map_put(&store->files, key) : NULL;
	if (!slot)
		return NULL;
	*slot = (void *)key.p;
	return key.p;
}

static enum sdi_status read_all(struct reading *reading, sdi_read_fn read, void *arg, const char *file)
{
	reading->ctx = (struct sdi_diag_ctx){ .diags = reading->ctx.diags,
		                              .scratch = &reading->scratch,
		                              .subject = { .kind = "", .origin.file = file } };
	reading->unused.arena = &reading->names;
	reading->draft.block_bytes = DRAFT_BYTES;
	if (!sdi_arena_alloc(&reading->draft, 1))
		return SDI_ENOMEM;
	sdi_arena_clear(&reading->draft);
	enum sdi_status status = sdi_manifest_read(read, arg, &reading->ctx, take, reading);
	if (status != SDI_ENOMEM && !commit(reading))
		status = SDI_ENOMEM;
	if (status != SDI_ENOMEM)
		say_unused(reading, file);
	return status;
}

enum sdi_status sdi_store_read_stream(struct sdi_store *store, sdi_read_fn read, void *arg, const char *file,
                                      struct sdi_diags *diags)
{
	struct reading reading = { .store = store, .ctx.diags = diags };
	if (!store || !read)
		return SDI_EINVAL;
	const char *name = keep_file_name(store, file);
	if (!name)
		return SDI_ENOMEM;
	enum sdi_status status = read_all(&reading, read, arg, name);
	for (int kind = 0; kind < SDI_KIND__COUNT; kind++)
		free_entries(&reading.fresh[kind]);
	sdi_arena_release(&reading.draft);
	sdi_arena_release(&reading.scratch);
	sdi_arena_release(&reading.names);
	return status;
}

static long read_rest(void *arg, char *buffer, size_t n)
{
	struct sdi_str *rest = arg, now = sdi_str_head(*rest, n);
	if (now.n)
		memcpy(buffer, now.p, now.n);
	*rest = sdi_str_from(*rest, now.n);
	return (long)now.n;
}

enum sdi_status sdi_store_read(struct sdi_store *store, const char *text, size_t n, const char *file,
                               struct sdi_diags *diags)
{
	struct sdi_str rest = sdi_str_make(text, n);
	return !text && n ? SDI_EINVAL : sdi_store_read_stream(store, read_rest, &rest, file, diags);
}

static int kind_of(const char *name)
{
	for (int kind = 0; kind < SDI_KIND__COUNT; kind++)
		if (strcmp(name, sdi_kind_name[kind]) == 0)
			return kind;
	return -1;
}

enum sdi_status sdi_store_remove(struct sdi_store *store, const char *kind, const char *ns, const char *name)
{
	int k = store && kind && name ? kind_of(kind) : -1;
	if (k < 0)
		return SDI_EINVAL;
	struct entries *list = &store->kinds[k];
	bool namespaced = k != SDI_KIND_INGRESSCLASS && k != SDI_KIND_NAMESPACE;
	struct sdi_str space = namespaced ? sdi_str_c(ns && *ns ? ns : "default") : SDI_STR("");
	struct entry **found = find(list, space, sdi_str_c(name));
	if (!found)
		return SDI_OK;
	free_entry(*found);
	memmove(found, found + 1, (size_t)(&list->p[list->n] - (found + 1)) * sizeof(*found));
	list->n--;
	return SDI_OK;
}

size_t sdi_store_count(const struct sdi_store *store, const char *kind)
{
	size_t n = 0;
	for (int k = 0; k < SDI_KIND__COUNT; k++)
		if (!kind || strcmp(kind, sdi_kind_name[k]) == 0)
			n += store->kinds[k].n;
	return n;
}
