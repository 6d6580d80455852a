/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Regular expressions and rewrites, on the decoded normal form of the path, txn.uri, as NGINX has it.
 *
 * A host whose paths are regular expressions has only the key HOST "/" in the routes' map. Its value is "~N/H:", which
 * says where to go on: in the list maps/regex-N.map, with "~N/H:" and the path. There its regular expressions stand in
 * the order in which they are tried, and last what catches all. So a request is compared with those of one list, of
 * which there are as many as each has entries, roughly: the cost grows with the square root of their number.
 *
 * An alias that is a regular expression is in maps/alias.map; what it gives, "~N", stands for the host in the routes' map.
 */
#include "../../base/regex.h"
#include "../../gateway/rewrite.h"
#include "haproxy.h"
#include "quote.h"

/* What url_enc must leave as NGINX would (ngx_escape_uri, NGX_ESCAPE_URI): those it does not leave are encoded twice
 * before the rest is decoded again. */
#define ENCODE ",url_enc,regsub(\"%([0189A-F].|2[0235]|3[CEF]|5[CE]|60|7[BCDF])\",\"%25\\1\",g),url_dec"
#define CLEAN "'^[!$&-;=@-Z[_a-z~\\]]*$'"

enum { ENCODED_BYTES = 3200 }; /* ENCODE makes five bytes of one at worst, and HAProxy cuts texts at 16 KB */

static size_t count_regexes(const struct sdi_gateway *gateway)
{
	size_t n = 0;
	for (size_t i = 0; i < gateway->n_hosts; i++)
		n += gateway->hosts[i].regex ? gateway->hosts[i].n_routes + 1 : 0;
	return n;
}

/* The list that the next host's regular expressions go to; NULL: out of memory. */
static struct sdi_buf *next_list(struct sdi_hap *hap)
{
	size_t want = 1, all = count_regexes(hap->gateway);
	while (want * want < all)
		want++;
	if (hap->regex_list && hap->regex_entries < want)
		return hap->regex_list;
	struct sdi_str name = sdi_arena_printf(hap->scratch, "maps/regex-%zu.map", hap->n_regex_lists);
	hap->regex_list = sdi_bundle_file(hap->bundle, name, 0644, false);
	hap->n_regex_lists++;
	hap->regex_entries = 0;
	return hap->regex_list;
}

static void write_place(const struct sdi_hap *hap, struct sdi_buf *buf)
{
	conf_lit(buf, "~");
	conf_uint(buf, hap->n_regex_lists - 1);
	conf_lit(buf, "/");
	conf_uint(buf, hap->n_regex_hosts);
	conf_lit(buf, ":");
}

/* "^a|b" matches b anywhere. */
static void write_key(struct sdi_buf *list, struct sdi_str regex)
{
	size_t head = sdi_regex_head(regex);
	conf_lit(list, "(?:");
	sdi_hap_regex(list, sdi_str_head(regex, head));
	if (head < regex.n) {
		conf_lit(list, "|(?s:.*?)(?:");
		sdi_hap_regex(list, sdi_str_from(regex, head + 1));
		conf_lit(list, ")");
	}
	conf_lit(list, ")");
}

bool sdi_hap_add_regex_host(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host)
{
	struct sdi_buf *list = next_list(hap);
	if (!list)
		return false;
	for (size_t i = 0; i <= host->n_routes; i++) {
		conf_lit(list, "(?i)^");
		write_place(hap, list);
		if (i < host->n_routes)
			write_key(list, host->routes[i].path);
		sdi_hap_map_value(hap, list, i < host->n_routes ? &host->routes[i] : &host->fallback);
	}
	conf_lit(map, " ");
	write_place(hap, map);
	conf_lit(map, "\n");
	hap->regex_entries += host->n_routes + 1;
	hap->n_regex_hosts++;
	return true;
}

bool sdi_hap_add_alias(struct sdi_hap *hap, struct sdi_str regex, struct sdi_str *ret_name)
{
	struct sdi_buf *list = hap->alias_list;
	if (!list)
		list = hap->alias_list = sdi_bundle_file(hap->bundle, SDI_STR("maps/alias.map"), 0644, false);
	if (!list)
		return false;
	*ret_name = sdi_arena_printf(hap->scratch, "~%zu", hap->n_aliases++);
	conf_lit(list, "(?i)");
	sdi_hap_regex(list, regex);
	conf_lit(list, " ");
	sdi_buf_add(list, *ret_name);
	conf_lit(list, "\n");
	return true;
}

void sdi_hap_frontend_alias(struct sdi_hap *hap)
{
	if (hap->n_aliases)
		conf_lit(hap->cfg,
		         "\thttp-request set-var(txn.alias) var(txn.host),map_reg(maps/alias.map)"
		         " unless { var(txn.to) -m found }\n"
		         "\thttp-request set-var(txn.to) var(txn.alias),concat(,txn.path),map_beg(" SDI_HAP_ROUTES_MAP
		         ") if !{ var(txn.to) -m found } { var(txn.alias) -m found }\n");
}

void sdi_hap_frontend_rewrite(struct sdi_hap *hap)
{
	if (hap->n_regex_lists)
		conf_lit(hap->cfg, "\thttp-request set-var(txn.uri) 'var(txn.path),regsub(\"/[?]$\",),url_dec'"
		                   " if { var(txn.to) -m beg ~ }\n");
	for (size_t i = 0; i < hap->n_regex_lists; i++) {
		conf_lit(hap->cfg, "\thttp-request set-var(txn.to) var(txn.to),concat(,txn.uri),map_reg(maps/regex-");
		conf_uint(hap->cfg, i);
		conf_lit(hap->cfg, ".map) if { var(txn.to) -m beg ~");
		conf_uint(hap->cfg, i);
		conf_lit(hap->cfg, "/ }\n");
	}
}

/* @name: a variable that becomes @text with its groups. */
static void write_groups(struct sdi_buf *cfg, const char *name, struct sdi_str regex, struct sdi_str text)
{
	sdi_buf_printf(cfg, "\thttp-request set-var(txn.%s) 'var(txn.uri),regsub('\\''(?i)^(?s:.*?)(?:", name);
	sdi_hap_regex(cfg, regex);
	conf_lit(cfg, ")(?s:.*)'\\'','\\''");
	sdi_hap_groups(cfg, text);
	conf_lit(cfg, "'\\'')'\n");
}

/* Whether nothing but groups is in @text, so it may become empty: NGINX answers 500 then. */
static bool only_groups(struct sdi_str text)
{
	for (size_t i = 0; i + 1 < text.n; i += 2)
		if (text.p[i] != '$')
			return false;
	return text.n % 2 == 0;
}

static void write_prefix(struct sdi_buf *cfg, const struct sdi_rewrite *rewrite)
{
	if (!sdi_rewrite_has_groups(rewrite->prefix)) {
		conf_lit(cfg, "\thttp-request set-header X-Forwarded-Prefix ");
		sdi_hap_format(cfg, rewrite->prefix);
		conf_lit(cfg, "\n");
		return;
	}
	/* decoded text of a client must not end a header */
	conf_lit(cfg, "\thttp-request deny deny_status 400 if { var(txn.uri) -m reg '[\\x00-\\x1f\\x7f]' }\n");
	write_groups(cfg, "prefix", rewrite->regex, rewrite->prefix);
	conf_lit(cfg, "\thttp-request set-header X-Forwarded-Prefix %[var(txn.prefix)]"
	              " if { var(txn.prefix),length gt 0 }\n"
	              "\thttp-request del-header X-Forwarded-Prefix unless { var(txn.prefix),length gt 0 }\n");
}

void sdi_hap_section_rewrite(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_rewrite *rewrite = section->policy->rewrite;
	struct sdi_buf *cfg = hap->cfg;
	if (!rewrite)
		return;
	if (sdi_policy_has(section->policy, SDI_FIELD_PREFIX_HEADER))
		write_prefix(cfg, rewrite);
	if (!sdi_rewrite_has_groups(rewrite->target)) {
		conf_lit(cfg, "\thttp-request set-path ");
		sdi_hap_format(cfg, rewrite->target);
		conf_lit(cfg, "\n");
		return;
	}
	write_groups(cfg, "rewritten", rewrite->regex, rewrite->target);
	if (only_groups(rewrite->target))
		conf_lit(cfg, "\thttp-request deny deny_status 500 unless { var(txn.rewritten),length gt 0 }\n");
	conf_lit(cfg, "\thttp-request deny deny_status 400 if { var(txn.rewritten),length gt ");
	conf_uint(cfg, ENCODED_BYTES);
	conf_lit(cfg, " } !{ var(txn.rewritten) -m reg " CLEAN " }\n"
	              "\thttp-request set-var(txn.rewritten) 'var(txn.rewritten)" ENCODE "'"
	              " unless { var(txn.rewritten) -m reg " CLEAN " }\n"
	              "\thttp-request set-path %[var(txn.rewritten)]\n");
}
