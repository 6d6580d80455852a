/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What can be counted in a report, and the order in which people want to read it: what is at risk first.
 */
#include "report.h"

struct sdi_str sdi_report_host(struct sdi_str host)
{
	return host.n ? host : SDI_STR("all other hosts");
}

/* The total of @name, made when it is new. */
static struct sdi_report_total *total_of(struct sdi_arena *arena, struct sdi_map *index, struct sdi_str name)
{
	void **slot = sdi_map_put(index, name);
	if (!*slot) {
		struct sdi_report_total *total = sdi_arena_new(arena, struct sdi_report_total);
		total->name = name;
		*slot = total;
	}
	return *slot;
}

/* From most to least urgent. */
static int urgency(enum sdi_report_verdict verdict)
{
	static const int order[] = {
		[SDI_REPORT_BLOCKED] = 0, [SDI_REPORT_REVIEW] = 1, [SDI_REPORT_READY] = 2, [SDI_REPORT_OTHERS] = 3
	};
	return order[verdict];
}

/* The first thing that makes @ingress what it is. */
static struct sdi_str why(struct sdi_arena *arena, const struct sdi_report_ingress *ingress)
{
	const struct sdi_str name =
		sdi_arena_printf(arena, "%.*s/%.*s", SDI_STR_ARG(ingress->ns), SDI_STR_ARG(ingress->name));
	for (size_t i = 0; i < ingress->findings.n; i++) {
		const struct sdi_report_finding *finding = &ingress->findings.p[i];
		if (finding->severity != SDI_SEVERITY_NOTE)
			return sdi_arena_printf(arena, "%.*s: %.*s: %.*s", SDI_STR_ARG(name),
			                        SDI_STR_ARG(finding->field), SDI_STR_ARG(finding->text));
	}
	static const enum sdi_report_status worst[] = { SDI_REPORT_INVALID, SDI_REPORT_NONE, SDI_REPORT_PARTIAL };
	for (size_t k = 0; k < 2 * sizeof(worst) / sizeof(worst[0]); k++) {
		bool guards = k < sizeof(worst) / sizeof(worst[0]);
		for (size_t i = 0; i < ingress->annotations.n; i++) {
			const struct sdi_report_annotation *a = &ingress->annotations.p[i];
			if (a->status == worst[k % (sizeof(worst) / sizeof(worst[0]))] && (a->guard || !guards))
				return sdi_arena_printf(arena, "%.*s: %.*s: %.*s", SDI_STR_ARG(name),
				                        SDI_STR_ARG(a->key), SDI_STR_ARG(a->reason));
		}
	}
	return SDI_STR("");
}

static void count_ingress(struct sdi_report *report, const struct sdi_report_ingress *ingress, struct sdi_map *indices)
{
	struct sdi_arena *arena = &report->arena;
	struct sdi_report_total *ns = total_of(arena, &indices[1], ingress->ns);
	ns->verdicts[ingress->verdict]++;
	report->verdicts[ingress->verdict]++;
	for (size_t i = 0; ingress->verdict != SDI_REPORT_OTHERS && i < ingress->annotations.n; i++) {
		const struct sdi_report_annotation *annotation = &ingress->annotations.p[i];
		total_of(arena, &indices[0], annotation->key)->statuses[annotation->status]++;
		ns->statuses[annotation->status]++;
		report->statuses[annotation->status]++;
	}
	for (size_t i = 0; ingress->verdict != SDI_REPORT_OTHERS && i < ingress->hosts.n; i++) {
		struct sdi_report_total *host = total_of(arena, &indices[2], ingress->hosts.p[i]);
		bool first = !host->verdicts[SDI_REPORT_READY] && !host->verdicts[SDI_REPORT_REVIEW] &&
		             !host->verdicts[SDI_REPORT_BLOCKED];
		host->verdicts[ingress->verdict]++;
		if (first || urgency(ingress->verdict) < urgency(host->worst)) {
			host->worst = ingress->verdict;
			host->why = why(arena, ingress);
		}
	}
}

static void list(struct sdi_report *report, const struct sdi_map *index, struct sdi_report_totals *ret,
                 int (*compare)(const void *, const void *))
{
	for (size_t i = 0; i < index->room; i++)
		if (index->slots[i].value)
			*sdi_vec_push(ret, &report->arena) = *(struct sdi_report_total *)index->slots[i].value;
	if (ret->n)
		qsort(ret->p, ret->n, sizeof(*ret->p), compare);
}

static int by_name(const void *a, const void *b)
{
	return sdi_str_cmp(((const struct sdi_report_total *)a)->name, ((const struct sdi_report_total *)b)->name);
}

static size_t lost(const struct sdi_report_total *total)
{
	return total->statuses[SDI_REPORT_NONE] + total->statuses[SDI_REPORT_INVALID];
}

static int by_loss(const void *left, const void *right)
{
	const struct sdi_report_total *a = left, *b = right;
	if (lost(a) != lost(b))
		return lost(a) > lost(b) ? -1 : 1;
	if (a->statuses[SDI_REPORT_PARTIAL] != b->statuses[SDI_REPORT_PARTIAL])
		return a->statuses[SDI_REPORT_PARTIAL] > b->statuses[SDI_REPORT_PARTIAL] ? -1 : 1;
	return by_name(a, b);
}

static int by_risk(const void *left, const void *right)
{
	const struct sdi_report_total *a = left, *b = right;
	int c = urgency(a->worst) - urgency(b->worst);
	return c ? c : by_name(a, b);
}

static int by_urgency(const void *left, const void *right)
{
	const struct sdi_report_ingress *a = left, *b = right;
	int c = urgency(a->verdict) - urgency(b->verdict);
	if (!c)
		c = sdi_str_cmp(a->ns, b->ns);
	return c ? c : sdi_str_cmp(a->name, b->name);
}

void sdi_report_count(struct sdi_report *report)
{
	struct sdi_map indices[3] = { { .arena = &report->arena },
		                      { .arena = &report->arena },
		                      { .arena = &report->arena } };
	if (report->ingresses.n)
		qsort(report->ingresses.p, report->ingresses.n, sizeof(*report->ingresses.p), by_urgency);
	for (size_t i = 0; i < report->ingresses.n; i++)
		count_ingress(report, &report->ingresses.p[i], indices);
	list(report, &indices[0], &report->by_annotation, by_loss);
	list(report, &indices[1], &report->by_namespace, by_name);
	list(report, &indices[2], &report->hosts, by_risk);
	size_t ours = report->ingresses.n - report->verdicts[SDI_REPORT_OTHERS];
	report->readiness = ours ? (unsigned)(report->verdicts[SDI_REPORT_READY] * 100 / ours) : 100;
}
