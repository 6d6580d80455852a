/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the values of affinity cookies are made of (gateway/balance.h): hexadecimal digits that follow from names and
 * addresses alone, so that they are the same on each replica and after each start, and tell nobody an address.
 */
#ifndef SDI_EMIT_SESSION_H
#define SDI_EMIT_SESSION_H

#include "../gateway/balance.h"
#include "../gateway/gateway.h"

enum { SDI_SESSION_TAG = 8, SDI_SESSION_ID = 16, SDI_SESSION_KEY = 32 };

/* Stands for @backend. */
struct sdi_str sdi_session_tag(struct sdi_arena *arena, const struct sdi_backend *backend);

/* Stands for @server of @backend: the first half of SHA-1 of "ADDRESS:PORT/BACKEND". */
struct sdi_str sdi_session_id(struct sdi_arena *arena, const struct sdi_backend *backend,
                              const struct sdi_server *server);

/* Whether sessions belong to endpoints: then cookies hold an id, else a random key. */
static inline bool sdi_affinity_by_id(const struct sdi_affinity *affinity)
{
	return affinity->persistent || affinity->moves_on_failure;
}

/* The browsers that take SameSite=None for SameSite=Strict, as a regular expression on User-Agent. */
#define SDI_SESSION_OLD_BROWSERS                         \
	"Chrome/[456]|CPU iPhone OS 12|iPad; CPU OS 12|" \
	"^(?=.*Macintosh)(?=.*Intel Mac OS X 10_14)(?=.*Safari)(?!.*Chrome)"

const char *sdi_same_site_text(enum sdi_same_site same_site); /* "; SameSite=Lax"; "" */

/* How many groups a hash picks from; 0: there is nothing to pick. The k-th endpoint of the i-th group is that with the
 * number i * subset + k, from the start again where there are no more. */
size_t sdi_balance_groups(const struct sdi_balance *balance, const struct sdi_backend *backend);

/* What parts of 10000 a canary gets, of @left: at least 1 when its weight is not 0. */
unsigned sdi_canary_share(const struct sdi_canary *canary, unsigned left);

#endif
