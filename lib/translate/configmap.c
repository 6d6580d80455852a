/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The controller's ConfigMap: what holds where an annotation does not say it. A protection for all that can't be read
 * closes all that it was meant for.
 */
#include "../dialect/configmap.h"
#include "translation.h"

static const char *nearest(struct sdi_str name)
{
	const struct sdi_config_key *key;
	const char *found = NULL;
	size_t least = 4;
	for (size_t i = 0; (key = sdi_config_key_get(i)); i++) {
		size_t edits = sdi_str_distance(name, sdi_str_c(key->row.name));
		if (edits < least) {
			least = edits;
			found = key->row.name;
		}
	}
	return found;
}

static void say_unknown(struct sdi_translation *t, struct sdi_str name)
{
	const char *meant = nearest(name);
	sdi_diag_add(&t->diag, SDI_REASON_CONFIG_UNKNOWN, sdi_show(&t->diag, name),
	             "the controller has no such key; it has no effect%s%s%s", meant ? ". Did you mean \"" : "",
	             meant ? meant : "", meant ? "\"?" : "");
}

static void read_key(struct sdi_translation *t, const struct sdi_pair *pair)
{
	const struct sdi_config_key *key = sdi_config_key_find(pair->key);
	const char *why = "the value is not valid";
	if (!key) {
		say_unknown(t, pair->key);
		return;
	}
	const struct sdi_annotation *row = sdi_config_key_row(key);
	struct sdi_value value = { .row = row, .key = pair->key, .text = sdi_str_trim(pair->value) };
	if (!row->parse) {
		sdi_diag_add(&t->diag,
		             row->flags & SDI_ROW_IGNORED ? SDI_REASON_CONFIG_IGNORED : SDI_REASON_CONFIG_UNSUPPORTED,
		             row->name, "%s; it has no effect",
		             row->lossy[0] ? row->lossy[0] : "this release does not do it yet");
		return;
	}
	value.id = row->id;
	if (!value.text.n || sdi_wish_get(&t->base, value.id)) /* empty: not set; or an alias said it */
		return;
	if (row->parse(row, value.text, &t->scratch, &value, &why)) {
		*sdi_vec_push(&t->base.values, &t->scratch) = value;
		return;
	}
	bool closes = row->flags & SDI_ROW_GUARD;
	sdi_diag_add(&t->diag, closes ? SDI_REASON_PROTECTION_DENIED : SDI_REASON_VALUE_INVALID, row->name,
	             "\"%s\" is not valid: %s; %s", sdi_show(&t->diag, pair->value), why,
	             closes ? "everything that it was meant for answers 503" : "the default holds");
	if (closes && !t->base.denied_by.n)
		t->base.denied_by = pair->key;
}

void sdi_read_configmap(struct sdi_translation *t)
{
	const struct sdi_ns_name *ref = &t->settings->configmap;
	if (!ref->name.n)
		return;
	const struct sdi_configmap *map =
		(const struct sdi_configmap *)sdi_store_find(t->store, SDI_KIND_CONFIGMAP, ref->ns, ref->name);
	if (!map) {
		t->diag.subject = (struct sdi_subject){ .kind = "Settings", .origin = { .file = "" } };
		sdi_diag_add(&t->diag, SDI_REASON_CONFIGMAP_NOT_FOUND, "configmap",
		             "ConfigMap \"%s\" does not exist in namespace \"%s\"; the defaults hold, and what it "
		             "protects is not protected",
		             sdi_show(&t->diag, ref->name), sdi_show(&t->diag, ref->ns));
		return;
	}
	sdi_diag_about(t, &map->object);
	t->gateway->globals.any = true;
	for (size_t i = 0; i < map->n_data; i++) {
		sdi_arena_clear(&t->show);
		read_key(t, &map->data[i]);
	}
	sdi_make_globals(t);
	sdi_read_raw(t);
	sdi_read_waf(t);
}
