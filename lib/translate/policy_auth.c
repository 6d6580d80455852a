/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * External authentication: annotations of the ingress, else the keys global-auth-* of the controller's ConfigMap. What
 * the controller would drop in silence when a value is wrong, and the route would be open, denies here.
 */
#include "../dialect/values.h"
#include "../gateway/auth.h"
#include "auth_text.h"
#include "destination.h"
#include "translation.h"

/* Where the two sets of texts come from. */
struct source {
	enum sdi_wish_id url, method, signin, param, copy, redirect, key, duration, always;
};
static const struct source own = {
	SDI_WISH_AUTH_URL,
	SDI_WISH_AUTH_METHOD,
	SDI_WISH_AUTH_SIGNIN,
	SDI_WISH_AUTH_SIGNIN_REDIRECT_PARAM,
	SDI_WISH_AUTH_RESPONSE_HEADERS,
	SDI_WISH_AUTH_REQUEST_REDIRECT,
	SDI_WISH_AUTH_CACHE_KEY,
	SDI_WISH_AUTH_CACHE_DURATION,
	SDI_WISH_AUTH_ALWAYS_SET_COOKIE,
};
static const struct source global = {
	SDI_WISH_GLOBAL_AUTH_URL,
	SDI_WISH_GLOBAL_AUTH_METHOD,
	SDI_WISH_GLOBAL_AUTH_SIGNIN,
	SDI_WISH_GLOBAL_AUTH_SIGNIN_REDIRECT_PARAM,
	SDI_WISH_GLOBAL_AUTH_RESPONSE_HEADERS,
	SDI_WISH_GLOBAL_AUTH_REQUEST_REDIRECT,
	SDI_WISH_GLOBAL_AUTH_CACHE_KEY,
	SDI_WISH_GLOBAL_AUTH_CACHE_DURATION,
	SDI_WISH_GLOBAL_AUTH_ALWAYS_SET_COOKIE,
};

/* One authentication while it is put together. */
struct making {
	struct sdi_translation *t;
	struct sdi_ask *ask;
	const struct source *from;
	struct sdi_text_names names;
	struct sdi_auth *auth;
	const struct sdi_value *value; /* what is being read */
	const char *why;               /* what is wrong with it */
};

static const struct sdi_value *get(struct making *m, enum sdi_wish_id id)
{
	m->value = sdi_ask_get(m->t, m->ask, id);
	return m->value && m->value->text.n ? m->value : NULL;
}

static bool wrong(struct making *m, const char *why)
{
	m->why = why;
	return false;
}

/* The controller asks in a subrequest of NGINX, which has no query of its own: $args and $arg_NAME are empty in what the
 * service is told. A client's query would let it add to that. */
static void drop_query(struct making *m, struct sdi_text *text)
{
	struct sdi_text_part *parts = sdi_arena_alloc(m->t->arena, text->n * sizeof(*parts));
	size_t n = 0;
	for (size_t i = 0; i < text->n; i++)
		if (text->parts[i].var != SDI_VAR_ARGS && text->parts[i].var != SDI_VAR_ARG)
			parts[n++] = text->parts[i];
	*text = (struct sdi_text){ parts, n };
}

/* In a key they would be empty for the same reason, and one answer would do for all queries, whatever the service says
 * about them. The whole URI tells more apart than the query, which asks once too often rather than once too few. */
static void widen_query(struct making *m, struct sdi_text *text)
{
	struct sdi_text_part *parts = sdi_arena_alloc(m->t->arena, text->n * sizeof(*parts));
	for (size_t i = 0; i < text->n; i++) {
		parts[i] = text->parts[i];
		if (parts[i].var == SDI_VAR_ARGS || parts[i].var == SDI_VAR_ARG)
			parts[i] = (struct sdi_text_part){ SDI_VAR_REQUEST_URI, { 0 } };
	}
	text->parts = parts;
}

static bool read_url(struct making *m)
{
	struct sdi_url url;
	if (!sdi_url_parse(m->t->arena, m->value->text, &url, &m->why))
		return false;
	if (!sdi_text_parse(m->t->arena, url.target, SDI_TEXT_URL, &m->names, &m->auth->to.target))
		return wrong(m, "it has a variable that is not known here");
	drop_query(m, &m->auth->to.target);
	return sdi_destination_read(m->t, &url, &m->auth->to, &m->why);
}

static bool read_method(struct making *m)
{
	static const char *const words[] = { "GET",    "HEAD",    "POST",    "PUT",  "PATCH",
		                             "DELETE", "CONNECT", "OPTIONS", "TRACE" };
	const struct sdi_value *value = get(m, m->from->method);
	if (!value)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (sdi_str_is(value->text, words[i])) {
			m->auth->method = sdi_str_c(words[i]);
			m->auth->tells_uri = true;
			return true;
		}
	return wrong(m, "write a method in capitals, such as GET or POST");
}

static bool read_copy(struct making *m)
{
	const struct sdi_value *value = get(m, m->from->copy);
	struct sdi_str rest = value ? value->text : (struct sdi_str){ 0 }, part;
	struct {
		SDI_VEC(struct sdi_str)
	} list = { 0 };
	while (rest.p && sdi_str_split(&rest, ',', &part)) {
		part = sdi_str_trim(part);
		if (!part.n)
			continue;
		if (!sdi_header_may_be_set(part))
			return wrong(m, "write names of headers, none of those that hold a request together");
		bool known = false;
		for (size_t i = 0; i < list.n; i++)
			known |= sdi_str_eq_nocase(list.p[i], part);
		if (!known)
			*sdi_vec_push(&list, m->t->arena) = sdi_arena_copy(m->t->arena, part);
	}
	m->auth->copy = list.p;
	m->auth->n_copy = list.n;
	return true;
}

static bool read_redirect(struct making *m)
{
	const struct sdi_value *value = get(m, m->from->redirect);
	if (!value)
		return true;
	if (!sdi_text_is_of(value->text, "-._~/:,?&=") ||
	    !sdi_text_parse(m->t->arena, value->text, SDI_TEXT_VALUE, NULL, &m->auth->redirect))
		return wrong(m, "write an URL without variables");
	return true;
}

static bool read_always(struct making *m)
{
	const struct sdi_value *value = get(m, m->from->always);
	if (!value || sdi_value_bool(value->text, &m->auth->always_cookie))
		return true;
	return wrong(m, "write \"true\" or \"false\"");
}

/* "[CODE …] TIME, …"; a time without codes is for 200, 301 and 302 (NGINX's proxy_cache_valid). */
static bool read_duration(struct making *m, struct sdi_str text)
{
	static const struct {
		const char *unit;
		unsigned seconds;
	} units[] = { { "s", 1 },      { "m", 60 },      { "h", 3600 },    { "d", 86400 },
		      { "w", 604800 }, { "M", 2592000 }, { "y", 31536000 } };
	enum { UNITS = sizeof(units) / sizeof(units[0]), MOST_S = 10 * 31536000 };
	static const unsigned usual[] = { 200, 301, 302 };
	unsigned codes[16], seconds = 0;
	size_t n = 0;
	bool timed = false;
	struct sdi_str word;
	struct {
		SDI_VEC(struct sdi_auth_cache)
	} list = { m->auth->cache, m->auth->n_cache, m->auth->n_cache };
	while (sdi_str_split(&text, ' ', &word)) {
		unsigned number = 0, unit = 0;
		if (!word.n)
			continue;
		if (!timed && word.n == 3 && n < 16 && sdi_value_uint(word, 100, 599, &number)) {
			codes[n++] = number;
			continue;
		}
		while (unit < UNITS && !sdi_str_ends(word, sdi_str_c(units[unit].unit)))
			unit++;
		if (timed || unit == UNITS || !sdi_value_uint(sdi_str_head(word, word.n - 1), 0, 10000, &number))
			return false;
		timed = true;
		seconds = (uint64_t)number * units[unit].seconds < MOST_S ? number * units[unit].seconds : MOST_S;
	}
	for (size_t i = 0; i < (n ? n : 3); i++)
		*sdi_vec_push(&list, m->t->arena) = (struct sdi_auth_cache){ n ? codes[i] : usual[i], seconds };
	m->auth->cache = list.p;
	m->auth->n_cache = list.n;
	return timed;
}

static bool read_cache(struct making *m)
{
	const struct sdi_value *value = get(m, m->from->duration);
	struct sdi_str rest = value ? value->text : SDI_STR("200 202 401 5m"), part;
	while (sdi_str_split(&rest, ',', &part))
		if (sdi_str_trim(part).n && !read_duration(m, sdi_str_trim(part)))
			return wrong(m, "write codes and a time, as in 200 202 10m, 401 5s");
	if (!m->auth->n_cache)
		return wrong(m, "write codes and a time, as in 200 202 10m, 401 5s");
	value = get(m, m->from->key);
	if (value && (!sdi_text_is_of(value->text, "-_${}") ||
	              !sdi_text_parse(m->t->arena, value->text, SDI_TEXT_VALUE, &m->names, &m->auth->cache_key))) {
		m->auth->cache_key.n = 0;
		sdi_ask_ignore(m->t, value, SDI_REASON_VALUE_INVALID,
		               "the key has a variable that is not known here; nothing is remembered");
	}
	widen_query(m, &m->auth->cache_key);
	return true;
}

/* A value of no consequence for who gets in; 401 stays 401. */
static bool ignore_signin(struct making *m, const struct sdi_value *value)
{
	sdi_ask_ignore(m->t, value, SDI_REASON_VALUE_INVALID,
	               "this is no URL with variables that are known here; it has no effect");
	m->auth->signin.n = 0;
	return true;
}

/* Whether the query of @url has a parameter @name that is not empty. */
static bool has_param(struct sdi_str url, struct sdi_str name)
{
	ptrdiff_t at = sdi_str_find(url, '?');
	struct sdi_str rest = at < 0 ? (struct sdi_str){ 0 } : sdi_str_from(url, (size_t)at + 1), part;
	while (rest.p && sdi_str_split(&rest, '&', &part))
		if (part.n > name.n + 1 && sdi_str_starts(part, name) && part.p[name.n] == '=')
			return true;
	return false;
}

static bool read_signin(struct making *m)
{
	const struct sdi_value *value = get(m, m->from->signin), *named;
	if (!value)
		return true;
	struct sdi_str url = value->text, param = SDI_STR("rd");
	bool absolute = sdi_str_starts(url, SDI_STR("http://")) || sdi_str_starts(url, SDI_STR("https://")) ||
	                sdi_str_starts(url, SDI_STR("$scheme://"));
	bool path = sdi_str_starts(url, SDI_STR("/")) && !sdi_str_starts(url, SDI_STR("//"));
	if (!(absolute || path) || !sdi_text_is_of(url, "-._~/:,?&=$"))
		return ignore_signin(m, value);
	named = get(m, m->from->param);
	if (named && sdi_text_is_of(named->text, "-._~"))
		param = named->text;
	else if (named)
		sdi_ask_ignore(m->t, named, SDI_REASON_VALUE_INVALID, "write the name of a parameter; \"rd\" holds");
	if (!has_param(url, param)) {
		const char *join = sdi_str_find(url, '?') < 0 ? "?" : "&";
		url = sdi_arena_printf(&m->t->scratch, "%.*s%s%.*s=$scheme://$http_host$escaped_request_uri",
		                       SDI_STR_ARG(url), join, SDI_STR_ARG(param));
	}
	return sdi_text_parse(m->t->arena, url, SDI_TEXT_URL, &m->names, &m->auth->signin) || ignore_signin(m, value);
}

/* Header names are compared without case, so that is how twins are found. */
static bool add_sent(struct making *m, const struct sdi_pair *pair)
{
	struct sdi_auth_header *header = &m->auth->send[m->auth->n_send++];
	if (!sdi_header_may_be_set(pair->key))
		return wrong(m, "the ConfigMap has a name that is no header's, or of a header that can't be set");
	for (size_t i = 0; i + 1 < m->auth->n_send; i++)
		if (sdi_str_eq_nocase(m->auth->send[i].name, pair->key))
			return wrong(m, "the ConfigMap has a header twice");
	header->name = sdi_arena_copy(m->t->arena, pair->key);
	if (!sdi_text_parse(m->t->arena, sdi_str_trim(pair->value), SDI_TEXT_VALUE, &m->names, &header->value))
		return wrong(m,
		             "the ConfigMap has a value with a variable that is not known here, or with a line feed");
	drop_query(m, &header->value);
	return true;
}

static bool read_send(struct making *m)
{
	const struct sdi_value *value = m->from == &own ? get(m, SDI_WISH_AUTH_PROXY_SET_HEADERS) : NULL;
	ptrdiff_t slash = value ? sdi_str_find(value->text, '/') : -1;
	if (!value)
		return true;
	if (slash < 0)
		return wrong(m, "write NAMESPACE/NAME of a ConfigMap");
	struct sdi_str ns = sdi_str_head(value->text, (size_t)slash),
		       name = sdi_str_from(value->text, (size_t)slash + 1);
	if (!sdi_str_eq(ns, m->ask->pick->ns) && !sdi_ask_is_on(m->t, m->ask, SDI_WISH_ALLOW_CROSS_NAMESPACE))
		return wrong(m, "the ConfigMap is in another namespace");
	const struct sdi_configmap *map =
		(const struct sdi_configmap *)sdi_store_find(m->t->store, SDI_KIND_CONFIGMAP, ns, name);
	if (!map)
		return wrong(m, "there is no such ConfigMap");
	m->auth->send = sdi_arena_array(m->t->arena, map->n_data, struct sdi_auth_header);
	for (size_t i = 0; i < map->n_data; i++)
		if (!add_sent(m, &map->data[i]))
			return false;
	return true;
}

/* Which of the two holds; NULL: nobody is asked. */
static const struct source *choose(const struct sdi_translation *t, const struct sdi_ask *ask)
{
	const struct sdi_value *optional = sdi_ask_get(t, ask, SDI_WISH_ENABLE_GLOBAL_AUTH);
	if (sdi_ask_get(t, ask, SDI_WISH_AUTH_URL))
		return &own;
	const struct sdi_value *url = sdi_ask_get(t, ask, SDI_WISH_GLOBAL_AUTH_URL);
	return url && url->text.n && (!optional || optional->number) ? &global : NULL;
}

/* Half a guard: somebody wanted the route closed. */
static void check_match(struct sdi_translation *t, struct sdi_ask *ask)
{
	const struct sdi_value *match = sdi_ask_get(t, ask, SDI_WISH_AUTH_TLS_MATCH_CN);
	if (match && !sdi_ask_get(t, ask, SDI_WISH_AUTH_TLS_SECRET))
		sdi_ask_deny(t, ask, match, "without auth-tls-secret there is no client certificate to look at");
}

void sdi_base_auth(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	check_match(t, ask);
	const struct source *from = choose(t, ask);
	if (!from)
		return;
	struct making m = { t, ask, from, { ask->pick->ns, ask->pick->name }, NULL, NULL, NULL };
	m.auth = sdi_arena_new(t->arena, struct sdi_auth);
	m.value = sdi_ask_get(t, ask, from->url);
	if (!read_url(&m) || !read_method(&m) || !read_copy(&m) || !read_redirect(&m) || !read_always(&m) ||
	    !read_send(&m) || !read_cache(&m) || !read_signin(&m)) {
		sdi_ask_deny(t, ask, m.value, m.why);
		return;
	}
	policy->auth = m.auth;
	sdi_policy_set(policy, SDI_FIELD_AUTH);
	if (m.auth->cache_key.n)
		sdi_policy_set(policy, SDI_FIELD_AUTH_CACHE);
}

static void drop(struct sdi_policy *policy, enum sdi_field field)
{
	policy->present[field / 64] &= ~((uint64_t)1 << field % 64);
}

bool sdi_path_begins(struct sdi_str path, struct sdi_str list)
{
	struct sdi_str part;
	bool found = false;
	while (list.n && sdi_str_split(&list, ',', &part)) {
		part = sdi_str_trim(part);
		found |= part.n && sdi_str_starts(path, part);
	}
	return found;
}

/*
 * no-auth-locations: paths below one of these are asked neither for a password nor for anything else.
 *
 * Where answers are remembered, each path has a policy of its own: the service may decide by path, and what it said about
 * one of them is not to open another.
 */
bool sdi_route_auth(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                    const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy)
{
	(void)vhost;
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_NO_AUTH_LOCATIONS);
	if (fallback || !(policy->auth || policy->basic_auth))
		return false;
	if (!value || !sdi_path_begins(claim->text, value->text))
		return sdi_policy_has(policy, SDI_FIELD_AUTH_CACHE);
	policy->auth = NULL;
	policy->basic_auth = NULL;
	drop(policy, SDI_FIELD_AUTH);
	drop(policy, SDI_FIELD_AUTH_CACHE);
	drop(policy, SDI_FIELD_BASIC_AUTH);
	drop(policy, SDI_FIELD_DIGEST_AUTH);
	return true;
}
