/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Redirects of a route, of a host's root, and between a name with "www." and the one without; and HSTS. None of them
 * needs a backend.
 */
#include "../gateway/redirect.h"
#include "translation.h"

enum { PERMANENT = 301, TEMPORARY = 302, ROOT = 302, NAME = 308 };

static unsigned code_of(const struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id, unsigned dflt)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, id);
	return value ? (unsigned)value->number : dflt;
}

/* The temporary one wins; as in the original, when its value is not valid the other one does not count, either. */
static const struct sdi_value *target(const struct sdi_translation *t, const struct sdi_ask *ask, unsigned *ret_code)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_TEMPORAL_REDIRECT);
	*ret_code = code_of(t, ask, SDI_WISH_TEMPORAL_REDIRECT_CODE, TEMPORARY);
	const struct sdi_str *bad = sdi_object_annotation(&ask->pick->ingress->object,
	                                                  SDI_STR("nginx.ingress.kubernetes.io/temporal-redirect"));
	if (value || (bad && sdi_str_trim(*bad).n))
		return value;
	*ret_code = code_of(t, ask, SDI_WISH_PERMANENT_REDIRECT_CODE, PERMANENT);
	return sdi_ask_get(t, ask, SDI_WISH_PERMANENT_REDIRECT);
}

void sdi_base_redirect(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	unsigned code;
	const struct sdi_value *value = target(t, ask, &code);
	if (!value)
		return;
	struct sdi_redirect *redirect = sdi_arena_new(t->arena, struct sdi_redirect);
	redirect->code = code;
	redirect->text = sdi_arena_copy(t->arena, value->text);
	if (sdi_str_starts(value->text, SDI_STR("/")) && !sdi_ask_is_on(t, ask, SDI_WISH_RELATIVE_REDIRECTS))
		redirect->kind = SDI_REDIRECT_PATH;
	policy->redirect = redirect;
	sdi_policy_set(policy, SDI_FIELD_REDIRECT);
}

bool sdi_route_redirect(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                        const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy)
{
	(void)t;
	(void)ask;
	/* that of an Ingress without rules is no route of its own: it is not redirected */
	if (fallback && claim == &t->catch_all && policy->redirect) {
		policy->redirect = NULL;
		policy->present[SDI_FIELD_REDIRECT / 64] &= ~((uint64_t)1 << SDI_FIELD_REDIRECT % 64);
	}
	(void)vhost;
	return false;
}

static const struct sdi_policy *redirect_policy(struct sdi_translation *t, unsigned code, enum sdi_redirect_kind kind,
                                                struct sdi_str text)
{
	struct sdi_redirect *redirect = sdi_arena_new(t->arena, struct sdi_redirect);
	struct sdi_policy *policy = sdi_arena_new(t->arena, struct sdi_policy);
	*redirect = (struct sdi_redirect){ code, kind, text };
	policy->redirect = redirect;
	sdi_policy_set(policy, SDI_FIELD_REDIRECT);
	return policy;
}

/* The first path's, as routes are sorted, holds for the host. */
static const struct sdi_claim *root_claim(struct sdi_translation *t, const struct sdi_vhost *vhost,
                                          const struct sdi_value **ret)
{
	for (size_t i = 0; i < vhost->claims.n; i++) {
		struct sdi_ask *ask = sdi_ask_of(t, vhost->claims.p[i].pick);
		*ret = ask->solver ? NULL : sdi_ask_get(t, ask, SDI_WISH_APP_ROOT);
		if (*ret && !ask->wish.denied_by.n)
			return &vhost->claims.p[i];
	}
	return NULL;
}

/* An exact "/" that goes before the prefix "/", which is last. */
static void add_root(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	const struct sdi_value *value;
	const struct sdi_claim *claim = root_claim(t, vhost, &value);
	if (!claim)
		return;
	struct sdi_route root = { .match = SDI_MATCH_EXACT,
		                  .path = SDI_STR("/"),
		                  .answer = SDI_ANSWER_NOT_FOUND,
		                  .ns = claim->pick->ns,
		                  .ingress = claim->pick->name,
		                  .policy = redirect_policy(t, ROOT, SDI_REDIRECT_ROOT,
		                                            sdi_arena_copy(t->arena, value->text)) };
	struct sdi_route *routes = sdi_arena_array(t->arena, host->n_routes + 1, struct sdi_route);
	size_t n = 0, i = 0;
	if (host->regex) { /* as an expression it would be the beginning of every path */
		root.path = SDI_STR("/\\z");
		routes[n++] = root;
		memcpy(routes + n, host->routes, host->n_routes * sizeof(*routes));
		host->routes = routes;
		host->n_routes++;
		return;
	}
	while (i < host->n_routes && host->routes[i].path.n > 1)
		routes[n++] = host->routes[i++];
	routes[n++] = root;
	if (i < host->n_routes && host->routes[i].match == SDI_MATCH_EXACT)
		i++;
	while (i < host->n_routes)
		routes[n++] = host->routes[i++];
	host->routes = routes;
	host->n_routes = n;
}

static void add_hsts(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	for (size_t i = 0; i < vhost->claims.n; i++) {
		struct sdi_ask *ask = sdi_ask_of(t, vhost->claims.p[i].pick);
		const struct sdi_value *on = sdi_ask_get(t, ask, SDI_WISH_HSTS);
		const struct sdi_value *below = sdi_ask_get(t, ask, SDI_WISH_HSTS_INCLUDE_SUBDOMAINS);
		const struct sdi_value *age = sdi_ask_get(t, ask, SDI_WISH_HSTS_MAX_AGE);
		if (vhost->claims.p[i].pick->dialect != SDI_DIALECT_INGRESS_NGINX || (on && !on->number))
			continue;
		host->hsts = sdi_arena_printf(t->arena, "max-age=%u%s%s", age ? (unsigned)age->number : 31536000,
		                              below && !below->number ? "" : "; includeSubDomains",
		                              sdi_ask_is_on(t, ask, SDI_WISH_HSTS_PRELOAD) ? "; preload" : "");
		return;
	}
}

void sdi_host_redirect(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	if (vhost->www_of.n) {
		host->routes = sdi_arena_new(t->arena, struct sdi_route);
		host->n_routes = 1;
		host->routes[0] = (struct sdi_route){
			.match = SDI_MATCH_PREFIX,
			.path = SDI_STR("/"),
			.answer = SDI_ANSWER_NOT_FOUND,
			.ns = vhost->owner->ns,
			.ingress = vhost->owner->name,
			.policy = redirect_policy(t, vhost->www_code, SDI_REDIRECT_NAME, vhost->www_of),
		};
		return;
	}
	add_root(t, vhost, host);
	add_hsts(t, vhost, host);
}

static const struct sdi_claim *www_claim(struct sdi_translation *t, const struct sdi_vhost *vhost)
{
	for (size_t i = 0; i < vhost->claims.n; i++) {
		struct sdi_ask *ask = sdi_ask_of(t, vhost->claims.p[i].pick);
		if (!ask->solver && sdi_ask_is_on(t, ask, SDI_WISH_FROM_TO_WWW_REDIRECT))
			return &vhost->claims.p[i];
	}
	return NULL;
}

void sdi_add_www(struct sdi_translation *t)
{
	static const struct sdi_str www = SDI_STR_INIT("www.");
	size_t n = t->vhosts.n;
	for (size_t i = 0; i < n; i++) {
		struct sdi_vhost *vhost = t->vhosts.p[i];
		const struct sdi_claim *claim = vhost->name.n && vhost->name.p[0] != '*' ? www_claim(t, vhost) : NULL;
		if (!claim)
			continue;
		struct sdi_str other = sdi_str_starts(vhost->name, www) ?
		                               sdi_str_from(vhost->name, www.n) :
		                               sdi_join(t->arena, www, vhost->name, SDI_STR(""));
		struct sdi_vhost *known = sdi_vhost_find(t, other);
		if ((known && known->owner) || sdi_str_find(other, '.') < 0 || other.n > 253)
			continue;
		struct sdi_vhost *made = sdi_vhost_put(t, other);
		made->owner = claim->pick;
		made->www_of = vhost->name;
		made->www_code = code_of(t, claim->pick->ask, SDI_WISH_REDIRECT_CODE, NAME);
		if (!made->tls.pick)
			made->tls = vhost->tls;
	}
}
