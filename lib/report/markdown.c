/* SPDX-License-Identifier: BSD-3-Clause */
/* The report for a wiki or a merge request. Text of the objects stands in code spans or is escaped. */
#include "report.h"

/* Inside a table and outside of a code span. */
static void plain(struct sdi_buf *out, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\n') {
			sdi_buf_lit(out, "<br>");
		} else if (c == '<') {
			sdi_buf_lit(out, "&lt;");
		} else if (c == '&') {
			sdi_buf_lit(out, "&amp;");
		} else {
			if (strchr("|\\`*_[]#~", c))
				sdi_buf_char(out, '\\');
			sdi_buf_char(out, c);
		}
	}
}

/* As <code>, which has no trouble with backticks and bars. */
static void code(struct sdi_buf *out, struct sdi_str s)
{
	sdi_buf_lit(out, "<code>");
	plain(out, s);
	sdi_buf_lit(out, "</code>");
}

static void row_of_totals(struct sdi_buf *out, const struct sdi_report_total *total, const size_t *n, size_t count)
{
	sdi_buf_lit(out, "| ");
	code(out, total->name);
	for (size_t i = 0; i < count; i++)
		sdi_buf_printf(out, " | %zu", n[i]);
	sdi_buf_lit(out, " |\n");
}

static void head(struct sdi_buf *out, const char *title, const char *first, const char *const *names, size_t count)
{
	sdi_buf_printf(out, "\n## %s\n\n| %s", title, first);
	for (size_t i = 0; i < count; i++)
		sdi_buf_printf(out, " | %s", names[i]);
	sdi_buf_lit(out, " |\n|---");
	for (size_t i = 0; i < count; i++)
		sdi_buf_lit(out, "|---:");
	sdi_buf_lit(out, "|\n");
}

static void annotation(struct sdi_buf *out, const struct sdi_report_annotation *a)
{
	sdi_buf_printf(out, "| **%s** | ", sdi_report_status_name[a->status]);
	code(out, a->key);
	sdi_buf_lit(out, "<br>");
	code(out, a->value);
	sdi_buf_lit(out, " | ");
	plain(out, a->reason);
	if (a->advice.n) {
		sdi_buf_add(out, a->reason.n ? SDI_STR("<br>*") : SDI_STR("*"));
		plain(out, a->advice);
		sdi_buf_char(out, '*');
	}
	sdi_buf_lit(out, " | ");
	for (size_t i = 0; i < a->n_directives; i++) {
		if (i)
			sdi_buf_lit(out, "<br>");
		code(out, a->directives[i]);
	}
	if (a->more)
		sdi_buf_printf(out, "<br>… %zu more", a->more);
	sdi_buf_lit(out, " |\n");
}

static void finding(struct sdi_buf *out, const struct sdi_report_finding *f, bool with_object)
{
	sdi_buf_printf(out, "- %s: ", sdi_severity_text(f->severity));
	if (with_object) {
		plain(out, f->kind);
		sdi_buf_char(out, ' ');
		plain(out, f->ns);
		if (f->ns.n)
			sdi_buf_char(out, '/');
		plain(out, f->name);
		sdi_buf_lit(out, ": ");
	}
	if (f->field.n) {
		code(out, f->field);
		sdi_buf_lit(out, ": ");
	}
	plain(out, f->text);
	sdi_buf_printf(out, " (%s)\n", sdi_effect_text(f->effect));
}

static void ingress(struct sdi_buf *out, const struct sdi_report_ingress *in)
{
	sdi_buf_lit(out, "\n### ");
	plain(out, in->ns);
	sdi_buf_char(out, '/');
	plain(out, in->name);
	sdi_buf_printf(out, ": %s\n\n", sdi_report_verdict_name[in->verdict]);
	for (size_t i = 0; i < in->hosts.n; i++) {
		sdi_buf_add(out, i ? SDI_STR(", ") : SDI_STR("Hosts: "));
		plain(out, sdi_report_host(in->hosts.p[i]));
	}
	sdi_buf_lit(out, "\n\n");
	for (size_t i = 0; i < in->findings.n; i++)
		finding(out, &in->findings.p[i], false);
	if (!in->annotations.n)
		return;
	sdi_buf_lit(out, "\n| status | annotation | why, and what to do | directives |\n|---|---|---|---|\n");
	for (size_t i = 0; i < in->annotations.n; i++)
		annotation(out, &in->annotations.p[i]);
}

static void config(struct sdi_buf *out, const struct sdi_report_config *c)
{
	if (!c->name.n)
		return;
	sdi_buf_lit(out, "\n## ConfigMap ");
	plain(out, c->ns);
	sdi_buf_char(out, '/');
	plain(out, c->name);
	sdi_buf_lit(out, "\n\n| status | key | why, and what to do | directives |\n|---|---|---|---|\n");
	for (size_t i = 0; i < c->keys.n; i++)
		annotation(out, &c->keys.p[i]);
}

void sdi_report_markdown(const struct sdi_report *r, struct sdi_buf *out)
{
	sdi_buf_printf(out, "# Migration to %s %u.%u: %u %% ready\n\n", r->proxy_name, r->major, r->minor,
	               r->readiness);
	for (size_t i = 0; i < SDI_REPORT_VERDICT__COUNT; i++)
		sdi_buf_printf(out, "%s%zu %s", i ? ", " : "Ingresses: ", r->verdicts[i], sdi_report_verdict_name[i]);
	for (size_t i = 0; i < SDI_REPORT_STATUS__COUNT; i++)
		sdi_buf_printf(out, "%s%zu %s", i ? ", " : ". Annotations: ", r->statuses[i],
		               sdi_report_status_name[i]);
	sdi_buf_lit(out, ".\n\n## Hosts at risk\n\n");
	for (size_t i = 0; i < r->hosts.n && r->hosts.p[i].worst != SDI_REPORT_READY; i++) {
		sdi_buf_printf(out, "- **%s** ", sdi_report_verdict_name[r->hosts.p[i].worst]);
		plain(out, sdi_report_host(r->hosts.p[i].name));
		sdi_buf_lit(out, ": ");
		plain(out, r->hosts.p[i].why);
		sdi_buf_char(out, '\n');
	}
	head(out, "Annotations", "annotation", sdi_report_status_name, SDI_REPORT_STATUS__COUNT);
	for (size_t i = 0; i < r->by_annotation.n; i++)
		row_of_totals(out, &r->by_annotation.p[i], r->by_annotation.p[i].statuses, SDI_REPORT_STATUS__COUNT);
	head(out, "Namespaces", "namespace", sdi_report_verdict_name, SDI_REPORT_VERDICT__COUNT);
	for (size_t i = 0; i < r->by_namespace.n; i++)
		row_of_totals(out, &r->by_namespace.p[i], r->by_namespace.p[i].verdicts, SDI_REPORT_VERDICT__COUNT);
	config(out, &r->config);
	sdi_buf_lit(out, "\n## Ingresses\n");
	for (size_t i = 0; i < r->ingresses.n; i++)
		ingress(out, &r->ingresses.p[i]);
	if (r->others.n)
		sdi_buf_lit(out, "\n## Other objects\n\n");
	for (size_t i = 0; i < r->others.n; i++)
		finding(out, &r->others.p[i], true);
}
