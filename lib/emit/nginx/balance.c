/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Choices: routes with a policy about endpoints, and those with canaries. All others pass requests to their backend's
 * upstream by its name.
 *
 * "proxy_pass http://$variable" looks the name up among all upstreams, one by one: so a variable is used only where it
 * has to be.
 */
#include "../../gateway/upstream.h"
#include "../session.h"
#include "nginx.h"
#include "quote.h"
#include "split.h"

static const struct sdi_balance *balance_of(const struct sdi_route *route)
{
	return sdi_policy_is_plain(route->policy) ? NULL : route->policy->balance;
}

bool sdi_nginx_chooses(const struct sdi_route *route)
{
	return route->answer == SDI_ANSWER_BACKEND && (route->n_canaries || balance_of(route)) &&
	       !sdi_nginx_refuses(route->policy);
}

/* What an upstream is called: names of policies and backends hold no "__". Those of a choice with canaries are its own,
 * since another route of the same policy may have none, or others. */
static struct sdi_str upstream_name(struct sdi_nginx *ng, const struct sdi_route *route,
                                    const struct sdi_backend *backend)
{
	if (sdi_policy_is_plain(route->policy))
		return backend->id;
	return sdi_arena_printf(ng->scratch, "%.*s_%.*s", SDI_STR_ARG(backend->id), SDI_STR_ARG(route->policy->id));
}

static struct sdi_str side_name(struct sdi_nginx *ng, const struct sdi_nginx_choice *choice, size_t i,
                                const struct sdi_backend *backend)
{
	struct sdi_str name = upstream_name(ng, choice->route, backend);
	if (choice->n_sides == 1)
		return name;
	return sdi_arena_printf(ng->scratch, "%.*s__%zu_%zu", SDI_STR_ARG(name), choice->sides[0].choice, i);
}

static void set_side(struct sdi_nginx *ng, struct sdi_nginx_choice *choice, size_t i, const struct sdi_backend *backend,
                     const struct sdi_balance *balance)
{
	const struct sdi_policy *policy = choice->route->policy;
	bool name = sdi_nginx_external(backend) != NULL;
	bool own = !name && (balance || sdi_nginx_has_own_upstream(policy));
	choice->sides[i] = (struct sdi_nginx_side){
		.choice = choice->sides[0].choice,
		.index = i,
		.backend = backend,
		.balance = name ? NULL : balance,
		.name = own ? side_name(ng, choice, i, backend) : backend->id,
		.usable = sdi_nginx_can_reach(ng, backend),
		.own = own,
		.no_reuse = sdi_upstream_speaks(policy, SDI_UPSTREAM_AUTO),
	};
	choice->cookies |= choice->sides[i].usable && choice->sides[i].balance && balance->affinity;
}

/* What two routes must have in common to be one choice. */
static struct sdi_str key_of(struct sdi_nginx *ng, const struct sdi_route *route)
{
	struct sdi_str key = upstream_name(ng, route, route->backend);
	for (size_t i = 0; i < route->n_canaries; i++)
		key = sdi_arena_printf(ng->scratch, "%.*s %.*s/%.*s", SDI_STR_ARG(key),
		                       SDI_STR_ARG(route->canaries[i].ingress),
		                       SDI_STR_ARG(route->canaries[i].backend->id));
	return key;
}

static struct sdi_nginx_choice *make_choice(struct sdi_nginx *ng, const struct sdi_route *route)
{
	struct sdi_nginx_choice *choice = sdi_arena_new(ng->scratch, struct sdi_nginx_choice);
	choice->route = route;
	choice->n_sides = 1 + route->n_canaries;
	choice->sides[0].choice = ng->choices.n;
	set_side(ng, choice, 0, route->backend, balance_of(route));
	for (size_t i = 0; i < route->n_canaries; i++)
		set_side(ng, choice, 1 + i, route->canaries[i].backend, route->canaries[i].balance);
	return choice;
}

/* The Set-Cookie of the side that was chosen. */
static void write_cookies(struct sdi_nginx *ng, const struct sdi_nginx_choice *choice)
{
	size_t n = choice->sides[0].choice;
	if (choice->n_sides == 1 || !choice->cookies)
		return;
	sdi_buf_printf(ng->out, "\tmap $sdi_to%zu $sdi_set%zu { default \"\";", n, n);
	for (size_t i = 0; i < choice->n_sides; i++)
		if (choice->sides[i].usable && choice->sides[i].balance && choice->sides[i].balance->affinity)
			sdi_buf_printf(ng->out, " %zu $sdi_s%zu_%zu;", i, n, i);
	conf_lit(ng->out, " }\n");
}

static void write_choice(struct sdi_nginx *ng, const struct sdi_nginx_choice *choice)
{
	for (size_t i = 0; i < choice->n_sides; i++)
		sdi_nginx_write_side(ng, &choice->sides[i]);
	if (choice->n_sides > 1)
		sdi_nginx_write_split(ng, choice);
	write_cookies(ng, choice);
}

static void add_route(struct sdi_nginx *ng, const struct sdi_route *route)
{
	if (!sdi_nginx_chooses(route) || !sdi_nginx_can_reach(ng, route->backend))
		return;
	void **slot = sdi_map_put(&ng->choices, key_of(ng, route));
	if (*slot)
		return;
	struct sdi_nginx_choice *choice = make_choice(ng, route);
	*slot = choice;
	write_choice(ng, choice);
}

static void write_variables(struct sdi_nginx *ng)
{
	bool affinity = false, old = false;
	for (size_t i = 0; i < ng->gateway->n_policies; i++) {
		const struct sdi_balance *balance = ng->gateway->policies[i]->balance;
		affinity |= balance && balance->affinity;
		old |= balance && balance->affinity && balance->affinity->spare_old_browsers;
	}
	if (affinity)
		conf_lit(ng->out, "\tmap $https $sdi_secure { default \"; Secure\"; \"\" \"\"; }\n");
	if (old)
		conf_lit(ng->out, "\tmap $http_user_agent $sdi_same_site { default \"; SameSite=None\"; "
		                  "\"~" SDI_SESSION_OLD_BROWSERS "\" \"\"; }\n");
}

size_t sdi_nginx_choice_names(const struct sdi_nginx *ng)
{
	enum { EACH = 5 }; /* of a side, at most */
	size_t names = 0;
	for (size_t i = 0; i < ng->gateway->n_hosts; i++)
		for (size_t k = 0; k < ng->gateway->hosts[i].n_routes; k++)
			if (sdi_nginx_chooses(&ng->gateway->hosts[i].routes[k]))
				names += EACH * (1 + ng->gateway->hosts[i].routes[k].n_canaries);
	return names;
}

void sdi_nginx_http_balance(struct sdi_nginx *ng)
{
	write_variables(ng);
	for (size_t i = 0; i < ng->gateway->n_hosts && !ng->out->failed; i++) {
		const struct sdi_host *host = &ng->gateway->hosts[i];
		for (size_t k = 0; k < host->n_routes; k++)
			add_route(ng, &host->routes[k]);
		add_route(ng, &host->fallback);
	}
}

static const struct sdi_nginx_choice *choice_of(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	return sdi_nginx_chooses(place->route) ? sdi_map_get(&ng->choices, key_of(ng, place->route)) : NULL;
}

bool sdi_nginx_write_choice(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_nginx_choice *choice = choice_of(ng, place);
	if (!choice || (choice->n_sides == 1 && !choice->sides[0].balance))
		return false;
	if (choice->n_sides == 1)
		sdi_nginx_write_side_name(ng, &choice->sides[0]);
	else
		sdi_buf_printf(ng->out, "$sdi_up%zu", choice->sides[0].choice);
	return true;
}

void sdi_nginx_place_session(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_nginx_choice *choice = choice_of(ng, place);
	if (!choice || !choice->cookies)
		return;
	sdi_buf_printf(ng->out, "\t\t\tadd_header Set-Cookie $sdi_%s%zu%s always;\n", choice->n_sides > 1 ? "set" : "s",
	               choice->sides[0].choice, choice->n_sides > 1 ? "" : "_0");
}
