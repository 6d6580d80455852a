/* SPDX-License-Identifier: BSD-3-Clause */
/* The report for a terminal. */
#include "report.h"

static void counts(struct sdi_buf *out, const size_t *n, const char *const *names, size_t n_names)
{
	bool first = true;
	for (size_t i = 0; i < n_names; i++) {
		if (!n[i])
			continue;
		sdi_buf_printf(out, "%s%zu %s", first ? "" : ", ", n[i], names[i]);
		first = false;
	}
	if (first)
		sdi_buf_lit(out, "none");
}

/* @s in lines that begin with @indent; the first one follows what stands there already. */
static void lines(struct sdi_buf *out, struct sdi_str s, const char *indent)
{
	struct sdi_str line;
	for (bool first = true; sdi_str_split(&s, '\n', &line); first = false) {
		if (!first)
			sdi_buf_add(out, sdi_str_c(indent));
		sdi_buf_add(out, line);
		sdi_buf_char(out, '\n');
	}
}

static void labelled(struct sdi_buf *out, const char *label, struct sdi_str s)
{
	if (!s.n)
		return;
	sdi_buf_printf(out, "      %s ", label);
	lines(out, s, "           ");
}

static void annotation(struct sdi_buf *out, const struct sdi_report_annotation *a)
{
	sdi_buf_printf(out, "  %-8s ", sdi_report_status_name[a->status]);
	sdi_buf_add(out, a->key);
	sdi_buf_lit(out, ": ");
	lines(out, a->value, "           ");
	labelled(out, "why: ", a->reason);
	labelled(out, "try: ", a->advice);
	for (size_t i = 0; i < a->n_directives; i++)
		labelled(out, i ? "     " : "gives", a->directives[i]);
	if (a->more)
		sdi_buf_printf(out, "            … %zu more\n", a->more);
}

static void finding(struct sdi_buf *out, const struct sdi_report_finding *f, bool with_object)
{
	sdi_buf_printf(out, "  %-8s ", sdi_severity_text(f->severity));
	if (with_object) {
		sdi_buf_add(out, f->kind);
		sdi_buf_char(out, ' ');
		sdi_buf_add(out, f->ns);
		if (f->ns.n)
			sdi_buf_char(out, '/');
		sdi_buf_add(out, f->name);
		sdi_buf_lit(out, ": ");
	}
	sdi_buf_add(out, f->field);
	if (f->field.n)
		sdi_buf_lit(out, ": ");
	sdi_buf_add(out, f->text);
	sdi_buf_printf(out, " [%s]\n", sdi_effect_text(f->effect));
}

static void ingress(struct sdi_buf *out, const struct sdi_report_ingress *in)
{
	sdi_buf_printf(out, "\n%s: ", sdi_report_verdict_name[in->verdict]);
	sdi_buf_add(out, in->ns);
	sdi_buf_char(out, '/');
	sdi_buf_add(out, in->name);
	if (in->file.n) {
		sdi_buf_lit(out, " (");
		sdi_buf_add(out, in->file);
		if (in->line)
			sdi_buf_printf(out, ":%u", in->line);
		sdi_buf_char(out, ')');
	}
	for (size_t i = 0; i < in->hosts.n; i++) {
		sdi_buf_add(out, i ? SDI_STR(", ") : SDI_STR("\n  hosts    "));
		sdi_buf_add(out, sdi_report_host(in->hosts.p[i]));
	}
	sdi_buf_char(out, '\n');
	for (size_t i = 0; i < in->findings.n; i++)
		finding(out, &in->findings.p[i], false);
	for (size_t i = 0; i < in->annotations.n; i++)
		annotation(out, &in->annotations.p[i]);
}

static void totals(struct sdi_buf *out, const char *title, const struct sdi_report_totals *list, bool verdicts)
{
	if (!list->n)
		return;
	sdi_buf_printf(out, "\n%s\n", title);
	for (size_t i = 0; i < list->n; i++) {
		sdi_buf_lit(out, "  ");
		sdi_buf_add(out, list->p[i].name);
		sdi_buf_lit(out, ": ");
		if (verdicts)
			counts(out, list->p[i].verdicts, sdi_report_verdict_name, SDI_REPORT_VERDICT__COUNT);
		else
			counts(out, list->p[i].statuses, sdi_report_status_name, SDI_REPORT_STATUS__COUNT);
		sdi_buf_char(out, '\n');
	}
}

static void config(struct sdi_buf *out, const struct sdi_report_config *c)
{
	if (!c->name.n)
		return;
	sdi_buf_printf(out, "\nConfigMap %.*s/%.*s\n  keys     ", SDI_STR_ARG(c->ns), SDI_STR_ARG(c->name));
	counts(out, c->statuses, sdi_report_status_name, SDI_REPORT_STATUS__COUNT);
	sdi_buf_char(out, '\n');
	for (size_t i = 0; i < c->keys.n; i++)
		annotation(out, &c->keys.p[i]);
}

void sdi_report_text(const struct sdi_report *r, struct sdi_buf *out)
{
	sdi_buf_printf(out, "Migration to %s %u.%u: %u %% ready\n  Ingresses: ", r->proxy_name, r->major, r->minor,
	               r->readiness);
	counts(out, r->verdicts, sdi_report_verdict_name, SDI_REPORT_VERDICT__COUNT);
	sdi_buf_lit(out, "\n  annotations: ");
	counts(out, r->statuses, sdi_report_status_name, SDI_REPORT_STATUS__COUNT);
	sdi_buf_char(out, '\n');
	bool title = false;
	for (size_t i = 0; i < r->hosts.n && r->hosts.p[i].worst != SDI_REPORT_READY; i++) {
		if (!title)
			sdi_buf_lit(out, "\nHosts at risk\n");
		title = true;
		sdi_buf_printf(out, "  %-8s ", sdi_report_verdict_name[r->hosts.p[i].worst]);
		sdi_buf_add(out, sdi_report_host(r->hosts.p[i].name));
		sdi_buf_lit(out, ": ");
		lines(out, r->hosts.p[i].why, "           ");
	}
	config(out, &r->config);
	for (size_t i = 0; i < r->ingresses.n; i++)
		ingress(out, &r->ingresses.p[i]);
	if (r->others.n)
		sdi_buf_lit(out, "\nOther objects\n");
	for (size_t i = 0; i < r->others.n; i++)
		finding(out, &r->others.p[i], true);
	totals(out, "Annotations", &r->by_annotation, false);
	totals(out, "Namespaces", &r->by_namespace, true);
}
