/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a reference in a rule to a backend. Each reference is resolved once; what can't be resolved answers 503
 * where it stands, since falling through to a shorter path would hand the request to somebody else.
 */
#include "translation.h"

static const struct sdi_resolved *refuse(struct sdi_translation *t, enum sdi_reason reason, struct sdi_str why)
{
	struct sdi_resolved *resolved = sdi_arena_new(&t->scratch, struct sdi_resolved);
	*resolved = (struct sdi_resolved){ .reason = reason, .why = why.p };
	return resolved;
}

/* What is wrong with the reference itself; NULL: nothing. */
static const struct sdi_resolved *check_reference(struct sdi_translation *t, struct sdi_str ns,
                                                  const struct sdi_backend_ref *ref)
{
	const struct sdi_port_ref *port = &ref->port;
	switch (ref->type) {
	case SDI_BACKEND_NONE:
		return refuse(t, SDI_REASON_BACKEND_INVALID, SDI_STR("no service is named; this answers 503"));
	case SDI_BACKEND_BOTH:
		return refuse(
			t, SDI_REASON_BACKEND_INVALID,
			SDI_STR("both a service and a resource are named; this answers 503. Name the service only"));
	case SDI_BACKEND_RESOURCE:
		return refuse(
			t, SDI_REASON_RESOURCE_BACKEND,
			sdi_arena_printf(&t->scratch,
		                         "resource \"%s\" can't be a backend here; this answers 503. Name a service",
		                         sdi_show(&t->diag, ref->resource)));
	case SDI_BACKEND_SERVICE: break;
	}
	if (!sdi_name_is_label(ref->service) || !sdi_name_is_label(ns))
		return refuse(t, SDI_REASON_BACKEND_INVALID,
		              sdi_arena_printf(&t->scratch, "\"%s\" is not the name of a service; this answers 503",
		                               sdi_show(&t->diag, ref->service)));
	if (!port->name.n == !port->number)
		return refuse(t, SDI_REASON_BACKEND_INVALID,
		              SDI_STR("a service port needs a name or a number, one of both; this answers 503"));
	if (port->name.n ? !sdi_name_is_port(port->name) : port->number < 1 || port->number > UINT16_MAX)
		return refuse(
			t, SDI_REASON_BACKEND_INVALID,
			port->name.n ?
				sdi_arena_printf(&t->scratch, "\"%s\" is not the name of a port; this answers 503",
		                                 sdi_show(&t->diag, port->name)) :
				sdi_arena_printf(&t->scratch, "%lld is not the number of a port; this answers 503",
		                                 (long long)port->number));
	return NULL;
}

/* TCP before others: DNS services have 53 twice. */
static const struct sdi_service_port *find_port(const struct sdi_service *service, const struct sdi_port_ref *ref)
{
	const struct sdi_service_port *found = NULL;
	for (size_t i = 0; i < service->n_ports; i++) {
		const struct sdi_service_port *port = &service->ports[i];
		if (ref->name.n ? !sdi_str_eq(port->name, ref->name) : port->port != ref->number)
			continue;
		if (port->protocol == SDI_PROTO_TCP)
			return port;
		if (!found)
			found = port;
	}
	return found;
}

/* "; it has 80 (http), 443": a hint at what could have been meant. */
static const char *ports_of(struct sdi_translation *t, const struct sdi_service *service)
{
	enum { SHOWN = 5 };
	struct sdi_str text = SDI_STR("");
	for (size_t i = 0; i < service->n_ports && i < SHOWN; i++) {
		const struct sdi_service_port *port = &service->ports[i];
		text = sdi_arena_printf(&t->show, "%s%s%lld%s%s%s", text.p, i ? ", " : "; it has ",
		                        (long long)port->port, port->name.n ? " (" : "", sdi_show(&t->diag, port->name),
		                        port->name.n ? ")" : "");
	}
	return text.p;
}

static const struct sdi_resolved *no_such_port(struct sdi_translation *t, const struct sdi_service *service,
                                               const struct sdi_backend_ref *ref)
{
	struct sdi_str port =
		ref->port.name.n ? ref->port.name : sdi_arena_printf(&t->show, "%lld", (long long)ref->port.number);
	return refuse(t, SDI_REASON_PORT_NOT_FOUND,
	              sdi_arena_printf(&t->scratch, "service \"%s\" has no port %s%s; this answers 503",
	                               sdi_show(&t->diag, ref->service), sdi_show(&t->diag, port),
	                               ports_of(t, service)));
}

/* The port as it is called in the backend's id: by name where that says which it is. */
static struct sdi_str port_label(struct sdi_translation *t, const struct sdi_service *service,
                                 const struct sdi_service_port *port)
{
	if (sdi_name_is_port(port->name) && find_port(service, &(struct sdi_port_ref){ .name = port->name }) == port)
		return sdi_arena_copy(t->arena, port->name);
	return sdi_arena_printf(t->arena, "%lld", (long long)port->port);
}

/* What stands behind a port's name in the id of a backend of its cluster IP: no port has such a name. */
#define ADDRESS_SUFFIX "--ip"

static bool has_address(const struct sdi_service *service)
{
	return service->type == SDI_SERVICE_CLUSTER && service->cluster_ip.n;
}

static const struct sdi_resolved *make_backend(struct sdi_translation *t, const struct sdi_service *service,
                                               const struct sdi_service_port *port, bool address)
{
	struct sdi_resolved *resolved = sdi_arena_new(&t->scratch, struct sdi_resolved);
	struct sdi_backend backend = {
		.ns = sdi_arena_copy(t->arena, service->object.ns),
		.service = sdi_arena_copy(t->arena, service->object.name),
		.port = port_label(t, service, port),
	};
	address = address && has_address(service);
	backend.id = sdi_join(t->arena, sdi_join(&t->show, backend.ns, SDI_STR("_"), backend.service), SDI_STR("_"),
	                      address ? sdi_join(&t->show, backend.port, SDI_STR(ADDRESS_SUFFIX), SDI_STR("")) :
	                                backend.port);
	void **slot = sdi_map_put(&t->backends, backend.id); /* by name and by number: the same backend */
	if (*slot)
		return *slot;
	if (service->type == SDI_SERVICE_EXTERNAL_NAME) {
		int64_t number = port->target_number ? port->target_number : port->port;
		const char *why = "has a port that is no port number";
		if (number < 1 || number > UINT16_MAX ||
		    !sdi_external_server(t, service, (uint16_t)number, &backend, &why))
			return *slot = (void *)refuse(
				       t, SDI_REASON_EXTERNAL_NAME_REFUSED,
				       sdi_arena_printf(&t->scratch,
			                                "external name \"%s\" of service \"%s\" %s; this answers 503",
			                                sdi_show(&t->diag, service->external_name), backend.service.p,
			                                why));
	} else if (address) {
		sdi_find_address(t, service, port, &backend);
	} else {
		sdi_find_servers(t, service, port, &backend);
	}
	struct sdi_backend *made = sdi_arena_new(t->arena, struct sdi_backend);
	*made = backend;
	resolved->backend = made;
	return *slot = resolved;
}

static const struct sdi_resolved *resolve(struct sdi_translation *t, struct sdi_str ns,
                                          const struct sdi_backend_ref *ref, bool address)
{
	const struct sdi_service *service =
		(const struct sdi_service *)sdi_store_find(t->store, SDI_KIND_SERVICE, ns, ref->service);
	if (!service)
		return refuse(t, SDI_REASON_SERVICE_NOT_FOUND,
		              sdi_arena_printf(&t->scratch,
		                               "service \"%s\" does not exist in namespace \"%s\"; this answers 503",
		                               sdi_show(&t->diag, ref->service), sdi_show(&t->diag, ns)));
	const struct sdi_service_port *port = find_port(service, &ref->port);
	struct sdi_service_port any = { .port = ref->port.number };
	if (!port && service->type == SDI_SERVICE_EXTERNAL_NAME && !service->n_ports && ref->port.number)
		port = &any; /* such a service need not list its ports */
	if (!port)
		return no_such_port(t, service, ref);
	if (port->protocol != SDI_PROTO_TCP)
		return refuse(t, SDI_REASON_PROTOCOL_UNSUPPORTED,
		              sdi_arena_printf(&t->scratch, "port %lld of service \"%s\" is not TCP; this answers 503",
		                               (long long)port->port, sdi_show(&t->diag, ref->service)));
	return make_backend(t, service, port, address);
}

static const struct sdi_resolved *look_up(struct sdi_translation *t, struct sdi_str ns,
                                          const struct sdi_backend_ref *ref, bool address)
{
	const struct sdi_resolved *bad = check_reference(t, ns, ref);
	if (bad)
		return bad;
	struct sdi_str port =
		ref->port.name.n ? ref->port.name : sdi_arena_printf(&t->show, "%lld", (long long)ref->port.number);
	struct sdi_str key = sdi_join(&t->show, sdi_join(&t->show, ns, SDI_STR("/"), ref->service), SDI_STR("/"), port);
	if (address)
		key = sdi_join(&t->show, key, SDI_STR("/"), SDI_STR(ADDRESS_SUFFIX));
	const struct sdi_resolved *known = sdi_map_get(&t->references, key);
	if (known)
		return known;
	struct sdi_subject subject = t->diag.subject;
	known = resolve(t, ns, ref, address);
	t->diag.subject = subject;
	*sdi_map_put(&t->references, sdi_arena_copy(&t->scratch, key)) = (void *)known;
	return known;
}

const struct sdi_resolved *sdi_resolve_backend(struct sdi_translation *t, struct sdi_str ns,
                                               const struct sdi_backend_ref *ref)
{
	return look_up(t, ns, ref, false);
}

const struct sdi_resolved *sdi_resolve_backend_for(struct sdi_translation *t, const struct sdi_ask *ask,
                                                   const struct sdi_backend_ref *ref)
{
	return look_up(t, ask->pick->ns, ref, sdi_upstream_wants_address(t, ask));
}
