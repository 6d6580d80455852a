/* SPDX-License-Identifier: BSD-3-Clause */
#include "read.h"

static const struct at at_spec = { NULL, "spec", 0 };

static const struct read_row port_rows[] = {
	{ SDI_STR_INIT("name"), READ_TEXT, offsetof(struct sdi_service_port, name) },
	{ SDI_STR_INIT("port"), READ_PORT, offsetof(struct sdi_service_port, port) },
	{ SDI_STR_INIT("protocol"), READ_PROTOCOL, offsetof(struct sdi_service_port, protocol) },
	{ SDI_STR_INIT("appProtocol"), READ_TEXT, offsetof(struct sdi_service_port, app_protocol) },
};

/* targetPort is an IntOrString. */
static const struct read_row target_number[] = {
	{ SDI_STR_INIT("targetPort"), READ_PORT, offsetof(struct sdi_service_port, target_number) },
};
static const struct read_row target_name[] = {
	{ SDI_STR_INIT("targetPort"), READ_TEXT, offsetof(struct sdi_service_port, target_name) },
};

static bool read_port(struct reader *r, const struct at *at, const struct sdi_node *item, void *into)
{
	struct sdi_service_port *port = into;
	const struct sdi_node *target = sdi_node_find(item, SDI_STR("targetPort"));
	if (!READ_ROWS(r, at, item, port_rows, port))
		return false;
	if (!port->port) {
		read_say(r, SDI_REASON_FIELD_MISSING, &(struct at){ at, "port", 0 }, item,
		         "a port of a service has a number");
		return false;
	}
	port->target_name = SDI_STR("");
	return sdi_node_is(target, SDI_NODE_STRING) ? READ_ROWS(r, at, item, target_name, port) :
	                                              READ_ROWS(r, at, item, target_number, port);
}

static const struct read_list ports_list = { SDI_STR_INIT("ports"), sizeof(struct sdi_service_port), SDI_NODE_MAP,
	                                     read_port, "this port is left out" };

static const struct read_row spec_rows[] = {
	{ SDI_STR_INIT("clusterIP"), READ_TEXT, offsetof(struct sdi_service, cluster_ip) },
	{ SDI_STR_INIT("externalName"), READ_TEXT, offsetof(struct sdi_service, external_name) },
	{ SDI_STR_INIT("publishNotReadyAddresses"), READ_BOOL, offsetof(struct sdi_service, publish_not_ready) },
};

struct sdi_object *sdi_model_service(struct reader *r, const struct sdi_node *root)
{
	struct sdi_service *service = sdi_arena_new(r->arena, struct sdi_service);
	const struct sdi_node *spec;
	struct sdi_str type;
	if (!read_meta(r, root, true, sdi_name_is_label, &service->object) ||
	    !read_child(r, NULL, root, SDI_STR("spec"), SDI_NODE_MAP, &spec) ||
	    !read_text(r, &at_spec, spec, SDI_STR("type"), &type) || !READ_ROWS(r, &at_spec, spec, spec_rows, service))
		return NULL;
	service->type = sdi_str_is(type, "ExternalName") ? SDI_SERVICE_EXTERNAL_NAME : SDI_SERVICE_CLUSTER;
	service->headless = sdi_str_is(service->cluster_ip, "None");
	if (service->headless)
		service->cluster_ip = SDI_STR("");
	service->ports = read_list(r, &at_spec, spec, &ports_list, &service->n_ports);
	return &service->object;
}
