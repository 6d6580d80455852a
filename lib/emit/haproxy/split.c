/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canaries. A route that has some carries "|splitN" in the map; the frontends turn N into rules, which all others pass
 * at one comparison each. A canary without servers is not taken, and nobody is sent to one while the main side has none:
 * so it is with the controller.
 */
#include "../../gateway/upstream.h"
#include "../session.h"
#include "haproxy.h"
#include "quote.h"

void sdi_hap_add_split(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_route *route)
{
	if (!route->n_canaries)
		return;
	struct sdi_hap_split split = { .route = route, .main = sdi_hap_section_of(hap, route, route->backend) };
	struct sdi_str key = split.main;
	for (size_t i = 0; i < route->n_canaries; i++) {
		split.sides[i] = sdi_hap_section_of_canary(hap, route, &route->canaries[i]);
		key = sdi_arena_printf(hap->scratch, "%.*s %.*s/%.*s", SDI_STR_ARG(key), SDI_STR_ARG(split.sides[i]),
		                       SDI_STR_ARG(route->canaries[i].ingress));
	}
	void **slot = sdi_map_put(&hap->split_by_key, key);
	if (!*slot) {
		*sdi_vec_push(&hap->splits, hap->scratch) = split;
		*slot = (void *)(uintptr_t)hap->splits.n;
	}
	conf_lit(map, "|split");
	conf_uint(map, (uintptr_t)*slot);
}

/* "acl NAME": conditions in braces would end at a "}" of a pattern. */
static void write_acl(struct sdi_hap *hap, size_t n, size_t i, const char *name)
{
	sdi_buf_printf(hap->cfg, "\tacl split%zu_%zu_%s ", n, i, name);
}

static void write_session_acl(struct sdi_hap *hap, size_t n, size_t i, const struct sdi_backend *backend,
                              const struct sdi_balance *balance)
{
	if (!balance || !balance->affinity)
		return;
	write_acl(hap, n, i, "session");
	sdi_hap_cookie(hap->cfg, balance->affinity->cookie);
	conf_lit(hap->cfg, " -m reg ^[0-9a-f]+\\.");
	sdi_hap_name(hap->cfg, sdi_session_tag(hap->scratch, backend));
	conf_lit(hap->cfg, "$\n");
}

static void write_header_acl(struct sdi_hap *hap, size_t n, size_t i, const struct sdi_canary *canary, const char *name,
                             const char *how, struct sdi_str value)
{
	write_acl(hap, n, i, name);
	conf_lit(hap->cfg, "req.fhdr(");
	sdi_hap_name(hap->cfg, canary->header);
	sdi_buf_printf(hap->cfg, ",1) -m %s", how);
	if (value.n) {
		conf_lit(hap->cfg, " -- ");
		sdi_hap_word(hap->cfg, value);
	}
	conf_lit(hap->cfg, "\n");
}

/* "for" and "against" of its header and of its cookie; the last two as one name each. */
static void write_canary_acls(struct sdi_hap *hap, size_t n, size_t i, const struct sdi_canary *canary)
{
	if (canary->header.n && canary->header_value.n) {
		write_header_acl(hap, n, i, canary, "for", "str", canary->header_value);
	} else if (canary->header.n && canary->header_broken) {
		write_header_acl(hap, n, i, canary, "against", "found", SDI_STR(""));
	} else if (canary->header.n && canary->header_pattern.n) {
		write_header_acl(hap, n, i, canary, "for", "reg", canary->header_pattern);
	} else if (canary->header.n) {
		write_header_acl(hap, n, i, canary, "for", "str", SDI_STR("always"));
		write_header_acl(hap, n, i, canary, "against", "str", SDI_STR("never"));
	}
	static const char *const words[][2] = { { "for_too", "always" }, { "against_too", "never" } };
	for (size_t k = 0; canary->cookie.n && k < 2; k++) {
		write_acl(hap, n, i, words[k][0]);
		sdi_hap_cookie(hap->cfg, canary->cookie);
		sdi_buf_printf(hap->cfg, " -m str %s\n", words[k][1]);
	}
}

static bool has_against(const struct sdi_canary *canary)
{
	return canary->header.n && !canary->header_value.n && !canary->header_pattern.n;
}

/* The canary @i of split @n, 1 for the first; the words behind it are the caller's. */
static void write_use(struct sdi_hap *hap, size_t n, size_t i, const struct sdi_hap_split *split)
{
	conf_lit(hap->cfg, "\tuse_backend ");
	sdi_hap_name(hap->cfg, i ? split->sides[i - 1] : split->main);
	if (split->twins)
		conf_lit(hap->cfg, SDI_HAP_TWIN);
	sdi_buf_printf(hap->cfg, " if split%zu", n);
	if (!i)
		return;
	conf_lit(hap->cfg, " { nbsrv(");
	sdi_hap_name(hap->cfg, split->sides[i - 1]);
	conf_lit(hap->cfg, ") gt 0 }");
}

static void write_sessions(struct sdi_hap *hap, size_t n, const struct sdi_hap_split *split)
{
	const struct sdi_route *route = split->route;
	const struct sdi_balance *balance = route->policy->balance;
	for (size_t i = 0; i <= route->n_canaries; i++) {
		if (i)
			balance = route->canaries[i - 1].balance;
		if (!balance || !balance->affinity)
			continue;
		write_use(hap, n, i, split);
		sdi_buf_printf(hap->cfg, " split%zu_%zu_session\n", n, i);
	}
}

static void write_decisions(struct sdi_hap *hap, size_t n, const struct sdi_hap_split *split)
{
	for (size_t i = 1; i <= split->route->n_canaries; i++) {
		const struct sdi_canary *canary = &split->route->canaries[i - 1];
		if (canary->header.n && !canary->header_broken) {
			write_use(hap, n, i, split);
			sdi_buf_printf(hap->cfg, " split%zu_%zu_for\n", n, i);
		}
		if (!canary->cookie.n)
			continue;
		write_use(hap, n, i, split);
		sdi_buf_printf(hap->cfg, " split%zu_%zu_for_too", n, i);
		if (has_against(canary))
			sdi_buf_printf(hap->cfg, " !split%zu_%zu_against", n, i);
		conf_lit(hap->cfg, "\n");
	}
}

/* What all shares are parts of: the total where they agree on it. */
static unsigned die_of(const struct sdi_route *route)
{
	unsigned total = route->canaries[0].total;
	for (size_t i = 1; i < route->n_canaries; i++)
		if (route->canaries[i].total != total)
			return 10000;
	return total;
}

static void write_shares(struct sdi_hap *hap, size_t n, const struct sdi_hap_split *split)
{
	const struct sdi_route *route = split->route;
	unsigned die = die_of(route), from = 0;
	for (size_t i = 1; i <= route->n_canaries; i++) {
		const struct sdi_canary *canary = &route->canaries[i - 1];
		unsigned left = die - from;
		unsigned share = die == canary->total ? canary->weight : sdi_canary_share(canary, left);
		share = share < left ? share : left;
		if (!share)
			continue;
		write_use(hap, n, i, split);
		sdi_buf_printf(hap->cfg, " { var(txn.die%u) -m int %u:%u }", die, from, from + share - 1);
		if (has_against(canary))
			sdi_buf_printf(hap->cfg, " !split%zu_%zu_against", n, i);
		if (canary->cookie.n)
			sdi_buf_printf(hap->cfg, " !split%zu_%zu_against_too", n, i);
		conf_lit(hap->cfg, "\n");
		from += share;
	}
}

static void write_split(struct sdi_hap *hap, size_t n, const struct sdi_hap_split *split)
{
	const struct sdi_route *route = split->route;
	write_session_acl(hap, n, 0, route->backend, route->policy->balance);
	for (size_t i = 1; i <= route->n_canaries; i++) {
		const struct sdi_canary *canary = &route->canaries[i - 1];
		write_session_acl(hap, n, i, canary->backend, canary->balance);
		write_canary_acls(hap, n, i, canary);
	}
	write_use(hap, n, 0, split);
	conf_lit(hap->cfg, " !{ nbsrv(");
	sdi_hap_name(hap->cfg, split->main);
	conf_lit(hap->cfg, ") gt 0 }\n");
	write_sessions(hap, n, split);
	write_decisions(hap, n, split);
	write_shares(hap, n, split);
}

/* Which canaries a request may go to, and a throw for each total that theirs have. */
void sdi_hap_frontend_choices(struct sdi_hap *hap)
{
	struct sdi_map thrown = { .arena = hap->scratch };
	conf_lit(hap->cfg, "\thttp-request set-var(txn.split) 'var(txn.to),regsub(\".*[|]split\",),field(1,|)'"
	                   " if { var(txn.to) -m sub |split }\n");
	for (size_t i = 0; i < hap->splits.n && !hap->cfg->failed; i++) {
		unsigned die = die_of(hap->splits.p[i].route);
		void **slot = sdi_map_put(&thrown, sdi_arena_printf(hap->scratch, "%u", die));
		if (!*slot)
			sdi_buf_printf(hap->cfg,
			               "\thttp-request set-var(txn.die%u) rand(%u) if { var(txn.split) -m found }\n",
			               die, die);
		*slot = hap; /* only ever asked whether it is NULL */
	}
}

void sdi_hap_frontend_balance(struct sdi_hap *hap, bool tls)
{
	for (size_t i = 0; i < hap->splits.n && !hap->cfg->failed; i++) {
		struct sdi_hap_split *split = &hap->splits.p[i];
		split->twins = tls && sdi_upstream_speaks(split->route->policy, SDI_UPSTREAM_AUTO);
		sdi_buf_printf(hap->cfg, "\tacl split%zu var(txn.split) -m int %zu\n", i + 1, i + 1);
		write_split(hap, i + 1, split);
	}
}
