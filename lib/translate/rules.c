/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rules of one ingress as claims on virtual hosts. What can't be read costs no more than itself: a host its
 * rule, a path itself.
 */
#include "../base/limits.h"
#include "translation.h"

struct sdi_vhost *sdi_vhost_find(const struct sdi_translation *t, struct sdi_str name)
{
	return sdi_map_get(&t->vhost_by_name, name);
}

struct sdi_vhost *sdi_vhost_put(struct sdi_translation *t, struct sdi_str name)
{
	struct sdi_vhost *vhost = sdi_vhost_find(t, name);
	if (vhost)
		return vhost;
	vhost = sdi_arena_new(&t->scratch, struct sdi_vhost);
	vhost->name = sdi_arena_copy(t->arena, name);
	*sdi_map_put(&t->vhost_by_name, vhost->name) = vhost;
	*sdi_vec_push(&t->vhosts, &t->scratch) = vhost;
	return vhost;
}

/* How much of its share a namespace has used; the older objects of a namespace are counted first. */
struct use {
	size_t paths, bytes;
};

bool sdi_limit_take(struct sdi_translation *t, struct sdi_pick *pick, size_t bytes)
{
	void **slot = sdi_map_put(&t->used_by_ns, pick->ns);
	if (!*slot)
		*slot = sdi_arena_new(&t->scratch, struct use);
	struct use *use = *slot;
	if (use->paths < SDI_LIMIT_NAMESPACE_PATHS && use->bytes + bytes <= SDI_LIMIT_NAMESPACE_PATH_BYTES) {
		use->paths++;
		use->bytes += bytes;
		return true;
	}
	if (!pick->over_limit)
		sdi_diag_add(&t->diag, SDI_REASON_LIMIT, "spec",
		             "namespace \"%s\" has more than %d paths and hosts, or %d bytes of them; what is beyond "
		             "that in "
		             "this Ingress is left out",
		             sdi_show(&t->diag, pick->ns), SDI_LIMIT_NAMESPACE_PATHS, SDI_LIMIT_NAMESPACE_PATH_BYTES);
	pick->over_limit = true;
	return false;
}

/* False: not a host or one too many, diagnosed. */
static bool name_of_rule(struct sdi_translation *t, struct sdi_pick *pick, size_t rule, struct sdi_str *ret_name)
{
	struct sdi_str text = pick->ingress->rules[rule].host;
	const char *why = sdi_host_parse(&t->show, text, ret_name);
	if (why) {
		sdi_diag_add(&t->diag, SDI_REASON_HOST_INVALID, sdi_field_name(t, "spec.rules[%zu].host", rule),
		             "host \"%s\" %s; this rule is left out", sdi_show(&t->diag, text), why);
		return false;
	}
	return sdi_limit_take(t, pick, ret_name->n);
}

static bool match_of(enum sdi_path_type type, enum sdi_match *ret)
{
	switch (type) {
	case SDI_PATH_EXACT: *ret = SDI_MATCH_EXACT; return true;
	case SDI_PATH_IMPLEMENTATION:
	case SDI_PATH_PREFIX: *ret = SDI_MATCH_PREFIX; return true;
	case SDI_PATH_UNKNOWN: break;
	}
	return false;
}

/* The controller's admission refuses such paths; here they answer 503, so that no shorter path takes their requests. */
static bool is_too_odd(const struct sdi_translation *t, const struct sdi_ingress_path *path)
{
	const struct sdi_value *strict = sdi_wish_get(&t->base, SDI_WISH_STRICT_VALIDATE_PATH_TYPE);
	if (!strict || !strict->number || path->type == SDI_PATH_IMPLEMENTATION)
		return false;
	for (size_t i = 0; i < path->path.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(path->path.p[i])) && !strchr("._-/", path->path.p[i]))
			return true;
	return false;
}

/* False: not a path, diagnosed. */
static bool read_path(struct sdi_translation *t, struct sdi_pick *pick, size_t rule, size_t i, struct sdi_claim *ret)
{
	const struct sdi_ingress_path *path = &pick->ingress->rules[rule].paths[i];
	struct sdi_claim claim = {
		.pick = pick, .backend = &path->backend, .rule = (unsigned)rule, .path = (unsigned)i
	};
	if (!match_of(path->type, &claim.match)) {
		sdi_diag_add(&t->diag, SDI_REASON_PATH_TYPE_INVALID,
		             sdi_field_name(t, "spec.rules[%zu].http.paths[%zu].pathType", rule, i),
		             "\"%s\" is not Exact, Prefix or ImplementationSpecific; this path is left out",
		             sdi_show(&t->diag, path->type_text));
		return false;
	}
	claim.refused = is_too_odd(t, path);
	if (claim.refused)
		sdi_diag_add(
			&t->diag, SDI_REASON_PATH_INVALID,
			sdi_field_name(t, "spec.rules[%zu].http.paths[%zu].path", rule, i),
			"strict-validate-path-type is on, and an Exact or Prefix path may only have letters, digits "
			"and ._-/: \"%s\" answers 503",
			sdi_show(&t->diag, path->path));
	claim.raw = path->path.n ? path->path : SDI_STR("/");
	claim.why = sdi_path_parse(t->arena, path, &claim.text);
	claim.written = (unsigned)claim.text.n;
	if (claim.match == SDI_MATCH_PREFIX && claim.text.n > 1 && claim.text.p[claim.text.n - 1] == '/')
		claim.text.n--;
	*ret = claim;
	return true;
}

static void read_rule(struct sdi_translation *t, struct sdi_pick *pick, size_t i)
{
	const struct sdi_ingress *ingress = pick->ingress;
	struct sdi_str name;
	if (!name_of_rule(t, pick, i, &name))
		return;
	struct sdi_vhost *vhost = sdi_vhost_put(t, name);
	if (!vhost->owner)
		vhost->owner = pick;
	if (ingress->default_backend)
		sdi_settle_fallback(t, &vhost->fallback,
		                    (struct sdi_claim){ .pick = pick, .backend = ingress->default_backend },
		                    vhost->name, "spec.defaultBackend");
	if (!vhost->claims.n) /* most hosts have one rule */
		sdi_vec_reserve(&vhost->claims, ingress->rules[i].n_paths, &t->scratch);
	for (size_t k = 0; k < ingress->rules[i].n_paths; k++) {
		if (!sdi_limit_take(t, pick, ingress->rules[i].paths[k].path.n))
			return;
		struct sdi_claim claim;
		if (read_path(t, pick, i, k, &claim))
			*sdi_vec_push(&vhost->claims, &t->scratch) = claim;
	}
}

static void read_canary(struct sdi_translation *t, struct sdi_pick *pick)
{
	const struct sdi_ingress *ingress = pick->ingress;
	for (size_t i = 0; i < ingress->n_rules; i++) {
		struct sdi_str name;
		if (!name_of_rule(t, pick, i, &name))
			continue;
		name = sdi_arena_copy(&t->scratch, name);
		for (size_t k = 0; k < ingress->rules[i].n_paths; k++) {
			struct sdi_claim claim;
			if (!sdi_limit_take(t, pick, ingress->rules[i].paths[k].path.n))
				return;
			if (!read_path(t, pick, i, k, &claim))
				continue;
			if (claim.why) /* it can still be a regular expression's */
				claim.text = claim.raw;
			sdi_canary_put(t, name, &claim, claim.raw);
		}
	}
}

void sdi_read_rules(struct sdi_translation *t, struct sdi_pick *pick)
{
	const struct sdi_ingress *ingress = pick->ingress;
	sdi_diag_about(t, &ingress->object);
	enum sdi_role role = sdi_canary_role(t, pick);
	pick->left_out = role != SDI_ROLE_MAIN;
	if (role == SDI_ROLE_CANARY)
		read_canary(t, pick);
	if (pick->left_out)
		return;
	if (ingress->n_rules == 0 && ingress->default_backend)
		sdi_settle_fallback(t, &t->catch_all,
		                    (struct sdi_claim){ .pick = pick, .backend = ingress->default_backend },
		                    SDI_STR(""), "spec.defaultBackend");
	for (size_t i = 0; i < ingress->n_rules; i++)
		read_rule(t, pick, i);
}
