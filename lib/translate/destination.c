/* SPDX-License-Identifier: BSD-3-Clause */
#include "destination.h"
#include "address.h"

static bool wrong(const char **ret_why, const char *why)
{
	*ret_why = why;
	return false;
}

/* "NAME.NS.svc" and the like: a Service that is in the input is used as it is, without DNS. */
static bool find_service(struct sdi_translation *t, const struct sdi_url *url, struct sdi_destination *to,
                         bool *ret_is_service, const char **ret_why)
{
	struct sdi_str name = url->host, service, ns;
	bool inside = sdi_str_ends(name, SDI_STR(".cluster.local"));
	if (inside)
		name = sdi_str_head(name, name.n - sizeof("cluster.local"));
	*ret_is_service = sdi_str_ends(name, SDI_STR(".svc"));
	if (!*ret_is_service)
		return !inside || wrong(ret_why, "the host is not NAME.NAMESPACE.svc.cluster.local");
	ns = sdi_str_head(name, name.n - 4);
	if (!sdi_str_split(&ns, '.', &service) || !sdi_name_is_label(service) || !sdi_name_is_label(ns))
		return wrong(ret_why, "the host is not NAME.NAMESPACE.svc.cluster.local");
	struct sdi_backend_ref ref = { .type = SDI_BACKEND_SERVICE, .service = service, .port.number = url->port };
	const struct sdi_resolved *resolved = sdi_resolve_backend(t, ns, &ref);
	if (!resolved->backend)
		return wrong(ret_why, resolved->why);
	to->backend = resolved->backend;
	*sdi_vec_push(&t->used_backends, &t->scratch) = resolved->backend;
	return true;
}

static bool read_self(struct sdi_translation *t, const struct sdi_url *url, struct sdi_destination *to,
                      const char **ret_why)
{
	struct sdi_text_part *host = sdi_arena_new(t->arena, struct sdi_text_part);
	unsigned port = url->tls ? t->settings->https_port : t->settings->http_port;
	host->var = SDI_VAR_HOST;
	to->host = to->server = (struct sdi_text){ host, 1 };
	to->self = true;
	to->port = (uint16_t)port;
	return port || wrong(ret_why, "its host is the one of the request, and this proxy does not listen for that "
	                              "scheme");
}

bool sdi_destination_read(struct sdi_translation *t, const struct sdi_url *url, struct sdi_destination *ret,
                          const char **ret_why)
{
	struct sdi_address address;
	bool is_service, is_address = sdi_address_parse(url->host, &address);
	struct sdi_str name = url->host;
	ret->tls = url->tls;
	if (url->self)
		return read_self(t, url, ret, ret_why);
	ret->port = url->port;
	if (!sdi_text_parse(t->arena, url->authority, SDI_TEXT_URL, NULL, &ret->host) ||
	    !sdi_text_parse(t->arena, url->host, SDI_TEXT_URL, NULL, &ret->server))
		return wrong(ret_why, "the host is not valid");
	if (sdi_str_ends(name, SDI_STR(".")))
		name.n--;
	const char *why = is_address ? sdi_address_refused(t->settings, &address) :
	                               sdi_name_refused(t->settings, name, SDI_STR(""));
	if (why)
		return wrong(ret_why, sdi_arena_printf(&t->show, "its host %s", why).p);
	if (is_address) {
		ret->address = sdi_address_print(t->arena, &address);
		ret->ipv6 = address.ipv6;
		return true;
	}
	if (!find_service(t, url, ret, &is_service, ret_why))
		return false;
	if (!is_service)
		ret->name = sdi_arena_copy(t->arena, name);
	return true;
}
