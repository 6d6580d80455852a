/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parsers' messages mean for the person who wrote the file. */
#ifndef SDI_SOURCE_HINT_H
#define SDI_SOURCE_HINT_H

struct sdi_hint {
	const char *part; /* of the parser's message */
	const char *say;  /* instead of it; NULL: as it is */
	const char *hint; /* what to write instead */
};

/* The first row whose part is in @problem; never NULL. */
const struct sdi_hint *sdi_hint_find(const char *problem);

#endif
