/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The report as JSON; doc/report.md describes it. Members are only ever added. Written by hand, piece by piece: a tree
 * of a large cluster's report would take more memory than all the rest.
 */
#include "report.h"

static void text(struct sdi_buf *out, struct sdi_str s)
{
	static const char hex[] = "0123456789abcdef";
	sdi_buf_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '"' || c == '\\') {
			sdi_buf_char(out, '\\');
			sdi_buf_char(out, s.p[i]);
		} else if (c == '\n') {
			sdi_buf_lit(out, "\\n");
		} else if (c < 0x20) {
			sdi_buf_lit(out, "\\u00");
			sdi_buf_char(out, hex[c >> 4]);
			sdi_buf_char(out, hex[c & 15]);
		} else {
			sdi_buf_char(out, s.p[i]);
		}
	}
	sdi_buf_char(out, '"');
}

static void key(struct sdi_buf *out, bool first, const char *name)
{
	sdi_buf_printf(out, "%s\"%s\":", first ? "" : ",", name);
}

static void member(struct sdi_buf *out, bool first, const char *name, struct sdi_str s)
{
	key(out, first, name);
	text(out, s);
}

static void numbers(struct sdi_buf *out, bool first, const size_t *n, const char *const *names, size_t n_names)
{
	for (size_t i = 0; i < n_names; i++) {
		key(out, first && i == 0, names[i]);
		sdi_buf_uint(out, n[i]);
	}
}

static void statuses(struct sdi_buf *out, bool first, const size_t *n)
{
	numbers(out, first, n, sdi_report_status_name, SDI_REPORT_STATUS__COUNT);
}

static void verdicts(struct sdi_buf *out, bool first, const size_t *n)
{
	numbers(out, first, n, sdi_report_verdict_name, SDI_REPORT_VERDICT__COUNT);
}

static void annotation(struct sdi_buf *out, const char *name, const struct sdi_report_annotation *a)
{
	sdi_buf_char(out, '{');
	member(out, true, name, a->key);
	member(out, false, "value", a->value);
	member(out, false, "dialect", sdi_str_c(a->dialect));
	member(out, false, "status", sdi_str_c(sdi_report_status_name[a->status]));
	sdi_buf_printf(out, ",\"guard\":%s", a->guard ? "true" : "false");
	member(out, false, "reason", a->reason);
	member(out, false, "suggestion", a->advice);
	sdi_buf_lit(out, ",\"directives\":[");
	for (size_t i = 0; i < a->n_directives; i++) {
		if (i)
			sdi_buf_char(out, ',');
		text(out, a->directives[i]);
	}
	sdi_buf_lit(out, "],\"moreDirectives\":");
	sdi_buf_uint(out, a->more);
	sdi_buf_char(out, '}');
}

static void finding(struct sdi_buf *out, const struct sdi_report_finding *f)
{
	sdi_buf_char(out, '{');
	member(out, true, "severity", sdi_str_c(sdi_severity_text(f->severity)));
	member(out, false, "effect", sdi_str_c(sdi_effect_text(f->effect)));
	member(out, false, "reason", f->reason);
	member(out, false, "kind", f->kind);
	member(out, false, "namespace", f->ns);
	member(out, false, "name", f->name);
	member(out, false, "field", f->field);
	member(out, false, "message", f->text);
	sdi_buf_char(out, '}');
}

static void ingress(struct sdi_buf *out, const struct sdi_report_ingress *in)
{
	sdi_buf_char(out, '{');
	member(out, true, "namespace", in->ns);
	member(out, false, "name", in->name);
	member(out, false, "file", in->file);
	sdi_buf_printf(out, ",\"line\":%u", in->line);
	member(out, false, "class", in->class_name);
	member(out, false, "verdict", sdi_str_c(sdi_report_verdict_name[in->verdict]));
	sdi_buf_lit(out, ",\"hosts\":[");
	for (size_t i = 0; i < in->hosts.n; i++) {
		if (i)
			sdi_buf_char(out, ',');
		text(out, in->hosts.p[i]);
	}
	sdi_buf_lit(out, "],\"annotations\":[");
	for (size_t i = 0; i < in->annotations.n; i++) {
		if (i)
			sdi_buf_char(out, ',');
		annotation(out, "annotation", &in->annotations.p[i]);
	}
	sdi_buf_lit(out, "],\"findings\":[");
	for (size_t i = 0; i < in->findings.n; i++) {
		if (i)
			sdi_buf_char(out, ',');
		finding(out, &in->findings.p[i]);
	}
	sdi_buf_lit(out, "]}");
}

static void begin_list(struct sdi_buf *out, const char *name)
{
	sdi_buf_printf(out, ",\n\"%s\":[", name);
}

static void separate(struct sdi_buf *out, size_t i)
{
	sdi_buf_add(out, i ? SDI_STR(",\n") : SDI_STR("\n"));
}

static void all_totals(const struct sdi_report *r, struct sdi_buf *out)
{
	begin_list(out, "hosts");
	for (size_t i = 0; i < r->hosts.n; i++) {
		const struct sdi_report_total *host = &r->hosts.p[i];
		separate(out, i);
		sdi_buf_char(out, '{');
		member(out, true, "host", host->name);
		member(out, false, "verdict", sdi_str_c(sdi_report_verdict_name[host->worst]));
		member(out, false, "why", host->why);
		sdi_buf_char(out, '}');
	}
	sdi_buf_char(out, ']');
	begin_list(out, "annotations");
	for (size_t i = 0; i < r->by_annotation.n; i++) {
		separate(out, i);
		sdi_buf_char(out, '{');
		member(out, true, "annotation", r->by_annotation.p[i].name);
		statuses(out, false, r->by_annotation.p[i].statuses);
		sdi_buf_char(out, '}');
	}
	sdi_buf_char(out, ']');
	begin_list(out, "namespaces");
	for (size_t i = 0; i < r->by_namespace.n; i++) {
		separate(out, i);
		sdi_buf_char(out, '{');
		member(out, true, "namespace", r->by_namespace.p[i].name);
		sdi_buf_lit(out, ",\"ingresses\":{");
		verdicts(out, true, r->by_namespace.p[i].verdicts);
		sdi_buf_lit(out, "},\"annotations\":{");
		statuses(out, true, r->by_namespace.p[i].statuses);
		sdi_buf_lit(out, "}}");
	}
	sdi_buf_char(out, ']');
}

static void config(const struct sdi_report_config *c, struct sdi_buf *out)
{
	if (!c->name.n)
		return;
	sdi_buf_lit(out, ",\n\"configMap\":{");
	member(out, true, "namespace", c->ns);
	member(out, false, "name", c->name);
	sdi_buf_lit(out, ",\"totals\":{");
	statuses(out, true, c->statuses);
	sdi_buf_char(out, '}');
	begin_list(out, "keys");
	for (size_t i = 0; i < c->keys.n; i++) {
		separate(out, i);
		annotation(out, "key", &c->keys.p[i]);
	}
	sdi_buf_lit(out, "]}");
}

void sdi_report_json(const struct sdi_report *r, struct sdi_buf *out)
{
	sdi_buf_lit(out, "{\"schema\":\"sdingress-report/1\"");
	sdi_buf_printf(out, ",\"proxy\":\"%s\",\"version\":\"%u.%u\",\"readiness\":%u",
	               r->proxy == SDI_PROXY_HAPROXY ? "haproxy" : "nginx", r->major, r->minor, r->readiness);
	sdi_buf_lit(out, ",\"totals\":{\"ingresses\":{");
	verdicts(out, true, r->verdicts);
	sdi_buf_lit(out, "},\"annotations\":{");
	statuses(out, true, r->statuses);
	sdi_buf_lit(out, "}}");
	all_totals(r, out);
	config(&r->config, out);
	begin_list(out, "ingresses");
	for (size_t i = 0; i < r->ingresses.n; i++) {
		separate(out, i);
		ingress(out, &r->ingresses.p[i]);
	}
	sdi_buf_char(out, ']');
	begin_list(out, "others");
	for (size_t i = 0; i < r->others.n; i++) {
		separate(out, i);
		finding(out, &r->others.p[i]);
	}
	sdi_buf_lit(out, "]}\n");
}
