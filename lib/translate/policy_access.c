/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Address lists, limits, passwords. Both halves of a password check must be there: a secret without the type that
 * turns it on was meant to close the route, so it does.
 */
#include "../gateway/access.h"
#include "passwords.h"
#include "translation.h"

enum {
	BURST_FACTOR = 5,    /* of ingress-nginx */
	BURST_MAX = 4000000, /* in thousandths it fits in the 32 bits that HAProxy's tables have */
	STATUS = 503,        /* of a request that is one too many */
	KIB = 1024,
};

/* NAMESPACE_INGRESS; "_" does not occur in either. */
static struct sdi_str id_of(struct sdi_translation *t, const struct sdi_ask *ask)
{
	return sdi_join(t->arena, ask->pick->ns, SDI_STR("_"), ask->pick->name);
}

/* A list that the controller's ConfigMap gives is the same for all, hence there once. */
static struct sdi_cidrs cidrs_of(struct sdi_translation *t, const struct sdi_ask *ask, const struct sdi_value *value)
{
	struct sdi_cidrs list = { .n = value->n };
	struct sdi_cidr *copy = sdi_arena_array(t->arena, value->n, struct sdi_cidr);
	if (value->n)
		memcpy(copy, value->list, value->n * sizeof(*copy));
	list.p = copy;
	list.id = sdi_wish_get(&ask->wish, value->id) ? id_of(t, ask) : SDI_STR("all");
	return list;
}

/* Both 0.0.0.0/0 and ::/0: they sort first of their kind. */
static bool is_everybody(const struct sdi_cidrs *list)
{
	size_t whole = 0;
	for (size_t i = 0; i < list->n; i++)
		whole += list->p[i].length == 0;
	return whole == 2;
}

static void add_addresses(struct sdi_translation *t, const struct sdi_ask *ask, bool any, struct sdi_policy *policy)
{
	const struct sdi_value *allow = sdi_ask_get(t, ask, SDI_WISH_ALLOWLIST_SOURCE_RANGE);
	const struct sdi_value *deny = sdi_ask_get(t, ask, SDI_WISH_DENYLIST_SOURCE_RANGE);
	struct sdi_access access = { 0 };
	if (deny) {
		access.deny = cidrs_of(t, ask, deny);
		sdi_policy_set(policy, SDI_FIELD_DENY);
	}
	if (allow)
		access.allow = cidrs_of(t, ask, allow);
	/* Where one of several is enough, letting everybody in by address says something. */
	if (allow && (any || !is_everybody(&access.allow)))
		sdi_policy_set(policy, SDI_FIELD_ALLOW);
	if (!sdi_policy_has(policy, SDI_FIELD_ALLOW) && !deny)
		return;
	struct sdi_access *made = sdi_arena_new(t->arena, struct sdi_access);
	*made = access;
	policy->access = made;
}

static unsigned number_of(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id, unsigned dflt)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, id);
	return value ? (unsigned)value->number : dflt;
}

static void add_rate(struct sdi_rate *rate, unsigned count, unsigned per_s, unsigned factor)
{
	uint64_t burst = (uint64_t)count * factor;
	*rate = (struct sdi_rate){ count, per_s, burst < BURST_MAX ? (unsigned)burst : BURST_MAX };
}

static void set_limit_fields(struct sdi_policy *policy, const struct sdi_limits *limits)
{
	if (limits->rates[0].count || limits->rates[1].count)
		sdi_policy_set(policy, SDI_FIELD_LIMIT_REQUESTS);
	if (limits->connections)
		sdi_policy_set(policy, SDI_FIELD_LIMIT_CONNECTIONS);
	if (limits->rate_bytes)
		sdi_policy_set(policy, SDI_FIELD_LIMIT_RATE);
	if (limits->rate_bytes && limits->after_bytes)
		sdi_policy_set(policy, SDI_FIELD_LIMIT_RATE_AFTER);
}

static void add_limits(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_policy *policy)
{
	unsigned factor = number_of(t, ask, SDI_WISH_LIMIT_BURST_MULTIPLIER, BURST_FACTOR);
	const struct sdi_value *exempt = sdi_ask_get(t, ask, SDI_WISH_LIMIT_ALLOWLIST);
	const struct sdi_value *rate = sdi_ask_get(t, ask, SDI_WISH_LIMIT_RATE);
	struct sdi_limits limits = {
		.connections = number_of(t, ask, SDI_WISH_LIMIT_CONNECTIONS, 0),
		.request_status = number_of(t, ask, SDI_WISH_LIMIT_REQ_STATUS_CODE, STATUS),
		.connection_status = number_of(t, ask, SDI_WISH_LIMIT_CONN_STATUS_CODE, STATUS),
		.rate_bytes = rate ? (uint64_t)rate->number * KIB : 0,
		.after_bytes = (uint64_t)number_of(t, ask, SDI_WISH_LIMIT_RATE_AFTER, 0) * KIB,
	};
	add_rate(&limits.rates[0], number_of(t, ask, SDI_WISH_LIMIT_RPS, 0), 1, factor);
	add_rate(&limits.rates[1], number_of(t, ask, SDI_WISH_LIMIT_RPM, 0), 60, factor);
	if (exempt)
		limits.exempt = cidrs_of(t, ask, exempt);
	if (exempt && is_everybody(&limits.exempt))
		limits.rates[0].count = limits.rates[1].count = limits.connections = 0;
	if (!limits.rates[0].count && !limits.rates[1].count && !limits.connections && !limits.rate_bytes)
		return;
	limits.id = id_of(t, ask);
	limits.ns = ask->pick->ns;
	limits.ingress = ask->pick->name;
	if (limits.rate_bytes)
		limits.field = sdi_arena_copy(t->arena, rate->key);
	set_limit_fields(policy, &limits);
	struct sdi_limits *made = sdi_arena_new(t->arena, struct sdi_limits);
	*made = limits;
	policy->limits = made;
}

/* NULL: the protection can't be given; said. */
static const struct sdi_secret *find_secret(struct sdi_translation *t, struct sdi_ask *ask,
                                            const struct sdi_value *value)
{
	struct sdi_str name = value->text, ns = ask->pick->ns, rest = name;
	if (sdi_str_find(name, '/') >= 0) {
		sdi_str_split(&rest, '/', &ns);
		name = rest;
	}
	if (!sdi_name_is_label(ns) || !sdi_name_is_subdomain(name)) {
		sdi_ask_deny(t, ask, value, "it is no name of a secret: write SECRET or NAMESPACE/SECRET");
		return NULL;
	}
	if (!sdi_str_eq(ns, ask->pick->ns) && !sdi_ask_is_on(t, ask, SDI_WISH_ALLOW_CROSS_NAMESPACE)) {
		sdi_ask_deny(t, ask, value, "the secret is in another namespace; put it beside the Ingress");
		return NULL;
	}
	const struct sdi_secret *secret =
		(const struct sdi_secret *)sdi_store_find(t->store, SDI_KIND_SECRET, ns, name);
	if (!secret)
		sdi_ask_deny(t, ask, value, "the secret does not exist");
	return secret;
}

static void say_refused(struct sdi_translation *t, const struct sdi_value *value, const struct sdi_passwords *found)
{
	if (!found->n)
		sdi_diag_add(&t->diag, SDI_REASON_SECRET_INVALID, sdi_show(&t->diag, value->key),
		             "the secret has no user that could log in, so nobody gets in; write lines of USER:HASH "
		             "as htpasswd makes them");
	else if (found->refused)
		sdi_diag_add(&t->diag, SDI_REASON_SECRET_INVALID, sdi_show(&t->diag, value->key),
		             "%zu entries of the secret are not USER:HASH of a kind that can be checked, or take too "
		             "long to check (bcrypt above 14); these users can't log in",
		             found->refused);
}

static void say_refused_digests(struct sdi_translation *t, const struct sdi_value *value,
                                const struct sdi_passwords *found)
{
	if (found->n && !found->refused && !found->elsewhere)
		return;
	sdi_diag_add(&t->diag, SDI_REASON_SECRET_INVALID, sdi_show(&t->diag, value->key),
	             "%s: %zu entries of the secret are not USER:REALM:HASH as htdigest makes them (those of htpasswd "
	             "do for auth-type \"basic\"), and %zu have another realm than auth-realm",
	             found->n ? "some users can't log in" : "nobody can log in", found->refused, found->elsewhere);
}

/* @realm: of digests; NULL: passwords are sent. */
static bool read_passwords(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_value *value,
                           const struct sdi_str *realm, struct sdi_passwords *ret)
{
	const struct sdi_secret *secret = find_secret(t, ask, value);
	const struct sdi_value *type = sdi_ask_get(t, ask, SDI_WISH_AUTH_SECRET_TYPE);
	if (!secret)
		return false;
	if (type && type->number) {
		*ret = sdi_passwords_of_map(t->arena, secret, realm);
	} else {
		const struct sdi_secret_item *item = sdi_secret_find(secret, SDI_STR("auth"));
		if (!item || item->invalid) {
			sdi_ask_deny(t, ask, value,
			             realm ? "the secret has no key \"auth\" with an htdigest file" :
			                     "the secret has no key \"auth\" with an htpasswd file");
			return false;
		}
		*ret = sdi_passwords_of_file(t->arena, &item->value, realm);
	}
	if (realm)
		say_refused_digests(t, value, ret);
	else
		say_refused(t, value, ret);
	return true;
}

/* What is NULL can't be given; said. A digest is of a realm: without one there, NGINX would let everybody in. */
static const struct sdi_str *read_realm(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_value *type)
{
	static const struct sdi_str none = SDI_STR_INIT("");
	const struct sdi_value *realm = sdi_ask_get(t, ask, SDI_WISH_AUTH_REALM);
	if (type->number && (!realm || !realm->text.n || sdi_str_is(realm->text, "off"))) {
		sdi_ask_deny(t, ask, type, "a digest needs the realm of the secret's lines as auth-realm");
		return NULL;
	}
	if (realm && sdi_str_is(realm->text, "off")) /* NGINX would take it for "no password" */
		sdi_ask_ignore(t, realm, SDI_REASON_VALUE_INVALID, "\"off\" is no realm; it is empty");
	else if (realm)
		return &realm->text;
	return &none;
}

static void add_passwords(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *type = sdi_ask_get(t, ask, SDI_WISH_AUTH_TYPE);
	const struct sdi_value *secret = sdi_ask_get(t, ask, SDI_WISH_AUTH_SECRET);
	struct sdi_passwords found = { 0 };
	if (type && !secret)
		sdi_ask_deny(t, ask, type, "auth-secret is not set, so there are no users");
	else if (secret && !type)
		sdi_ask_deny(t, ask, secret, "auth-type is not set; write \"basic\" there");
	const struct sdi_str *realm = type && secret ? read_realm(t, ask, type) : NULL;
	if (!realm || !read_passwords(t, ask, secret, type->number ? realm : NULL, &found))
		return;
	struct sdi_basic_auth *auth = sdi_arena_new(t->arena, struct sdi_basic_auth);
	auth->id = id_of(t, ask);
	auth->ns = ask->pick->ns;
	auth->ingress = ask->pick->name;
	auth->realm = sdi_arena_copy(t->arena, *realm);
	auth->digest = type->number;
	auth->key = sdi_arena_copy(t->arena, type->key);
	auth->users = found.users;
	auth->n_users = found.n;
	policy->basic_auth = auth;
	sdi_policy_set(policy, auth->digest ? SDI_FIELD_DIGEST_AUTH : SDI_FIELD_BASIC_AUTH);
}

void sdi_base_access(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	bool any = sdi_ask_is_on(t, ask, SDI_WISH_SATISFY);
	add_addresses(t, ask, any, policy);
	add_limits(t, ask, policy);
	add_passwords(t, ask, policy);
	if (any && (policy->access || policy->basic_auth))
		sdi_policy_set(policy, SDI_FIELD_SATISFY);
}
