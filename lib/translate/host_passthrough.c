/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hosts whose TLS stream goes unread to the service of their path "/" (ssl-passthrough). The namespace that owns the
 * host decides, since the stream of everybody on it goes there. Where that can't be given, or where something on the
 * host keeps people out, which nobody can do inside of a stream, the paths of those who asked answer 503.
 */
#include "../gateway/upstream.h"
#include "policy_upstream.h"
#include "translation.h"

#define NOT_TO_A_STREAM(whose) "\"%s\" of " whose " can't be done to a stream that nobody reads"

#define NO_HOST "streams are told apart by their server name, and there is none without a host in the rule"

static bool asks(struct sdi_translation *t, struct sdi_pick *pick)
{
	return sdi_ask_is_on(t, sdi_ask_of(t, pick), SDI_WISH_SSL_PASSTHROUGH);
}

/* Every ingress with a route on the host, some of them several times; NULL at the end. */
static struct sdi_claim *claim_of(struct sdi_vhost *vhost, size_t i)
{
	if (i < vhost->claims.n)
		return &vhost->claims.p[i];
	return i == vhost->claims.n && vhost->fallback.pick ? &vhost->fallback : NULL;
}

static const struct sdi_claim *root_of(const struct sdi_vhost *vhost)
{
	for (size_t i = 0; i < vhost->claims.n; i++)
		if (sdi_str_is(vhost->regex ? vhost->claims.p[i].raw : vhost->claims.p[i].text, "/"))
			return &vhost->claims.p[i];
	return NULL;
}

/* About the way to the endpoints, not about who gets in; or done to streams, too. */
static bool is_harmless(const struct sdi_value *value)
{
	return value->id == SDI_WISH_SSL_PASSTHROUGH || value->id == SDI_WISH_BLOCK_CIDRS ||
	       value->id == SDI_WISH_PROXY_REAL_IP_CIDR || value->row->field == SDI_FIELD_UPSTREAM_TLS ||
	       value->row->field == SDI_FIELD_UPSTREAM_TLS_DEPTH;
}

/* A firewall of the ConfigMap that the Ingress does not want. */
static bool is_switched_off(const struct sdi_value *value, const struct sdi_wish *own)
{
	const struct sdi_value *said = sdi_wish_get(own, value->id);
	return value->id == SDI_WISH_ENABLE_MODSECURITY && said && !said->number;
}

/* The first of @wish, the Ingress's own or the ConfigMap's; NULL: none. */
static const struct sdi_value *guard_of(const struct sdi_wish *wish, const struct sdi_wish *own)
{
	for (size_t i = 0; i < wish->values.n; i++)
		if (!is_harmless(&wish->values.p[i]) && !is_switched_off(&wish->values.p[i], own) &&
		    sdi_value_guards(&wish->values.p[i]))
			return &wish->values.p[i];
	return NULL;
}

/* What the controller's ConfigMap keeps out for @ask; NULL: nothing. */
static const struct sdi_value *common_guard_of(struct sdi_translation *t, const struct sdi_ask *ask)
{
	const struct sdi_value *own = sdi_wish_get(&ask->wish, SDI_WISH_ENABLE_GLOBAL_AUTH);
	const struct sdi_value *global = sdi_wish_get(&t->base, SDI_WISH_GLOBAL_AUTH_URL);
	const struct sdi_value *guard = guard_of(&t->base, &ask->wish);
	if (ask->dialect != SDI_DIALECT_INGRESS_NGINX)
		return NULL;
	return guard ? guard : own && !own->number ? NULL : global;
}

/* The sentence of a refusal; NULL: nothing on the host keeps anybody out. */
static const char *find_guard(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_str ns)
{
	struct sdi_claim *claim;
	for (size_t i = 0; i < SDI_RAW__COUNT; i++) {
		const struct sdi_raw *raw = t->gateway->globals.raw[i];
		if (raw && raw->protects)
			return sdi_field_name(t, NOT_TO_A_STREAM("the ConfigMap"), sdi_show(&t->diag, raw->key));
	}
	for (size_t i = 0; (claim = claim_of(vhost, i)); i++) {
		struct sdi_ask *ask = sdi_ask_of(t, claim->pick);
		if (!sdi_str_eq(claim->pick->ns, ns))
			continue;
		sdi_diag_about(t, &claim->pick->ingress->object);
		if (sdi_ask_is_closed(t, ask) && ask->wish.denied_by.n) /* one that can't be given anywhere */
			return sdi_field_name(t, NOT_TO_A_STREAM("Ingress %s"), sdi_show(&t->diag, ask->wish.denied_by),
			                      sdi_show(&t->diag, claim->pick->name));
		const struct sdi_value *guard = guard_of(&ask->wish, &ask->wish), *common = common_guard_of(t, ask);
		if (guard)
			return sdi_field_name(t, NOT_TO_A_STREAM("Ingress %s"), sdi_show(&t->diag, guard->key),
			                      sdi_show(&t->diag, claim->pick->name));
		if (common)
			return sdi_field_name(t, NOT_TO_A_STREAM("the ConfigMap"), sdi_show(&t->diag, common->key));
	}
	return NULL;
}

/* What is the same for everybody who asks on a host. */
struct settling {
	const struct sdi_claim *root;
	const char *guard; /* the sentence of a refusal; NULL: nothing keeps anybody out */
	bool looked;       /* for that, once: there may be thousands of paths */
};

/* NULL: @pick gets the stream of the host for the service of its root. */
static const char *refusal(struct sdi_translation *t, struct sdi_vhost *vhost, struct settling *s,
                           const struct sdi_pick *pick)
{
	if (!vhost->name.n)
		return NO_HOST;
	if (!sdi_str_eq(vhost->owner->ns, pick->ns))
		return "the host belongs to an older Ingress of another namespace";
	if (!s->root)
		return "the stream goes to the service of the path \"/\", and the host has no such path";
	if (!sdi_str_eq(s->root->pick->ns, pick->ns))
		return "the stream goes to the service of the path \"/\", which is another namespace's";
	if (!s->looked)
		s->guard = find_guard(t, vhost, pick->ns);
	s->looked = true;
	return s->guard;
}

/* @host "": all those without a rule. */
static void say_refused(struct sdi_translation *t, struct sdi_pick *pick, struct sdi_str host, const char *why)
{
	const struct sdi_value *value = sdi_ask_get(t, sdi_ask_of(t, pick), SDI_WISH_SSL_PASSTHROUGH);
	sdi_diag_about(t, &pick->ingress->object);
	sdi_diag_add(&t->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&t->diag, value->key),
	             "TLS of %s%s%s can't be passed on unread (%s), so what this Ingress serves there answers 503",
	             host.n ? "host \"" : "", host.n ? sdi_show(&t->diag, host) : "all other hosts", host.n ? "\"" : "",
	             why);
}

/* Every route of @pick on the host. */
static void refuse(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_pick *pick, const char *why)
{
	struct sdi_claim *claim;
	for (size_t i = 0; (claim = claim_of(vhost, i)); i++)
		if (claim->pick == pick)
			claim->refused = true;
	say_refused(t, pick, vhost->name, why);
}

/* Some of these hold for plain HTTP, some for no request at all. */
static bool is_void(const struct sdi_value *value)
{
	static const enum sdi_field fine[] = {
		SDI_FIELD_PASSTHROUGH, SDI_FIELD_TLS_REDIRECT, SDI_FIELD_WWW_REDIRECT,
		SDI_FIELD_ALIAS,       SDI_FIELD_PROTOCOL,     SDI_FIELD_SERVICE_ADDRESS
	};
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		if (value->row->field == (int)fine[i])
			return false;
	return true;
}

static void tell_void(struct sdi_translation *t, struct sdi_pick *pick)
{
	struct sdi_ask *ask = sdi_ask_of(t, pick);
	if (ask->passthrough_told)
		return;
	ask->passthrough_told = true;
	sdi_diag_about(t, &pick->ingress->object);
	for (size_t i = 0; i < ask->wish.values.n; i++)
		if (is_void(&ask->wish.values.p[i]))
			sdi_ask_ignore(t, &ask->wish.values.p[i], SDI_REASON_ANNOTATION_PARTIAL,
			               "it has no effect on HTTPS, which goes to the application unread "
			               "(ssl-passthrough)");
}

/* Everybody's on the host: over HTTPS they are in nobody's reach any more. */
static void tell_other_paths(struct sdi_translation *t, const struct sdi_vhost *vhost)
{
	for (size_t i = 0; i < vhost->claims.n; i++) {
		const struct sdi_claim *claim = &vhost->claims.p[i], *root = vhost->passthrough;
		if (claim == root)
			continue;
		sdi_diag_about(t, &claim->pick->ingress->object);
		sdi_diag_add(
			&t->diag, SDI_REASON_PASSTHROUGH,
			sdi_field_name(t, "spec.rules[%u].http.paths[%u]", claim->rule, claim->path),
			"HTTPS of host \"%s\" goes unread to service \"%s\" (ssl-passthrough of Ingress %s/%s), so "
			"this path is served over plain HTTP only",
			sdi_show(&t->diag, vhost->name), sdi_show(&t->diag, root->backend->service),
			sdi_show(&t->diag, root->pick->ns), sdi_show(&t->diag, root->pick->name));
	}
}

void sdi_settle_passthrough(struct sdi_translation *t, struct sdi_vhost *vhost)
{
	struct settling s = { .root = root_of(vhost) };
	const struct sdi_claim *passed = NULL;
	struct sdi_claim *claim;
	for (size_t i = 0; (claim = claim_of(vhost, i)); i++) {
		sdi_diag_about(t, &claim->pick->ingress->object);
		if (claim->refused || !asks(t, claim->pick) || sdi_ask_is_closed(t, sdi_ask_of(t, claim->pick)))
			continue;
		const char *why = refusal(t, vhost, &s, claim->pick);
		if (why) {
			refuse(t, vhost, claim->pick, why);
			continue;
		}
		passed = s.root;
		tell_void(t, claim->pick);
	}
	if (!passed)
		return;
	vhost->passthrough = passed;
	tell_other_paths(t, vhost);
}

/* An Ingress without rules has no host to tell streams by. */
void sdi_settle_passthrough_of_all(struct sdi_translation *t)
{
	struct sdi_pick *pick = t->catch_all.pick;
	if (!pick)
		return;
	sdi_diag_about(t, &pick->ingress->object);
	if (!asks(t, pick) || sdi_ask_is_closed(t, sdi_ask_of(t, pick)))
		return;
	t->catch_all.refused = true;
	say_refused(t, pick, SDI_STR(""), NO_HOST);
}

/* Without an endpoint it is a backend of its own, which closes connections: nobody else gets them. */
void sdi_host_passthrough(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	const struct sdi_claim *root = vhost->passthrough;
	if (!root)
		return;
	host->passthrough = sdi_resolve_backend_for(t, sdi_ask_of(t, root->pick), root->backend)->backend;
	if (host->passthrough)
		return;
	struct sdi_backend *none = sdi_arena_new(t->arena, struct sdi_backend);
	none->ns = root->pick->ns;
	none->service = sdi_arena_copy(t->arena, root->backend->service);
	none->id = SDI_STR("none");
	host->passthrough = none;
}

/* The service expects TLS, over plain HTTP to the proxy, too. */
bool sdi_route_passthrough(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                           const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy)
{
	const struct sdi_claim *root = vhost->passthrough;
	if (fallback || !root || !sdi_str_eq(claim->pick->ns, root->pick->ns)) /* a fallback may have no backend */
		return false;
	const struct sdi_port_ref *a = &claim->backend->port, *b = &root->backend->port;
	if (!sdi_str_eq(claim->backend->service, root->backend->service) || !sdi_str_eq(a->name, b->name) ||
	    a->number != b->number)
		return false;
	struct sdi_upstream *up = sdi_arena_new(t->arena, struct sdi_upstream);
	if (policy->upstream)
		*up = *policy->upstream;
	if (up->protocol == SDI_UPSTREAM_HTTPS || up->protocol == SDI_UPSTREAM_GRPCS ||
	    up->protocol == SDI_UPSTREAM_FASTCGI)
		return false;
	up->protocol = up->protocol == SDI_UPSTREAM_GRPC ? SDI_UPSTREAM_GRPCS : SDI_UPSTREAM_HTTPS;
	sdi_policy_set(policy, SDI_FIELD_PROTOCOL);
	sdi_upstream_add_tls(t, ask, up, policy);
	policy->upstream = up;
	return true;
}
