/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Canaries. What a request says is put into one word, and a list of regular expressions reads the side off it, "0" for
 * the route's own backend:
 *
 *     SESSION  (HEADER COOKIE) of each canary  DIE
 *
 * SESSION is the side whose cookie came, HEADER and COOKIE are "1" for it, "0" against it, DIE is the side thrown; "-" is
 * nothing. The order of the rules is that of gateway/balance.h. A canary that can't be reached is left out of them.
 */
#include "../session.h"
#include "split.h"
#include "quote.h"

static void write_header(struct sdi_nginx *ng, const struct sdi_canary *canary, size_t n, size_t i)
{
	if (!canary->header.n)
		return;
	conf_lit(ng->out, "\tmap $http_");
	sdi_nginx_variable(ng->out, canary->header);
	sdi_buf_printf(ng->out, " $sdi_h%zu_%zu { \"\" -; ", n, i);
	if (canary->header_value.n) {
		conf_lit(ng->out, "default -; \"~^");
		sdi_nginx_inside_regex(ng->out, canary->header_value);
		conf_lit(ng->out, "$\" 1; }\n");
	} else if (canary->header_broken) {
		conf_lit(ng->out, "default 0; }\n");
	} else if (canary->header_pattern.n) {
		struct sdi_str pattern = sdi_arena_printf(ng->scratch, "~%.*s", SDI_STR_ARG(canary->header_pattern));
		conf_lit(ng->out, "default -; ");
		sdi_nginx_word(ng->out, pattern);
		conf_lit(ng->out, " 1; }\n");
	} else {
		conf_lit(ng->out, "default -; \"~^always$\" 1; \"~^never$\" 0; }\n");
	}
}

static void write_cookie(struct sdi_nginx *ng, const struct sdi_canary *canary, size_t n, size_t i)
{
	static const char *const words[] = { "never", "always" };
	if (!canary->cookie.n)
		return;
	sdi_buf_printf(ng->out, "\tmap $http_cookie $sdi_b%zu_%zu { default -;", n, i);
	for (size_t k = 0; k < 2; k++) {
		conf_lit(ng->out, " \"~(?:^|;)[ \\\\t]*");
		sdi_nginx_inside_regex(ng->out, canary->cookie);
		sdi_buf_printf(ng->out, "=%s[ \\\\t]*(?:;|$)\" %zu;", words[k], k);
	}
	conf_lit(ng->out, " }\n");
}

static bool has_session(const struct sdi_nginx_side *side)
{
	return side->usable && side->balance && side->balance->affinity;
}

static void write_sessions(struct sdi_nginx *ng, const struct sdi_nginx_choice *choice)
{
	size_t n = choice->sides[0].choice;
	if (!choice->cookies)
		return;
	conf_lit(ng->out, "\tmap \"");
	for (size_t i = 0; i < choice->n_sides; i++)
		if (has_session(&choice->sides[i]))
			sdi_buf_printf(ng->out, "|%zu=${sdi_c%zu_%zu}", i, n, i);
	sdi_buf_printf(ng->out, "\" $sdi_has%zu { default -;", n);
	for (size_t i = 0; i < choice->n_sides; i++)
		if (has_session(&choice->sides[i]))
			sdi_buf_printf(ng->out, " \"~\\\\|%zu=[0-9a-f]\" %zu;", i, i);
	conf_lit(ng->out, " }\n");
}

static void write_die(struct sdi_nginx *ng, const struct sdi_nginx_choice *choice)
{
	unsigned left = 10000;
	sdi_buf_printf(ng->out, "\tsplit_clients \"canary$request_id\" $sdi_die%zu {", choice->sides[0].choice);
	for (size_t i = 1; i < choice->n_sides && left; i++) {
		unsigned share = sdi_canary_share(&choice->route->canaries[i - 1], left);
		if (!share)
			continue;
		left -= share;
		if (left)
			sdi_buf_printf(ng->out, " %u.%02u%% %zu;", share / 100, share % 100, i);
		else
			sdi_buf_printf(ng->out, " * %zu;", i);
	}
	if (left)
		conf_lit(ng->out, " * -;");
	conf_lit(ng->out, " }\n");
}

/* What stands before the canary @i in the word: the session, and the pairs of those before it. */
static void write_skip(struct sdi_nginx *ng, size_t i)
{
	if (i > 1)
		sdi_buf_printf(ng->out, "\"~^-.{%zu}", 2 * (i - 1));
	else
		conf_lit(ng->out, "\"~^-");
}

static void write_rules(struct sdi_nginx *ng, const struct sdi_nginx_choice *choice)
{
	for (size_t i = 0; i < choice->n_sides; i++)
		if (has_session(&choice->sides[i]))
			sdi_buf_printf(ng->out, " \"~^%zu\" %zu;", i, i);
	for (size_t i = 1; i < choice->n_sides; i++) {
		if (!choice->sides[i].usable)
			continue;
		write_skip(ng, i);
		sdi_buf_printf(ng->out, "(?:1|-1)\" %zu;", i);
	}
	for (size_t i = 1; i < choice->n_sides; i++) {
		if (!choice->sides[i].usable)
			continue;
		write_skip(ng, i);
		sdi_buf_printf(ng->out, "--.*%zu$\" %zu;", i, i);
	}
}

/* One letter of the word: a variable, or "-" where there is none. */
static void write_letter(struct sdi_nginx *ng, bool there, const char *name, size_t n, size_t i)
{
	if (!there)
		sdi_buf_char(ng->out, '-');
	else if (i)
		sdi_buf_printf(ng->out, "${sdi_%s%zu_%zu}", name, n, i);
	else
		sdi_buf_printf(ng->out, "${sdi_%s%zu}", name, n);
}

void sdi_nginx_write_split(struct sdi_nginx *ng, const struct sdi_nginx_choice *choice)
{
	size_t n = choice->sides[0].choice;
	const struct sdi_canary *canaries = choice->route->canaries;
	for (size_t i = 1; i < choice->n_sides; i++) {
		write_header(ng, &canaries[i - 1], n, i);
		write_cookie(ng, &canaries[i - 1], n, i);
	}
	write_sessions(ng, choice);
	write_die(ng, choice);
	conf_lit(ng->out, "\tmap \"");
	write_letter(ng, choice->cookies, "has", n, 0);
	for (size_t i = 1; i < choice->n_sides; i++) {
		write_letter(ng, canaries[i - 1].header.n, "h", n, i);
		write_letter(ng, canaries[i - 1].cookie.n, "b", n, i);
	}
	sdi_buf_printf(ng->out, "${sdi_die%zu}\" $sdi_to%zu { default 0;", n, n);
	write_rules(ng, choice);
	sdi_buf_printf(ng->out, " }\n\tmap $sdi_to%zu $sdi_up%zu {", n, n);
	for (size_t i = 0; i < choice->n_sides; i++) {
		if (!choice->sides[i].usable)
			continue;
		if (i)
			sdi_buf_printf(ng->out, " %zu \"", i);
		else
			conf_lit(ng->out, " default \"");
		sdi_nginx_write_side_name(ng, &choice->sides[i]);
		conf_lit(ng->out, "\";");
	}
	conf_lit(ng->out, " }\n");
}
