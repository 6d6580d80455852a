/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a route does besides forwarding, in no proxy's words. field.h has one row per thing that an emitter may or may
 * be able to do; which of them are present is a bit set, never a magic value. What belongs together is one struct with
 * a header of its own; NULL means that nothing of it was asked for.
 *
 *     if (sdi_policy_has(policy, SDI_FIELD_TLS_REDIRECT)) …policy->tls_redirect.code…
 */
#ifndef SDI_GATEWAY_POLICY_H
#define SDI_GATEWAY_POLICY_H

#include "../base/str.h"
#include "field.h"

struct sdi_tls_redirect {
	unsigned code; /* 301, 302, 303, 307 or 308 */
	unsigned port; /* in the Location; 0 or 443: none is written */
	unsigned cut;  /* 1: without the slash at the end of the URI, if there is one */
};

struct sdi_policy {
	uint64_t present[(SDI_FIELD__COUNT + 63) / 64]; /* bit per enum sdi_field */
	struct sdi_tls_redirect tls_redirect;           /* plain HTTP is sent to https://HOST[:port]REQUEST-URI */
	struct sdi_str denied_by;                       /* annotation whose protection can't be given: 503 */
	uint64_t body_bytes;                            /* BODY_SIZE: the largest body of a request; 0: any */

	/* "" for a plain policy (see below); else "INGRESS", "INGRESS_tls", "INGRESS_RULE_PATH": unique in @ns, only
	 * [a-z0-9_.-], fit for names of both proxies. */
	struct sdi_str id, ns;

	const struct sdi_redirect *redirect;     /* redirect.h: REDIRECT, REDIRECT_STYLE */
	const struct sdi_rewrite *rewrite;       /* rewrite.h: REWRITE, PREFIX_HEADER */
	const struct sdi_access *access;         /* access.h: ALLOW, DENY, SATISFY */
	const struct sdi_limits *limits;         /* access.h: LIMIT_* */
	const struct sdi_basic_auth *basic_auth; /* access.h: BASIC_AUTH, DIGEST_AUTH */
	const struct sdi_auth *auth;             /* auth.h: AUTH, AUTH_* */
	const struct sdi_upstream *upstream;     /* upstream.h */
	const struct sdi_balance *balance;       /* balance.h: BALANCE, HASH_*, AFFINITY* */
	const struct sdi_cors *cors;             /* extras.h: CORS */
	const struct sdi_errors *errors;         /* errors.h: ERROR_PAGES */
	const struct sdi_mirror *mirror;         /* mirror.h: MIRROR */
	const struct sdi_extras *extras;         /* extras.h: the others of its group */
	const struct sdi_snippet *snippet;       /* snippet.h */
	const struct sdi_waf *waf;               /* waf.h: WAF */
};

static inline bool sdi_policy_has(const struct sdi_policy *policy, enum sdi_field field)
{
	return policy && (policy->present[field / 64] >> field % 64 & 1);
}

static inline void sdi_policy_set(struct sdi_policy *policy, enum sdi_field field)
{
	policy->present[field / 64] |= (uint64_t)1 << field % 64;
}

/*
 * A plain policy costs no section or block of its own: HAProxy's frontends do all of it, by flags behind a route's
 * target (emit/haproxy/maps.c). There may be tens of thousands of routes with one, so they are shared.
 */
static inline bool sdi_policy_is_plain(const struct sdi_policy *policy)
{
	return !policy || !policy->id.n;
}

/* Whether somebody has to say who they are. */
static inline bool sdi_policy_asks(const struct sdi_policy *policy)
{
	return policy && (policy->auth || policy->basic_auth);
}

#endif
