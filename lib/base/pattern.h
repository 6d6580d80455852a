/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Regular expressions of objects that the proxies match against a header, as they are written, case-sensitive. HAProxy
 * compiles them without capture groups, so one that refers to a group is refused as well as what is none at all; so are
 * names of groups, which NGINX takes for variables.
 *
 *     if (!sdi_pattern_is_fine(arena, SDI_STR("^v[12]$"))) …
 */
#ifndef SDI_BASE_PATTERN_H
#define SDI_BASE_PATTERN_H

#include "arena.h"

enum { SDI_PATTERN_BYTES = 1024 };

/* @scratch is what PCRE2 works in. */
bool sdi_pattern_is_fine(struct sdi_arena *scratch, struct sdi_str text);

#endif
