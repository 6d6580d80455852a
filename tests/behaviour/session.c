/* SPDX-License-Identifier: BSD-3-Clause */
/* Clients that send back the cookies they got. */
#include "case.h"

struct session *session_of(struct play *play, const struct sdi_node *request)
{
	const struct sdi_node *name = sdi_node_find(request, SDI_STR("session"));
	const size_t room = sizeof(play->sessions) / sizeof(play->sessions[0]);
	if (!name)
		return NULL;
	for (size_t i = 0; i < play->n_sessions; i++)
		if (sdi_str_eq(play->sessions[i].name, name->text))
			return &play->sessions[i];
	if (play->n_sessions == room)
		return NULL;
	play->sessions[play->n_sessions].name = name->text;
	return &play->sessions[play->n_sessions++];
}

struct sdi_str session_cookie(struct play *play, const struct session *session)
{
	struct sdi_str text = SDI_STR("");
	for (size_t i = 0; i < session->cookies.n; i++)
		text = sdi_arena_printf(&play->arena, "%.*s%s%.*s=%.*s", SDI_STR_ARG(text), i ? "; " : "",
					SDI_STR_ARG(session->cookies.p[i].name),
					SDI_STR_ARG(session->cookies.p[i].value));
	return text;
}

static void keep(struct play *play, struct session *session, struct sdi_str set_cookie)
{
	struct sdi_str pair, name;
	sdi_str_split(&set_cookie, ';', &pair);
	struct sdi_str rest = pair;
	sdi_str_split(&rest, '=', &name);
	struct sdi_lab_header cookie = { sdi_arena_copy(&play->arena, name),
					 sdi_arena_copy(&play->arena, sdi_str_from(pair, name.n + 1)) };
	for (size_t i = 0; i < session->cookies.n; i++) {
		if (sdi_str_eq(session->cookies.p[i].name, name)) {
			session->cookies.p[i] = cookie;
			return;
		}
	}
	*sdi_vec_push(&session->cookies, &play->arena) = cookie;
}

void session_learn(struct play *play, struct session *session, const struct sdi_lab_response *response,
		   struct sdi_str backend)
{
	for (size_t i = 0; i < response->headers.n; i++)
		if (sdi_str_eq_nocase(response->headers.p[i].name, SDI_STR("set-cookie")))
			keep(play, session, response->headers.p[i].value);
	session->backend = backend;
}
