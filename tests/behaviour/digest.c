/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A client that logs in by digest (RFC 7616, MD5): it asks once without, and answers the challenge. A case may have it
 * say something else than is true. Right ones are libcurl's to make, too: the two do not know each other.
 */
#include "case.h"
#include <openssl/evp.h>

static struct sdi_str md5(struct play *play, struct sdi_str text)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	struct sdi_str hex = SDI_STR("");
	EVP_Digest(text.p, text.n, sum, &n, EVP_md5(), NULL);
	for (unsigned i = 0; i < n; i++)
		hex = sdi_arena_printf(&play->arena, "%.*s%02x", SDI_STR_ARG(hex), sum[i]);
	return hex;
}

/* The text of `NAME="TEXT"` in a challenge; "": it has none. */
static struct sdi_str parameter(struct play *play, struct sdi_str challenge, const char *name)
{
	struct sdi_str start = sdi_arena_printf(&play->arena, "%s=\"", name), text = SDI_STR("");
	for (size_t i = 0; i < challenge.n; i++)
		if (sdi_str_starts(sdi_str_from(challenge, i), start)) {
			struct sdi_str rest = sdi_str_from(challenge, i + start.n);
			sdi_str_split(&rest, '"', &text);
			break;
		}
	return text;
}

static struct sdi_str quoted(struct play *play, struct sdi_str text)
{
	struct sdi_str out = SDI_STR("\"");
	for (size_t i = 0; i < text.n; i++)
		out = sdi_arena_printf(&play->arena, "%.*s%s%c", SDI_STR_ARG(out),
		                       text.p[i] == '"' || text.p[i] == '\\' ? "\\" : "", text.p[i]);
	return sdi_arena_printf(&play->arena, "%.*s\"", SDI_STR_ARG(out));
}

static struct sdi_str said(const struct sdi_node *digest, const char *name, struct sdi_str otherwise)
{
	const struct sdi_node *n = sdi_node_find(digest, sdi_str_c(name));
	return n ? n->text : otherwise;
}

static void learn(struct play *play, const struct sdi_lab_request *request)
{
	struct sdi_lab_response response;
	const struct sdi_str *challenge = NULL;
	if (sdi_lab_request(request, &response))
		challenge = sdi_lab_header(&response.headers, "WWW-Authenticate");
	play->nonce = challenge ? sdi_arena_copy(&play->arena, parameter(play, *challenge, "nonce")) : SDI_STR("");
	play->realm = challenge ? sdi_arena_copy(&play->arena, parameter(play, *challenge, "realm")) : SDI_STR("");
	sdi_lab_response_release(&response);
}

struct sdi_str digest_answer(struct play *play, const struct sdi_node *digest, const struct sdi_lab_request *request)
{
	struct sdi_arena *arena = &play->arena;
	if (!sdi_node_find(digest, SDI_STR("again")))
		learn(play, request);
	struct sdi_str user = said(digest, "user", SDI_STR("")), realm = said(digest, "realm", play->realm);
	struct sdi_str nonce = said(digest, "nonce", play->nonce), uri =
		said(digest, "uri", request->target.n ? request->target : SDI_STR("/"));
	struct sdi_str nc = said(digest, "nc", SDI_STR("00000001")), qop = said(digest, "qop", SDI_STR("auth"));
	struct sdi_str method = said(digest, "method", sdi_str_c(request->method ? request->method : "GET"));
	struct sdi_str ha1 = md5(play, sdi_arena_printf(arena, "%.*s:%.*s:%.*s", SDI_STR_ARG(user), SDI_STR_ARG(realm),
	                                                SDI_STR_ARG(said(digest, "password", SDI_STR("")))));
	struct sdi_str ha2 = md5(play, sdi_arena_printf(arena, "%.*s:%.*s", SDI_STR_ARG(method), SDI_STR_ARG(uri)));
	struct sdi_str more =
		qop.n ? sdi_arena_printf(arena, "%.*s:c:%.*s:", SDI_STR_ARG(nc), SDI_STR_ARG(qop)) : SDI_STR("");
	struct sdi_str response = md5(play, sdi_arena_printf(arena, "%.*s:%.*s:%.*s%.*s", SDI_STR_ARG(ha1),
	                                                     SDI_STR_ARG(nonce), SDI_STR_ARG(more), SDI_STR_ARG(ha2)));
	struct sdi_str text = sdi_arena_printf(
		arena, "Digest username=%.*s, realm=%.*s, nonce=\"%.*s\", uri=\"%.*s\", response=\"%.*s\"",
		SDI_STR_ARG(quoted(play, user)), SDI_STR_ARG(quoted(play, realm)), SDI_STR_ARG(nonce), SDI_STR_ARG(uri),
		SDI_STR_ARG(said(digest, "response", response)));
	if (!qop.n)
		return text;
	return sdi_arena_printf(arena, "%.*s, qop=%.*s, nc=%.*s, cnonce=\"c\"", SDI_STR_ARG(text), SDI_STR_ARG(qop),
	                        SDI_STR_ARG(nc));
}
