/* SPDX-License-Identifier: BSD-3-Clause */
/* Manifests: splitting, cutting and parsing. The first byte says in pieces of what size the rest arrives. */
#include "source/manifest.h"

struct input {
	const uint8_t *p;
	size_t n, piece;
};

static long read_piece(void *arg, char *buffer, size_t n)
{
	struct input *in = arg;
	n = n < in->piece ? n : in->piece;
	n = n < in->n ? n : in->n;
	memcpy(buffer, in->p, n);
	in->p += n;
	in->n -= n;
	return (long)n;
}

static size_t weigh(const struct sdi_node *node)
{
	size_t sum = node->text.n + node->key.n;
	for (const struct sdi_node *child = node->first; child; child = child->next)
		sum += weigh(child);
	return sum;
}

static bool take(void *arg, const struct sdi_node *item, struct sdi_origin origin)
{
	(void)origin;
	*(size_t *)arg += weigh(item);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (!n)
		return 0;
	struct input in = { data + 1, n - 1, (size_t)data[0] + 1 };
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_arena scratch = { 0 };
	struct sdi_diag_ctx ctx = { diags, { "", { 0 }, { 0 }, { "fuzz", 0, 0 } }, &scratch };
	size_t sum = 0;
	if (diags)
		sdi_manifest_read(read_piece, &in, &ctx, take, &sum);
	sdi_diags_free(diags);
	sdi_arena_release(&scratch);
	return 0;
}
