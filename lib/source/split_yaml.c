/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Why lines are enough: in a block mapping or sequence everything that belongs to a value is indented deeper than
 * its key or dash (YAML 1.2, 8.2; a "- " may stand at its key's own indentation), also what looks like a key inside
 * text in quotes or in a block scalar; and "---" at the begin of a line ends a document wherever it stands (9.1.2).
 */
#include "split.h"

bool sdi_yaml_line(struct sdi_str *rest, bool eof, struct sdi_str *ret_line)
{
	const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
	if (!end && (!eof || !rest->n))
		return false;
	size_t n = end ? (size_t)(end - rest->p) : rest->n;
	*ret_line = sdi_str_head(*rest, n);
	*rest = sdi_str_from(*rest, n + 1);
	return true;
}

/* A space, or the end of the line. */
static bool is_blank_at(struct sdi_str line, size_t i)
{
	return i >= line.n || line.p[i] == ' ' || line.p[i] == '\t' || line.p[i] == '\r';
}

bool sdi_yaml_is_marker(struct sdi_str line, const char *marker)
{
	return sdi_str_starts(line, sdi_str_make(marker, 3)) && is_blank_at(line, 3);
}

bool sdi_yaml_is_empty(struct sdi_str line)
{
	size_t i = 0;
	while (i < line.n && is_blank_at(line, i))
		i++;
	return i == line.n || line.p[i] == '#';
}

size_t sdi_yaml_indent(struct sdi_str line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

bool sdi_yaml_is_entry(struct sdi_str line, size_t indent)
{
	return line.n > indent && line.p[indent] == '-' && sdi_yaml_indent(line) == indent &&
	       is_blank_at(line, indent + 1);
}

static bool ends_document(struct sdi_str line)
{
	return sdi_yaml_is_marker(line, "---") || sdi_yaml_is_marker(line, "...");
}

static bool is_plain_key(struct sdi_str line)
{
	return line.n && (sdi_is_alnum_lower(sdi_lower(line.p[0])) || line.p[0] == '_');
}

static bool is_items(struct sdi_str line)
{
	return sdi_str_starts(line, SDI_STR("items:")) && is_blank_at(line, 6) &&
	       sdi_yaml_is_empty(sdi_str_from(line, 6));
}

/* Whether the next line with something in it is an entry; ret_list->first and indent say where. */
static enum sdi_split find_first_entry(struct sdi_str text, struct sdi_str rest, bool eof,
                                       struct sdi_yaml_list *ret_list)
{
	struct sdi_str line;
	while (sdi_yaml_line(&rest, eof, &line)) {
		if (sdi_yaml_is_empty(line))
			continue;
		ret_list->first = (size_t)(line.p - text.p);
		ret_list->indent = sdi_yaml_indent(line);
		return !ends_document(line) && sdi_yaml_is_entry(line, ret_list->indent) ? SDI_SPLIT_LIST :
		                                                                           SDI_SPLIT_ITEM;
	}
	return eof ? SDI_SPLIT_ITEM : SDI_SPLIT_MORE;
}

enum sdi_split sdi_yaml_split(struct sdi_str text, bool eof, struct sdi_yaml_list *ret_list, size_t *ret_n)
{
	struct sdi_str rest = text, line;
	bool marked = false, content = false, block = ret_list;
	while (sdi_yaml_line(&rest, eof, &line)) {
		if (!content && (sdi_yaml_is_empty(line) || (!marked && line.p[0] == '%')))
			continue;
		if (!content && !marked && sdi_yaml_is_marker(line, "---")) {
			marked = true;
			content = !sdi_yaml_is_empty(sdi_str_from(line, 3)); /* "--- |" may hold "items:" as text */
			block = block && !content;
			continue;
		}
		if (ends_document(line)) {
			*ret_n = (size_t)(line.p - text.p);
			return SDI_SPLIT_ITEM;
		}
		block = block && (content || is_plain_key(line));
		content = true;
		if (!block || !is_items(line))
			continue;
		ret_list->header = (size_t)(line.p - text.p);
		enum sdi_split found = find_first_entry(text, rest, eof, ret_list);
		if (found != SDI_SPLIT_ITEM)
			return found;
		block = false;
	}
	*ret_n = text.n;
	return eof ? SDI_SPLIT_ITEM : SDI_SPLIT_MORE;
}

bool sdi_yaml_ends(struct sdi_str line, ptrdiff_t indent)
{
	size_t i = 0, dash = (size_t)indent;
	if (indent < 0)
		return ends_document(line);
	while (i <= dash && i < line.n && line.p[i] == ' ')
		i++;
	if (i > dash || sdi_yaml_is_empty(line))
		return false;
	/* At the same indentation, and no entry: for a list that is indented that is a mistake inside this item. */
	return i < dash || !dash || sdi_yaml_is_entry(line, dash);
}

enum sdi_split sdi_yaml_split_entry(struct sdi_str text, bool eof, size_t indent, size_t *ret_n)
{
	struct sdi_str rest = text, line;
	bool more = sdi_yaml_line(&rest, eof, &line);
	while (more && (more = sdi_yaml_line(&rest, eof, &line)))
		if (sdi_yaml_ends(line, (ptrdiff_t)indent)) {
			*ret_n = (size_t)(line.p - text.p);
			return SDI_SPLIT_ITEM;
		}
	*ret_n = text.n;
	return eof ? SDI_SPLIT_ITEM : SDI_SPLIT_MORE;
}

enum sdi_split sdi_yaml_split_tail(struct sdi_str text, bool eof, size_t *ret_n)
{
	struct sdi_str rest = text, line;
	while (sdi_yaml_line(&rest, eof, &line))
		if (ends_document(line)) {
			*ret_n = (size_t)(line.p - text.p);
			return SDI_SPLIT_ITEM;
		}
	*ret_n = text.n;
	return eof ? SDI_SPLIT_ITEM : SDI_SPLIT_MORE;
}

bool sdi_yaml_has_alias(struct sdi_str text)
{
	const char *end = text.p + text.n;
	for (const char *p = text.p; p < end && (p = memchr(p, '*', (size_t)(end - p))); p++) {
		const char *before = p;
		while (before > text.p && before[-1] == ' ')
			before--;
		bool starts = before == text.p || strchr("\n:-[,{?", before[-1]);
		if (starts && p + 1 < end && !is_blank_at(text, (size_t)(p + 1 - text.p)) && p[1] != '\n')
			return true;
	}
	return false;
}
