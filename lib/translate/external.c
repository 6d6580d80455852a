/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Services of type ExternalName: the one place where a tenant names a host for the proxy to connect to. What leads
 * to the proxy's own machine, a cloud's metadata service or another namespace is refused. What a name resolves to is
 * not known here.
 */
#include "address.h"
#include "translation.h"

static const char *const local_names[] = { "localhost",  "localhost.localdomain", "localhost4",
	                                   "localhost6", "ip6-localhost",         "ip6-loopback" };
static const char *const metadata_names[] = { "metadata", "metadata.google.internal", "metadata.goog", "instance-data",
	                                      "instance-data.ec2.internal" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* @name itself or a name below one of @list. */
static bool is_below(struct sdi_str name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sdi_str entry = sdi_str_c(list[i]);
		if (!sdi_str_ends(name, entry))
			continue;
		if (name.n == entry.n || name.p[name.n - entry.n - 1] == '.')
			return true;
	}
	return false;
}

/* "127.1", "0x7f.1" and "2130706433" are addresses to inet_aton() and to what proxies use: a last label like a number. */
static bool ends_in_number(struct sdi_str name)
{
	size_t start = name.n;
	while (start && name.p[start - 1] != '.')
		start--;
	struct sdi_str label = sdi_str_from(name, start);
	if (sdi_str_starts(label, SDI_STR("0x")))
		return true;
	for (size_t i = 0; i < label.n; i++)
		if (!sdi_is_digit(label.p[i]))
			return false;
	return true;
}

/* Cuts the label behind the last dot off @name. */
static struct sdi_str cut_last(struct sdi_str *name)
{
	size_t start = name->n;
	while (start && name->p[start - 1] != '.')
		start--;
	struct sdi_str label = sdi_str_from(*name, start);
	*name = sdi_str_head(*name, start ? start - 1 : 0);
	return label;
}

/* A name inside the cluster that is not of @ns: SERVICE.NS.svc, POD.NS.pod, with or without cluster.local. */
static bool is_of_other_namespace(struct sdi_str name, struct sdi_str ns)
{
	struct sdi_str domain = SDI_STR(".cluster.local");
	bool inside = sdi_str_ends(name, domain);
	if (inside)
		name = sdi_str_head(name, name.n - domain.n);
	struct sdi_str kind = cut_last(&name);
	if (!inside && !sdi_str_is(kind, "svc"))
		return false;
	return !sdi_str_eq(cut_last(&name), ns) || !(sdi_str_is(kind, "svc") || sdi_str_is(kind, "pod"));
}

const char *sdi_name_refused(const struct sdi_settings *settings, struct sdi_str name, struct sdi_str ns)
{
	bool local = is_below(name, local_names, COUNT(local_names));
	if (!sdi_name_is_subdomain(name))
		return "is not a DNS name";
	if (ends_in_number(name))
		return "reads like an address; write it as four numbers, or a name";
	if (local && !settings->allow_loopback)
		return "is the proxy's own machine (a lab may allow it with --allow-loopback)";
	if (is_below(name, metadata_names, COUNT(metadata_names)))
		return "is a cloud's metadata service";
	if (ns.n && is_of_other_namespace(name, ns))
		return "belongs to another namespace";
	/* One label only: a resolver's search list would complete it to a service in the proxy's own namespace. */
	if (!local && sdi_str_find(name, '.') < 0 && !settings->allow_loopback)
		return "is not a full name; write it with its domain";
	return NULL;
}

const char *sdi_address_refused(const struct sdi_settings *settings, const struct sdi_address *address)
{
	switch (sdi_address_reach(address)) {
	case SDI_REACH_FINE: return NULL;
	case SDI_REACH_LOCAL:
		return settings->allow_loopback ?
		               NULL :
		               "is loopback or link-local (a lab may allow it with --allow-loopback)";
	case SDI_REACH_NEVER: break;
	}
	return "is not the address of a host";
}

bool sdi_external_server(struct sdi_translation *t, const struct sdi_service *service, uint16_t port,
                         struct sdi_backend *backend, const char **ret_why)
{
	struct sdi_str name = service->external_name;
	struct sdi_server server = { .port = port };
	struct sdi_address address;
	if (t->settings->disable_external_name) {
		*ret_why = "is not used: such services are switched off (--disable-svc-external-name)";
		return false;
	}
	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	bool is_address = sdi_address_parse(name, &address);
	if (!is_address)
		name = sdi_arena_lower(t->arena, sdi_str_head(name, 254));
	const char *why = is_address ? sdi_address_refused(t->settings, &address) :
	                               sdi_name_refused(t->settings, name, service->object.ns);
	if (why) {
		*ret_why = why;
		return false;
	}
	server.address = is_address ? sdi_address_print(t->arena, &address) : name;
	server.ipv6 = is_address && address.ipv6;
	server.name = !is_address;
	backend->servers = sdi_arena_new(t->arena, struct sdi_server);
	backend->servers[0] = server;
	backend->n_servers = 1;
	return true;
}
