/* SPDX-License-Identifier: BSD-3-Clause */
/* Balancing and affinity; canaries are in canary.c. */
#include "../gateway/balance.h"
#include "translation.h"

enum { SUBSET = 3, LEAST = 1, LEGACY = 1, PERSISTENT = 1 };

/* What the object itself says: nobody can set these for all ingresses at once. */
static const struct sdi_value *own(const struct sdi_ask *ask, enum sdi_wish_id id)
{
	return sdi_wish_get(&ask->wish, id);
}

static int64_t own_number(const struct sdi_ask *ask, enum sdi_wish_id id)
{
	const struct sdi_value *value = own(ask, id);
	return value ? value->number : 0;
}

static struct sdi_str own_text(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id)
{
	const struct sdi_value *value = own(ask, id);
	return value ? sdi_arena_copy(t->arena, value->text) : SDI_STR("");
}

const struct sdi_key_part *sdi_copy_key(struct sdi_translation *t, const struct sdi_value *value)
{
	const struct sdi_key_part *parts = value->list;
	struct sdi_key_part *key = sdi_arena_array(t->arena, value->n, struct sdi_key_part);
	for (size_t i = 0; i < value->n; i++)
		key[i] = (struct sdi_key_part){ parts[i].kind, sdi_arena_copy(t->arena, parts[i].text) };
	return key;
}

static void set_key(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_balance *balance)
{
	const struct sdi_value *by = own(ask, SDI_WISH_UPSTREAM_HASH_BY);
	if (!by)
		return;
	balance->key = sdi_copy_key(t, by);
	balance->n_key = by->n;
	if (!own_number(ask, SDI_WISH_UPSTREAM_HASH_BY_SUBSET))
		return;
	int64_t size = own_number(ask, SDI_WISH_UPSTREAM_HASH_BY_SUBSET_SIZE);
	balance->subset = size ? (unsigned)size : SUBSET;
}

const struct sdi_balance *sdi_balance_of(struct sdi_translation *t, const struct sdi_ask *ask)
{
	struct sdi_balance balance = { 0 };
	const struct sdi_value *spread = sdi_ask_get(t, ask, SDI_WISH_LOAD_BALANCE);
	balance.least = spread && spread->number == LEAST;
	set_key(t, ask, &balance);
	if (!balance.least && !balance.n_key)
		return NULL;
	struct sdi_balance *made = sdi_arena_new(t->arena, struct sdi_balance);
	*made = balance;
	return made;
}

/* A path as it stands in a Set-Cookie header: as browsers send it, so mostly as it is. */
static struct sdi_str cookie_path(struct sdi_translation *t, struct sdi_str path)
{
	static const char digits[] = "0123456789ABCDEF";
	char *p = sdi_arena_alloc(t->arena, 3 * path.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];
		if (sdi_is_alnum_lower(sdi_lower(path.p[i])) || (c && strchr("-._~/!$&'()*+,=:@", c))) {
			p[n++] = (char)c;
			continue;
		}
		p[n++] = '%';
		p[n++] = digits[c >> 4];
		p[n++] = digits[c & 15];
	}
	return n ? sdi_str_make(p, n) : SDI_STR("/");
}

const struct sdi_affinity *sdi_affinity_of(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_str path)
{
	const struct sdi_value *same_site = own(ask, SDI_WISH_SESSION_COOKIE_SAMESITE);
	const struct sdi_value *given = own(ask, SDI_WISH_SESSION_COOKIE_PATH);
	if (!own(ask, SDI_WISH_AFFINITY))
		return NULL;
	struct sdi_affinity *made = sdi_arena_new(t->arena, struct sdi_affinity);
	made->cookie = own(ask, SDI_WISH_SESSION_COOKIE_NAME) ? own_text(t, ask, SDI_WISH_SESSION_COOKIE_NAME) :
	                                                        SDI_STR("INGRESSCOOKIE");
	made->domain = own_text(t, ask, SDI_WISH_SESSION_COOKIE_DOMAIN);
	made->path = given ? sdi_arena_copy(t->arena, given->text) : cookie_path(t, path);
	made->persistent = own_number(ask, SDI_WISH_AFFINITY_MODE) == PERSISTENT;
	made->moves_on_failure = own_number(ask, SDI_WISH_SESSION_COOKIE_CHANGE_ON_FAILURE);
	made->secure = own_number(ask, SDI_WISH_SESSION_COOKIE_SECURE);
	made->has_expires = own(ask, SDI_WISH_SESSION_COOKIE_EXPIRES);
	made->expires_s = own_number(ask, SDI_WISH_SESSION_COOKIE_EXPIRES);
	made->has_max_age = own(ask, SDI_WISH_SESSION_COOKIE_MAX_AGE);
	made->max_age_s = own_number(ask, SDI_WISH_SESSION_COOKIE_MAX_AGE);
	if (same_site)
		made->same_site = (enum sdi_same_site)(SDI_SAME_SITE_NONE + same_site->number);
	made->spare_old_browsers = own_number(ask, SDI_WISH_SESSION_COOKIE_CONDITIONAL_SAMESITE_NONE);
	return made;
}

const struct sdi_balance *sdi_balance_with(struct sdi_translation *t, const struct sdi_balance *balance,
                                           const struct sdi_affinity *affinity)
{
	struct sdi_balance *made = sdi_arena_new(t->arena, struct sdi_balance);
	if (balance)
		*made = *balance;
	made->affinity = affinity;
	return made;
}

static void set_affinity(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_str path,
                         struct sdi_policy *policy)
{
	policy->balance = sdi_balance_with(t, policy->balance, sdi_affinity_of(t, ask, path));
	sdi_policy_set(policy, SDI_FIELD_AFFINITY);
	if (policy->balance->affinity->persistent)
		sdi_policy_set(policy, SDI_FIELD_AFFINITY_MODE);
	if (policy->balance->affinity->moves_on_failure)
		sdi_policy_set(policy, SDI_FIELD_AFFINITY_FAILURE);
	if (policy->balance->affinity->has_expires)
		sdi_policy_set(policy, SDI_FIELD_AFFINITY_EXPIRES);
}

/* What adds to another ingress, in one that does not. */
static void tell_useless(struct sdi_translation *t, const struct sdi_ask *ask)
{
	static const enum sdi_wish_id ids[] = {
		SDI_WISH_CANARY_BY_COOKIE,       SDI_WISH_CANARY_BY_HEADER, SDI_WISH_CANARY_BY_HEADER_PATTERN,
		SDI_WISH_CANARY_BY_HEADER_VALUE, SDI_WISH_CANARY_WEIGHT,    SDI_WISH_CANARY_WEIGHT_TOTAL
	};
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (own(ask, ids[i]))
			sdi_ask_ignore(t, own(ask, ids[i]), SDI_REASON_ANNOTATION_NONE,
			               "it has no effect without canary: \"true\"");
}

void sdi_base_balance(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	tell_useless(t, ask);
	policy->balance = sdi_balance_of(t, ask);
	if (policy->balance && policy->balance->least)
		sdi_policy_set(policy, SDI_FIELD_BALANCE);
	if (policy->balance && policy->balance->n_key)
		sdi_policy_set(policy, SDI_FIELD_HASH_BY);
	if (policy->balance && policy->balance->subset)
		sdi_policy_set(policy, SDI_FIELD_HASH_SUBSET);
	if (own(ask, SDI_WISH_AFFINITY) && own(ask, SDI_WISH_SESSION_COOKIE_PATH))
		set_affinity(t, ask, SDI_STR("/"), policy);
}

bool sdi_route_balance(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                       const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy)
{
	const struct sdi_value *affinity = own(ask, SDI_WISH_AFFINITY);
	bool regex = vhost->regex;
	if (!affinity || own(ask, SDI_WISH_SESSION_COOKIE_PATH))
		return false;
	if (regex)
		sdi_ask_ignore(t, affinity, SDI_REASON_ANNOTATION_PARTIAL,
		               "the path of the cookie can't be a regular expression, so it is \"/\"; give one with "
		               "session-cookie-path");
	set_affinity(t, ask, fallback || regex ? SDI_STR("/") : claim->text, policy);
	return true;
}
