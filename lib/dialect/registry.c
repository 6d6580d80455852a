/* SPDX-License-Identifier: BSD-3-Clause */
#include "registry.h"

/* In the order in which a prefix that several of them read is tried. */
static const enum sdi_dialect_id search[] = { SDI_DIALECT_INGRESS_NGINX, SDI_DIALECT_HAPROXYTECH,
	                                      SDI_DIALECT_HAPROXY_INGRESS, SDI_DIALECT_NGINX_ORG };

const struct sdi_dialect *sdi_dialect_get(enum sdi_dialect_id id)
{
	switch (id) {
	case SDI_DIALECT_INGRESS_NGINX: return &sdi_dialect_ingress_nginx;
	case SDI_DIALECT_HAPROXYTECH: return &sdi_dialect_haproxytech;
	case SDI_DIALECT_HAPROXY_INGRESS: return &sdi_dialect_haproxy_ingress;
	case SDI_DIALECT_NGINX_ORG: return &sdi_dialect_nginx_org;
	case SDI_DIALECT__COUNT: break;
	}
	return NULL;
}

static bool names_controller(const char *row, struct sdi_str controller)
{
	struct sdi_str name = sdi_str_c(row);
	if (sdi_str_ends(name, SDI_STR("/")))
		return controller.n > name.n && sdi_str_starts(controller, name);
	return sdi_str_eq(controller, name);
}

int sdi_dialect_of_controller(struct sdi_str controller)
{
	for (int id = 0; id < SDI_DIALECT__COUNT; id++)
		for (const char *const *row = sdi_dialect_get((enum sdi_dialect_id)id)->controllers; *row; row++)
			if (names_controller(*row, controller))
				return id;
	return -1;
}

static const struct sdi_annotation *find_row(const struct sdi_dialect *dialect, struct sdi_str name)
{
	size_t low = 0, high = dialect->n_rows;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = sdi_str_cmp(name, sdi_str_c(dialect->rows[middle].name));
		if (order == 0)
			return &dialect->rows[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool sdi_dialect_reads(enum sdi_dialect_id id, struct sdi_str key, const struct sdi_annotation **ret_row)
{
	const struct sdi_dialect *dialect = sdi_dialect_get(id);
	for (const char *const *prefix = dialect->prefixes; *prefix; prefix++) {
		if (sdi_str_starts(key, sdi_str_c(*prefix))) {
			*ret_row = find_row(dialect, sdi_str_from(key, strlen(*prefix)));
			return true;
		}
	}
	return false;
}

bool sdi_annotation_find(struct sdi_str key, enum sdi_dialect_id *ret_dialect, const struct sdi_annotation **ret_row)
{
	bool known = false;
	const struct sdi_annotation *row = NULL;
	for (size_t i = 0; !row && i < sizeof(search) / sizeof(search[0]); i++) {
		if (!sdi_dialect_reads(search[i], key, &row))
			continue;
		if (!known || row)
			*ret_dialect = search[i];
		known = true;
	}
	if (known)
		*ret_row = row;
	return known;
}
