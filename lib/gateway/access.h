/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who gets in by address or password, and how often. Made once per ingress and shared by all its routes, so that a list,
 * a table of counters or a list of users is there once, whatever the number of hosts and paths.
 *
 * The order is NGINX's: limits, then addresses (deny before allow), then passwords. With SDI_FIELD_SATISFY one of
 * addresses, passwords and external authentication is enough; denied addresses may still come in by one of the others.
 */
#ifndef SDI_GATEWAY_ACCESS_H
#define SDI_GATEWAY_ACCESS_H

#include "../base/cidr.h"
#include "policy.h"

struct sdi_cidrs {
	struct sdi_str id;        /* fit for a file's name, [a-z0-9_.-]; the same id, the same list */
	const struct sdi_cidr *p; /* sorted, each once */
	size_t n;
};

struct sdi_access {
	struct sdi_cidrs allow, deny; /* ALLOW, DENY */
};

struct sdi_limits {
	struct sdi_str id; /* "NAMESPACE_INGRESS" */
	struct sdi_rate {
		/* A leaky bucket in thousandths of a request: what is above @burst is refused and does not fill it. */
		unsigned count, per_s; /* so many in so many seconds; count 0: off */
		unsigned burst;        /* requests */
	} rates[2];                    /* LIMIT_REQUESTS; both must accept */
	unsigned connections;          /* LIMIT_CONNECTIONS */
	unsigned request_status, connection_status;
	struct sdi_cidrs exempt;           /* neither of the above holds for them */
	uint64_t rate_bytes, after_bytes;  /* LIMIT_RATE, LIMIT_RATE_AFTER: of an answer, a second */
	struct sdi_str ns, ingress, field; /* for diagnostics */
};

struct sdi_user {
	struct sdi_str name; /* without ':' and control characters, not empty */
	enum sdi_hash {
		SDI_HASH_CRYPT, /* of crypt(3): $1$, $2a$, $2b$, $2y$, $5$, $6$, DES */
		SDI_HASH_APR1,  /* Apache's variant of $1$ */
		SDI_HASH_SHA1,  /* {SHA} and {SSHA} */
		SDI_HASH_HA1,   /* of USER:REALM:PASSWORD, for a digest */
	} kind;
	struct sdi_str hash;   /* as NGINX reads it; HA1: 32 digits of MD5, in lower case */
	struct sdi_str digest; /* SHA1: base64 of the digest, and of the salt: "" for none */
	struct sdi_str salt;
	bool salt_has_nul;
	unsigned cost; /* CRYPT: of one check, in units of bcrypt's rounds */
};

struct sdi_basic_auth {
	struct sdi_str id; /* "NAMESPACE_INGRESS" */
	struct sdi_str realm;
	bool digest;                  /* DIGEST_AUTH: clients prove that they know it; all users have HA1 */
	const struct sdi_user *users; /* sorted by name, each once; may be empty: nobody gets in */
	size_t n_users;
	struct sdi_str ns, ingress, key; /* for diagnostics: the annotation that says which of the two */
};

#endif
