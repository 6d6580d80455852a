/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Settings of the whole proxy, from the controller's ConfigMap. Zero is "not said": the emitter's own default holds.
 */
#ifndef SDI_GATEWAY_GLOBALS_H
#define SDI_GATEWAY_GLOBALS_H

#include "access.h"
#include "extras.h"
#include "key.h"
#include "knob.h"
#include "log.h"
#include "snippet.h"
#include "waf.h"

/* Where raw configuration of the ConfigMap goes. */
enum sdi_raw_place { SDI_RAW_MAIN, SDI_RAW_HTTP, SDI_RAW_SERVER, SDI_RAW_LOCATION, SDI_RAW__COUNT };

/* A value of a header that keeps its request out. */
struct sdi_blocked {
	struct sdi_str text; /* as the header has it in any case, or a regular expression (base/regex.h) */
	bool regex, any_case;
};

struct sdi_blocklist {
	const struct sdi_blocked *p;
	size_t n;
};

/* Of ingress-nginx. */
#define SDI_COMPRESSED_TYPES                                                                                         \
	"application/atom+xml application/javascript application/x-javascript application/json application/rss+xml " \
	"application/vnd.ms-fontobject application/x-font-ttf application/x-web-app-manifest+json "                  \
	"application/xhtml+xml "                                                                                     \
	"application/xml font/opentype image/svg+xml image/x-icon text/css text/javascript text/plain "              \
	"text/x-component"

struct sdi_globals {
	bool any; /* the ConfigMap was given and read */
	/* Who the client is, and how it came: what proxies in front of this one say. */
	bool proxy_protocol;          /* connections begin with it */
	bool real_ip;                 /* @client_header of a trusted sender says who the client is */
	bool forwarded;               /* that, and X-Forwarded-Proto, -Port and -Host */
	bool full_chain;              /* X-Forwarded-For goes on with all that is in it */
	struct sdi_str client_header; /* in lower case; never "" with one of the above */
	struct sdi_cidrs trusted;
	/* Who is answered 403. */
	struct sdi_cidrs blocked;
	struct sdi_blocklist agents, referers;
	/* Headers that all requests to endpoints get, all answers get, and no answer of an endpoint keeps. */
	struct sdi_header_texts requests, answers;
	struct sdi_str *hidden;
	size_t n_hidden;
	/* Seconds that a client may take for the head of a request, and until its next request. */
	unsigned header_s, idle_s;
	bool closes; /* a connection is for one request */
	/* TLS to clients: bits of upstream.h, 0 for the default; "" for the default ones. */
	unsigned tls_versions;
	struct sdi_str ciphers;
	struct sdi_str dh_pem; /* parameters of Diffie-Hellman; "": the proxy's own */
	/* Seals tickets: 48 or 80 bytes, and the same as base64; secret. "": a key of the process. */
	struct sdi_str ticket_key, ticket_text;
	/* Answers of these media types, with blanks between them, are compressed; "": none. Without quotes and semicolons. */
	struct sdi_str gzip_types;
	unsigned gzip_level;
	const struct sdi_str *bind; /* addresses, where the settings name none; IPv4 first, without brackets */
	size_t n_bind;
	struct sdi_cidrs debug; /* connections of these clients are logged in detail */
	/* What limits on requests and connections count by; none: the client's address. Without it they do not count. */
	const struct sdi_key_part *limit_key;
	size_t n_limit_key;
	struct sdi_knob knobs[SDI_KNOB__COUNT];
	const struct sdi_raw *raw[SDI_RAW__COUNT]; /* NULL: none */
	const struct sdi_raw_stream *raw_streams;  /* as they are to be written; no two take the same */
	size_t n_raw_streams;
	struct sdi_global_waf waf;
	struct sdi_log log;
	struct sdi_blocklist unlogged; /* request targets that are not logged; texts in any case */
};

/* What the key says, else @dflt. */
static inline int64_t sdi_knob_or(const struct sdi_globals *globals, enum sdi_knob_id id, int64_t dflt)
{
	return globals->knobs[id].said ? globals->knobs[id].number : dflt;
}

/* In small letters: the header whose value the endpoint gets as X-Original-Forwarded-Host. */
static inline struct sdi_str sdi_globals_host_header(const struct sdi_globals *globals)
{
	const struct sdi_knob *knob = &globals->knobs[SDI_KNOB_HOST_HEADER];
	return knob->said ? knob->text : SDI_STR("x-forwarded-host");
}

/* Scheme and port of a request can be others than those of the connection. */
static inline bool sdi_globals_tell_scheme(const struct sdi_globals *globals)
{
	return globals->forwarded || globals->proxy_protocol;
}

#endif
