/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Inside of the report: everything that the writers (text.c, json.c, markdown.c, html.c) show, sorted and final, in one
 * arena. Texts are fit for people (diag.c made them so), but not yet for HTML or Markdown.
 */
#ifndef SDI_REPORT_REPORT_H
#define SDI_REPORT_REPORT_H

#include "../base/arena.h"
#include "../base/buf.h"
#include "../base/map.h"
#include "../base/vec.h"
#include "../model/model.h"
#include <sdingress/report.h>

/* What became of an annotation. */
enum sdi_report_status {
	SDI_REPORT_EXACT,
	SDI_REPORT_PARTIAL,
	SDI_REPORT_NONE,
	SDI_REPORT_IGNORED, /* without effect on a proxy, or of a controller that this Ingress is not for */
	SDI_REPORT_INVALID,
	SDI_REPORT_STATUS__COUNT
};
extern const char *const sdi_report_status_name[SDI_REPORT_STATUS__COUNT];

/* What becomes of an Ingress, or of a host. */
enum sdi_report_verdict {
	SDI_REPORT_READY,   /* as it was */
	SDI_REPORT_REVIEW,  /* served, but something is different */
	SDI_REPORT_BLOCKED, /* a part of it is not served, or answers 503 */
	SDI_REPORT_OTHERS,  /* another controller's */
	SDI_REPORT_VERDICT__COUNT
};
extern const char *const sdi_report_verdict_name[SDI_REPORT_VERDICT__COUNT];

struct sdi_report_annotation {
	struct sdi_str key, value;
	const char *dialect; /* "" when no controller's */
	enum sdi_report_status status;
	bool guard;                    /* restricts access */
	struct sdi_str reason, advice; /* "" when there is none */
	struct sdi_str *directives;
	size_t n_directives, more; /* lines of the target's configuration; so many more were cut */
};

/* What else was diagnosed. */
struct sdi_report_finding {
	enum sdi_severity severity;
	enum sdi_effect effect;
	struct sdi_str reason, field, text;
	struct sdi_str kind, ns, name; /* of other objects than Ingresses */
};

struct sdi_report_ingress {
	struct sdi_str ns, name, file, class_name;
	unsigned line;
	enum sdi_report_verdict verdict;
	struct {
		SDI_VEC(struct sdi_str)
	} hosts; /* "" stands for all others */
	struct {
		SDI_VEC(struct sdi_report_annotation)
	} annotations;
	struct {
		SDI_VEC(struct sdi_report_finding)
	} findings;
};

/* The controller's ConfigMap; its keys are told like annotations, without directives. */
struct sdi_report_config {
	struct sdi_str ns, name; /* "": there is none */
	struct {
		SDI_VEC(struct sdi_report_annotation)
	} keys;
	size_t statuses[SDI_REPORT_STATUS__COUNT];
};

/* Totals of an annotation, a namespace or a host. */
struct sdi_report_total {
	struct sdi_str name;
	size_t statuses[SDI_REPORT_STATUS__COUNT];
	size_t verdicts[SDI_REPORT_VERDICT__COUNT];
	enum sdi_report_verdict worst; /* of a host */
	struct sdi_str why;            /* of a host: the first thing that makes it so, "" when ready */
};

struct sdi_report_totals {
	SDI_VEC(struct sdi_report_total)
};

struct sdi_report {
	struct sdi_arena arena;
	enum sdi_proxy proxy;
	const char *proxy_name; /* "HAProxy" */
	unsigned major, minor;
	struct {
		SDI_VEC(struct sdi_report_ingress)
	} ingresses; /* blocked first, then to review, ready, others'; by namespace and name */
	struct {
		SDI_VEC(struct sdi_report_finding)
	} others; /* about other objects */
	struct sdi_report_config config;
	struct sdi_report_totals by_annotation; /* the most lost first */
	struct sdi_report_totals by_namespace;  /* by name */
	struct sdi_report_totals hosts;         /* at risk first */
	size_t statuses[SDI_REPORT_STATUS__COUNT];
	size_t verdicts[SDI_REPORT_VERDICT__COUNT];
	unsigned readiness; /* percent of our Ingresses that are ready, rounded down; 100 when there are none */
};

/* totals.c: fills in what can be counted, and sorts. */
void sdi_report_count(struct sdi_report *report);

/* How an Ingress is called, "NS/NAME", and a host ("all other hosts" for ""). */
struct sdi_str sdi_report_host(struct sdi_str host);

/* Writers. */
typedef void sdi_report_write_fn(const struct sdi_report *report, struct sdi_buf *out);
sdi_report_write_fn sdi_report_text, sdi_report_json, sdi_report_markdown, sdi_report_html;

#endif
