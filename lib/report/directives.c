/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which lines of the target's configuration an annotation brings: the Ingress is translated alone, with all of its
 * annotations and without this one, and the lines that only the first has are shown. Nothing has to be written down
 * about any annotation, so nothing can be wrong about one.
 */
#include "../base/auto.h"
#include "world.h"

enum { SHOWN_LINES = 12, LINE_BYTES = 600 };

/* The configuration itself first; what no line of it says may be in another file (a route's flags in a map). */
enum pass { PASS_CONFIG, PASS_OTHER };

static bool is_shown(const struct sdi_bundle *bundle, size_t i, enum pass pass)
{
	struct sdi_str name = sdi_str_c(sdi_bundle_name(bundle, i));
	bool config = sdi_str_is(name, "haproxy.cfg") || sdi_str_is(name, "nginx.conf");
	if ((sdi_bundle_is_secret(bundle, i) && !config) || sdi_str_starts(name, SDI_STR("errors/")) ||
	    sdi_str_starts(name, SDI_STR("certs/")) || sdi_str_ends(name, SDI_STR(".lua")))
		return false;
	return config == (pass == PASS_CONFIG);
}

/* The next line of @rest, trimmed, that says something; false: no more. */
static bool next_line(struct sdi_str *rest, struct sdi_str *ret)
{
	while (sdi_str_split(rest, '\n', ret)) {
		*ret = sdi_str_trim(*ret);
		/* hashes of passwords are nobody's business, and their number says nothing about an annotation */
		if (ret->n && !sdi_str_is(*ret, "}") && !sdi_str_has(*ret, SDI_STR(" password ")))
			return true;
	}
	return false;
}

static struct sdi_str data_of(const struct sdi_bundle *bundle, size_t i)
{
	size_t n;
	const char *text = sdi_bundle_data(bundle, i, &n);
	return sdi_str_make(text, n);
}

/* How often each line stands in @bundle, as text -> size_t. */
static struct sdi_map count_lines(struct sdi_report_world *world, const struct sdi_bundle *bundle, enum pass pass)
{
	struct sdi_map lines = { .arena = &world->scratch };
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++) {
		struct sdi_str line, rest = data_of(bundle, i);
		while (is_shown(bundle, i, pass) && next_line(&rest, &line)) {
			void **slot = sdi_map_put(&lines, line);
			if (!*slot)
				*slot = sdi_arena_new(&world->scratch, size_t);
			++*(size_t *)*slot;
		}
	}
	return lines;
}

static void add_line(struct sdi_report_world *world, struct sdi_report_annotation *ret, struct sdi_str line)
{
	if (ret->n_directives == SHOWN_LINES) {
		ret->more++;
		return;
	}
	if (!ret->directives)
		ret->directives = sdi_arena_array(&world->report->arena, SHOWN_LINES, struct sdi_str);
	struct sdi_diag_ctx show = { .scratch = &world->scratch };
	ret->directives[ret->n_directives++] = sdi_arena_copy(&world->report->arena, sdi_str_c(sdi_show(&show, line)));
}

static void compare(struct sdi_report_world *world, enum pass pass, struct sdi_report_annotation *ret)
{
	struct sdi_map before = count_lines(world, world->without, pass);
	for (size_t i = 0; i < sdi_bundle_count(world->with); i++) {
		struct sdi_str line, rest = data_of(world->with, i);
		while (is_shown(world->with, i, pass) && next_line(&rest, &line)) {
			size_t *left = sdi_map_get(&before, line);
			if (left && *left)
				--*left;
			else
				add_line(world, ret, line);
		}
	}
}

/* Jumps when out of memory. */
static struct sdi_bundle *bundle_of(struct sdi_report_world *world, const struct sdi_pick *pick)
{
	struct sdi_gateway *gateway = NULL;
	struct sdi_bundle *bundle = NULL;
	enum sdi_status status = sdi_translate_alone(world->store, world->settings, pick, world->gateway, &gateway);
	if (status == SDI_OK)
		status = sdi_emit(gateway, world->settings, world->proxy, NULL, &bundle);
	sdi_gateway_free(gateway);
	if (status == SDI_ENOMEM)
		longjmp(*world->scratch.oom, 1);
	return bundle; /* NULL: over a limit; then nothing is shown */
}

/* @pick without its @i-th annotation. */
static struct sdi_pick *without(struct sdi_report_world *world, const struct sdi_pick *pick, size_t i)
{
	struct sdi_ingress *copy = sdi_arena_new(&world->scratch, struct sdi_ingress);
	struct sdi_pick *less = sdi_arena_new(&world->scratch, struct sdi_pick);
	*copy = *pick->ingress;
	struct sdi_object *object = &copy->object;
	struct sdi_pair *kept = sdi_arena_array(&world->scratch, object->n_annotations, struct sdi_pair);
	for (size_t k = 0, n = 0; k < object->n_annotations; k++)
		if (k != i)
			kept[n++] = object->annotations[k];
	object->annotations = kept;
	object->n_annotations--;
	*less = *pick;
	less->ingress = copy;
	return less;
}

static void show(struct sdi_report_world *world, const struct sdi_pick *pick, size_t i,
                 struct sdi_report_annotation *ret)
{
	world->without = bundle_of(world, without(world, pick, i));
	if (world->without)
		compare(world, PASS_CONFIG, ret);
	if (world->without && !ret->n_directives)
		compare(world, PASS_OTHER, ret);
	sdi_bundle_free(sdi_take(&world->without));
}

void sdi_report_directives(struct sdi_report_world *world, const struct sdi_pick *pick, struct sdi_report_ingress *ret)
{
	for (size_t i = 0; i < ret->annotations.n; i++) {
		struct sdi_report_annotation *annotation = &ret->annotations.p[i];
		if (annotation->status != SDI_REPORT_EXACT && annotation->status != SDI_REPORT_PARTIAL)
			continue;
		if (!world->with && !(world->with = bundle_of(world, pick)))
			return;
		show(world, pick, i, annotation);
	}
	sdi_bundle_free(sdi_take(&world->with));
}
