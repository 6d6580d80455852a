/* SPDX-License-Identifier: BSD-3-Clause */
/* From a request of a case to the lab's request, and to the answers. */
#include "case.h"
#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEADERS_MAX = 32 };

static const struct sdi_node *find(const struct sdi_node *map, const char *key)
{
	return sdi_node_find(map, sdi_str_c(key));
}

/* NUL-terminated, with placeholders replaced; NULL when the key is not there or null. */
static const char *text_of(struct play *play, const struct sdi_node *map, const char *key)
{
	const struct sdi_node *n = find(map, key);
	return n && n->type != SDI_NODE_NULL ? sdi_arena_copy(&play->arena, play_expand(play, n->text)).p : NULL;
}

static unsigned number_of(const struct sdi_node *map, const char *key, unsigned otherwise)
{
	int64_t v;
	return sdi_node_int(find(map, key), &v) && v > 0 ? (unsigned)v : otherwise;
}

static bool flag_of(const struct sdi_node *map, const char *key)
{
	const struct sdi_node *n = find(map, key);
	return n && sdi_str_is(n->text, "true");
}

/* Lines end in LF in the case's file and in CRLF on the wire, unless the text has CR itself. */
static struct sdi_str raw_of(struct play *play, const struct sdi_node *request)
{
	const char *text = text_of(play, request, "raw");
	struct sdi_buf out;
	if (!text)
		return (struct sdi_str){ 0 };
	bool has_cr = strchr(text, '\r') != NULL;
	sdi_buf_init(&out, 1u << 20);
	for (const char *p = text; *p; p++) {
		if (*p == '\n' && !has_cr)
			sdi_buf_char(&out, '\r');
		sdi_buf_char(&out, *p);
	}
	struct sdi_str raw = sdi_arena_copy(&play->arena, sdi_buf_str(&out));
	sdi_buf_release(&out);
	return raw;
}

/* {Name: value}; a list gives several headers of that name. */
static void add_headers(struct play *play, const struct sdi_node *map, struct sdi_lab_request *ret)
{
	struct sdi_lab_header *list = sdi_arena_array(&play->arena, HEADERS_MAX, struct sdi_lab_header);
	ret->headers = list;
	for (const struct sdi_node *n = map ? map->first : NULL; n; n = n->next)
		for (const struct sdi_node *v = n->type == SDI_NODE_LIST ? n->first : n;
		     v && ret->n_headers < HEADERS_MAX; v = n->type == SDI_NODE_LIST ? v->next : NULL)
			list[ret->n_headers++] = (struct sdi_lab_header){ n->key, play_expand(play, v->text) };
}

/* The text of `body`, or `body-size` bytes of a pattern. */
static struct sdi_str body_of(struct play *play, const struct sdi_node *request)
{
	unsigned n = number_of(request, "body-size", 0);
	char *p = n ? sdi_arena_alloc(&play->arena, n) : NULL;
	for (unsigned i = 0; p && i < n; i++)
		p[i] = "0123456789abcdef"[i % 16];
	return p ? sdi_str_make(p, n) : sdi_str_c(text_of(play, request, "body"));
}

static const char *default_host(struct play *play)
{
	const char *host = text_of(play, play->c->root, "host");
	return host ? host : "localhost";
}

static void build_map(struct play *play, const struct sdi_node *r, struct sdi_lab_request *ret)
{
	const char *target = text_of(play, r, "target"), *then = text_of(play, r, "then");
	const struct sdi_node *http = find(r, "http");
	ret->tls = flag_of(r, "tls") || (http && sdi_str_is(http->text, "2"));
	ret->http = !http || sdi_str_is(http->text, "1.1") ? SDI_LAB_HTTP_1_1 :
	            sdi_str_is(http->text, "2")            ? SDI_LAB_HTTP_2 :
	                                                     SDI_LAB_HTTP_1_0;
	ret->method = text_of(play, r, "method");
	ret->target = sdi_str_c(target);
	ret->host = find(r, "host") ? text_of(play, r, "host") : default_host(play);
	ret->sni = text_of(play, r, "sni");
	ret->source = text_of(play, r, "source");
	ret->ciphers = text_of(play, r, "ciphers");
	ret->proxy = text_of(play, r, "proxy");
	ret->body = body_of(play, r);
	ret->chunked = flag_of(r, "chunked");
	ret->raw = raw_of(play, r);
	ret->then = sdi_str_c(then);
	ret->udp = flag_of(r, "udp");
	ret->idle_ms = number_of(r, "idle_ms", 0);
	ret->timeout_ms = number_of(r, "timeout_ms", 0);
	add_headers(play, find(r, "headers"), ret);
	const struct sdi_node *own = find(r, "client-certificate");
	for (size_t i = 0; own && i < play->n_issued; i++)
		if (sdi_str_eq(play->issued[i].name, own->text)) {
			ret->certificate = play->issued[i].chain;
			ret->key = play->issued[i].key;
		}
	if (own && !ret->certificate.n)
		sdi_buf_printf(&play->trouble, "no certificate is called %.*s\n", SDI_STR_ARG(own->text));
}

static struct sdi_lab_request build(struct play *play, const struct sdi_node *r)
{
	struct sdi_lab_request request = { 0 };
	if (r->type == SDI_NODE_MAP) {
		build_map(play, r, &request);
	} else { /* [HOST, TARGET, ANSWER] */
		const struct sdi_node *target = r->first->next;
		request.host = sdi_arena_copy(&play->arena, play_expand(play, r->first->text)).p;
		request.target = play_expand(play, target->text);
	}
	struct session *session = session_of(play, r);
	if (session && session->cookies.n && request.n_headers < HEADERS_MAX) {
		struct sdi_lab_header *list = (struct sdi_lab_header *)request.headers;
		list[request.n_headers++] = (struct sdi_lab_header){ SDI_STR("Cookie"), session_cookie(play, session) };
	}
	const char *port = r->type == SDI_NODE_MAP ? text_of(play, r, "port") : NULL;
	request.port = port ? (unsigned)strtoul(port, NULL, 10) : request.tls ? play->https : play->http;
	const struct sdi_node *digest = r->type == SDI_NODE_MAP ? find(r, "digest") : NULL;
	if (sdi_node_is(digest, SDI_NODE_MAP) && request.n_headers < HEADERS_MAX) {
		struct sdi_lab_header *list = (struct sdi_lab_header *)request.headers;
		struct sdi_str answer = digest_answer(play, digest, &request);
		list[request.n_headers++] = (struct sdi_lab_header){ SDI_STR("Authorization"), answer };
	} else if (digest) {
		request.digest = sdi_arena_copy(&play->arena, digest->text).p;
	}
	return request;
}

static void describe(struct play *play, const struct sdi_node *node, const struct sdi_lab_request *r,
                     const struct answer *a, size_t number, struct sdi_str problems)
{
	struct sdi_buf *out = &play->trouble;
	sdi_buf_printf(out, "request %zu (%s:%u): ", number + 1, play->c->file, node->line);
	if (r->raw.p)
		sdi_buf_printf(out, "raw bytes\n");
	else
		sdi_buf_printf(out, "%s %.*s, host %s%s\n", r->method ? r->method : "GET", SDI_STR_ARG(r->target),
		               r->host ? r->host : "(none)", r->tls ? ", TLS" : "");
	for (struct sdi_str line; problems.n && sdi_str_split(&problems, '\n', &line);)
		if (line.n)
			sdi_buf_printf(out, "    %.*s\n", SDI_STR_ARG(line));
	sdi_buf_printf(out, "  answer: %u from %.*s\n", a->response->status,
	               SDI_STR_ARG(a->backend.n ? a->backend : SDI_STR("the proxy itself")));
	for (size_t i = 0; a->has_echo && i < a->echo.headers.n; i++)
		sdi_buf_printf(out, "    backend saw %.*s: %.*s\n", SDI_STR_ARG(a->echo.headers.p[i].name),
		               SDI_STR_ARG(a->echo.headers.p[i].value));
}

/* Sends once. Returns the backend's name. */
static struct sdi_str send_once(struct play *play, const struct sdi_node *node, size_t number)
{
	struct sdi_lab_request request = build(play, node);
	struct sdi_lab_response response;
	struct sdi_buf problems;
	struct answer a = { .request = &request, .response = &response };
	const struct sdi_node *expect = node->type == SDI_NODE_MAP ? find(node, "expect") : node->first->next->next;
	sdi_buf_init(&problems, 1u << 20);
	a.complete = sdi_lab_request(&request, &response);
	a.has_echo = a.complete && sdi_lab_echo_read(&response, &play->arena, &a.echo);
	if (a.has_echo)
		a.backend = play_backend(play, a.echo.backend);
	struct session *session = session_of(play, node);
	a.session = session;
	expect_compare(play, expect, &a, &problems);
	if (session && a.complete)
		session_learn(play, session, &response, a.backend);
	if (problems.n > 0)
		describe(play, node, &request, &a, number, sdi_buf_str(&problems));
	sdi_buf_release(&problems);
	sdi_lab_response_release(&response);
	return a.backend;
}

/* "api" is any of the probes of that name. */
static bool is_backend(struct sdi_str got, struct sdi_str name)
{
	return sdi_str_eq(got, name) || (sdi_str_starts(got, name) && got.n > name.n + 1 && got.p[name.n] == '-');
}

/* {NAME: "30-70"}: how many of the answers came from a backend. */
static void check_shares(struct play *play, const struct sdi_node *node, size_t number, const struct sdi_str *seen,
                         const unsigned *times, unsigned n)
{
	const struct sdi_node *wanted = find(find(node, "expect"), "share");
	for (const struct sdi_node *w = wanted ? wanted->first : NULL; w; w = w->next) {
		unsigned least = 0, most = 0, got = 0;
		for (unsigned i = 0; i < n; i++)
			got += is_backend(seen[i], w->key) ? times[i] : 0;
		if (sscanf(sdi_arena_copy(&play->arena, w->text).p, "%u-%u", &least, &most) != 2 || got < least ||
		    got > most)
			sdi_buf_printf(&play->trouble, "request %zu (%s:%u): %u answers of %.*s, expected %.*s\n",
			               number + 1, play->c->file, node->line, got, SDI_STR_ARG(w->key),
			               SDI_STR_ARG(w->text));
	}
}

/* A child of its own sends it; some time later it is under way. */
static void send_in_background(struct play *play, const struct sdi_node *node, size_t number)
{
	const struct timespec moment = { .tv_nsec = 200 * 1000000 };
	pid_t pid = play->n_background < BACKGROUND_MAX ? fork() : -1;
	if (pid == 0) {
		send_once(play, node, number);
		_exit(play->trouble.n > 0);
	}
	if (pid < 0)
		sdi_buf_printf(&play->trouble, "request %zu: can't be sent in the background\n", number + 1);
	else
		play->background[play->n_background++] = pid;
	nanosleep(&moment, NULL);
}

void play_finish(struct play *play)
{
	for (size_t i = 0; i < play->n_background; i++) {
		int status = 1;
		while (waitpid(play->background[i], &status, 0) < 0 && errno == EINTR)
			;
		if (status != 0)
			sdi_buf_printf(&play->trouble, "request %zu of those in the background: another answer\n",
			               i + 1);
	}
	play->n_background = 0;
}

void play_request(struct play *play, const struct sdi_node *node, size_t number)
{
	struct sdi_str seen[POOL_GROUPS * POOL_SIZE];
	unsigned times[POOL_GROUPS * POOL_SIZE] = { 0 };
	const struct sdi_node *targets = find(node, "targets");
	unsigned n = 0, repeat = number_of(node, "repeat", 1), spread = number_of(find(node, "expect"), "spread", 0);
	if (!node_lists(targets, sdi_lab_proxy_name(play->target->kind)))
		return;
	if (find(node, "background")) {
		send_in_background(play, node, number);
		return;
	}
	for (unsigned i = 0; i < repeat && play->trouble.n < 4096; i++) {
		struct sdi_str backend = send_once(play, node, number);
		unsigned j = 0;
		while (j < n && !sdi_str_eq(seen[j], backend))
			j++;
		if (j == n && n < POOL_GROUPS * POOL_SIZE)
			seen[n++] = backend;
		if (j < n)
			times[j]++;
	}
	check_shares(play, node, number, seen, times, n);
	if (spread && n != spread)
		sdi_buf_printf(&play->trouble, "request %zu (%s:%u): %u backends answered %u requests, expected %u\n",
		               number + 1, play->c->file, node->line, n, repeat, spread);
}
