/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ModSecurity firewall: asked for by an Ingress, or by the controller's ConfigMap for all that do not say "false".
 * No proxy has it as it comes, so the operator has to say that it is there; what can't be given answers 503.
 */
#include "../dialect/seclang.h"
#include "../dialect/values.h"
#include "auth_text.h"
#include "translation.h"

enum { ID_BYTES = 200 };

#define NOT_HERE                                                                                                \
	"no stock proxy has ModSecurity; NGINX has it as a module, which the setting nginx-modsecurity-module " \
	"names (Debian's package libnginx-mod-http-modsecurity), or inspect requests before this proxy or behind it"
#define NO_RULES                                                                                              \
	"the setting nginx-modsecurity-crs does not say where the OWASP core rules are (Debian's package is " \
	"modsecurity-crs)"
#define NO_SNIPPETS "snippets are off; the operator may turn them on with --allow-snippets"

/* What @ask says beside enable-modsecurity; NULL: nothing. */
static const struct sdi_value *half(const struct sdi_ask *ask)
{
	const struct sdi_value *rules = sdi_wish_get(&ask->wish, SDI_WISH_ENABLE_OWASP_CORE_RULES);
	const struct sdi_value *snippet = sdi_wish_get(&ask->wish, SDI_WISH_MODSECURITY_SNIPPET);
	if (snippet && snippet->text.n)
		return snippet;
	return rules && rules->number ? rules : NULL;
}

/* Without the switch the controller does nothing with the rest; but somebody wanted to be protected. */
static void close_half(struct sdi_translation *t, struct sdi_ask *ask, bool switched_off)
{
	const struct sdi_value *value = half(ask);
	const struct sdi_value *id = sdi_wish_get(&ask->wish, SDI_WISH_MODSECURITY_TRANSACTION_ID);
	if (id)
		sdi_ask_ignore(t, id, SDI_REASON_ANNOTATION_NONE,
		               "nothing is inspected without enable-modsecurity; this has no effect");
	if (value && switched_off)
		sdi_ask_ignore(t, value, SDI_REASON_ANNOTATION_CONFLICT,
		               "enable-modsecurity is \"false\"; this has no effect");
	else if (value)
		sdi_ask_deny(t, ask, value, "enable-modsecurity is not \"true\", and nothing is inspected without it");
}

/* A rule of @rules whose id the ConfigMap's rules have, too: ModSecurity would not start with both. 0: none. */
static unsigned find_twin(const struct sdi_waf_rules *rules, const struct sdi_waf_rules *others)
{
	for (size_t i = 0; others && i < rules->n_ids; i++)
		for (size_t k = 0; k < others->n_ids; k++)
			if (rules->ids[i] == others->ids[k])
				return rules->ids[i];
	return 0;
}

/* The rules of @ask's own in @waf; false: they can't be given, and it is closed. */
static bool read_rules(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_waf *waf)
{
	const struct sdi_value *value = sdi_wish_get(&ask->wish, SDI_WISH_MODSECURITY_SNIPPET);
	if (!value || !value->text.n)
		return true;
	struct sdi_waf_rules *rules = sdi_arena_new(t->arena, struct sdi_waf_rules);
	sdi_arena_clear(&t->pattern);
	const char *why = sdi_seclang_read(t->arena, &t->pattern, value->text, rules);
	unsigned twin = why || !waf->global ? 0 : find_twin(rules, t->gateway->globals.waf.rules);
	if (twin)
		why = sdi_arena_printf(&t->show, "a rule of the ConfigMap has the id %u, too", twin).p;
	if (why) {
		sdi_ask_deny(t, ask, value, why);
		return false;
	}
	waf->rules = rules;
	waf->core |= rules->core;
	return true;
}

/* The core rules in @waf; the same. What the ConfigMap says holds wherever something is inspected. */
static bool read_core(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_waf *waf)
{
	const struct sdi_value *own = sdi_wish_get(&ask->wish, SDI_WISH_ENABLE_OWASP_CORE_RULES);
	const struct sdi_value *asked =
		own && own->number ? own : sdi_wish_get(&ask->wish, SDI_WISH_MODSECURITY_SNIPPET);
	waf->core |= (own && own->number) || (waf->global && t->gateway->globals.waf.core);
	if (!waf->core || t->settings->modsecurity_crs.n)
		return true;
	sdi_ask_deny(t, ask, asked, NO_RULES); /* the ConfigMap's would have closed all of it before */
	return false;
}

/* It protects nothing, so one that is not valid costs itself. */
static void read_id(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_waf *waf)
{
	const struct sdi_value *value = sdi_wish_get(&ask->wish, SDI_WISH_MODSECURITY_TRANSACTION_ID);
	const struct sdi_text_names names = { ask->pick->ns, ask->pick->name };
	struct sdi_text *text = sdi_arena_new(t->arena, struct sdi_text);
	if (!value || !value->text.n)
		return;
	if (value->text.n <= ID_BYTES && sdi_text_is_of(value->text, "-_${}") &&
	    sdi_text_parse(t->arena, value->text, SDI_TEXT_VALUE, &names, text))
		waf->id = text;
	else
		sdi_ask_ignore(
			t, value, SDI_REASON_VALUE_INVALID,
			"write letters, digits, - and _, and variables that are known here, such as $request_id; "
			"transactions get an id that is made up");
}

void sdi_base_waf(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *own = sdi_wish_get(&ask->wish, SDI_WISH_ENABLE_MODSECURITY);
	const struct sdi_value *on = sdi_ask_get(t, ask, SDI_WISH_ENABLE_MODSECURITY);
	if (!on || !on->number) {
		close_half(t, ask, own);
		return;
	}
	bool global = t->gateway->globals.waf.on && ask->dialect == SDI_DIALECT_INGRESS_NGINX;
	if (global && t->waf_denied_by.n) { /* the ConfigMap was told of it */
		if (!ask->wish.denied_by.n)
			ask->wish.denied_by = t->waf_denied_by;
		return;
	}
	if (!t->settings->modsecurity_module.n) {
		sdi_ask_deny(t, ask, on, NOT_HERE);
		return;
	}
	struct sdi_waf *waf = sdi_arena_new(t->arena, struct sdi_waf);
	waf->key = sdi_arena_copy(t->arena, on->key);
	waf->global = global;
	if (!read_rules(t, ask, waf) || !read_core(t, ask, waf))
		return;
	read_id(t, ask, waf);
	policy->waf = waf;
	sdi_policy_set(policy, SDI_FIELD_WAF);
}

static void deny_all(struct sdi_translation *t, const struct sdi_value *value, const char *why)
{
	sdi_diag_add(&t->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&t->diag, value->key),
	             "this protection can't be given (%s), so every Ingress that does not say enable-modsecurity: "
	             "\"false\" answers 503",
	             why);
	if (!t->waf_denied_by.n)
		t->waf_denied_by = value->key;
}

static void read_global_rules(struct sdi_translation *t, const struct sdi_value *value, struct sdi_global_waf *waf)
{
	struct sdi_waf_rules *rules = sdi_arena_new(t->arena, struct sdi_waf_rules);
	const char *why = NO_SNIPPETS;
	sdi_arena_clear(&t->pattern);
	if (t->settings->allow_snippets)
		why = sdi_seclang_read(t->arena, &t->pattern, value->text, rules);
	if (why) {
		deny_all(t, value, why);
		return;
	}
	waf->rules = rules;
	waf->core |= rules->core;
}

/* "" is not set; what is no switch may have been meant as one. */
static void read_global_core(struct sdi_translation *t, const struct sdi_value *value, struct sdi_global_waf *waf)
{
	struct sdi_value read = *value;
	const char *why;
	if (!sdi_parse_bool(NULL, value->text, &t->scratch, &read, &why))
		deny_all(t, value, why);
	waf->core |= read.number;
}

static void tell_void(struct sdi_translation *t, const struct sdi_value *value)
{
	if (value && !sdi_str_is(value->text, "false"))
		sdi_ask_ignore(t, value, SDI_REASON_CONFIG_UNSUPPORTED,
		               "enable-modsecurity is not \"true\"; this has no effect");
}

void sdi_read_waf(struct sdi_translation *t)
{
	struct sdi_global_waf *waf = &t->gateway->globals.waf;
	const struct sdi_value *on = sdi_wish_get(&t->base, SDI_WISH_ENABLE_MODSECURITY);
	const struct sdi_value *core = sdi_wish_get(&t->base, SDI_WISH_GLOBAL_OWASP_CORE_RULES);
	const struct sdi_value *rules = sdi_wish_get(&t->base, SDI_WISH_GLOBAL_MODSECURITY_SNIPPET);
	waf->on = on && on->number;
	if (!waf->on) {
		tell_void(t, core);
		tell_void(t, rules);
		return;
	}
	if (!t->settings->modsecurity_module.n) {
		deny_all(t, on, NOT_HERE);
		return;
	}
	if (rules)
		read_global_rules(t, rules, waf);
	if (core)
		read_global_core(t, core, waf);
	if (waf->core && !t->settings->modsecurity_crs.n)
		deny_all(t, core ? core : rules, NO_RULES);
}
