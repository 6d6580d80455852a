/* SPDX-License-Identifier: BSD-3-Clause */
/* Compares an answer with what the case expects: one function per key, found by table. */
#include "case.h"
#include <regex.h>

struct check {
	struct play *play;
	const struct answer *a;
	const char *name; /* the key that is checked */
	struct sdi_buf *problems;
};

static void problem(const struct check *k, struct sdi_str name, struct sdi_str want, struct sdi_str got)
{
	sdi_buf_printf(k->problems, "%s %.*s: expected \"%.*s\", got \"%.*s\"\n", k->name, SDI_STR_ARG(name),
		       SDI_STR_ARG(want), SDI_STR_ARG(got));
}

bool text_matches(struct play *play, struct sdi_str want, struct sdi_str got)
{
	regex_t re;
	if (want.n == 0 || want.p[0] != '~')
		return sdi_str_eq(want, got);
	if (regcomp(&re, sdi_arena_copy(&play->arena, sdi_str_from(want, 1)).p, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	bool fine = regexec(&re, sdi_arena_copy(&play->arena, got).p, 0, NULL, 0) == 0;
	regfree(&re);
	return fine;
}

static void same(const struct check *k, struct sdi_str name, const struct sdi_node *want, struct sdi_str got)
{
	struct sdi_str text = play_expand(k->play, want->text);
	if (!text_matches(k->play, text, got))
		problem(k, name, text, got);
}

static struct sdi_str number(struct play *play, uint64_t v)
{
	return sdi_arena_printf(&play->arena, "%llu", (unsigned long long)v);
}

static void check_status(const struct check *k, const struct sdi_node *want)
{
	same(k, SDI_STR(""), want, number(k->play, k->a->response->status));
}

/* "api" is any of the probes of that name, "api-3" just one. */
static void check_backend(const struct check *k, const struct sdi_node *want)
{
	struct sdi_str got = k->a->backend, name = want->text;
	bool fine = sdi_str_eq(got, name);
	if (!fine && got.n > name.n + 1 && sdi_str_starts(got, name) && got.p[name.n] == '-') {
		struct sdi_str tail = sdi_str_from(got, name.n + 1);
		fine = tail.n <= 2 && sdi_is_digit(tail.p[0]);
	}
	if (!fine)
		problem(k, SDI_STR(""), name, got.n ? got : SDI_STR("no probe"));
}

static void check_target(const struct check *k, const struct sdi_node *want)
{
	same(k, SDI_STR(""), want, k->a->echo.target);
}

static void check_method(const struct check *k, const struct sdi_node *want)
{
	same(k, SDI_STR(""), want, k->a->echo.method);
}

static void check_one_header(const struct check *k, const struct sdi_lab_headers *headers, const struct sdi_node *want)
{
	const struct sdi_str *got = sdi_lab_header(headers, sdi_arena_copy(&k->play->arena, want->key).p);
	size_t times = 0;
	for (size_t i = 0; i < headers->n; i++)
		times += sdi_str_eq_nocase(headers->p[i].name, want->key);
	if (want->type == SDI_NODE_NULL) {
		if (got)
			problem(k, want->key, SDI_STR("(absent)"), *got);
	} else if (!got) {
		problem(k, want->key, play_expand(k->play, want->text), SDI_STR("(absent)"));
	} else {
		same(k, want->key, want, *got);
		if (times > 1)
			problem(k, want->key, SDI_STR("(once)"), SDI_STR("(several)"));
	}
}

static void check_headers(const struct check *k, const struct sdi_node *want)
{
	for (const struct sdi_node *n = want->first; n; n = n->next)
		check_one_header(k, &k->a->echo.headers, n);
}

static void check_response_headers(const struct check *k, const struct sdi_node *want)
{
	for (const struct sdi_node *n = want->first; n; n = n->next)
		check_one_header(k, &k->a->response->headers, n);
}

static void check_location(const struct check *k, const struct sdi_node *want)
{
	const struct sdi_str *got = sdi_lab_header(&k->a->response->headers, "Location");
	same(k, SDI_STR(""), want, got ? *got : SDI_STR("(absent)"));
}

static void check_body(const struct check *k, const struct sdi_node *want)
{
	same(k, SDI_STR(""), want, k->a->response->body);
}

static void check_size(const struct check *k, const struct sdi_node *want)
{
	same(k, SDI_STR(""), want, number(k->play, k->a->response->body.n));
}

static void check_received(const struct check *k, const struct sdi_node *want)
{
	same(k, SDI_STR(""), want, k->a->echo.body);
}

static void check_body_bytes(const struct check *k, const struct sdi_node *want)
{
	same(k, SDI_STR(""), want, number(k->play, k->a->echo.body_bytes));
}

static void check_cert(const struct check *k, const struct sdi_node *want)
{
	const struct sdi_lab_response *r = k->a->response;
	for (size_t i = 0; i < r->names.n; i++)
		if (sdi_str_eq(r->names.p[i], want->text))
			return;
	if (!sdi_str_eq(r->certificate, want->text))
		problem(k, SDI_STR(""), want->text, r->certificate);
}

static void check_http(const struct check *k, const struct sdi_node *want)
{
	static const char *const names[] = { "1.1", "1.0", "2" };
	same(k, SDI_STR(""), want, sdi_str_c(names[k->a->response->http]));
}

static void check_same(const struct check *k, const struct sdi_node *want)
{
	const struct session *session = k->a->session;
	bool same = session && sdi_str_eq(session->backend, k->a->backend);
	if (!session)
		problem(k, SDI_STR(""), SDI_STR("a session"), SDI_STR("none"));
	else if (session->backend.n && same != sdi_str_is(want->text, "true"))
		problem(k, SDI_STR("as before"), same ? SDI_STR("another backend") : session->backend, k->a->backend);
}

static void check_nothing(const struct check *k, const struct sdi_node *want)
{
	(void)k, (void)want; /* seen to elsewhere */
}

static const struct {
	const char *key;
	void (*check)(const struct check *k, const struct sdi_node *want);
} checks[] = {
	{ "status", check_status },
	{ "backend", check_backend },
	{ "target", check_target },
	{ "method", check_method },
	{ "location", check_location },
	{ "headers", check_headers },
	{ "response-headers", check_response_headers },
	{ "body", check_body },
	{ "received", check_received },
	{ "body-bytes", check_body_bytes },
	{ "size", check_size },
	{ "cert", check_cert },
	{ "http", check_http },
	{ "same", check_same },
	{ "spread", check_nothing },
	{ "share", check_nothing },
	{ "failure", check_nothing },
};

/* What holds for every forwarded request unless the case says otherwise: it arrives as it was sent. */
static void check_forwarded(struct check *k, const struct sdi_node *expect)
{
	const struct sdi_lab_request *sent = k->a->request;
	struct sdi_str target = sent->target.n ? sent->target : SDI_STR("/");
	struct sdi_str method = sdi_str_c(sent->method ? sent->method : "GET");
	if (sent->raw.p)
		return;
	k->name = "as sent:";
	if (!sdi_node_find(expect, SDI_STR("target")) && !sdi_str_eq(target, k->a->echo.target))
		problem(k, SDI_STR("target"), target, k->a->echo.target);
	if (!sdi_node_find(expect, SDI_STR("method")) && !sdi_str_eq(method, k->a->echo.method))
		problem(k, SDI_STR("method"), method, k->a->echo.method);
	if (!sdi_node_find(expect, SDI_STR("body-bytes")) && sent->body.n != k->a->echo.body_bytes)
		problem(k, SDI_STR("body-bytes"), number(k->play, sent->body.n),
			number(k->play, k->a->echo.body_bytes));
}

/* The short forms: a number is a status, a word is a backend. */
static bool compare_short(struct check *k, const struct sdi_node *expect)
{
	if (expect->type == SDI_NODE_MAP)
		return false;
	bool status = expect->type == SDI_NODE_NUMBER;
	k->name = status ? "status" : "backend";
	if (status)
		check_status(k, expect);
	else
		check_backend(k, expect);
	return true;
}

void expect_compare(struct play *play, const struct sdi_node *expect, const struct answer *answer,
		    struct sdi_buf *problems)
{
	struct check k = { play, answer, "", problems };
	const struct sdi_node *wanted = sdi_node_find(expect, SDI_STR("failure"));
	bool either = wanted && sdi_str_is(wanted->text, "allowed");
	if (either && !answer->complete)
		return;
	bool failure = wanted && !either;
	if (failure != !answer->complete) {
		sdi_buf_printf(problems, failure ? "an answer, where none was expected\n" : "no answer: %s\n",
			       answer->response->error.text);
		return;
	}
	bool forwarded = answer->has_echo;
	if (!compare_short(&k, expect)) {
		for (const struct sdi_node *n = expect->first; n; n = n->next)
			for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
				if (sdi_str_is(n->key, checks[i].key)) {
					k.name = checks[i].key;
					checks[i].check(&k, n);
				}
		if (!failure && !sdi_node_find(expect, SDI_STR("status")) && answer->response->status != 200) {
			k.name = "status";
			problem(&k, SDI_STR(""), SDI_STR("200"), number(play, answer->response->status));
		}
	}
	if (forwarded)
		check_forwarded(&k, expect);
}
