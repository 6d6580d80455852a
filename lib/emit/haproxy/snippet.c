/* SPDX-License-Identifier: BSD-3-Clause */
/* Raw configuration of NGINX: none of it is written, all of it is told. */
#include "../../gateway/snippet.h"
#include "haproxy.h"

static bool protects(const struct sdi_raw *raw)
{
	return raw && raw->protects;
}

bool sdi_hap_refuses(const struct sdi_hap *hap, const struct sdi_policy *policy)
{
	const struct sdi_snippet *snippet = policy->snippet;
	if (policy->waf)
		return true;
	for (size_t i = 0; i < SDI_RAW__COUNT; i++)
		if (protects(hap->gateway->globals.raw[i]))
			return true;
	return snippet && (protects(snippet->location) || protects(snippet->auth) || protects(snippet->server));
}

static void tell(struct sdi_hap *hap, const struct sdi_raw *raw)
{
	if (raw)
		sdi_diag_add(&hap->diag, raw->protects ? SDI_REASON_PROTECTION_DENIED : SDI_REASON_ANNOTATION_NONE,
		             sdi_show(&hap->diag, raw->key),
		             "HAProxy has nothing for raw configuration of NGINX, \"%s\"; %s",
		             sdi_show(&hap->diag, raw->text),
		             raw->protects ? "it may keep somebody out, so what it was meant for answers 503" :
		                             "it has no effect");
}

static const struct sdi_route *route_of(const struct sdi_host *host, size_t i)
{
	return i < host->n_routes ? &host->routes[i] : &host->fallback;
}

void sdi_hap_tell_snippets(struct sdi_hap *hap)
{
	struct sdi_map told = { .arena = hap->scratch };
	hap->diag.subject = (struct sdi_subject){ .kind = "Settings", .origin = { .file = "" } };
	for (size_t i = 0; i < SDI_RAW__COUNT; i++)
		tell(hap, hap->gateway->globals.raw[i]);
	for (const struct sdi_host *host = hap->gateway->hosts; host < hap->gateway->hosts + hap->gateway->n_hosts;
	     host++) {
		for (size_t i = 0; i <= host->n_routes; i++) {
			const struct sdi_route *route = route_of(host, i);
			const struct sdi_snippet *snippet = route->policy->snippet;
			if (!snippet && !route->policy->waf)
				continue;
			void **slot =
				sdi_map_put(&told, sdi_arena_printf(hap->scratch, "%.*s/%.*s", SDI_STR_ARG(route->ns),
			                                            SDI_STR_ARG(route->ingress)));
			if (*slot)
				continue;
			*slot = hap; /* only ever asked whether it is NULL */
			hap->diag.subject = (struct sdi_subject){ "Ingress", route->ns, route->ingress, { "", 0, 0 } };
			sdi_hap_tell_waf(hap, route->policy->waf);
			tell(hap, snippet ? snippet->location : NULL);
			tell(hap, snippet ? snippet->auth : NULL);
			tell(hap, snippet ? snippet->server : NULL);
		}
	}
	for (size_t i = 0; i < hap->gateway->globals.n_raw_streams; i++) {
		const struct sdi_raw_stream *stream = &hap->gateway->globals.raw_streams[i];
		hap->diag.subject = (struct sdi_subject){
			stream->ingress.n ? "Ingress" : "Settings", stream->ns, stream->ingress, { "", 0, 0 }
		};
		tell(hap, stream->raw);
	}
}
