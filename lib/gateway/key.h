/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A key that follows from a request: what hashes and limits go by. Its parts stand one behind the other.
 */
#ifndef SDI_GATEWAY_KEY_H
#define SDI_GATEWAY_KEY_H

#include "../base/str.h"

enum sdi_key_kind {
	SDI_KEY_TEXT,        /* [A-Za-z0-9_{}-]; text */
	SDI_KEY_REQUEST_URI, /* path and query as the client sent them */
	SDI_KEY_PATH,        /* the normalised path */
	SDI_KEY_QUERY,
	SDI_KEY_HOST,        /* lower case, without port */
	SDI_KEY_HOST_HEADER, /* as sent */
	SDI_KEY_ADDRESS,     /* the client's */
	SDI_KEY_SCHEME,
	SDI_KEY_METHOD,
	SDI_KEY_HEADER,   /* text: [a-z0-9-], a name */
	SDI_KEY_COOKIE,   /* text: [A-Za-z0-9_], a name */
	SDI_KEY_ARGUMENT, /* text: [A-Za-z0-9_], a name */
};

struct sdi_key_part {
	enum sdi_key_kind kind;
	struct sdi_str text;
};

#endif
