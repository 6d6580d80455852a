/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What nobody here needs of an object (metadata.managedFields, metadata.ownerReferences, status and the annotation of
 * `kubectl apply`) is most of its text. It is left out of the copy that is parsed; where anything about the text is
 * unusual, nothing is.
 */
#ifndef SDI_SOURCE_CUTS_H
#define SDI_SOURCE_CUTS_H

#include "../base/buf.h"

enum { SDI_CUTS_MOST = 16 };

struct sdi_cuts {
	struct {
		size_t from, to;
	} p[SDI_CUTS_MOST]; /* in order, apart */
	size_t n;
};

/* One key of the path that leads to what is cut. */
struct sdi_cut_rule {
	struct sdi_str key;
	const struct sdi_cut_rule
		*below; /* NULL: cut; else the rules for the keys of its value, up to one without key */
};
extern const struct sdi_cut_rule sdi_cut_rules[];

static inline const struct sdi_cut_rule *sdi_cut_rule_find(const struct sdi_cut_rule *rules, struct sdi_str key)
{
	for (; rules && rules->key.n; rules++)
		if (sdi_str_eq(rules->key, key))
			return rules;
	return NULL;
}

/* The cuts of a YAML text made of whole lines. sdi_yaml_apply_cuts() leaves empty
 * lines, so that all others keep their number. */
void sdi_yaml_find_cuts(struct sdi_str text, struct sdi_cuts *ret);

void sdi_json_apply_cuts(struct sdi_str text, const struct sdi_cuts *cuts, struct sdi_buf *ret);
void sdi_yaml_apply_cuts(struct sdi_str text, const struct sdi_cuts *cuts, struct sdi_buf *ret);

#endif
