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

enum {
	ENCODED_BYTES = 3200, /* ENCODE makes five bytes of one at worst, and HAProxy cuts texts at 16 KB */
	SOUND_BYTES = 6000,   /* a line of a map is cut there, too, and PCRE2 takes 64 KB of code */
};

struct sdi_hap_regexes {
	size_t per_list; /* what a list should have */
	struct {
		SDI_VEC(struct regex_list)
	} lists;
	size_t n_hosts;
	struct sdi_buf *aliases; /* maps/alias.map; NULL: none */
	size_t n_aliases;
};

struct regex_list {
	struct sdi_buf *map, *sound; /* sound: NULL, nothing in it is heavy */
	size_t n;
};

static struct sdi_hap_regexes *regexes_of(struct sdi_hap *hap)
{
	const struct sdi_gateway *gateway = hap->gateway;
	size_t all = 0;
	if (hap->regexes)
		return hap->regexes;
	hap->regexes = sdi_arena_new(hap->scratch, struct sdi_hap_regexes);
	for (size_t i = 0; i < gateway->n_hosts; i++)
		all += gateway->hosts[i].regex ? gateway->hosts[i].n_routes + 1 : 0;
	while (hap->regexes->per_list * hap->regexes->per_list < all)
		hap->regexes->per_list++;
	return hap->regexes;
}

static struct sdi_buf *add_file(struct sdi_hap *hap, const char *name)
{
	size_t i = hap->regexes->lists.n - 1;
	return sdi_bundle_file(hap->bundle, sdi_arena_printf(hap->scratch, "maps/%s-%zu.map", name, i), 0644, false);
}

/* The list that the next host's regular expressions go to; NULL: out of memory. */
static struct regex_list *next_list(struct sdi_hap *hap)
{
	struct sdi_hap_regexes *regexes = regexes_of(hap);
	struct regex_list *last = regexes->lists.n ? &regexes->lists.p[regexes->lists.n - 1] : NULL;
	if (last && last->n < regexes->per_list)
		return last;
	last = sdi_vec_push(&regexes->lists, hap->scratch);
	*last = (struct regex_list){ .map = add_file(hap, "regex") };
	return last->map ? last : NULL;
}

static void write_place(const struct sdi_hap *hap, struct sdi_buf *buf, bool heavy)
{
	conf_lit(buf, "~");
	conf_uint(buf, hap->regexes->lists.n - 1);
	conf_lit(buf, "/");
	conf_uint(buf, hap->regexes->n_hosts);
	sdi_buf_add(buf, heavy ? SDI_STR("!:") : SDI_STR(":"));
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

/*
 * HAProxy takes a regular expression that PCRE2 gave up on (its stack is 32 KB, so a path of 2000 bytes is enough for
 * "(.|/)*") for one that does not match, and would go on to the next, which may be less protected. So first it has to
 * get through all heavy ones of the host, whatever they say: "(?:(?!REGEX)|)" matches unless PCRE2 gives up.
 */
static bool write_sound(struct sdi_hap *hap, struct regex_list *list, const struct sdi_host *host)
{
	if (!list->sound)
		list->sound = add_file(hap, "sound");
	if (!list->sound)
		return false;
	conf_lit(list->sound, "(?i)^");
	write_place(hap, list->sound, true);
	for (size_t i = 0; i < host->n_routes; i++) {
		if (!sdi_regex_is_heavy(host->routes[i].path))
			continue;
		conf_lit(list->sound, "(?:(?!");
		write_key(list->sound, host->routes[i].path);
		conf_lit(list->sound, ")|)");
	}
	conf_lit(list->sound, " -\n");
	return true;
}

static size_t heavy_bytes(const struct sdi_host *host)
{
	size_t n = 0;
	for (size_t i = 0; i < host->n_routes; i++)
		n += sdi_regex_is_heavy(host->routes[i].path) ? host->routes[i].path.n : 0;
	return n;
}

static void refuse(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host)
{
	const struct sdi_route *route = &host->routes[0];
	hap->diag.subject = (struct sdi_subject){ "Ingress", route->ns, route->ingress, { "", 0, 0 } };
	sdi_diag_add(
		&hap->diag, SDI_REASON_TARGET_CANT, "spec.rules",
		"host \"%s\" has more regular expressions with repeated groups than HAProxy can be sure about, so it "
		"answers 503; use simpler ones",
		sdi_show(&hap->diag, host->name));
	conf_lit(map, " -503\n");
}

bool sdi_hap_add_regex_host(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host)
{
	struct regex_list *list = next_list(hap);
	size_t heavy = heavy_bytes(host);
	if (!list)
		return false;
	if (heavy > SOUND_BYTES) {
		refuse(hap, map, host);
		return true;
	}
	for (size_t i = 0; i <= host->n_routes; i++) {
		conf_lit(list->map, "(?i)^");
		write_place(hap, list->map, heavy);
		if (i < host->n_routes)
			write_key(list->map, host->routes[i].path);
		sdi_hap_map_value(hap, list->map, host, i < host->n_routes ? &host->routes[i] : &host->fallback);
	}
	if (heavy && !write_sound(hap, list, host))
		return false;
	conf_lit(map, " ");
	write_place(hap, map, heavy);
	conf_lit(map, "\n");
	list->n += host->n_routes + 1;
	hap->regexes->n_hosts++;
	return true;
}

bool sdi_hap_add_alias(struct sdi_hap *hap, struct sdi_str regex, struct sdi_str *ret_name)
{
	struct sdi_hap_regexes *regexes = regexes_of(hap);
	if (!regexes->aliases)
		regexes->aliases = sdi_bundle_file(hap->bundle, SDI_STR("maps/alias.map"), 0644, false);
	if (!regexes->aliases)
		return false;
	*ret_name = sdi_arena_printf(hap->scratch, "~%zu", regexes->n_aliases++);
	conf_lit(regexes->aliases, "(?i)");
	sdi_hap_regex(regexes->aliases, regex);
	conf_lit(regexes->aliases, " ");
	sdi_buf_add(regexes->aliases, *ret_name);
	conf_lit(regexes->aliases, "\n");
	return true;
}

void sdi_hap_frontend_alias(struct sdi_hap *hap)
{
	if (hap->regexes && hap->regexes->n_aliases)
		conf_lit(hap->cfg,
		         "\thttp-request set-var(txn.alias) var(txn.host),map_reg(maps/alias.map)"
		         " unless { var(txn.to) -m found }\n"
		         "\thttp-request set-var(txn.to) var(txn.alias),concat(,txn.path),map_beg(" SDI_HAP_ROUTES_MAP
		         ") if !{ var(txn.to) -m found } { var(txn.alias) -m found }\n");
}

static void write_map_lookup(struct sdi_buf *cfg, const char *variable, const char *map, size_t i)
{
	sdi_buf_printf(cfg,
	               "\thttp-request set-var(txn.%s) var(txn.to),concat(,txn.uri),map_reg(maps/%s-%zu.map)"
	               " if { var(txn.to) -m beg ~%zu/ }",
	               variable, map, i, i);
}

void sdi_hap_frontend_rewrite(struct sdi_hap *hap)
{
	const struct sdi_hap_regexes *regexes = hap->regexes;
	bool heavy = false;
	if (!regexes || !regexes->lists.n)
		return;
	conf_lit(hap->cfg, "\thttp-request set-var(txn.uri) 'var(txn.path),regsub(\"/[?]$\",),url_dec'"
	                   " if { var(txn.to) -m beg ~ }\n");
	for (size_t i = 0; i < regexes->lists.n; i++) {
		if (!regexes->lists.p[i].sound)
			continue;
		heavy = true;
		write_map_lookup(hap->cfg, "sound", "sound", i);
		conf_lit(hap->cfg, " { var(txn.to) -m end !: }\n");
	}
	if (heavy)
		conf_lit(hap->cfg, "\thttp-request deny deny_status 500 if { var(txn.to) -m end !: }"
		                   " !{ var(txn.sound) -m found }\n");
	for (size_t i = 0; i < regexes->lists.n; i++) {
		write_map_lookup(hap->cfg, "to", "regex", i);
		conf_lit(hap->cfg, "\n");
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
