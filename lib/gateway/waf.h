/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * WAF: requests are inspected by the ModSecurity firewall. Its rules are checked and put into a form of our own
 * (dialect/seclang.h), so that none of them keeps a proxy from starting, reads or writes files, runs anything or asks
 * anybody. Of no use to a proxy without ModSecurity.
 */
#ifndef SDI_GATEWAY_WAF_H
#define SDI_GATEWAY_WAF_H

#include "../base/str.h"

struct sdi_text;

struct sdi_waf_rules {
	const struct sdi_str *groups; /* a directive each, or rules that are chained, with LF between them */
	size_t n;
	const unsigned *ids; /* of all its rules */
	size_t n_ids;
	bool recommended, core; /* it includes ModSecurity's recommended settings; the OWASP core rules */
	bool log;               /* it names a file for the audit log */
};

/* The controller's ConfigMap, for all Ingresses of that controller that do not say otherwise. */
struct sdi_global_waf {
	bool on, core;
	const struct sdi_waf_rules *rules; /* instead of the recommended settings; NULL: those */
};

/* Of a route. */
struct sdi_waf {
	struct sdi_str key; /* the annotation, or the key of the ConfigMap, that asks for it */
	bool global;        /* the ConfigMap does, and its rules hold behind those here */
	bool core;          /* with the OWASP core rules */
	const struct sdi_waf_rules
		*rules;            /* its own; NULL: none. Without @global: instead of the recommended settings */
	const struct sdi_text *id; /* of a transaction in the audit log (destination.h); NULL: one is made up */
};

#endif
