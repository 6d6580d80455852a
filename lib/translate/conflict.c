/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two objects claim the same thing: the older one gets it (creationTimestamp, then namespace and name), within an
 * object what is written first, and the other is told who has it.
 */
#include "translation.h"

static int by_number(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* The order of routes: longest path first, Exact before Prefix, then by path; claims of the same path by age. */
static int by_rank(const void *left, const void *right)
{
	const struct sdi_claim *a = left, *b = right;
	int c = by_number(b->text.n, a->text.n);
	if (!c)
		c = (int)a->match - (int)b->match;
	if (!c)
		c = sdi_str_cmp(a->text, b->text);
	if (!c)
		c = by_number(a->pick->age, b->pick->age);
	if (!c)
		c = by_number(a->rule, b->rule);
	return c ? c : by_number(a->path, b->path);
}

/*
 * The order in which the paths of a regex host are tried, ingress-nginx's: the longest text first, then the last of the
 * alphabet. The type of a path does not count there.
 */
static int by_regex_rank(const void *left, const void *right)
{
	const struct sdi_claim *a = left, *b = right;
	int c = by_number(b->text.n, a->text.n);
	if (!c)
		c = sdi_str_cmp(b->text, a->text);
	if (!c)
		c = by_number(a->pick->age, b->pick->age);
	if (!c)
		c = by_number(a->rule, b->rule);
	return c ? c : by_number(a->path, b->path);
}

static const char *shown_host(struct sdi_translation *t, struct sdi_str host)
{
	return host.n ? sdi_show(&t->diag, host) : "all other hosts";
}

static void say_lost_path(struct sdi_translation *t, const struct sdi_vhost *vhost, const struct sdi_claim *winner,
                          const struct sdi_claim *loser)
{
	sdi_diag_about(t, &loser->pick->ingress->object);
	const char *why = winner->written > loser->written ? "writes it with a trailing slash, which goes first" :
	                  winner->pick == loser->pick      ? "names it before" :
	                                                     "is older";
	sdi_diag_add(&t->diag, SDI_REASON_CONFLICT,
	             sdi_field_name(t, "spec.rules[%u].http.paths[%u]", loser->rule, loser->path),
	             "%s path \"%s\" of host \"%s\" is served by Ingress %s/%s, which %s; this one is left out",
	             vhost->regex                    ? "regular" :
	             loser->match == SDI_MATCH_EXACT ? "exact" :
	                                               "prefix",
	             sdi_show(&t->diag, loser->text), shown_host(t, vhost->name), sdi_show(&t->diag, winner->pick->ns),
	             sdi_show(&t->diag, winner->pick->name), why);
}

static bool same_path(const struct sdi_claim *a, const struct sdi_claim *b)
{
	return a->match == b->match && sdi_str_eq(a->text, b->text);
}

/*
 * Of @n claims of the same path, oldest first, the one that wins. "/foo/" and "/foo" match the same requests, and
 * Kubernetes prefers the longer path as it is written: so does this, but only among the objects of the oldest one's
 * namespace, or anybody could take a path over by writing it with a slash.
 */
static size_t winner_of(const struct sdi_claim *claims, size_t n)
{
	size_t best = 0;
	for (size_t i = 1; i < n; i++)
		if (claims[i].written > claims[best].written && sdi_str_eq(claims[i].pick->ns, claims[0].pick->ns))
			best = i;
	return best;
}

static void say_bad_path(struct sdi_translation *t, const struct sdi_claim *claim, enum sdi_reason reason,
                         const char *why)
{
	sdi_diag_about(t, &claim->pick->ingress->object);
	sdi_diag_add(&t->diag, reason,
	             sdi_field_name(t, "spec.rules[%u].http.paths[%u].path", claim->rule, claim->path),
	             reason == SDI_REASON_REGEX_INVALID ?
	                     "path \"%s\", a regular expression on this host, %s; it is left out" :
	                     "path \"%s\" %s; it is left out",
	             sdi_show(&t->diag, claim->raw), why);
}

/* Reads a path as what the host makes of it. False: it is left out, diagnosed. */
static bool read_path(struct sdi_translation *t, bool is_regex, struct sdi_claim *claim)
{
	if (!is_regex) {
		if (claim->why)
			say_bad_path(t, claim, SDI_REASON_PATH_INVALID, claim->why);
		return !claim->why;
	}
	struct sdi_str regex;
	sdi_arena_clear(&t->pattern);
	const char *why = sdi_path_parse_regex(&t->pattern, claim->raw, &regex);
	if (why) {
		say_bad_path(t, claim, SDI_REASON_REGEX_INVALID, why);
		return false;
	}
	claim->regex = sdi_arena_copy(t->arena, regex);
	claim->text = sdi_arena_copy(t->arena, claim->raw);
	claim->match = SDI_MATCH_PREFIX;
	claim->written = (unsigned)claim->text.n;
	return true;
}

static void read_paths(struct sdi_translation *t, struct sdi_vhost *vhost)
{
	size_t kept = 0;
	vhost->regex = sdi_vhost_wants_regex(t, vhost);
	for (size_t i = 0; i < vhost->claims.n; i++)
		if (read_path(t, vhost->regex, &vhost->claims.p[i]))
			vhost->claims.p[kept++] = vhost->claims.p[i];
	vhost->claims.n = kept;
}

void sdi_settle_paths(struct sdi_translation *t, struct sdi_vhost *vhost)
{
	size_t kept = 0;
	read_paths(t, vhost);
	struct sdi_claim *claims = vhost->claims.p;
	if (vhost->claims.n > 1)
		qsort(claims, vhost->claims.n, sizeof(*claims), vhost->regex ? by_regex_rank : by_rank);
	for (size_t from = 0, n; from < vhost->claims.n; from += n) {
		for (n = 1; from + n < vhost->claims.n && same_path(&claims[from], &claims[from + n]);)
			n++;
		struct sdi_claim winner = claims[from + winner_of(&claims[from], n)];
		for (size_t i = from; i < from + n; i++)
			if (claims[i].pick != winner.pick || claims[i].rule != winner.rule ||
			    claims[i].path != winner.path)
				say_lost_path(t, vhost, &winner, &claims[i]);
		claims[kept++] = winner;
	}
	vhost->claims.n = kept;
}

void sdi_settle_fallback(struct sdi_translation *t, struct sdi_claim *holder, struct sdi_claim rival,
                         struct sdi_str host, const char *field)
{
	if (!holder->pick) {
		*holder = rival;
		return;
	}
	if (holder->pick == rival.pick) /* two rules with the same host in one object */
		return;
	sdi_diag_add(&t->diag, SDI_REASON_CONFLICT, field,
	             "the default backend of %s%s%s is set by Ingress %s/%s, which is older; this one is left out",
	             host.n ? "host \"" : "", shown_host(t, host), host.n ? "\"" : "",
	             sdi_show(&t->diag, holder->pick->ns), sdi_show(&t->diag, holder->pick->name));
}
