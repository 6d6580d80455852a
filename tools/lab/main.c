/* SPDX-License-Identifier: BSD-3-Clause */
/* sdingress-lab: probes in the foreground, for the quickstart and for trying things out by hand. */
#include "probe.h"
#include "../../lib/base/banned.h"
#include <unistd.h>

enum { PROBES_MAX = 64 };

static const char usage[] =
	"usage: sdingress-lab probe --port N --name NAME [--address A] [--port N --name NAME ...]\n"
	"\n"
	"Runs HTTP servers that say who they are and echo what they got, until SIGTERM or SIGINT.\n"
	"An option given again starts the next probe. Port 0 is any free one; the address is 127.0.0.1 by default.\n"
	"One line per probe, \"NAME ADDRESS PORT\", is printed once all of them listen.\n";

struct list {
	struct sdi_lab_probe probes[PROBES_MAX];
	size_t n;
};

static bool read_port(const char *text, unsigned *ret)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);
	if (*end != '\0' || !sdi_is_digit(text[0]) || port > 65535)
		return false;
	*ret = (unsigned)port;
	return true;
}

/* An option that the last probe has already starts the next one, so the order of a probe's options is free. */
static struct sdi_lab_probe *probe_without(struct list *list, const char *option)
{
	struct sdi_lab_probe *last = list->n ? &list->probes[list->n - 1] : NULL;
	bool taken = !last || (strcmp(option, "--name") == 0 && last->name) ||
	             (strcmp(option, "--port") == 0 && last->port) ||
	             (strcmp(option, "--address") == 0 && last->address);
	if (!taken)
		return last;
	return list->n < PROBES_MAX ? &list->probes[list->n++] : NULL;
}

static bool read_option(struct list *list, const char *option, const char *value)
{
	struct sdi_lab_probe *probe = probe_without(list, option);
	if (!probe)
		return false;
	if (strcmp(option, "--port") == 0)
		return read_port(value, &probe->port);
	if (strcmp(option, "--name") == 0)
		probe->name = value;
	else if (strcmp(option, "--address") == 0)
		probe->address = value;
	else
		return false;
	return true;
}

static void print_probes(void *arg)
{
	const struct list *list = arg;
	for (size_t i = 0; i < list->n; i++) {
		const struct sdi_lab_probe *p = &list->probes[i];
		printf("%s %s %u\n", p->name, p->address ? p->address : "127.0.0.1", p->port);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct list list = { .n = 0 };
	struct sdi_lab_error error;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	bool fine = argc > 2 && argc % 2 == 0 && strcmp(argv[1], "probe") == 0;
	for (int i = 2; fine && i + 1 < argc; i += 2)
		fine = read_option(&list, argv[i], argv[i + 1]);
	for (size_t i = 0; i < list.n; i++)
		fine &= list.probes[i].name != NULL;
	if (!fine || list.n == 0) {
		fputs(usage, stderr);
		return 2;
	}
	if (!sdi_lab_probes_run(list.probes, list.n, print_probes, &list, &error)) {
		fprintf(stderr, "sdingress-lab: %s\n", error.text);
		return 1;
	}
	return 0;
}
