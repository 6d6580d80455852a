/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From annotations to policies. An ingress's annotations are read once, each dialect on its own, and joined to one
 * wish; a route's policy is that wish in its circumstances (does the host have TLS, what do the settings say).
 *
 * A protection that can't be given denies the whole ingress: see guard.c.
 */
#include "translation.h"

struct sdi_asked {
	struct sdi_wish wish;
	int redirect_dialect;                 /* whose rule for redirects to TLS holds */
	bool has_tls;                         /* a tls entry that names hosts */
	const struct sdi_policy *policies[2]; /* on a host without and with TLS */
};

static const char acme_path[] = "/.well-known/acme-challenge";

static bool is_acme(struct sdi_str path)
{
	return sdi_str_starts(path, sdi_str_c(acme_path)) &&
	       (path.n == sizeof(acme_path) - 1 || path.p[sizeof(acme_path) - 1] == '/');
}

/* Made by cert-manager while a certificate is being issued: nothing but challenges, whatever its annotations say. */
static bool is_solver(const struct sdi_ingress *ingress)
{
	size_t paths = 0;
	for (size_t i = 0; i < ingress->n_rules; i++)
		for (size_t k = 0; k < ingress->rules[i].n_paths; k++, paths++)
			if (!is_acme(ingress->rules[i].paths[k].path))
				return false;
	return paths && !ingress->has_default;
}

/* Members of a wish that dialects may disagree about. */
#define MEMBER(member)                                                                             \
	{                                                                                          \
		offsetof(struct sdi_wish, member), sizeof(((struct sdi_wish *)0)->member), #member \
	}
static const struct {
	size_t at, n;
	const char *name;
} members[] = {
	MEMBER(ssl_redirect),
	MEMBER(force_ssl_redirect),
	MEMBER(redirect_code),
	MEMBER(redirect_port),
};

static bool is_set(const struct sdi_wish *wish, size_t member)
{
	static const char zeros[sizeof(struct sdi_wish)];
	return memcmp((const char *)wish + members[member].at, zeros, members[member].n) != 0;
}

/* Adds @from, of a later dialect, where @into does not say anything yet. */
static void join(struct sdi_translation *t, struct sdi_wish *into, const struct sdi_wish *from, const char *dialect)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		char *to = (char *)into + members[i].at;
		const char *rival = (const char *)from + members[i].at;
		if (!is_set(from, i))
			continue;
		if (!is_set(into, i))
			memcpy(to, rival, members[i].n);
		else if (memcmp(to, rival, members[i].n) != 0)
			sdi_diag_add(
				&t->diag, SDI_REASON_ANNOTATION_CONFLICT, "metadata.annotations",
				"annotations of %s set %s differently from those of another controller, which hold; "
				"keep one of them, or name a class whose IngressClass is in the input",
				dialect, members[i].name);
	}
	if (!into->denied_by.n)
		into->denied_by = from->denied_by;
}

/* Whether @pick's controller reads @key, and as what. */
bool sdi_pick_reads(const struct sdi_pick *pick, struct sdi_str key, enum sdi_dialect_id *ret_dialect,
                    const struct sdi_annotation **ret_row)
{
	if (pick->all_prefixes)
		return sdi_annotation_find(key, ret_dialect, ret_row);
	*ret_dialect = (enum sdi_dialect_id)pick->dialect;
	return sdi_dialect_reads(*ret_dialect, key, ret_row);
}

static void read_annotations(struct sdi_translation *t, const struct sdi_pick *pick, struct sdi_asked *asked)
{
	const struct sdi_object *object = &pick->ingress->object;
	struct sdi_wish wishes[SDI_DIALECT__COUNT] = { 0 };
	unsigned hints = 0;
	for (size_t i = 0; i < object->n_annotations; i++) {
		enum sdi_dialect_id dialect;
		const struct sdi_annotation *row;
		if (sdi_pick_reads(pick, object->annotations[i].key, &dialect, &row))
			sdi_guard_apply(t, dialect, row, &object->annotations[i], &wishes[dialect], &hints);
	}
	for (int d = 0; d < SDI_DIALECT__COUNT; d++) {
		const struct sdi_wish *wish = &wishes[d];
		if (asked->redirect_dialect < 0 && (wish->ssl_redirect || wish->force_ssl_redirect))
			asked->redirect_dialect = d;
		join(t, &asked->wish, wish, sdi_dialect_get((enum sdi_dialect_id)d)->name);
	}
}

static struct sdi_asked *read_pick(struct sdi_translation *t, const struct sdi_pick *pick)
{
	struct sdi_asked *asked = sdi_arena_new(&t->scratch, struct sdi_asked);
	const struct sdi_ingress *ingress = pick->ingress;
	struct sdi_subject subject = t->diag.subject;
	asked->redirect_dialect = pick->dialect;
	for (size_t i = 0; i < ingress->n_tls; i++)
		asked->has_tls |= ingress->tls[i].n_hosts > 0;
	sdi_diag_about(t, &ingress->object);
	if (!is_solver(ingress))
		read_annotations(t, pick, asked);
	if (asked->redirect_dialect < 0)
		asked->redirect_dialect = SDI_DIALECT_INGRESS_NGINX;
	t->diag.subject = subject;
	return asked;
}

/* Where people have not said anything, each controller has its own rule. */
static bool wants_redirect(const struct sdi_settings *settings, const struct sdi_asked *asked, bool host_has_tls)
{
	if (settings->https_port == 0)
		return false;
	switch (settings->ssl_redirect) {
	case SDI_REDIRECT_NEVER: return false;
	case SDI_REDIRECT_ALWAYS: return true;
	case SDI_REDIRECT_AUTO: break;
	}
	const struct sdi_wish *wish = &asked->wish;
	if (wish->force_ssl_redirect == SDI_WISH_ON)
		return true;
	if (asked->redirect_dialect == SDI_DIALECT_HAPROXYTECH)
		return wish->ssl_redirect == SDI_WISH_ON || (wish->ssl_redirect == SDI_WISH_UNSET && asked->has_tls);
	return host_has_tls && wish->ssl_redirect != SDI_WISH_OFF;
}

static unsigned first_set(unsigned a, unsigned b, unsigned c)
{
	return a ? a : b ? b : c;
}

static void set_redirect(const struct sdi_settings *settings, const struct sdi_asked *asked, struct sdi_policy *policy)
{
	const struct sdi_dialect *dialect = sdi_dialect_get((enum sdi_dialect_id)asked->redirect_dialect);
	policy->tls_redirect.code =
		first_set(asked->wish.redirect_code, settings->ssl_redirect_code, dialect->redirect_code);
	policy->tls_redirect.port =
		first_set(asked->wish.redirect_port, settings->ssl_redirect_port, dialect->redirect_port);
	sdi_policy_set(policy, SDI_FIELD_TLS_REDIRECT);
}

/* One policy for all routes that ask for the same. */
static const struct sdi_policy *intern(struct sdi_translation *t, const struct sdi_policy *policy)
{
	const uint64_t numbers[] = { policy->present, policy->tls_redirect.code, policy->tls_redirect.port };
	struct sdi_str key = sdi_join(&t->show, sdi_str_make((const char *)numbers, sizeof(numbers)), policy->denied_by,
	                              SDI_STR(""));
	struct sdi_policy *made = sdi_map_get(&t->policies, key);
	if (made)
		return made;
	made = sdi_arena_new(t->arena, struct sdi_policy);
	*made = *policy;
	made->denied_by = policy->denied_by.n ? sdi_arena_copy(t->arena, policy->denied_by) : SDI_STR("");
	*sdi_map_put(&t->policies, sdi_arena_copy(&t->scratch, key)) = made;
	return made;
}

const struct sdi_policy *sdi_no_policy(struct sdi_translation *t)
{
	return intern(t, &(struct sdi_policy){ 0 });
}

const struct sdi_policy *sdi_policy_of(struct sdi_translation *t, struct sdi_pick *pick, const struct sdi_vhost *vhost,
                                       const struct sdi_str *path)
{
	if (path && is_acme(*path))
		return sdi_no_policy(t);
	if (!pick->asked)
		pick->asked = read_pick(t, pick);
	struct sdi_asked *asked = pick->asked;
	const struct sdi_policy **slot = &asked->policies[vhost->wants_tls];
	if (*slot)
		return *slot;
	struct sdi_policy policy = { 0 };
	if (wants_redirect(t->settings, asked, vhost->wants_tls))
		set_redirect(t->settings, asked, &policy);
	if (asked->wish.denied_by.n) {
		policy.denied_by = asked->wish.denied_by;
		sdi_policy_set(&policy, SDI_FIELD_DENIED);
	}
	*slot = intern(t, &policy);
	return *slot;
}
