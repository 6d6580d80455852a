/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which certificate a host has. Tls entries are claims, too: the oldest wins, and a host that an older object of
 * another namespace has rules for takes none from elsewhere, or a tenant could put its own certificate before
 * somebody else's site.
 */
#include "tls.h"
#include "translation.h"

/* A secret's certificate; NULL when it is missing or unusable (diagnosed once, where it was first asked for). */
struct loaded {
	const struct sdi_certificate *certificate;
	const struct sdi_cert_names *names;
	bool missing;
	bool used;
};

static bool same_ns(const struct sdi_pick *a, const struct sdi_pick *b)
{
	return sdi_str_eq(a->ns, b->ns);
}

static void claim(struct sdi_translation *t, struct sdi_vhost *vhost, const struct sdi_pick *pick, size_t entry)
{
	struct sdi_str secret = pick->ingress->tls[entry].secret;
	const struct sdi_pick *holder = vhost->owner && !same_ns(vhost->owner, pick) ? vhost->owner : vhost->tls.pick;
	if (holder && (!same_ns(holder, pick) || !sdi_str_eq(vhost->tls.secret, secret))) {
		sdi_diag_add(&t->diag, SDI_REASON_CONFLICT, sdi_field_name(t, "spec.tls[%zu]", entry),
		             "the certificate of host \"%s\" is for Ingress %s/%s to choose, %s; this entry is left "
		             "out for it",
		             sdi_show(&t->diag, vhost->name), sdi_show(&t->diag, holder->ns),
		             sdi_show(&t->diag, holder->name),
		             holder == pick ? "which names another secret before" : "whose host it is, being older");
		return;
	}
	vhost->wants_tls = true;
	if (vhost->tls.pick)
		return;
	vhost->tls.pick = pick;
	vhost->tls.entry = entry;
	vhost->tls.secret = secret;
}

static void claim_name(struct sdi_translation *t, struct sdi_pick *pick, size_t entry, size_t i)
{
	struct sdi_str text = pick->ingress->tls[entry].hosts[i], name = { 0 };
	const char *why = text.n ? sdi_host_parse(&t->show, text, &name) : "is empty";
	if (why) {
		sdi_diag_add(&t->diag, SDI_REASON_HOST_INVALID, sdi_field_name(t, "spec.tls[%zu].hosts[%zu]", entry, i),
		             "host \"%s\" %s; it is left out", sdi_show(&t->diag, text), why);
		return;
	}
	struct sdi_vhost *vhost = sdi_vhost_find(t, name);
	if (!vhost && sdi_limit_take(t, pick, name.n))
		vhost = sdi_vhost_put(t, name);
	if (vhost)
		claim(t, vhost, pick, entry);
}

/* The host of a rule, if it was taken as one. */
static struct sdi_vhost *ruled(struct sdi_translation *t, const struct sdi_pick *pick, size_t rule)
{
	struct sdi_str name;
	if (sdi_host_parse(&t->show, pick->ingress->rules[rule].host, &name))
		return NULL;
	return sdi_vhost_find(t, name);
}

static struct sdi_vhost *wildcard_of(struct sdi_translation *t, const struct sdi_vhost *vhost)
{
	ptrdiff_t dot = sdi_str_find(vhost->name, '.');
	if (dot <= 0 || vhost->name.p[0] == '*')
		return NULL;
	struct sdi_str parent = sdi_str_from(vhost->name, (size_t)dot);
	return sdi_vhost_find(t, sdi_join(&t->show, SDI_STR("*"), parent, SDI_STR("")));
}

/* No names: those of the rules. */
static void claim_rules(struct sdi_translation *t, const struct sdi_pick *pick, size_t entry)
{
	for (size_t i = 0; i < pick->ingress->n_rules; i++) {
		struct sdi_vhost *vhost = ruled(t, pick, i);
		if (vhost && vhost->name.n)
			claim(t, vhost, pick, entry);
		else if (vhost && vhost->owner == pick)
			vhost->wants_tls =
				true; /* all other hosts: theirs is the default certificate, the operator's */
	}
}

static void say_default(struct sdi_translation *t, const struct sdi_pick *pick, size_t entry)
{
	if (pick->ingress->tls[entry].secret.n)
		return;
	sdi_diag_add(&t->diag, SDI_REASON_CERT_DEFAULT, sdi_field_name(t, "spec.tls[%zu].secretName", entry),
	             "no secret is named; the default certificate is served%s",
	             t->gateway->default_certificate ? "" : ", but none was given (--default-ssl-certificate)");
}

void sdi_read_tls(struct sdi_translation *t, struct sdi_pick *pick)
{
	const struct sdi_ingress *ingress = pick->ingress;
	if (pick->left_out || sdi_ask_of(t, pick)->wish.refused)
		return;
	sdi_diag_about(t, &ingress->object);
	for (size_t entry = 0; entry < ingress->n_tls; entry++) {
		say_default(t, pick, entry);
		if (ingress->tls[entry].n_hosts == 0)
			claim_rules(t, pick, entry);
		for (size_t i = 0; i < ingress->tls[entry].n_hosts; i++)
			claim_name(t, pick, entry, i);
	}
	/* A wildcard among its tls hosts asks for TLS on the hosts of its rules below it as well. */
	for (size_t i = 0; ingress->n_tls && i < ingress->n_rules; i++) {
		struct sdi_vhost *vhost = ruled(t, pick, i);
		struct sdi_vhost *wildcard = vhost ? wildcard_of(t, vhost) : NULL;
		if (wildcard && wildcard->tls.pick == pick && same_ns(vhost->owner, pick))
			vhost->wants_tls = true;
		/* one that no entry matches has the default certificate */
		if (vhost && vhost->name.n && vhost->owner && same_ns(vhost->owner, pick))
			vhost->near_tls = true;
	}
}

static struct loaded *load(struct sdi_translation *t, struct sdi_str ns, struct sdi_str name)
{
	struct sdi_str key = sdi_join(&t->show, ns, SDI_STR("/"), name);
	struct loaded *loaded = sdi_map_get(&t->secrets, key);
	if (loaded)
		return loaded;
	loaded = sdi_arena_new(&t->scratch, struct loaded);
	*sdi_map_put(&t->secrets, sdi_arena_copy(&t->scratch, key)) = loaded;
	const struct sdi_secret *secret =
		(const struct sdi_secret *)sdi_store_find(t->store, SDI_KIND_SECRET, ns, name);
	loaded->missing = !secret;
	if (!secret)
		return loaded;
	struct sdi_subject subject = t->diag.subject;
	sdi_diag_about(t, &secret->object);
	loaded->certificate = sdi_tls_certificate(secret, t->arena, &t->diag, t->settings->now_s, &loaded->names);
	t->diag.subject = subject;
	return loaded;
}

/* False: it names no secret that could be, diagnosed. */
static bool check_reference(struct sdi_translation *t, const struct sdi_vhost *vhost, const char *field)
{
	struct sdi_str secret = vhost->tls.secret;
	if (sdi_name_is_subdomain(secret))
		return true;
	if (sdi_str_find(secret, '/') >= 0)
		sdi_diag_add(
			&t->diag, SDI_REASON_CROSS_NAMESPACE, field,
			"\"%s\": a secret must be in the namespace of its Ingress and is named without it; host \"%s\" "
			"gets the default certificate",
			sdi_show(&t->diag, secret), sdi_show(&t->diag, vhost->name));
	else
		sdi_diag_add(&t->diag, SDI_REASON_SECRET_INVALID, field,
		             "\"%s\" is not the name of a secret; host \"%s\" gets the default certificate",
		             sdi_show(&t->diag, secret), sdi_show(&t->diag, vhost->name));
	return false;
}

static const struct sdi_certificate *use(struct sdi_translation *t, struct loaded *loaded)
{
	if (!loaded->used)
		*sdi_vec_push(&t->used_certificates, &t->scratch) = loaded->certificate;
	loaded->used = true;
	return loaded->certificate;
}

static void say_unfit(struct sdi_translation *t, const struct sdi_vhost *vhost, bool missing, const char *field)
{
	const char *host = sdi_show(&t->diag, vhost->name), *secret = sdi_show(&t->diag, vhost->tls.secret);
	if (missing)
		sdi_diag_add(
			&t->diag, SDI_REASON_SECRET_NOT_FOUND, field,
			"secret \"%s\" does not exist (yet); host \"%s\" gets the default certificate until it does",
			secret, host);
	else
		sdi_diag_add(
			&t->diag, SDI_REASON_CERT_HOST, field,
			"the certificate in secret \"%s\" is not for host \"%s\", which gets the default certificate",
			secret, host);
}

static const struct sdi_certificate *certificate_of(struct sdi_translation *t, const struct sdi_vhost *vhost)
{
	if (!vhost->tls.pick || !vhost->tls.secret.n)
		return NULL;
	sdi_diag_about(t, &vhost->tls.pick->ingress->object);
	const char *field = sdi_field_name(t, "spec.tls[%zu].secretName", vhost->tls.entry);
	if (!check_reference(t, vhost, field))
		return NULL;
	struct loaded *loaded = load(t, vhost->tls.pick->ns, vhost->tls.secret);
	if (loaded->certificate && sdi_cert_covers(loaded->names, vhost->name))
		return use(t, loaded);
	if (loaded->certificate || loaded->missing) /* else it was said of the secret */
		say_unfit(t, vhost, loaded->missing, field);
	return NULL;
}

/*
 * What a wildcard's certificate means to an exact host: one of the same namespace serves it when no entry names the
 * host itself. In any other case a proxy that picks certificates by name would still find the wildcard's, so the
 * default one is put there by name.
 */
static void look_at_wildcard(struct sdi_translation *t, struct sdi_vhost *vhost)
{
	const struct sdi_vhost *wildcard = wildcard_of(t, vhost);
	if (wildcard && wildcard->tls.pick && vhost->owner && same_ns(vhost->owner, wildcard->tls.pick))
		vhost->near_tls = true;
	if (vhost->certificate || !wildcard || !wildcard->certificate)
		return;
	if (!vhost->tls.pick && vhost->owner && same_ns(vhost->owner, wildcard->tls.pick))
		vhost->certificate = wildcard->certificate;
	else
		vhost->certificate = t->gateway->default_certificate;
}

void sdi_resolve_certificates(struct sdi_translation *t)
{
	for (size_t i = 0; i < t->vhosts.n; i++) {
		sdi_arena_clear(&t->show);
		t->vhosts.p[i]->certificate = certificate_of(t, t->vhosts.p[i]);
	}
	for (size_t i = 0; i < t->vhosts.n; i++) {
		sdi_arena_clear(&t->show);
		look_at_wildcard(t, t->vhosts.p[i]);
	}
}
