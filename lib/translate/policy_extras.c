/* SPDX-License-Identifier: BSD-3-Clause */
/* What is added to requests and answers. */
#include "../gateway/extras.h"
#include "header_map.h"

#define METHODS "GET, PUT, POST, DELETE, PATCH, OPTIONS"
#define HEADERS \
	"DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization"
enum { MAX_AGE_S = 1728000 };

/* A host and port, where a wildcard may be the first label. */
static bool is_authority(struct sdi_str text)
{
	struct sdi_str host = text;
	ptrdiff_t colon = sdi_str_find(text, ':');
	if (colon >= 0) {
		struct sdi_str port = sdi_str_from(text, (size_t)colon + 1);
		host = sdi_str_head(text, (size_t)colon);
		if (!port.n || port.n > 5)
			return false;
		for (size_t i = 0; i < port.n; i++)
			if (!sdi_is_digit(port.p[i]))
				return false;
	}
	if (sdi_str_starts(host, SDI_STR("*.")))
		host = sdi_str_from(host, 2);
	return sdi_name_is_subdomain(host);
}

static bool is_origin(struct sdi_str text)
{
	struct sdi_str rest = text, scheme;
	if (sdi_str_is(text, "null"))
		return true;
	if (!sdi_str_split(&rest, ':', &scheme) || !scheme.n || !sdi_str_starts(rest, SDI_STR("//")))
		return false;
	for (size_t i = 0; i < scheme.n; i++)
		if (!sdi_is_alnum_lower(scheme.p[i]) && (i == 0 || !strchr("+-.", scheme.p[i])))
			return false;
	return is_authority(sdi_str_from(rest, 2));
}

/* What is no origin is passed over; false: nothing is left. */
static bool read_origins(struct sdi_translation *t, const struct sdi_value *value, struct sdi_cors *cors)
{
	struct sdi_str rest = value ? value->text : SDI_STR("*"), part;
	size_t n = 1;
	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == ',';
	if (!sdi_str_trim(rest).n)
		rest = SDI_STR("*");
	cors->origins = sdi_arena_array(t->arena, n, struct sdi_str);
	while (sdi_str_split(&rest, ',', &part)) {
		struct sdi_str origin = sdi_arena_lower(t->arena, sdi_str_trim(part));
		if (sdi_str_is(origin, "*"))
			cors->any = true;
		else if (is_origin(origin))
			cors->origins[cors->n_origins++] = origin;
		else if (origin.n)
			sdi_diag_add(
				&t->diag, SDI_REASON_VALUE_INVALID, sdi_show(&t->diag, value->key),
				"\"%s\" is no origin; write SCHEME://HOST[:PORT], with *. before the host for all its "
				"sub-domains. It is left out",
				sdi_show(&t->diag, part));
	}
	return cors->any || cors->n_origins;
}

static struct sdi_str text_of(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id,
                              struct sdi_str dflt)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, id);
	return value ? sdi_arena_copy(t->arena, value->text) : dflt;
}

static void add_cors(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *credentials = sdi_ask_get(t, ask, SDI_WISH_CORS_ALLOW_CREDENTIALS);
	const struct sdi_value *age = sdi_ask_get(t, ask, SDI_WISH_CORS_MAX_AGE);
	struct sdi_cors cors = { .credentials = !credentials || credentials->number,
		                 .max_age_s = age ? (int)age->number : MAX_AGE_S };
	if (!sdi_ask_is_on(t, ask, SDI_WISH_ENABLE_CORS) ||
	    !read_origins(t, sdi_ask_get(t, ask, SDI_WISH_CORS_ALLOW_ORIGIN), &cors))
		return;
	cors.methods = text_of(t, ask, SDI_WISH_CORS_ALLOW_METHODS, SDI_STR(METHODS));
	cors.headers = text_of(t, ask, SDI_WISH_CORS_ALLOW_HEADERS, SDI_STR(HEADERS));
	cors.expose = text_of(t, ask, SDI_WISH_CORS_EXPOSE_HEADERS, SDI_STR(""));
	struct sdi_cors *made = sdi_arena_new(t->arena, struct sdi_cors);
	*made = cors;
	policy->cors = made;
	sdi_policy_set(policy, SDI_FIELD_CORS);
}

/* The operator says which headers tenants may set. */
static bool is_allowed(const struct sdi_translation *t, struct sdi_str name)
{
	const struct sdi_value *allowed = sdi_wish_get(&t->base, SDI_WISH_GLOBAL_ALLOWED_RESPONSE_HEADERS);
	struct sdi_str rest = allowed ? allowed->text : SDI_STR(""), part;
	while (rest.n && sdi_str_split(&rest, ',', &part))
		if (sdi_str_eq(sdi_str_trim(part), name))
			return true;
	return false;
}

/* NULL: all of them are in *ret; else why not, which closes the Ingress, as the original does. */
static const char *read_answers(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_str reference,
                                struct sdi_header_texts *ret)
{
	const char *why;
	ptrdiff_t slash = sdi_str_find(reference, '/');
	if (slash >= 0 && !sdi_str_eq(sdi_str_head(reference, (size_t)slash), ask->pick->ns) &&
	    !sdi_ask_is_on(t, ask, SDI_WISH_ALLOW_CROSS_NAMESPACE))
		return "the ConfigMap is in another namespace";
	const struct sdi_configmap *map = sdi_header_map_find(t, reference, ask->pick->ns, &why);
	if (!map)
		return why;
	struct sdi_header_text *headers = sdi_arena_array(t->arena, map->n_data, struct sdi_header_text);
	for (size_t i = 0; i < map->n_data; i++) {
		if (!is_allowed(t, map->data[i].key))
			return "the ConfigMap has a header that global-allowed-response-headers does not name";
		why = sdi_header_map_read(t, &map->data[i], 0, &headers[i]);
		if (why)
			return sdi_arena_printf(&t->show, "the ConfigMap has %s", why).p;
	}
	sdi_header_map_sort(headers, map->n_data);
	*ret = (struct sdi_header_texts){ headers, map->n_data };
	return NULL;
}

/* Switches that an emitter needs nothing but the name of. */
static void add_switches(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_policy *policy)
{
	static const struct {
		enum sdi_wish_id wish;
		enum sdi_field field;
	} switches[] = {
		{ SDI_WISH_ENABLE_REWRITE_LOG, SDI_FIELD_REWRITE_LOG },
		{ SDI_WISH_HTTP2_PUSH_PRELOAD, SDI_FIELD_PUSH },
		{ SDI_WISH_ENABLE_OPENTELEMETRY, SDI_FIELD_TRACING },
	};
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (sdi_ask_is_on(t, ask, switches[i].wish))
			sdi_policy_set(policy, switches[i].field);
}

void sdi_base_extras(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *log = sdi_ask_get(t, ask, SDI_WISH_ENABLE_ACCESS_LOG);
	const struct sdi_value *answers = sdi_ask_get(t, ask, SDI_WISH_CUSTOM_HEADERS);
	struct sdi_extras extras = { .silent = log && !log->number };
	add_cors(t, ask, policy);
	add_switches(t, ask, policy);
	const char *why = answers ? read_answers(t, ask, answers->text, &extras.answers) : NULL;
	if (why)
		sdi_ask_deny(t, ask, answers, why);
	if (extras.silent)
		sdi_policy_set(policy, SDI_FIELD_ACCESS_LOG);
	if (extras.answers.n)
		sdi_policy_set(policy, SDI_FIELD_RESPONSE_HEADERS);
	if (!extras.silent && !extras.answers.n)
		return;
	struct sdi_extras *made = sdi_arena_new(t->arena, struct sdi_extras);
	*made = extras;
	policy->extras = made;
}

bool sdi_route_extras(struct sdi_translation *t, struct sdi_ask *ask, const struct sdi_vhost *vhost,
                      const struct sdi_claim *claim, bool fallback, struct sdi_policy *policy)
{
	(void)t;
	(void)ask;
	(void)vhost;
	(void)claim;
	(void)fallback;
	(void)policy;
	return false;
}
