/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/banned.h"
#include "settings.h"
#include "tools.h"
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

static const char *const colours[] = {
	[SDI_SEVERITY_NOTE] = "\033[36m", [SDI_SEVERITY_WARNING] = "\033[33m", [SDI_SEVERITY_ERROR] = "\033[31m"
};

static bool wants_colours(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(STDERR_FILENO) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

/* file:line:column: severity: Kind namespace/name: field: sentence [reason, effect] */
static void print_text(const struct sdi_diag *d, bool colours_on)
{
	enum sdi_severity severity = sdi_diag_severity(d);
	if (*sdi_diag_file(d)) {
		fputs(sdi_diag_file(d), stderr);
		if (sdi_diag_line(d))
			fprintf(stderr, ":%u", sdi_diag_line(d));
		if (sdi_diag_line(d) && sdi_diag_column(d))
			fprintf(stderr, ":%u", sdi_diag_column(d));
		fputs(": ", stderr);
	}
	fprintf(stderr, "%s%s%s: ", colours_on ? colours[severity] : "", sdi_severity_text(severity),
	        colours_on ? "\033[0m" : "");
	if (*sdi_diag_kind(d))
		fprintf(stderr, "%s %s%s%s: ", sdi_diag_kind(d), sdi_diag_namespace(d),
		        *sdi_diag_namespace(d) ? "/" : "", sdi_diag_name(d));
	if (*sdi_diag_field(d))
		fprintf(stderr, "%s: ", sdi_diag_field(d));
	fprintf(stderr, "%s [%s, %s]\n", sdi_diag_text(d), sdi_diag_reason(d), sdi_effect_text(sdi_diag_effect(d)));
}

static void print_json(const struct sdi_diag *d)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:s}", "severity",
	                           sdi_severity_text(sdi_diag_severity(d)), "reason", sdi_diag_reason(d), "effect",
	                           sdi_effect_text(sdi_diag_effect(d)), "kind", sdi_diag_kind(d), "namespace",
	                           sdi_diag_namespace(d), "name", sdi_diag_name(d), "field", sdi_diag_field(d), "file",
	                           sdi_diag_file(d), "line", (int)sdi_diag_line(d), "column", (int)sdi_diag_column(d),
	                           "message", sdi_diag_text(d));
	if (object && json_dumpf(object, stderr, JSON_COMPACT) == 0)
		fputc('\n', stderr);
	json_decref(object);
}

void sdt_diags_print(struct sdi_diags *diags, bool json)
{
	bool colours_on = !json && wants_colours();
	sdi_diags_sort(diags);
	for (size_t i = 0; i < sdi_diags_count(diags); i++)
		if (json)
			print_json(sdi_diags_get(diags, i));
		else
			print_text(sdi_diags_get(diags, i), colours_on);
}

int sdt_diags_status(const struct sdt_options *o)
{
	enum sdi_severity least = o->settings->strict ? SDI_SEVERITY_WARNING : SDI_SEVERITY_ERROR;
	return sdi_diags_count_severity(o->diags, least) ? SDT_DIAGNOSED : SDT_FINE;
}
