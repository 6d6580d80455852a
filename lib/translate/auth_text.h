/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The texts of external authentication, taken apart: URLs and values in which NGINX variables count. Whatever is not
 * known here is refused, so that no part of an object's text is ever read by a proxy as anything but data.
 */
#ifndef SDI_TRANSLATE_AUTH_TEXT_H
#define SDI_TRANSLATE_AUTH_TEXT_H

#include "../base/arena.h"
#include "../gateway/auth.h"

/* Where a text is used. */
enum sdi_text_use {
	SDI_TEXT_URL,   /* part of an URL: variables that can't hold a blank */
	SDI_TEXT_VALUE, /* a header's value, a key */
};

/* Names that stand for words known beforehand. */
struct sdi_text_names {
	struct sdi_str ns, ingress;
};

/*
 * "$name" and "${name}" in @text. The parts are made in @arena. False: a variable that is not known or not allowed
 * there, a "$" without a name, or a control character.
 */
bool sdi_text_parse(struct sdi_arena *arena, struct sdi_str text, enum sdi_text_use use,
                    const struct sdi_text_names *names, struct sdi_text *ret);

struct sdi_url {
	bool tls;
	bool self;                /* the host is that of the request */
	struct sdi_str host;      /* lower case */
	struct sdi_str authority; /* as it is written, with the port */
	uint16_t port;
	bool has_port;
	bool bare;             /* no path and no query is written */
	struct sdi_str target; /* path and query, as written; at least "/", or it begins with $request_uri */
};

/* http or https, a host and nothing that is not an URL's. False: *ret_why says what to write. */
bool sdi_url_parse(struct sdi_arena *arena, struct sdi_str text, struct sdi_url *ret, const char **ret_why);

/* Whether @text is made of letters, digits and characters of @more; at least one. */
bool sdi_text_is_of(struct sdi_str text, const char *more);

/* A header's name that may be set: no framing, no hop by hop (RFC 9110 7.6.1). */
bool sdi_header_may_be_set(struct sdi_str name);

#endif
