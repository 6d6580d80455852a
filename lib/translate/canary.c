/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canaries: ingresses that add another backend to routes of an ingress of the same namespace, host and path. They make
 * no hosts or routes of their own, and of their annotations only those about choosing a backend and an endpoint count:
 * the request is answered under the policy of the ingress that they add to.
 *
 * That controller lets a canary of any namespace join; so could anybody take a share of somebody else's requests, hence
 * not here.
 */
#include "../base/regex.h"
#include "../gateway/balance.h"
#include "translation.h"

/* A path of a canary. */
struct sdi_canary_claim {
	struct sdi_claim claim;
	bool met; /* a route of that place exists */
};

/* The canaries of one place, the oldest first. */
struct meeting {
	struct {
		SDI_VEC(struct sdi_canary_claim *)
	} canaries;
};

/* Where canary and main meet. */
static struct sdi_str place(struct sdi_arena *arena, struct sdi_str host, enum sdi_match match, struct sdi_str path)
{
	return sdi_join(arena, host, match == SDI_MATCH_EXACT ? SDI_STR("=") : SDI_STR(" "), path);
}

static void leave_out(struct sdi_translation *t, const struct sdi_value *value, const char *why)
{
	sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_LEAVES_OUT, sdi_show(&t->diag, value->key),
	             "the canary is left out: %s", why);
}

/* What a canary's other annotations ask for, in vain. */
static void tell_ignored(struct sdi_translation *t, const struct sdi_ask *ask)
{
	static const enum sdi_wish_id known[] = {
		SDI_WISH_AFFINITY,
		SDI_WISH_AFFINITY_CANARY_BEHAVIOR,
		SDI_WISH_AFFINITY_MODE,
		SDI_WISH_CANARY,
		SDI_WISH_CANARY_BY_COOKIE,
		SDI_WISH_CANARY_BY_HEADER,
		SDI_WISH_CANARY_BY_HEADER_PATTERN,
		SDI_WISH_CANARY_BY_HEADER_VALUE,
		SDI_WISH_CANARY_WEIGHT,
		SDI_WISH_CANARY_WEIGHT_TOTAL,
		SDI_WISH_LOAD_BALANCE,
		SDI_WISH_SERVICE_UPSTREAM,
		SDI_WISH_SESSION_COOKIE_CHANGE_ON_FAILURE,
		SDI_WISH_SESSION_COOKIE_CONDITIONAL_SAMESITE_NONE,
		SDI_WISH_SESSION_COOKIE_DOMAIN,
		SDI_WISH_SESSION_COOKIE_EXPIRES,
		SDI_WISH_SESSION_COOKIE_MAX_AGE,
		SDI_WISH_SESSION_COOKIE_NAME,
		SDI_WISH_SESSION_COOKIE_PATH,
		SDI_WISH_SESSION_COOKIE_SAMESITE,
		SDI_WISH_SESSION_COOKIE_SECURE,
		SDI_WISH_UPSTREAM_HASH_BY,
		SDI_WISH_UPSTREAM_HASH_BY_SUBSET,
		SDI_WISH_UPSTREAM_HASH_BY_SUBSET_SIZE,
	};
	for (size_t i = 0; i < ask->wish.values.n; i++) {
		const struct sdi_value *value = &ask->wish.values.p[i];
		size_t k = 0;
		while (k < sizeof(known) / sizeof(known[0]) && known[k] != value->id)
			k++;
		if (k == sizeof(known) / sizeof(known[0]))
			sdi_ask_ignore(t, value, SDI_REASON_ANNOTATION_NONE,
			               "it has no effect on a canary; what the Ingress that it adds to says holds");
	}
}

static const struct sdi_pair *addition_of(const struct sdi_pick *pick)
{
	const struct sdi_object *object = &pick->ingress->object;
	enum sdi_dialect_id dialect;
	const struct sdi_annotation *row;
	for (size_t i = 0; i < object->n_annotations; i++)
		if (sdi_pick_reads(pick, object->annotations[i].key, &dialect, &row) && row &&
		    row->id == SDI_WISH_CANARY)
			return &object->annotations[i];
	return NULL;
}

/* No switch, but plain enough. */
static bool is_no(struct sdi_str text)
{
	static const char *const words[] = { "", "no", "off", "none" };
	text = sdi_str_trim(text);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sdi_str_eq_nocase(text, sdi_str_c(words[i])))
			return true;
	return false;
}

enum sdi_role sdi_canary_role(struct sdi_translation *t, struct sdi_pick *pick)
{
	const struct sdi_pair *pair = addition_of(pick);
	if (!pair)
		return SDI_ROLE_MAIN;
	struct sdi_ask *ask = sdi_ask_of(t, pick);
	const struct sdi_value *value = sdi_wish_get(&ask->wish, SDI_WISH_CANARY);
	if (ask->solver || (value ? !value->number : is_no(pair->value)))
		return SDI_ROLE_MAIN;
	pick->left_out = true;
	if (ask->wish.refused)
		return SDI_ROLE_NONE;
	if (!value) {
		sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_LEAVES_OUT, sdi_show(&t->diag, pair->key),
		             "the Ingress is left out, or it would take all the traffic of the one it may add to");
		return SDI_ROLE_NONE;
	}
	if (ask->wish.denied_by.n) {
		leave_out(t, value, "it asks for a protection that can't be given");
		return SDI_ROLE_NONE;
	}
	tell_ignored(t, ask);
	if (pick->ingress->default_backend)
		sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_LEAVES_OUT, "spec.defaultBackend",
		             "a canary adds to paths only; this is left out");
	return SDI_ROLE_CANARY;
}

static void put(struct sdi_translation *t, struct sdi_str key, struct sdi_canary_claim *canary)
{
	void **slot = sdi_map_put(&t->canary_places, key);
	if (!*slot)
		*slot = sdi_arena_new(&t->scratch, struct meeting);
	struct meeting *meeting = *slot;
	*sdi_vec_push(&meeting->canaries, &t->scratch) = canary;
}

void sdi_canary_put(struct sdi_translation *t, struct sdi_str host, const struct sdi_claim *claim, struct sdi_str raw)
{
	struct sdi_canary_claim *canary = sdi_arena_new(&t->scratch, struct sdi_canary_claim);
	canary->claim = *claim;
	put(t, place(&t->scratch, host, claim->match, claim->text), canary);
	if (!sdi_str_eq(claim->text, raw)) /* on a host of regular expressions paths are as they are written */
		put(t, place(&t->scratch, host, claim->match, raw), canary);
	*sdi_vec_push(&t->canaries, &t->scratch) = canary;
}

static struct sdi_str own_text(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id)
{
	const struct sdi_value *value = sdi_wish_get(&ask->wish, id);
	return value ? sdi_arena_copy(t->arena, value->text) : SDI_STR("");
}

static unsigned own_number(const struct sdi_ask *ask, enum sdi_wish_id id, unsigned least)
{
	const struct sdi_value *value = sdi_wish_get(&ask->wish, id);
	return value && value->number > least ? (unsigned)value->number : least;
}

/* Lower case, with "-" for "_", as NGINX takes it; "": none, or one that no client can send. */
static struct sdi_str header_of(struct sdi_translation *t, const struct sdi_ask *ask)
{
	const struct sdi_value *value = sdi_wish_get(&ask->wish, SDI_WISH_CANARY_BY_HEADER);
	struct sdi_str name = value ? sdi_arena_lower(t->arena, value->text) : SDI_STR("");
	char *p = sdi_arena_alloc(t->arena, name.n + 1);
	for (size_t i = 0; i < name.n; i++) {
		p[i] = name.p[i] == '_' ? '-' : name.p[i];
		if (p[i] == '-' || sdi_is_alnum_lower(p[i]))
			continue;
		sdi_ask_ignore(t, value, SDI_REASON_VALUE_INVALID,
		               "no request has a header of this name; write letters, digits and -");
		return SDI_STR("");
	}
	return sdi_str_make(p, name.n);
}

static void set_rules(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_canary *canary)
{
	const struct sdi_value *pattern = sdi_wish_get(&ask->wish, SDI_WISH_CANARY_BY_HEADER_PATTERN);
	canary->header = header_of(t, ask);
	canary->header_value = own_text(t, ask, SDI_WISH_CANARY_BY_HEADER_VALUE);
	canary->cookie = own_text(t, ask, SDI_WISH_CANARY_BY_COOKIE);
	canary->total = own_number(ask, SDI_WISH_CANARY_WEIGHT_TOTAL, 100);
	canary->weight = own_number(ask, SDI_WISH_CANARY_WEIGHT, 0);
	if (canary->weight > canary->total)
		canary->weight = canary->total;
	if (!pattern || !pattern->text.n || canary->header_value.n || !canary->header.n)
		return;
	canary->header_broken = !sdi_regex_is_for_headers(&t->show, pattern->text);
	if (canary->header_broken)
		sdi_ask_ignore(t, pattern, SDI_REASON_VALUE_INVALID,
		               "not a regular expression that both proxies take (no names for groups, nothing that "
		               "refers to one): whoever sends the header stays with the main Ingress");
	else
		canary->header_pattern = sdi_arena_copy(t->arena, pattern->text);
}

/* "sticky" has the session of the main side reach over to the canary. */
static const struct sdi_balance *balance_of(struct sdi_translation *t, const struct sdi_ask *ask,
                                            const struct sdi_balance *main)
{
	const struct sdi_value *legacy = sdi_wish_get(&ask->wish, SDI_WISH_AFFINITY_CANARY_BEHAVIOR);
	const struct sdi_balance *balance = sdi_balance_of(t, ask);
	const struct sdi_affinity *affinity = main && !(legacy && legacy->number) ? main->affinity : NULL;
	if (!affinity)
		return balance;
	if (!balance && !main->least && !main->n_key)
		return main;
	return sdi_balance_with(t, balance, affinity);
}

static const struct sdi_backend *backend_of(struct sdi_translation *t, const struct sdi_claim *claim,
                                            const struct sdi_route *route, size_t n)
{
	const struct sdi_value *value = sdi_wish_get(&claim->pick->ask->wish, SDI_WISH_CANARY);
	const struct sdi_resolved *resolved = sdi_resolve_backend(t, claim->pick->ns, claim->backend);
	if (!resolved->backend)
		sdi_diag_add(&t->diag, resolved->reason,
		             sdi_field_name(t, "spec.rules[%u].http.paths[%u].backend", claim->rule, claim->path), "%s",
		             resolved->why);
	else if (resolved->backend == route->backend)
		leave_out(t, value, "it goes to the same service and port as the Ingress that it adds to");
	else if (n == SDI_CANARIES)
		leave_out(t, value, "this path has eight canaries already");
	else
		return resolved->backend;
	return NULL;
}

static void add(struct sdi_translation *t, const struct sdi_claim *main, const struct sdi_claim *claim,
                struct sdi_route *route, struct sdi_canary *list)
{
	const struct sdi_ask *ask = claim->pick->ask;
	sdi_diag_about(t, &claim->pick->ingress->object);
	if (!sdi_str_eq(claim->pick->ns, main->pick->ns)) {
		leave_out(t, sdi_wish_get(&ask->wish, SDI_WISH_CANARY),
		          "its path is served by an Ingress of another namespace");
		return;
	}
	if (route->answer != SDI_ANSWER_BACKEND)
		return;
	const struct sdi_backend *backend = backend_of(t, claim, route, route->n_canaries);
	if (!backend)
		return;
	struct sdi_canary *canary = &list[route->n_canaries++];
	*canary = (struct sdi_canary){
		.backend = backend,
		.balance = balance_of(t, ask, route->policy->balance),
		.ingress = claim->pick->name,
	};
	set_rules(t, ask, canary);
	*sdi_vec_push(&t->used_backends, &t->scratch) = backend;
}

void sdi_canary_add(struct sdi_translation *t, const struct sdi_vhost *vhost, const struct sdi_claim *claim,
                    struct sdi_route *route)
{
	struct meeting *meeting = t->canaries.n ? sdi_map_get(&t->canary_places,
	                                                      place(&t->show, vhost->name, claim->match, claim->text)) :
	                                          NULL;
	if (!meeting)
		return;
	struct sdi_subject subject = t->diag.subject;
	struct sdi_canary *list = sdi_arena_array(t->arena, SDI_CANARIES, struct sdi_canary);
	route->canaries = list;
	for (size_t i = 0; i < meeting->canaries.n; i++) {
		meeting->canaries.p[i]->met = true;
		add(t, claim, &meeting->canaries.p[i]->claim, route, list);
	}
	t->diag.subject = subject;
}

void sdi_canary_tell(struct sdi_translation *t)
{
	for (size_t i = 0; i < t->canaries.n; i++) {
		const struct sdi_claim *claim = &t->canaries.p[i]->claim;
		if (t->canaries.p[i]->met)
			continue;
		sdi_diag_about(t, &claim->pick->ingress->object);
		sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_LEAVES_OUT,
		             sdi_field_name(t, "spec.rules[%u].http.paths[%u]", claim->rule, claim->path),
		             "no Ingress that is not a canary serves this host and path with this pathType, so there "
		             "is nothing to add to; the path is left out");
	}
}
