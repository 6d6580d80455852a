/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/str.h"
#include "tools.h"
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

const struct sdt_command sdt_commands[] = {
	{ "translate", "[OPTION...] INPUT...", "write the configuration of one proxy",
	  SDT_TAKES_SETTINGS | SDT_TAKES_OUT | SDT_TAKES_FORMAT, sdt_translate },
	{ "report", "[--format text|json|markdown|html] [--out FILE] [OPTION...] INPUT...",
	  "tell what a migration keeps, object by object, and what it does not",
	  SDT_TAKES_SETTINGS | SDT_TAKES_OUT_FILE | SDT_TAKES_FORMAT, sdt_report },
	{ "annotations", "[--format text|tsv|json|markdown] [WORD...]",
	  "list every annotation and what each proxy makes of it", SDT_TAKES_FORMAT, sdt_annotations },
	{ "version", "[--format text|json]", "print the version and the proxies found on this machine",
	  SDT_TAKES_FORMAT, sdt_version },
	{ "help", "[COMMAND]", "explain a command", 0, NULL },
	{ NULL, NULL, NULL, 0, NULL },
};

int sdt_usage(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("sdingress: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return SDT_USAGE;
}

/* A text that could not be written is no success. */
static int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	return sdt_usage("can't write to standard output: %s", strerror(errno));
}

static const struct sdt_command *find(const char *name)
{
	for (const struct sdt_command *c = sdt_commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static int unknown(const char *name)
{
	for (const struct sdt_command *c = sdt_commands; c->name; c++)
		if (sdi_str_distance(sdi_str_c(name), sdi_str_c(c->name)) <= strlen(name) / 3)
			return sdt_usage("there is no command \"%s\"; did you mean %s?", name, c->name);
	return sdt_usage("there is no command \"%s\"; `sdingress help` lists them", name);
}

static void print_overview(void)
{
	puts("Kubernetes Ingress objects in, the configuration of a stock HAProxy or NGINX out.\n\n"
	     "usage: sdingress COMMAND [OPTION...] [INPUT...]\n\n"
	     "An INPUT is a file, a folder (with all *.yaml, *.yml and *.json below it) or - for standard input.\n");
	for (const struct sdt_command *c = sdt_commands; c->name; c++)
		printf("  %-12s %s\n", c->name, c->doc);
	puts("\n`sdingress help COMMAND` explains one; sdingress(1) is the manual.\n\n"
	     "  kubectl get ingress,ingressclass,svc,endpointslices,secrets,configmaps -A -o yaml |\n"
	     "      sdingress translate --out bundle -");
}

static int run(const struct sdt_command *command, int argc, char **argv)
{
	struct sdt_options o;
	int status = sdt_options_read(&o, command->takes, argc, argv);
	if (status == SDT_FINE && o.help)
		sdt_options_help(command);
	else if (status == SDT_FINE)
		status = command->run(&o);
	sdt_options_release(&o);
	return finish(status);
}

static int print_help(const char *name)
{
	const struct sdt_command *command = name ? find(name) : NULL;
	if (name && !command)
		return unknown(name);
	if (command && command->run)
		sdt_options_help(command);
	else
		print_overview();
	return finish(SDT_FINE);
}

int sdt_main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write, said as such */
	if (argc < 2) {
		fputs("usage: sdingress COMMAND [OPTION...] [INPUT...]; `sdingress help` lists the commands\n", stderr);
		return SDT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print_help(NULL);
	if (strcmp(argv[1], "--version") == 0) {
		printf("sdingress %s\n", sdi_version());
		return finish(SDT_FINE);
	}
	const struct sdt_command *command = find(argv[1]);
	if (!command)
		return unknown(argv[1]);
	return command->run ? run(command, argc - 1, argv + 1) : print_help(argv[2]);
}
