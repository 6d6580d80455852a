/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads the values of annotations, exactly as each controller does, and the functions of their rows (dialect/registry.h, sdi_parse_fn).
 */
#ifndef SDI_DIALECT_VALUES_H
#define SDI_DIALECT_VALUES_H

#include "../gateway/fact.h"
#include "registry.h"

/* Go's strconv.ParseBool: 1 t T TRUE true True, 0 f F FALSE false False; nothing else, no spaces. */
bool sdi_value_bool(struct sdi_str value, bool *ret);

/* The same, and in any case enabled on, disabled off. */
bool sdi_value_bool_haproxytech(struct sdi_str value, bool *ret);

/* Decimal digits only. */
bool sdi_value_uint(struct sdi_str value, unsigned min, unsigned max, unsigned *ret);

/* Whether a comma list of address ranges is 0.0.0.0/0 and ::/0 and nothing else: it lets everybody in. One of the two
 * alone keeps the other half of the internet out. */
bool sdi_value_all_addresses(struct sdi_str value);

sdi_parse_fn sdi_parse_bool, sdi_parse_bool_haproxytech; /* number: 0 or 1 */
sdi_parse_fn sdi_parse_redirect_code;                    /* number: 301, 302, 303, 307, 308 */
sdi_parse_fn sdi_parse_redirect_code_nginx_org;          /* the same without 303 */
sdi_parse_fn sdi_parse_port;                             /* number: 1 to 65535 */
sdi_parse_fn sdi_parse_uint;                             /* number; arg: struct sdi_bounds */
sdi_parse_fn sdi_parse_word;                             /* number: index; arg: const char *const words[], NULL last */
sdi_parse_fn sdi_parse_size;                             /* number: bytes */
sdi_parse_fn sdi_parse_text;                             /* nothing but a check; arg: struct sdi_grammar */
sdi_parse_fn sdi_parse_redirect_url;    /* nothing but a check; arg: "/" where a path will do, else "" */
sdi_parse_fn sdi_parse_app_root;        /* nothing but a check: an absolute path */
sdi_parse_fn sdi_parse_retry;           /* number: SDI_RETRY_… of gateway/upstream.h */
sdi_parse_fn sdi_parse_protocol;        /* number: enum sdi_upstream_protocol */
sdi_parse_fn sdi_parse_size_within;     /* number: bytes; arg: struct sdi_size_bounds */
sdi_parse_fn sdi_parse_tls_versions;    /* number: SDI_TLS_1_… of gateway/upstream.h */
sdi_parse_fn sdi_parse_secret;          /* nothing but a check: NAMESPACE/NAME */
sdi_parse_fn sdi_parse_text_with_facts; /* list: one struct sdi_fact_text; arg: struct sdi_text_grammar */
sdi_parse_fn sdi_parse_pair;  /* nothing: "off" or "FROM TO"; arg: what they may hold besides letters and digits */
sdi_parse_fn sdi_parse_cidrs; /* list: struct sdi_cidr, sorted, each once */
sdi_parse_fn sdi_parse_error_codes;      /* list: unsigned, 400 to 599, ascending, each once */
sdi_parse_fn sdi_parse_int;              /* number: any that fits, with or without "-" */
sdi_parse_fn sdi_parse_text_list;        /* like sdi_parse_text, no item between commas is empty */
sdi_parse_fn sdi_parse_methods;          /* the same without digits */
sdi_parse_fn sdi_parse_raw;              /* nothing: translate/ reads the text */
sdi_parse_fn sdi_parse_path_with_groups; /* "/x/$1"; only a check */
sdi_parse_fn sdi_parse_allow_list;       /* true only when it restricts nobody */

/* values_balance.c */
sdi_parse_fn sdi_parse_any_case;    /* like sdi_parse_word, which minds the case */
sdi_parse_fn sdi_parse_key;         /* list: struct sdi_key_part (gateway/balance.h) */
sdi_parse_fn sdi_parse_cookie_path; /* like sdi_parse_text, and begins with "/" */
sdi_parse_fn sdi_parse_anything;    /* whoever uses it checks it */

sdi_parse_fn sdi_parse_risk; /* number: enum sdi_risk; what is no level is the lowest (risk.c) */

sdi_parse_fn sdi_parse_limit_key; /* like sdi_parse_key, none for the client's address as NGINX has it */

/* values_config.c */
sdi_parse_fn sdi_parse_auto;         /* number, 0 for "auto"; arg: struct sdi_bounds */
sdi_parse_fn sdi_parse_time;         /* number: seconds */
sdi_parse_fn sdi_parse_buffers;      /* number: bytes of all of them */
sdi_parse_fn sdi_parse_header_regex; /* nothing but a check (base/regex.h) */
sdi_parse_fn sdi_parse_ticket_key;   /* list: struct sdi_str, the bytes */
sdi_parse_fn sdi_parse_masks;        /* nothing but a check */
sdi_parse_fn sdi_parse_curves;       /* nothing but a check by OpenSSL */

/* values_log.c */
sdi_parse_fn
	sdi_parse_log_format; /* list: struct sdi_log_part (gateway/log.h); arg: const unsigned *, where: SDI_LOG_… */
sdi_parse_fn sdi_parse_log_buffer; /* list: one struct sdi_log_buffer */
sdi_parse_fn sdi_parse_log_host;   /* nothing but a check: an IP address or a DNS name */

struct sdi_bounds {
	unsigned min, max;
	const char *want; /* "write a number of seconds" */
};

struct sdi_size_bounds {
	uint64_t min, max;
	const char *want;
};

/*
 * Texts with "$name" in them: which names (bit per enum sdi_fact), and what else besides letters and digits. With "$"
 * in @more it is a character like any other.
 */
struct sdi_text_grammar {
	unsigned facts;
	const char *more;
	size_t max;
	const char *want;
};

/* False: not of that grammar, or out of memory without a handler. The parts and their texts are in @arena. */
bool sdi_value_text(struct sdi_str text, const struct sdi_text_grammar *grammar, struct sdi_arena *arena,
                    struct sdi_fact_text *ret);

struct sdi_grammar {
	const char *more; /* what it may hold besides letters and digits */
	size_t max;       /* bytes */
	const char *want;
};

#endif
