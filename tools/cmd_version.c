/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/banned.h"
#include "sys/sys.h"
#include "tools.h"
#include <jansson.h>
#include <stdio.h>

static const char *const names[] = { [SDI_PROXY_HAPROXY] = "haproxy", [SDI_PROXY_NGINX] = "nginx" };

static void print_text(const struct sdi_sys_proxy proxies[2], const bool found[2])
{
	printf("sdingress %s\nlibsdingress %s\n", SDI_VERSION, sdi_version());
	for (int p = 0; p < 2; p++)
		if (found[p])
			printf("%s %s (%s)\n", names[p],
			       proxies[p].version[0] ? proxies[p].version : "of unknown version", proxies[p].path);
		else
			printf("%s not found\n", names[p]);
}

static void print_json(const struct sdi_sys_proxy proxies[2], const bool found[2])
{
	json_t *object = json_pack("{s:s, s:s}", "sdingress", SDI_VERSION, "libsdingress", sdi_version());
	for (int p = 0; p < 2 && object; p++)
		json_object_set_new(
			object, names[p],
			found[p] ? json_pack("{s:s, s:s}", "version", proxies[p].version, "path", proxies[p].path) :
				   json_null());
	if (object && json_dumpf(object, stdout, JSON_INDENT(2)) == 0)
		putchar('\n');
	json_decref(object);
}

int sdt_version(struct sdt_options *o)
{
	struct sdi_sys_proxy proxies[2];
	bool found[2];
	bool json = o->format && strcmp(o->format, "json") == 0;
	if (o->n_inputs || (o->format && !json && strcmp(o->format, "text") != 0))
		return sdt_usage("version takes --format text or json and nothing else");
	for (int p = 0; p < 2; p++)
		found[p] = sdi_sys_find_proxy((enum sdi_proxy)p, &proxies[p]) == 0;
	(json ? print_json : print_text)(proxies, found);
	return SDT_FINE;
}
