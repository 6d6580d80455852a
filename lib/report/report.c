/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From objects and diagnostics to a report. What an annotation's status is follows from its dialect's row joined with
 * the emitter's, unless a diagnostic says otherwise of this very one.
 */
#include "report.h"
#include "../base/limits.h"
#include "../dialect/configmap.h"
#include "../fidelity.h"
#include "world.h"

const char *const sdi_report_status_name[] = { "exact", "partial", "none", "ignored", "invalid" };
const char *const sdi_report_verdict_name[] = { "ready", "review", "blocked", "other" };

enum { VALUE_BYTES = 4096, LINE_BYTES = 600 }; /* of an annotation, as it is shown: snippets are whole scripts */

static struct sdi_str copy(struct sdi_report_world *world, const char *text)
{
	return sdi_arena_copy(&world->report->arena, sdi_str_c(text));
}

/* @s fit for people, line by line, up to VALUE_BYTES. */
static struct sdi_str show(struct sdi_report_world *world, struct sdi_str s)
{
	struct sdi_buf out;
	sdi_buf_init(&out, 2 * VALUE_BYTES);
	s = sdi_str_trim(s);
	bool cut = s.n > VALUE_BYTES;
	struct sdi_str line, rest = sdi_str_head(s, VALUE_BYTES);
	for (bool first = true; sdi_str_split(&rest, '\n', &line); first = false) {
		if (!first)
			sdi_buf_char(&out, '\n');
		sdi_buf_add(&out, sdi_show_most(&world->scratch, line, LINE_BYTES));
	}
	if (cut)
		sdi_buf_lit(&out, "\n…");
	bool failed = out.failed && out.n < VALUE_BYTES; /* else it was cut, which is fine */
	struct sdi_str text = failed ? (struct sdi_str){ 0 } : sdi_arena_copy(&world->scratch, sdi_buf_str(&out));
	sdi_buf_release(&out);
	if (failed)
		longjmp(*world->scratch.oom, 1);
	return sdi_arena_copy(&world->report->arena, text);
}

static struct sdi_str diags_key(struct sdi_arena *arena, struct sdi_str kind, struct sdi_str ns, struct sdi_str name)
{
	return sdi_join(arena, sdi_join(arena, kind, SDI_STR("/"), ns), SDI_STR("/"), name);
}

/* Diagnostics by the object they are about. */
static void index_diags(struct sdi_report_world *world)
{
	struct sdi_arena *arena = &world->report->arena;
	for (size_t i = 0; i < sdi_diags_count(world->diags); i++) {
		const struct sdi_diag *diag = sdi_diags_get(world->diags, i);
		struct sdi_str key = diags_key(arena, sdi_str_c(sdi_diag_kind(diag)),
		                               sdi_str_c(sdi_diag_namespace(diag)), sdi_str_c(sdi_diag_name(diag)));
		void **slot = sdi_map_put(&world->diags_of, key);
		if (!*slot)
			*slot = sdi_arena_new(arena, struct sdi_report_diags);
		*sdi_vec_push((struct sdi_report_diags *)*slot, arena) = diag;
	}
}

static const struct sdi_report_diags *diags_of(struct sdi_report_world *world, const struct sdi_object *object)
{
	static const struct sdi_report_diags none;
	struct sdi_str key =
		diags_key(&world->scratch, sdi_str_c(sdi_kind_name[object->kind]), object->ns, object->name);
	const struct sdi_report_diags *found = sdi_map_get(&world->diags_of, key);
	return found ? found : &none;
}

static bool says(const struct sdi_diag *diag, const char *reason)
{
	return strcmp(sdi_diag_reason(diag), reason) == 0;
}

/* The status that a diagnostic about the annotation itself gives it, over @status of the tables. */
static enum sdi_report_status status_by(const struct sdi_diag *diag, enum sdi_report_status status)
{
	static const struct {
		const char *reason;
		enum sdi_report_status status;
	} rows[] = {
		{ "annotation-unsupported", SDI_REPORT_NONE }, { "annotation-leaves-out", SDI_REPORT_NONE },
		{ "snippet-ignored", SDI_REPORT_NONE },        { "annotation-conflict", SDI_REPORT_IGNORED },
		{ "annotation-unknown", SDI_REPORT_INVALID },  { "value-invalid", SDI_REPORT_INVALID },
		{ "regex-invalid", SDI_REPORT_INVALID },       { "cross-namespace", SDI_REPORT_INVALID },
		{ "annotation-partial", SDI_REPORT_PARTIAL },  { "target-cannot", SDI_REPORT_PARTIAL },
		{ "secret-not-found", SDI_REPORT_INVALID },    { "secret-invalid", SDI_REPORT_INVALID },
		{ "protection-denied", SDI_REPORT_INVALID },   { "config-unknown", SDI_REPORT_INVALID },
		{ "annotation-refused", SDI_REPORT_NONE },     { "config-unsupported", SDI_REPORT_NONE },
		{ "config-ignored", SDI_REPORT_IGNORED },
	};
	if ((says(diag, "protection-denied") || says(diag, "target-cannot")) && status == SDI_REPORT_NONE)
		return status; /* nothing is wrong with the value: the proxy can't */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (says(diag, rows[i].reason))
			return rows[i].status;
	return status;
}

static enum sdi_report_status status_of(enum sdi_fidelity fidelity)
{
	switch (fidelity) {
	case SDI_FIDELITY_EXACT: return SDI_REPORT_EXACT;
	case SDI_FIDELITY_PARTIAL: return SDI_REPORT_PARTIAL;
	case SDI_FIDELITY_IGNORED: return SDI_REPORT_IGNORED;
	case SDI_FIDELITY_NONE:
	case SDI_FIDELITY_UNDECLARED: break;
	}
	return SDI_REPORT_NONE;
}

/* When the other proxy does it better: that. */
static struct sdi_str advice(struct sdi_report_world *world, const struct sdi_annotation *row,
                             const struct sdi_report_annotation *annotation)
{
	static const char *const texts[] = { [SDI_PROXY_HAPROXY] = "HAProxy does it exactly: --to haproxy",
		                             [SDI_PROXY_NGINX] = "NGINX does it exactly: --to nginx" };
	enum sdi_proxy other = world->proxy == SDI_PROXY_HAPROXY ? SDI_PROXY_NGINX : SDI_PROXY_HAPROXY;
	const char *why;
	switch (annotation->status) {
	case SDI_REPORT_EXACT: return SDI_STR("");
	case SDI_REPORT_IGNORED: return SDI_STR("nothing to do; it may be removed");
	case SDI_REPORT_INVALID: return SDI_STR("correct the value, or remove it");
	case SDI_REPORT_PARTIAL:
	case SDI_REPORT_NONE:
	case SDI_REPORT_STATUS__COUNT: break;
	}
	if (row &&
	    sdi_fidelity_of(row, annotation->value, other, sdi_emitter_get(other)->floor, &why) == SDI_FIDELITY_EXACT)
		return sdi_str_c(texts[other]);
	if (row && row->flags & SDI_ROW_SNIPPET)
		return SDI_STR("say the same with annotations; `sdingress annotations` lists them");
	if (annotation->status == SDI_REPORT_NONE)
		return annotation->guard ? SDI_STR("everything of this Ingress answers 503 until it is removed; keep "
		                                   "people out another way first") :
		                           SDI_STR("move it into the application, or do without");
	return SDI_STR("check that the difference does not matter to you");
}

/* Of a row with that value; with a module that the operator's settings do not name, the proxy can't. */
static enum sdi_report_status status_with(const struct sdi_report_world *world, const struct sdi_annotation *row,
                                          struct sdi_str text, const char **ret_why)
{
	const struct sdi_value value = { .row = row, .text = sdi_str_trim(text) };
	if (row->flags & SDI_ROW_ENABLES && !sdi_value_guards(&value)) {
		*ret_why = "";
		return SDI_REPORT_EXACT; /* it is off, and asks for nothing */
	}
	enum sdi_report_status status = status_of(sdi_fidelity_of(row, text, world->proxy, world->version, ret_why));
	return row->field == SDI_FIELD_WAF && !world->settings->modsecurity_module.n ? SDI_REPORT_NONE : status;
}

/* What diagnostics about the very same say over the tables, and what to do about it. */
static void judge(struct sdi_report_world *world, const struct sdi_annotation *row,
                  const struct sdi_report_diags *diags, const char *why, struct sdi_report_annotation *ret)
{
	ret->reason = copy(world, why);
	for (size_t i = 0; i < diags->n; i++) {
		const struct sdi_diag *diag = diags->p[i];
		if (!sdi_str_is(ret->key, sdi_diag_field(diag)))
			continue;
		ret->status = status_by(diag, ret->status);
		ret->reason = copy(world, sdi_diag_text(diag));
	}
	ret->advice = advice(world, row, ret);
}

static void read_annotation(struct sdi_report_world *world, const struct sdi_pick *pick, const struct sdi_pair *pair,
                            const struct sdi_report_diags *diags, struct sdi_report_annotation *ret)
{
	enum sdi_dialect_id dialect;
	const struct sdi_annotation *row = NULL;
	const char *why = "it is not for the proxy";
	ret->key = show(world, pair->key);
	ret->value = show(world, pair->value);
	ret->dialect = "";
	ret->status = SDI_REPORT_IGNORED;
	if (pick && sdi_pick_reads(pick, pair->key, &dialect, &row)) {
		ret->dialect = sdi_dialect_get(dialect)->name;
		why = "there is no such annotation";
		ret->status = SDI_REPORT_INVALID;
		if (row)
			ret->status = status_with(world, row, pair->value, &why);
		ret->guard = row && row->flags & SDI_ROW_GUARD;
	} else if (sdi_annotation_find(pair->key, &dialect, &row)) {
		ret->dialect = sdi_dialect_get(dialect)->name;
		why = "it is for another controller than that of the Ingress's class";
	}
	judge(world, row, diags, why, ret);
}

static void read_key(struct sdi_report_world *world, const struct sdi_pair *pair, const struct sdi_report_diags *diags,
                     struct sdi_report_annotation *ret)
{
	const struct sdi_config_key *key = sdi_config_key_find(pair->key);
	const struct sdi_annotation *row = key ? sdi_config_key_row(key) : NULL;
	const char *why = "there is no such key";
	ret->key = show(world, pair->key);
	ret->value = show(world, pair->value);
	ret->dialect = SDI_CONFIG_KEYS_NAME;
	ret->status = row ? status_with(world, row, pair->value, &why) : SDI_REPORT_INVALID;
	ret->guard = row && row->flags & SDI_ROW_GUARD;
	judge(world, row, diags, why, ret);
	world->report->config.statuses[ret->status]++;
}

static void read_config(struct sdi_report_world *world)
{
	const struct sdi_ns_name *ref = &world->settings->configmap;
	const struct sdi_configmap *map = NULL;
	struct sdi_report_config *config = &world->report->config;
	if (ref->name.n)
		map = (const struct sdi_configmap *)sdi_store_find(world->store, SDI_KIND_CONFIGMAP, ref->ns,
		                                                   ref->name);
	if (!map)
		return;
	config->ns = show(world, ref->ns);
	config->name = show(world, ref->name);
	const struct sdi_report_diags *diags = diags_of(world, &map->object);
	for (size_t i = 0; i < map->n_data; i++)
		read_key(world, &map->data[i], diags, sdi_vec_push(&config->keys, &world->report->arena));
}

/* Whether it is told with a key of the controller's ConfigMap. */
static bool is_about_key(const struct sdi_report_world *world, const struct sdi_diag *diag)
{
	const struct sdi_report_config *config = &world->report->config;
	if (strcmp(sdi_diag_kind(diag), "ConfigMap") != 0 || !sdi_str_is(config->ns, sdi_diag_namespace(diag)) ||
	    !sdi_str_is(config->name, sdi_diag_name(diag)))
		return false;
	for (size_t i = 0; i < config->keys.n; i++)
		if (sdi_str_is(config->keys.p[i].key, sdi_diag_field(diag)))
			return true;
	return false;
}

static struct sdi_report_finding finding_of(struct sdi_report_world *world, const struct sdi_diag *diag)
{
	return (struct sdi_report_finding){
		.severity = sdi_diag_severity(diag),
		.effect = sdi_diag_effect(diag),
		.reason = copy(world, sdi_diag_reason(diag)),
		.field = copy(world, sdi_diag_field(diag)),
		.text = copy(world, sdi_diag_text(diag)),
		.kind = copy(world, sdi_diag_kind(diag)),
		.ns = copy(world, sdi_diag_namespace(diag)),
		.name = copy(world, sdi_diag_name(diag)),
	};
}

static bool is_about_annotation(const struct sdi_object *object, const struct sdi_diag *diag)
{
	for (size_t i = 0; i < object->n_annotations; i++)
		if (sdi_str_is(object->annotations[i].key, sdi_diag_field(diag)))
			return true;
	return false;
}

static enum sdi_report_verdict verdict_of(const struct sdi_report_ingress *ingress,
                                          const struct sdi_report_diags *diags)
{
	enum sdi_report_verdict verdict = SDI_REPORT_READY;
	for (size_t i = 0; i < diags->n; i++) {
		enum sdi_effect effect = sdi_diag_effect(diags->p[i]);
		if (sdi_diag_severity(diags->p[i]) == SDI_SEVERITY_NOTE)
			continue;
		if (effect == SDI_EFFECT_DENIED || effect == SDI_EFFECT_LEFT_OUT)
			return SDI_REPORT_BLOCKED;
		if (effect == SDI_EFFECT_DEGRADED)
			verdict = SDI_REPORT_REVIEW;
	}
	for (size_t i = 0; i < ingress->annotations.n; i++) {
		enum sdi_report_status status = ingress->annotations.p[i].status;
		if (status != SDI_REPORT_EXACT && status != SDI_REPORT_IGNORED)
			verdict = SDI_REPORT_REVIEW;
	}
	return verdict;
}

static void add_host(struct sdi_report_world *world, struct sdi_report_ingress *ret, struct sdi_str host)
{
	struct sdi_str shown = show(world, sdi_arena_lower(&world->scratch, host));
	for (size_t i = 0; i < ret->hosts.n; i++)
		if (sdi_str_eq(ret->hosts.p[i], shown))
			return;
	*sdi_vec_push(&ret->hosts, &world->report->arena) = shown;
}

/* Whether the Ingress is nobody's here because of its class, and that is as it should be. */
static bool is_others(const struct sdi_report_diags *diags)
{
	for (size_t i = 0; i < diags->n; i++)
		if (says(diags->p[i], "other-class"))
			return true;
	return false;
}

static void read_ingress(struct sdi_report_world *world, const struct sdi_ingress *ingress, const struct sdi_pick *pick)
{
	const struct sdi_object *object = &ingress->object;
	const struct sdi_report_diags *diags = diags_of(world, object);
	struct sdi_arena *arena = &world->report->arena;
	struct sdi_report_ingress *ret = sdi_vec_push(&world->report->ingresses, arena);
	const struct sdi_str *class = sdi_object_annotation(object, SDI_STR("kubernetes.io/ingress.class"));
	*ret = (struct sdi_report_ingress){
		.ns = show(world, object->ns),
		.name = show(world, object->name),
		.file = copy(world, object->origin.file),
		.line = object->origin.line,
		.class_name = show(world, ingress->class_name.n ? ingress->class_name :
		                          class                 ? *class :
		                                                  SDI_STR("")),
	};
	for (size_t i = 0; i < ingress->n_rules; i++)
		add_host(world, ret, ingress->rules[i].host);
	if (!ingress->n_rules)
		add_host(world, ret, SDI_STR(""));
	for (size_t i = 0; i < object->n_annotations; i++)
		read_annotation(world, pick, &object->annotations[i], diags, sdi_vec_push(&ret->annotations, arena));
	for (size_t i = 0; i < diags->n; i++)
		if (!is_about_annotation(object, diags->p[i]))
			*sdi_vec_push(&ret->findings, arena) = finding_of(world, diags->p[i]);
	ret->verdict = !pick && is_others(diags) ? SDI_REPORT_OTHERS : verdict_of(ret, diags);
	if (pick)
		sdi_report_directives(world, pick, ret);
}

static bool is_wanted(const struct sdi_settings *settings, struct sdi_str ns)
{
	for (size_t i = 0; i < settings->namespaces.n; i++)
		if (sdi_str_eq(settings->namespaces.p[i], ns))
			return true;
	return !settings->namespaces.n;
}

/* Not inlined: gcc would warn of its variables around setjmp(). */
__attribute__((noinline)) static void read_all(struct sdi_report_world *world)
{
	struct sdi_map picks = { .arena = &world->report->arena }; /* by object */
	const struct sdi_object *object;
	if (!sdi_translate_picks(world->store, world->settings, &world->report->arena, &world->picks, &world->n_picks))
		longjmp(*world->scratch.oom, 1);
	for (size_t i = 0; i < world->n_picks; i++) {
		object = &world->picks[i].ingress->object;
		*sdi_map_put(&picks, sdi_join(picks.arena, object->ns, SDI_STR("/"), object->name)) = &world->picks[i];
	}
	index_diags(world);
	read_config(world);
	for (size_t i = 0; (object = sdi_store_get(world->store, SDI_KIND_INGRESS, i)); i++) {
		sdi_arena_clear(&world->scratch);
		if (is_wanted(world->settings, object->ns))
			read_ingress(
				world, (const struct sdi_ingress *)object,
				sdi_map_get(&picks, sdi_join(&world->scratch, object->ns, SDI_STR("/"), object->name)));
	}
	for (size_t i = 0; i < sdi_diags_count(world->diags); i++) {
		const struct sdi_diag *diag = sdi_diags_get(world->diags, i);
		if (strcmp(sdi_diag_kind(diag), "Ingress") != 0 && !is_about_key(world, diag))
			*sdi_vec_push(&world->report->others, &world->report->arena) = finding_of(world, diag);
	}
	sdi_report_count(world->report);
}

static struct sdi_report *new_report(enum sdi_proxy proxy, struct sdi_version_number version)
{
	struct sdi_report *report = sdi_malloc(sizeof(*report));
	if (report)
		*report = (struct sdi_report){
			.proxy = proxy,
			.proxy_name = proxy == SDI_PROXY_HAPROXY ? "HAProxy" : "NGINX",
			.major = version.major,
			.minor = version.minor,
		};
	return report;
}

/* False: out of memory. @world lives with the caller, so that the jump leaves it intact. */
static bool run(struct sdi_report_world *world)
{
	jmp_buf oom;
	if (setjmp(oom)) {
		world->report->arena.oom = NULL;
		return false;
	}
	world->report->arena.oom = world->scratch.oom = &oom;
	read_all(world);
	world->report->arena.oom = NULL;
	return true;
}

enum sdi_status sdi_report_new(const struct sdi_store *store, const struct sdi_settings *settings,
                               struct sdi_diags *diags, const struct sdi_gateway *gateway, enum sdi_proxy proxy,
                               struct sdi_report **ret)
{
	const struct sdi_emitter *emitter = sdi_emitter_get(proxy);
	if (!store || !diags || !gateway || !emitter || !ret)
		return SDI_EINVAL;
	if (!settings)
		settings = sdi_settings_defaults();
	struct sdi_report_world world = { store, settings, diags, gateway, proxy, .version = settings->target_version };
	if (!sdi_version_at_least(world.version, emitter->floor.major, emitter->floor.minor))
		world.version = emitter->floor;
	struct sdi_report *report = new_report(proxy, world.version);
	if (!report)
		return SDI_ENOMEM;
	world.report = report;
	world.diags_of.arena = &report->arena;
	sdi_diags_sort(diags);
	bool done = run(&world);
	if (done)
		*ret = report;
	sdi_bundle_free(world.with);
	sdi_bundle_free(world.without);
	sdi_arena_release(&world.scratch);
	if (!done)
		sdi_report_free(report);
	return done ? SDI_OK : SDI_ENOMEM;
}

void sdi_report_free(struct sdi_report *report)
{
	if (!report)
		return;
	sdi_arena_release(&report->arena);
	free(report);
}

enum sdi_status sdi_report_write(const struct sdi_report *report, const char *format, char **ret, size_t *ret_n)
{
	static const struct {
		const char *name;
		sdi_report_write_fn *write;
	} formats[] = { { "text", sdi_report_text },
		        { "json", sdi_report_json },
		        { "markdown", sdi_report_markdown },
		        { "html", sdi_report_html } };
	if (!report || !format || !ret || !ret_n)
		return SDI_EINVAL;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(format, formats[i].name) != 0)
			continue;
		struct sdi_buf out;
		sdi_buf_init(&out, SDI_LIMIT_FILE_BYTES);
		formats[i].write(report, &out);
		bool limit = out.failed && out.n > SDI_LIMIT_FILE_BYTES / 2;
		char *text = sdi_buf_take(&out, ret_n);
		sdi_buf_release(&out);
		if (!text)
			return limit ? SDI_ELIMIT : SDI_ENOMEM;
		*ret = text;
		return SDI_OK;
	}
	return SDI_EINVAL;
}
