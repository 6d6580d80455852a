/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Routing itself, in C: what the emitters say in their proxy's words. Tests and `sdingress route` ask it.
 */
#include "../base/regex.h"
#include "gateway.h"

static int hex(char c)
{
	if (sdi_is_digit(c))
		return c - '0';
	c = sdi_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes @s in place, once. False: an escape that is none, or NUL. */
static bool percent_decode(char *s, size_t *n)
{
	size_t to = 0;
	for (size_t from = 0; from < *n; from++) {
		char c = s[from];
		if (c == '%') {
			if (*n - from < 3 || hex(s[from + 1]) < 0 || hex(s[from + 2]) < 0)
				return false;
			c = (char)(hex(s[from + 1]) << 4 | hex(s[from + 2]));
			from += 2;
		}
		if (c == '\0')
			return false;
		s[to++] = c;
	}
	*n = to;
	return true;
}

/*
 * Merges slashes and resolves "." and ".." in place, as NGINX does (ngx_http_parse_complex_uri): a path that ends in
 * a dot segment ends in a slash afterwards. False: it climbs above "/".
 */
static bool resolve_dots(char *s, size_t *n)
{
	size_t to = 0, at = 0;
	while (at < *n) { /* s[at] is a slash */
		while (at < *n && s[at] == '/')
			at++;
		size_t start = at;
		while (at < *n && s[at] != '/')
			at++;
		size_t len = at - start;
		bool up = len == 2 && memcmp(s + start, "..", 2) == 0;
		bool dots = len == 0 || up || (len == 1 && s[start] == '.');
		if (up) {
			if (to == 0)
				return false;
			while (s[--to] != '/')
				;
		}
		if (!dots || at == *n)
			s[to++] = '/';
		if (!dots) {
			memmove(s + to, s + start, len);
			to += len;
		}
	}
	*n = to;
	return true;
}

enum sdi_normal sdi_path_normalise(struct sdi_arena *arena, struct sdi_str path, struct sdi_str *ret)
{
	if (path.n == 0 || path.p[0] != '/' || memchr(path.p, '\0', path.n))
		return SDI_NORMAL_BAD;
	struct sdi_str copy = sdi_arena_copy(arena, path);
	char *s = (char *)copy.p; /* ours: just made */
	if (!s)
		return SDI_NORMAL_BAD;
	if (sdi_str_find(path, '%') >= 0 && !percent_decode(s, &copy.n))
		return SDI_NORMAL_BAD;
	if ((sdi_str_has(copy, SDI_STR("//")) || sdi_str_has(copy, SDI_STR("/."))) && !resolve_dots(s, &copy.n))
		return SDI_NORMAL_BAD;
	s[copy.n] = '\0';
	*ret = copy;
	return SDI_NORMAL_OK;
}

static int compare_hosts(struct sdi_str a, struct sdi_str b)
{
	int c = sdi_host_group(a) - sdi_host_group(b);
	return c ? c : sdi_str_cmp(a, b);
}

static const struct sdi_host *find_host(const struct sdi_gateway *gateway, struct sdi_str name)
{
	size_t low = 0, high = gateway->n_hosts;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = compare_hosts(name, gateway->hosts[middle].name);
		if (c == 0)
			return &gateway->hosts[middle];
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* The first regular expression that matches, else the host for all others. */
static const struct sdi_host *find_regex_host(const struct sdi_gateway *gateway, struct sdi_str name)
{
	const struct sdi_host *host = &gateway->hosts[gateway->n_hosts - 1], *found = host;
	while (host > gateway->hosts && sdi_host_group(host[-1].name) == 2) {
		host--;
		if (sdi_regex_matches(sdi_str_from(host->name, 1), false, name))
			found = host;
	}
	return found;
}

/* A Host header without its port and trailing dot. */
static struct sdi_str bare_host(struct sdi_str host)
{
	char ends_at = host.n && host.p[0] == '[' ? ']' : ':';
	ptrdiff_t end = sdi_str_find(host, ends_at);
	if (end >= 0)
		host = sdi_str_head(host, (size_t)end + (ends_at == ']'));
	if (host.n && host.p[host.n - 1] == '.')
		host.n--;
	return host;
}

const struct sdi_host *sdi_gateway_host(const struct sdi_gateway *gateway, struct sdi_str host,
                                        struct sdi_arena *scratch)
{
	const struct sdi_host *others = &gateway->hosts[gateway->n_hosts - 1];
	struct sdi_str name = sdi_arena_lower(scratch, bare_host(host));
	if (name.n == 0 || name.p[0] == '*' || name.p[0] == '~')
		return others;
	const struct sdi_host *found = find_host(gateway, name);
	ptrdiff_t dot = sdi_str_find(name, '.');
	if (!found && dot > 0) {
		struct sdi_str parent = sdi_str_from(name, (size_t)dot);
		found = find_host(gateway, sdi_arena_printf(scratch, "*" SDI_STR_FMT, SDI_STR_ARG(parent)));
	}
	return found ? found : find_regex_host(gateway, name);
}

static bool matches(const struct sdi_host *host, const struct sdi_route *route, struct sdi_str path)
{
	if (host->regex)
		return sdi_regex_matches(route->path, true, path);
	if (route->match == SDI_MATCH_EXACT)
		return sdi_str_eq(path, route->path);
	if (!sdi_str_starts(path, route->path))
		return false;
	return path.n == route->path.n || route->path.n == 1 || path.p[route->path.n] == '/';
}

const struct sdi_route *sdi_host_route(const struct sdi_host *host, struct sdi_str path)
{
	for (size_t i = 0; i < host->n_routes; i++)
		if (matches(host, &host->routes[i], path))
			return &host->routes[i];
	return &host->fallback;
}
