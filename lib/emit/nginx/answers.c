/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The headers of answers to clients. NGINX inherits "add_header" and "proxy_hide_header" all or none, so a block that
 * says one of its own has to say again what all answers get: what the ConfigMap adds and hides, which are files of
 * their own, Strict-Transport-Security, and what snippets set in place of any other (dialect/snippet_more.c).
 */
#include "../../gateway/extras.h"
#include "../../gateway/snippet.h"
#include "../../gateway/upstream.h"
#include "nginx.h"
#include "quote.h"

#define ANSWERS_CONF "answers.conf"
#define HIDDEN_CONF "hidden.conf"

/* What snippets set in a block, the inner ones behind the outer ones; NULL: none. */
enum { RAWS = 4 };

struct said {
	const struct sdi_raw *raw[RAWS];
};

/* @policy NULL: of the server. */
static struct said said_in(const struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy)
{
	const struct sdi_raw *const *all = ng->gateway->globals.raw;
	return (struct said){ {
		all[SDI_RAW_SERVER],
		host->snippet ? host->snippet->server : NULL,
		policy ? all[SDI_RAW_LOCATION] : NULL,
		policy && policy->snippet ? policy->snippet->location : NULL,
	} };
}

static bool says(const struct said *said, size_t from, struct sdi_str name)
{
	for (size_t i = from; i < RAWS; i++)
		for (size_t k = 0; said->raw[i] && k < said->raw[i]->n_answers; k++)
			if (sdi_str_eq_nocase(said->raw[i]->answers[k].name, name))
				return true;
	return false;
}

bool sdi_nginx_answer_said(const struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy,
                           struct sdi_str name)
{
	struct said said = said_in(ng, host, policy);
	return says(&said, 0, name);
}

static void write_hide(struct sdi_buf *file, struct sdi_str indent, struct sdi_str name)
{
	static const char *const protocols[] = { "proxy", "grpc", "fastcgi" };
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		sdi_buf_add(file, indent);
		sdi_buf_printf(file, "%s_hide_header ", protocols[i]);
		sdi_nginx_header_name(file, name);
		conf_lit(file, ";\n");
	}
}

static void write_said(struct sdi_nginx *ng, const struct said *said, struct sdi_str indent, bool hides)
{
	for (size_t i = 0; i < RAWS; i++) {
		for (size_t k = 0; said->raw[i] && k < said->raw[i]->n_answers; k++) {
			const struct sdi_raw_header *header = &said->raw[i]->answers[k];
			if (says(said, i + 1, header->name))
				continue;
			if (hides)
				write_hide(ng->out, indent, header->name);
			if (header->value.n)
				sdi_buf_printf(ng->out, "%.*sadd_header %.*s \"%.*s\" always;\n", SDI_STR_ARG(indent),
				               SDI_STR_ARG(header->name), SDI_STR_ARG(header->value));
		}
	}
}

static bool has_answers(const struct sdi_nginx *ng)
{
	return ng->gateway->globals.answers.n || ng->gateway->globals.n_hidden;
}

bool sdi_nginx_add_answers(struct sdi_nginx *ng)
{
	const struct sdi_globals *globals = &ng->gateway->globals;
	if (!has_answers(ng))
		return true;
	struct sdi_buf *answers = sdi_bundle_file(ng->bundle, SDI_STR(ANSWERS_CONF), 0644, false);
	struct sdi_buf *hidden = sdi_bundle_file(ng->bundle, SDI_STR(HIDDEN_CONF), 0644, false);
	if (!answers || !hidden)
		return false;
	for (size_t i = 0; i < globals->answers.n; i++) {
		sdi_nginx_write_header_text(ng, answers, "add_header", &globals->answers.p[i], " always");
		write_hide(hidden, SDI_STR(""), globals->answers.p[i].name);
	}
	for (size_t i = 0; i < globals->n_hidden; i++)
		write_hide(hidden, SDI_STR(""), globals->hidden[i]);
	return true;
}

void sdi_nginx_write_answers(struct sdi_nginx *ng, struct sdi_str indent, bool hides)
{
	if (!has_answers(ng))
		return;
	sdi_buf_printf(ng->out, "%.*sinclude " ANSWERS_CONF ";\n", SDI_STR_ARG(indent));
	if (hides)
		sdi_buf_printf(ng->out, "%.*sinclude " HIDDEN_CONF ";\n", SDI_STR_ARG(indent));
}

static void write_hsts(struct sdi_nginx *ng, const struct sdi_host *host, struct sdi_str indent, bool hides)
{
	if (!host->hsts.n || !ng->settings->https_port)
		return;
	if (hides)
		sdi_buf_printf(ng->out, "%.*sproxy_hide_header Strict-Transport-Security;\n", SDI_STR_ARG(indent));
	sdi_buf_printf(ng->out, "%.*sadd_header Strict-Transport-Security $sdi_hsts always;\n", SDI_STR_ARG(indent));
}

/* What all answers get, but for what @own or a snippet says. */
static void write_common(struct sdi_nginx *ng, const struct said *said, const struct sdi_header_texts *own,
                         struct sdi_str indent, bool hides)
{
	const struct sdi_header_texts *all = &ng->gateway->globals.answers;
	struct sdi_str word = sdi_arena_printf(ng->scratch, "%.*sadd_header", SDI_STR_ARG(indent));
	bool whole = true;
	for (size_t i = 0; i < all->n; i++)
		whole &= !(own && sdi_header_texts_have(own, all->p[i].name)) && !says(said, 0, all->p[i].name);
	if (whole) {
		sdi_nginx_write_answers(ng, indent, hides);
		return;
	}
	for (size_t i = 0; i < all->n; i++)
		if (!(own && sdi_header_texts_have(own, all->p[i].name)) && !says(said, 0, all->p[i].name))
			sdi_nginx_write_header_text(ng, ng->out, word.p, &all->p[i], " always");
	if (hides)
		sdi_buf_printf(ng->out, "%.*sinclude " HIDDEN_CONF ";\n", SDI_STR_ARG(indent));
}

/* Of the route alone. */
static void write_own(struct sdi_nginx *ng, const struct sdi_nginx_place *place, const struct said *said)
{
	const struct sdi_header_texts *list = &place->policy->extras->answers;
	const char *protocol = sdi_nginx_is_grpc(place->policy)                         ? "grpc" :
	                       sdi_upstream_speaks(place->policy, SDI_UPSTREAM_FASTCGI) ? "fastcgi" :
	                                                                                  "proxy";
	for (size_t i = 0; i < list->n; i++) {
		if (says(said, 0, list->p[i].name))
			continue;
		sdi_buf_printf(ng->out, "\t\t\t%s_hide_header ", protocol);
		sdi_nginx_header_name(ng->out, list->p[i].name);
		conf_lit(ng->out, ";\n");
	}
	for (size_t i = 0; i < list->n; i++)
		if (!says(said, 0, list->p[i].name))
			sdi_nginx_write_header_text(ng, ng->out, "\t\t\tadd_header", &list->p[i], " always");
}

static void keep(struct sdi_nginx *ng, const struct sdi_host *host, const struct said *said,
                 const struct sdi_header_texts *own, struct sdi_str indent, bool hides)
{
	if (!says(said, 0, SDI_STR("Strict-Transport-Security")))
		write_hsts(ng, host, indent, hides);
	write_common(ng, said, own, indent, hides);
	write_said(ng, said, indent, hides);
}

void sdi_nginx_keep_answers(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy,
                            struct sdi_str indent, bool hides)
{
	struct said said = said_in(ng, host, policy);
	keep(ng, host, &said, NULL, indent, hides);
}

/* Whether the server says a header at all; else it inherits those of "http". */
void sdi_nginx_server_answers(struct sdi_nginx *ng, const struct sdi_host *host)
{
	struct said said = said_in(ng, host, NULL);
	bool own = host->hsts.n && ng->settings->https_port;
	for (size_t i = 0; i < RAWS; i++)
		own |= said.raw[i] && said.raw[i]->answer_headers;
	if (own)
		keep(ng, host, &said, NULL, SDI_STR("\t\t"), true);
}

void sdi_nginx_place_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	bool own = place->policy->extras && place->policy->extras->answers.n;
	if (!place->policy->auth && !place->policy->cors && !place->policy->balance && !own &&
	    !sdi_nginx_raw_sets_headers(ng, place->policy, false))
		return;
	struct said said = said_in(ng, place->host, place->policy);
	keep(ng, place->host, &said, own ? &place->policy->extras->answers : NULL, SDI_STR("\t\t\t"), true);
	if (own)
		write_own(ng, place, &said);
	sdi_nginx_auth_response_headers(ng, place);
	sdi_nginx_extras_response_headers(ng, place);
	sdi_nginx_place_session(ng, place);
}
