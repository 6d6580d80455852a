/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The controller's ConfigMaps of TCP and UDP services: PORT: NAMESPACE/SERVICE:PORT[:[PROXY][:PROXY]]. The first PROXY
 * says that clients begin with that protocol, the second that the service is to get it.
 */
#include "translation.h"

enum { STREAMS_MAX = 1000 };

/* A number without signs and zeros before it; 0: none, or too large. */
static unsigned port_of(struct sdi_str text)
{
	unsigned n = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (!sdi_is_digit(text.p[i]) || (i == 0 && text.p[0] == '0') || i > 4)
			return 0;
		n = n * 10 + (unsigned)(text.p[i] - '0');
	}
	return n <= UINT16_MAX ? n : 0;
}

static bool read_proxy(struct sdi_str *rest, bool *ret)
{
	struct sdi_str word;
	if (!rest->p || !sdi_str_split(rest, ':', &word))
		return true;
	*ret = sdi_str_eq_nocase(word, SDI_STR("PROXY"));
	return *ret || !word.n;
}

static const struct sdi_service_port *udp_port(const struct sdi_service *service, const struct sdi_port_ref *wanted)
{
	for (size_t i = 0; i < service->n_ports; i++) {
		const struct sdi_service_port *port = &service->ports[i];
		bool same = wanted->name.n ? sdi_str_eq(port->name, wanted->name) : port->port == wanted->number;
		if (same && port->protocol == SDI_PROTO_UDP)
			return port;
	}
	return NULL;
}

/* NULL: *ret_backend is found; else why not. */
static const char *resolve_udp(struct sdi_translation *t, struct sdi_str ns, const struct sdi_backend_ref *ref,
                               const struct sdi_backend **ret_backend)
{
	const struct sdi_service *service =
		(const struct sdi_service *)sdi_store_find(t->store, SDI_KIND_SERVICE, ns, ref->service);
	const struct sdi_service_port *port = service ? udp_port(service, &ref->port) : NULL;
	if (!port)
		return "there is no such service with such a UDP port";
	if (service->type == SDI_SERVICE_EXTERNAL_NAME)
		return "the service is an external name, which can't be had for UDP";
	struct sdi_backend *backend = sdi_arena_new(t->arena, struct sdi_backend);
	backend->ns = sdi_arena_copy(t->arena, ns);
	backend->service = sdi_arena_copy(t->arena, service->object.name);
	backend->port = sdi_arena_printf(t->arena, "%lld", (long long)port->port);
	backend->id = sdi_arena_printf(t->arena, "%.*s_%.*s_%.*s--udp", SDI_STR_ARG(ns),
	                               SDI_STR_ARG(service->object.name), SDI_STR_ARG(backend->port));
	struct sdi_subject subject = t->diag.subject;
	sdi_find_servers(t, service, port, backend);
	t->diag.subject = subject;
	*ret_backend = backend;
	return NULL;
}

/* NULL: *ret has it; else why not. */
static const char *read_target(struct sdi_translation *t, struct sdi_str text, struct sdi_stream *ret)
{
	struct sdi_str rest = text, ns, name, port;
	struct sdi_backend_ref ref = { .type = SDI_BACKEND_SERVICE };
	if (!sdi_str_split(&rest, '/', &ns) || !rest.p || !sdi_str_split(&rest, ':', &name) || !rest.p ||
	    !sdi_str_split(&rest, ':', &port) || !sdi_name_is_label(ns) || !sdi_name_is_label(name) || !port.n)
		return "write NAMESPACE/SERVICE:PORT";
	if (!read_proxy(&rest, &ret->decode) || !read_proxy(&rest, &ret->encode) || rest.n)
		return "behind the port only PROXY may stand, once or twice";
	if (ret->udp && (ret->decode || ret->encode))
		return "there is no PROXY protocol for UDP";
	ref.service = name;
	ref.port.number = port_of(port);
	if (!ref.port.number)
		ref.port.name = port;
	if (ret->udp)
		return resolve_udp(t, ns, &ref, &ret->backend);
	const struct sdi_resolved *resolved = sdi_resolve_backend(t, ns, &ref);
	ret->backend = resolved->backend;
	return resolved->backend ? NULL : resolved->why;
}

static const char *read_stream(struct sdi_translation *t, const struct sdi_pair *pair, bool udp, struct sdi_stream *ret)
{
	const struct sdi_gateway *gateway = t->gateway;
	*ret = (struct sdi_stream){ .port = port_of(sdi_str_trim(pair->key)), .udp = udp };
	if (!ret->port)
		return "the key is no port, 1 to 65535";
	if (!udp && (ret->port == t->settings->http_port || ret->port == t->settings->https_port))
		return "this port is that of HTTP or HTTPS";
	for (size_t i = 0; i < gateway->n_streams; i++)
		if (gateway->streams[i].port == ret->port && gateway->streams[i].udp == udp)
			return "the port is there twice";
	return read_target(t, sdi_str_trim(pair->value), ret);
}

static void read_map(struct sdi_translation *t, const struct sdi_ns_name *ref, const char *setting, bool udp)
{
	if (!ref->name.n)
		return;
	const struct sdi_configmap *map =
		(const struct sdi_configmap *)sdi_store_find(t->store, SDI_KIND_CONFIGMAP, ref->ns, ref->name);
	t->diag.subject = (struct sdi_subject){ .kind = "Settings", .origin = { .file = "" } };
	if (!map) {
		sdi_diag_add(&t->diag, SDI_REASON_CONFIGMAP_NOT_FOUND, setting,
		             "ConfigMap \"%s\" does not exist in namespace \"%s\"; none of its services is served",
		             sdi_show(&t->diag, ref->name), sdi_show(&t->diag, ref->ns));
		return;
	}
	for (size_t i = 0; i < map->n_data; i++) {
		struct sdi_stream stream;
		sdi_arena_clear(&t->show);
		sdi_diag_about(t, &map->object);
		const char *why = t->gateway->n_streams == STREAMS_MAX ? "there are more than 1000" :
		                                                         read_stream(t, &map->data[i], udp, &stream);
		if (why)
			sdi_diag_add(&t->diag, SDI_REASON_STREAM_INVALID, sdi_show(&t->diag, map->data[i].key),
			             "\"%s\": %s; it is not served", sdi_show(&t->diag, map->data[i].value), why);
		else
			t->gateway->streams[t->gateway->n_streams++] = stream;
	}
}

static int by_port(const void *left, const void *right)
{
	const struct sdi_stream *a = left, *b = right;
	return a->udp != b->udp ? (int)a->udp - (int)b->udp : (a->port > b->port) - (a->port < b->port);
}

void sdi_read_streams(struct sdi_translation *t)
{
	struct sdi_gateway *gateway = t->gateway;
	if (!t->settings->tcp_configmap.name.n && !t->settings->udp_configmap.name.n)
		return;
	gateway->streams = sdi_arena_array(t->arena, STREAMS_MAX, struct sdi_stream);
	read_map(t, &t->settings->tcp_configmap, "tcp-services-configmap", false);
	read_map(t, &t->settings->udp_configmap, "udp-services-configmap", true);
	if (gateway->n_streams)
		qsort(gateway->streams, gateway->n_streams, sizeof(*gateway->streams), by_port);
}
