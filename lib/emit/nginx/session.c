/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One side of a choice (split.c): a backend, and how one of its endpoints is picked. What that takes of maps and
 * upstreams, and the name that a request is passed to.
 *
 * $sdi_cN_I is what the cookie says, as far as it is one of ours; $sdi_kN_I the key that counts for this request;
 * $sdi_sN_I the Set-Cookie header.
 */
#include "../session.h"
#include "nginx.h"
#include "quote.h"
#include "split.h"

static void write_servers(struct sdi_nginx *ng, const struct sdi_nginx_side *side, size_t from, size_t n,
                          size_t backups)
{
	const struct sdi_backend *backend = side->backend;
	bool calm = n + backups > 1; /* see sdi_nginx_write_backend() */
	for (size_t i = 0; i < n + backups; i++) {
		const struct sdi_server *server = &backend->servers[(from + i) % backend->n_servers];
		conf_lit(ng->out, "\t\tserver ");
		sdi_nginx_address(ng->out, server->address, server->port);
		sdi_buf_printf(ng->out, "%s%s;\n", i < n ? "" : " backup", calm ? " max_fails=0" : "");
	}
	if (side->no_reuse)
		sdi_nginx_write_no_keepalive(ng);
	else
		sdi_nginx_write_keepalive(ng);
}

static void open_upstream(struct sdi_nginx *ng, const struct sdi_nginx_side *side)
{
	conf_lit(ng->out, "\tupstream ");
	sdi_nginx_name(ng->out, side->name);
}

static void write_key_part(struct sdi_nginx *ng, const struct sdi_key_part *part)
{
	const char *name = "";
	switch (part->kind) {
	case SDI_KEY_TEXT: sdi_nginx_inside(ng->out, part->text); return;
	case SDI_KEY_REQUEST_URI: conf_lit(ng->out, "${request_uri}"); return;
	case SDI_KEY_PATH: conf_lit(ng->out, "${uri}"); return;
	case SDI_KEY_QUERY: conf_lit(ng->out, "${args}"); return;
	case SDI_KEY_HOST: conf_lit(ng->out, "${host}"); return;
	case SDI_KEY_HOST_HEADER: conf_lit(ng->out, "${http_host}"); return;
	case SDI_KEY_ADDRESS: conf_lit(ng->out, "${remote_addr}"); return;
	case SDI_KEY_SCHEME: conf_lit(ng->out, "${scheme}"); return;
	case SDI_KEY_METHOD: conf_lit(ng->out, "${request_method}"); return;
	case SDI_KEY_HEADER: name = "http_"; break;
	case SDI_KEY_COOKIE: name = "cookie_"; break;
	case SDI_KEY_ARGUMENT: name = "arg_"; break;
	}
	sdi_buf_printf(ng->out, "${%s", name);
	sdi_nginx_variable(ng->out, part->text);
	conf_lit(ng->out, "}");
}

void sdi_nginx_write_key(struct sdi_nginx *ng, const struct sdi_key_part *parts, size_t n)
{
	sdi_buf_char(ng->out, '"');
	for (size_t i = 0; i < n; i++)
		write_key_part(ng, &parts[i]);
	sdi_buf_char(ng->out, '"');
}

/* Equal parts of @n, as percentages with two decimals; the last one takes the rest. */
static void write_percent(struct sdi_nginx *ng, size_t i, size_t n)
{
	size_t part = 10000 * (i + 1) / n - 10000 * i / n;
	if (i + 1 == n)
		conf_lit(ng->out, " *");
	else
		sdi_buf_printf(ng->out, " %zu.%02zu%%", part / 100, part % 100);
}

static void write_groups(struct sdi_nginx *ng, const struct sdi_nginx_side *side, size_t groups)
{
	size_t size = side->balance->subset;
	conf_lit(ng->out, "\tsplit_clients ");
	sdi_nginx_write_key(ng, side->balance->key, side->balance->n_key);
	sdi_buf_printf(ng->out, " $sdi_k%zu_%zu {", side->choice, side->index);
	for (size_t i = 0; i < groups; i++) {
		write_percent(ng, i, groups);
		sdi_buf_printf(ng->out, " g%zu;", i);
	}
	conf_lit(ng->out, " }\n");
	for (size_t i = 0; i < groups; i++) {
		open_upstream(ng, side);
		sdi_buf_printf(ng->out, "___g%zu {\n\t\trandom;\n", i);
		write_servers(ng, side, i * size, size, 0);
		conf_lit(ng->out, "\t}\n");
	}
}

/* ${sdi_…} of this side. */
static void write_variable(struct sdi_nginx *ng, const struct sdi_nginx_side *side, char letter)
{
	sdi_buf_printf(ng->out, "${sdi_%c%zu_%zu}", letter, side->choice, side->index);
}

/* Which cookie is ours: the first group of its form. */
static void write_cookie_map(struct sdi_nginx *ng, const struct sdi_nginx_side *side, size_t digits)
{
	sdi_buf_printf(ng->out, "\tmap $http_cookie $sdi_c%zu_%zu { default \"\"; \"~(?:^|;)[ \\\\t]*", side->choice,
	               side->index);
	sdi_nginx_inside_regex(ng->out, side->balance->affinity->cookie);
	sdi_buf_printf(ng->out, "=(?<sdi_session>[0-9a-f]{%zu})\\\\.", digits);
	sdi_nginx_name(ng->out, sdi_session_tag(ng->scratch, side->backend));
	conf_lit(ng->out, "[ \\\\t]*(?:;|$)\" $sdi_session; }\n");
}

static void write_attributes(struct sdi_nginx *ng, const struct sdi_affinity *affinity)
{
	/* no arithmetic with dates here: Max-Age says the same, and goes before Expires where both are known */
	if (affinity->has_expires && affinity->expires_s <= 0)
		conf_lit(ng->out, "; Expires=Thu, 01-Jan-70 00:00:01 GMT");
	if (affinity->has_max_age || (affinity->has_expires && affinity->expires_s > 0))
		sdi_buf_printf(ng->out, "; Max-Age=%lld",
		               (long long)(affinity->has_max_age ? affinity->max_age_s : affinity->expires_s));
	if (affinity->domain.n) {
		conf_lit(ng->out, "; Domain=");
		sdi_nginx_inside(ng->out, affinity->domain);
	}
	conf_lit(ng->out, "; Path=");
	sdi_nginx_inside(ng->out, affinity->path);
	sdi_buf_printf(ng->out, "%s; HttpOnly", affinity->secure ? "; Secure" : "${sdi_secure}");
	if (affinity->same_site == SDI_SAME_SITE_NONE && affinity->spare_old_browsers)
		conf_lit(ng->out, "${sdi_same_site}");
	else
		sdi_buf_add(ng->out, sdi_str_c(sdi_same_site_text(affinity->same_site)));
}

/* The value of a cookie from $sdi_LETTER…, as a word. */
static void write_set_cookie(struct sdi_nginx *ng, const struct sdi_nginx_side *side, char letter)
{
	sdi_buf_char(ng->out, '"');
	sdi_nginx_inside(ng->out, side->balance->affinity->cookie);
	sdi_buf_char(ng->out, '=');
	write_variable(ng, side, letter);
	sdi_buf_char(ng->out, '.');
	sdi_nginx_name(ng->out, sdi_session_tag(ng->scratch, side->backend));
	write_attributes(ng, side->balance->affinity);
	sdi_buf_char(ng->out, '"');
}

/* Set where no cookie came and an endpoint was asked: not on what is answered before that, a 401. */
static void write_set_once(struct sdi_nginx *ng, const struct sdi_nginx_side *side, char letter)
{
	conf_lit(ng->out, "\tmap \"");
	write_variable(ng, side, letter);
	sdi_buf_printf(ng->out, "|$upstream_addr\" $sdi_s%zu_%zu { default \"\"; \"~^\\\\|.\" ", side->choice,
	               side->index);
	write_set_cookie(ng, side, 'k');
	conf_lit(ng->out, "; }\n");
}

/* The session is a key on a ring, as the controller has it. */
static void write_keyed(struct sdi_nginx *ng, const struct sdi_nginx_side *side)
{
	write_cookie_map(ng, side, SDI_SESSION_KEY);
	sdi_buf_printf(ng->out, "\tmap $sdi_c%zu_%zu $sdi_k%zu_%zu { default $sdi_c%zu_%zu; \"\" $request_id; }\n",
	               side->choice, side->index, side->choice, side->index, side->choice, side->index);
	write_set_once(ng, side, 'c');
	open_upstream(ng, side);
	sdi_buf_printf(ng->out, " {\n\t\thash \"$sdi_k%zu_%zu\" consistent;\n", side->choice, side->index);
	write_servers(ng, side, 0, side->backend->n_servers, 0);
	conf_lit(ng->out, "\t}\n");
}

/* "ADDRESS:PORT" at the end of $upstream_addr, which lists all that were asked. */
static void write_address_regex(struct sdi_nginx *ng, const struct sdi_server *server)
{
	struct sdi_buf address;
	sdi_buf_init(&address, 256);
	sdi_nginx_address(&address, server->address, server->port);
	conf_lit(ng->out, "\"~(?:^|[ ,])");
	sdi_nginx_inside_regex(ng->out, sdi_buf_str(&address));
	conf_lit(ng->out, "$\"");
	ng->out->failed |= address.failed;
	sdi_buf_release(&address);
}

/* Whoever answered is the session's from then on. */
static void write_set_on_move(struct sdi_nginx *ng, const struct sdi_nginx_side *side)
{
	const struct sdi_backend *backend = side->backend;
	sdi_buf_printf(ng->out, "\tmap $upstream_addr $sdi_a%zu_%zu { default \"\";", side->choice, side->index);
	for (size_t i = 0; i < backend->n_servers; i++) {
		sdi_buf_char(ng->out, ' ');
		write_address_regex(ng, &backend->servers[i]);
		sdi_buf_char(ng->out, ' ');
		sdi_nginx_name(ng->out, sdi_session_id(ng->scratch, backend, &backend->servers[i]));
		sdi_buf_char(ng->out, ';');
	}
	conf_lit(ng->out, " }\n\tmap \"");
	write_variable(ng, side, 'c');
	sdi_buf_char(ng->out, '|');
	write_variable(ng, side, 'a');
	sdi_buf_printf(ng->out, "\" $sdi_s%zu_%zu { default \"\"; \"~^([0-9a-f]*)\\\\|\\\\1$\" \"\"; \"~\\\\|.\" ",
	               side->choice, side->index);
	write_set_cookie(ng, side, 'a');
	conf_lit(ng->out, "; }\n");
}

/* The session is an endpoint's id: an upstream for each, with the two behind it in reserve. */
static void write_by_id(struct sdi_nginx *ng, const struct sdi_nginx_side *side)
{
	const struct sdi_backend *backend = side->backend;
	size_t n = backend->n_servers, backups = n > 2 ? 2 : n - 1;
	write_cookie_map(ng, side, SDI_SESSION_ID);
	sdi_buf_printf(ng->out, "\tsplit_clients \"session$request_id\" $sdi_r%zu_%zu {", side->choice, side->index);
	for (size_t i = 0; i < n; i++) {
		write_percent(ng, i, n);
		sdi_buf_char(ng->out, ' ');
		sdi_nginx_name(ng->out, sdi_session_id(ng->scratch, backend, &backend->servers[i]));
		sdi_buf_char(ng->out, ';');
	}
	sdi_buf_printf(ng->out, " }\n\tmap $sdi_c%zu_%zu $sdi_v%zu_%zu { default \"\";", side->choice, side->index,
	               side->choice, side->index);
	for (size_t i = 0; i < n; i++) {
		struct sdi_str id = sdi_session_id(ng->scratch, backend, &backend->servers[i]);
		sdi_buf_char(ng->out, ' ');
		sdi_nginx_name(ng->out, id);
		sdi_buf_char(ng->out, ' ');
		sdi_nginx_name(ng->out, id);
		sdi_buf_char(ng->out, ';');
	}
	sdi_buf_printf(ng->out,
	               " }\n\tmap $sdi_v%zu_%zu $sdi_k%zu_%zu { default $sdi_v%zu_%zu; \"\" $sdi_r%zu_%zu; }\n",
	               side->choice, side->index, side->choice, side->index, side->choice, side->index, side->choice,
	               side->index);
	if (side->balance->affinity->moves_on_failure)
		write_set_on_move(ng, side);
	else
		write_set_once(ng, side, 'v');
	for (size_t i = 0; i < n; i++) {
		open_upstream(ng, side);
		conf_lit(ng->out, "___");
		sdi_nginx_name(ng->out, sdi_session_id(ng->scratch, backend, &backend->servers[i]));
		conf_lit(ng->out, " {\n");
		write_servers(ng, side, i, 1, backups);
		conf_lit(ng->out, "\t}\n");
	}
}

static void write_plain(struct sdi_nginx *ng, const struct sdi_nginx_side *side)
{
	open_upstream(ng, side);
	conf_lit(ng->out, " {\n");
	if (side->balance && side->balance->n_key && !side->balance->subset) {
		conf_lit(ng->out, "\t\thash ");
		sdi_nginx_write_key(ng, side->balance->key, side->balance->n_key);
		conf_lit(ng->out, " consistent;\n");
	} else if (side->balance && side->balance->least) {
		conf_lit(ng->out, "\t\tleast_conn;\n");
	}
	write_servers(ng, side, 0, side->backend->n_servers, 0);
	conf_lit(ng->out, "\t}\n");
}

void sdi_nginx_write_side(struct sdi_nginx *ng, const struct sdi_nginx_side *side)
{
	if (!side->usable || !side->own)
		return;
	if (!side->balance) {
		write_plain(ng, side);
		return;
	}
	size_t groups = sdi_balance_groups(side->balance, side->backend);
	if (side->balance->affinity && sdi_affinity_by_id(side->balance->affinity))
		write_by_id(ng, side);
	else if (side->balance->affinity)
		write_keyed(ng, side);
	else if (groups)
		write_groups(ng, side, groups);
	else
		write_plain(ng, side);
}

bool sdi_nginx_side_varies(const struct sdi_nginx_side *side)
{
	if (!side->balance)
		return false;
	return side->balance->affinity ? sdi_affinity_by_id(side->balance->affinity) :
	                                 sdi_balance_groups(side->balance, side->backend) > 0;
}

void sdi_nginx_write_side_name(struct sdi_nginx *ng, const struct sdi_nginx_side *side)
{
	const struct sdi_server *external = sdi_nginx_external(side->backend);
	if (external) {
		sdi_nginx_dns_name(ng->out, external->address);
		sdi_buf_printf(ng->out, ":%u", (unsigned)external->port);
		return;
	}
	sdi_nginx_name(ng->out, side->name);
	if (!sdi_nginx_side_varies(side))
		return;
	conf_lit(ng->out, "___");
	write_variable(ng, side, 'k');
}
