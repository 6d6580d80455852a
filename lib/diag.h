/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the library writes diagnostics: an object, a place in it, a reason from the table, one sentence.
 *
 *     sdi_diag_add(ctx, SDI_REASON_SERVICE_NOT_FOUND, "spec.rules[0].http.paths[1].backend.service.name",
 *                  "service \"%s\" does not exist in namespace \"%s\"; this path answers 503", …);
 *
 * Text of the user reaches a sentence through sdi_show() only, which quotes control characters and cuts; a secret's
 * content never does.
 */
#ifndef SDI_DIAG_H
#define SDI_DIAG_H

#include "base/arena.h"
#include "reason.h"
#include <sdingress/diag.h>

/* Where an object was read. */
struct sdi_origin {
	const char *file; /* owned by whoever read it, lives as long as the object; "" when not known */
	unsigned line, column;
};

/* What a diagnostic is about; ns, name may be empty. */
struct sdi_subject {
	const char *kind; /* static */
	struct sdi_str ns, name;
	struct sdi_origin origin;
};

struct sdi_diag_ctx {
	struct sdi_diags *diags; /* NULL: nobody reads them */
	struct sdi_subject subject;
	struct sdi_arena *scratch; /* for sdi_show(); cleared by its owner */
};

/* Adds one entry; severity and effect come from the reason's row. @field may be "". */
void sdi_diag_add(const struct sdi_diag_ctx *ctx, enum sdi_reason reason, const char *field, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same at a place of its own inside the file (a syntax error). */
void sdi_diag_add_at(const struct sdi_diag_ctx *ctx, enum sdi_reason reason, const char *field, unsigned line,
                     unsigned column, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* @s made fit for a sentence: control characters and invalid UTF-8 as \xNN, cut after 120 bytes with "…". */
const char *sdi_show(const struct sdi_diag_ctx *ctx, struct sdi_str s);

/* The same for other places than sentences: cut after @most bytes, in @arena. */
struct sdi_str sdi_show_most(struct sdi_arena *arena, struct sdi_str s, size_t most);

/* Whether an entry got lost for want of memory. */
bool sdi_diags_failed(const struct sdi_diags *diags);

#endif
