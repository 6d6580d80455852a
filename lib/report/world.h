/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input of a report while it is made, and one Ingress translated alone, with one of its annotations or without: what
 * differs in the two configurations is what the annotation brings.
 */
#ifndef SDI_REPORT_WORLD_H
#define SDI_REPORT_WORLD_H

#include "../emit/emit.h"
#include "../translate/translation.h"
#include "report.h"

struct sdi_report_world {
	const struct sdi_store *store;
	const struct sdi_settings *settings;
	struct sdi_diags *diags; /* sorted */
	const struct sdi_gateway *gateway;
	enum sdi_proxy proxy;
	struct sdi_version_number version;
	struct sdi_report *report;
	struct sdi_pick *picks; /* the Ingresses that are ours */
	size_t n_picks;
	struct sdi_map diags_of;  /* "KIND/NS/NAME" -> struct sdi_report_diags */
	struct sdi_arena scratch; /* jumps when out of memory */
	/* Of the Ingress at hand, alone: with all annotations, and without one. Here, so that a jump loses neither. */
	struct sdi_bundle *with, *without;
};

struct sdi_report_diags {
	SDI_VEC(const struct sdi_diag *)
};

/* directives.c: what each of the annotations of @ret, which is @pick's, brings into the configuration. */
void sdi_report_directives(struct sdi_report_world *world, const struct sdi_pick *pick, struct sdi_report_ingress *ret);

#endif
