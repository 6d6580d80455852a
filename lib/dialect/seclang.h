/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rules of the ModSecurity firewall, read strictly. ModSecurity reads its rules when the proxy starts, so one that it
 * does not know would keep all hosts from being served; and some name files, programs or remote addresses. So what
 * passes is built anew from rows of tables (seclang_table.c), and all else is refused as a whole, with the reason.
 *
 *     const char *why = sdi_seclang_read(arena, scratch, text, &rules);
 *
 * The text is what stands between single quotes in the controller's template: \" \' and \\ are read as NGINX does.
 */
#ifndef SDI_DIALECT_SECLANG_H
#define SDI_DIALECT_SECLANG_H

#include "../base/arena.h"
#include "../base/vec.h"
#include "../gateway/waf.h"

/* NULL: fine, and *ret is made in @arena; else why it is refused, as a sentence without its end, in @scratch: that takes
 * some hundred times as much as the text. */
const char *sdi_seclang_read(struct sdi_arena *arena, struct sdi_arena *scratch, struct sdi_str text,
                             struct sdi_waf_rules *ret);

/* For the files seclang*.c only. */
struct sdi_seclang {
	struct sdi_arena *arena; /* the scratch one */
	struct sdi_str text;
	size_t at;
	const char *why;
	struct {
		SDI_VEC(struct sdi_str)
	} groups;
	struct {
		SDI_VEC(unsigned)
	} ids;
	struct sdi_str chain; /* rules whose end is still to come; "": none */
	struct sdi_waf_rules *ret;
};

bool sdi_seclang_fail(struct sdi_seclang *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* seclang_table.c */
enum sdi_seclang_directive {
	SDI_SECLANG_WORDS,   /* one of .words, which is how it is written, too */
	SDI_SECLANG_NUMBER,  /* up to .most */
	SDI_SECLANG_MEDIA,   /* media types */
	SDI_SECLANG_LEFT,    /* taken and not written: the proxy's own holds */
	SDI_SECLANG_LOG,     /* the same: the audit log goes to the proxy's own file */
	SDI_SECLANG_INCLUDE, /* one of the two files that the controller's image has */
	SDI_SECLANG_IDS,     /* 1 2-3 */
	SDI_SECLANG_TEXT,
	SDI_SECLANG_TARGET, /* an id or tag, and variables */
	SDI_SECLANG_MARKER,
	SDI_SECLANG_RULE, /* variables, an operator, actions */
	SDI_SECLANG_ACTION,
};

struct sdi_seclang_row {
	const char *name;
	enum sdi_seclang_directive kind;
	const char *words; /* "|On|Off|" */
	unsigned most;
};

enum sdi_seclang_operator {
	SDI_SECLANG_RX, /* a regular expression */
	SDI_SECLANG_OF_TEXT,
	SDI_SECLANG_OF_PHRASES,
	SDI_SECLANG_OF_NUMBER,
	SDI_SECLANG_OF_ADDRESSES,
	SDI_SECLANG_OF_BYTES,
	SDI_SECLANG_OF_NOTHING,
};

enum sdi_seclang_action {
	SDI_SECLANG_REMARK, /* taken and not written: ModSecurity reads what follows some of them wrongly */
	SDI_SECLANG_FLAG,   /* no value */
	SDI_SECLANG_ID,
	SDI_SECLANG_WORD,      /* one of .words */
	SDI_SECLANG_WORD_ELSE, /* the same, or no value */
	SDI_SECLANG_STATUS,
	SDI_SECLANG_SAYS, /* a text with macros */
	SDI_SECLANG_NAME,
	SDI_SECLANG_URL,
	SDI_SECLANG_SETVAR,
	SDI_SECLANG_CTL,
};

struct sdi_seclang_verb {
	const char *name;
	int kind; /* enum sdi_seclang_operator, or _action */
	const char *words;
	bool first; /* an action of a chain's first rule only */
};

const struct sdi_seclang_row *sdi_seclang_find(struct sdi_str name);
const struct sdi_seclang_verb *sdi_seclang_operator(struct sdi_str name);
const struct sdi_seclang_verb *sdi_seclang_action(struct sdi_str name);
const struct sdi_seclang_verb *sdi_seclang_ctl(struct sdi_str name);
/* As the tables write it, "" when there is none; *ret_many: it has parts, so it may have a selector. */
struct sdi_str sdi_seclang_variable(struct sdi_str name, bool *ret_many);
struct sdi_str sdi_seclang_word(const char *words, struct sdi_str word); /* of "|On|Off|", in any case; "": none */

/* seclang_rule.c: what is checked is returned as it is to be written, "" when it is refused. */
struct sdi_str sdi_seclang_read_variables(struct sdi_seclang *s, struct sdi_str text, bool only_exclusions);
struct sdi_str sdi_seclang_read_operator(struct sdi_seclang *s, struct sdi_str text);
/* @follows: of a rule behind one that is chained. *ret_chain: another one has to follow. */
struct sdi_str sdi_seclang_read_actions(struct sdi_seclang *s, struct sdi_str text, bool follows, bool *ret_chain);
bool sdi_seclang_is_mark(struct sdi_str text); /* a tag or message of rules */
bool sdi_seclang_is_word(struct sdi_str text, const char *more);
bool sdi_seclang_number(struct sdi_str text, unsigned most, unsigned *ret);

#endif
