/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * maps/routes.map: all routes of all hosts, for one longest-prefix lookup (map_beg). A request asks with
 *
 *     HOST PATH "/?"                     '?' does not occur in the alphabet of paths, so "/?" marks the end
 *
 * and a route has the key
 *
 *     Prefix  HOST PATH "/"              matches element by element: the end of an element is always a slash
 *     Exact   HOST PATH "/?"             longer than the Prefix of the same path, so it wins
 *
 * HOST is the exact name; else "*.example.org" is asked for, then "*" for all others. Every host has the key HOST "/"
 * for what its routes don't match, so a known host never falls through to the wildcard or to "*".
 *
 * The value is TARGET, or TARGET "|" FLAG …; TARGET is a backend or a built-in answer ("-404", "-503").
 */
#include "haproxy.h"
#include "quote.h"

const struct sdi_hap_redirect sdi_hap_redirects[SDI_HAP_REDIRECTS] = {
	{ 308, "|tls308" }, { 301, "|tls301" }, { 302, "|tls302" }, { 303, "|tls303" }, { 307, "|tls307" },
};

static void add_redirect_flag(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_tls_redirect *redirect)
{
	unsigned i = 0;
	while (i < SDI_HAP_REDIRECTS - 1 && sdi_hap_redirects[i].code != redirect->code)
		i++;
	hap->redirects |= 1u << i;
	sdi_buf_add(map, sdi_str_c(sdi_hap_redirects[i].flag));
	if (redirect->port && redirect->port != 443) {
		conf_lit(map, ":");
		conf_uint(map, redirect->port);
	}
}

static void add_target(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_route *route)
{
	sdi_hap_name(map, sdi_hap_section_of(hap, route, route->backend));
	sdi_hap_add_split(hap, map, route);
}

static void add_value(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_route *route)
{
	conf_lit(map, " ");
	if (sdi_policy_has(route->policy, SDI_FIELD_DENIED) || route->answer == SDI_ANSWER_UNAVAILABLE)
		conf_lit(map, "-503");
	else if (route->answer == SDI_ANSWER_NOT_FOUND)
		conf_lit(map, "-404");
	else
		add_target(hap, map, route);
	if (sdi_policy_has(route->policy, SDI_FIELD_TLS_REDIRECT))
		add_redirect_flag(hap, map, &route->policy->tls_redirect);
	conf_lit(map, "\n");
}

static void add_host(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host)
{
	struct sdi_str name = host->name.n ? host->name : SDI_STR("*");
	bool root = false;
	for (size_t i = 0; i < host->n_routes; i++) {
		const struct sdi_route *route = &host->routes[i];
		bool prefix = route->match == SDI_MATCH_PREFIX;
		struct sdi_str path = route->path;
		if (prefix && sdi_str_ends(path, SDI_STR("/")))
			path = sdi_str_head(path, path.n - 1);
		root |= prefix && path.n == 0;
		sdi_hap_name(map, name);
		sdi_hap_key_path(map, path);
		sdi_buf_add(map, prefix ? SDI_STR("/") : SDI_STR("/?"));
		add_value(hap, map, route);
	}
	if (!root) {
		sdi_hap_name(map, name);
		conf_lit(map, "/");
		add_value(hap, map, &host->fallback);
	}
}

bool sdi_hap_add_map(struct sdi_hap *hap)
{
	struct sdi_buf *map = sdi_bundle_file(hap->bundle, SDI_STR(SDI_HAP_ROUTES_MAP), 0644, false);
	if (!map)
		return false;
	for (size_t i = 0; i < hap->gateway->n_hosts; i++)
		add_host(hap, map, &hap->gateway->hosts[i]);
	return true;
}
