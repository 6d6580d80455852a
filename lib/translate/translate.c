/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Objects in, gateway out: the steps, from top to bottom in sdi_translate() and steps().
 */
#include "translation.h"
#include "tls.h"
#include <sdingress/translate.h>

const char *sdi_field_name(struct sdi_translation *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct sdi_str s = sdi_arena_vprintf(&t->show, format, args);
	va_end(args);
	return s.p;
}

struct sdi_str sdi_join(struct sdi_arena *arena, struct sdi_str a, struct sdi_str b, struct sdi_str c)
{
	const struct sdi_str parts[] = { a, b, c };
	char *text = sdi_arena_alloc(arena, a.n + b.n + c.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < 3; n += parts[i++].n)
		if (parts[i].n)
			memcpy(text + n, parts[i].p, parts[i].n);
	return sdi_str_make(text, n);
}

static void about_settings(struct sdi_translation *t)
{
	t->diag.subject = (struct sdi_subject){ .kind = "Settings", .origin = { .file = "" } };
}

/* The certificate for all names that have none of their own. */
static void read_default_certificate(struct sdi_translation *t)
{
	const struct sdi_settings *settings = t->settings;
	const struct sdi_ns_name *ref = &settings->default_certificate;
	const struct sdi_cert_names *names;
	struct sdi_certificate *made = NULL;
	about_settings(t);
	if (ref->name.n) {
		const struct sdi_secret *secret =
			(const struct sdi_secret *)sdi_store_find(t->store, SDI_KIND_SECRET, ref->ns, ref->name);
		if (secret)
			made = sdi_tls_certificate(secret, t->arena, &t->diag, settings->now_s, &names);
		else
			sdi_diag_add(&t->diag, SDI_REASON_SECRET_NOT_FOUND, "default-ssl-certificate",
			             "secret \"%s\" does not exist in namespace \"%s\"", sdi_show(&t->diag, ref->name),
			             sdi_show(&t->diag, ref->ns));
	}
	if (!made && settings->default_pem.n)
		made = sdi_tls_certificate_pem(settings->default_pem, SDI_STR("default"), t->arena, &t->diag,
		                               settings->now_s, &names);
	if (made)
		made->id = SDI_STR("default"); /* as a file name it can't meet a secret's, which holds a "_" */
	t->gateway->default_certificate = made;
}

/* Exact names, then wildcards, then the one for all others. */
static int by_name(const void *left, const void *right)
{
	struct sdi_str a = (*(struct sdi_vhost *const *)left)->name, b = (*(struct sdi_vhost *const *)right)->name;
	int group_a = a.n == 0 ? 2 : a.p[0] == '*', group_b = b.n == 0 ? 2 : b.p[0] == '*';
	return group_a != group_b ? group_a - group_b : sdi_str_cmp(a, b);
}

static int by_sni_name(const void *a, const void *b)
{
	return sdi_str_cmp(((const struct sdi_sni *)a)->name, ((const struct sdi_sni *)b)->name);
}

static int by_backend_id(const void *a, const void *b)
{
	return sdi_str_cmp((*(const struct sdi_backend *const *)a)->id, (*(const struct sdi_backend *const *)b)->id);
}

static int by_certificate_id(const void *a, const void *b)
{
	return sdi_str_cmp((*(const struct sdi_certificate *const *)a)->id,
	                   (*(const struct sdi_certificate *const *)b)->id);
}

static void answer(struct sdi_translation *t, struct sdi_route *route, const struct sdi_resolved *resolved)
{
	route->answer = SDI_ANSWER_UNAVAILABLE;
	if (!resolved->backend || sdi_policy_has(route->policy, SDI_FIELD_DENIED))
		return;
	route->answer = SDI_ANSWER_BACKEND;
	route->backend = resolved->backend;
	*sdi_vec_push(&t->used_backends, &t->scratch) = resolved->backend;
}

static void make_route(struct sdi_translation *t, const struct sdi_vhost *vhost, const struct sdi_claim *claim,
                       struct sdi_route *route)
{
	struct sdi_pick *pick = claim->pick;
	sdi_diag_about(t, &pick->ingress->object);
	*route = (struct sdi_route){
		.match = claim->match,
		.path = claim->text,
		.ns = pick->ns,
		.ingress = pick->name,
		.policy = sdi_policy_of(t, vhost, claim, false),
	};
	const struct sdi_resolved *resolved = sdi_resolve_backend(t, pick->ns, claim->backend);
	if (!resolved->backend)
		sdi_diag_add(&t->diag, resolved->reason,
		             sdi_field_name(t, "spec.rules[%zu].http.paths[%zu].backend", claim->rule, claim->path),
		             "%s", resolved->why);
	answer(t, route, resolved);
	sdi_canary_add(t, vhost, claim, route);
}

/* The fallback that an object sets; it may be that of many hosts and is diagnosed once. */
static void make_fallback(struct sdi_translation *t, const struct sdi_vhost *vhost, const struct sdi_claim *claim,
                          struct sdi_route *route)
{
	struct sdi_pick *pick = claim->pick;
	sdi_diag_about(t, &pick->ingress->object);
	*route = (struct sdi_route){
		.ns = pick->ns,
		.ingress = pick->name,
		.policy = sdi_policy_of(t, vhost, claim, true),
	};
	const struct sdi_resolved *resolved = sdi_resolve_backend(t, pick->ns, claim->backend);
	if (!resolved->backend && !pick->default_told)
		sdi_diag_add(&t->diag, resolved->reason, "spec.defaultBackend", "%s", resolved->why);
	pick->default_told = true;
	answer(t, route, resolved);
}

/* What the settings answer where no object says anything: their default backend, else 404. */
static struct sdi_route settings_fallback(struct sdi_translation *t)
{
	const struct sdi_ns_name *setting = &t->settings->default_backend;
	struct sdi_route route = { .answer = SDI_ANSWER_NOT_FOUND, .policy = sdi_no_policy(t) };
	if (!setting->name.n)
		return route;
	struct sdi_backend_ref ref = { .type = SDI_BACKEND_SERVICE, .service = setting->name };
	bool numeric = setting->port.n > 0 && setting->port.n < 10;
	for (size_t i = 0; i < setting->port.n; i++)
		numeric &= sdi_is_digit(setting->port.p[i]);
	for (size_t i = 0; numeric && i < setting->port.n; i++)
		ref.port.number = ref.port.number * 10 + (setting->port.p[i] - '0');
	if (!numeric)
		ref.port.name = setting->port;
	about_settings(t);
	const struct sdi_resolved *resolved = sdi_resolve_backend(t, setting->ns, &ref);
	if (!resolved->backend)
		sdi_diag_add(&t->diag, resolved->reason, "default-backend", "%s", resolved->why);
	answer(t, &route, resolved);
	return route;
}

static void make_host(struct sdi_translation *t, struct sdi_vhost *vhost, const struct sdi_route *last_resort,
                      struct sdi_host *host)
{
	sdi_settle_paths(t, vhost);
	*host = (struct sdi_host){
		.name = vhost->name,
		.routes = sdi_arena_array(t->arena, vhost->claims.n, struct sdi_route),
		.n_routes = vhost->claims.n,
		.fallback = *last_resort,
		.certificate = vhost->certificate,
		.tls = vhost->wants_tls,
	};
	for (size_t i = 0; i < vhost->claims.n; i++)
		make_route(t, vhost, &vhost->claims.p[i], &host->routes[i]);
	if (vhost->fallback.pick)
		make_fallback(t, vhost, &vhost->fallback, &host->fallback);
	else if (t->catch_all.pick)
		make_fallback(t, vhost, &t->catch_all, &host->fallback);
	sdi_host_auth(t, vhost, host);
	sdi_host_tls(t, vhost, host);
	sdi_host_snippet(t, vhost, host);
}

/* Names with rules become hosts; names that only tls entries know serve a certificate and no more. */
static void make_hosts(struct sdi_translation *t)
{
	struct sdi_gateway *gateway = t->gateway;
	struct sdi_route last_resort = settings_fallback(t);
	gateway->hosts = sdi_arena_array(t->arena, t->vhosts.n, struct sdi_host);
	gateway->snis = sdi_arena_array(t->arena, t->vhosts.n, struct sdi_sni);
	for (size_t i = 0; i < t->vhosts.n; i++) {
		struct sdi_vhost *vhost = t->vhosts.p[i];
		sdi_arena_clear(&t->show);
		if (vhost->owner || vhost->name.n == 0)
			make_host(t, vhost, &last_resort, &gateway->hosts[gateway->n_hosts++]);
		else if (vhost->certificate)
			gateway->snis[gateway->n_snis++] = (struct sdi_sni){ vhost->name, vhost->certificate };
	}
	if (gateway->n_snis)
		qsort(gateway->snis, gateway->n_snis, sizeof(*gateway->snis), by_sni_name);
}

/* Sorted, without repetitions. */
static void list_backends(struct sdi_translation *t)
{
	struct sdi_gateway *gateway = t->gateway;
	size_t n = t->used_backends.n;
	if (n)
		qsort(t->used_backends.p, n, sizeof(*t->used_backends.p), by_backend_id);
	gateway->backends = sdi_arena_array(t->arena, t->backends.n, const struct sdi_backend *);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || t->used_backends.p[i] != t->used_backends.p[i - 1])
			gateway->backends[gateway->n_backends++] = t->used_backends.p[i];
}

static int by_policy_id(const void *left, const void *right)
{
	const struct sdi_policy *a = *(const struct sdi_policy *const *)left,
				*b = *(const struct sdi_policy *const *)right;
	int c = sdi_str_cmp(a->ns, b->ns);
	return c ? c : sdi_str_cmp(a->id, b->id);
}

static void list_policies(struct sdi_translation *t)
{
	struct sdi_gateway *gateway = t->gateway;
	size_t n = gateway->n_policies = t->rich_policies.n;
	gateway->policies = sdi_arena_array(t->arena, n, const struct sdi_policy *);
	for (size_t i = 0; i < n; i++)
		gateway->policies[i] = t->rich_policies.p[i];
	if (n)
		qsort(gateway->policies, n, sizeof(*gateway->policies), by_policy_id);
}

static void list_certificates(struct sdi_translation *t)
{
	struct sdi_gateway *gateway = t->gateway;
	size_t n = t->used_certificates.n;
	gateway->n_certificates = n;
	gateway->certificates = sdi_arena_array(t->arena, n, const struct sdi_certificate *);
	for (size_t i = 0; i < n; i++)
		gateway->certificates[i] = t->used_certificates.p[i];
	if (n)
		qsort(gateway->certificates, n, sizeof(*gateway->certificates), by_certificate_id);
}

static void steps(struct sdi_translation *t)
{
	sdi_pick_ingresses(t);
	sdi_read_configmap(t);
	read_default_certificate(t);
	for (size_t i = 0; i < t->picks.n; i++) {
		sdi_arena_clear(&t->show);
		sdi_read_rules(t, &t->picks.p[i]);
	}
	/* Rules before certificates: who owns a host decides who may bring one. */
	for (size_t i = 0; i < t->picks.n; i++) {
		sdi_arena_clear(&t->show);
		sdi_read_tls(t, &t->picks.p[i]);
	}
	sdi_vhost_put(t, SDI_STR("")); /* always there */
	qsort(t->vhosts.p, t->vhosts.n, sizeof(struct sdi_vhost *), by_name);
	sdi_resolve_certificates(t);
	sdi_index_slices(t);
	make_hosts(t);
	sdi_canary_tell(t);
	list_backends(t);
	list_policies(t);
	list_certificates(t);
}

/* Runs all steps; false: out of memory. @t lives with the caller, so that the jump leaves it intact. */
static bool run(struct sdi_translation *t)
{
	jmp_buf oom;
	if (setjmp(oom)) {
		t->arena->oom = NULL;
		return false;
	}
	t->arena->oom = t->scratch.oom = t->show.oom = &oom;
	steps(t);
	t->arena->oom = NULL;
	return true;
}

enum sdi_status sdi_translate(const struct sdi_store *store, const struct sdi_settings *settings,
                              struct sdi_diags *diags, struct sdi_gateway **ret)
{
	if (!store || !ret)
		return SDI_EINVAL;
	bool lost_before = diags && sdi_diags_failed(diags);
	struct sdi_gateway *gateway = sdi_malloc(sizeof(*gateway));
	if (!gateway)
		return SDI_ENOMEM;
	*gateway = (struct sdi_gateway){ .arena.wipe = true }; /* private keys */
	struct sdi_translation t = {
		.store = store,
		.settings = settings ? settings : sdi_settings_defaults(),
		.gateway = gateway,
		.arena = &gateway->arena,
		.diag = { .diags = diags, .scratch = &t.show },
	};
	t.vhost_by_name.arena = t.used_by_ns.arena = t.slices.arena = t.references.arena = t.backends.arena =
		t.secrets.arena = t.policies.arena = t.canary_places.arena = &t.scratch;
	bool done = run(&t);
	sdi_arena_release(&t.scratch);
	sdi_arena_release(&t.show);
	if (!done || (diags && sdi_diags_failed(diags) && !lost_before)) {
		sdi_gateway_free(gateway);
		return SDI_ENOMEM;
	}
	*ret = gateway;
	return SDI_OK;
}
