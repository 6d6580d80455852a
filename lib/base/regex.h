/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Regular expressions that come from objects: checked here once, then run by NGINX, HAProxy and gateway/match.c alike,
 * all of which use PCRE2. What passes is in a form of its own: printable ASCII without blanks, quotes and '#', closed in
 * itself (it may be put between "(?:" and ")"), without names for groups. So it can't get out of its place.
 *
 *     struct sdi_regex_text regex;
 *     const char *why = sdi_regex_check(arena, SDI_STR("/id/{int}"), &regex);
 */
#ifndef SDI_BASE_REGEX_H
#define SDI_BASE_REGEX_H

#include "arena.h"

/* NULL: fine; else what is wrong, to go behind "…: it". @arena is what PCRE2 works in; *ret is made in it, too. */
const char *sdi_regex_check(struct sdi_arena *arena, struct sdi_str text, struct sdi_str *ret);

/* Whether @text can be matched as it is against a value of a request, minding case. HAProxy compiles it without groups that
 * capture, so one that refers to a group is refused; so are names of groups, which NGINX takes for variables. */
bool sdi_regex_is_for_headers(struct sdi_arena *arena, struct sdi_str text);

/* How much of a checked @regex lies before the first "|" outside of all groups: all, when there is none. "^a|b" is
 * anchored only in "a". */
size_t sdi_regex_head(struct sdi_str regex);

/* Whether the work for a checked @regex may grow so much with the subject that PCRE2 gives up: a group is repeated or
 * refers to itself, or there are many repetitions. */
bool sdi_regex_is_heavy(struct sdi_str regex);

/* Whether a checked @regex matches @subject in any case, at its start when @anchored ("^REGEX"). What goes over PCRE2's
 * limits does not. */
bool sdi_regex_matches(struct sdi_str regex, bool anchored, struct sdi_str subject);

#endif
