/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the controller's ConfigMap says of the whole proxy. The defaults are ingress-nginx's: it trusts every sender over
 * IPv4, once it was told to believe what is forwarded.
 */
#include "../base/regex.h"
#include "address.h"
#include "auth_text.h"
#include "ca.h"
#include "blocklist.h"
#include "header_map.h"

enum { BLOCKED_BYTES = 800 }; /* which NGINX gets five times as long */

static const struct sdi_value *get(const struct sdi_translation *t, enum sdi_wish_id id)
{
	return sdi_wish_get(&t->base, id);
}

static bool is_on(const struct sdi_translation *t, enum sdi_wish_id id)
{
	const struct sdi_value *value = get(t, id);
	return value && value->number;
}

static struct sdi_cidrs cidrs_of(struct sdi_translation *t, const struct sdi_value *value, struct sdi_str id)
{
	struct sdi_cidr *copy = sdi_arena_array(t->arena, value->n, struct sdi_cidr);
	if (value->n)
		memcpy(copy, value->list, value->n * sizeof(*copy));
	return (struct sdi_cidrs){ .id = id, .p = copy, .n = value->n };
}

static struct sdi_cidrs everybody(struct sdi_translation *t, struct sdi_str id)
{
	struct sdi_cidr *all = sdi_arena_new(t->arena, struct sdi_cidr);
	*all = (struct sdi_cidr){ 0 };
	return (struct sdi_cidrs){ .id = id, .p = all, .n = 1 };
}

static struct sdi_str lower(struct sdi_translation *t, struct sdi_str text)
{
	char *copy = sdi_arena_alloc(t->arena, text.n);
	for (size_t i = 0; i < text.n; i++)
		copy[i] = sdi_lower(text.p[i]);
	return sdi_str_make(copy, text.n);
}

static void set_client(struct sdi_translation *t, struct sdi_globals *globals)
{
	const struct sdi_value *trusted = get(t, SDI_WISH_PROXY_REAL_IP_CIDR);
	const struct sdi_value *header = get(t, SDI_WISH_FORWARDED_FOR_HEADER);
	globals->proxy_protocol = is_on(t, SDI_WISH_USE_PROXY_PROTOCOL);
	globals->forwarded = is_on(t, SDI_WISH_USE_FORWARDED_HEADERS);
	globals->real_ip = globals->forwarded || is_on(t, SDI_WISH_ENABLE_REAL_IP);
	globals->full_chain = globals->forwarded && is_on(t, SDI_WISH_COMPUTE_FULL_FORWARDED_FOR);
	if (!globals->real_ip && !globals->proxy_protocol)
		return;
	globals->client_header = header ? lower(t, header->text) : SDI_STR("x-forwarded-for");
	globals->trusted = trusted ? cidrs_of(t, trusted, SDI_STR("trusted")) : everybody(t, SDI_STR("trusted"));
}

bool sdi_blocked_read(struct sdi_translation *t, struct sdi_str text, struct sdi_blocked *ret)
{
	*ret = (struct sdi_blocked){ .any_case = true };
	if (sdi_str_starts(text, SDI_STR("~"))) {
		ret->regex = true;
		ret->any_case = sdi_str_starts(text, SDI_STR("~*"));
		text = sdi_str_from(text, ret->any_case ? 2 : 1);
		if (!sdi_regex_is_for_headers(&t->show, text))
			return false;
	}
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	ret->text = sdi_arena_copy(t->arena, text);
	return text.n && text.n <= BLOCKED_BYTES;
}

size_t sdi_blocklist_room(struct sdi_str list)
{
	size_t most = 1;
	for (size_t i = 0; i < list.n; i++)
		most += list.p[i] == ',';
	return most;
}

/* A list that can't be read keeps everybody out: nobody knows whom it was meant for. */
static struct sdi_blocklist blocklist_of(struct sdi_translation *t, enum sdi_wish_id id)
{
	const struct sdi_value *value = get(t, id);
	struct sdi_blocklist list = { 0 };
	struct sdi_str rest = value ? value->text : SDI_STR(""), part;
	struct sdi_blocked *blocked = sdi_arena_array(t->arena, sdi_blocklist_room(rest), struct sdi_blocked);
	list.p = blocked;
	while (rest.n && sdi_str_split(&rest, ',', &part)) {
		part = sdi_str_trim(part);
		if (!part.n)
			continue;
		if (sdi_blocked_read(t, part, &blocked[list.n])) {
			list.n++;
			continue;
		}
		sdi_diag_add(
			&t->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&t->diag, value->key),
			"\"%s\" is neither a text nor ~ and a regular expression; everything that it was meant for "
			"answers 503",
			sdi_show(&t->diag, part));
		t->base.denied_by = value->key;
	}
	return list;
}

static void say_header(struct sdi_translation *t, const struct sdi_value *value, struct sdi_str name, const char *why)
{
	sdi_diag_add(&t->diag, SDI_REASON_VALUE_INVALID, sdi_show(&t->diag, value->key),
	             "\"%s\" of the ConfigMap has %s; it is left out", sdi_show(&t->diag, name), why);
}

static struct sdi_header_texts headers_of(struct sdi_translation *t, enum sdi_wish_id id, unsigned facts)
{
	const struct sdi_value *value = get(t, id);
	struct sdi_header_texts list = { 0 };
	const char *why;
	if (!value)
		return list;
	const struct sdi_configmap *map = sdi_header_map_find(t, value->text, t->settings->configmap.ns, &why);
	if (!map) {
		sdi_diag_add(&t->diag, SDI_REASON_CONFIGMAP_NOT_FOUND, sdi_show(&t->diag, value->key),
		             "%s: \"%s\"; no header is set", why, sdi_show(&t->diag, value->text));
		return list;
	}
	struct sdi_header_text *headers = sdi_arena_array(t->arena, map->n_data, struct sdi_header_text);
	for (size_t i = 0; i < map->n_data; i++) {
		why = sdi_header_map_read(t, &map->data[i], facts, &headers[list.n]);
		list.n += !why;
		if (why)
			say_header(t, value, map->data[i].key, why);
	}
	sdi_header_map_sort(headers, list.n);
	list.p = headers;
	return list;
}

static void hide_headers(struct sdi_translation *t, struct sdi_globals *globals)
{
	const struct sdi_value *value = get(t, SDI_WISH_HIDE_HEADERS);
	struct sdi_str rest = value ? value->text : SDI_STR(""), part;
	globals->hidden = sdi_arena_array(t->arena, rest.n + 1, struct sdi_str);
	while (rest.n && sdi_str_split(&rest, ',', &part)) {
		part = sdi_str_trim(part);
		if (sdi_header_may_be_set(part))
			globals->hidden[globals->n_hidden++] = sdi_arena_copy(t->arena, part);
		else if (part.n)
			say_header(t, value, part, "the name of no header that can be hidden");
	}
}

/* The default types of ingress-nginx. */
static void set_gzip(struct sdi_translation *t, struct sdi_globals *globals)
{
	const struct sdi_value *types = get(t, SDI_WISH_GZIP_TYPES), *level = get(t, SDI_WISH_GZIP_LEVEL);
	if (!is_on(t, SDI_WISH_USE_GZIP))
		return;
	globals->gzip_types = types ? sdi_arena_copy(t->arena, types->text) : SDI_STR(SDI_COMPRESSED_TYPES);
	globals->gzip_level = level ? (unsigned)level->number : 1;
}

static unsigned number(const struct sdi_translation *t, enum sdi_wish_id id)
{
	const struct sdi_value *value = get(t, id);
	return value ? (unsigned)value->number : 0;
}

static void set_patience(struct sdi_translation *t, struct sdi_globals *globals)
{
	globals->header_s = number(t, SDI_WISH_CLIENT_HEADER_TIMEOUT);
	globals->idle_s = number(t, SDI_WISH_KEEP_ALIVE);
	globals->closes = get(t, SDI_WISH_KEEP_ALIVE) && !globals->idle_s;
}

/* As the controller does it, a family of which nothing is said keeps listening everywhere. */
static void set_bind(struct sdi_translation *t, struct sdi_globals *globals)
{
	enum { MOST = 64 };
	const struct sdi_value *value = get(t, SDI_WISH_BIND_ADDRESS);
	struct sdi_str rest = value ? value->text : SDI_STR(""), part, found[2][MOST];
	size_t n[2] = { 0 };
	while (rest.n && sdi_str_split(&rest, ',', &part)) {
		struct sdi_address address;
		part = sdi_str_trim(part);
		bool fine = sdi_address_parse(part, &address);
		bool ipv6 = fine && address.ipv6;
		if (fine && n[ipv6] < MOST)
			found[ipv6][n[ipv6]++] = sdi_address_print(t->arena, &address);
		else if (part.n)
			sdi_diag_add(&t->diag, SDI_REASON_VALUE_INVALID, "bind-address",
			             "\"%s\" is not an IP address, or the 65th; it is left out",
			             sdi_show(&t->diag, part));
	}
	if (!n[0] && !n[1])
		return;
	if (!n[0])
		found[0][n[0]++] = SDI_STR("0.0.0.0");
	if (!n[1] && !is_on(t, (enum sdi_wish_id)(SDI_WISH_KNOBS + SDI_KNOB_IPV6_OFF)))
		found[1][n[1]++] = SDI_STR("::");
	struct sdi_str *all = sdi_arena_array(t->arena, n[0] + n[1], struct sdi_str);
	memcpy(all, found[0], n[0] * sizeof(*all));
	memcpy(all + n[0], found[1], n[1] * sizeof(*all));
	globals->bind = all;
	globals->n_bind = n[0] + n[1];
}

static void set_limit_key(struct sdi_translation *t, struct sdi_globals *globals)
{
	const struct sdi_value *key = get(t, SDI_WISH_LIMIT_KEY);
	if (!key)
		return;
	globals->limit_key = sdi_copy_key(t, key);
	globals->n_limit_key = key->n;
}

static void set_tls(struct sdi_translation *t, struct sdi_globals *globals)
{
	const struct sdi_value *versions = get(t, SDI_WISH_SSL_PROTOCOLS),
			       *ciphers = get(t, SDI_WISH_GLOBAL_SSL_CIPHERS);
	globals->tls_versions = versions ? (unsigned)versions->number : 0;
	if (ciphers && sdi_ciphers_are_fine(t, ciphers->text))
		globals->ciphers = sdi_arena_copy(t->arena, ciphers->text);
	else if (ciphers)
		sdi_ask_ignore(t, ciphers, SDI_REASON_VALUE_INVALID,
		               "OpenSSL knows none of these ciphers; the default ones hold");
}

static void set_dh(struct sdi_translation *t, struct sdi_globals *globals)
{
	const struct sdi_value *value = get(t, SDI_WISH_SSL_DH_PARAM);
	struct sdi_str ns, name = value ? value->text : SDI_STR("");
	if (!value)
		return;
	sdi_str_split(&name, '/', &ns);
	const struct sdi_secret *secret =
		(const struct sdi_secret *)sdi_store_find(t->store, SDI_KIND_SECRET, ns, name);
	const struct sdi_secret_item *item = secret ? sdi_secret_find(secret, SDI_STR("dhparam.pem")) : NULL;
	if (!secret)
		sdi_diag_add(&t->diag, SDI_REASON_SECRET_NOT_FOUND, "ssl-dh-param",
		             "secret \"%s\" does not exist; the proxy's own parameters hold",
		             sdi_show(&t->diag, value->text));
	else if (!item ||
	         !sdi_ca_read(t->arena, sdi_str_make(item->value.p, item->value.n), SDI_CA_DH, &globals->dh_pem))
		sdi_diag_add(
			&t->diag, SDI_REASON_SECRET_INVALID, "ssl-dh-param",
			"secret \"%s\" has no parameters of Diffie-Hellman of 2048 bits or more below dhparam.pem; "
			"the proxy's own hold",
			sdi_show(&t->diag, value->text));
}

static void set_ticket_key(struct sdi_translation *t, struct sdi_globals *globals)
{
	const struct sdi_value *value = get(t, SDI_WISH_SSL_TICKET_KEY);
	if (!value)
		return;
	globals->ticket_key = sdi_arena_copy(t->arena, *(const struct sdi_str *)value->list);
	globals->ticket_text = sdi_arena_copy(t->arena, value->text);
}

static void set_knobs(struct sdi_translation *t, struct sdi_globals *globals)
{
	const struct sdi_value *debug = get(t, (enum sdi_wish_id)(SDI_WISH_KNOBS + SDI_KNOB_DEBUG));
	if (debug)
		globals->debug = cidrs_of(t, debug, SDI_STR("debug"));
	for (int i = 0; i < SDI_KNOB__COUNT; i++) {
		const struct sdi_value *value = get(t, (enum sdi_wish_id)(SDI_WISH_KNOBS + i));
		if (value && value->text.n)
			globals->knobs[i] =
				(struct sdi_knob){ true, value->number, sdi_arena_copy(t->arena, value->text) };
	}
}

void sdi_make_globals(struct sdi_translation *t)
{
	struct sdi_globals *globals = &t->gateway->globals;
	const struct sdi_value *blocked = get(t, SDI_WISH_BLOCK_CIDRS);
	set_client(t, globals);
	if (blocked)
		globals->blocked = cidrs_of(t, blocked, SDI_STR("blocked"));
	globals->agents = blocklist_of(t, SDI_WISH_BLOCK_USER_AGENTS);
	globals->referers = blocklist_of(t, SDI_WISH_BLOCK_REFERERS);
	globals->requests = headers_of(t, SDI_WISH_PROXY_SET_HEADERS, SDI_FACTS_OF_REQUESTS);
	globals->answers = headers_of(t, SDI_WISH_ADD_HEADERS, SDI_FACTS_OF_ANSWERS);
	hide_headers(t, globals);
	set_gzip(t, globals);
	set_patience(t, globals);
	set_bind(t, globals);
	set_limit_key(t, globals);
	set_tls(t, globals);
	set_dh(t, globals);
	set_ticket_key(t, globals);
	set_knobs(t, globals);
	sdi_make_log(t, globals);
}
