/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From annotations to policies. An ingress's annotations are read once, each dialect on its own, and joined to one
 * wish; a route's policy is that wish in its circumstances (does the host have TLS, which path is it, what do the
 * settings say). What there is to a policy is in the files policy_*.c, one per group of fields.
 *
 * A protection that can't be given denies the whole ingress: see guard.c.
 */
#include "translation.h"

static const char acme_path[] = "/.well-known/acme-challenge";

static bool is_acme(struct sdi_str path)
{
	return sdi_str_starts(path, sdi_str_c(acme_path)) &&
	       (path.n == sizeof(acme_path) - 1 || path.p[sizeof(acme_path) - 1] == '/');
}

/* A path of the challenge; a regular expression only when it can't match anything else. */
static bool is_acme_claim(const struct sdi_claim *claim)
{
	static const char more[] = "._~/-";
	for (size_t i = 0; i < claim->regex.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(claim->regex.p[i])) && !strchr(more, claim->regex.p[i]))
			return false;
	return is_acme(claim->text);
}

/* Made by cert-manager while a certificate is being issued: nothing but challenges, whatever its annotations say. */
static bool is_solver(const struct sdi_ingress *ingress)
{
	size_t paths = 0;
	for (size_t i = 0; i < ingress->n_rules; i++)
		for (size_t k = 0; k < ingress->rules[i].n_paths; k++, paths++)
			if (!is_acme(ingress->rules[i].paths[k].path))
				return false;
	return paths && !ingress->default_backend;
}

static bool same_value(const struct sdi_value *a, const struct sdi_value *b)
{
	return a->number == b->number && (a->row->parse == b->row->parse || sdi_str_eq(a->text, b->text)) &&
	       (!a->list || sdi_str_eq(a->text, b->text));
}

/* Adds @from, of a later dialect, where @into does not say anything yet. */
static void join(struct sdi_translation *t, struct sdi_wish *into, const struct sdi_wish *from, const char *dialect)
{
	for (size_t i = 0; i < from->values.n; i++) {
		const struct sdi_value *rival = &from->values.p[i], *holder = sdi_wish_get(into, rival->id);
		if (!holder)
			*sdi_vec_push(&into->values, &t->scratch) = *rival;
		else if (!same_value(holder, rival))
			sdi_diag_add(&t->diag, SDI_REASON_ANNOTATION_CONFLICT, sdi_show(&t->diag, rival->key),
			             "this annotation of %s says something else than \"%s\", which holds; keep one of "
			             "them, or "
			             "name a class whose IngressClass is in the input",
			             dialect, sdi_show(&t->diag, holder->key));
	}
	if (!into->denied_by.n)
		into->denied_by = from->denied_by;
	into->refused |= from->refused;
}

bool sdi_pick_reads(const struct sdi_pick *pick, struct sdi_str key, enum sdi_dialect_id *ret_dialect,
                    const struct sdi_annotation **ret_row)
{
	if (pick->all_prefixes)
		return sdi_annotation_find(key, ret_dialect, ret_row);
	*ret_dialect = (enum sdi_dialect_id)pick->dialect;
	return sdi_dialect_reads(*ret_dialect, key, ret_row);
}

static bool decides_redirect(const struct sdi_wish *wish)
{
	return sdi_wish_get(wish, SDI_WISH_SSL_REDIRECT) || sdi_wish_get(wish, SDI_WISH_FORCE_SSL_REDIRECT);
}

static void read_annotations(struct sdi_translation *t, const struct sdi_pick *pick, struct sdi_ask *ask)
{
	const struct sdi_object *object = &pick->ingress->object;
	struct sdi_wish wishes[SDI_DIALECT__COUNT] = { 0 };
	unsigned hints = 0;
	size_t n = 0;
	for (size_t i = 0; i < object->n_annotations; i++) {
		enum sdi_dialect_id dialect;
		const struct sdi_annotation *row;
		if (sdi_pick_reads(pick, object->annotations[i].key, &dialect, &row))
			sdi_guard_apply(t, dialect, row, &object->annotations[i], &wishes[dialect], &hints);
	}
	for (int d = 0; d < SDI_DIALECT__COUNT; d++)
		n += wishes[d].values.n;
	sdi_vec_reserve(&ask->wish.values, n, &t->scratch);
	for (int d = 0; d < SDI_DIALECT__COUNT; d++) {
		if (ask->dialect < 0 && decides_redirect(&wishes[d]))
			ask->dialect = d;
		join(t, &ask->wish, &wishes[d], sdi_dialect_get((enum sdi_dialect_id)d)->name);
	}
	if (ask->wish.refused) /* nothing else of it counts */
		ask->wish = (struct sdi_wish){ .refused = true };
}

struct sdi_ask *sdi_ask_of(struct sdi_translation *t, struct sdi_pick *pick)
{
	if (pick->ask)
		return pick->ask;
	struct sdi_ask *ask = sdi_arena_new(&t->scratch, struct sdi_ask);
	const struct sdi_ingress *ingress = pick->ingress;
	struct sdi_subject subject = t->diag.subject;
	ask->pick = pick;
	ask->dialect = pick->dialect;
	for (size_t i = 0; i < ingress->n_tls; i++)
		ask->has_tls |= ingress->tls[i].n_hosts > 0;
	ask->solver = is_solver(ingress);
	sdi_diag_about(t, &ingress->object);
	if (!ask->solver)
		read_annotations(t, pick, ask);
	if (ask->dialect < 0)
		ask->dialect = SDI_DIALECT_INGRESS_NGINX;
	t->diag.subject = subject;
	return pick->ask = ask;
}

const struct sdi_value *sdi_ask_get(const struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id)
{
	const struct sdi_value *value = sdi_wish_get(&ask->wish, id);
	return value || ask->dialect != SDI_DIALECT_INGRESS_NGINX ? value : sdi_wish_get(&t->base, id);
}

bool sdi_ask_is_on(const struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, id);
	return value && value->number;
}

void sdi_ask_deny(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_value *value, const char *why)
{
	sdi_diag_add(&t->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&t->diag, value->key),
	             "this protection can't be given (%s), so everything that this Ingress serves answers 503", why);
	if (!ask->wish.denied_by.n)
		ask->wish.denied_by = value->key;
}

void sdi_ask_ignore(struct sdi_translation *t, const struct sdi_value *value, enum sdi_reason reason, const char *why)
{
	sdi_diag_add(&t->diag, reason, sdi_show(&t->diag, value->key), "%s", why);
}

/* Where people have not said anything, each controller has its own rule. */
static bool wants_redirect(const struct sdi_translation *t, const struct sdi_ask *ask, bool has_tls)
{
	const struct sdi_settings *settings = t->settings;
	if (settings->https_port == 0)
		return false;
	switch (settings->ssl_redirect) {
	case SDI_REDIRECT_NEVER: return false;
	case SDI_REDIRECT_ALWAYS: return true;
	case SDI_REDIRECT_AUTO: break;
	}
	if (sdi_ask_is_on(t, ask, SDI_WISH_FORCE_SSL_REDIRECT))
		return true;
	const struct sdi_value *redirect = sdi_ask_get(t, ask, SDI_WISH_SSL_REDIRECT);
	if (ask->dialect == SDI_DIALECT_HAPROXYTECH)
		return redirect ? redirect->number : ask->has_tls;
	return has_tls && (!redirect || redirect->number);
}

static unsigned first_set(const struct sdi_value *a, unsigned b, unsigned c)
{
	return a ? (unsigned)a->number : b ? b : c;
}

static void set_redirect(const struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_settings *settings = t->settings;
	const struct sdi_dialect *dialect = sdi_dialect_get((enum sdi_dialect_id)ask->dialect);
	policy->tls_redirect.code = first_set(sdi_ask_get(t, ask, SDI_WISH_REDIRECT_CODE), settings->ssl_redirect_code,
	                                      dialect->redirect_code);
	policy->tls_redirect.port = first_set(sdi_ask_get(t, ask, SDI_WISH_REDIRECT_PORT), settings->ssl_redirect_port,
	                                      dialect->redirect_port);
	const struct sdi_value *keep = sdi_ask_get(t, ask, SDI_WISH_PRESERVE_TRAILING_SLASH);
	policy->tls_redirect.cut = ask->dialect == SDI_DIALECT_INGRESS_NGINX && !(keep && keep->number);
	if (sdi_ask_is_on(t, ask, SDI_WISH_USE_PORT_IN_REDIRECTS))
		policy->tls_redirect.port = settings->https_port;
	sdi_policy_set(policy, SDI_FIELD_TLS_REDIRECT);
}

/* Whether @policy has something that needs a section of its own. */
static bool is_rich(const struct sdi_policy *policy)
{
	static const enum sdi_field plain[] = { SDI_FIELD_TLS_REDIRECT, SDI_FIELD_DENIED, SDI_FIELD_BODY_SIZE,
		                                SDI_FIELD_REDIRECT };
	struct sdi_policy rest = *policy;
	uint64_t left = 0;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		rest.present[plain[i] / 64] &= ~((uint64_t)1 << plain[i] % 64);
	for (size_t i = 0; i < sizeof(rest.present) / sizeof(rest.present[0]); i++)
		left |= rest.present[i];
	return left != 0;
}

/* One plain policy for all routes that ask for the same. Its texts come from one place each, so bytes tell. */
static const struct sdi_policy *intern(struct sdi_translation *t, const struct sdi_policy *policy)
{
	struct sdi_str key = sdi_str_make((const char *)policy, sizeof(*policy));
	struct sdi_policy *made = sdi_map_get(&t->policies, key);
	if (made)
		return made;
	made = sdi_arena_new(t->arena, struct sdi_policy);
	memcpy(made, policy, sizeof(*made));
	*sdi_map_put(&t->policies, sdi_str_make((const char *)made, sizeof(*made))) = made;
	return made;
}

static const struct sdi_policy *keep(struct sdi_translation *t, const struct sdi_pick *pick, struct sdi_str id,
                                     const struct sdi_policy *policy)
{
	if (!is_rich(policy))
		return intern(t, policy);
	struct sdi_policy *made = sdi_arena_new(t->arena, struct sdi_policy);
	memcpy(made, policy, sizeof(*made));
	made->id = id;
	made->ns = pick->ns;
	*sdi_vec_push(&t->rich_policies, &t->scratch) = made;
	return made;
}

const struct sdi_policy *sdi_no_policy(struct sdi_translation *t)
{
	struct sdi_policy none;
	memset(&none, 0, sizeof(none)); /* with its padding */
	return intern(t, &none);
}

static const struct sdi_policy *base_of(struct sdi_translation *t, struct sdi_ask *ask)
{
	static sdi_base_fn *const steps[] = { sdi_base_redirect, sdi_base_access, sdi_base_auth,   sdi_base_upstream,
		                              sdi_base_balance,  sdi_base_errors, sdi_base_mirror, sdi_base_extras,
		                              sdi_base_snippet,  sdi_base_waf };
	struct sdi_policy base;
	if (ask->base)
		return ask->base;
	memset(&base, 0, sizeof(base)); /* with its padding */
	for (size_t i = 0; !ask->solver && i < sizeof(steps) / sizeof(steps[0]); i++)
		steps[i](t, ask, &base);
	if (!is_rich(&base))
		return ask->base = intern(t, &base);
	struct sdi_policy *own = sdi_arena_new(&t->scratch, struct sdi_policy);
	memcpy(own, &base, sizeof(base));
	return ask->base = own;
}

static bool is_denied(const struct sdi_translation *t, const struct sdi_ask *ask)
{
	bool all = ask->dialect == SDI_DIALECT_INGRESS_NGINX && t->base.denied_by.n && !ask->solver;
	return ask->wish.denied_by.n || all;
}

bool sdi_ask_is_closed(struct sdi_translation *t, struct sdi_ask *ask)
{
	base_of(t, ask);
	return is_denied(t, ask);
}

static bool host_has_tls(const struct sdi_ask *ask, const struct sdi_vhost *vhost)
{
	return vhost->wants_tls || (vhost->near_tls && ask->dialect == SDI_DIALECT_INGRESS_NGINX);
}

/* no-tls-redirect-locations: by the path of the Ingress, not of a request. */
static bool is_spared(const struct sdi_translation *t, const struct sdi_ask *ask, const struct sdi_claim *claim,
                      bool fallback)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_NO_TLS_REDIRECT_LOCATIONS);
	return value && sdi_path_begins(fallback ? SDI_STR("/") : claim->text, value->text);
}

static void finish(struct sdi_translation *t, const struct sdi_ask *ask, bool has_tls, bool spared,
                   struct sdi_policy *policy)
{
	if (!spared && wants_redirect(t, ask, has_tls))
		set_redirect(t, ask, policy);
	if (is_denied(t, ask)) {
		policy->denied_by =
			sdi_arena_copy(t->arena, ask->wish.denied_by.n ? ask->wish.denied_by : t->base.denied_by);
		sdi_policy_set(policy, SDI_FIELD_DENIED);
	}
}

static bool add_own(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                    const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy)
{
	static sdi_route_fn *const steps[] = { sdi_route_redirect, sdi_route_auth,   sdi_route_rewrite,
		                               sdi_route_balance,  sdi_route_extras, sdi_route_passthrough };
	bool own = false;
	for (size_t i = 0; !ask->solver && i < sizeof(steps) / sizeof(steps[0]); i++)
		own |= steps[i](t, ask, vhost, claim, fallback, policy);
	return own;
}

const struct sdi_policy *sdi_policy_of(struct sdi_translation *t, const struct sdi_vhost *vhost,
                                       const struct sdi_claim *claim, bool fallback)
{
	struct sdi_pick *pick = claim->pick;
	if (!fallback && is_acme_claim(claim))
		return sdi_no_policy(t);
	struct sdi_ask *ask = sdi_ask_of(t, pick);
	if (ask->wish.refused)
		return sdi_no_policy(t);
	const struct sdi_policy *base = base_of(t, ask);
	bool has_tls = host_has_tls(ask, vhost), spared = is_spared(t, ask, claim, fallback);
	struct sdi_policy policy;
	memcpy(&policy, base, sizeof(policy));
	if (add_own(t, ask, vhost, claim, fallback, &policy)) {
		finish(t, ask, has_tls, spared, &policy);
		struct sdi_str id = fallback ? sdi_arena_printf(t->arena, "%.*s_default_%zu", SDI_STR_ARG(pick->name),
		                                                t->rich_policies.n) :
		                               sdi_arena_printf(t->arena, "%.*s_%u_%u", SDI_STR_ARG(pick->name),
		                                                claim->rule, claim->path);
		return keep(t, pick, id, &policy);
	}
	const struct sdi_policy **slot = &ask->shared[spared ? SDI_SHARED_SPARED : has_tls];
	if (!*slot) {
		finish(t, ask, has_tls, spared, &policy);
		struct sdi_str id = spared ? sdi_join(t->arena, pick->name, SDI_STR("_plain"), SDI_STR("")) :
		                    sdi_policy_has(&policy, SDI_FIELD_TLS_REDIRECT) ?
		                             sdi_join(t->arena, pick->name, SDI_STR("_tls"), SDI_STR("")) :
		                             pick->name;
		*slot = keep(t, pick, id, &policy);
	}
	return *slot;
}

const struct sdi_policy *sdi_policy_of_rest(struct sdi_translation *t, const struct sdi_vhost *vhost)
{
	struct sdi_ask *ask = sdi_ask_of(t, vhost->owner);
	if (ask->dialect != SDI_DIALECT_INGRESS_NGINX || ask->solver || ask->wish.refused)
		return NULL;
	if (!sdi_policy_asks(base_of(t, ask)))
		return NULL;
	sdi_diag_about(t, &vhost->owner->ingress->object);
	return sdi_policy_of(t, vhost, &(struct sdi_claim){ .pick = vhost->owner }, true);
}
