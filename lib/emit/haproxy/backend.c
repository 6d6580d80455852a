/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One section per service port and policy, as short as it can be: there may be tens of thousands, all else is in
 * "defaults". One without servers stays, since servers may come at run time; until then HAProxy answers 503.
 *
 * A server is named after its address and port: the same pod keeps its name, whatever comes and goes beside it.
 */
#include "../../gateway/errors.h"
#include "../../gateway/upstream.h"
#include "haproxy.h"
#include "quote.h"

/* Whoever is let in hears that there is nothing; see add_nothing() in maps.c. */
static bool is_nothing(const struct sdi_hap_section *section)
{
	return section->route->answer == SDI_ANSWER_NOT_FOUND;
}

/*
 * In the order of NGINX's phases, which is what people's annotations were written for: the server's rewrites, those of
 * the location (a CORS preflight, redirects), limits, access (addresses, passwords, external authentication), then what
 * changes the request on its way.
 */
static void write_policy(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	sdi_hap_section_errors(hap, section);
	sdi_hap_section_extras(hap, section); /* also for the answers of the rules below */
	sdi_hap_section_preflight(hap, section);
	sdi_hap_section_redirect(hap, section);
	sdi_hap_section_access(hap, section);
	sdi_hap_section_auth(hap, section);
	if (is_nothing(section)) {
		conf_lit(hap->cfg, "\thttp-request return status 404 default-errorfiles\n");
		return;
	}
	sdi_hap_section_clear(hap, section);
	sdi_hap_section_mirror(hap, section);
	sdi_hap_section_rewrite(hap, section);
	sdi_hap_section_standin(hap, section);
	sdi_hap_section_upstream(hap, section);
}

static void write_server(struct sdi_hap *hap, const struct sdi_hap_section *section, const struct sdi_server *server)
{
	struct sdi_buf *cfg = hap->cfg;
	conf_lit(cfg, "\tserver ");
	sdi_hap_name(cfg, server->address);
	conf_lit(cfg, ":");
	conf_uint(cfg, server->port);
	conf_lit(cfg, " ");
	sdi_hap_address(cfg, server->address, server->port);
	if (server->name) /* down until it was resolved, so no name can keep HAProxy from starting */
		conf_lit(cfg, " resolvers dns init-addr none resolve-prefer ipv4");
	if (section->policy)
		sdi_hap_server_upstream(hap, section);
	sdi_hap_server_balance(hap, section, server);
	conf_lit(cfg, "\n");
}

/* Makes a note of the section @id, unless it is there. */
static struct sdi_str note(struct sdi_hap *hap, struct sdi_str id, const struct sdi_hap_section *made)
{
	void **slot = sdi_map_put(&hap->section_by_id, id);
	if (!*slot) {
		struct sdi_hap_section *section = sdi_arena_new(hap->scratch, struct sdi_hap_section);
		*section = *made;
		section->id = id;
		*slot = section;
		*sdi_vec_push(&hap->sections, hap->scratch) = section;
	}
	return id;
}

static struct sdi_str section_id(struct sdi_hap *hap, const struct sdi_route *route, const struct sdi_backend *backend)
{
	if (sdi_policy_is_plain(route->policy))
		return backend->id;
	if (!route->standin)
		return sdi_arena_printf(hap->scratch, "%.*s_%.*s", SDI_STR_ARG(backend->id),
		                        SDI_STR_ARG(route->policy->id));
	/* "__" does not occur in the id of a policy */
	return sdi_arena_printf(hap->scratch, "%.*s_%.*s__%.*s_%.*s", SDI_STR_ARG(backend->id),
	                        SDI_STR_ARG(route->policy->id), SDI_STR_ARG(route->standin->service),
	                        SDI_STR_ARG(route->standin->port));
}

struct sdi_str sdi_hap_section_of(struct sdi_hap *hap, const struct sdi_route *route, const struct sdi_backend *backend)
{
	bool plain = sdi_policy_is_plain(route->policy);
	return note(hap, section_id(hap, route, backend),
	            &(struct sdi_hap_section){ .backend = backend,
	                                       .policy = plain ? NULL : route->policy,
	                                       .balance = plain ? NULL : route->policy->balance,
	                                       .route = route });
}

/* "__" does not occur in the id of a policy. */
struct sdi_str sdi_hap_section_of_canary(struct sdi_hap *hap, const struct sdi_route *route,
                                         const struct sdi_canary *canary)
{
	bool plain = sdi_policy_is_plain(route->policy);
	if (canary->balance == (plain ? NULL : route->policy->balance))
		return sdi_hap_section_of(hap, route, canary->backend);
	struct sdi_str id = section_id(hap, route, canary->backend);
	return note(hap, sdi_arena_printf(hap->scratch, "%.*s__%.*s", SDI_STR_ARG(id), SDI_STR_ARG(canary->ingress)),
	            &(struct sdi_hap_section){ .backend = canary->backend,
	                                       .policy = plain ? NULL : route->policy,
	                                       .balance = canary->balance,
	                                       .route = route });
}

static int by_id(const void *a, const void *b)
{
	return sdi_str_cmp((*(struct sdi_hap_section *const *)a)->id, (*(struct sdi_hap_section *const *)b)->id);
}

static void write_section(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	if (section->policy)
		sdi_hap_write_fastcgi(hap, section);
	conf_lit(hap->cfg, "\nbackend ");
	sdi_hap_name(hap->cfg, section->id);
	conf_lit(hap->cfg, "\n");
	if (section->policy)
		write_policy(hap, section);
	if (!is_nothing(section)) /* a rule behind the answer is a warning */
		sdi_hap_section_balance(hap, section);
	for (size_t i = 0; i < section->backend->n_servers; i++)
		write_server(hap, section, &section->backend->servers[i]);
}

void sdi_hap_write_backends(struct sdi_hap *hap)
{
	if (hap->sections.n)
		qsort(hap->sections.p, hap->sections.n, sizeof(*hap->sections.p), by_id);
	for (size_t i = 0; i < hap->sections.n && !hap->cfg->failed; i++) {
		const struct sdi_hap_section *section = hap->sections.p[i];
		write_section(hap, section);
		if (!hap->tls || !sdi_upstream_speaks(section->policy, SDI_UPSTREAM_AUTO))
			continue;
		struct sdi_hap_section *twin = sdi_arena_new(hap->scratch, struct sdi_hap_section);
		*twin = *section;
		twin->id = sdi_arena_printf(hap->scratch, "%.*s" SDI_HAP_TWIN, SDI_STR_ARG(section->id));
		twin->over_tls = true;
		write_section(hap, twin);
	}
}
