/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One behaviour case: a YAML file with manifests, requests and the answers expected. README.md describes the format.
 */
#ifndef SDI_TESTS_CASE_H
#define SDI_TESTS_CASE_H

#include "../../lib/base/buf.h"
#include "../../lib/source/node.h"
#include "../../tools/lab/echo.h"
#include "../../tools/lab/probe.h"
#include "../../tools/lab/proxy.h"
#include <sys/types.h>

/* The probes of all cases: names of a case are given to groups, so that one process serves the whole run. */
enum { POOL_GROUPS = 8, POOL_SIZE = 10 };

struct pool {
	unsigned ports[POOL_GROUPS]; /* of a group: the same on 127.0.0.1 to 127.0.0.10 */
	struct sdi_lab_probe list[POOL_GROUPS * POOL_SIZE];
	char names[POOL_GROUPS * POOL_SIZE][8]; /* "GROUP.NUMBER", both from 0 */
	struct sdi_lab_probes *probes;
};

bool pool_start(struct pool *pool, struct sdi_lab_error *error);

struct behaviour_case {
	struct sdi_arena arena;
	const char *file;
	struct sdi_str name;
	const struct sdi_node *root;
	struct {
		struct sdi_str name;
		unsigned count;
	} groups[POOL_GROUPS];
	size_t n_groups;
};

/* Reads @file; false with the place and the mistake in @error. */
bool case_read(struct behaviour_case *c, const char *file, struct sdi_lab_error *error);
void case_release(struct behaviour_case *c);

/* Whether the list or scalar @node has @word; @node NULL: yes. */
bool node_lists(const struct sdi_node *node, const char *word);

/* A proxy to play cases on. */
struct target {
	enum sdi_proxy kind;
	char *program; /* NULL: not installed */
	bool unwanted; /* another one was asked for */
	unsigned major, minor;
};

/* The @i-th module of NGINX that the case wants, as *ret_setting and @path; NULL: no more. *ret_why: what is missing of it,
 * else NULL. */
const char *case_module(const struct behaviour_case *c, size_t i, const char **ret_setting, char *path, size_t size,
                        const char **ret_why);

/* A client that keeps its cookies, paths and all other attributes aside. */
struct session {
	struct sdi_str name;
	struct sdi_lab_headers cookies; /* name and value */
	struct sdi_str backend;         /* that answered last; "": none yet */
};
/* Requests that are under way while others are sent. */
enum { BACKGROUND_MAX = 8 };

/* What is known while a case is played on a target. */
struct play {
	const struct behaviour_case *c;
	const struct pool *pool;
	const struct target *target;
	unsigned http, https, spare[2]; /* ports of the proxy */
	unsigned inner;                 /* one between NGINX and itself */
	struct sdi_arena arena;
	struct sdi_lab_dir dir;
	struct {
		struct sdi_str name, chain, key;
	} issued[16]; /* certificates of the case */
	size_t n_issued;
	struct session sessions[8];
	size_t n_sessions;
	struct sdi_str nonce, realm; /* of the last challenge to a digest */
	pid_t background[BACKGROUND_MAX];
	size_t n_background;
	int syslog;             /* where datagrams of the log arrive, with `syslog` */
	unsigned syslog_port;
	struct sdi_buf trouble; /* what went wrong, in lines; empty: nothing */
};

/* Plays the case; what went wrong is in @play->trouble. */
void case_play(struct play *play);

/* logs.c: the end of a syslog, when the case wants one; `log` and `no-log` of the case. */
void log_listen(struct play *play);
void log_close(struct play *play);
void log_check(struct play *play);

/* @text with @NAME@ (a probe's port), @http@, @https@, @port-1@, @port-2@ and @syslog@ replaced. */
struct sdi_str play_expand(struct play *play, struct sdi_str text);

/* The name that the case gave to the probe which calls itself @probe, "web" or "api-3". */
struct sdi_str play_backend(struct play *play, struct sdi_str probe);

/* The Services, EndpointSlices and Secrets that the case only names, as YAML. */
struct sdi_str play_objects(struct play *play);

/* Sends the @i-th request as often as the case says, and compares. */
void play_request(struct play *play, const struct sdi_node *request, size_t i);

/* session.c: the session of a request, NULL when it has none or there are too many; its Cookie header; what an answer
 * changes in it. */
struct session *session_of(struct play *play, const struct sdi_node *request);
struct sdi_str session_cookie(struct play *play, const struct session *session);
void session_learn(struct play *play, struct session *session, const struct sdi_lab_response *response,
		   struct sdi_str backend);
/* digest.c: the Authorization header of @digest, a map, for @request. */
struct sdi_str digest_answer(struct play *play, const struct sdi_node *digest, const struct sdi_lab_request *request);
/* Waits for those in the background. */
void play_finish(struct play *play);

/* One answer to a request. */
struct answer {
	const struct sdi_lab_request *request;
	const struct sdi_lab_response *response;
	bool complete;
	bool has_echo;
	struct sdi_lab_echo echo;
	struct sdi_str backend; /* as the case names it; "" when no probe answered */
	const struct session *session; /* as it was before; NULL: none */
};

/* Writes a line to @problems for everything in which @answer is not as @expect says. */
void expect_compare(struct play *play, const struct sdi_node *expect, const struct answer *answer,
		    struct sdi_buf *problems);

/* @want is "~REGEX" (POSIX extended), else the text itself. */
bool text_matches(struct play *play, struct sdi_str want, struct sdi_str got);

/* A certificate with its key for a case. */
struct issue {
	struct sdi_str dns[8];
	size_t n_dns;
	bool expired, mismatch; /* mismatch: the key is another one */
	bool ca;                /* may issue others */
	struct sdi_str subject; /* its common name; "": the first of dns */
	struct sdi_str issuer, issuer_key; /* PEM; n is 0: self-signed */
};

/* PEM texts in @arena; false only when OpenSSL fails. */
bool issue_certificate(const struct issue *issue, struct sdi_arena *arena, struct sdi_str *ret_chain,
		       struct sdi_str *ret_key);
/* A list, signed by @issuer, of revoked certificates: @revoked alone, or none when its n is 0. PEM. */
struct sdi_str issue_list(struct sdi_str issuer, struct sdi_str key, struct sdi_str revoked, struct sdi_arena *arena);
struct sdi_str base64(struct sdi_arena *arena, struct sdi_str data);

#endif
