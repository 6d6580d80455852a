/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw configuration that the operator allowed (guard.c has turned away all other). What can't be given and may keep
 * somebody out closes the routes of its Ingress; other snippets cost no more than themselves.
 */
#include "../dialect/snippet.h"
#include "translation.h"

static const struct {
	enum sdi_wish_id id;
	enum sdi_snippet_context context;
} annotations[] = {
	{ SDI_WISH_CONFIGURATION_SNIPPET, SDI_SNIPPET_LOCATION },
	{ SDI_WISH_AUTH_SNIPPET, SDI_SNIPPET_LOCATION },
	{ SDI_WISH_SERVER_SNIPPET, SDI_SNIPPET_SERVER },
};

/* NULL: nothing to write, or refused and said so. */
static const struct sdi_raw *read(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_value *value,
                                  enum sdi_snippet_context context)
{
	struct sdi_raw *raw = sdi_arena_new(t->arena, struct sdi_raw);
	const char *why = sdi_snippet_read(t->arena, context, value->text, t->gateway->globals.raw[SDI_RAW_HTTP], raw);
	/* part of an authentication, whatever it says */
	bool guards = value->id == SDI_WISH_AUTH_SNIPPET || value->id == SDI_WISH_GLOBAL_AUTH_SNIPPET;
	if (!why) {
		raw->key = sdi_arena_copy(t->arena, value->key);
		raw->protects |= guards;
		return raw->n || raw->n_answers ? raw : NULL;
	}
	if (guards || sdi_snippet_protects(value->text))
		sdi_ask_deny(t, ask, value, why);
	else
		sdi_diag_add(&t->diag, SDI_REASON_VALUE_INVALID, sdi_show(&t->diag, value->key),
		             "the snippet is refused (%s); it has no effect", why);
	return NULL;
}

/* Of the authentication service of all, for an Ingress that has none of its own. */
static const struct sdi_raw *read_global(struct sdi_translation *t, struct sdi_ask *ask,
                                         const struct sdi_policy *policy)
{
	const struct sdi_value *value = sdi_wish_get(&t->base, SDI_WISH_GLOBAL_AUTH_SNIPPET);
	if (!value || !value->text.n || !policy->auth || sdi_wish_get(&ask->wish, SDI_WISH_AUTH_URL))
		return NULL;
	if (t->settings->allow_snippets)
		return read(t, ask, value, SDI_SNIPPET_LOCATION);
	sdi_ask_deny(t, ask, value, "snippets are off; the operator may turn them on with --allow-snippets");
	return NULL;
}

/* The snippet @id of the Ingress. As in the original, one for a question that is not its own says nothing. */
static const struct sdi_value *own_value(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id)
{
	const struct sdi_value *value = sdi_wish_get(&ask->wish, id);
	if (!value || !value->text.n)
		return NULL;
	if (id != SDI_WISH_AUTH_SNIPPET || sdi_wish_get(&ask->wish, SDI_WISH_AUTH_URL))
		return value;
	sdi_diag_add(&t->diag, SDI_REASON_SNIPPET_IGNORED, sdi_show(&t->diag, value->key),
	             "there is no auth-url that it could belong to; it has no effect");
	return NULL;
}

void sdi_base_snippet(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_raw *raw[3] = { NULL };
	bool any = false;
	for (size_t i = 0; i < 3; i++) {
		const struct sdi_value *value = own_value(t, ask, annotations[i].id);
		raw[i] = value ? read(t, ask, value, annotations[i].context) : NULL;
		any |= raw[i] != NULL;
	}
	if (!raw[1])
		any |= (raw[1] = read_global(t, ask, policy)) != NULL;
	if (!any)
		return;
	struct sdi_snippet *snippet = sdi_arena_new(t->arena, struct sdi_snippet);
	*snippet = (struct sdi_snippet){ .location = raw[0], .auth = raw[1], .server = raw[2] };
	policy->snippet = snippet;
	sdi_policy_set(policy, SDI_FIELD_SNIPPET);
}

/* The controller's ConfigMap: only with the operator's own switch, since a ConfigMap may be in the hands of others. */
void sdi_read_raw(struct sdi_translation *t)
{
	static const enum sdi_raw_place order[] = { SDI_RAW_HTTP, SDI_RAW_MAIN, SDI_RAW_SERVER, SDI_RAW_LOCATION };
	static const enum sdi_snippet_context contexts[] = { SDI_SNIPPET_MAIN, SDI_SNIPPET_HTTP, SDI_SNIPPET_SERVER,
		                                             SDI_SNIPPET_LOCATION };
	for (size_t i = 0; i < SDI_RAW__COUNT; i++) {
		enum sdi_raw_place place = order[i];
		const struct sdi_value *value =
			sdi_wish_get(&t->base, (enum sdi_wish_id)(SDI_WISH_RAW_MAIN + (int)place));
		if (!value)
			continue;
		struct sdi_raw *raw = sdi_arena_new(t->arena, struct sdi_raw);
		const char *why = "snippets are off; the operator may turn them on with --allow-snippets";
		if (t->settings->allow_snippets)
			why = sdi_snippet_read(t->arena, contexts[place], value->text,
			                       t->gateway->globals.raw[SDI_RAW_HTTP], raw);
		bool closes = why && sdi_snippet_protects(value->text);
		if (!why) {
			raw->key = sdi_arena_copy(t->arena, value->key);
			t->gateway->globals.raw[place] = raw->n || raw->n_answers ? raw : NULL;
			continue;
		}
		sdi_diag_add(&t->diag, closes ? SDI_REASON_PROTECTION_DENIED : SDI_REASON_SNIPPET_IGNORED,
		             sdi_show(&t->diag, value->key), "the snippet \"%s\" is not written (%s)%s",
		             sdi_show(&t->diag, value->text), why,
		             closes ? ", and it may keep somebody out: everything that it was meant for answers 503" :
		                      "");
		if (closes && !t->base.denied_by.n)
			t->base.denied_by = value->key;
	}
}
