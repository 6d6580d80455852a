/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ModSecurity firewall: asked for by an Ingress, or by the controller's ConfigMap for all that do not say "false".
 * No stock proxy has it, so what it was meant for answers 503.
 */
#include "translation.h"

#define NOT_HERE "ModSecurity is no part of a stock proxy; inspect requests before this proxy or behind it"

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

void sdi_base_waf(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *own = sdi_wish_get(&ask->wish, SDI_WISH_ENABLE_MODSECURITY);
	const struct sdi_value *on = sdi_ask_get(t, ask, SDI_WISH_ENABLE_MODSECURITY);
	(void)policy;
	if (!on || !on->number) {
		close_half(t, ask, own);
		return;
	}
	if (own)
		sdi_ask_deny(t, ask, own, NOT_HERE);
	else if (!ask->wish.denied_by.n)
		ask->wish.denied_by = on->key; /* the ConfigMap was told of it */
}

void sdi_read_waf(struct sdi_translation *t)
{
	const struct sdi_value *on = sdi_wish_get(&t->base, SDI_WISH_ENABLE_MODSECURITY);
	const struct sdi_value *rules = sdi_wish_get(&t->base, SDI_WISH_GLOBAL_OWASP_CORE_RULES);
	const struct sdi_value *snippet = sdi_wish_get(&t->base, SDI_WISH_GLOBAL_MODSECURITY_SNIPPET);
	if (on && on->number) {
		sdi_diag_add(&t->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&t->diag, on->key),
		             "this protection can't be given (" NOT_HERE
		             "), so every Ingress that does not say enable-modsecurity: \"false\" answers 503");
		return;
	}
	if (rules && !sdi_str_is(rules->text, "false"))
		sdi_ask_ignore(t, rules, SDI_REASON_CONFIG_UNSUPPORTED,
		               "enable-modsecurity is not \"true\"; this has no effect");
	if (snippet)
		sdi_ask_ignore(t, snippet, SDI_REASON_CONFIG_UNSUPPORTED,
		               "enable-modsecurity is not \"true\"; this has no effect");
}
