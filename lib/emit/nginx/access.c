/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Address lists, limits and passwords of a location. NGINX has its own phases for them: limits, then addresses, then
 * passwords, whatever the order here.
 *
 * What an ingress says is said once: lists in acl/ID.allow, users in auth/ID, zones named after it.
 */
#include "../../gateway/access.h"
#include "../../gateway/upstream.h"
#include "nginx.h"
#include "quote.h"

enum { INLINE = 16 }; /* longer lists are files */

static void write_cidr(struct sdi_buf *out, const struct sdi_cidr *cidr)
{
	char text[SDI_CIDR_TEXT];
	sdi_cidr_print(cidr, text); /* digits, dots, colons and a slash */
	sdi_buf_add(out, sdi_str_c(text));
}

static void write_rules(struct sdi_buf *out, const char *rule, const struct sdi_cidrs *list)
{
	for (size_t i = 0; i < list->n; i++) {
		sdi_buf_printf(out, "\t\t\t%s ", rule);
		write_cidr(out, &list->p[i]);
		conf_lit(out, ";\n");
	}
}

static void write_list(struct sdi_nginx *ng, const char *rule, const struct sdi_cidrs *list)
{
	if (list->n <= INLINE) {
		write_rules(ng->out, rule, list);
		return;
	}
	struct sdi_str name = sdi_arena_printf(ng->scratch, "acl/%.*s.%s", SDI_STR_ARG(list->id), rule);
	void **slot = sdi_map_put(&ng->lists, name);
	if (!*slot) {
		struct sdi_buf *file = sdi_bundle_file(ng->bundle, name, 0644, false);
		*slot = ng;
		if (file)
			write_rules(file, rule, list);
		else
			ng->out->failed = true;
	}
	conf_lit(ng->out, "\t\t\tinclude ");
	sdi_nginx_word(ng->out, name);
	conf_lit(ng->out, ";\n");
}

/*
 * Clients without limits have an empty key. NGINX refuses to load a zone whose key is another variable than before, so
 * the number of the variable is in the zone's name, too; it may change with other ingresses.
 */
static struct sdi_str suffix_of(struct sdi_nginx *ng, const struct sdi_limits *limits)
{
	const size_t *number = sdi_map_get(&ng->limits, limits->id);
	return limits->exempt.n ? sdi_arena_printf(ng->scratch, "_%zu", *number) : SDI_STR("");
}

static void write_limit_key(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	if (globals->n_limit_key)
		sdi_nginx_write_key(ng, globals->limit_key, globals->n_limit_key);
	else
		conf_lit(ng->out, "$binary_remote_addr");
}

/* The same for a key of the ConfigMap's. */
static uint32_t mark_of(const struct sdi_globals *globals)
{
	uint64_t mark = 0;
	for (size_t i = 0; i < globals->n_limit_key; i++)
		mark = mark * 31 + sdi_hash(globals->limit_key[i].text) + (uint64_t)globals->limit_key[i].kind;
	return (uint32_t)(mark ^ mark >> 32);
}

static void write_zone_name(struct sdi_nginx *ng, const struct sdi_limits *limits, const char *kind)
{
	sdi_nginx_name(ng->out, limits->id);
	sdi_buf_printf(ng->out, "_%s", kind);
	sdi_buf_add(ng->out, suffix_of(ng, limits));
	if (ng->gateway->globals.n_limit_key)
		sdi_buf_printf(ng->out, "_%08x", mark_of(&ng->gateway->globals));
}

static void write_zone(struct sdi_nginx *ng, const struct sdi_limits *limits, const char *kind, const char *directive,
                       const struct sdi_rate *rate)
{
	sdi_buf_printf(ng->out, "\t%s ", directive);
	if (limits->exempt.n) {
		conf_lit(ng->out, "$sdi_limit");
		sdi_buf_add(ng->out, suffix_of(ng, limits));
	} else {
		write_limit_key(ng);
	}
	conf_lit(ng->out, " zone=");
	write_zone_name(ng, limits, kind);
	conf_lit(ng->out, ":5m");
	if (rate) {
		conf_lit(ng->out, " rate=");
		conf_uint(ng->out, rate->count);
		sdi_buf_add(ng->out, rate->per_s == 1 ? SDI_STR("r/s") : SDI_STR("r/m"));
	}
	conf_lit(ng->out, ";\n");
}

static void write_geo_line(struct sdi_nginx *ng, const struct sdi_cidr *cidr)
{
	conf_lit(ng->out, "\t\t");
	write_cidr(ng->out, cidr);
	conf_lit(ng->out, " 1;\n");
}

void sdi_nginx_write_debug(struct sdi_nginx *ng)
{
	const struct sdi_cidrs *list = &ng->gateway->globals.debug;
	for (size_t i = 0; i < list->n; i++) {
		conf_lit(ng->out, "\tdebug_connection ");
		write_cidr(ng->out, &list->p[i]);
		conf_lit(ng->out, ";\n");
	}
}

void sdi_nginx_write_geo(struct sdi_nginx *ng, const char *variables, const struct sdi_cidrs *list)
{
	sdi_buf_printf(ng->out, "\tgeo %s {\n\t\tdefault 0;\n", variables);
	for (size_t i = 0; i < list->n; i++) {
		struct sdi_cidr cidr = list->p[i];
		if (cidr.length == 0) { /* "default" is 0.0.0.0/0 and ::/0 already: in halves */
			cidr.length = 1;
			write_geo_line(ng, &cidr);
			cidr.bytes[0] = 0x80;
		}
		write_geo_line(ng, &cidr);
	}
	conf_lit(ng->out, "\t}\n");
}

static void write_exemption(struct sdi_nginx *ng, const struct sdi_limits *limits, size_t number)
{
	char variable[40];
	snprintf(variable, sizeof(variable), "$sdi_exempt_%zu", number);
	sdi_nginx_write_geo(ng, variable, &limits->exempt);
	sdi_buf_printf(ng->out, "\tmap $sdi_exempt_%zu $sdi_limit_%zu { 0 ", number, number);
	write_limit_key(ng);
	conf_lit(ng->out, "; default \"\"; }\n");
}

static void write_zones(struct sdi_nginx *ng, const struct sdi_limits *limits, size_t number)
{
	if (limits->exempt.n)
		write_exemption(ng, limits, number);
	if (limits->rates[0].count)
		write_zone(ng, limits, "rps", "limit_req_zone", &limits->rates[0]);
	if (limits->rates[1].count)
		write_zone(ng, limits, "rpm", "limit_req_zone", &limits->rates[1]);
	if (limits->connections)
		write_zone(ng, limits, "connections", "limit_conn_zone", NULL);
}

bool sdi_nginx_refuses(const struct sdi_policy *policy)
{
	return sdi_policy_has(policy, SDI_FIELD_DENIED) || sdi_policy_has(policy, SDI_FIELD_DIGEST_AUTH);
}

static void say_no_digest(struct sdi_nginx *ng, const struct sdi_basic_auth *auth)
{
	ng->diag.subject = (struct sdi_subject){ "Ingress", auth->ns, auth->ingress, { "", 0, 0 } };
	sdi_diag_add(&ng->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&ng->diag, auth->key),
	             "a stock NGINX has no module for digests, so everything that this Ingress serves answers 503; use "
	             "basic over TLS, or HAProxy");
}

static void add_users(struct sdi_nginx *ng, const struct sdi_basic_auth *auth)
{
	struct sdi_str name = sdi_arena_printf(ng->scratch, "auth/%.*s", SDI_STR_ARG(auth->id));
	void **slot = sdi_map_put(&ng->lists, name);
	if (*slot)
		return;
	*slot = ng;
	if (auth->digest) {
		say_no_digest(ng, auth);
		return;
	}
	struct sdi_buf *file = sdi_bundle_file(ng->bundle, name, 0600, true);
	if (!file)
		ng->out->failed = true;
	for (size_t i = 0; file && i < auth->n_users; i++) {
		sdi_buf_add(file, auth->users[i].name);
		conf_lit(file, ":");
		sdi_buf_add(file, auth->users[i].hash);
		conf_lit(file, "\n");
	}
}

void sdi_nginx_http_access(struct sdi_nginx *ng)
{
	for (size_t i = 0; i < ng->gateway->n_policies && !ng->out->failed; i++) {
		const struct sdi_policy *policy = ng->gateway->policies[i];
		if (policy->basic_auth)
			add_users(ng, policy->basic_auth);
		void **slot = policy->limits ? sdi_map_put(&ng->limits, policy->limits->id) : NULL;
		if (!slot || *slot)
			continue;
		size_t *number = sdi_arena_new(ng->scratch, size_t);
		*number = ng->limits.n;
		*slot = number;
		write_zones(ng, policy->limits, *number);
	}
}

bool sdi_nginx_has_passwords(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_policies; i++)
		if (gateway->policies[i]->basic_auth && !gateway->policies[i]->basic_auth->digest)
			return true;
	return false;
}

static void write_request_limit(struct sdi_nginx *ng, const struct sdi_limits *limits, unsigned i, const char *kind)
{
	if (!limits->rates[i].count)
		return;
	conf_lit(ng->out, "\t\t\tlimit_req zone=");
	write_zone_name(ng, limits, kind);
	if (limits->rates[i].burst) {
		conf_lit(ng->out, " burst=");
		conf_uint(ng->out, limits->rates[i].burst);
		conf_lit(ng->out, " nodelay");
	}
	conf_lit(ng->out, ";\n");
}

static void write_limits(struct sdi_nginx *ng, const struct sdi_limits *limits)
{
	write_request_limit(ng, limits, 0, "rps");
	write_request_limit(ng, limits, 1, "rpm");
	if (limits->rates[0].count || limits->rates[1].count)
		sdi_buf_printf(ng->out, "\t\t\tlimit_req_status %u;\n", limits->request_status);
	if (limits->connections) {
		conf_lit(ng->out, "\t\t\tlimit_conn ");
		write_zone_name(ng, limits, "connections");
		sdi_buf_printf(ng->out, " %u;\n\t\t\tlimit_conn_status %u;\n", limits->connections,
		               limits->connection_status);
	}
}

/* Only what is read ahead is held back; nothing of it goes to a file. upstream.c says the same when it was asked for. */
static void write_rate(struct sdi_nginx *ng, const struct sdi_policy *policy)
{
	const struct sdi_limits *limits = policy->limits;
	const struct sdi_upstream *up = policy->upstream;
	if (!limits->rate_bytes)
		return;
	if (!up || !up->buffering)
		conf_lit(ng->out, "\t\t\tproxy_buffering on;\n");
	if (!up || (!up->buffering && !up->has_temp))
		conf_lit(ng->out, "\t\t\tproxy_max_temp_file_size 0;\n");
	conf_lit(ng->out, "\t\t\tlimit_rate ");
	conf_uint(ng->out, limits->rate_bytes);
	conf_lit(ng->out, ";\n");
	if (limits->after_bytes) {
		conf_lit(ng->out, "\t\t\tlimit_rate_after ");
		conf_uint(ng->out, limits->after_bytes);
		conf_lit(ng->out, ";\n");
	}
}

void sdi_nginx_place_access(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_policy *policy = place->policy;
	if (policy->limits) {
		write_limits(ng, policy->limits);
		write_rate(ng, policy);
	}
	if (sdi_policy_has(policy, SDI_FIELD_SATISFY))
		conf_lit(ng->out, "\t\t\tsatisfy any;\n");
	if (sdi_policy_has(policy, SDI_FIELD_DENY))
		write_list(ng, "deny", &policy->access->deny);
	if (sdi_policy_has(policy, SDI_FIELD_ALLOW)) {
		write_list(ng, "allow", &policy->access->allow);
		conf_lit(ng->out, "\t\t\tdeny all;\n");
	}
	if (!policy->basic_auth)
		return;
	conf_lit(ng->out, "\t\t\tauth_basic ");
	if (!sdi_nginx_literal(ng->out, policy->basic_auth->realm))
		conf_lit(ng->out, "\"\"");
	conf_lit(ng->out, ";\n\t\t\tauth_basic_user_file auth/");
	sdi_nginx_name(ng->out, policy->basic_auth->id);
	conf_lit(ng->out, ";\n");
}
