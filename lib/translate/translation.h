/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of translate/ share: the state of one call of sdi_translate(), and the steps that fill it in. The
 * order is that of translate.c: pick ingresses, merge their rules per host, claim certificates, then resolve the
 * backends and policies of what is left after conflicts.
 *
 * What stays is made in @arena (the gateway's) and never points into the store; all else is in @scratch. Both jump
 * out when memory runs out, so nothing here checks for it.
 */
#ifndef SDI_TRANSLATE_TRANSLATION_H
#define SDI_TRANSLATE_TRANSLATION_H

#include "../base/map.h"
#include "../base/vec.h"
#include "../dialect/registry.h"
#include "../gateway/gateway.h"
#include "../store.h"

/* An ingress that is served. */
struct sdi_pick {
	const struct sdi_ingress *ingress;
	size_t age;              /* 0: the oldest */
	int dialect;             /* enum sdi_dialect_id whose defaults hold; -1: not known */
	bool all_prefixes;       /* its controller is not certain: annotations of every dialect are read */
	struct sdi_str ns, name; /* in the gateway's arena */
	bool over_limit;         /* said so already */
	bool left_out;           /* its rules are not read */
	bool default_told;       /* why its default backend can't be reached was said already */
	struct sdi_ask *ask;     /* what its annotations ask for; NULL: not read yet, see sdi_ask_of() */
};

/* What an ingress asks for, read once. */
enum { SDI_SHARED_SPARED = 2 }; /* of sdi_ask.shared: not redirected to HTTPS, whatever the host has */

struct sdi_ask {
	struct sdi_pick *pick;
	struct sdi_wish wish;          /* of all dialects that it speaks, joined */
	int dialect;                   /* whose rules hold where nothing is said */
	bool has_tls;                  /* a tls entry that names hosts */
	bool solver;                   /* made by cert-manager for a challenge: nothing is read but its rules */
	const struct sdi_policy *base; /* what its routes have in common; NULL: not made yet */
	bool passthrough_told;         /* what has no effect beside ssl-passthrough was said already */
	const struct sdi_client_cert *client_cert; /* once it was asked for (host_auth.c) */
	const struct sdi_policy
		*shared[3]; /* of routes with nothing of their own, on a host without and with TLS; spared */
};

/* A path that an ingress wants on a host, or a host's fallback; those that lose a conflict go no further. */
struct sdi_claim {
	struct sdi_pick *pick; /* NULL: nobody */
	const struct sdi_backend_ref *backend;
	unsigned rule, path; /* indices in the ingress; of a fallback: not used */
	enum sdi_match match;
	unsigned written;     /* length of the normalised text before its slash was cut */
	struct sdi_str raw;   /* as the object writes it, in the store; "/" when it is empty */
	struct sdi_str text;  /* normalised; Prefix: without trailing slash. On a regex host: raw, to stay */
	const char *why;      /* not NULL: it can't be normalised, and why */
	struct sdi_str regex; /* on a regex host: checked (base/regex.h) */
	bool refused;         /* strict-validate-path-type, or TLS can't be passed on: it answers 503 */
};

/* A virtual host while it is put together. */
struct sdi_vhost {
	struct sdi_str name;
	struct sdi_pick *owner; /* the oldest ingress with a rule for it; NULL: only tls entries name it */
	struct {
		SDI_VEC(struct sdi_claim)
	} claims;
	struct sdi_claim fallback;
	struct {                             /* the oldest tls entry for it */
		const struct sdi_pick *pick; /* NULL: none */
		size_t entry;
		struct sdi_str secret;
	} tls;
	bool wants_tls;
	bool near_tls; /* no tls entry names it, but ingress-nginx has a certificate for it all the same (sni.c) */
	struct sdi_str www_of; /* all of it is redirected to this host; "": it is not */
	unsigned www_code;
	bool regex;                          /* its paths are regular expressions */
	const struct sdi_claim *passthrough; /* its service gets the TLS streams of the host; NULL: none does */
	const struct sdi_vhost *alias_of;    /* it is but another name of that one; NULL: has rules of its own */
	struct sdi_host *host;               /* what became of it */
	bool has_aliases;                    /* who gives it some is settled (alias.c) */
	const struct sdi_certificate *certificate;
};

struct sdi_canary_claim;
struct sdi_affinity;

struct sdi_translation {
	const struct sdi_store *store;
	const struct sdi_settings *settings;
	struct sdi_gateway *gateway;
	struct sdi_arena *arena; /* the gateway's */
	struct sdi_arena scratch;
	struct sdi_arena show;    /* sentences; cleared for each ingress */
	struct sdi_arena pattern; /* one regular expression while it is checked */
	struct sdi_diag_ctx diag; /* its subject is the object at hand */

	struct {
		SDI_VEC(struct sdi_pick)
	} picks; /* oldest first; full before anybody points into it */
	struct {
		SDI_VEC(struct sdi_vhost *)
	} vhosts; /* as found, then sorted */
	struct sdi_map vhost_by_name;
	struct sdi_claim catch_all; /* defaultBackend of the oldest ingress without rules */
	struct sdi_map used_by_ns;  /* limits (rules.c) */

	struct {
		SDI_VEC(struct sdi_canary_claim *)
	} canaries;                   /* canary.c */
	struct sdi_map canary_places; /* host and path -> their canaries */

	struct sdi_map slices;        /* "NS/SERVICE" -> its slices (endpoints.c) */
	struct sdi_map references;    /* "NS/SERVICE/PORT" as written -> struct sdi_resolved (backend.c) */
	struct sdi_map backends;      /* by id */
	struct sdi_route last_resort; /* what the settings answer where no object says anything */
	struct {
		SDI_VEC(const struct sdi_backend *)
	} used_backends;
	struct sdi_map secrets; /* "NS/SECRET" -> its certificate (sni.c) */
	struct {
		SDI_VEC(const struct sdi_certificate *)
	} used_certificates;
	struct sdi_map policies; /* interned (policy.c) */
	struct {
		SDI_VEC(const struct sdi_policy *)
	} rich_policies;
	bool alone;                   /* one ingress without its surroundings: see sdi_translate_alone() */
	struct sdi_str waf_denied_by; /* key of the ConfigMap that closes all that its firewall was meant for */
	struct sdi_wish base;         /* what the controller's ConfigMap says about annotations (configmap.c) */
};

/* class.c: fills in t->picks. */
void sdi_pick_ingresses(struct sdi_translation *t);

/*
 * For the report, both false or SDI_ENOMEM when out of memory: which Ingresses of @store are ours, oldest first, copied to @arena; and @pick translated as if it were the only one, with a stand-in for each
 * endpoint and without certificates. Its default certificate is that of @whole.
 */
bool sdi_translate_picks(const struct sdi_store *store, const struct sdi_settings *settings, struct sdi_arena *arena,
                         struct sdi_pick **ret, size_t *ret_n);
enum sdi_status sdi_translate_alone(const struct sdi_store *store, const struct sdi_settings *settings,
                                    const struct sdi_pick *pick, const struct sdi_gateway *whole,
                                    struct sdi_gateway **ret);

/* rules.c: fills in t->vhosts and t->catch_all. */
void sdi_read_rules(struct sdi_translation *t, struct sdi_pick *pick);
struct sdi_vhost *sdi_vhost_find(const struct sdi_translation *t, struct sdi_str name); /* NULL: not there */
struct sdi_vhost *sdi_vhost_put(struct sdi_translation *t, struct sdi_str name);
bool sdi_limit_take(struct sdi_translation *t, struct sdi_pick *pick, size_t bytes); /* false: left out, diagnosed */

/* grammar.c: NULL when fine, else what is wrong, to go behind "…: it". */
const char *sdi_host_parse(struct sdi_arena *arena, struct sdi_str text, struct sdi_str *ret_name);
const char *sdi_path_parse(struct sdi_arena *arena, const struct sdi_ingress_path *path, struct sdi_str *ret_path);
const char *sdi_path_parse_regex(struct sdi_arena *scratch, struct sdi_str text, struct sdi_str *ret_regex);

/* alias.c: further names of hosts. Once all rules and tls entries are read, and before t->vhosts is sorted. */
void sdi_add_aliases(struct sdi_translation *t);

/* canary.c: what @pick is; sets its left_out but for SDI_ROLE_MAIN. SDI_ROLE_NONE: diagnosed. */
enum sdi_role { SDI_ROLE_MAIN, SDI_ROLE_CANARY, SDI_ROLE_NONE };
enum sdi_role sdi_canary_role(struct sdi_translation *t, struct sdi_pick *pick);
/* Notes a path of a canary, written as @raw; adds those of a route to it; tells of those that met no route. */
void sdi_canary_put(struct sdi_translation *t, struct sdi_str host, const struct sdi_claim *claim, struct sdi_str raw);
void sdi_canary_add(struct sdi_translation *t, const struct sdi_vhost *vhost, const struct sdi_claim *claim,
                    struct sdi_route *route);
void sdi_canary_tell(struct sdi_translation *t);

/* conflict.c: the older one wins. */
void sdi_settle_paths(struct sdi_translation *t, struct sdi_vhost *vhost); /* sorts them as routes are, too */
bool sdi_vhost_wants_regex(struct sdi_translation *t, const struct sdi_vhost *vhost); /* policy_rewrite.c */
void sdi_settle_fallback(struct sdi_translation *t, struct sdi_claim *holder, struct sdi_claim rival,
                         struct sdi_str host, const char *field);

/* sni.c: certificates, one secret at a time. */
void sdi_read_tls(struct sdi_translation *t, struct sdi_pick *pick);
void sdi_resolve_certificates(struct sdi_translation *t); /* needs t->vhosts sorted */

/* backend.c */
struct sdi_resolved {
	const struct sdi_backend *backend; /* NULL: 503, because of: */
	enum sdi_reason reason;
	const char *why;
};
const struct sdi_resolved *sdi_resolve_backend(struct sdi_translation *t, struct sdi_str ns,
                                               const struct sdi_backend_ref *ref);
/* The same as @ask wants it: with the cluster's address of the service instead of its endpoints. */
const struct sdi_resolved *sdi_resolve_backend_for(struct sdi_translation *t, const struct sdi_ask *ask,
                                                   const struct sdi_backend_ref *ref);
/* policy_upstream.c */
bool sdi_upstream_wants_address(struct sdi_translation *t, const struct sdi_ask *ask);

/* endpoints.c */
void sdi_index_slices(struct sdi_translation *t);
void sdi_find_address(struct sdi_translation *t, const struct sdi_service *service, const struct sdi_service_port *port,
                      struct sdi_backend *backend);
void sdi_find_servers(struct sdi_translation *t, const struct sdi_service *service, const struct sdi_service_port *port,
                      struct sdi_backend *backend);

/* external.c: false: refused, and why. */
bool sdi_external_server(struct sdi_translation *t, const struct sdi_service *service, uint16_t port,
                         struct sdi_backend *backend, const char **ret_why);

/* What is wrong with a host that an object names for the proxy to connect to, to go behind its name; NULL: nothing. @ns
 * "": names of all namespaces of the cluster are fine. */
struct sdi_address;
const char *sdi_name_refused(const struct sdi_settings *settings, struct sdi_str name, struct sdi_str ns);
const char *sdi_address_refused(const struct sdi_settings *settings, const struct sdi_address *address);

/* policy.c: of @claim on @vhost, a path or a fallback. sdi_no_policy() is for what no object asked. */
const struct sdi_policy *sdi_policy_of(struct sdi_translation *t, const struct sdi_vhost *vhost,
                                       const struct sdi_claim *claim, bool fallback);

/*
 * What no path of @vhost matches is a location as well with ingress-nginx, and has the annotations of its owner: who has to
 * log in does so before hearing that there is nothing. NULL: nobody has to.
 */
const struct sdi_policy *sdi_policy_of_rest(struct sdi_translation *t, const struct sdi_vhost *vhost);
const struct sdi_policy *sdi_no_policy(struct sdi_translation *t);

/* What @pick asks for, reading its annotations when nobody did before. */
struct sdi_ask *sdi_ask_of(struct sdi_translation *t, struct sdi_pick *pick);

/* What @ask says about @id: its annotation, else the controller's ConfigMap; NULL: neither. */
const struct sdi_value *sdi_ask_get(const struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id);
bool sdi_ask_is_on(const struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id); /* a switch */

/* A protection of @ask turned out to be impossible: all that it serves answers 503. Says so; @why goes in brackets. */
void sdi_ask_deny(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_value *value, const char *why);

/* Whether everything that @ask serves answers 503, whatever the host; makes ask->base. */
bool sdi_ask_is_closed(struct sdi_translation *t, struct sdi_ask *ask);

/* An annotation without effect, and why; nothing is closed. */
void sdi_ask_ignore(struct sdi_translation *t, const struct sdi_value *value, enum sdi_reason reason, const char *why);

/*
 * Steps of a policy (policy_*.c). The first kind fills in what all routes of an ingress have in common; it is called
 * once per ingress. The second adds what depends on the path or host and says whether it did; it is called for each
 * route, and @claim->text is the path, "" for a fallback. Structs come from t->arena.
 */
typedef void sdi_base_fn(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy);
typedef bool sdi_route_fn(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                          const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy);
sdi_base_fn sdi_base_redirect, sdi_base_access, sdi_base_auth, sdi_base_upstream, sdi_base_balance, sdi_base_errors,
	sdi_base_mirror, sdi_base_extras, sdi_base_snippet, sdi_base_waf;
sdi_route_fn sdi_route_redirect, sdi_route_auth, sdi_route_rewrite, sdi_route_balance, sdi_route_extras,
	sdi_route_passthrough;

/* host_tls.c: a proxy does not start with a list that leaves no cipher. */
bool sdi_ciphers_are_fine(struct sdi_translation *t, struct sdi_str list);

/* policy_errors.c: who answers for a service of the ingress that has no endpoint; NULL: nobody. */
const struct sdi_backend *sdi_standby_of(struct sdi_translation *t, const struct sdi_ask *ask);
/* translate.c: the backend of the settings; NULL: none. */
const struct sdi_backend *sdi_settings_backend(struct sdi_translation *t);

/* policy_balance.c: what an object says about spreading requests (NULL: nothing), about sessions on @path, and both. */
const struct sdi_balance *sdi_balance_of(struct sdi_translation *t, const struct sdi_ask *ask);
const struct sdi_affinity *sdi_affinity_of(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_str path);
const struct sdi_balance *sdi_balance_with(struct sdi_translation *t, const struct sdi_balance *balance,
                                           const struct sdi_affinity *affinity);

/* What an ingress or several of them say about a whole host, once its routes are known (host_*.c). */
typedef void sdi_host_fn(struct sdi_translation *t, struct sdi_vhost *vhost, struct sdi_host *host);
sdi_host_fn sdi_host_redirect, sdi_host_auth, sdi_host_tls, sdi_host_snippet, sdi_host_passthrough;

/* host_passthrough.c: who gets its TLS streams; once the paths of the host are settled, before its routes are made. */
void sdi_settle_passthrough(struct sdi_translation *t, struct sdi_vhost *vhost);
void sdi_settle_passthrough_of_all(struct sdi_translation *t); /* of the catch-all, before all hosts */

/* policy_redirect.c: hosts that only lead to others. */
void sdi_add_www(struct sdi_translation *t);

/* policy_snippet.c: the gateway's raw configuration, from t->base. */
void sdi_read_raw(struct sdi_translation *t);

/* policy_waf.c: what the ConfigMap says of the firewall is told, once. */
void sdi_read_waf(struct sdi_translation *t);

/* streams.c: the gateway's streams. Behind sdi_index_slices(). */
void sdi_read_streams(struct sdi_translation *t);
void sdi_read_raw_streams(struct sdi_translation *t); /* stream_snippet.c; when all other ports are known */

/* configmap.c: t->base; and globals.c: what it says of the whole proxy. */
void sdi_read_configmap(struct sdi_translation *t);
void sdi_make_globals(struct sdi_translation *t);
void sdi_make_log(struct sdi_translation *t, struct sdi_globals *globals); /* its part about logs (log.c) */

/* guard.c: one annotation. @row is NULL when the dialect does not know its name; @hints counts those given. */
void sdi_guard_apply(struct sdi_translation *t, enum sdi_dialect_id dialect, const struct sdi_annotation *row,
                     const struct sdi_pair *pair, struct sdi_wish *wish, unsigned *hints);
bool sdi_value_guards(const struct sdi_value *value); /* it keeps somebody out */

/* "spec.rules[2].http.paths[0].path" and the like, in t->show. */
const char *sdi_field_name(struct sdi_translation *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* @a, @b and @c in one, as sdi_arena_printf() would make it, but for the places that are gone through for each path. */
struct sdi_str sdi_join(struct sdi_arena *arena, struct sdi_str a, struct sdi_str b, struct sdi_str c);

static inline void sdi_diag_about(struct sdi_translation *t, const struct sdi_object *object)
{
	t->diag.subject = sdi_object_subject(object);
}

/* Whether @pick's annotations of this key are read, and by which row (NULL: a known prefix, an unknown name). */
bool sdi_pick_reads(const struct sdi_pick *pick, struct sdi_str key, enum sdi_dialect_id *ret_dialect,
                    const struct sdi_annotation **ret_row);

/* policy_balance.c: the key that was parsed from the value, in the gateway's memory. */
const struct sdi_key_part *sdi_copy_key(struct sdi_translation *t, const struct sdi_value *value);

/* policy_auth.c: whether @path begins with one of those in @list, which has commas between them. */
bool sdi_path_begins(struct sdi_str path, struct sdi_str list);

#endif
