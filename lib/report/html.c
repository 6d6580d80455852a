/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The report as one page that needs nothing else: no network, no second file. It reads without scripts, too; the script
 * only filters. Text of the objects is escaped wherever it stands, and never part of the script or the style.
 */
#include "report.h"

static const char style[] =
	":root{color-scheme:light dark}\n"
	":root{--bg:#fff;--fg:#1c2026;--dim:#5b6470;--line:#d9dee5;--card:#f6f8fa;--ready:#17703a;--review:#8a5a00;"
	"--blocked:#b3202c;--other:#5b6470}\n"
	"@media screen and (prefers-color-scheme:dark){\n"
	":root{--bg:#14171c;--fg:#e4e8ee;--dim:#9aa4b1;--line:#2e353f;--card:#1c2129;"
	"--ready:#5fcf8b;--review:#e0b050;--blocked:#ff8088;--other:#9aa4b1}}\n"
	"*{box-sizing:border-box}body{margin:0 "
	"auto;max-width:76rem;padding:1.5rem;background:var(--bg);color:var(--fg);"
	"font:15px/1.5 system-ui,sans-serif}\n"
	"h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}"
	"p{margin:.25rem 0}.dim{color:var(--dim)}\n"
	"code{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap}\n"
	".bar{display:flex;height:.9rem;border-radius:.45rem;overflow:hidden;margin:1rem 0 "
	".5rem;background:var(--line)}"
	".bar span{height:100%}.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}\n"
	".ready{--c:var(--ready)}.review{--c:var(--review)}.blocked{--c:var(--blocked)}.other{--c:var(--other)}"
	".exact{--c:var(--ready)}.partial{--c:var(--review)}.none,.invalid{--c:var(--blocked)}.ignored{--c:var(--other)"
	"}\n"
	".bar span,.dot{background:var(--c);-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
	".dot{display:inline-block;width:.7rem;height:.7rem;border-radius:50%;"
	"margin-right:.4rem}.tag{color:var(--c);font-weight:600}\n"
	"table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;"
	"border-bottom:1px solid var(--line)}td.n,th.n{text-align:right}th{color:var(--dim);font-weight:600}\n"
	".scroll{overflow-x:auto}td,li,.key{overflow-wrap:break-word}.key span{white-space:nowrap}\n"
	"form{position:sticky;top:0;display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;"
	"padding:.6rem 0;background:var(--bg);border-bottom:1px solid var(--line)}\n"
	"input[type=search]{flex:1 1 16rem;padding:.45rem .6rem;font:inherit;color:inherit;background:var(--card);"
	"border:1px solid var(--line);border-radius:.4rem}\n"
	"details{margin:.6rem 0;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}"
	"summary{padding:.55rem .8rem;cursor:pointer}.in{padding:0 .8rem .6rem}.in ul{margin:.25rem "
	"0;padding-left:1.2rem}\n"
	"@media(max-width:44rem){body{padding:1rem .75rem}th,td{padding:.35rem .3rem}.in ul{padding-left:1rem}\n"
	".rows,.rows tbody,.rows tr,.rows td{display:block;overflow-wrap:anywhere}.rows .key span{white-space:normal}\n"
	".rows tr{padding:.4rem 0;border-bottom:1px solid var(--line)}.rows td{padding:.1rem .3rem;border:0}\n"
	".rows tr:first-child,.rows td:empty{display:none}}\n"
	"@media print{form{display:none}body{max-width:none;padding:0;font-size:11px}code{font-size:10px}\n"
	".scroll{overflow:visible}summary{break-after:avoid}tr,li{break-inside:avoid}\n"
	"details::details-content{content-visibility:visible;block-size:auto}}\n";

static const char script[] =
	"(function(){var f=document.forms[0],q=f.q,a=[].slice.call(document.querySelectorAll('details')),"
	"n=document.getElementById('n');f.hidden=false;"
	"function go(){var t=q.value.toLowerCase(),k=0;a.forEach(function(d){"
	"var on=f.elements[d.dataset.v].checked&&d.textContent.toLowerCase().indexOf(t)>=0;d.hidden=!on;k+=on});"
	"n.textContent=k+' of '+a.length}"
	"f.addEventListener('input',go);f.addEventListener('submit',function(e){e.preventDefault()});"
	"window.addEventListener('beforeprint',function(){a.forEach(function(d){d.open=true})});go()})();";

static void text(struct sdi_buf *out, struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '&': sdi_buf_lit(out, "&amp;"); break;
		case '<': sdi_buf_lit(out, "&lt;"); break;
		case '>': sdi_buf_lit(out, "&gt;"); break;
		case '"': sdi_buf_lit(out, "&quot;"); break;
		case '\'': sdi_buf_lit(out, "&#39;"); break;
		default: sdi_buf_char(out, s.p[i]);
		}
}

static void code(struct sdi_buf *out, struct sdi_str s)
{
	sdi_buf_lit(out, "<code>");
	text(out, s);
	sdi_buf_lit(out, "</code>");
}

/* An annotation, which may be broken behind its prefix. */
static void key(struct sdi_buf *out, struct sdi_str s)
{
	ptrdiff_t slash = sdi_str_find(s, '/');
	sdi_buf_lit(out, "<code class=\"key\"><span>");
	text(out, sdi_str_head(s, (size_t)(slash + 1)));
	sdi_buf_lit(out, "</span><wbr><span>");
	text(out, sdi_str_from(s, (size_t)(slash + 1)));
	sdi_buf_lit(out, "</span></code>");
}

static void tag(struct sdi_buf *out, const char *name)
{
	sdi_buf_printf(out, "<span class=\"tag %s\">%s</span>", name, name);
}

static void head(const struct sdi_report *r, struct sdi_buf *out)
{
	sdi_buf_printf(
		out,
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Migration to %s "
		"%u.%u</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n",
		r->proxy_name, r->major, r->minor);
	sdi_buf_add(out, sdi_str_c(style));
	sdi_buf_printf(out,
	               "</style>\n</head>\n<body>\n<h1>Migration to %s %u.%u: %u&nbsp;%% ready</h1>\n"
	               "<p class=\"dim\">of %zu Ingresses of the controllers that are replaced</p>\n<div class=\"bar\" "
	               "role=\"img\" aria-label=\"%u %% ready\">",
	               r->proxy_name, r->major, r->minor, r->readiness, r->ingresses.n - r->verdicts[SDI_REPORT_OTHERS],
	               r->readiness);
	for (size_t i = 0; i < SDI_REPORT_OTHERS; i++)
		if (r->verdicts[i])
			sdi_buf_printf(out, "<span class=\"%s\" style=\"flex:%zu\"></span>", sdi_report_verdict_name[i],
			               r->verdicts[i]);
	sdi_buf_lit(out, "</div>\n<div class=\"legend\">");
	static const char *const means[] = { "as it was", "served, but something differs",
		                             "a part is not served, or 503", "another controller's" };
	for (size_t i = 0; i < SDI_REPORT_VERDICT__COUNT; i++)
		sdi_buf_printf(out, "<span><span class=\"dot %s\"></span>%zu %s <span class=\"dim\">(%s)</span></span>",
		               sdi_report_verdict_name[i], r->verdicts[i], sdi_report_verdict_name[i], means[i]);
	sdi_buf_lit(out, "</div>\n");
}

static void hosts(const struct sdi_report *r, struct sdi_buf *out)
{
	sdi_buf_lit(out, "<h2>Hosts at risk</h2>\n");
	if (!r->hosts.n || r->hosts.p[0].worst == SDI_REPORT_READY) {
		sdi_buf_lit(out, "<p>None.</p>\n");
		return;
	}
	sdi_buf_lit(out, "<div class=\"scroll\"><table class=\"rows\"><tr><th>host<th>verdict<th>first reason</tr>\n");
	for (size_t i = 0; i < r->hosts.n && r->hosts.p[i].worst != SDI_REPORT_READY; i++) {
		const struct sdi_report_total *host = &r->hosts.p[i];
		sdi_buf_lit(out, "<tr><td>");
		text(out, sdi_report_host(host->name));
		sdi_buf_lit(out, "<td>");
		tag(out, sdi_report_verdict_name[host->worst]);
		sdi_buf_lit(out, "<td>");
		text(out, host->why);
		sdi_buf_lit(out, "</tr>\n");
	}
	sdi_buf_lit(out, "</table></div>\n");
}

static void totals(struct sdi_buf *out, const char *title, const char *first, const struct sdi_report_totals *list,
                   bool by_verdict)
{
	const char *const *names = by_verdict ? sdi_report_verdict_name : sdi_report_status_name;
	size_t n = by_verdict ? (size_t)SDI_REPORT_VERDICT__COUNT : (size_t)SDI_REPORT_STATUS__COUNT;
	sdi_buf_printf(out, "<h2>%s</h2>\n<div class=\"scroll\"><table><tr><th>%s", title, first);
	for (size_t i = 0; i < n; i++)
		sdi_buf_printf(out, "<th class=\"n\">%s", names[i]);
	sdi_buf_lit(out, "</tr>\n");
	for (size_t i = 0; i < list->n; i++) {
		const size_t *counts = by_verdict ? list->p[i].verdicts : list->p[i].statuses;
		sdi_buf_lit(out, "<tr><td>");
		key(out, list->p[i].name);
		for (size_t k = 0; k < n; k++)
			if (counts[k])
				sdi_buf_printf(out, "<td class=\"n\"><span class=\"tag %s\">%zu</span>", names[k],
				               counts[k]);
			else
				sdi_buf_lit(out, "<td class=\"n dim\">0");
		sdi_buf_lit(out, "</tr>\n");
	}
	sdi_buf_lit(out, "</table></div>\n");
}

static void annotation(struct sdi_buf *out, const struct sdi_report_annotation *a)
{
	sdi_buf_lit(out, "<tr><td>");
	tag(out, sdi_report_status_name[a->status]);
	sdi_buf_lit(out, "<td>");
	key(out, a->key);
	sdi_buf_lit(out, "<br>");
	code(out, a->value);
	sdi_buf_lit(out, "<td>");
	text(out, a->reason);
	if (a->advice.n) {
		sdi_buf_lit(out, "<p><b>");
		text(out, a->advice);
		sdi_buf_lit(out, "</b></p>");
	}
	sdi_buf_lit(out, "<td>");
	for (size_t i = 0; i < a->n_directives; i++) {
		if (i)
			sdi_buf_lit(out, "<br>");
		code(out, a->directives[i]);
	}
	if (a->more)
		sdi_buf_printf(out, "<br>… %zu more", a->more);
	sdi_buf_lit(out, "</tr>\n");
}

static void finding(struct sdi_buf *out, const struct sdi_report_finding *f, bool with_object)
{
	sdi_buf_lit(out, "<li>");
	sdi_buf_printf(out, "<b>%s</b>: ", sdi_severity_text(f->severity));
	if (with_object) {
		text(out, f->kind);
		sdi_buf_char(out, ' ');
		text(out, f->ns);
		if (f->ns.n)
			sdi_buf_char(out, '/');
		text(out, f->name);
		sdi_buf_lit(out, ": ");
	}
	if (f->field.n) {
		code(out, f->field);
		sdi_buf_lit(out, ": ");
	}
	text(out, f->text);
	sdi_buf_printf(out, " <span class=\"dim\">(%s)</span></li>\n", sdi_effect_text(f->effect));
}

static void ingress(struct sdi_buf *out, const struct sdi_report_ingress *in)
{
	const char *verdict = sdi_report_verdict_name[in->verdict];
	sdi_buf_printf(out, "<details data-v=\"%s\"%s><summary>", verdict,
	               in->verdict == SDI_REPORT_BLOCKED ? " open" : "");
	tag(out, verdict);
	sdi_buf_lit(out, " <b>");
	text(out, in->ns);
	sdi_buf_char(out, '/');
	text(out, in->name);
	sdi_buf_lit(out, "</b> <span class=\"dim\">");
	for (size_t i = 0; i < in->hosts.n; i++) {
		if (i)
			sdi_buf_lit(out, ", ");
		text(out, sdi_report_host(in->hosts.p[i]));
	}
	sdi_buf_lit(out, "</span></summary><div class=\"in\">\n");
	if (in->file.n) {
		sdi_buf_lit(out, "<p class=\"dim\">");
		text(out, in->file);
		if (in->line)
			sdi_buf_printf(out, ", line %u", in->line);
		sdi_buf_lit(out, "</p>\n");
	}
	if (in->findings.n)
		sdi_buf_lit(out, "<ul>\n");
	for (size_t i = 0; i < in->findings.n; i++)
		finding(out, &in->findings.p[i], false);
	if (in->findings.n)
		sdi_buf_lit(out, "</ul>\n");
	if (in->annotations.n)
		sdi_buf_lit(
			out,
			"<div class=\"scroll\"><table class=\"rows\"><tr><th>status<th>annotation<th>why, and what to "
			"do<th>directives</tr>\n");
	else
		sdi_buf_lit(out, "<p class=\"dim\">No annotations.</p>\n");
	for (size_t i = 0; i < in->annotations.n; i++)
		annotation(out, &in->annotations.p[i]);
	if (in->annotations.n)
		sdi_buf_lit(out, "</table></div>\n");
	sdi_buf_lit(out, "</div></details>\n");
}

static void config(const struct sdi_report_config *c, struct sdi_buf *out)
{
	if (!c->name.n)
		return;
	sdi_buf_lit(out, "<h2>ConfigMap ");
	text(out, c->ns);
	sdi_buf_char(out, '/');
	text(out, c->name);
	sdi_buf_lit(out, "</h2>\n<div class=\"scroll\"><table class=\"rows\"><tr><th>status<th>key<th>why, and what to "
	                 "do<th></tr>\n");
	for (size_t i = 0; i < c->keys.n; i++)
		annotation(out, &c->keys.p[i]);
	sdi_buf_lit(out, "</table></div>\n");
}

static void ingresses(const struct sdi_report *r, struct sdi_buf *out)
{
	sdi_buf_lit(out, "<h2>Ingresses</h2>\n<form hidden><input type=\"search\" name=\"q\" placeholder=\"Name, host, "
	                 "annotation, value, reason …\" aria-label=\"Search\">");
	for (size_t i = 0; i < SDI_REPORT_VERDICT__COUNT; i++)
		sdi_buf_printf(out, "<label><input type=\"checkbox\" name=\"%s\" checked> %s</label>",
		               sdi_report_verdict_name[i], sdi_report_verdict_name[i]);
	sdi_buf_lit(out, "<span id=\"n\" class=\"dim\"></span></form>\n");
	for (size_t i = 0; i < r->ingresses.n; i++)
		ingress(out, &r->ingresses.p[i]);
}

void sdi_report_html(const struct sdi_report *r, struct sdi_buf *out)
{
	head(r, out);
	hosts(r, out);
	totals(out, "Annotations", "annotation", &r->by_annotation, false);
	totals(out, "Namespaces", "namespace", &r->by_namespace, true);
	config(&r->config, out);
	ingresses(r, out);
	if (r->others.n)
		sdi_buf_lit(out, "<h2>Other objects</h2>\n<ul>\n");
	for (size_t i = 0; i < r->others.n; i++)
		finding(out, &r->others.p[i], true);
	if (r->others.n)
		sdi_buf_lit(out, "</ul>\n");
	sdi_buf_lit(out, "<script>");
	sdi_buf_add(out, sdi_str_c(script));
	sdi_buf_lit(out, "</script>\n</body>\n</html>\n");
}
