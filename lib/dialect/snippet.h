/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw configuration of NGINX, read as NGINX reads it: words, quotes, escapes, comments, blocks. What passes is a list of
 * directives, each of which is known, allowed where it stands, and has values that NGINX takes; so one snippet can
 * neither leave its block nor keep NGINX from starting. What does not pass is refused as a whole, with the reason.
 *
 *     const char *why = sdi_snippet_read(arena, SDI_SNIPPET_LOCATION, text, &raw);
 */
#ifndef SDI_DIALECT_SNIPPET_H
#define SDI_DIALECT_SNIPPET_H

#include "../base/arena.h"
#include "../gateway/snippet.h"

enum sdi_snippet_context {
	SDI_SNIPPET_MAIN = 1 << 0,
	SDI_SNIPPET_HTTP = 1 << 1,
	SDI_SNIPPET_SERVER = 1 << 2,
	SDI_SNIPPET_LOCATION = 1 << 3,
	SDI_SNIPPET_SERVER_IF = 1 << 4,
	SDI_SNIPPET_LOCATION_IF = 1 << 5,
	SDI_SNIPPET_EXCEPT = 1 << 6, /* limit_except */
	SDI_SNIPPET_STREAM = 1 << 7,
	SDI_SNIPPET_STREAM_SERVER = 1 << 8,
	SDI_SNIPPET_STREAM_UPSTREAM = 1 << 9,
	SDI_SNIPPET_STREAMS = SDI_SNIPPET_STREAM | SDI_SNIPPET_STREAM_SERVER | SDI_SNIPPET_STREAM_UPSTREAM,
};

/*
 * NULL: fine, and *ret is made in @arena but for its key; else why it is refused, as a sentence without its end.
 * @http: that of the context http, whose variables are known; may be NULL.
 */
const char *sdi_snippet_read(struct sdi_arena *arena, enum sdi_snippet_context context, struct sdi_str text,
                             const struct sdi_raw *http, struct sdi_raw *ret);

/* Whether @text, of whatever proxy and even when it can't be read, may be what keeps somebody out. */
bool sdi_snippet_protects(struct sdi_str text);

/* snippet_table.c: what is known of directives. */
enum sdi_snippet_value {
	SDI_SNIPPET_ANY,
	SDI_SNIPPET_FLAG, /* on, off */
	SDI_SNIPPET_OFF,  /* only off */
	SDI_SNIPPET_SIZE, /* 10m */
	SDI_SNIPPET_TIME, /* 10s */
	SDI_SNIPPET_NUMBER,
	SDI_SNIPPET_ADDRESS, /* all, or a range */
	SDI_SNIPPET_WORDS,   /* one of .words */
	SDI_SNIPPET_HEADER,  /* the first is the name of a header, the others are any */
	SDI_SNIPPET_PLAIN,   /* no regular expressions */
	SDI_SNIPPET_MEDIA,   /* a media type */
	SDI_SNIPPET_RETURN,  /* these have a function of their own */
	SDI_SNIPPET_REWRITE,
	SDI_SNIPPET_SET,
	SDI_SNIPPET_ERRORS,
	SDI_SNIPPET_EXPIRES,
	SDI_SNIPPET_TEXT,   /* what a stream is answered */
	SDI_SNIPPET_LISTEN, /* of streams */
	SDI_SNIPPET_TARGET,
	SDI_SNIPPET_MEMBER,
	SDI_SNIPPET_BALANCE,
	SDI_SNIPPET_MORE, /* headers-more */
	SDI_SNIPPET_IF,   /* blocks, from here on */
	SDI_SNIPPET_METHODS,
	SDI_SNIPPET_MAP,
	SDI_SNIPPET_GEO,
	SDI_SNIPPET_STREAM_BLOCK,
	SDI_SNIPPET_MEMBERS,
};

struct sdi_snippet_directive {
	const char *name;
	unsigned contexts;
	unsigned char min, max; /* values */
	enum sdi_snippet_value value;
	const char *words; /* "|any|all|" */
	bool many;         /* a block may have several */
};

/* As it is in @context, else as it is elsewhere; NULL: not known, or never allowed. */
const struct sdi_snippet_directive *sdi_snippet_find(struct sdi_str name, unsigned context);
/* Why a directive is refused that is not known, or @known but not where it stands. */
const char *sdi_snippet_never(struct sdi_str name, bool known);
bool sdi_snippet_has_variable(struct sdi_str name, bool stream);

#endif
