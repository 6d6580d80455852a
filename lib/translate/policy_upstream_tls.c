/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLS and FastCGI to endpoints: what comes from Secrets and ConfigMaps. As in the original all other proxy-ssl-*
 * annotations count only beside proxy-ssl-secret; but a verification that was asked for and can't be given closes
 * the route, and nothing of it reaches other Ingresses of the host. Without TLS there is nothing to verify: such a
 * route is served, as it is by the original.
 */
#include "../base/limits.h"
#include "../dialect/values.h"
#include "ca.h"
#include "policy_upstream.h"
#include "tls.h"

enum { PARAMS_MAX = 200, NAME_MAX_BYTES = 64 };

static bool uses_tls(const struct sdi_upstream *up)
{
	return up->protocol == SDI_UPSTREAM_HTTPS || up->protocol == SDI_UPSTREAM_GRPCS ||
	       up->protocol == SDI_UPSTREAM_AUTO;
}

static bool has_item(const struct sdi_secret *secret, const char *key)
{
	return sdi_secret_find(secret, sdi_str_c(key));
}

/* The client's pair and the CA, of which one is enough. NULL: all is there; else why not. */
static const char *read_secret(struct sdi_translation *t, const struct sdi_secret *secret, struct sdi_upstream_tls *tls)
{
	struct sdi_diag_ctx ctx = t->diag;
	const struct sdi_cert_names *names;
	const struct sdi_secret_item *ca = sdi_secret_find(secret, SDI_STR("ca.crt"));
	bool pair = has_item(secret, "tls.crt") || has_item(secret, "tls.key");
	ctx.subject = sdi_object_subject(&secret->object);
	if (!pair && !ca)
		return "the secret has neither tls.crt and tls.key nor ca.crt";
	if (pair && !(tls->certificate = sdi_tls_certificate(secret, t->arena, &ctx, t->settings->now_s, &names)))
		return "the certificate in the secret can't be used";
	if (ca && (ca->invalid ||
	           !sdi_ca_read(t->arena, sdi_str_make(ca->value.p, ca->value.n), SDI_CA_CERTIFICATES, &tls->ca_pem)))
		return "the secret's key ca.crt has no certificates";
	return NULL;
}

static const char *find_secret(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_str reference,
                               struct sdi_upstream_tls *tls)
{
	enum { LONGEST = 160 };
	ptrdiff_t slash = sdi_str_find(reference, '/');
	if (slash <= 0)
		return "write NAMESPACE/NAME of a secret";
	struct sdi_str ns = sdi_str_head(reference, (size_t)slash), name = sdi_str_from(reference, (size_t)slash + 1);
	if (!sdi_str_eq(ns, ask->pick->ns) && !sdi_ask_is_on(t, ask, SDI_WISH_ALLOW_CROSS_NAMESPACE))
		return "the secret is in another namespace";
	const struct sdi_secret *secret =
		(const struct sdi_secret *)sdi_store_find(t->store, SDI_KIND_SECRET, ns, name);
	if (!secret)
		return "there is no such secret";
	tls->id = name.n <= LONGEST ? sdi_arena_printf(t->arena, "%.*s_%.*s", SDI_STR_ARG(ns), SDI_STR_ARG(name)) :
	                              sdi_arena_printf(t->arena, "%.*s_%016llx", SDI_STR_ARG(ns),
	                                               (unsigned long long)sdi_hash(name));
	return read_secret(t, secret, tls);
}

static void read_options(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_upstream_tls *tls,
                         struct sdi_policy *policy)
{
	const struct sdi_value *name = sdi_ask_get(t, ask, SDI_WISH_PROXY_SSL_NAME);
	const struct sdi_value *versions = sdi_ask_get(t, ask, SDI_WISH_PROXY_SSL_PROTOCOLS);
	const struct sdi_value *ciphers = sdi_ask_get(t, ask, SDI_WISH_PROXY_SSL_CIPHERS);
	const struct sdi_value *depth = sdi_ask_get(t, ask, SDI_WISH_PROXY_SSL_VERIFY_DEPTH);
	tls->sni = sdi_ask_is_on(t, ask, SDI_WISH_PROXY_SSL_SERVER_NAME);
	tls->versions = versions ? (unsigned)versions->number : SDI_TLS_1_2;
	tls->depth = depth && depth->number ? (unsigned)depth->number : 1;
	if (name)
		tls->name = sdi_arena_copy(t->arena, name->text);
	if (ciphers && sdi_ciphers_are_fine(t, ciphers->text))
		tls->ciphers = sdi_arena_copy(t->arena, ciphers->text);
	else if (ciphers)
		sdi_ask_ignore(t, ciphers, SDI_REASON_VALUE_INVALID,
		               "OpenSSL knows none of these ciphers; the default ones hold");
	if (depth && tls->verify)
		sdi_policy_set(policy, SDI_FIELD_UPSTREAM_TLS_DEPTH);
}

void sdi_upstream_add_tls(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_upstream *up,
                          struct sdi_policy *policy)
{
	const struct sdi_value *secret = sdi_ask_get(t, ask, SDI_WISH_PROXY_SSL_SECRET);
	const struct sdi_value *verify = sdi_ask_get(t, ask, SDI_WISH_PROXY_SSL_VERIFY);
	struct sdi_upstream_tls *tls = sdi_arena_new(t->arena, struct sdi_upstream_tls);
	const char *why = NULL;
	tls->verify = verify && verify->number && uses_tls(up);
	if (verify && verify->number && !uses_tls(up))
		sdi_ask_ignore(
			t, verify, SDI_REASON_ANNOTATION_NONE,
			"nothing is verified over plain HTTP; backend-protocol has to be HTTPS, GRPCS or AUTO_HTTP");
	if (tls->verify && !secret)
		why = "proxy-ssl-secret has to name a secret with ca.crt";
	else if (secret)
		why = find_secret(t, ask, secret->text, tls);
	if (!why && tls->verify && !tls->ca_pem.n)
		why = "the secret of proxy-ssl-secret has no ca.crt";
	if (why)
		sdi_ask_deny(t, ask, tls->verify ? verify : secret, why);
	if (why || !secret || !uses_tls(up))
		return;
	read_options(t, ask, tls, policy);
	up->tls = tls;
	sdi_policy_set(policy, SDI_FIELD_UPSTREAM_TLS);
}

/* What the interfaces of NGINX and HAProxy take as a name, and PHP and CGI look for. */
static bool is_param(struct sdi_str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(name.p[i])) && name.p[i] != '_')
			return false;
	return name.n && name.n <= NAME_MAX_BYTES;
}

/* NULL: all of them are fine; else why not. */
static const char *read_params(struct sdi_translation *t, const struct sdi_configmap *map, struct sdi_fastcgi *ret)
{
	static const struct sdi_text_grammar grammar = { (1u << SDI_FACT__COUNT) - 2, "-._/:,;=+@~?& ()", 1024, "" };
	if (map->n_data > PARAMS_MAX)
		return "the ConfigMap has more than 200 keys";
	ret->params = sdi_arena_array(t->arena, map->n_data, struct sdi_fastcgi_param);
	for (size_t i = 0; i < map->n_data; i++) {
		struct sdi_fastcgi_param *param = &ret->params[i];
		if (!is_param(map->data[i].key))
			return "a key of the ConfigMap is not the name of a parameter";
		if (!sdi_value_text(sdi_str_trim(map->data[i].value), &grammar, t->arena, &param->value))
			return "a value of the ConfigMap is empty, or has characters or variables that are not known "
			       "here";
		param->name = sdi_arena_copy(t->arena, map->data[i].key);
	}
	ret->n_params = map->n_data;
	return NULL;
}

static const char *find_params(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_str reference,
                               struct sdi_fastcgi *ret)
{
	ptrdiff_t slash = sdi_str_find(reference, '/');
	struct sdi_str name = sdi_str_from(reference, (size_t)(slash + 1));
	if (slash >= 0 && !sdi_str_eq(sdi_str_head(reference, (size_t)slash), ask->pick->ns))
		return "the ConfigMap is in another namespace";
	const struct sdi_configmap *map = (const struct sdi_configmap *)sdi_store_find(
		t->store, SDI_KIND_CONFIGMAP, ask->pick->ingress->object.ns, name);
	return map ? read_params(t, map, ret) : "there is no such ConfigMap";
}

void sdi_upstream_add_fastcgi(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_upstream *up,
                              struct sdi_policy *policy)
{
	const struct sdi_value *index = sdi_ask_get(t, ask, SDI_WISH_FASTCGI_INDEX);
	const struct sdi_value *params = sdi_ask_get(t, ask, SDI_WISH_FASTCGI_PARAMS_CONFIGMAP);
	if (up->protocol != SDI_UPSTREAM_FASTCGI)
		return;
	struct sdi_fastcgi *made = sdi_arena_new(t->arena, struct sdi_fastcgi);
	if (index)
		made->index = sdi_arena_copy(t->arena, index->text);
	const char *why = params ? find_params(t, ask, params->text, made) : NULL;
	if (why)
		sdi_ask_deny(t, ask, params, why);
	up->fastcgi = made;
	sdi_policy_set(policy, SDI_FIELD_FASTCGI);
}
