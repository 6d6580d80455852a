/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a service port to servers: the EndpointSlices whose label names the service, in its namespace only; where
 * there is none, the Endpoints object of its name.
 */
#include "../base/limits.h"
#include "address.h"
#include "translation.h"

/* The slices of one service. */
struct slice_list {
	struct slice_list *next;
	const struct sdi_endpointslice *slice;
	bool told; /* what is wrong with its addresses; a slice is read once for each port */
};

void sdi_index_slices(struct sdi_translation *t)
{
	const struct sdi_object *object;
	for (size_t i = 0; (object = sdi_store_get(t->store, SDI_KIND_ENDPOINTSLICE, i)); i++) {
		const struct sdi_endpointslice *slice = (const struct sdi_endpointslice *)object;
		if (!sdi_name_is_subdomain(slice->service))
			continue;
		void **slot = sdi_map_put(&t->slices, sdi_join(&t->scratch, object->ns, SDI_STR("/"), slice->service));
		struct slice_list *entry = sdi_arena_new(&t->scratch, struct slice_list);
		*entry = (struct slice_list){ .next = *slot, .slice = slice };
		*slot = entry;
	}
}

enum state { READY, DRAINING, UNUSABLE };

struct candidate {
	struct sdi_address address;
	uint16_t port;
	enum state state;
};

struct candidates {
	SDI_VEC(struct candidate)
};

static enum state state_of(const struct sdi_service *service, const struct sdi_endpoint *endpoint)
{
	if (endpoint->ready || service->publish_not_ready)
		return READY;
	return endpoint->serving && endpoint->terminating ? DRAINING : UNUSABLE;
}

static const char *field_of(struct sdi_translation *t, const struct sdi_endpointslice *slice, size_t i)
{
	bool legacy = slice->object.kind == SDI_KIND_ENDPOINTS;
	return legacy ? "subsets" : sdi_field_name(t, "endpoints[%zu].addresses[0]", i);
}

/* Parses and judges one address; false: not usable, and @tell says whether to say so. */
static bool accept(struct sdi_translation *t, const struct sdi_endpointslice *slice, size_t i, bool tell,
                   struct sdi_address *ret)
{
	struct sdi_str text = slice->endpoints[i].address;
	if (!sdi_address_parse(text, ret)) {
		if (tell)
			sdi_diag_add(&t->diag, SDI_REASON_ENDPOINT_INVALID, field_of(t, slice, i),
			             "\"%s\" is not an IP address; it is left out", sdi_show(&t->diag, text));
		return false;
	}
	enum sdi_reach reach = sdi_address_reach(ret);
	if (reach == SDI_REACH_FINE || (reach == SDI_REACH_LOCAL && t->settings->allow_loopback))
		return true;
	if (tell)
		sdi_diag_add(&t->diag, SDI_REASON_ENDPOINT_REFUSED, field_of(t, slice, i),
		             "\"%s\" is %s; it is left out%s", sdi_show(&t->diag, text),
		             reach == SDI_REACH_LOCAL ? "loopback or link-local" : "not the address of a host",
		             reach == SDI_REACH_LOCAL ? " (a lab may allow it with --allow-loopback)" : "");
	return false;
}

/* The slice's own number for @port: they are joined by name and protocol. 0: it does not have it. */
static int64_t number_in(const struct sdi_endpointslice *slice, const struct sdi_service_port *port)
{
	for (size_t i = 0; i < slice->n_ports; i++)
		if (sdi_str_eq(slice->ports[i].name, port->name) && slice->ports[i].protocol == port->protocol)
			return slice->ports[i].port;
	return 0;
}

static void read_slice(struct sdi_translation *t, const struct sdi_service *service,
                       const struct sdi_service_port *port, const struct sdi_endpointslice *slice, bool tell,
                       struct candidates *found)
{
	sdi_diag_about(t, &slice->object);
	if (slice->fqdn) {
		if (tell)
			sdi_diag_add(&t->diag, SDI_REASON_ENDPOINT_INVALID, "addressType",
			             "slices of names (FQDN) are not used; write IPv4 or IPv6 addresses, or a service "
			             "of type "
			             "ExternalName");
		return;
	}
	int64_t number = number_in(slice, port);
	if (number < 0 || number > UINT16_MAX) {
		if (tell)
			sdi_diag_add(&t->diag, SDI_REASON_ENDPOINT_INVALID, "ports",
			             "%lld is not a port number; this slice is left out", (long long)number);
		return;
	}
	for (size_t i = 0; number && i < slice->n_endpoints; i++) {
		struct candidate candidate = { .port = (uint16_t)number,
			                       .state = state_of(service, &slice->endpoints[i]) };
		if (candidate.state != UNUSABLE && accept(t, slice, i, tell, &candidate.address))
			*sdi_vec_push(found, &t->scratch) = candidate;
	}
}

static void collect(struct sdi_translation *t, const struct sdi_service *service, const struct sdi_service_port *port,
                    struct candidates *found)
{
	const struct sdi_object *object = &service->object;
	struct slice_list *list = sdi_map_get(&t->slices, sdi_join(&t->show, object->ns, SDI_STR("/"), object->name));
	for (struct slice_list *entry = list; entry; entry = entry->next) {
		read_slice(t, service, port, entry->slice, !entry->told, found);
		entry->told = true;
	}
	if (list)
		return;
	const struct sdi_endpointslice *subset = (const struct sdi_endpointslice *)sdi_store_find(
		t->store, SDI_KIND_ENDPOINTS, object->ns, object->name);
	for (; subset; subset = subset->next)
		read_slice(t, service, port, subset, true, found);
}

static int compare_places(const struct candidate *a, const struct candidate *b)
{
	int c = (int)a->address.ipv6 - (int)b->address.ipv6;
	if (!c)
		c = memcmp(a->address.bytes, b->address.bytes, sizeof(a->address.bytes));
	return c ? c : (int)a->port - (int)b->port;
}

static int by_place(const void *a, const void *b)
{
	int c = compare_places(a, b);
	return c ? c : (int)((const struct candidate *)a)->state - (int)((const struct candidate *)b)->state;
}

/* Sorts, and keeps one of each (address, port), ready ones first; then only what is ready, if anything is. */
static void narrow(struct candidates *found)
{
	bool any_ready = false;
	size_t kept = 0;
	if (found->n > 1)
		qsort(found->p, found->n, sizeof(*found->p), by_place);
	for (size_t i = 0; i < found->n; i++)
		any_ready |= found->p[i].state == READY;
	for (size_t i = 0; i < found->n; i++) {
		const struct candidate *candidate = &found->p[i];
		if (any_ready && candidate->state != READY)
			continue;
		if (kept == 0 || compare_places(&found->p[kept - 1], candidate) != 0)
			found->p[kept++] = *candidate;
	}
	found->n = kept;
}

void sdi_find_servers(struct sdi_translation *t, const struct sdi_service *service, const struct sdi_service_port *port,
                      struct sdi_backend *backend)
{
	struct candidates found = { 0 };
	if (t->alone) { /* some server; which one nobody asks */
		static struct sdi_server stand_in = { .address = SDI_STR_INIT("192.0.2.1"), .port = 80 };
		backend->n_servers = 1;
		backend->servers = &stand_in;
		return;
	}
	collect(t, service, port, &found);
	narrow(&found);
	sdi_diag_about(t, &service->object);
	if (found.n > SDI_LIMIT_ENDPOINTS) {
		sdi_diag_add(&t->diag, SDI_REASON_LIMIT, "endpoints", "%zu endpoints; only the first %d are used",
		             found.n, SDI_LIMIT_ENDPOINTS);
		found.n = SDI_LIMIT_ENDPOINTS;
	}
	if (found.n == 0)
		sdi_diag_add(&t->diag, SDI_REASON_NO_ENDPOINTS, "spec.ports",
		             "nothing is ready behind port %s right now; its paths answer 503", backend->port.p);
	backend->n_servers = found.n;
	backend->servers = sdi_arena_array(t->arena, found.n, struct sdi_server);
	for (size_t i = 0; i < found.n; i++)
		backend->servers[i] = (struct sdi_server){
			.address = sdi_address_print(t->arena, &found.p[i].address),
			.port = found.p[i].port,
			.ipv6 = found.p[i].address.ipv6,
			.draining = found.p[i].state == DRAINING,
		};
}

/* The cluster's own balancing; of one service there is one address, so it is never tried twice. */
void sdi_find_address(struct sdi_translation *t, const struct sdi_service *service, const struct sdi_service_port *port,
                      struct sdi_backend *backend)
{
	struct sdi_address address;
	const char *why = NULL;
	sdi_diag_about(t, &service->object);
	if (!sdi_address_parse(service->cluster_ip, &address))
		why = "is not an IP address";
	else if (sdi_address_reach(&address) == SDI_REACH_LOCAL && !t->settings->allow_loopback)
		why = "is loopback or link-local";
	else if (sdi_address_reach(&address) != SDI_REACH_FINE && sdi_address_reach(&address) != SDI_REACH_LOCAL)
		why = "is not the address of a host";
	else if (port->port < 1 || port->port > UINT16_MAX)
		why = "has no port of that number";
	if (why) {
		sdi_diag_add(&t->diag, SDI_REASON_ENDPOINT_REFUSED, "spec.clusterIP", "\"%s\" %s; its paths answer 503",
		             sdi_show(&t->diag, service->cluster_ip), why);
		return;
	}
	backend->n_servers = 1;
	backend->servers = sdi_arena_new(t->arena, struct sdi_server);
	backend->servers[0] = (struct sdi_server){
		.address = sdi_address_print(t->arena, &address),
		.port = (uint16_t)port->port,
		.ipv6 = address.ipv6,
	};
}
