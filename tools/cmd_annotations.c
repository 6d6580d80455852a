/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/banned.h"
#include "tools.h"
#include <jansson.h>
#include <stdio.h>

typedef void print_fn(const struct sdi_annotation_info *a);

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

static void print_text(const struct sdi_annotation_info *a)
{
	printf("%s\n    %s\n    value: %s, default: %s%s\n", a->key, a->doc, a->value, or_dash(a->dflt),
	       a->guard ? ", restricts access: 503 when it can't be realised" : "");
	for (int p = SDI_PROXY_HAPROXY; p <= SDI_PROXY_NGINX; p++)
		printf("    %-8s %s%s%s\n",
		       p == SDI_PROXY_HAPROXY ? "haproxy:" : "nginx:", sdi_fidelity_text(a->fidelity[p]),
		       *a->reason[p] ? ": " : "", a->reason[p]);
}

static void print_tsv(const struct sdi_annotation_info *a)
{
	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", a->dialect, a->key, a->value, a->dflt,
	       a->guard ? "guard" : "", sdi_fidelity_text(a->fidelity[SDI_PROXY_HAPROXY]), a->reason[SDI_PROXY_HAPROXY],
	       sdi_fidelity_text(a->fidelity[SDI_PROXY_NGINX]), a->reason[SDI_PROXY_NGINX], a->doc);
}

static void print_json(const struct sdi_annotation_info *a)
{
	json_t *object = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:{s:s, s:s}, s:{s:s, s:s}}", "dialect", a->dialect, "annotation",
		a->key, "value", a->value, "default", a->dflt, "description", a->doc, "risk", a->risk, "guard",
		(int)a->guard, "haproxy", "fidelity", sdi_fidelity_text(a->fidelity[SDI_PROXY_HAPROXY]), "reason",
		a->reason[SDI_PROXY_HAPROXY], "nginx", "fidelity", sdi_fidelity_text(a->fidelity[SDI_PROXY_NGINX]),
		"reason", a->reason[SDI_PROXY_NGINX]);
	if (object && json_dumpf(object, stdout, JSON_COMPACT) == 0)
		putchar('\n');
	json_decref(object);
}

/* A cell of a Markdown table: | would end it. */
static void print_cell(const char *text)
{
	for (; *text; text++)
		if (*text == '|')
			fputs("\\|", stdout);
		else
			putchar(*text);
}

static void print_markdown(const struct sdi_annotation_info *a)
{
	printf("| `%s` | ", a->key);
	print_cell(a->value);
	printf(" | ");
	print_cell(or_dash(a->dflt));
	printf(" | ");
	print_cell(a->doc);
	printf("%s%s%s%s", a->guard ? " **Restricts access.**" : "", *a->risk ? " Risk: " : "", a->risk,
	       *a->risk ? "." : "");
	for (int p = SDI_PROXY_HAPROXY; p <= SDI_PROXY_NGINX; p++) {
		printf(" | %s%s", sdi_fidelity_text(a->fidelity[p]), *a->reason[p] ? ": " : "");
		print_cell(a->reason[p]);
	}
	puts(" |");
}

static const struct format {
	const char *name, *head;
	bool sections; /* a heading per dialect */
	print_fn *print;
} formats[] = {
	{ "text", "", false, print_text },
	{ "tsv",
	  "dialect\tannotation\tvalue\tdefault\tguard\thaproxy\thaproxy_reason\tnginx\tnginx_reason\tdescription\n",
	  false, print_tsv },
	{ "json", "", false, print_json },
	{ "markdown",
	  "# Annotations and keys of the ConfigMap\n\nMade by `sdingress annotations --format markdown`. *exact*, "
	  "*partial* (with the reason), "
	  "*none* (with\n"
	  "the reason), *ignored* (known, and without effect on a proxy). An annotation that restricts access and is "
	  "*none*\n"
	  "makes its routes answer 503. *ingress-nginx-configmap* are the keys of that controller's "
	  "ConfigMap\n(`--configmap NS/NAME`).\n",
	  true, print_markdown },
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

/* Whether it has one of the words in its key or dialect; no words: all. */
static bool is_asked_for(const struct sdi_annotation_info *a, const struct sdt_options *o)
{
	for (int i = 0; i < o->n_inputs; i++)
		if (strcmp(a->dialect, o->inputs[i]) == 0 || strstr(a->key, o->inputs[i]))
			return true;
	return o->n_inputs == 0;
}

int sdt_annotations(struct sdt_options *o)
{
	const struct format *format = find_format(o->format ? o->format : "text");
	const char *dialect = "";
	struct sdi_annotation_info a;
	size_t found = 0;
	if (!format)
		return sdt_usage("--format is text, tsv, json or markdown");
	fputs(format->head, stdout);
	for (size_t i = 0; sdi_registry_get(i, &a) == SDI_OK; i++) {
		if (!is_asked_for(&a, o))
			continue;
		if (format->sections && strcmp(dialect, a.dialect) != 0)
			printf("\n## %s\n\n| name | value | default | what it does | HAProxy | NGINX "
			       "|\n|---|---|---|---|---|---|\n",
			       a.dialect);
		dialect = a.dialect;
		format->print(&a);
		found++;
	}
	return found ? SDT_FINE : sdt_usage("no annotation has \"%s\" in its name", o->inputs[0]);
}
