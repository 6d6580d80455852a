/* SPDX-License-Identifier: BSD-3-Clause */
#include "reason.h"

static const struct sdi_reason_row rows[SDI_REASON__COUNT] = {
#define X(name, slug, severity, effect, doc) \
	[SDI_REASON_##name] = { slug, doc, SDI_SEVERITY_##severity, SDI_EFFECT_##effect },
	SDI_REASONS(X)
#undef X
};

const struct sdi_reason_row *sdi_reason_row(enum sdi_reason reason)
{
	return &rows[reason];
}
