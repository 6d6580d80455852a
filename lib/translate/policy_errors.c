/* SPDX-License-Identifier: BSD-3-Clause */
/* Who answers instead of a route's service: with pages for errors, and while there is no endpoint. */
#include "../gateway/errors.h"
#include "translation.h"

static bool has_addresses(const struct sdi_backend *backend)
{
	return backend && backend->n_servers && !backend->servers[0].name;
}

/* The service's first port; NULL: it has no endpoint with an address. */
static const struct sdi_backend *resolve(struct sdi_translation *t, struct sdi_str ns, struct sdi_str name)
{
	const struct sdi_service *service =
		(const struct sdi_service *)sdi_store_find(t->store, SDI_KIND_SERVICE, ns, name);
	if (!service || !service->n_ports)
		return NULL;
	struct sdi_backend_ref ref = { .type = SDI_BACKEND_SERVICE, .service = name };
	ref.port.number = service->ports[0].port;
	const struct sdi_backend *backend = sdi_resolve_backend(t, ns, &ref)->backend;
	return has_addresses(backend) ? backend : NULL;
}

const struct sdi_backend *sdi_standby_of(struct sdi_translation *t, const struct sdi_ask *ask)
{
	const struct sdi_value *name = sdi_ask_get(t, ask, SDI_WISH_DEFAULT_BACKEND);
	return name && ask->dialect == SDI_DIALECT_INGRESS_NGINX ? resolve(t, ask->pick->ns, name->text) : NULL;
}

static const struct sdi_backend *error_backend(struct sdi_translation *t, const struct sdi_ask *ask)
{
	const struct sdi_backend *own = sdi_standby_of(t, ask);
	const struct sdi_backend *all = sdi_settings_backend(t);
	return own ? own : has_addresses(all) ? all : NULL;
}

static void add_errors(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *codes = sdi_ask_get(t, ask, SDI_WISH_CUSTOM_HTTP_ERRORS);
	if (!codes || !codes->n)
		return;
	struct sdi_errors *errors = sdi_arena_new(t->arena, struct sdi_errors);
	unsigned *copy = sdi_arena_array(t->arena, codes->n, unsigned);
	memcpy(copy, codes->list, codes->n * sizeof(*copy));
	*errors = (struct sdi_errors){
		.codes = copy,
		.n = codes->n,
		.backend = error_backend(t, ask),
		.only_own = sdi_ask_is_on(t, ask, SDI_WISH_DISABLE_PROXY_INTERCEPT_ERRORS),
	};
	if (errors->backend)
		*sdi_vec_push(&t->used_backends, &t->scratch) = errors->backend;
	policy->errors = errors;
	sdi_policy_set(policy, SDI_FIELD_ERROR_PAGES);
}

void sdi_base_errors(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *name = sdi_ask_get(t, ask, SDI_WISH_DEFAULT_BACKEND);
	add_errors(t, ask, policy);
	if (sdi_standby_of(t, ask))
		sdi_policy_set(policy, SDI_FIELD_STANDBY);
	else if (name)
		sdi_ask_ignore(t, name, SDI_REASON_ANNOTATION_PARTIAL,
		               "no service of this name in the Ingress's namespace has an endpoint with an address; it "
		               "answers nothing");
}
