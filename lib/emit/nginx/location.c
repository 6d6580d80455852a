/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The routes of a host as locations. NGINX matches them against the decoded, merged and resolved path, which is how
 * the gateway holds them.
 *
 *     Exact   /p     location = "/p"
 *     Prefix  /p     location = "/p"  and  location "/p/"      or  location ~ "^/p(?:/|\\z)"
 *     Prefix  /      location "/"
 *
 * The order of "=" and prefix locations does not matter to NGINX. Regexes come after "=", before the others, and in
 * the order written, which is the gateway's: longest first.
 */
#include "../../base/map.h"
#include "nginx.h"
#include "quote.h"

enum {
	/*
	 * A regex is one location where the pair is two (7 KB each), and costs every request that gets to it 0.06 µs
	 * to try: so hosts with few routes use regexes.
	 */
	REGEX_ROUTES = 8,
	/*
	 * NGINX 1.22 keeps the length of a location's name in one byte (ngx_http_location_tree_node_t): a longer one
	 * takes requests that are not its own. Seen right in 1.26.
	 */
	OLD_NAME_BYTES = 255,
};

static bool is_root(const struct sdi_route *route)
{
	return route->match == SDI_MATCH_PREFIX && route->path.n == 1;
}

static bool same_redirect(const struct sdi_policy *a, const struct sdi_policy *b)
{
	if (!sdi_policy_is_plain(a) || !sdi_policy_is_plain(b) || sdi_policy_has(a, SDI_FIELD_REDIRECT) ||
	    sdi_policy_has(b, SDI_FIELD_REDIRECT)) /* these have something that goes before it */
		return false;
	bool has = sdi_policy_has(a, SDI_FIELD_TLS_REDIRECT);
	if (has != sdi_policy_has(b, SDI_FIELD_TLS_REDIRECT))
		return false;
	return !has || memcmp(&a->tls_redirect, &b->tls_redirect, sizeof(a->tls_redirect)) == 0;
}

static bool has_root(const struct sdi_host *host)
{
	return host->n_routes && is_root(&host->routes[host->n_routes - 1]); /* the shortest path is last */
}

const struct sdi_tls_redirect *sdi_nginx_host_redirect(const struct sdi_nginx *ng, const struct sdi_host *host)
{
	if (sdi_nginx_logs_routes(ng)) /* the log says which route it was */
		return NULL;
	const struct sdi_policy *first = host->n_routes ? host->routes[0].policy : host->fallback.policy;
	for (size_t i = 1; i < host->n_routes; i++)
		if (!same_redirect(first, host->routes[i].policy))
			return NULL;
	if ((host->regex || !has_root(host)) && !same_redirect(first, host->fallback.policy))
		return NULL;
	if (sdi_policy_has(first, SDI_FIELD_REDIRECT))
		return NULL;
	return sdi_policy_is_plain(first) && sdi_policy_has(first, SDI_FIELD_TLS_REDIRECT) ? &first->tls_redirect :
	                                                                                     NULL;
}

void sdi_nginx_write_redirect(struct sdi_nginx *ng, const struct sdi_tls_redirect *redirect)
{
	conf_lit(ng->out, "if ($sdi_plain) { return ");
	conf_uint(ng->out, redirect->code);
	sdi_buf_add(ng->out, ng->gateway->globals.forwarded ? SDI_STR(" https://$sdi_redirect_host") :
	                                                      SDI_STR(" https://$host"));
	if (redirect->port && redirect->port != 443) {
		sdi_buf_char(ng->out, ':');
		conf_uint(ng->out, redirect->port);
	}
	sdi_buf_add(ng->out, redirect->cut ? SDI_STR("$sdi_cut_uri; }") : SDI_STR("$request_uri; }"));
}

/* A built-in answer, in the line of a location's name. */
static void write_answer(struct sdi_nginx *ng, enum sdi_answer answer)
{
	switch (answer) {
	case SDI_ANSWER_BACKEND: break;
	case SDI_ANSWER_NOT_FOUND: conf_lit(ng->out, "return 404 \"404 Not Found\\n\";"); break;
	case SDI_ANSWER_UNAVAILABLE: conf_lit(ng->out, "return 503 \"503 Service Temporarily Unavailable\\n\";"); break;
	}
}

/* "return" comes before any question of who it is, "try_files" after it: there is no such file, and no snippet has one. */
static bool write_late_answer(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (place->route->answer != SDI_ANSWER_NOT_FOUND || !sdi_policy_asks(place->policy))
		return false;
	conf_lit(ng->out, "try_files /.sdi/none @sdi_not_found;");
	ng->late_answer = true;
	return true;
}

/* A location whose policy is not plain, one directive a line. What the rewrite module does comes first, in order. */
static void write_policy(struct sdi_nginx *ng, const struct sdi_nginx_place *place, bool refuse)
{
	conf_lit(ng->out, " {\n");
	sdi_nginx_write_log(ng, place->route, "\t\t\t", "\n");
	if (refuse || sdi_nginx_refuses(place->policy)) {
		conf_lit(ng->out, "\t\t\t");
		write_answer(ng, SDI_ANSWER_UNAVAILABLE);
		conf_lit(ng->out, "\n\t\t}\n");
		return;
	}
	sdi_nginx_place_waf(ng, place);
	sdi_nginx_place_preflight(ng, place);
	sdi_nginx_place_raw(ng, place);
	size_t start = ng->out->n;
	sdi_nginx_place_redirect(ng, place);
	sdi_nginx_place_errors(ng, place); /* "set" behind a rewrite's "break" would not run */
	sdi_nginx_place_rewrite(ng, place);
	sdi_nginx_place_access(ng, place);
	sdi_nginx_place_auth(ng, place);
	sdi_nginx_place_mirror(ng, place);
	sdi_nginx_place_extras(ng, place);
	sdi_nginx_place_upstream(ng, place);
	sdi_nginx_place_request_headers(ng, place);
	sdi_nginx_place_response_headers(ng, place);
	sdi_nginx_place_make_way(ng, place, start);
	enum sdi_answer answer = place->route->answer;
	conf_lit(ng->out, "\t\t\t");
	if (answer == SDI_ANSWER_BACKEND && !sdi_nginx_write_proxy_pass(ng, place))
		answer = SDI_ANSWER_UNAVAILABLE;
	if (!write_late_answer(ng, place))
		write_answer(ng, answer);
	conf_lit(ng->out, "\n\t\t}\n");
}

/* What the operator says in all locations, and what of ours is not inherited any more because of it. */
static void write_plain_raw(struct sdi_nginx *ng, const struct sdi_nginx_place *place, const struct sdi_raw *raw)
{
	sdi_nginx_write_own_variables(ng, place->route, raw);
	sdi_nginx_write_raw(ng, raw, 3);
	if (raw->request_headers)
		sdi_nginx_write_usual_headers(ng->out, "\t\t\t");
	if (raw->answer_headers)
		sdi_nginx_keep_answers(ng, place->host, place->policy, SDI_STR("\t\t\t"), true);
	conf_lit(ng->out, "\t\t\t");
}

/* What a location does, after its name. @redirect: it has to say its own redirect. @refuse: it answers 503. */
static void write_body(struct sdi_nginx *ng, const struct sdi_route *route, bool redirect, bool refuse)
{
	const struct sdi_nginx_place place = { ng->host, route, route->policy, redirect };
	if (!sdi_policy_is_plain(place.policy)) {
		write_policy(ng, &place, refuse);
		return;
	}
	const struct sdi_raw *raw = ng->gateway->globals.raw[SDI_RAW_LOCATION];
	conf_lit(ng->out, " { ");
	sdi_nginx_write_log(ng, route, "", " ");
	if (raw && !refuse && !sdi_nginx_refuses(place.policy)) {
		conf_lit(ng->out, "\n");
		write_plain_raw(ng, &place, raw);
	}
	if (!refuse && !sdi_nginx_refuses(place.policy) && sdi_nginx_write_return(ng, place.policy)) {
		conf_lit(ng->out, " }\n");
		return;
	}
	if (redirect && sdi_policy_has(place.policy, SDI_FIELD_TLS_REDIRECT)) {
		sdi_nginx_write_redirect(ng, &place.policy->tls_redirect);
		sdi_buf_char(ng->out, ' ');
	}
	if (route->answer == SDI_ANSWER_BACKEND && !sdi_nginx_raw_has(raw, "client_max_body_size"))
		sdi_nginx_write_body_size(ng, place.policy, SDI_STR(""), SDI_STR(" "));
	enum sdi_answer answer = route->answer;
	if (refuse || sdi_nginx_refuses(place.policy))
		answer = SDI_ANSWER_UNAVAILABLE;
	else if (answer == SDI_ANSWER_BACKEND && !sdi_nginx_write_proxy_pass(ng, &place))
		answer = SDI_ANSWER_UNAVAILABLE;
	write_answer(ng, answer);
	conf_lit(ng->out, " }\n");
}

/* Whether @path fits into the name of a location as it is; @more bytes will follow it. */
static bool fits(struct sdi_nginx *ng, struct sdi_str path, size_t more)
{
	if (!sdi_version_at_least(ng->version, 1, 26) && path.n + more > OLD_NAME_BYTES)
		return false;
	return sdi_nginx_word_fits(path, more);
}

static void write_regex(struct sdi_nginx *ng, const struct sdi_route *route, bool redirect)
{
	bool cut;
	conf_lit(ng->out, "\t\tlocation ~ ");
	sdi_nginx_path_regex(ng->out, route->path, route->match == SDI_MATCH_EXACT, &cut);
	write_body(ng, route, redirect, cut);
	if (!cut)
		return;
	ng->diag.subject = (struct sdi_subject){ "Ingress", route->ns, route->ingress, { "", 0, 0 } };
	sdi_diag_add(&ng->diag, SDI_REASON_TARGET_CANT, "spec.rules",
	             "a path of %zu bytes does not fit into NGINX's configuration, so it answers 503; use a "
	             "shorter one than \"%s\"",
	             route->path.n, sdi_show(&ng->diag, route->path));
}

static void write_exact(struct sdi_nginx *ng, const struct sdi_route *route, bool redirect)
{
	conf_lit(ng->out, "\t\tlocation = ");
	sdi_nginx_word(ng->out, route->path);
	write_body(ng, route, redirect, false);
}

/*
 * NGINX answers 301 to "/foo" where it proxies "= /foo/" and there is no "= /foo" (ngx_http_core_module, location), even
 * before it tries regexes: so what serves "/foo" is said, too.
 */
static void write_without_slash(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_route *route,
                                bool redirect, bool few)
{
	if (route->path.n < 2 || route->path.p[route->path.n - 1] != '/' || route->answer != SDI_ANSWER_BACKEND)
		return;
	struct sdi_str path = sdi_str_head(route->path, route->path.n - 1);
	const struct sdi_route *found = sdi_host_route(host, path);
	bool same = found != &host->fallback && sdi_str_eq(found->path, path);
	if (same && (found->match == SDI_MATCH_EXACT || !few))
		return; /* has a location of that name */
	struct sdi_route without = *found;
	without.path = path;
	write_exact(ng, &without, redirect);
}

/* @exact: an Exact route of the same path, which takes "="; may be NULL. */
static void write_prefix(struct sdi_nginx *ng, const struct sdi_route *route, bool redirect, const void *exact)
{
	if (!exact)
		write_exact(ng, route, redirect);
	struct sdi_str below = sdi_arena_printf(ng->scratch, "%.*s/", (int)route->path.n, route->path.p);
	conf_lit(ng->out, "\t\tlocation ");
	sdi_nginx_word(ng->out, below);
	write_body(ng, route, redirect, false);
}

static void write_root(struct sdi_nginx *ng, const struct sdi_route *route, bool redirect)
{
	conf_lit(ng->out, "\t\tlocation \"/\"");
	write_body(ng, route, redirect, false);
}

static bool few_prefixes(const struct sdi_host *host)
{
	size_t n = 0;
	for (size_t i = 0; i < host->n_routes && n <= REGEX_ROUTES; i++)
		n += host->routes[i].match == SDI_MATCH_PREFIX && !is_root(&host->routes[i]);
	return n <= REGEX_ROUTES;
}

/* The paths that an Exact route takes. */
static struct sdi_map exact_paths(struct sdi_nginx *ng, const struct sdi_host *host)
{
	struct sdi_map paths = { .arena = ng->scratch };
	for (size_t i = 0; i < host->n_routes; i++)
		if (host->routes[i].match == SDI_MATCH_EXACT)
			*sdi_map_put(&paths, host->routes[i].path) = &host->routes[i];
	return paths;
}

/* All are tried in this order, and what none of them matches goes to "/". */
static void write_regex_host(struct sdi_nginx *ng, const struct sdi_host *host, bool redirect)
{
	for (size_t i = 0; i < host->n_routes && !ng->out->failed; i++) {
		sdi_nginx_write_regex_name(ng, &host->routes[i]);
		write_body(ng, &host->routes[i], redirect, false);
	}
	write_root(ng, &host->fallback, redirect);
}

static void write_all(struct sdi_nginx *ng, const struct sdi_host *host)
{
	ng->host = host;
	bool few = few_prefixes(host), redirect = !sdi_nginx_host_redirect(ng, host);
	struct sdi_map exact = { .arena = ng->scratch };
	if (host->regex) {
		write_regex_host(ng, host, redirect);
		return;
	}
	if (!few)
		exact = exact_paths(ng, host);
	for (size_t i = 0; i < host->n_routes; i++) {
		const struct sdi_route *route = &host->routes[i];
		if (is_root(route)) {
			write_root(ng, route, redirect);
		} else if (route->match == SDI_MATCH_EXACT && fits(ng, route->path, 0)) {
			write_exact(ng, route, redirect);
			write_without_slash(ng, host, route, redirect, few);
		} else if (route->match == SDI_MATCH_PREFIX && !few && fits(ng, route->path, 1)) {
			write_prefix(ng, route, redirect, sdi_map_get(&exact, route->path));
		} else {
			write_regex(ng, route, redirect);
		}
		if (ng->out->failed)
			return;
	}
	if (!has_root(host))
		write_root(ng, &host->fallback, redirect);
}

void sdi_nginx_write_locations(struct sdi_nginx *ng, const struct sdi_host *host)
{
	ng->late_answer = false;
	write_all(ng, host);
	if (!ng->late_answer)
		return;
	conf_lit(ng->out, "\t\tlocation @sdi_not_found { ");
	write_answer(ng, SDI_ANSWER_NOT_FOUND);
	conf_lit(ng->out, " }\n");
}
