/* SPDX-License-Identifier: BSD-3-Clause */
/* Plays one case on one proxy: manifests to bundle, bundle to a running proxy, requests to answers. */
#include "case.h"
#include <limits.h>
#include <sdingress/sdingress.h>

struct sdi_str play_expand(struct play *play, struct sdi_str text)
{
	struct sdi_buf out;
	ptrdiff_t from, to;
	if (sdi_str_find(text, '@') < 0)
		return text;
	sdi_buf_init(&out, 1u << 24);
	while ((from = sdi_str_find(text, '@')) >= 0) {
		struct sdi_str rest = sdi_str_from(text, (size_t)from + 1), name;
		to = sdi_str_find(rest, '@');
		name = sdi_str_head(rest, to < 0 ? 0 : (size_t)to);
		unsigned port = sdi_str_is(name, "http")   ? play->http :
		                sdi_str_is(name, "https")  ? play->https :
		                sdi_str_is(name, "port-1") ? play->spare[0] :
		                sdi_str_is(name, "port-2") ? play->spare[1] :
		                sdi_str_is(name, "syslog") ? play->syslog_port :
		                                             0;
		for (size_t g = 0; g < play->c->n_groups; g++)
			if (sdi_str_eq(play->c->groups[g].name, name))
				port = play->pool->ports[g];
		sdi_buf_add(&out, sdi_str_head(text, (size_t)from));
		if (port > 0)
			sdi_buf_uint(&out, port);
		else
			sdi_buf_char(&out, '@');
		text = port > 0 ? sdi_str_from(rest, name.n + 1) : rest;
	}
	sdi_buf_add(&out, text);
	struct sdi_str ret = sdi_arena_copy(&play->arena, sdi_buf_str(&out));
	sdi_buf_release(&out);
	return ret;
}

struct sdi_str play_backend(struct play *play, struct sdi_str probe)
{
	ptrdiff_t dot = sdi_str_find(probe, '.');
	size_t group = dot == 1 && sdi_is_digit(probe.p[0]) ? (size_t)(probe.p[0] - '0') : POOL_GROUPS;
	if (group >= play->c->n_groups)
		return probe;
	struct sdi_str name = play->c->groups[group].name;
	if (play->c->groups[group].count == 1)
		return name;
	return sdi_arena_printf(&play->arena, "%.*s-%d", SDI_STR_ARG(name), probe.p[2] - '0' + 1);
}

/* Settings: those of the lab, then the case's own. */
static bool set(struct play *play, struct sdi_settings *settings, const char *name, const char *value,
                struct sdi_diags *diags)
{
	if (sdi_settings_set(settings, name, value, diags) == SDI_OK)
		return true;
	sdi_buf_printf(&play->trouble, "setting %s: \"%s\" is refused\n", name, value);
	return false;
}

static bool set_args(struct play *play, struct sdi_settings *settings, struct sdi_diags *diags)
{
	const struct sdi_node *args = sdi_node_find(play->c->root, SDI_STR("args"));
	bool fine = true;
	for (const struct sdi_node *a = args ? args->first : NULL; a; a = a->next) {
		const char *key = sdi_arena_copy(&play->arena, a->key).p;
		const struct sdi_node *v = a->type == SDI_NODE_LIST ? a->first : a;
		for (; v; v = a->type == SDI_NODE_LIST ? v->next : NULL)
			fine &= set(play, settings, key, sdi_arena_copy(&play->arena, play_expand(play, v->text)).p,
			            diags);
	}
	return fine;
}

static bool set_default_certificate(struct play *play, struct sdi_settings *settings)
{
	const struct issue issue = { .dns = { SDI_STR_INIT("default.lab") }, .n_dns = 1 };
	const struct sdi_node *wanted = sdi_node_find(play->c->root, SDI_STR("default-certificate"));
	struct sdi_str chain, key, both;
	if (wanted && sdi_str_is(wanted->text, "none"))
		return true;
	bool fine = issue_certificate(&issue, &play->arena, &chain, &key);
	if (fine) {
		both = sdi_arena_printf(&play->arena, "%s%s", chain.p, key.p);
		fine = sdi_settings_set_default_certificate(settings, both.p, both.n) == SDI_OK;
	}
	if (!fine)
		sdi_buf_lit(&play->trouble, "the default certificate is refused\n");
	return fine;
}

static bool make_settings(struct play *play, struct sdi_settings *settings, struct sdi_diags *diags)
{
	struct sdi_arena *a = &play->arena;
	const char *module = getenv("SDI_NGINX_STREAM_MODULE");
	const struct {
		const char *name, *value;
	} ours[] = {
		{ "to", sdi_lab_proxy_name(play->target->kind) },
		{ "nginx-stream-module", module ? module : "/usr/lib/nginx/modules/ngx_stream_module.so" },
		{ "target-version", sdi_arena_printf(a, "%u.%u", play->target->major, play->target->minor).p },
		{ "http-port", sdi_arena_printf(a, "%u", play->http).p },
		{ "https-port", sdi_arena_printf(a, "%u", play->https).p },
		{ "ssl-passthrough-proxy-port", sdi_arena_printf(a, "%u", play->inner).p },
		{ "prefix", play->dir.path },
		{ "runtime-dir", sdi_arena_printf(a, "%s/run", play->dir.path).p },
	};
	const struct sdi_node *args = sdi_node_find(play->c->root, SDI_STR("args"));
	const char *missing, *setting;
	char path[PATH_MAX];
	for (size_t i = 0; case_module(play->c, i, &setting, path, sizeof(path), &missing); i++)
		if (!set(play, settings, setting, path, diags))
			return false;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (!set(play, settings, ours[i].name, ours[i].value, diags))
			return false;
	if (!sdi_node_find(args, SDI_STR("bind")) && !set(play, settings, "bind", "127.0.0.1", diags))
		return false;
	/* The probes are on loopback, where no endpoint may be without this. */
	if (!sdi_node_find(args, SDI_STR("allow-loopback")) && !set(play, settings, "allow-loopback", "true", diags))
		return false;
	return set_default_certificate(play, settings) && set_args(play, settings, diags);
}

static bool failed(struct play *play, const char *what, enum sdi_status status)
{
	if (status != SDI_OK)
		sdi_buf_printf(&play->trouble, "%s: %s\n", what, sdi_status_text(status));
	return status != SDI_OK;
}

static struct sdi_bundle *translate(struct play *play, struct sdi_store *store, struct sdi_settings *settings,
                                    struct sdi_diags *diags)
{
	struct sdi_gateway *gateway = NULL;
	struct sdi_bundle *bundle = NULL;
	const struct sdi_node *manifests = sdi_node_find(play->c->root, SDI_STR("manifests"));
	struct sdi_str ours = play_objects(play), theirs = { 0 };
	if (manifests)
		theirs = play_expand(play, manifests->text);
	if (play->trouble.n > 0 || !make_settings(play, settings, diags))
		return NULL;
	if ((ours.n && failed(play, "the case's services", sdi_store_read(store, ours.p, ours.n, "services", diags))) ||
	    (theirs.n && failed(play, "manifests", sdi_store_read(store, theirs.p, theirs.n, "manifests", diags))) ||
	    failed(play, "translate", sdi_translate(store, settings, diags, &gateway)))
		return NULL;
	if (failed(play, "emit", sdi_emit(gateway, settings, play->target->kind, diags, &bundle)))
		bundle = NULL;
	sdi_gateway_free(gateway);
	return bundle;
}

static bool has_reason(const struct sdi_diags *diags, struct sdi_str reason)
{
	size_t i = 0;
	while (i < sdi_diags_count(diags) && !sdi_str_is(reason, sdi_diag_reason(sdi_diags_get(diags, i))))
		i++;
	return i < sdi_diags_count(diags);
}

/* The reasons that the case wants to see among the diagnostics, and those that it does not. */
static void check_reasons(struct play *play, const struct sdi_diags *diags)
{
	const struct sdi_node *wanted = sdi_node_find(play->c->root, SDI_STR("reasons"));
	const struct sdi_node *unwanted = sdi_node_find(play->c->root, SDI_STR("no-reasons"));
	for (const struct sdi_node *n = wanted ? wanted->first : NULL; n; n = n->next)
		if (!has_reason(diags, n->text))
			sdi_buf_printf(&play->trouble, "no diagnostic has the reason %.*s\n", SDI_STR_ARG(n->text));
	for (const struct sdi_node *n = unwanted ? unwanted->first : NULL; n; n = n->next)
		if (has_reason(diags, n->text))
			sdi_buf_printf(&play->trouble, "a diagnostic has the reason %.*s\n", SDI_STR_ARG(n->text));
}

static void tell_diags(struct play *play, const struct sdi_diags *diags)
{
	for (size_t i = 0; play->trouble.n > 0 && i < sdi_diags_count(diags) && i < 12; i++) {
		const struct sdi_diag *d = sdi_diags_get(diags, i);
		sdi_buf_printf(&play->trouble, "  diagnostic %s: %s %s/%s %s: %s\n", sdi_diag_reason(d),
		               sdi_diag_kind(d), sdi_diag_namespace(d), sdi_diag_name(d), sdi_diag_field(d),
		               sdi_diag_text(d));
	}
}

/* A proxy that starts with a warning was given something that it did not like. */
static void check_log(struct play *play)
{
	static const char *const marks[] = { "[warn]", "[emerg]", "[alert]", "[crit]", "[WARNING]", "[ALERT]" };
	char path[128], line[1024];
	snprintf(path, sizeof(path), "%s/proxy.log", play->dir.path);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			if (strstr(line, marks[i]))
				sdi_buf_printf(&play->trouble, "the proxy said at its start: %s", line);
	if (f)
		fclose(f);
}

static void serve(struct play *play)
{
	struct sdi_lab_error error;
	struct sdi_lab_proxy *proxy =
		sdi_lab_proxy_start(play->target->kind, play->target->program, play->dir.path, &error);
	size_t i = 0;
	if (!proxy) {
		sdi_buf_printf(&play->trouble, "%s\n", error.text);
		return;
	}
	check_log(play);
	for (const struct sdi_node *r = sdi_node_find(play->c->root, SDI_STR("requests"))->first; r; r = r->next)
		play_request(play, r, i++);
	play_finish(play);
	if (!sdi_lab_proxy_alive(proxy))
		sdi_buf_lit(&play->trouble, "the proxy ended by itself\n");
	log_check(play);
	sdi_lab_proxy_stop(proxy);
}

void case_play(struct play *play)
{
	struct sdi_lab_error error;
	unsigned ports[5];
	sdi_buf_init(&play->trouble, 1u << 20);
	if (!sdi_lab_ports(ports, 5, &error) || !sdi_lab_dir_make(&play->dir, &error)) {
		sdi_buf_printf(&play->trouble, "%s\n", error.text);
		return;
	}
	play->http = ports[0], play->https = ports[1], play->spare[0] = ports[2], play->spare[1] = ports[3];
	play->inner = ports[4];
	log_listen(play);
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_settings *settings = sdi_settings_new();
	struct sdi_store *store = sdi_store_new();
	struct sdi_bundle *bundle = diags && settings && store ? translate(play, store, settings, diags) : NULL;
	if (bundle) {
		check_reasons(play, diags);
		if (sdi_lab_bundle_write(bundle, play->dir.path, &error))
			serve(play);
		else
			sdi_buf_printf(&play->trouble, "%s\n", error.text);
	} else if (play->trouble.n == 0) {
		sdi_buf_lit(&play->trouble, "no bundle was made\n");
	}
	log_close(play);
	tell_diags(play, diags);
	sdi_bundle_free(bundle);
	sdi_store_free(store);
	sdi_settings_free(settings);
	sdi_diags_free(diags);
}
