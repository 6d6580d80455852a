/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The doors through which text reaches nginx.conf: one per context, none can be escaped from. Each returns false, and
 * has written nothing, when the text can't be said in that context.
 *
 * Facts of NGINX's lexer (ngx_conf_read_token) that they rest on: inside double quotes only `"` ends the token; `\"`,
 * `\'`, `\\`, `\t`, `\r` and `\n` are the only escapes; a token with its quotes takes at most 4095 bytes. `$` is an
 * ordinary character in the name of a location and in paths; where a value is expanded there is no escape for it.
 */
#ifndef SDI_EMIT_NGINX_QUOTE_H
#define SDI_EMIT_NGINX_QUOTE_H

#include "../../base/buf.h"

/* One argument, taken literally: a path of ours, the name of a location. */
bool sdi_nginx_word(struct sdi_buf *buf, struct sdi_str s);
bool sdi_nginx_word_fits(struct sdi_str s, size_t more); /* with @more bytes behind it that need no quoting */

/* One argument where NGINX expands variables, taken literally all the same: "$" is said by a variable of ours
 * ($sdi_dollar), since it can't be escaped. */
bool sdi_nginx_literal(struct sdi_buf *buf, struct sdi_str s);

/* The same within a quoted word whose other parts are ours; the caller has seen to it that it fits. NUL is left out. */
void sdi_nginx_literal_part(struct sdi_buf *buf, struct sdi_str s);

/* The name of a header, of [A-Za-z0-9_-]; as the end of a variable's name it is lower case, with "_" for "-". */
bool sdi_nginx_header_name(struct sdi_buf *buf, struct sdi_str name);
bool sdi_nginx_variable_name(struct sdi_buf *buf, struct sdi_str name);
/* The same without the quotes around it, to go between others inside of double quotes. A text with NUL stays out. */
void sdi_nginx_inside(struct sdi_buf *buf, struct sdi_str s);

/* The same as a part of a regular expression that matches @s and nothing else. */
void sdi_nginx_inside_regex(struct sdi_buf *buf, struct sdi_str s);

/* The name of a header, cookie or argument in a variable: [a-z0-9_], in which "-" is said by "_". */
void sdi_nginx_variable(struct sdi_buf *buf, struct sdi_str name);

/* The same with variables between: @pieces one after the other, each a literal, or a variable of ours ("host"). */
struct sdi_nginx_piece {
	struct sdi_str literal;
	const char *variable; /* NULL: the literal */
};
bool sdi_nginx_expand(struct sdi_buf *buf, const struct sdi_nginx_piece *pieces, size_t n);

/*
 * The name of a regex location that matches @path and, unless @exact, what lies below it: "^/a\\.b(?:/|\\z)".
 * A path that does not fit in a token is matched by its beginning and its length; *ret_cut says so.
 */
void sdi_nginx_path_regex(struct sdi_buf *buf, struct sdi_str path, bool exact, bool *ret_cut);

/* A host name, a wildcard (a regex: "*.example.org" of NGINX's own would match several labels), "~REGEX" (base/regex.h), or "" for
 * none. */
bool sdi_nginx_server_name(struct sdi_buf *buf, struct sdi_str host);

/* A host name or wildcard as a key of "map", in any case. */
bool sdi_nginx_map_name(struct sdi_buf *buf, struct sdi_str host);

/* @before and a regular expression that base/regex.h has checked. */
void sdi_nginx_regex(struct sdi_buf *buf, const char *before, struct sdi_str regex);

/* A text in which "$1" to "$9" stand for groups; all else but [-._~A-Za-z0-9/:] becomes "_". */
void sdi_nginx_groups(struct sdi_buf *buf, struct sdi_str text);

/* An IP address and port: "192.0.2.1:80", "[2001:db8::1]:80"; port 0: none is written. */
bool sdi_nginx_address(struct sdi_buf *buf, struct sdi_str address, unsigned port);

/* A name of ours, made of [a-z0-9_.-]. */
bool sdi_nginx_name(struct sdi_buf *buf, struct sdi_str name);

/* A name to be looked up when serving: its grammar is the quoting. */
bool sdi_nginx_dns_name(struct sdi_buf *buf, struct sdi_str name);

#endif
