/* SPDX-License-Identifier: BSD-3-Clause */
#include "session.h"
#include <openssl/evp.h>

static struct sdi_str digest(struct sdi_arena *arena, struct sdi_str text, size_t digits)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE] = { 0 };
	unsigned n = 0;
	if (!EVP_Digest(text.p, text.n, sum, &n, EVP_sha1(), NULL) && arena->oom)
		longjmp(*arena->oom, 1);
	char *p = sdi_arena_alloc(arena, digits + 1);
	for (size_t i = 0; i < digits; i++)
		p[i] = hex[i % 2 ? sum[i / 2] & 15 : sum[i / 2] >> 4];
	return sdi_str_make(p, digits);
}

struct sdi_str sdi_session_tag(struct sdi_arena *arena, const struct sdi_backend *backend)
{
	return digest(arena, backend->id, SDI_SESSION_TAG);
}

struct sdi_str sdi_session_id(struct sdi_arena *arena, const struct sdi_backend *backend,
                              const struct sdi_server *server)
{
	return digest(arena,
	              sdi_arena_printf(arena, "%.*s:%u/%.*s", SDI_STR_ARG(server->address), (unsigned)server->port,
	                               SDI_STR_ARG(backend->id)),
	              SDI_SESSION_ID);
}

const char *sdi_same_site_text(enum sdi_same_site same_site)
{
	switch (same_site) {
	case SDI_SAME_SITE_UNSET: break;
	case SDI_SAME_SITE_NONE: return "; SameSite=None";
	case SDI_SAME_SITE_LAX: return "; SameSite=Lax";
	case SDI_SAME_SITE_STRICT: return "; SameSite=Strict";
	}
	return "";
}

size_t sdi_balance_groups(const struct sdi_balance *balance, const struct sdi_backend *backend)
{
	if (!balance || !balance->subset || balance->affinity || backend->n_servers <= balance->subset)
		return 0;
	return (backend->n_servers + balance->subset - 1) / balance->subset;
}

unsigned sdi_canary_share(const struct sdi_canary *canary, unsigned left)
{
	uint64_t parts = ((uint64_t)canary->weight * 10000 + canary->total / 2) / canary->total;
	if (canary->weight && !parts)
		parts = 1;
	return parts < left ? (unsigned)parts : left;
}
