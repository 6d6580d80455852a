/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command line. Each command is one file with one function; commands.c has the table. Exit statuses: 0 fine, 1 ran, but
 * there are diagnostics of severity error, 2 bad usage or unreadable input.
 */
#ifndef SDI_TOOLS_H
#define SDI_TOOLS_H

#include <sdingress/sdingress.h>
#include <stdbool.h>

enum { SDT_FINE = 0, SDT_DIAGNOSED = 1, SDT_USAGE = 2 };

/* What the words after a command say. */
struct sdt_options {
	struct sdi_settings *settings;
	struct sdi_diags *diags;  /* of settings, later of everything */
	const char *out, *format; /* format: NULL when not given */
	bool help;
	const char *default_prefix; /* the prefix as it was before anything was read */
	char **inputs;              /* the words that are no options, NULL-terminated; in argv */
	int n_inputs;
};

/* Which options a command takes. */
enum { SDT_TAKES_SETTINGS = 1, SDT_TAKES_OUT = 2, SDT_TAKES_FORMAT = 4, SDT_TAKES_OUT_FILE = 8 };

struct sdt_command {
	const char *name, *arguments, *doc;
	unsigned takes;                          /* SDT_TAKES_… */
	int (*run)(struct sdt_options *options); /* returns the exit status; NULL: help */
};

extern const struct sdt_command sdt_commands[]; /* ends with a name of NULL */

int sdt_main(int argc, char **argv);
int sdt_translate(struct sdt_options *options);
int sdt_report(struct sdt_options *options);
int sdt_annotations(struct sdt_options *options);
int sdt_version(struct sdt_options *options);

/*
 * Reads the options of a command. Returns SDT_FINE, or SDT_USAGE after having said on stderr what is wrong.
 * The caller releases them with sdt_options_release().
 */
int sdt_options_read(struct sdt_options *options, unsigned takes, int argc, char **argv);
void sdt_options_release(struct sdt_options *options);

/* Whether the user has given a prefix, on the command line or in a file of settings. */
bool sdt_options_has_prefix(const struct sdt_options *options);

/* Help of one command: its arguments and the options it takes, from the table of settings. */
void sdt_options_help(const struct sdt_command *command);

/*
 * What commands that translate have in common (world.c). The first looks at the machine where the user has not said:
 * the proxy's version, name servers, addresses, the time; SDT_USAGE without an input. The second reads all inputs and is
 * not 0 when one of them can't be read; the diagnostics say which.
 */
int sdt_world_prepare(struct sdt_options *options, const char *command);
int sdt_world_read(struct sdt_options *options, struct sdi_store *store);
enum sdi_proxy sdt_world_target(const struct sdt_options *options);

/* For sdi_auto(). */
void sdt_store_freep(struct sdi_store **store);
void sdt_gateway_freep(struct sdi_gateway **gateway);
void sdt_bundle_freep(struct sdi_bundle **bundle);

/* "sdingress: …" on stderr; returns SDT_USAGE. */
int sdt_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints all diagnostics on stderr, sorted: text (in colours on a terminal), or with @json an object a line. */
void sdt_diags_print(struct sdi_diags *diags, bool json);

/* SDT_DIAGNOSED when there is an error, or a warning where the settings are strict. */
int sdt_diags_status(const struct sdt_options *options);

/* Prints the bundle on stdout as one readable stream, without the content of secret files. */
void sdt_stream_print(const struct sdi_bundle *bundle);

#endif
