/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Further names of a host (server-alias): of each host, those of the oldest ingress that gives it some. A name that a
 * rule of anybody's gives is never taken, whatever the age; of two hosts with the same alias the first in the alphabet
 * gets it. A regular expression is a host of its own behind all wildcards, called "~REGEX".
 */
#include "../base/regex.h"
#include "translation.h"

struct sdi_alias_source {
	struct sdi_vhost *vhost;
	struct sdi_pick *pick;
	const struct sdi_value *value;
};

struct sources {
	SDI_VEC(struct sdi_alias_source)
};

static void collect_of(struct sdi_translation *t, struct sdi_pick *pick, struct sources *sources)
{
	if (pick->left_out)
		return;
	struct sdi_ask *ask = sdi_ask_of(t, pick);
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_SERVER_ALIAS);
	if (!value || ask->solver || sdi_ask_is_on(t, ask, SDI_WISH_CANARY))
		return;
	for (size_t i = 0; i < pick->ingress->n_rules; i++) {
		struct sdi_str name;
		if (sdi_host_parse(&t->show, pick->ingress->rules[i].host, &name))
			continue;
		struct sdi_vhost *vhost = sdi_vhost_find(t, name);
		if (!vhost || !vhost->owner || vhost->has_aliases)
			continue;
		vhost->has_aliases = true;
		*sdi_vec_push(sources, &t->scratch) = (struct sdi_alias_source){ vhost, pick, value };
	}
}

static int by_host(const void *left, const void *right)
{
	const struct sdi_alias_source *a = left, *b = right;
	return sdi_str_cmp(a->vhost->name, b->vhost->name);
}

static void leave_out(struct sdi_translation *t, const struct sdi_alias_source *source, enum sdi_reason reason,
                      struct sdi_str alias, const char *why)
{
	sdi_diag_add(&t->diag, reason, sdi_show(&t->diag, source->value->key), "alias \"%s\" %s; it is left out",
	             sdi_show(&t->diag, alias), why);
}

/* NULL: fine, and its name as a host. */
static const char *parse_alias(struct sdi_translation *t, struct sdi_str alias, struct sdi_str *ret_name,
                               enum sdi_reason *ret_reason)
{
	struct sdi_str regex;
	*ret_reason = SDI_REASON_HOST_INVALID;
	if (!sdi_str_starts(alias, SDI_STR("~")))
		return sdi_host_parse(&t->show, alias, ret_name);
	*ret_reason = SDI_REASON_REGEX_INVALID;
	sdi_arena_clear(&t->pattern);
	const char *why = sdi_regex_check(&t->pattern, sdi_str_from(alias, 1), &regex);
	if (!why)
		*ret_name = sdi_join(&t->show, SDI_STR("~"), regex, SDI_STR(""));
	return why;
}

static void add_alias(struct sdi_translation *t, const struct sdi_alias_source *source, struct sdi_str alias)
{
	struct sdi_str name;
	enum sdi_reason reason;
	const char *why = parse_alias(t, alias, &name, &reason);
	if (why) {
		leave_out(t, source, reason, alias, why);
		return;
	}
	struct sdi_vhost *vhost = sdi_vhost_find(t, name);
	if (vhost == source->vhost || (vhost && vhost->alias_of == source->vhost))
		return;
	if (vhost && vhost->owner) {
		leave_out(t, source, SDI_REASON_CONFLICT, alias,
		          vhost->alias_of ? "is one of another host, too, which goes first" : "is a host of its own");
		return;
	}
	if (!sdi_limit_take(t, source->pick, name.n))
		return;
	vhost = sdi_vhost_put(t, name);
	vhost->owner = source->pick;
	vhost->alias_of = source->vhost;
	vhost->wants_tls = source->vhost->wants_tls;
	if (!vhost->tls.pick || !sdi_str_eq(vhost->tls.pick->ns, source->pick->ns))
		vhost->tls = source->vhost->tls;
}

void sdi_add_aliases(struct sdi_translation *t)
{
	struct sources sources = { 0 };
	for (size_t i = 0; i < t->picks.n; i++) {
		sdi_arena_clear(&t->show);
		collect_of(t, &t->picks.p[i], &sources);
	}
	if (sources.n)
		qsort(sources.p, sources.n, sizeof(*sources.p), by_host);
	for (size_t i = 0; i < sources.n; i++) {
		struct sdi_str part, rest = sources.p[i].value->text;
		sdi_arena_clear(&t->show);
		sdi_diag_about(t, &sources.p[i].pick->ingress->object);
		while (sdi_str_split(&rest, ',', &part))
			if (sdi_str_trim(part).n)
				add_alias(t, &sources.p[i], sdi_str_trim(part));
	}
}
