/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/banned.h"
#include "sys/sys.h"
#include "tools.h"
#include <fcntl.h>
#include <stdio.h>

enum { LARGEST_CONFIG = 1024 * 1024 };

/* How many single letters have to be changed, added or dropped to make @b of @a; for hints on short words. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], n = strlen(b);
	if (strlen(a) > 60 || n > 60)
		return 60;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			size_t add = row[j - 1] + 1, drop = row[j] + 1;
			diagonal = row[j];
			row[j] = change < add ? change : add;
			row[j] = drop < row[j] ? drop : row[j];
		}
	}
	return row[n];
}

static const struct sdi_setting_info *find_setting(const char *name)
{
	const struct sdi_setting_info *info;
	for (size_t i = 0; (info = sdi_setting_get(i)); i++)
		if (strcmp(info->name, name) == 0)
			return info;
	return NULL;
}

static int unknown(const char *name)
{
	const struct sdi_setting_info *info, *nearest = NULL;
	size_t best = 4;
	for (size_t i = 0; (info = sdi_setting_get(i)); i++)
		if (distance(name, info->name) < best) {
			best = distance(name, info->name);
			nearest = info;
		}
	if (nearest)
		return sdt_usage("there is no option --%s; did you mean --%s?", name, nearest->name);
	return sdt_usage("there is no option --%s here; --help lists all", name);
}

/* The last diagnostic as a line of usage. */
static int settings_usage(struct sdt_options *o)
{
	const struct sdi_diag *d = sdi_diags_get(o->diags, sdi_diags_count(o->diags) - 1);
	if (!d)
		return sdt_usage("out of memory");
	if (sdi_diag_line(d))
		return sdt_usage("%s:%u:%u: %s: %s", sdi_diag_file(d), sdi_diag_line(d), sdi_diag_column(d), sdi_diag_field(d),
		                 sdi_diag_text(d));
	return sdt_usage("--%s: %s", sdi_diag_field(d), sdi_diag_text(d));
}

static int read_config(struct sdt_options *o, const char *file)
{
	char *text;
	size_t n;
	int error = sdi_sys_slurp(AT_FDCWD, file, LARGEST_CONFIG, &text, &n);
	if (error)
		return sdt_usage("%s: can't be read: %s", file, sdi_sys_error(error));
	enum sdi_status status = sdi_settings_read(o->settings, text, n, file, o->diags);
	free(text);
	return status == SDI_OK ? SDT_FINE : settings_usage(o);
}

/* One option with its value; @value is NULL for a switch. */
static int take(struct sdt_options *o, unsigned takes, const char *name, const char *value)
{
	if (strcmp(name, "out") == 0 && takes & SDT_TAKES_OUT) {
		o->out = value;
	} else if (strcmp(name, "format") == 0 && takes & SDT_TAKES_FORMAT) {
		o->format = value;
	} else if (strcmp(name, "config") == 0 && takes & SDT_TAKES_SETTINGS) {
		return read_config(o, value);
	} else {
		o->has_prefix = o->has_prefix || strcmp(name, "prefix") == 0;
		o->has_version = o->has_version || strcmp(name, "target-version") == 0;
		o->strict = o->strict || (strcmp(name, "strict") == 0 && (!value || strcmp(value, "true") == 0));
		if (sdi_settings_set(o->settings, name, value ? value : "true", o->diags) != SDI_OK)
			return settings_usage(o);
	}
	return SDT_FINE;
}

static bool is_own(const char *name, unsigned takes)
{
	return (strcmp(name, "out") == 0 && takes & SDT_TAKES_OUT) ||
	       (strcmp(name, "format") == 0 && takes & SDT_TAKES_FORMAT) ||
	       (strcmp(name, "config") == 0 && takes & SDT_TAKES_SETTINGS);
}

/* One word that begins with "--"; @next is the word behind it. Sets *ret_used when that was the value. */
static int read_option(struct sdt_options *o, unsigned takes, const char *word, const char *next, bool *ret_used)
{
	char name[64];
	const char *equals = strchr(word, '=');
	size_t n = equals ? (size_t)(equals - word) : strlen(word);
	snprintf(name, sizeof(name), "%.*s", (int)(n < sizeof(name) ? n : sizeof(name) - 1), word);
	const struct sdi_setting_info *info = takes & SDT_TAKES_SETTINGS ? find_setting(name) : NULL;
	if (!info && !is_own(name, takes))
		return unknown(name);
	bool is_switch = info && !info->value;
	if (equals)
		return take(o, takes, name, equals + 1);
	if (is_switch) {
		/* `--access-log false` as well as `--access-log=false`, since true is the default of that one. */
		*ret_used = next && (strcmp(next, "true") == 0 || strcmp(next, "false") == 0);
		return take(o, takes, name, *ret_used ? next : NULL);
	}
	if (!next)
		return sdt_usage("--%s wants a value", name);
	*ret_used = true;
	return take(o, takes, name, next);
}

int sdt_options_read(struct sdt_options *o, unsigned takes, int argc, char **argv)
{
	bool only_inputs = false;
	*o = (struct sdt_options){ .settings = sdi_settings_new(), .diags = sdi_diags_new(), .inputs = argv };
	if (!o->settings || !o->diags)
		return sdt_usage("out of memory");
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		bool used = false;
		int status = SDT_FINE;
		if (only_inputs || word[0] != '-' || !word[1])
			o->inputs[o->n_inputs++] = argv[i];
		else if (strcmp(word, "--") == 0)
			only_inputs = true;
		else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
			o->help = true;
		else if (word[1] == '-')
			status = read_option(o, takes, word + 2, i + 1 < argc ? argv[i + 1] : NULL, &used);
		else
			status = sdt_usage("there is no option %s; options are written out, like --out", word);
		if (status != SDT_FINE)
			return status;
		i += used;
	}
	return SDT_FINE;
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
	printf("  %-*s%s %s%s%s%s%s\n", 38, left, strlen(left) >= 38 ? "\n                                       " : "", doc,
	       repeatable ? " Can be repeated." : "", dflt && *dflt ? " [" : "", dflt ? dflt : "", dflt && *dflt ? "]" : "");
}

void sdt_options_help(const struct sdt_command *command, unsigned takes)
{
	const struct sdi_setting_info *info;
	printf("usage: sdingress %s %s\n\n%c%s.\n\noptions:\n", command->name, command->arguments, command->doc[0] - 32,
	       command->doc + 1);
	if (takes & SDT_TAKES_OUT)
		print_option("out", "DIR", "Where the bundle goes; without this it is printed, without its keys.", "", false);
	if (takes & SDT_TAKES_FORMAT)
		print_option("format", "FORMAT", "How diagnostics or lists are printed: text or json.", "text", false);
	if (takes & SDT_TAKES_SETTINGS)
		print_option("config", "FILE", "Settings as YAML or JSON; keys are the options' names.", "", false);
	for (size_t i = 0; takes & SDT_TAKES_SETTINGS && (info = sdi_setting_get(i)); i++)
		print_option(info->name, info->value, info->doc, info->dflt, info->repeatable);
	print_option("help", NULL, "This text.", "", false);
}
