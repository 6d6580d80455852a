/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The doors through which text reaches HAProxy's files: one per context, none can be escaped from.
 *
 * In haproxy.cfg, 'strong quotes' take everything but ' and a line feed as it is: no backslash, no environment
 * variable (configuration manual 2.2). That is all they do: a condition, a log-format or the arguments of a
 * converter are read once more behind the quotes, so no door here leads there. What is to be compared with a request
 * goes to map files. Their lines are "key, blanks, value" without any quoting, hence keys are encoded.
 */
#ifndef SDI_EMIT_HAPROXY_QUOTE_H
#define SDI_EMIT_HAPROXY_QUOTE_H

#include "../conf.h"

/* One argument, taken literally: a path of ours. False, and nothing written: a line feed or NUL can't be said. */
bool sdi_hap_word(struct sdi_buf *buf, struct sdi_str s);

/* The same where HAProxy expands a log-format (the value of a header, a Location): "%" is doubled. */
bool sdi_hap_format(struct sdi_buf *buf, struct sdi_str s);

/* A literal of a log-format inside of 'strong quotes', on one line: control characters become blanks. */
void sdi_hap_log_text(struct sdi_buf *buf, struct sdi_str s);

/* An URL in a map's value. All but letters, digits and "-._~/:,?&=" would become "_". */
void sdi_hap_url(struct sdi_buf *buf, struct sdi_str url);

/* A range as sdi_cidr_print() writes it. All but [0-9a-f:./] would become "_". */
void sdi_hap_cidr(struct sdi_buf *buf, const char *text);

/* The same with samples between: @pieces one after the other, each a literal, or an expression of ours ("src"). */
struct sdi_hap_piece {
	struct sdi_str literal;
	const char *sample; /* NULL: the literal */
};
bool sdi_hap_expand(struct sdi_buf *buf, const struct sdi_hap_piece *pieces, size_t n);

/* Inside of 'strong quotes': @s as a PCRE that matches it alone, and as a replacement that is it alone. */
void sdi_hap_exactly(struct sdi_buf *buf, struct sdi_str s);
void sdi_hap_replacement(struct sdi_buf *buf, struct sdi_str s);

/* A name that translate/ has checked (a backend, a host, an address). All but [A-Za-z0-9._:-] and a "*" at the start
 * would become "_", so its grammar is the quoting. */
void sdi_hap_name(struct sdi_buf *buf, struct sdi_str s);

/* ADDRESS:PORT of @name's grammar, an IPv6 address in brackets. */
void sdi_hap_address(struct sdi_buf *buf, struct sdi_str address, unsigned port);

/*
 * A normalised path in a map's key: all but [A-Za-z0-9._~/-] becomes %XX with upper-case digits. The frontend makes
 * the same of a request's path (url_enc does), so both sides meet in one alphabet without blanks, '?', '|' and '#'.
 */
void sdi_hap_key_path(struct sdi_buf *buf, struct sdi_str path);

/*
 * A regular expression that base/regex.h has checked, where no quoting is needed: in a map's key, and between '\'' and
 * '\'' inside the single quotes of a word, which makes it one quoted argument of a converter. Anything that has not that
 * form becomes "_".
 */
void sdi_hap_regex(struct sdi_buf *buf, struct sdi_str regex);

/* What "regsub" replaces with, in the same place: "$1" becomes "\1". */
void sdi_hap_groups(struct sdi_buf *buf, struct sdi_str text);

#endif
