/* SPDX-License-Identifier: BSD-3-Clause */
#include "cuts.h"
#include "split.h"

static const struct sdi_cut_rule annotations[] = {
	{ SDI_STR_INIT("kubectl.kubernetes.io/last-applied-configuration"), NULL },
	{ SDI_STR_INIT(""), NULL },
};

static const struct sdi_cut_rule metadata[] = {
	{ SDI_STR_INIT("managedFields"), NULL },
	{ SDI_STR_INIT("ownerReferences"), NULL },
	{ SDI_STR_INIT("annotations"), annotations },
	{ SDI_STR_INIT(""), NULL },
};

const struct sdi_cut_rule sdi_cut_rules[] = {
	{ SDI_STR_INIT("status"), NULL },
	{ SDI_STR_INIT("metadata"), metadata },
	{ SDI_STR_INIT(""), NULL },
};

/* The rest of @line behind "key:", when it begins with one; its p is NULL when not. */
static struct sdi_str split_key(struct sdi_str line, size_t indent, struct sdi_str *ret_key)
{
	struct sdi_str text = sdi_str_from(line, indent);
	ptrdiff_t colon = sdi_str_find(text, ':');
	if (colon < 0)
		return (struct sdi_str){ 0 };
	*ret_key = sdi_str_head(text, (size_t)colon);
	struct sdi_str rest = sdi_str_from(text, (size_t)colon + 1);
	if (rest.n && rest.p[0] != ' ' && rest.p[0] != '\r')
		return (struct sdi_str){ 0 };
	return rest;
}

/* Whether @line belongs to the value of a key at @indent above it. */
static bool is_below(struct sdi_str line, size_t indent)
{
	return sdi_yaml_is_empty(line) || sdi_yaml_indent(line) > indent || sdi_yaml_is_entry(line, indent);
}

/* Takes lines off @rest until one is not below a key at @indent. */
static void skip_value(struct sdi_str *rest, size_t indent)
{
	struct sdi_str after = *rest, line;
	while (sdi_yaml_line(&after, true, &line) && is_below(line, indent))
		*rest = after;
}

/* The first line with something in it; false when it does not begin with a plain key, as in a block mapping. */
static bool find_mapping(struct sdi_str *rest, size_t *ret_indent)
{
	struct sdi_str after = *rest, line;
	while (sdi_yaml_line(&after, true, &line)) {
		if (!sdi_yaml_is_empty(line)) {
			*ret_indent = sdi_yaml_indent(line);
			return sdi_is_alnum_lower(sdi_lower(line.p[*ret_indent]));
		}
		*rest = after;
	}
	return false;
}

static void find_cuts(struct sdi_str start, struct sdi_str *rest, size_t indent, const struct sdi_cut_rule *rules,
                      struct sdi_cuts *cuts)
{
	struct sdi_str after = *rest, line, key = { 0 };
	while (sdi_yaml_line(&after, true, &line)) {
		if (!is_below(line, indent) && sdi_yaml_indent(line) < indent)
			return;
		*rest = after;
		struct sdi_str value = is_below(line, indent) ? (struct sdi_str){ 0 } : split_key(line, indent, &key);
		const struct sdi_cut_rule *rule = value.p ? sdi_cut_rule_find(rules, key) : NULL;
		size_t deeper;
		if (!rule)
			continue;
		if (rule->below) {
			if (sdi_yaml_is_empty(value) && find_mapping(rest, &deeper) && deeper > indent)
				find_cuts(start, rest, deeper, rule->below, cuts);
		} else if (cuts->n < SDI_CUTS_MOST) {
			skip_value(rest, indent);
			cuts->p[cuts->n].from = (size_t)(line.p - start.p);
			cuts->p[cuts->n++].to = (size_t)(rest->p - start.p);
		}
		after = *rest;
	}
}

void sdi_yaml_find_cuts(struct sdi_str text, struct sdi_cuts *ret)
{
	struct sdi_str rest = text, after = text, line;
	size_t indent;
	ret->n = 0;
	/* Before a document: directives, and a marker with nothing behind it. */
	while (sdi_yaml_line(&after, true, &line) &&
	       (sdi_yaml_is_empty(line) || line.p[0] == '%' ||
	        (sdi_yaml_is_marker(line, "---") && sdi_yaml_is_empty(sdi_str_from(line, 3)))))
		rest = after;
	if (find_mapping(&rest, &indent))
		find_cuts(text, &rest, indent, sdi_cut_rules, ret);
}

static size_t copy_until(struct sdi_str text, size_t from, size_t to, struct sdi_buf *ret)
{
	sdi_buf_add(ret, sdi_str_make(text.p + from, to - from));
	return to;
}

void sdi_json_apply_cuts(struct sdi_str text, const struct sdi_cuts *cuts, struct sdi_buf *ret)
{
	size_t at = 0;
	for (size_t i = 0; i < cuts->n; at = cuts->p[i++].to)
		copy_until(text, at, cuts->p[i].from, ret);
	copy_until(text, at, text.n, ret);
}

/* A comment first: empty lines alone would be added to a block scalar above them that keeps its last ones ("|+"). */
void sdi_yaml_apply_cuts(struct sdi_str text, const struct sdi_cuts *cuts, struct sdi_buf *ret)
{
	size_t at = 0;
	for (size_t i = 0; i < cuts->n; at = cuts->p[i++].to) {
		copy_until(text, at, cuts->p[i].from, ret);
		sdi_buf_char(ret, '#');
		const char *end = text.p + cuts->p[i].to;
		for (const char *p = text.p + cuts->p[i].from; (p = memchr(p, '\n', (size_t)(end - p))); p++)
			sdi_buf_char(ret, '\n');
	}
	copy_until(text, at, text.n, ret);
}
