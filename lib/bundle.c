/* SPDX-License-Identifier: BSD-3-Clause */
#include "bundle.h"
#include "base/limits.h"
#include "base/vec.h"
#include <assert.h>

struct file {
	struct sdi_str name; /* in the arena, ends in NUL */
	struct sdi_buf data;
	unsigned mode;
	bool secret;
};

struct sdi_bundle {
	struct sdi_arena arena; /* no handler: NULL when out of memory */
	SDI_VEC(struct file *)  /* one by one, so that a buffer stays where it is */
};

struct sdi_bundle *sdi_bundle_new(void)
{
	struct sdi_bundle *bundle = sdi_malloc(sizeof(*bundle));
	if (bundle)
		*bundle = (struct sdi_bundle){ 0 };
	return bundle;
}

void sdi_bundle_free(struct sdi_bundle *bundle)
{
	if (!bundle)
		return;
	for (size_t i = 0; i < bundle->n; i++)
		sdi_buf_release(&bundle->p[i]->data);
	sdi_arena_release(&bundle->arena);
	free(bundle);
}

static bool is_name_char(char c)
{
	return sdi_is_alnum_lower(sdi_lower(c)) || c == '.' || c == '_' || c == '-';
}

/* Whether @name stays inside the bundle and means the same on every file system. */
static bool is_file_name(struct sdi_str name)
{
	struct sdi_str part;
	if (!name.n)
		return false;
	while (sdi_str_split(&name, '/', &part)) {
		if (!part.n || sdi_str_is(part, ".") || sdi_str_is(part, ".."))
			return false;
		for (size_t i = 0; i < part.n; i++)
			if (!is_name_char(part.p[i]))
				return false;
	}
	return true;
}

struct sdi_buf *sdi_bundle_file(struct sdi_bundle *bundle, struct sdi_str name, unsigned mode, bool secret)
{
	assert(is_file_name(name));
	assert(mode == 0600 || (mode == 0644 && !secret));
	struct file *file = sdi_arena_new(&bundle->arena, struct file);
	struct sdi_str copy = sdi_arena_copy(&bundle->arena, name);
	if (!file || !copy.p)
		return NULL;
	*file = (struct file){ .name = copy, .mode = mode, .secret = secret };
	sdi_buf_init(&file->data, SDI_LIMIT_FILE_BYTES);
	file->data.wipe = secret;
	struct file **slot = sdi_vec_push(bundle, &bundle->arena);
	if (!slot)
		return NULL;
	*slot = file;
	return &file->data;
}

static int by_name(const void *a, const void *b)
{
	return sdi_str_cmp((*(struct file *const *)a)->name, (*(struct file *const *)b)->name);
}

enum sdi_status sdi_bundle_finish(struct sdi_bundle *bundle)
{
	if (bundle->n)
		qsort(bundle->p, bundle->n, sizeof(*bundle->p), by_name);
	for (size_t i = 0; i < bundle->n; i++) {
		const struct sdi_buf *data = &bundle->p[i]->data;
		assert(i == 0 || by_name(&bundle->p[i - 1], &bundle->p[i]) < 0);
		if (data->failed) /* the last growth asked for at most twice of what is there */
			return data->room > data->max / 2 ? SDI_ELIMIT : SDI_ENOMEM;
	}
	return SDI_OK;
}

size_t sdi_bundle_count(const struct sdi_bundle *bundle)
{
	return bundle ? bundle->n : 0;
}

static const struct file *get(const struct sdi_bundle *bundle, size_t i)
{
	return bundle && i < bundle->n ? bundle->p[i] : NULL;
}

const char *sdi_bundle_name(const struct sdi_bundle *bundle, size_t i)
{
	const struct file *file = get(bundle, i);
	return file ? file->name.p : NULL;
}

const char *sdi_bundle_data(const struct sdi_bundle *bundle, size_t i, size_t *n)
{
	const struct file *file = get(bundle, i);
	if (n)
		*n = file ? file->data.n : 0;
	if (!file)
		return NULL;
	return file->data.p ? file->data.p : "";
}

unsigned sdi_bundle_mode(const struct sdi_bundle *bundle, size_t i)
{
	const struct file *file = get(bundle, i);
	return file ? file->mode : 0;
}

bool sdi_bundle_is_secret(const struct sdi_bundle *bundle, size_t i)
{
	const struct file *file = get(bundle, i);
	return file && file->secret;
}
