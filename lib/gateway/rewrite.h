/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The path and the prefix header that the application sees, and hosts whose paths are regular expressions.
 *
 * On such a host (sdi_host.regex) each route's path is a text that base/regex.h has checked. It is matched in any case
 * and from the start ("^PATH") against the normalised path; routes stand in the order in which they are tried.
 */
#ifndef SDI_GATEWAY_REWRITE_H
#define SDI_GATEWAY_REWRITE_H

#include "policy.h"

/* Texts in which "$1" to "$9" stand for what groups of @regex matched; besides only [-._~A-Za-z0-9/:]. */
struct sdi_rewrite {
	struct sdi_str regex;  /* checked; the first place where it matches counts */
	struct sdi_str target; /* REWRITE: the whole path */
	struct sdi_str prefix; /* PREFIX_HEADER: X-Forwarded-Prefix */
};

/* Whether @text holds "$1" to "$9". */
static inline bool sdi_rewrite_has_groups(struct sdi_str text)
{
	return sdi_str_find(text, '$') >= 0;
}

#endif
