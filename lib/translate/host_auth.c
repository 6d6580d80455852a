/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Client certificates of a host. The oldest ingress that names a CA decides for all paths; what can't be given closes
 * the host, whoever asked for it.
 */
#include "../base/regex.h"
#include "../gateway/auth.h"
#include "auth_text.h"
#include "ca.h"
#include "translation.h"

struct reading {
	struct sdi_translation *t;
	struct sdi_ask *ask;
	struct sdi_client_cert *cert;
	const char *why;
};

static bool wrong(struct reading *r, const char *why)
{
	r->why = why;
	return false;
}

static struct sdi_str item(const struct sdi_secret *secret, struct sdi_str key)
{
	const struct sdi_secret_item *found = sdi_secret_find(secret, key);
	return found && !found->invalid ? sdi_str_make(found->value.p, found->value.n) : (struct sdi_str){ 0 };
}

static bool read_secret(struct reading *r, const struct sdi_value *value)
{
	enum { LONGEST = 160 };
	ptrdiff_t slash = sdi_str_find(value->text, '/');
	if (slash <= 0)
		return wrong(r, "write NAMESPACE/NAME of a secret");
	struct sdi_str ns = sdi_str_head(value->text, (size_t)slash),
		       name = sdi_str_from(value->text, (size_t)slash + 1);
	if (!sdi_name_is_label(ns) || !sdi_name_is_subdomain(name))
		return wrong(r, "write NAMESPACE/NAME of a secret");
	if (!sdi_str_eq(ns, r->ask->pick->ns) && !sdi_ask_is_on(r->t, r->ask, SDI_WISH_ALLOW_CROSS_NAMESPACE))
		return wrong(r, "the secret is in another namespace");
	const struct sdi_secret *secret =
		(const struct sdi_secret *)sdi_store_find(r->t->store, SDI_KIND_SECRET, ns, name);
	if (!secret)
		return wrong(r, "there is no such secret");
	if (!sdi_ca_read(r->t->arena, item(secret, SDI_STR("ca.crt")), SDI_CA_CERTIFICATES, &r->cert->ca_pem))
		return wrong(r, "the secret has no key ca.crt with certificates");
	if (sdi_secret_find(secret, SDI_STR("ca.crl")) &&
	    !sdi_ca_read(r->t->arena, item(secret, SDI_STR("ca.crl")), SDI_CA_LISTS, &r->cert->crl_pem))
		return wrong(r, "its key ca.crl is not a list of revoked certificates");
	r->cert->id =
		sdi_arena_printf(r->t->arena, "%.*s_%.*s", SDI_STR_ARG(ns), SDI_STR_ARG(sdi_str_head(name, LONGEST)));
	if (name.n > LONGEST)
		r->cert->id = sdi_arena_printf(r->t->arena, "%.*s_%016llx", SDI_STR_ARG(r->cert->id),
		                               (unsigned long long)sdi_hash(name));
	return true;
}

static bool read_match(struct reading *r)
{
	const struct sdi_value *value = sdi_ask_get(r->t, r->ask, SDI_WISH_AUTH_TLS_MATCH_CN);
	if (!value)
		return true;
	if (!sdi_str_starts(value->text, SDI_STR("CN=")) ||
	    !sdi_regex_is_for_headers(&r->t->show, sdi_str_from(value->text, 3)))
		return wrong(r, "auth-tls-match-cn is not \"CN=\" and a regular expression that both proxies take");
	r->cert->match = sdi_arena_copy(r->t->arena, value->text);
	return true;
}

static bool is_url(struct sdi_str text)
{
	size_t scheme = sdi_str_starts(text, SDI_STR("https://")) ? 8 :
	                sdi_str_starts(text, SDI_STR("http://"))  ? 7 :
	                                                            0;
	return scheme && text.n > scheme && text.n < 1000 && text.p[scheme] != '/' && sdi_text_is_of(text, "-._:/");
}

static void read_rest(struct reading *r)
{
	const struct sdi_value *value = sdi_ask_get(r->t, r->ask, SDI_WISH_AUTH_TLS_VERIFY_CLIENT);
	r->cert->verify = value ? (enum sdi_verify_client)value->number : SDI_VERIFY_ON;
	value = sdi_ask_get(r->t, r->ask, SDI_WISH_AUTH_TLS_VERIFY_DEPTH);
	r->cert->depth = value && value->number ? (unsigned)value->number : 1;
	r->cert->pass = sdi_ask_is_on(r->t, r->ask, SDI_WISH_AUTH_TLS_PASS_CERTIFICATE_TO_UPSTREAM);
	value = sdi_ask_get(r->t, r->ask, SDI_WISH_AUTH_TLS_ERROR_PAGE);
	if (value && is_url(value->text))
		r->cert->error_page = sdi_arena_copy(r->t->arena, value->text);
	else if (value)
		sdi_ask_ignore(r->t, value, SDI_REASON_VALUE_INVALID,
		               "only a whole URL, http://… or https://…, can be given; such clients are answered 400");
}

/* What @ask wants; never NULL. */
static const struct sdi_client_cert *read(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_value *value)
{
	struct reading r = { t, ask, sdi_arena_new(t->arena, struct sdi_client_cert), NULL };
	struct sdi_subject subject = t->diag.subject;
	sdi_diag_about(t, &ask->pick->ingress->object);
	if (read_secret(&r, value) && read_match(&r)) {
		read_rest(&r);
	} else {
		r.cert->refuse = true;
		sdi_diag_add(&t->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&t->diag, value->key),
		             "client certificates can't be checked (%s), so all hosts of this Ingress answer 403",
		             r.why);
	}
	t->diag.subject = subject;
	return r.cert;
}

/* Made once per ingress, whatever the number of its hosts. */
static const struct sdi_client_cert *cert_of(struct sdi_translation *t, struct sdi_pick *pick)
{
	struct sdi_ask *ask = sdi_ask_of(t, pick);
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_AUTH_TLS_SECRET);
	if (!value)
		return NULL;
	if (!ask->client_cert)
		ask->client_cert = read(t, ask, value);
	return ask->client_cert;
}

static void consider(struct sdi_translation *t, struct sdi_pick *pick, const struct sdi_client_cert **best, size_t *age)
{
	const struct sdi_client_cert *cert = pick ? cert_of(t, pick) : NULL;
	if (!cert || (*best && (*best)->refuse))
		return;
	if (cert->refuse || !*best || pick->age < *age) {
		*best = cert;
		*age = pick->age;
	}
}

void sdi_host_auth(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host)
{
	size_t age = 0;
	for (size_t i = 0; i < vhost->claims.n; i++)
		consider(t, vhost->claims.p[i].pick, &host->client_cert, &age);
	consider(t, vhost->fallback.pick, &host->client_cert, &age);
	if (!host->name.n)
		consider(t, t->catch_all.pick, &host->client_cert, &age);
}
