/* SPDX-License-Identifier: BSD-3-Clause */
/* Rewrites of the path, and which hosts they make a matter of regular expressions. */
#include "../gateway/rewrite.h"
#include "translation.h"

/* What @ask makes of @path; NULL: it stays, as it does when the target is the path itself. */
static const struct sdi_value *target_of(const struct sdi_translation *t, const struct sdi_ask *ask,
                                         struct sdi_str path)
{
	const struct sdi_value *target = sdi_ask_get(t, ask, SDI_WISH_REWRITE_TARGET);
	return target && !ask->solver && !sdi_str_eq(target->text, path) ? target : NULL;
}

/* The fallback of an ingress without rules is nobody's path: nothing is rewritten there. */
static bool fallback_is_path(const struct sdi_claim *fallback)
{
	return fallback->pick && fallback->pick->ingress->n_rules;
}

static bool asks_for_regex(struct sdi_translation *t, const struct sdi_claim *claim, struct sdi_str path)
{
	struct sdi_ask *ask = sdi_ask_of(t, claim->pick);
	if (ask->solver || sdi_ask_is_on(t, ask, SDI_WISH_CANARY))
		return false;
	return sdi_ask_is_on(t, ask, SDI_WISH_USE_REGEX) || target_of(t, ask, path);
}

bool sdi_vhost_wants_regex(struct sdi_translation *t, const struct sdi_vhost *vhost)
{
	for (size_t i = 0; i < vhost->claims.n; i++)
		if (asks_for_regex(t, &vhost->claims.p[i], vhost->claims.p[i].raw))
			return true;
	return fallback_is_path(&vhost->fallback) && asks_for_regex(t, &vhost->fallback, SDI_STR("/"));
}

bool sdi_route_rewrite(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                       const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy)
{
	(void)vhost;
	if (fallback && !fallback_is_path(claim))
		return false;
	const struct sdi_value *target = target_of(t, ask, fallback ? SDI_STR("/") : claim->raw);
	if (!target)
		return false;
	struct sdi_rewrite *rewrite = sdi_arena_new(t->arena, struct sdi_rewrite);
	const struct sdi_value *prefix = sdi_ask_get(t, ask, SDI_WISH_X_FORWARDED_PREFIX);
	rewrite->regex = fallback ? SDI_STR("/") : claim->regex;
	rewrite->target = sdi_arena_copy(t->arena, target->text);
	sdi_policy_set(policy, SDI_FIELD_REWRITE);
	if (prefix) {
		rewrite->prefix = sdi_arena_copy(t->arena, prefix->text);
		sdi_policy_set(policy, SDI_FIELD_PREFIX_HEADER);
	}
	policy->rewrite = rewrite;
	return true;
}
