/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is decided for each request: which backend, which endpoint. A choice belongs to all routes that decide alike; it
 * has a number, and the names of its variables end in it.
 */
#ifndef SDI_EMIT_NGINX_SPLIT_H
#define SDI_EMIT_NGINX_SPLIT_H

#include "../../gateway/balance.h"
#include "nginx.h"

/* A backend that a choice may come to; 0 is the route's own, the others its canaries. */
struct sdi_nginx_side {
	size_t choice, index;
	const struct sdi_backend *backend;
	const struct sdi_balance *balance; /* NULL: the default, or one that makes no difference to a DNS name */
	struct sdi_str name;               /* of its upstream, or what that begins with */
	bool usable;                       /* it has servers that NGINX can ask */
	bool own;                          /* the upstream is this side's alone */
	bool no_reuse;                     /* of connections: some have TLS, some have not */
};

struct sdi_nginx_choice {
	const struct sdi_route *route;
	struct sdi_nginx_side sides[1 + SDI_CANARIES];
	size_t n_sides;
	bool cookies; /* a side has affinity */
};

/* Its maps and upstreams (session.c). */
void sdi_nginx_write_side(struct sdi_nginx *ng, const struct sdi_nginx_side *side);
/* Where to pass a request to that goes to this side; whether variables are in it. */
void sdi_nginx_write_side_name(struct sdi_nginx *ng, const struct sdi_nginx_side *side);
bool sdi_nginx_side_varies(const struct sdi_nginx_side *side);

/* The maps that pick a side by session, header, cookie and die (split.c). */
void sdi_nginx_write_split(struct sdi_nginx *ng, const struct sdi_nginx_choice *choice);

#endif
