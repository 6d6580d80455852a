/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The operator's settings as a struct; settings.c has one row per setting.
 */
#ifndef SDI_SETTINGS_H
#define SDI_SETTINGS_H

#include "base/vec.h"
#include <sdingress/settings.h>

struct sdi_strs {
	SDI_VEC(struct sdi_str)
};

struct sdi_ns_name {
	struct sdi_str ns, name; /* name is "" when not set */
	struct sdi_str port;     /* of default-backend; "" otherwise */
};

enum sdi_redirect_mode { SDI_REDIRECT_AUTO, SDI_REDIRECT_ALWAYS, SDI_REDIRECT_NEVER };

struct sdi_version_number {
	unsigned major, minor;
};

static inline bool sdi_version_at_least(struct sdi_version_number v, unsigned major, unsigned minor)
{
	return v.major > major || (v.major == major && v.minor >= minor);
}

struct sdi_settings {
	struct sdi_arena arena;
	bool to_nginx;                            /* --to */
	struct sdi_version_number target_version; /* 0.0: the floor of the target */
	struct sdi_strs ingress_class;            /* serve these classes; empty: all with a known controller */
	struct sdi_strs controller;               /* empty: the known ones */
	struct sdi_strs namespaces;               /* empty: all */
	bool watch_without_class;                 /* ingress-class given: also take objects without a class */
	struct sdi_str prefix, runtime_dir;       /* absolute paths that the configuration refers to */
	unsigned http_port, https_port;           /* 0: no such listener */
	struct sdi_strs bind;                     /* addresses; empty: all, IPv4 and IPv6 */
	struct sdi_ns_name default_backend, configmap, tcp_configmap, udp_configmap, default_certificate;
	bool allow_loopback, disable_external_name, disable_catch_all, allow_snippets, strict;
	enum sdi_redirect_mode ssl_redirect; /* auto: as the dialect of the object says */
	unsigned ssl_redirect_code;          /* 0: as the dialect says */
	unsigned ssl_redirect_port;          /* 0: none in the Location */
	struct sdi_strs resolver;            /* name servers for external names, where the proxy needs them named */
	struct sdi_str modsecurity_module;   /* of NGINX; "": there is none */
	struct sdi_str modsecurity_crs;      /* file of the core rules, or "debian"; "": there are none */
	struct sdi_str stream_module;        /* of NGINX, for TCP and UDP services; "": built in */
	struct sdi_str brotli_module, headers_module; /* of NGINX; "": there is none */
	unsigned passthrough_port;  /* of loopback, between NGINX and itself (emit/nginx/passthrough.c) */
	struct sdi_str worker_user; /* of NGINX, see sys/sys.h; "": its own choice */
	bool access_log;
	struct sdi_str default_pem; /* chain and key; secret; "" when not given */
	int64_t now_s;              /* Unix time to judge certificates by; 0: dates are not checked */
};

/* The defaults, for callers that were handed NULL. Static, never freed. */
const struct sdi_settings *sdi_settings_defaults(void);

/* runtime_dir, or PREFIX/run (in @arena) where it is not set. */
struct sdi_str sdi_settings_runtime_dir(const struct sdi_settings *settings, struct sdi_arena *arena);

#endif
