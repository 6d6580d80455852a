/* SPDX-License-Identifier: BSD-3-Clause */
#include "settings.h"
#include "sys/sys.h"
#include "tools.h"
#include <time.h>

void sdt_store_freep(struct sdi_store **store)
{
	sdi_store_free(*store);
}

void sdt_gateway_freep(struct sdi_gateway **gateway)
{
	sdi_gateway_free(*gateway);
}

void sdt_bundle_freep(struct sdi_bundle **bundle)
{
	sdi_bundle_free(*bundle);
}

enum sdi_proxy sdt_world_target(const struct sdt_options *o)
{
	return o->settings->to_nginx ? SDI_PROXY_NGINX : SDI_PROXY_HAPROXY;
}

static void add_resolver(void *settings, const char *address)
{
	sdi_settings_set(settings, "resolver", address, NULL);
}

int sdt_world_prepare(struct sdt_options *o, const char *command)
{
	struct sdi_sys_proxy proxy;
	if (!o->n_inputs)
		return sdt_usage("%s wants an INPUT: a file, a folder, or - for standard input", command);
	/* The version to write for: that of the program on this machine. */
	if (!o->settings->target_version.major && sdi_sys_find_proxy(sdt_world_target(o), &proxy) == 0 &&
	    proxy.version[0])
		sdi_settings_set(o->settings, "target-version", proxy.version, NULL);
	if (!o->settings->resolver.n)
		sdi_sys_name_servers("/etc/resolv.conf", add_resolver, o->settings);
	if (!o->settings->bind.n && !sdi_sys_has_ipv6()) /* no proxy has a listener that may fail */
		sdi_settings_set(o->settings, "bind", "0.0.0.0", NULL);
	o->settings->now_s = time(NULL);
	return SDT_FINE;
}

int sdt_world_read(struct sdt_options *o, struct sdi_store *store)
{
	int unreadable = 0;
	for (int i = 0; i < o->n_inputs; i++)
		unreadable |= sdi_sys_read(store, o->inputs[i], o->diags);
	return unreadable;
}
