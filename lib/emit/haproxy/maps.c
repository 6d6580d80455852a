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
 * A regex host has only that one key; its value says where to go on (rewrite.c).
 *
 * The value is TARGET, or TARGET "|" FLAG …; TARGET is a backend or a built-in answer ("-404", "-503").
 */
#include "../../gateway/redirect.h"
#include "../../gateway/upstream.h"
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
	if (redirect->cut) {
		conf_lit(map, "|cut");
		hap->cuts = true;
	}
}

/* "|b1048576|": largest body, and an end, so that no number is part of another. */
static void add_body_flag(struct sdi_hap *hap, struct sdi_buf *map, uint64_t bytes)
{
	size_t i = 0;
	while (i < hap->body_sizes.n && hap->body_sizes.p[i] != bytes)
		i++;
	if (i == hap->body_sizes.n)
		*sdi_vec_push(&hap->body_sizes, hap->scratch) = bytes;
	conf_lit(map, "|b");
	conf_uint(map, bytes);
	conf_lit(map, "|");
}

/* "-r301|URL|", "-p301|PATH|", "-a302|PATH|", "-w308|HOST|": see redirect.c. */
static void add_redirect(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_redirect *redirect)
{
	conf_lit(map, "-");
	sdi_buf_char(map, sdi_hap_redirect_letters[redirect->kind]);
	conf_uint(map, redirect->code);
	conf_lit(map, "|");
	sdi_hap_url(map, redirect->text);
	conf_lit(map, "|");
	hap->answers[redirect->kind] |= 1u << (redirect->code - 300);
}

/* A section without servers, where one logs in before hearing that there is nothing; no namespace begins with "_". */
static void add_nothing(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_route *route)
{
	static const struct sdi_backend nothing = { .id = { "_404", 4 } };
	sdi_hap_name(map, sdi_hap_section_of(hap, route, &nothing));
}

static void add_target(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_route *route)
{
	sdi_hap_name(map, sdi_hap_section_of(hap, route, route->backend));
	sdi_hap_add_split(hap, map, route);
}

static void add_value(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host,
                      const struct sdi_route *route)
{
	conf_lit(map, " ");
	/* a preflight is answered before, and headers of the route's come with it: then the section redirects */
	bool later = sdi_hap_redirects_in_section(route);
	bool redirect = sdi_policy_has(route->policy, SDI_FIELD_REDIRECT) && !later;
	if (sdi_policy_has(route->policy, SDI_FIELD_DENIED) || sdi_hap_refuses(hap, route->policy) ||
	    (host->passthrough && hap->closes) || (route->answer == SDI_ANSWER_UNAVAILABLE && !redirect))
		conf_lit(map, "-503");
	else if (redirect)
		add_redirect(hap, map, route->policy->redirect);
	else if (route->answer == SDI_ANSWER_NOT_FOUND && sdi_policy_asks(route->policy))
		add_nothing(hap, map, route);
	else if (route->answer == SDI_ANSWER_NOT_FOUND)
		conf_lit(map, "-404");
	else
		add_target(hap, map, route);
	sdi_hap_client_cert_flag(hap, map, host, route);
	if (sdi_policy_has(route->policy, SDI_FIELD_TLS_REDIRECT) && !redirect && !later)
		add_redirect_flag(hap, map, &route->policy->tls_redirect);
	if (sdi_policy_has(route->policy, SDI_FIELD_BODY_SIZE))
		add_body_flag(hap, map, route->policy->body_bytes);
	if (sdi_upstream_speaks(route->policy, SDI_UPSTREAM_AUTO)) {
		conf_lit(map, SDI_HAP_TWIN_FLAG);
		hap->twins = true;
	}
	if (host->passthrough && hap->passes)
		conf_lit(map, SDI_HAP_PASSED_FLAG);
	if (host->hsts.n) {
		conf_lit(map, "|hsts");
		hap->hsts = host->hsts;
	}
	sdi_hap_log_flags(hap, map, host, route);
	conf_lit(map, "\n");
}

void sdi_hap_map_value(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host,
                       const struct sdi_route *route)
{
	add_value(hap, map, host, route);
}

/* An alias' name was made up by rewrite.c. */
static void add_host_name(struct sdi_buf *map, struct sdi_str name)
{
	if (name.p[0] == '~')
		sdi_buf_add(map, name);
	else
		sdi_hap_name(map, name);
}

/* HOST of a key. False: out of memory. */
static bool add_name(struct sdi_hap *hap, const struct sdi_host *host, struct sdi_str *ret_name)
{
	*ret_name = host->name.n ? host->name : SDI_STR("*");
	return sdi_host_group(host->name) != 2 || sdi_hap_add_alias(hap, sdi_str_from(host->name, 1), ret_name);
}

static bool add_host(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host)
{
	struct sdi_str name;
	bool root = false;
	if (!add_name(hap, host, &name))
		return false;
	if (host->regex) {
		add_host_name(map, name);
		conf_lit(map, "/");
		return sdi_hap_add_regex_host(hap, map, host);
	}
	for (size_t i = 0; i < host->n_routes; i++) {
		const struct sdi_route *route = &host->routes[i];
		bool prefix = route->match == SDI_MATCH_PREFIX;
		struct sdi_str path = route->path;
		if (prefix && sdi_str_ends(path, SDI_STR("/")))
			path = sdi_str_head(path, path.n - 1);
		root |= prefix && path.n == 0;
		add_host_name(map, name);
		sdi_hap_key_path(map, path);
		sdi_buf_add(map, prefix ? SDI_STR("/") : SDI_STR("/?"));
		add_value(hap, map, host, route);
	}
	if (!root) {
		add_host_name(map, name);
		conf_lit(map, "/");
		add_value(hap, map, host, &host->fallback);
	}
	return true;
}

bool sdi_hap_add_map(struct sdi_hap *hap)
{
	struct sdi_buf *map = sdi_bundle_file(hap->bundle, SDI_STR(SDI_HAP_ROUTES_MAP), 0644, false);
	if (!map)
		return false;
	for (size_t i = 0; i < hap->gateway->n_hosts; i++)
		if (!add_host(hap, map, &hap->gateway->hosts[i]))
			return false;
	return true;
}
