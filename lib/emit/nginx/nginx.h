/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of the NGINX emitter share. One nginx.conf is written from top to bottom:
 *
 *     sdi_nginx_write_globals(&ng);     the main and events contexts, and http up to the first block
 *     sdi_nginx_write_backends(&ng);    one upstream per backend
 *     sdi_nginx_write_servers(&ng);     one server per host, its routes by sdi_nginx_write_locations()
 *
 * All that requests have in common stands once, in http: NGINX copies nothing for what a server or location inherits,
 * but it sets up every module (7 KB) for each server, location, "if" and upstream. So their number is what memory
 * costs, not what is in them.
 */
#ifndef SDI_EMIT_NGINX_H
#define SDI_EMIT_NGINX_H

#include "../../base/map.h"
#include "../conf.h"
#include "../../gateway/fact.h"
#include "../emit.h"

struct sdi_nginx {
	const struct sdi_gateway *gateway;
	const struct sdi_settings *settings;
	struct sdi_version_number version;
	struct sdi_bundle *bundle;
	struct sdi_buf *out;         /* nginx.conf */
	const struct sdi_host *host; /* whose locations are being written */
	bool late_answer;            /* of these, one says 404 once it knows who asks */
	struct sdi_arena *scratch;   /* jumps when out of memory */
	struct sdi_diag_ctx diag;
	uint64_t common_body; /* upstream.c */
	bool passes;          /* passthrough.c: TLS streams are passed on */
	bool closes;          /* that was asked for and can't be: 503 */
	bool inspects;        /* waf.c: requests, by a firewall; with the core rules somewhere */
	bool core_rules;
	struct sdi_map limits;  /* by id of struct sdi_limits, see access.c */
	struct sdi_map lists;   /* names of the files of addresses that are there */
	struct sdi_map choices; /* split.h, by what makes them different (balance.c) */
};

extern const struct sdi_cap sdi_nginx_caps[SDI_FIELD__COUNT];
extern const struct sdi_cap sdi_nginx_knobs[SDI_KNOB__COUNT];

/* knobs.c: the directives of one context that come from keys of the controller's ConfigMap, or their defaults. */
enum sdi_nginx_context {
	SDI_NGINX_MAIN,
	SDI_NGINX_EVENTS,
	SDI_NGINX_HTTP,
	SDI_NGINX_TLS,
	SDI_NGINX_BROTLI,
	SDI_NGINX_UPSTREAM,
	SDI_NGINX_STREAM
};

bool sdi_nginx_has_http2(const struct sdi_nginx *ng);
void sdi_nginx_write_globals(struct sdi_nginx *ng);
/* " TYPE..." and the end; NGINX compresses text/html always, and warns of it in the list. */
void sdi_nginx_write_types(struct sdi_nginx *ng, struct sdi_str types);
void sdi_nginx_write_knobs(struct sdi_nginx *ng, enum sdi_nginx_context context, const char *indent);
void sdi_nginx_write_debug(struct sdi_nginx *ng);     /* of some clients, in "events" */
void sdi_nginx_write_tls_files(struct sdi_nginx *ng); /* certs.c: what "http" says of files besides certificates */
/* modules.c: load_module, and what stands in "http" */
void sdi_nginx_load(struct sdi_nginx *ng, struct sdi_str module);
void sdi_nginx_load_modules(struct sdi_nginx *ng);
void sdi_nginx_http_modules(struct sdi_nginx *ng);
void sdi_nginx_write_backends(struct sdi_nginx *ng);
void sdi_nginx_write_servers(struct sdi_nginx *ng);
void sdi_nginx_write_locations(struct sdi_nginx *ng, const struct sdi_host *host);

/* The redirect that all of @host answers plain HTTP with, NULL when its routes differ in that. */
const struct sdi_tls_redirect *sdi_nginx_host_redirect(const struct sdi_nginx *ng, const struct sdi_host *host);
bool sdi_nginx_write_return(struct sdi_nginx *ng, const struct sdi_policy *policy); /* false: it has no redirect */
void sdi_nginx_write_redirect(struct sdi_nginx *ng, const struct sdi_tls_redirect *redirect);

/* A location that is being written: a route of a host. Several may be the same route (location.c). */
struct sdi_nginx_place {
	const struct sdi_host *host;
	const struct sdi_route *route;   /* its path is that of the location */
	const struct sdi_policy *policy; /* the route's */
	bool redirect;                   /* it has to say the redirect to HTTPS itself */
};

/*
 * What groups of policy fields add, one file each: to "http", to each server, to each location whose policy is not
 * plain. Within a location NGINX itself keeps the order of phases, but for what the rewrite module does, which runs
 * from top to bottom.
 */
bool sdi_nginx_refuses(const struct sdi_policy *policy);         /* its routes answer 503 */
bool sdi_nginx_has_passwords(const struct sdi_gateway *gateway); /* files that the workers read */
void sdi_nginx_http_access(struct sdi_nginx *ng);                /* zones, lists */
void sdi_nginx_http_auth(struct sdi_nginx *ng);                  /* caches */
void sdi_nginx_http_balance(struct sdi_nginx *ng);               /* maps and splits */
void sdi_nginx_http_extras(struct sdi_nginx *ng);                /* maps */
void sdi_nginx_write_streams(struct sdi_nginx *ng);              /* the context "stream" */

/* @fn for each policy of a route of @host that is neither plain nor answers 503, once. */
typedef void sdi_nginx_policy_fn(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy);
void sdi_nginx_each_policy(struct sdi_nginx *ng, const struct sdi_host *host, sdi_nginx_policy_fn *fn);

/* log.c: formats and files, in "http" and in "stream"; what they need of variables; what a location of @route says, each
 * line between @before and @behind; whether it says who it is. */
void sdi_nginx_http_log(struct sdi_nginx *ng);
void sdi_nginx_http_log_variables(struct sdi_nginx *ng);
void sdi_nginx_stream_log(struct sdi_nginx *ng);
void sdi_nginx_stream_log_server(struct sdi_nginx *ng, const struct sdi_stream *stream);
bool sdi_nginx_logs_routes(const struct sdi_nginx *ng);
bool sdi_nginx_logs_paths(const struct sdi_nginx *ng);
void sdi_nginx_write_log(struct sdi_nginx *ng, const struct sdi_route *route, const char *before, const char *behind);

/* mirror.c */
void sdi_nginx_server_mirrors(struct sdi_nginx *ng, const struct sdi_host *host); /* locations */
void sdi_nginx_place_mirror(struct sdi_nginx *ng, const struct sdi_nginx_place *place);

void sdi_nginx_server_auth(struct sdi_nginx *ng, const struct sdi_host *host); /* client certificates, locations */

void sdi_nginx_place_preflight(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_place_redirect(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_place_rewrite(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_place_access(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_place_auth(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_place_upstream(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_place_extras(struct sdi_nginx *ng, const struct sdi_nginx_place *place);

/* snippet.c: raw lines; ours from @start on that these make needless go; those of a location, of any kind. */
void sdi_nginx_write_raw(struct sdi_nginx *ng, const struct sdi_raw *raw, size_t depth);
/* log.c: sets the variables of the controller that @raw (NULL: none) reads, in a location of @route. */
void sdi_nginx_write_own_variables(struct sdi_nginx *ng, const struct sdi_route *route, const struct sdi_raw *raw);
void sdi_nginx_make_way(struct sdi_nginx *ng, size_t start, const struct sdi_raw *raw);
bool sdi_nginx_raw_has(const struct sdi_raw *raw, const char *directive); /* of those that a block has once */
void sdi_nginx_place_raw(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_place_make_way(struct sdi_nginx *ng, const struct sdi_nginx_place *place, size_t start);
bool sdi_nginx_raw_sets_headers(const struct sdi_nginx *ng, const struct sdi_policy *policy, bool request);
size_t sdi_nginx_raw_variables(const struct sdi_nginx *ng);

/* headers.conf, and what includes it in "http". False: out of memory. */
bool sdi_nginx_write_headers(struct sdi_nginx *ng);
/* "location" and the name of a route of a regex host. */
void sdi_nginx_write_regex_name(struct sdi_nginx *ng, const struct sdi_route *route);
void sdi_nginx_rewrite_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place);

/* The beginning of the directive that gives requests of @policy a header: the value and ";" go behind it. */
void sdi_nginx_set_header(struct sdi_nginx *ng, const struct sdi_policy *policy, struct sdi_str name);
/* Headers are inherited all or none: a location that has one of its own says all of them. */
void sdi_nginx_place_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_place_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place);

void sdi_nginx_extras_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place); /* CORS */

/* "BEFORE NAME VALUE AFTER" into @file; what can't be said is left out. */
void sdi_nginx_write_header_text(struct sdi_nginx *ng, struct sdi_buf *file, const char *before,
                                 const struct sdi_header_text *header, const char *after);

/*
 * Sizes of bodies: "http" has the one that the first route asks for, so that tens of thousands need not say it; this
 * writes the directive where @policy wants another, between @before and @behind.
 */
uint64_t sdi_nginx_common_body(const struct sdi_gateway *gateway);
void sdi_nginx_write_body_size(struct sdi_nginx *ng, const struct sdi_policy *policy, struct sdi_str before,
                               struct sdi_str behind);

/*
 * The upstream that requests for @backend go to. NGINX keeps idle connections by address alone, so what is said on
 * them, and to whom, has to be the same for all of an upstream: what is not plain HTTP has upstreams of its own policy.
 */
void sdi_nginx_write_backend(struct sdi_nginx *ng, const struct sdi_backend *backend, struct sdi_str name);
void sdi_nginx_write_own_upstreams(struct sdi_nginx *ng);
bool sdi_nginx_has_own_upstream(const struct sdi_policy *policy);
/* Whether the route has a choice, and with it upstreams of its own (balance.c). */
/* As one word in quotes, with variables (session.c). */
void sdi_nginx_write_key(struct sdi_nginx *ng, const struct sdi_key_part *parts, size_t n);
bool sdi_nginx_chooses(const struct sdi_route *route);
void sdi_nginx_write_upstream_name(struct sdi_nginx *ng, const struct sdi_policy *policy,
                                   const struct sdi_backend *backend);
bool sdi_nginx_add_upstream_certificates(struct sdi_nginx *ng); /* files; false when out of memory */

/* upstream_fastcgi.c */
void sdi_nginx_write_fastcgi(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
/* One argument, as @place's requests make it of @text (NULL: it has no fact of a route); false, and nothing written: it
 * can't be said. */
bool sdi_nginx_write_text(struct sdi_nginx *ng, const struct sdi_nginx_place *place, const struct sdi_fact_text *text);

/* access.c: "geo VARIABLES", 1 for addresses of @list, else 0. */
void sdi_nginx_write_geo(struct sdi_nginx *ng, const char *variables, const struct sdi_cidrs *list);

/* answers.c: what all answers get, and its files (false: out of memory). @hides: not in an "if". */
bool sdi_nginx_add_answers(struct sdi_nginx *ng);
void sdi_nginx_write_answers(struct sdi_nginx *ng, struct sdi_str indent, bool hides);
/* The same and what else answers of @host get, for a location that says a header of its own; @policy may be NULL. */
void sdi_nginx_keep_answers(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy,
                            struct sdi_str indent, bool hides);
void sdi_nginx_server_answers(struct sdi_nginx *ng, const struct sdi_host *host);
/* Whether a snippet sets it in place of any other. */
bool sdi_nginx_answer_said(const struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy,
                           struct sdi_str name);

/* errors.c */
void sdi_nginx_place_errors(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_server_errors(struct sdi_nginx *ng, const struct sdi_host *host);
void sdi_nginx_standin_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place);

/* waf.c */
void sdi_nginx_load_waf(struct sdi_nginx *ng);
bool sdi_nginx_http_waf(struct sdi_nginx *ng); /* false: out of memory */
void sdi_nginx_place_waf(struct sdi_nginx *ng, const struct sdi_nginx_place *place);

/* streams.c, and what it needs of others: "listen" lines for a port (frontend.c), "resolver" (globals.c). */
void sdi_nginx_load_streams(struct sdi_nginx *ng);
void sdi_nginx_write_listens(struct sdi_nginx *ng, unsigned port, const char *options, const char *protocol);
void sdi_nginx_write_resolver(struct sdi_nginx *ng);
void sdi_nginx_write_stream_servers(struct sdi_nginx *ng, const struct sdi_backend *backend);

/* passthrough.c: whether TLS streams are passed on; where servers listen for HTTPS then; what else stands in http, in a
 * server and in stream. */
bool sdi_nginx_passes(struct sdi_nginx *ng);
void sdi_nginx_write_passed_listen(struct sdi_nginx *ng, bool is_default, const char *options);
void sdi_nginx_http_passthrough(struct sdi_nginx *ng);
void sdi_nginx_server_passthrough(struct sdi_nginx *ng, const struct sdi_host *host);
void sdi_nginx_write_passthrough(struct sdi_nginx *ng);

/* client.c: $sdi_port, $sdi_host and what says who the client is; who is kept out, in "http" and in a server. */
void sdi_nginx_write_trusted(struct sdi_nginx *ng, const struct sdi_cidrs *trusted, const char *indent);
void sdi_nginx_http_client(struct sdi_nginx *ng);
void sdi_nginx_http_blocked(struct sdi_nginx *ng);
void sdi_nginx_server_blocked(struct sdi_nginx *ng);
const char *sdi_nginx_header_variable(struct sdi_nginx *ng, struct sdi_str name); /* "$http_x_real_ip" */
/* Lines of a "map": @value for each entry of @list. */
void sdi_nginx_write_blocklist(struct sdi_nginx *ng, const struct sdi_blocklist *list, const char *value);

/* "proxy_pass http://" or what the endpoints speak; @policy may be NULL. */
struct sdi_str sdi_nginx_pass_scheme(const struct sdi_policy *policy);
bool sdi_nginx_is_grpc(const struct sdi_policy *policy);
/* Whether a body is there until the route has its answer; else it is passed on as it comes. */
bool sdi_nginx_keeps_body(const struct sdi_policy *policy);
/* "DIRECTIVE RUNTIME-DIR/NAME MORE;" */
void sdi_nginx_write_runtime_path(struct sdi_nginx *ng, const char *directive, struct sdi_str name, const char *more);

/* destination.c: whether requests can go there; the end of a location whose requests go there; upstreams in "http"; and a
 * text within a quoted word. */
struct sdi_destination;
struct sdi_text;
bool sdi_nginx_can_go_to(const struct sdi_nginx *ng, const struct sdi_destination *to);
void sdi_nginx_pass_to(struct sdi_nginx *ng, const struct sdi_destination *to);
void sdi_nginx_http_destinations(struct sdi_nginx *ng);
void sdi_nginx_write_request_text(struct sdi_buf *out, const struct sdi_text *text);

/* What auth.c and client_cert.c have among them. */
void sdi_nginx_auth_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_auth_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
void sdi_nginx_write_usual_headers(struct sdi_buf *out, const char *indent); /* of requests, as "http" has them */
void sdi_nginx_write_fixed_headers(struct sdi_buf *out, const char *indent); /* those without Host and hop by hop */
void sdi_nginx_server_client_cert(struct sdi_nginx *ng, const struct sdi_host *host);
/* In a location whose requests go out as @policy says; NULL: as HTTP. */
void sdi_nginx_client_cert_headers(struct sdi_nginx *ng, const struct sdi_host *host, const struct sdi_policy *policy);
bool sdi_nginx_add_client_certs(struct sdi_nginx *ng); /* files; false when out of memory */

/* Where "proxy_pass" sends to, without a URI: the request then goes out as the client sent it. False: nothing is
 * written, since no server of the route's backend can be reached; it answers 503. */
bool sdi_nginx_write_proxy_pass(struct sdi_nginx *ng, const struct sdi_nginx_place *place);

/* The name or variable behind "proxy_pass http://" of a route that chooses (balance.c). False: it does not choose, and
 * nothing is written. */
bool sdi_nginx_write_choice(struct sdi_nginx *ng, const struct sdi_nginx_place *place);
/* How many variables choices need, roughly. */
size_t sdi_nginx_choice_names(const struct sdi_nginx *ng);
/* Its Set-Cookie header. */
void sdi_nginx_place_session(struct sdi_nginx *ng, const struct sdi_nginx_place *place);

/* The last line of an upstream. */
void sdi_nginx_write_keepalive(struct sdi_nginx *ng);
void sdi_nginx_write_no_keepalive(struct sdi_nginx *ng); /* none are kept, whatever the version does by itself */

/* Whether requests can go to @backend at all. */
bool sdi_nginx_can_reach(const struct sdi_nginx *ng, const struct sdi_backend *backend);

/* The server that is a DNS name; NULL: all are addresses. */
const struct sdi_server *sdi_nginx_external(const struct sdi_backend *backend);

/* Whether @ng can look names up when it serves. */
bool sdi_nginx_has_resolver(const struct sdi_nginx *ng);

/* The files of all certificates; false when out of memory. */
bool sdi_nginx_add_certificates(struct sdi_nginx *ng);
/* The directives that give a server its certificate; NULL: that of the default server, or a refused handshake. */
void sdi_nginx_write_certificate(struct sdi_nginx *ng, const struct sdi_certificate *certificate);

#endif
