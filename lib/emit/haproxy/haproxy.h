/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of the HAProxy emitter share. haproxy.cfg is written from top to bottom:
 *
 *     sdi_hap_write_globals(&hap);      global, defaults, resolvers, and the error files
 *     sdi_hap_write_frontends(&hap);    http and https; they route by maps/routes.map, see maps.c
 *     sdi_hap_write_backends(&hap);     one section per backend
 *
 * A request costs the same whatever the number of hosts: no rule of a frontend is about one host, and backends are
 * found by name. Hence what a host or path brings with it goes to the map, as a flag behind its target.
 */
#ifndef SDI_EMIT_HAPROXY_H
#define SDI_EMIT_HAPROXY_H

#include "../../base/map.h"
#include "../../base/vec.h"
#include "../../gateway/access.h"
#include "../emit.h"
#include "../../gateway/balance.h"

/*
 * A "backend" of haproxy.cfg: a service port together with a policy. Plain policies are the frontends' work, so all
 * routes that have one share a section.
 */
struct sdi_hap_section {
	struct sdi_str id; /* its name: that of the backend, and "_" and the policy's id unless that is plain */
	const struct sdi_backend *backend;
	const struct sdi_policy *policy;   /* NULL: plain */
	const struct sdi_balance *balance; /* the policy's, or that of a canary; NULL: the default */
	bool over_tls; /* the twin of a section whose endpoints speak what the client spoke, for clients with TLS */
	const struct sdi_route *route; /* the first that goes here; what routes of one policy have in common counts */
};

/* Routes that have the same canaries: a flag in the map, rules in the frontends (split.c). */
struct sdi_hap_split {
	const struct sdi_route *route;
	struct sdi_str main, sides[SDI_CANARIES]; /* sections */
	bool twins;                               /* their twins are meant: it is written for clients with TLS */
};

struct sdi_hap {
	const struct sdi_gateway *gateway;
	const struct sdi_settings *settings;
	struct sdi_version_number version;
	struct sdi_bundle *bundle;
	struct sdi_buf *cfg; /* haproxy.cfg */
	struct sdi_diag_ctx diag;
	struct sdi_arena *scratch; /* jumps when out of memory */
	struct sdi_map section_by_id;
	struct {
		SDI_VEC(struct sdi_hap_section *)
	} sections;            /* as found in the map, then sorted by id */
	struct sdi_map tables; /* by id of struct sdi_limits: the section that has the table */
	struct sdi_map lists;  /* names of the files of addresses that are there */
	struct {
		SDI_VEC(uint64_t)
	} body_sizes; /* limits of bodies that a route has, each once */
	struct {
		SDI_VEC(const struct sdi_client_cert *)
	} client_certs; /* all that hosts ask for, each once (client_cert.c) */
	struct sdi_map split_by_key;
	struct {
		SDI_VEC(struct sdi_hap_split)
	} splits;
	struct sdi_map ids; /* of the servers of ids_of (balance.c) */
	const struct sdi_hap_section *ids_of;
	bool twins;          /* a route goes to a section that has one over TLS */
	unsigned redirects;  /* bit per row of sdi_hap_redirects that a route uses */
	unsigned answers[4]; /* by enum sdi_redirect_kind: bit per code from 300 on that a route answers with */
	bool cuts;           /* a redirect to HTTPS cuts a slash off */
	struct sdi_str hsts; /* of hosts that have it: the controller's ConfigMap sets one for all */
	struct sdi_hap_regexes *regexes; /* rewrite.c; NULL: none */
	struct sdi_str mirror_socket;    /* where copies of requests come back to (mirror.c); "": there are none */
	bool tls;                        /* an HTTPS listener is wanted and has a certificate */
	bool names;                      /* a server is a DNS name */
	bool passes;                     /* passthrough.c: TLS streams are passed on */
	bool closes;                     /* that was asked for and can't be: 503 */
	struct sdi_str socket;           /* where all other streams go then */
};

/* The codes of TLS redirects and what a route that asks for one has in its map value: "|tls308", "|tls308:8443". */
enum { SDI_HAP_REDIRECTS = 5 };
struct sdi_hap_redirect {
	unsigned code;
	const char *flag;
};
extern const struct sdi_hap_redirect sdi_hap_redirects[SDI_HAP_REDIRECTS];

extern const struct sdi_cap sdi_hap_caps[SDI_FIELD__COUNT];
extern const struct sdi_cap sdi_hap_knobs[SDI_KNOB__COUNT];

#define SDI_HAP_ROUTES_MAP "maps/routes.map"
/* Behind the name of a section, that of its twin over TLS; a flag of the routes that have one. */
#define SDI_HAP_TWIN "_https"
#define SDI_HAP_TWIN_FLAG "|twin"

/* Of a route whose host's TLS is passed on: a character that no text of a redirect has. */
#define SDI_HAP_PASSED_FLAG "|+"

/* A unix socket's path has 107 bytes at most, and HAProxy binds to PATH.PID.tmp first. */
enum { SDI_HAP_SOCKET_BYTES = 107 - (sizeof(".4194304.tmp") - 1) };

#define SDI_HAP_CRT_LIST "crt-list.txt"

/* The name of the section that @route's requests for @backend go to; makes a note of it. */
struct sdi_str sdi_hap_section_of(struct sdi_hap *hap, const struct sdi_route *route,
                                  const struct sdi_backend *backend);

extern const char sdi_hap_redirect_letters[];
bool sdi_hap_redirects_in_section(const struct sdi_route *route); /* not in the frontends */
/* The same for the requests of @route that go to @canary. */
struct sdi_str sdi_hap_section_of_canary(struct sdi_hap *hap, const struct sdi_route *route,
                                         const struct sdi_canary *canary);

/* The value of a request's cookie (balance.c); @name has the grammar of gateway/balance.h. */
void sdi_hap_cookie(struct sdi_buf *cfg, struct sdi_str name);

/* The flag of a route with canaries, in the map; nothing for others (split.c). */
void sdi_hap_add_split(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_route *route);

/* These return false when out of memory before there was a buffer to show it. */
bool sdi_hap_write_globals(struct sdi_hap *hap);
/* knobs.c: keywords of "global", and those about TLS; what "defaults" says of servers. */
void sdi_hap_global_knobs(struct sdi_hap *hap);
void sdi_hap_tls_knobs(struct sdi_hap *hap);
void sdi_hap_default_server(struct sdi_hap *hap);
void sdi_hap_frontend_knobs(struct sdi_hap *hap); /* rules of both frontends */
bool sdi_hap_add_map(struct sdi_hap *hap);
bool sdi_hap_add_certificates(struct sdi_hap *hap);
#define SDI_HAP_TICKETS "tickets.keys"
void sdi_hap_add_tls_files(
	struct sdi_hap *hap); /* and their keywords of "global"; but the tickets' key is a word of "bind" */
bool sdi_hap_has_ticket_key(const struct sdi_hap *hap);

/* The value of a route in a map, with the blank before it and the end of the line. */
void sdi_hap_map_value(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host,
                       const struct sdi_route *route);
/* The lists of regular expressions (rewrite.c); these return false when out of memory, too. The first writes the value
 * of the host's only key into @map, the second makes up a name for an alias. */
bool sdi_hap_add_regex_host(struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host);
bool sdi_hap_add_alias(struct sdi_hap *hap, struct sdi_str regex, struct sdi_str *ret_name);

void sdi_hap_write_frontends(struct sdi_hap *hap);
void sdi_hap_write_backends(struct sdi_hap *hap);

/*
 * What groups of policy fields add, one file each. Rules of a section stand in the order of NGINX's phases: see
 * backend.c. @section->policy is never NULL there.
 */
void sdi_hap_global_access(struct sdi_hap *hap);                /* sections of their own: userlists, tables */
void sdi_hap_global_auth(struct sdi_hap *hap);                  /* lines of "global", and files */
void sdi_hap_frontend_redirects(struct sdi_hap *hap, bool tls); /* rules, before and instead of a backend */
void sdi_hap_frontend_alias(struct sdi_hap *hap);               /* hosts whose name is a regular expression */
void sdi_hap_frontend_rewrite(struct sdi_hap *hap);             /* routes of regex hosts */
void sdi_hap_frontend_upstream(struct sdi_hap *hap);            /* sizes */
void sdi_hap_frontend_auth(struct sdi_hap *hap, bool tls);      /* client certificates */
/* Sets the variable to the key (balance.c). */
void sdi_hap_write_key(struct sdi_buf *cfg, const char *variable, const struct sdi_key_part *parts, size_t n);
void sdi_hap_frontend_balance(struct sdi_hap *hap, bool tls); /* "use_backend" before that of the map */
void sdi_hap_frontend_choices(struct sdi_hap *hap);
void sdi_hap_write_streams(struct sdi_hap *hap); /* TCP services */
/* The servers of @backend, without anything but @end behind their addresses. */
void sdi_hap_write_plain_servers(struct sdi_hap *hap, const struct sdi_backend *backend, struct sdi_str end);

/* passthrough.c: whether TLS streams are passed on; their frontend, backends and map (false: out of memory); where the
 * frontend of HTTPS listens then; what it answers for their hosts. */
bool sdi_hap_passes(struct sdi_hap *hap);
bool sdi_hap_write_passthrough(struct sdi_hap *hap);
void sdi_hap_write_bind_passed(struct sdi_hap *hap);
void sdi_hap_frontend_passthrough(struct sdi_hap *hap);

/* The value of a header; @section is NULL where the text has no fact of a route. False, and nothing written: it can't
 * be said. */
bool sdi_hap_write_text(struct sdi_hap *hap, const struct sdi_hap_section *section, const struct sdi_fact_text *text);

/* extras.c: headers of all requests and of all answers. */
void sdi_hap_frontend_requests(struct sdi_hap *hap);
void sdi_hap_frontend_answers(struct sdi_hap *hap);

/* "bind" lines for a port, with TLS for HTTP, and with the PROXY protocol before all else. */
void sdi_hap_write_binds(struct sdi_hap *hap, unsigned port, bool tls, bool protocol);

/* destination.c: a log-format, one word. */
struct sdi_text;
void sdi_hap_write_request_text(struct sdi_buf *cfg, const struct sdi_text *text);

/* errors.c */
bool sdi_hap_has_error_pages(const struct sdi_gateway *gateway);
void sdi_hap_global_errors(struct sdi_hap *hap);
void sdi_hap_section_errors(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_section_standin(struct sdi_hap *hap, const struct sdi_hap_section *section);

/* mirror.c: whether there are any; lines of "global", and the script; a section's rules; the sections that copies go
 * through. */
void sdi_hap_collect_mirrors(struct sdi_hap *hap);
void sdi_hap_global_mirrors(struct sdi_hap *hap);
void sdi_hap_section_mirror(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_write_mirrors(struct sdi_hap *hap);

/* log.c: the lines of "global" and "defaults"; a frontend's own; its rules before others change the request, once
 * the route is known, and behind those that change answers; lines of a "listen"
 * (NULL: of streams that are passed on); whether requests are logged. */
void sdi_hap_global_log(struct sdi_hap *hap);
void sdi_hap_defaults_log(struct sdi_hap *hap);
void sdi_hap_frontend_log(struct sdi_hap *hap, bool tls);
void sdi_hap_frontend_log_request(struct sdi_hap *hap);
void sdi_hap_frontend_log_route(struct sdi_hap *hap);
void sdi_hap_frontend_log_answer(struct sdi_hap *hap);
void sdi_hap_stream_log(struct sdi_hap *hap, const struct sdi_stream *stream);
void sdi_hap_log_flags(const struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host,
                       const struct sdi_route *route); /* of a route in a map */
bool sdi_hap_logs_requests(const struct sdi_hap *hap);

/* globals.c: a script of ours in "global", and its file. */
void sdi_hap_add_script(struct sdi_hap *hap, struct sdi_str name, struct sdi_str text);
/* globals.c: RUNTIME-DIR and @name. False: too long for a unix socket. */
bool sdi_hap_socket_path(struct sdi_hap *hap, const char *name, struct sdi_str *ret);

/* client.c */
bool sdi_hap_all_begin_with_proxy(const struct sdi_hap *hap);
void sdi_hap_frontend_protocol(struct sdi_hap *hap); /* connections that begin with the PROXY protocol */
void sdi_hap_frontend_client(struct sdi_hap *hap, struct sdi_str scheme, unsigned port);
void sdi_hap_frontend_host(struct sdi_hap *hap);
void sdi_hap_frontend_blocked(struct sdi_hap *hap);
void sdi_hap_unless_told_https(struct sdi_hap *hap);
/* "acl @acl @sample …" for each entry of @list. */
void sdi_hap_write_blocklist(struct sdi_hap *hap, const char *acl, const char *sample,
                             const struct sdi_blocklist *list);

/* Parts of access.c: limits.c, passwords.c, apr1.c, digest.c. */
bool sdi_hap_has_userlists(const struct sdi_gateway *gateway); /* so haproxy.cfg holds secrets */
void sdi_hap_write_userlists(struct sdi_hap *hap);
bool sdi_hap_has_auth(const struct sdi_gateway *gateway); /* auth.c: a service is asked */
bool sdi_hap_has_apr1(const struct sdi_gateway *gateway); /* so a script is loaded */
void sdi_hap_add_apr1(struct sdi_hap *hap);
bool sdi_hap_has_digest(const struct sdi_gateway *gateway);
void sdi_hap_global_digest(struct sdi_hap *hap);
void sdi_hap_write_digest(struct sdi_hap *hap, const struct sdi_basic_auth *auth);
void sdi_hap_write_limits(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_write_list(struct sdi_hap *hap, const char *acl, const struct sdi_cidrs *list);
void sdi_hap_write_listed(struct sdi_hap *hap, const char *acl, const struct sdi_cidrs *list);
/* Rules that look a login up, and the condition "A or B" that it is right; false, and nothing: it never is. */
void sdi_hap_write_login(struct sdi_hap *hap, const struct sdi_basic_auth *auth);
bool sdi_hap_write_logged_in(struct sdi_hap *hap, const struct sdi_basic_auth *auth);
/* Where a password or a service is enough: what the service refuses is asked for a password. @only: a condition. */
void sdi_hap_write_also(struct sdi_hap *hap, const struct sdi_basic_auth *auth, const char *only);
void sdi_hap_section_clear(struct sdi_hap *hap, const struct sdi_hap_section *section); /* after all who ask for it */
/* client_cert.c: collected first; the flag of a route in the map, files, options of a host's line in the crt-list. */
void sdi_hap_collect_client_certs(struct sdi_hap *hap);
void sdi_hap_client_cert_flag(const struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host,
                              const struct sdi_route *route);
bool sdi_hap_add_client_certs(struct sdi_hap *hap);
void sdi_hap_client_cert_options(struct sdi_buf *list, const struct sdi_host *host);

extern const struct sdi_str sdi_hap_auth_script[]; /* lua/auth.lua, line by line */
extern const size_t sdi_hap_auth_script_lines;

void sdi_hap_section_redirect(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_section_access(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_section_auth(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_section_rewrite(struct sdi_hap *hap, const struct sdi_hap_section *section);
/* What endpoints are told beside "server": sections before that of the backend, files. */
void sdi_hap_write_fastcgi(struct sdi_hap *hap, const struct sdi_hap_section *section);
bool sdi_hap_add_upstream_certificates(struct sdi_hap *hap); /* false: out of memory */
void sdi_hap_section_upstream(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_section_balance(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_section_extras(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_section_preflight(struct sdi_hap *hap, const struct sdi_hap_section *section);
/* snippet.c: whether a policy asks for what only NGINX can say and may keep somebody out; all of it, as diagnostics. */
bool sdi_hap_refuses(const struct sdi_hap *hap, const struct sdi_policy *policy);
void sdi_hap_tell_snippets(struct sdi_hap *hap);
void sdi_hap_tell_waf(struct sdi_hap *hap, const struct sdi_waf *waf); /* waf.c */
/* Words behind the address of each server of the section. */
void sdi_hap_server_upstream(struct sdi_hap *hap, const struct sdi_hap_section *section);
void sdi_hap_server_balance(struct sdi_hap *hap, const struct sdi_hap_section *section,
                            const struct sdi_server *server);

#endif
