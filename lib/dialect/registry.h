/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The dialects: one table each, one row per annotation. translate/ walks an object's annotations through them; the
 * public registry (sdingress/registry.h) shows the same rows joined with the emitters' capabilities.
 */
#ifndef SDI_DIALECT_REGISTRY_H
#define SDI_DIALECT_REGISTRY_H

#include "../diag.h"
#include "../gateway/knob.h"
#include "../gateway/policy.h"
#include "../model/model.h"
#include "wish.h"

enum sdi_dialect_id {
	SDI_DIALECT_INGRESS_NGINX,
	SDI_DIALECT_HAPROXYTECH,
	SDI_DIALECT_HAPROXY_INGRESS,
	SDI_DIALECT_NGINX_ORG,
	SDI_DIALECT__COUNT
};

/* How much harm an annotation can do in the wrong hands, as ingress-nginx ranks its own (risk.c). */
enum sdi_risk { SDI_RISK_LOW, SDI_RISK_MEDIUM, SDI_RISK_HIGH, SDI_RISK_CRITICAL };

enum {
	SDI_ROW_GUARD = 1 << 0,   /* restricts access: 503 when it can't be realised or its value is invalid */
	SDI_ROW_SNIPPET = 1 << 1, /* raw configuration: off unless allowed */
	SDI_ROW_IGNORED = 1 << 2, /* known, without effect on a proxy */
	SDI_ROW_PENDING = 1 << 3, /* known, not realised yet: guard rows deny, others get a diagnostic */
	SDI_ROW_ENABLES = 1 << 4, /* a guard only when its value is not "false", "off", "0", "none" or empty */
};

/*
 * Reads @text, already trimmed, into @ret: number, or list and n (made in @arena). The rest of @ret is filled in by the
 * caller. False: the value is not valid, and *ret_why says what to write.
 */
typedef bool sdi_parse_fn(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                          struct sdi_value *ret, const char **ret_why);

struct sdi_annotation {
	const char *name;    /* without the dialect's prefix; rows are sorted by it */
	const char *key;     /* with the prefix that it is best written with */
	sdi_parse_fn *parse; /* NULL when pending or ignored */
	const void *arg;     /* bounds or words for parse */
	enum sdi_wish_id id; /* what it means; rows of one dialect with the same id are aliases, the first one holds */
	int field; /* enum sdi_field whose fidelity is its own, or SDI_FIELD__COUNT + enum sdi_knob_id; -1: none */
	unsigned flags;
	const char *value, *dflt, *doc;
	const char *special; /* a value that another field does, and which; NULL: none */
	enum sdi_field special_field;
	const char *lossy[2]; /* what it means beyond its field, by enum sdi_proxy; NULL: nothing */
};

struct sdi_dialect {
	const char *name;               /* "ingress-nginx" */
	const char *const *prefixes;    /* NULL-terminated: "nginx.ingress.kubernetes.io/" */
	const char *const *controllers; /* NULL-terminated; one that ends in "/" stands for all that start so */
	const struct sdi_annotation *rows;
	size_t n_rows;
	unsigned redirect_code; /* of its ssl-redirect, by default */
	unsigned redirect_port; /* 0: none in the Location */
};

extern const struct sdi_dialect sdi_dialect_ingress_nginx, sdi_dialect_haproxytech, sdi_dialect_haproxy_ingress,
	sdi_dialect_nginx_org;

const struct sdi_dialect *sdi_dialect_get(enum sdi_dialect_id id);

/* Of a row of ingress-nginx; LOW for all others. */
enum sdi_risk sdi_annotation_risk(const struct sdi_annotation *row);
const char *sdi_risk_text(enum sdi_risk risk);

/* The dialect of a controller's name, -1 when it is none of ours. */
int sdi_dialect_of_controller(struct sdi_str controller);

/* Whether dialect @id reads keys with the prefix of @key; if so *ret_row is the row, NULL when the name is not known. */
bool sdi_dialect_reads(enum sdi_dialect_id id, struct sdi_str key, const struct sdi_annotation **ret_row);

/* The dialect and row of an annotation's key. Returns false when no dialect has that prefix; *ret_row is NULL when the
 * prefix is known and the name is not. Of several dialects with that prefix ("ingress.kubernetes.io/") the first one
 * that knows the name: haproxytech, haproxy-ingress. Where the class tells the dialect, ask sdi_dialect_reads(). */
bool sdi_annotation_find(struct sdi_str key, enum sdi_dialect_id *ret_dialect, const struct sdi_annotation **ret_row);

#endif
