/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Objects in, gateway out: the steps, from top to bottom in sdi_translate() and steps().
 */
#include "../gateway/errors.h"
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

/* Exact names, then wildcards, regular expressions, the one for all others. */
static int by_name(const void *left, const void *right)
{
	struct sdi_str a = (*(struct sdi_vhost *const *)left)->name, b = (*(struct sdi_vhost *const *)right)->name;
	int group_a = sdi_host_group(a), group_b = sdi_host_group(b);
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

/* As the rule has it: a name, or a number in digits. */
static struct sdi_str written_port(struct sdi_translation *t, const struct sdi_claim *claim)
{
	const struct sdi_port_ref *port = &claim->backend->port;
	return port->name.n ? sdi_arena_copy(t->arena, port->name) :
	                      sdi_arena_printf(t->arena, "%lld", (long long)port->number);
}

/* Where the service has no endpoint another one may answer. */
static void answer_or_stand_in(struct sdi_translation *t, const struct sdi_claim *claim,
                               const struct sdi_resolved *resolved, struct sdi_route *route)
{
	answer(t, route, resolved);
	bool usable = route->answer == SDI_ANSWER_BACKEND && route->backend->n_servers;
	const struct sdi_backend *standby = usable || !sdi_policy_has(route->policy, SDI_FIELD_STANDBY) ||
	                                                    sdi_policy_has(route->policy, SDI_FIELD_DENIED) ?
	                                            NULL :
	                                            sdi_standby_of(t, sdi_ask_of(t, claim->pick));
	if (!standby)
		return;
	struct sdi_standin *standin = sdi_arena_new(t->arena, struct sdi_standin);
	*standin = (struct sdi_standin){
		.service = sdi_arena_copy(t->arena, claim->backend->service),
		.port = written_port(t, claim),
	};
	route->standin = standin;
	answer(t, route, &(struct sdi_resolved){ .backend = standby });
}

static void make_route(struct sdi_translation *t, const struct sdi_vhost *vhost, const struct sdi_claim *claim,
                       struct sdi_route *route)
{
	struct sdi_pick *pick = claim->pick;
	sdi_diag_about(t, &pick->ingress->object);
	*route = (struct sdi_route){
		.match = claim->match,
		.path = vhost->regex ? claim->regex : claim->text,
		.ns = pick->ns,
		.ingress = pick->name,
		.policy = sdi_policy_of(t, vhost, claim, false),
	};
	route->answer = SDI_ANSWER_NOT_FOUND;
	if (sdi_ask_of(t, pick)->wish.refused)
		return;
	const struct sdi_resolved *resolved = sdi_resolve_backend_for(t, sdi_ask_of(t, pick), claim->backend);
	if (!resolved->backend)
		sdi_diag_add(&t->diag, resolved->reason,
		             sdi_field_name(t, "spec.rules[%u].http.paths[%u].backend", claim->rule, claim->path), "%s",
		             resolved->why);
	answer_or_stand_in(t, claim, resolved, route);
	if (route->policy->snippet || t->gateway->globals.raw[SDI_RAW_LOCATION])
		route->port = written_port(t, claim);
	if (claim->refused) {
		route->answer = SDI_ANSWER_UNAVAILABLE;
		return;
	}
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
	route->answer = SDI_ANSWER_NOT_FOUND;
	if (sdi_ask_of(t, pick)->wish.refused)
		return;
	const struct sdi_resolved *resolved = sdi_resolve_backend_for(t, sdi_ask_of(t, pick), claim->backend);
	if (!resolved->backend && !pick->default_told)
		sdi_diag_add(&t->diag, resolved->reason, "spec.defaultBackend", "%s", resolved->why);
	pick->default_told = true;
	answer(t, route, resolved);
	if (claim->refused)
		route->answer = SDI_ANSWER_UNAVAILABLE;
}

const struct sdi_backend *sdi_settings_backend(struct sdi_translation *t)
{
	return t->last_resort.backend;
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

static void guard_fallback(struct sdi_translation *t, const struct sdi_vhost *vhost, struct sdi_route *route)
{
	const struct sdi_policy *policy = vhost->owner ? sdi_policy_of_rest(t, vhost) : NULL;
	if (!policy)
		return;
	route->ns = vhost->owner->ns;
	route->ingress = vhost->owner->name;
	route->policy = policy;
}

static void make_host(struct sdi_translation *t, struct sdi_vhost *vhost, const struct sdi_route *last_resort,
                      struct sdi_host *host)
{
	sdi_settle_paths(t, vhost);
	sdi_settle_passthrough(t, vhost);
	*host = (struct sdi_host){
		.name = vhost->name,
		.routes = sdi_arena_array(t->arena, vhost->claims.n, struct sdi_route),
		.n_routes = vhost->claims.n,
		.fallback = *last_resort,
		.certificate = vhost->certificate,
		.tls = vhost->wants_tls,
		.regex = vhost->regex,
	};
	for (size_t i = 0; i < vhost->claims.n; i++)
		make_route(t, vhost, &vhost->claims.p[i], &host->routes[i]);
	if (vhost->fallback.pick)
		make_fallback(t, vhost, &vhost->fallback, &host->fallback);
	else if (t->catch_all.pick)
		make_fallback(t, vhost, &t->catch_all, &host->fallback);
	else
		guard_fallback(t, vhost, &host->fallback);
	sdi_host_redirect(t, vhost, host);
	sdi_host_auth(t, vhost, host);
	sdi_host_tls(t, vhost, host);
	sdi_host_snippet(t, vhost, host);
	sdi_host_passthrough(t, vhost, host);
}

/* Another name of a host: the same routes, a certificate of its own. */
static void make_alias(const struct sdi_vhost *vhost)
{
	*vhost->host = *vhost->alias_of->host;
	vhost->host->name = vhost->name;
	vhost->host->certificate = vhost->name.p[0] == '~' ? NULL : vhost->certificate;
}

/* Names with rules become hosts; names that only tls entries know serve a certificate and no more. */
static void make_hosts(struct sdi_translation *t)
{
	struct sdi_gateway *gateway = t->gateway;
	t->last_resort = settings_fallback(t);
	sdi_settle_passthrough_of_all(t);
	gateway->hosts = sdi_arena_array(t->arena, t->vhosts.n, struct sdi_host);
	gateway->snis = sdi_arena_array(t->arena, t->vhosts.n, struct sdi_sni);
	for (size_t i = 0; i < t->vhosts.n; i++) {
		struct sdi_vhost *vhost = t->vhosts.p[i];
		sdi_arena_clear(&t->show);
		if (vhost->owner || vhost->name.n == 0) {
			vhost->host = &gateway->hosts[gateway->n_hosts++];
			if (!vhost->alias_of)
				make_host(t, vhost, &t->last_resort, vhost->host);
		} else if (vhost->certificate) {
			gateway->snis[gateway->n_snis++] = (struct sdi_sni){ vhost->name, vhost->certificate };
		}
	}
	for (size_t i = 0; i < t->vhosts.n; i++)
		if (t->vhosts.p[i]->alias_of)
			make_alias(t->vhosts.p[i]);
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

static void read_picks(struct sdi_translation *t)
{
	for (size_t i = 0; i < t->picks.n; i++) {
		sdi_arena_clear(&t->show);
		sdi_read_rules(t, &t->picks.p[i]);
	}
	/* Rules before certificates: who owns a host decides who may bring one. */
	for (size_t i = 0; i < t->picks.n; i++) {
		sdi_arena_clear(&t->show);
		sdi_read_tls(t, &t->picks.p[i]);
	}
	sdi_add_www(t);
	sdi_vhost_put(t, SDI_STR("")); /* always there */
	sdi_add_aliases(t);
	qsort(t->vhosts.p, t->vhosts.n, sizeof(struct sdi_vhost *), by_name);
}

static void finish_gateway(struct sdi_translation *t)
{
	make_hosts(t);
	sdi_canary_tell(t);
	list_backends(t);
	list_policies(t);
	list_certificates(t);
}

static void steps(struct sdi_translation *t)
{
	sdi_pick_ingresses(t);
	sdi_read_configmap(t);
	read_default_certificate(t);
	read_picks(t);
	sdi_resolve_certificates(t);
	sdi_index_slices(t);
	sdi_read_streams(t);
	finish_gateway(t);
	sdi_read_raw_streams(t);
}

static void steps_alone(struct sdi_translation *t)
{
	sdi_read_configmap(t);
	read_picks(t);
	finish_gateway(t);
	sdi_read_raw_streams(t);
}

/* Runs all steps; false: out of memory. @t lives with the caller, so that the jump leaves it intact. */
static bool run(struct sdi_translation *t, void (*what)(struct sdi_translation *t))
{
	jmp_buf oom;
	if (setjmp(oom)) {
		t->arena->oom = NULL;
		return false;
	}
	t->arena->oom = t->scratch.oom = t->show.oom = t->pattern.oom = &oom;
	what(t);
	t->arena->oom = NULL;
	return true;
}

static void set_up(struct sdi_translation *t, const struct sdi_store *store, const struct sdi_settings *settings,
                   struct sdi_diags *diags)
{
	*t = (struct sdi_translation){
		.store = store,
		.settings = settings ? settings : sdi_settings_defaults(),
		.diag = { .diags = diags, .scratch = &t->show },
	};
	t->canary_places.arena = t->vhost_by_name.arena = t->used_by_ns.arena = t->slices.arena = t->references.arena =
		t->backends.arena = t->secrets.arena = t->policies.arena = &t->scratch;
}

static void tear_down(struct sdi_translation *t)
{
	sdi_arena_release(&t->scratch);
	sdi_arena_release(&t->show);
	sdi_arena_release(&t->pattern);
}

static struct sdi_gateway *new_gateway(struct sdi_translation *t)
{
	t->gateway = sdi_malloc(sizeof(*t->gateway));
	if (!t->gateway)
		return NULL;
	*t->gateway = (struct sdi_gateway){ .arena.wipe = true }; /* private keys */
	t->arena = &t->gateway->arena;
	return t->gateway;
}

/* To where they outlive @t. */
static void steps_picks(struct sdi_translation *t)
{
	sdi_pick_ingresses(t);
	struct sdi_pick *picks = sdi_arena_array(t->arena, t->picks.n + 1, struct sdi_pick);
	for (size_t i = 0; i < t->picks.n; i++)
		picks[i] = t->picks.p[i];
	t->picks.p = picks;
}

bool sdi_translate_picks(const struct sdi_store *store, const struct sdi_settings *settings, struct sdi_arena *arena,
                         struct sdi_pick **ret, size_t *ret_n)
{
	struct sdi_translation t;
	jmp_buf *before = arena->oom;
	set_up(&t, store, settings, NULL);
	t.arena = arena;
	bool done = run(&t, steps_picks);
	arena->oom = before;
	tear_down(&t);
	*ret = t.picks.p;
	*ret_n = t.picks.n;
	return done;
}

enum sdi_status sdi_translate_alone(const struct sdi_store *store, const struct sdi_settings *settings,
                                    const struct sdi_pick *pick, const struct sdi_gateway *whole,
                                    struct sdi_gateway **ret)
{
	struct sdi_translation t;
	struct sdi_pick only = *pick;
	set_up(&t, store, settings, NULL);
	if (!new_gateway(&t))
		return SDI_ENOMEM;
	t.alone = true;
	t.gateway->default_certificate = whole->default_certificate;
	only.ask = NULL;
	t.picks.p = &only;
	t.picks.n = 1;
	bool done = run(&t, steps_alone);
	tear_down(&t);
	if (!done) {
		sdi_gateway_free(t.gateway);
		return SDI_ENOMEM;
	}
	*ret = t.gateway;
	return SDI_OK;
}

enum sdi_status sdi_translate(const struct sdi_store *store, const struct sdi_settings *settings,
                              struct sdi_diags *diags, struct sdi_gateway **ret)
{
	struct sdi_translation t;
	if (!store || !ret)
		return SDI_EINVAL;
	bool lost_before = diags && sdi_diags_failed(diags);
	set_up(&t, store, settings, diags);
	if (!new_gateway(&t))
		return SDI_ENOMEM;
	bool done = run(&t, steps);
	tear_down(&t);
	if (!done || (diags && sdi_diags_failed(diags) && !lost_before)) {
		sdi_gateway_free(t.gateway);
		return SDI_ENOMEM;
	}
	*ret = t.gateway;
	return SDI_OK;
}
