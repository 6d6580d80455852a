/* SPDX-License-Identifier: BSD-3-Clause */
/* EndpointSlice of discovery.k8s.io/v1, and the legacy Endpoints in the same struct. */
#include "read.h"

static bool is_service_name(struct sdi_str key)
{
	return sdi_str_is(key, "kubernetes.io/service-name");
}

static const struct read_row port_rows[] = {
	{ SDI_STR_INIT("name"), READ_TEXT, offsetof(struct sdi_endpoint_port, name) },
	{ SDI_STR_INIT("port"), READ_PORT, offsetof(struct sdi_endpoint_port, port) },
	{ SDI_STR_INIT("protocol"), READ_PROTOCOL, offsetof(struct sdi_endpoint_port, protocol) },
	{ SDI_STR_INIT("appProtocol"), READ_TEXT, offsetof(struct sdi_endpoint_port, app_protocol) },
};

static bool read_port(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	return READ_ROWS(r, at, item, port_rows, into);
}

static const struct read_list ports_list = { SDI_STR_INIT("ports"), sizeof(struct sdi_endpoint_port), SDI_NODE_MAP,
	                                     read_port, "this port is left out" };

static const struct read_row condition_rows[] = {
	{ SDI_STR_INIT("ready"), READ_BOOL, offsetof(struct sdi_endpoint, ready) },
	{ SDI_STR_INIT("serving"), READ_BOOL, offsetof(struct sdi_endpoint, serving) },
	{ SDI_STR_INIT("terminating"), READ_BOOL, offsetof(struct sdi_endpoint, terminating) },
};

/* targetRef only serves people: a wrong one costs nothing but itself. */
static void read_target(struct reader *r, const struct at *at, const struct sdi_node *map, struct sdi_str *ret)
{
	const struct at at_target = { at, "targetRef", 0 };
	const struct sdi_node *target;
	const char *cost = r->cost;
	r->cost = "it is not used";
	read_child(r, at, map, SDI_STR("targetRef"), SDI_NODE_MAP, &target);
	read_text(r, &at_target, target, SDI_STR("name"), ret);
	r->cost = cost;
}

static bool read_endpoint(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	struct sdi_endpoint *endpoint = into;
	const struct at at_addresses = { at, "addresses", 0 }, at_conditions = { at, "conditions", 0 };
	const struct sdi_node *addresses, *conditions;
	if (!read_child(r, at, item, SDI_STR("addresses"), SDI_NODE_LIST, &addresses) ||
	    !read_child(r, at, item, SDI_STR("conditions"), SDI_NODE_MAP, &conditions))
		return false;
	if (!addresses || !addresses->n) {
		read_say(r, SDI_REASON_FIELD_MISSING, &at_addresses, item, "an endpoint has an address");
		return false;
	}
	/* discovery/v1: of several addresses only the first counts. Unknown: ready is true, serving is as ready, and
	 * terminating is false. */
	endpoint->ready = true;
	if (addresses->first->type != SDI_NODE_STRING)
		return read_complain(r, &(struct at){ &at_addresses, NULL, 0 }, addresses->first, "text");
	if (!READ_ROWS(r, &at_conditions, conditions, condition_rows, endpoint))
		return false;
	const struct sdi_node *serving = sdi_node_find(conditions, SDI_STR("serving"));
	if (!serving || serving->type == SDI_NODE_NULL)
		endpoint->serving = endpoint->ready;
	endpoint->address = sdi_arena_copy(r->arena, addresses->first->text);
	read_target(r, at, item, &endpoint->target);
	return true;
}

static const struct read_list endpoints_list = { SDI_STR_INIT("endpoints"), sizeof(struct sdi_endpoint), SDI_NODE_MAP,
	                                         read_endpoint, "this endpoint is left out" };

struct sdi_object *sdi_model_endpointslice(struct reader *r, const struct sdi_node *root)
{
	struct sdi_endpointslice *slice = sdi_arena_new(r->arena, struct sdi_endpointslice);
	struct sdi_str type;
	if (!read_meta(r, root, true, sdi_name_is_subdomain, &slice->object) ||
	    !read_labels(r, root, is_service_name, &slice->object) ||
	    !read_text(r, NULL, root, SDI_STR("addressType"), &type))
		return NULL;
	slice->service = slice->object.n_labels ? slice->object.labels[0].value : SDI_STR("");
	slice->fqdn = sdi_str_is(type, "FQDN");
	slice->ports = read_list(r, NULL, root, &ports_list, &slice->n_ports);
	slice->endpoints = read_list(r, NULL, root, &endpoints_list, &slice->n_endpoints);
	return &slice->object;
}

/* Endpoints */

static bool read_address(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	struct sdi_endpoint *endpoint = into;
	if (!read_text(r, at, item, SDI_STR("ip"), &endpoint->address))
		return false;
	if (!endpoint->address.n) {
		read_say(r, SDI_REASON_FIELD_MISSING, &(struct at){ at, "ip", 0 }, item, "an endpoint has an address");
		return false;
	}
	read_target(r, at, item, &endpoint->target);
	return true;
}

static const struct read_list ready_list = { SDI_STR_INIT("addresses"), sizeof(struct sdi_endpoint), SDI_NODE_MAP,
	                                     read_address, "this endpoint is left out" };
static const struct read_list unready_list = { SDI_STR_INIT("notReadyAddresses"), sizeof(struct sdi_endpoint),
	                                       SDI_NODE_MAP, read_address, "this endpoint is left out" };

static bool read_subset(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	struct sdi_endpointslice *subset = into;
	size_t n_ready, n_unready;
	const struct sdi_endpoint *ready = read_list(r, at, item, &ready_list, &n_ready);
	const struct sdi_endpoint *unready = read_list(r, at, item, &unready_list, &n_unready);
	subset->ports = read_list(r, at, item, &ports_list, &subset->n_ports);
	subset->endpoints = sdi_arena_array(r->arena, n_ready + n_unready, struct sdi_endpoint);
	for (size_t i = 0; i < n_ready + n_unready; i++) {
		struct sdi_endpoint *endpoint = &subset->endpoints[subset->n_endpoints++];
		*endpoint = i < n_ready ? ready[i] : unready[i - n_ready];
		endpoint->ready = endpoint->serving = i < n_ready;
	}
	return true;
}

static const struct read_list subsets_list = { SDI_STR_INIT("subsets"), sizeof(struct sdi_endpointslice), SDI_NODE_MAP,
	                                       read_subset, "this subset is left out" };

struct sdi_object *sdi_model_endpoints(struct reader *r, const struct sdi_node *root)
{
	struct sdi_endpointslice head = { 0 };
	size_t n;
	if (!read_meta(r, root, true, sdi_name_is_subdomain, &head.object))
		return NULL;
	struct sdi_endpointslice *subsets = read_list(r, NULL, root, &subsets_list, &n);
	if (!n)
		subsets = sdi_arena_new(r->arena, struct sdi_endpointslice);
	for (size_t i = 0; i < (n ? n : 1); i++) {
		subsets[i].object = head.object;
		subsets[i].object.kind = SDI_KIND_ENDPOINTS;
		subsets[i].service = head.object.name;
		subsets[i].next = i + 1 < n ? &subsets[i + 1] : NULL;
	}
	return &subsets->object;
}
