/* SPDX-License-Identifier: BSD-3-Clause */
/* TLS options of a host: the oldest ingress that says something about one decides. */
#include "translation.h"
#include <openssl/err.h>
#include <openssl/ssl.h>

bool sdi_ciphers_are_fine(struct sdi_translation *t, struct sdi_str list)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	bool fine = ctx && SSL_CTX_set_cipher_list(ctx, sdi_arena_copy(&t->show, list).p) == 1;
	SSL_CTX_free(ctx);
	ERR_clear_error();
	return fine;
}

/* What the object itself says: the controller's ConfigMap is for the whole proxy. */
static void consider(struct sdi_translation *t, struct sdi_pick *pick, enum sdi_wish_id id,
                     const struct sdi_value **best, struct sdi_pick **owner)
{
	struct sdi_ask *ask = pick ? sdi_ask_of(t, pick) : NULL;
	const struct sdi_value *value = ask ? sdi_wish_get(&ask->wish, id) : NULL;
	if (!value || (*owner && (*owner)->age <= pick->age))
		return;
	*best = value;
	*owner = pick;
}

static const struct sdi_value *oldest(struct sdi_translation *t, struct sdi_vhost *vhost, enum sdi_wish_id id,
                                      struct sdi_pick **owner)
{
	const struct sdi_value *best = NULL;
	*owner = NULL;
	for (size_t i = 0; i < vhost->claims.n; i++)
		consider(t, vhost->claims.p[i].pick, id, &best, owner);
	consider(t, vhost->fallback.pick, id, &best, owner);
	return best;
}

void sdi_host_tls(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	struct sdi_pick *owner;
	const struct sdi_value *ciphers = oldest(t, vhost, SDI_WISH_SSL_CIPHERS, &owner);
	if (ciphers && sdi_ciphers_are_fine(t, ciphers->text)) {
		host->ciphers = sdi_arena_copy(t->arena, ciphers->text);
	} else if (ciphers) {
		sdi_diag_about(t, &owner->ingress->object);
		sdi_ask_ignore(t, ciphers, SDI_REASON_VALUE_INVALID,
		               "OpenSSL knows none of these ciphers; the default ones hold");
	}
	const struct sdi_value *order = oldest(t, vhost, SDI_WISH_SSL_PREFER_SERVER_CIPHERS, &owner);
	if (order)
		host->cipher_order = order->number ? SDI_ORDER_SERVER : SDI_ORDER_CLIENT;
}
