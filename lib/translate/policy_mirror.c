/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies of requests. They protect nobody, so a value that is wrong costs the copies and no more. */
#include "../gateway/mirror.h"
#include "destination.h"

static struct sdi_text one(struct sdi_translation *t, enum sdi_request_var var)
{
	struct sdi_text_part *part = sdi_arena_new(t->arena, struct sdi_text_part);
	part->var = var;
	return (struct sdi_text){ part, 1 };
}

static bool has_variable(const struct sdi_text *text)
{
	for (size_t i = 0; i < text->n; i++)
		if (text->parts[i].var != SDI_VAR_NONE)
			return true;
	return false;
}

/* NGINX puts the request's query behind a path without variables. */
static void add_query(struct sdi_translation *t, struct sdi_text *text)
{
	struct sdi_text_part *parts = sdi_arena_array(t->arena, text->n + 1, struct sdi_text_part);
	memcpy(parts, text->parts, text->n * sizeof(*parts));
	parts[text->n].var = SDI_VAR_QUERY;
	*text = (struct sdi_text){ parts, text->n + 1 };
}

static bool read_target(struct sdi_translation *t, const struct sdi_text_names *names, const struct sdi_url *url,
                        struct sdi_text *ret, const char **ret_why)
{
	*ret_why = "it has a variable that is not known here";
	if (url->bare)
		*ret = one(t, SDI_VAR_REQUEST_URI);
	else if (!sdi_text_parse(t->arena, url->target, SDI_TEXT_URL, names, ret))
		return false;
	if (!has_variable(ret) && sdi_str_find(url->target, '?') < 0)
		add_query(t, ret);
	return true;
}

/* A reason that was written for a route says what that answers. */
static const char *cut_answer(struct sdi_translation *t, const char *why)
{
	struct sdi_str text = sdi_str_c(why), answer = SDI_STR("; this answers 503");
	if (sdi_str_ends(text, answer))
		text.n -= answer.n;
	return sdi_arena_printf(&t->show, "%.*s", SDI_STR_ARG(text)).p;
}

/* NULL: it is read; else why not. */
static const char *read_place(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_str text,
                              struct sdi_destination *to)
{
	const struct sdi_text_names names = { ask->pick->ns, ask->pick->name };
	struct sdi_url url;
	const char *why;
	if (!sdi_url_parse(t->arena, text, &url, &why))
		return why;
	if (url.self)
		return "its host is the one of the request, so each copy would come back and be copied again";
	if (!read_target(t, &names, &url, &to->target, &why) || !sdi_destination_read(t, &url, to, &why))
		return why;
	to->host = to->server;
	return to->backend && !to->backend->n_servers ? "its service has no endpoint with an address" : NULL;
}

static void read_host(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_text *ret)
{
	const struct sdi_text_names names = { ask->pick->ns, ask->pick->name };
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_MIRROR_HOST);
	if (!value || !value->text.n)
		return;
	if (!sdi_text_is_of(value->text, "-._:$") || !sdi_text_parse(t->arena, value->text, SDI_TEXT_URL, &names, ret))
		sdi_ask_ignore(
			t, value, SDI_REASON_VALUE_INVALID,
			"this is no host name, nor one with variables that are known here; copies name the host of "
			"mirror-target");
}

void sdi_base_mirror(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_MIRROR_TARGET);
	const struct sdi_value *body = sdi_ask_get(t, ask, SDI_WISH_MIRROR_REQUEST_BODY);
	if (!value || !value->text.n)
		return;
	struct sdi_mirror *mirror = sdi_arena_new(t->arena, struct sdi_mirror);
	const char *why = read_place(t, ask, value->text, &mirror->to);
	if (why) {
		sdi_ask_ignore(t, value, SDI_REASON_VALUE_INVALID,
		               sdi_arena_printf(&t->show, "no copies are sent: %s", cut_answer(t, why)).p);
		return;
	}
	read_host(t, ask, &mirror->to.host);
	mirror->body = !body || body->number;
	policy->mirror = mirror;
	sdi_policy_set(policy, SDI_FIELD_MIRROR);
}
