/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw configuration of a host: that of the oldest ingress that has one, as the controller does it, and only one of the
 * namespace that owns the host, since it holds for the routes of all others, too.
 */
#include "../gateway/snippet.h"
#include "translation.h"

static bool has_server(const struct sdi_route *route)
{
	return route->policy->snippet && route->policy->snippet->server;
}

static struct sdi_pick *pick_of(const struct sdi_vhost *vhost, size_t i)
{
	return i < vhost->claims.n ? vhost->claims.p[i].pick : vhost->fallback.pick;
}

static void leave_out(struct sdi_translation *t, struct sdi_pick *pick, struct sdi_host *host, struct sdi_route *route)
{
	const struct sdi_raw *raw = route->policy->snippet->server;
	sdi_diag_about(t, &pick->ingress->object);
	sdi_diag_add(&t->diag, raw->protects ? SDI_REASON_PROTECTION_DENIED : SDI_REASON_ANNOTATION_CONFLICT,
	             sdi_show(&t->diag, raw->key),
	             "on host \"%s\" the snippet of an older Ingress holds, or another namespace owns it; this one is "
	             "not written%s",
	             sdi_show(&t->diag, host->name),
	             raw->protects ? ", and since it may keep somebody out, these routes answer 503" : "");
	if (raw->protects)
		route->answer = SDI_ANSWER_UNAVAILABLE;
}

void sdi_host_snippet(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	size_t n = vhost->claims.n + (vhost->fallback.pick != NULL);
	struct sdi_pick *best = NULL;
	for (size_t i = 0; i < n; i++) {
		struct sdi_pick *pick = pick_of(vhost, i);
		const struct sdi_route *route = i < vhost->claims.n ? &host->routes[i] : &host->fallback;
		if (!has_server(route) || (vhost->owner && !sdi_str_eq(vhost->owner->ns, pick->ns)) ||
		    (best && best->age <= pick->age))
			continue;
		best = pick;
		host->snippet = route->policy->snippet;
	}
	for (size_t i = 0; i < n; i++) {
		struct sdi_route *route = i < vhost->claims.n ? &host->routes[i] : &host->fallback;
		if (has_server(route) && pick_of(vhost, i) != best)
			leave_out(t, pick_of(vhost, i), host, route);
	}
}
