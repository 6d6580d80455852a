/* SPDX-License-Identifier: BSD-3-Clause */
/* metadata: what every object has. Only here a wrong field costs the object. */
#include "../base/limits.h"
#include "read.h"

static const struct at at_meta = { NULL, "metadata", 0 };

/* Annotations that somebody reads; all others are not kept. */
static const struct sdi_str prefixes[] = {
	SDI_STR_INIT("nginx.ingress.kubernetes.io/"),
	SDI_STR_INIT("haproxy.org/"),
	SDI_STR_INIT("ingress.kubernetes.io/"),
	SDI_STR_INIT("haproxy.com/"),
	SDI_STR_INIT("haproxy-ingress.github.io/"),
	SDI_STR_INIT("nginx.org/"),
	SDI_STR_INIT("nginx.com/"),
	SDI_STR_INIT("appprotect.f5.com/"),
	SDI_STR_INIT("appprotectdos.f5.com/"),
	SDI_STR_INIT("kubernetes.io/ingress.class"),
	SDI_STR_INIT("ingressclass.kubernetes.io/"),
	SDI_STR_INIT("forecastle.stakater.com/"),
	SDI_STR_INIT("cert-manager.io/"),
	SDI_STR_INIT("acme.cert-manager.io/"),
	SDI_STR_INIT("external-dns.alpha.kubernetes.io/"),
};

static bool is_read_by_somebody(struct sdi_str key)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (sdi_str_starts(key, prefixes[i]))
			return true;
	return false;
}

/* Days from 1970-01-01 of the Gregorian calendar. timegm() would do, but it reads the environment. */
static int64_t days_since_1970(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1; /* a year from March on has its leap day last */
	int64_t days = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return y * 365 + y / 4 - y / 100 + y / 400 + days - 719468;
}

static int days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month - 1] + (month == 2 && leap);
}

/* Reads @shape off @s: 'd' is a digit, and gets into the next number at each other character of @shape. */
static bool read_numbers(struct sdi_str s, const char *shape, int *ret)
{
	*ret = 0;
	for (size_t i = 0; shape[i]; i++) {
		if (i >= s.n || (shape[i] == 'd' ? !sdi_is_digit(s.p[i]) : s.p[i] != shape[i]))
			return false;
		if (shape[i] == 'd')
			*ret = *ret * 10 + (s.p[i] - '0');
		else
			*++ret = 0;
	}
	return true;
}

/* RFC 3339, section 5.6: "Z" or a numeric offset; fractions of a second are dropped. */
static bool parse_time(struct sdi_str s, int64_t *ret)
{
	enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND };
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	int n[6], offset[3] = { 0 };
	if (!read_numbers(s, shape, n))
		return false;
	struct sdi_str rest = sdi_str_from(s, sizeof(shape) - 1);
	if (rest.n > 1 && rest.p[0] == '.' && sdi_is_digit(rest.p[1]))
		do
			rest = sdi_str_from(rest, 1);
		while (rest.n && sdi_is_digit(rest.p[0]));
	bool minus = rest.n && rest.p[0] == '-';
	bool numeric = rest.n == 6 && (read_numbers(rest, "+dd:dd", offset) || read_numbers(rest, "-dd:dd", offset));
	if (!numeric && !sdi_str_is(rest, "Z"))
		return false;
	if (n[MONTH] < 1 || n[MONTH] > 12 || n[DAY] < 1 || n[DAY] > days_of(n[YEAR], n[MONTH]) || n[HOUR] > 23 ||
	    n[MINUTE] > 59 || n[SECOND] > 59 || offset[1] > 23 || offset[2] > 59)
		return false;
	int64_t ahead = (minus ? -1 : 1) * (offset[1] * 3600 + offset[2] * 60);
	*ret = days_since_1970(n[YEAR], n[MONTH], n[DAY]) * 86400 + n[HOUR] * 3600 + n[MINUTE] * 60 + n[SECOND] - ahead;
	return true;
}

static void read_created(struct reader *r, const struct sdi_node *meta, struct sdi_object *ret)
{
	const struct sdi_node *node = sdi_node_find(meta, SDI_STR("creationTimestamp"));
	ret->created_s = INT64_MAX;
	if (!node || node->type == SDI_NODE_NULL ||
	    (node->type == SDI_NODE_STRING && parse_time(node->text, &ret->created_s)))
		return;
	r->cost = "the object counts as the youngest";
	read_say(r, SDI_REASON_FIELD_INVALID, &(struct at){ &at_meta, "creationTimestamp", 0 }, node,
	         "a time is written like 2026-01-31T12:00:00Z");
}

/* apimachinery's limit is on all of them together. Dropping one could drop a protection: the object goes. */
static bool annotations_fit(struct reader *r, const struct sdi_node *map)
{
	size_t sum = 0, longest = 0;
	for (const struct sdi_node *node = map ? map->first : NULL; node; node = node->next) {
		if (!is_read_by_somebody(node->key))
			continue;
		sum += node->key.n + node->text.n;
		longest = node->text.n > longest ? node->text.n : longest;
	}
	if (sum <= SDI_LIMIT_ANNOTATIONS_BYTES && longest <= SDI_LIMIT_VALUE_BYTES)
		return true;
	sdi_diag_add(r->ctx, SDI_REASON_LIMIT, "metadata.annotations",
	             "annotations have %zu bytes, more than the %d that Kubernetes takes; the object is left out", sum,
	             SDI_LIMIT_ANNOTATIONS_BYTES);
	return false;
}

static bool names_fit(struct reader *r, bool (*name_fits)(struct sdi_str), const struct sdi_object *object)
{
	if (!object->name.n) {
		sdi_diag_add(r->ctx, SDI_REASON_FIELD_MISSING, "metadata.name",
		             "an object needs a name; it is left out");
		return false;
	}
	if (!name_fits(object->name)) {
		sdi_diag_add(r->ctx, SDI_REASON_NAME_INVALID, "metadata.name",
		             "\"%s\" is no name that Kubernetes accepts: write lower-case letters, digits and '-', at "
		             "most %d; "
		             "the object is left out",
		             sdi_show(r->ctx, object->name), name_fits == sdi_name_is_label ? 63 : 253);
		return false;
	}
	if (object->ns.n && !sdi_name_is_label(object->ns)) {
		sdi_diag_add(r->ctx, SDI_REASON_NAME_INVALID, "metadata.namespace",
		             "\"%s\" is no namespace that Kubernetes accepts: write lower-case letters, digits and "
		             "'-', at most "
		             "63; the object is left out",
		             sdi_show(r->ctx, object->ns));
		return false;
	}
	return true;
}

static bool read_names(struct reader *r, const struct sdi_node *meta, bool namespaced, struct sdi_object *ret)
{
	bool good = read_text(r, &at_meta, meta, SDI_STR("name"), &ret->name);
	ret->ns = SDI_STR("");
	if (namespaced)
		good &= read_text(r, &at_meta, meta, SDI_STR("namespace"), &ret->ns);
	if (namespaced && !ret->ns.n)
		ret->ns = SDI_STR("default");
	r->ctx->subject.ns = ret->ns;
	r->ctx->subject.name = ret->name;
	return good;
}

bool read_meta(struct reader *r, const struct sdi_node *root, bool namespaced, bool (*name_fits)(struct sdi_str),
               struct sdi_object *ret)
{
	const char *cost = r->cost;
	const struct sdi_node *meta, *annotations;
	ret->origin = r->ctx->subject.origin;
	if (!read_child(r, NULL, root, SDI_STR("metadata"), SDI_NODE_MAP, &meta) ||
	    !read_names(r, meta, namespaced, ret) || !names_fit(r, name_fits, ret) ||
	    !read_child(r, &at_meta, meta, SDI_STR("annotations"), SDI_NODE_MAP, &annotations) ||
	    !annotations_fit(r, annotations) ||
	    !read_pairs(r, NULL, annotations, is_read_by_somebody, &ret->annotations, &ret->n_annotations))
		return false;
	r->cost = "it is not used";
	read_text(r, &at_meta, meta, SDI_STR("uid"), &ret->uid);
	read_text(r, &at_meta, meta, SDI_STR("resourceVersion"), &ret->version);
	read_created(r, meta, ret);
	r->cost = cost;
	return true;
}

bool read_labels(struct reader *r, const struct sdi_node *root, read_keep_fn *keep, struct sdi_object *ret)
{
	const struct at at = { &at_meta, "labels", 0 };
	const struct sdi_node *labels;
	return read_child(r, &at_meta, sdi_node_find(root, SDI_STR("metadata")), SDI_STR("labels"), SDI_NODE_MAP,
	                  &labels) &&
	       read_pairs(r, &at, labels, keep, &ret->labels, &ret->n_labels);
}

static int by_key(const void *a, const void *b)
{
	return sdi_str_cmp(((const struct sdi_pair *)a)->key, ((const struct sdi_pair *)b)->key);
}

const struct sdi_str *sdi_object_annotation(const struct sdi_object *object, struct sdi_str key)
{
	struct sdi_pair probe = { .key = key };
	if (!object->n_annotations)
		return NULL;
	const struct sdi_pair *pair =
		bsearch(&probe, object->annotations, object->n_annotations, sizeof(probe), by_key);
	return pair ? &pair->value : NULL;
}
