/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/str.h"
#include "settings.h"
#include "sys/sys.h"
#include "tools.h"
#include <stdio.h>

enum { LARGEST_CONFIG = 1024 * 1024 };

/* The options that are no settings. */
static const struct own {
	const char *name, *value, *doc, *dflt;
	unsigned takes; /* the command must take this */
} own_options[] = {
	{ "out", "DIR", "Where the bundle goes; without this it is printed, without its keys.", "", SDT_TAKES_OUT },
	{ "out", "FILE", "Where the report goes; without this it is printed.", "", SDT_TAKES_OUT_FILE },
	{ "format", "FORMAT",
	  "How diagnostics or lists are printed: text or json; lists of annotations also tsv or markdown, a report "
	  "also markdown or html.",
	  "text", SDT_TAKES_FORMAT },
	{ "config", "FILE", "Settings as YAML or JSON; keys are the options' names. Options win over it.", "",
	  SDT_TAKES_SETTINGS },
};

enum { N_OWN = sizeof(own_options) / sizeof(own_options[0]) };

static const struct own *find_own(const char *name, unsigned takes)
{
	for (size_t i = 0; i < N_OWN; i++)
		if (takes & own_options[i].takes && strcmp(own_options[i].name, name) == 0)
			return &own_options[i];
	return NULL;
}

static const struct sdi_setting_info *find_setting(const char *name)
{
	const struct sdi_setting_info *info;
	for (size_t i = 0; (info = sdi_setting_get(i)); i++)
		if (strcmp(info->name, name) == 0)
			return info;
	return NULL;
}

static void consider(const char *name, const char *candidate, size_t *best, const char **nearest)
{
	size_t d = sdi_str_distance(sdi_str_c(name), sdi_str_c(candidate));
	if (d >= *best)
		return;
	*best = d;
	*nearest = candidate;
}

static int unknown(const char *name, unsigned takes)
{
	const struct sdi_setting_info *info;
	const char *nearest = NULL;
	size_t best = strlen(name) / 3 + 1;
	for (size_t i = 0; i < N_OWN; i++)
		if (takes & own_options[i].takes)
			consider(name, own_options[i].name, &best, &nearest);
	for (size_t i = 0; takes & SDT_TAKES_SETTINGS && (info = sdi_setting_get(i)); i++)
		consider(name, info->name, &best, &nearest);
	if (nearest)
		return sdt_usage("there is no option --%s; did you mean --%s?", name, nearest);
	return sdt_usage("there is no option --%s here; --help lists all", name);
}

/* The last diagnostic as a line of usage. */
static int settings_usage(struct sdt_options *o)
{
	const struct sdi_diag *d = sdi_diags_get(o->diags, sdi_diags_count(o->diags) - 1);
	if (!d)
		return sdt_usage("out of memory");
	if (sdi_diag_line(d))
		return sdt_usage("%s:%u:%u: %s: %s", sdi_diag_file(d), sdi_diag_line(d), sdi_diag_column(d),
		                 sdi_diag_field(d), sdi_diag_text(d));
	return sdt_usage("--%s: %s", sdi_diag_field(d), sdi_diag_text(d));
}

/* The files of settings first, so that what is said on the command line wins, wherever it stands. */
enum pass { PASS_CONFIG, PASS_REST };

static int read_config(struct sdt_options *o, const char *file)
{
	char *text;
	size_t n;
	int error = sdi_sys_slurp_input(file, LARGEST_CONFIG, &text, &n);
	if (error)
		return sdt_usage("%s: can't be read: %s", file, sdi_sys_error(error));
	enum sdi_status status = sdi_settings_read(o->settings, text, n, file, o->diags);
	free(text);
	return status == SDI_OK ? SDT_FINE : settings_usage(o);
}

/* One option with its value, in the pass that it belongs to. */
static int take(struct sdt_options *o, enum pass pass, const struct own *own, const char *name, const char *value)
{
	bool is_config = own && own->takes == SDT_TAKES_SETTINGS;
	if (is_config != (pass == PASS_CONFIG))
		return SDT_FINE;
	if (is_config)
		return read_config(o, value);
	if (!own)
		return sdi_settings_set(o->settings, name, value, o->diags) == SDI_OK ? SDT_FINE : settings_usage(o);
	*(own->takes == SDT_TAKES_FORMAT ? &o->format : &o->out) = value;
	return SDT_FINE;
}

/* One word that begins with "--"; @next is the word behind it. Sets *ret_used when that was the value. */
static int read_option(struct sdt_options *o, unsigned takes, enum pass pass, const char *word, const char *next,
                       bool *ret_used)
{
	char name[64];
	const char *equals = strchr(word, '=');
	size_t n = equals ? (size_t)(equals - word) : strlen(word);
	snprintf(name, sizeof(name), "%.*s", (int)(n < sizeof(name) ? n : sizeof(name) - 1), word);
	const struct sdi_setting_info *info = takes & SDT_TAKES_SETTINGS ? find_setting(name) : NULL;
	const struct own *own = find_own(name, takes);
	if (!info && !own)
		return unknown(name, takes);
	bool is_switch = info && !info->value;
	if (equals)
		return take(o, pass, own, name, equals + 1);
	if (is_switch) {
		/* `--access-log false` as well as `--access-log=false`, since true is the default of that one. */
		*ret_used = next && (strcmp(next, "true") == 0 || strcmp(next, "false") == 0);
		return take(o, pass, own, name, *ret_used ? next : "true");
	}
	if (!next)
		return sdt_usage("--%s wants a value", name);
	*ret_used = true;
	return take(o, pass, own, name, next);
}

static int read_words(struct sdt_options *o, unsigned takes, enum pass pass, int argc, char **argv)
{
	bool only_inputs = false;
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		bool used = false;
		int status = SDT_FINE;
		if (only_inputs || word[0] != '-' || !word[1]) {
			if (pass == PASS_REST)
				o->inputs[o->n_inputs++] = argv[i];
		} else if (strcmp(word, "--") == 0) {
			only_inputs = true;
		} else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			o->help = true;
		} else if (word[1] == '-') {
			status = read_option(o, takes, pass, word + 2, i + 1 < argc ? argv[i + 1] : NULL, &used);
		} else {
			status = sdt_usage("there is no option %s; options are written out, like --out", word);
		}
		if (status != SDT_FINE)
			return status;
		i += used;
	}
	return SDT_FINE;
}

int sdt_options_read(struct sdt_options *o, unsigned takes, int argc, char **argv)
{
	*o = (struct sdt_options){ .settings = sdi_settings_new(), .diags = sdi_diags_new(), .inputs = argv };
	if (!o->settings || !o->diags)
		return sdt_usage("out of memory");
	o->default_prefix = o->settings->prefix.p;
	int status = read_words(o, takes, PASS_CONFIG, argc, argv);
	return status == SDT_FINE ? read_words(o, takes, PASS_REST, argc, argv) : status;
}

bool sdt_options_has_prefix(const struct sdt_options *o)
{
	return o->settings->prefix.p != o->default_prefix;
}

void sdt_options_release(struct sdt_options *o)
{
	sdi_settings_free(o->settings);
	sdi_diags_free(o->diags);
}

static void print_option(const char *name, const char *value, const char *doc, const char *dflt, bool repeatable)
{
	char left[64];
	snprintf(left, sizeof(left), "--%s%s%s", name, value ? " " : "", value ? value : "");
	printf("  %-*s%s %s%s%s%s%s\n", 38, left, strlen(left) >= 38 ? "\n                                       " : "",
	       doc, repeatable ? " Can be repeated." : "", dflt && *dflt ? " [" : "", dflt ? dflt : "",
	       dflt && *dflt ? "]" : "");
}

void sdt_options_help(const struct sdt_command *command)
{
	const struct sdi_setting_info *info;
	printf("usage: sdingress %s %s\n\n%c%s.\n\noptions:\n", command->name, command->arguments, command->doc[0] - 32,
	       command->doc + 1);
	for (size_t i = 0; i < N_OWN; i++)
		if (command->takes & own_options[i].takes)
			print_option(own_options[i].name, own_options[i].value, own_options[i].doc, own_options[i].dflt,
			             false);
	for (size_t i = 0; command->takes & SDT_TAKES_SETTINGS && (info = sdi_setting_get(i)); i++)
		print_option(info->name, info->value, info->doc, info->dflt, info->repeatable);
	print_option("help", NULL, "This text.", "", false);
}
