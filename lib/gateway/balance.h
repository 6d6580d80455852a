/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which endpoint, and which of several services.
 *
 *     if (policy->balance && policy->balance->affinity) …
 */
#ifndef SDI_GATEWAY_BALANCE_H
#define SDI_GATEWAY_BALANCE_H

#include "key.h"
#include "policy.h"

enum sdi_same_site { SDI_SAME_SITE_UNSET, SDI_SAME_SITE_NONE, SDI_SAME_SITE_LAX, SDI_SAME_SITE_STRICT };

/*
 * A cookie keeps a client on its endpoint. Its value is KEY "." TAG; TAG stands for the backend (emit/session.h), so
 * that a cookie of the same name from another service, or from the other side of a canary, is told apart.
 */
struct sdi_affinity {
	struct sdi_str cookie; /* [-._~A-Za-z0-9/:] */
	struct sdi_str path, domain;
	/* A session belongs to an endpoint until that goes away; else to a place on a ring of hashes, from where some
	 * move when endpoints are added. */
	bool persistent;
	bool moves_on_failure; /* another endpoint that answered instead becomes the session's */
	bool secure;           /* even over plain HTTP; over HTTPS always */
	bool has_expires, has_max_age;
	int64_t expires_s, max_age_s; /* from now on; expires may be negative */
	enum sdi_same_site same_site;
	bool spare_old_browsers; /* no SameSite=None for those that get it wrong */
};

struct sdi_balance {
	bool least; /* the endpoint with the fewest requests; else in turn */
	const struct sdi_key_part *key;
	size_t n_key;                        /* 0: no hashing */
	unsigned subset;                     /* endpoints in a group that the hash picks; 0: it picks one endpoint */
	const struct sdi_affinity *affinity; /* goes before all of the above; NULL: none */
};

enum { SDI_CANARIES = 8 }; /* of one route */

/*
 * Another service for a part of a route's requests. Asked in this order: a session's cookie of the route's own backend
 * or of one of its canaries; then for each canary its header and its cookie, which decide for or against it or not at
 * all; then one throw of a die, of which each canary that is not decided against has its share.
 */
struct sdi_canary {
	const struct sdi_backend *backend;
	const struct sdi_balance *balance; /* NULL: the default */
	struct sdi_str ingress;            /* in the route's namespace */
	struct sdi_str header;             /* lower case, [a-z0-9-]; "": none */
	struct sdi_str header_value;       /* [-._~A-Za-z0-9/:]; "": "always" decides for it, "never" against it */
	struct sdi_str header_pattern;     /* base/regex.h; "": none */
	bool header_broken;                /* whoever sends the header stays on the main side */
	struct sdi_str cookie;             /* [-._~A-Za-z0-9/:]; "": none */
	unsigned weight, total;            /* weight <= total */
};

#endif
