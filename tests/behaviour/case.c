/* SPDX-License-Identifier: BSD-3-Clause */
#include "case.h"
#include "../../lib/source/yaml.h"
#include <sdingress/registry.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

static const char *const case_keys[] = {
	"name",      "description",  "args",
	"targets",   "namespace",    "probes",
	"services",  "certificates", "default-certificate",
	"manifests", "host",         "requests",
	"reasons",   "no-reasons",   "log",
	"denies",    "no-log",       "modules",
	"syslog",    NULL,
};
static const char *const request_keys[] = {
	"method",     "target",  "host",       "headers", "tls",
	"sni",        "http",    "source",     "body",    "body-size",
	"session",    "chunked", "raw",        "then",    "repeat",
	"timeout_ms", "targets", "expect",     "why",     "client-certificate",
	"idle_ms",    "udp",     "background", "port",    "ciphers",
	"proxy",      "digest",  NULL,
};
static const char *const digest_keys[] = {
	"user", "password", "realm", "nonce", "uri", "method", "nc", "qop", "response", "again", NULL,
};
static const char *const expect_keys[] = {
	"status",           "backend", "target",   "method",     "location", "headers",
	"response-headers", "body",    "received", "body-bytes", "size",     "cert",
	"spread",           "same",    "share",    "http",       "failure",  NULL,
};

bool pool_start(struct pool *pool, struct sdi_lab_error *error)
{
	static const char *const addresses[POOL_SIZE] = {
		"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5",
		"127.0.0.6", "127.0.0.7", "127.0.0.8", "127.0.0.9", "127.0.0.10",
	};
	if (!sdi_lab_ports(pool->ports, POOL_GROUPS, error))
		return false;
	for (size_t i = 0; i < POOL_GROUPS * POOL_SIZE; i++) {
		snprintf(pool->names[i], sizeof(pool->names[i]), "%zu.%zu", i / POOL_SIZE, i % POOL_SIZE);
		pool->list[i] =
			(struct sdi_lab_probe){ pool->names[i], addresses[i % POOL_SIZE], pool->ports[i / POOL_SIZE] };
	}
	pool->probes = sdi_lab_probes_start(pool->list, POOL_GROUPS * POOL_SIZE, error);
	return pool->probes != NULL;
}

const char *case_module(const struct behaviour_case *c, size_t i, const char **ret_setting, char *path, size_t size,
                        const char **ret_why)
{
	static const struct {
		const char *word, *setting, *file, *missing;
	} modules[] = {
#define NAMED(module) "there is no module of " module " for this NGINX"
		{ "modsecurity", "nginx-modsecurity-module", "ngx_http_modsecurity_module.so",
		  NAMED("libnginx-mod-http-modsecurity") },
		{ "brotli", "nginx-brotli-module", "ngx_http_brotli_filter_module.so",
		  NAMED("libnginx-mod-http-brotli-filter") },
		{ "headers-more", "nginx-headers-more-module", "ngx_http_headers_more_filter_module.so",
		  NAMED("libnginx-mod-http-headers-more-filter") },
	};
	const struct sdi_node *wanted = sdi_node_find(c->root, SDI_STR("modules"));
	const char *dir = getenv("SDI_NGINX_MODULES");
	for (size_t k = 0; wanted && k < sizeof(modules) / sizeof(modules[0]); k++) {
		if (!node_lists(wanted, modules[k].word) || i-- > 0)
			continue;
		*ret_setting = modules[k].setting;
		snprintf(path, size, "%s/%s", dir ? dir : "/usr/lib/nginx/modules", modules[k].file);
		*ret_why = access(path, R_OK) != 0 ? modules[k].missing :
		           k == 0 && access("/usr/share/modsecurity-crs/rules", R_OK) ?
		                             "modsecurity-crs is not installed" :
		                             NULL;
		return path;
	}
	return NULL;
}

bool node_lists(const struct sdi_node *node, const char *word)
{
	if (!node)
		return true;
	if (node->type != SDI_NODE_LIST)
		return sdi_str_is(node->text, word);
	for (const struct sdi_node *n = node->first; n; n = n->next)
		if (sdi_str_is(n->text, word))
			return true;
	return false;
}

/* A key that nobody reads is a mistake of the case's writer: without this it would pass silently. */
static bool keys_known(const struct behaviour_case *c, const struct sdi_node *map, const char *const *keys,
                       struct sdi_lab_error *error)
{
	for (const struct sdi_node *n = sdi_node_is(map, SDI_NODE_MAP) ? map->first : NULL; n; n = n->next) {
		size_t i = 0;
		while (keys[i] && !sdi_str_is(n->key, keys[i]))
			i++;
		if (!keys[i])
			return sdi_lab_fail(error, "%s:%u: unknown key \"%.*s\"", c->file, n->line,
			                    SDI_STR_ARG(n->key));
	}
	return true;
}

static bool add_group(struct behaviour_case *c, struct sdi_str name, unsigned count, struct sdi_lab_error *error)
{
	for (size_t i = 0; i < c->n_groups; i++)
		if (sdi_str_eq(c->groups[i].name, name))
			return true;
	if (c->n_groups == POOL_GROUPS || count < 1 || count > POOL_SIZE)
		return sdi_lab_fail(error, "%s: at most %d names of probes, of at most %d each", c->file, POOL_GROUPS,
		                    POOL_SIZE);
	c->groups[c->n_groups].name = name;
	c->groups[c->n_groups++].count = count;
	return true;
}

/* Probes by name: those of `probes` with their numbers, then one for each of `services`. */
static bool read_groups(struct behaviour_case *c, struct sdi_lab_error *error)
{
	const struct sdi_node *probes = sdi_node_find(c->root, SDI_STR("probes"));
	const struct sdi_node *services = sdi_node_find(c->root, SDI_STR("services"));
	for (const struct sdi_node *n = probes ? probes->first : NULL; n; n = n->next) {
		int64_t count = 0;
		sdi_node_int(n, &count);
		if (!add_group(c, n->key, (unsigned)count, error))
			return false;
	}
	for (const struct sdi_node *n = services ? services->first : NULL; n; n = n->next) {
		ptrdiff_t slash = sdi_str_find(n->text, '/');
		if (!add_group(c, sdi_str_from(n->text, slash < 0 ? 0 : (size_t)slash + 1), 1, error))
			return false;
	}
	return true;
}

static bool check_requests(struct behaviour_case *c, struct sdi_lab_error *error)
{
	const struct sdi_node *requests = sdi_node_find(c->root, SDI_STR("requests"));
	if (!sdi_node_is(requests, SDI_NODE_LIST) || requests->n == 0)
		return sdi_lab_fail(error, "%s: no requests", c->file);
	for (const struct sdi_node *r = requests->first; r; r = r->next) {
		if (r->type == SDI_NODE_LIST && r->n == 3)
			continue;
		const struct sdi_node *expect = sdi_node_find(r, SDI_STR("expect"));
		if (r->type != SDI_NODE_MAP || !expect)
			return sdi_lab_fail(error,
			                    "%s:%u: a request is [HOST, TARGET, ANSWER] or a map with \"expect\"",
			                    c->file, r->line);
		if (!keys_known(c, r, request_keys, error) || !keys_known(c, expect, expect_keys, error) ||
		    !keys_known(c, sdi_node_find(r, SDI_STR("digest")), digest_keys, error))
			return false;
	}
	return true;
}

/* Whether @request goes to @host and must be refused by the proxy: 401, 403, 503, or no answer at all. */
static bool expects_refusal(const struct sdi_node *request, struct sdi_str host)
{
	static const char *const refusals[] = { "401", "403", "503" };
	bool listed = request->type == SDI_NODE_LIST;
	const struct sdi_node *to = listed ? request->first : sdi_node_find(request, SDI_STR("host"));
	const struct sdi_node *expect = listed ? request->first->next->next : sdi_node_find(request, SDI_STR("expect"));
	const struct sdi_node *status =
		expect->type == SDI_NODE_MAP ? sdi_node_find(expect, SDI_STR("status")) : expect;
	const struct sdi_node *failure = sdi_node_find(expect, SDI_STR("failure"));
	if (!to || !sdi_str_eq(to->text, host))
		return false;
	for (size_t i = 0; status && i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (sdi_str_is(status->text, refusals[i]))
			return true;
	return failure && sdi_str_is(failure->text, "true");
}

/* Whether ingress-nginx's annotation @name restricts access and a manifest of the case has it. */
static bool guard_is_used(struct behaviour_case *c, struct sdi_str name)
{
	const struct sdi_node *manifests = sdi_node_find(c->root, SDI_STR("manifests"));
	struct sdi_annotation_info a;
	struct sdi_buf key;
	bool ret = false;
	sdi_buf_init(&key, 256);
	sdi_buf_lit(&key, "nginx.ingress.kubernetes.io/");
	sdi_buf_add(&key, name);
	struct sdi_str annotation = sdi_buf_str(&key);
	for (size_t i = 0; !key.failed && !ret && sdi_registry_get(i, &a) == SDI_OK; i++)
		ret = a.guard && sdi_str_is(annotation, a.key);
	sdi_buf_lit(&key, ":");
	ret = ret && manifests && sdi_str_has(manifests->text, sdi_buf_str(&key));
	sdi_buf_release(&key);
	return ret;
}

/* `denies` counts as proof (tests/coverage/run): a name misspelt there, or one that nothing asks for, would be none. */
static bool check_denies(struct behaviour_case *c, struct sdi_lab_error *error)
{
	const struct sdi_node *denies = sdi_node_find(c->root, SDI_STR("denies"));
	const struct sdi_node *requests = sdi_node_find(c->root, SDI_STR("requests"));
	for (const struct sdi_node *n = denies ? denies->first : NULL; n; n = n->next) {
		bool refused = false;
		if (!guard_is_used(c, n->key))
			return sdi_lab_fail(error,
			                    "%s:%u: \"%.*s\" restricts nothing, or no manifest of the case has it",
			                    c->file, n->line, SDI_STR_ARG(n->key));
		for (const struct sdi_node *r = requests->first; r && !refused; r = r->next)
			refused = expects_refusal(r, n->text);
		if (!refused)
			return sdi_lab_fail(error, "%s:%u: no request to \"%.*s\" expects 401, 403, 503 or failure",
			                    c->file, n->line, SDI_STR_ARG(n->text));
	}
	return true;
}

static bool load(struct behaviour_case *c, struct sdi_str *ret, struct sdi_lab_error *error)
{
	FILE *f = fopen(c->file, "re");
	char *text = f ? sdi_arena_alloc(&c->arena, FILE_MAX) : NULL;
	size_t n = text ? fread(text, 1, FILE_MAX, f) : 0;
	if (f)
		fclose(f);
	*ret = sdi_str_make(text, n);
	return (n > 0 && n < FILE_MAX) || sdi_lab_fail(error, "%s can't be read", c->file);
}

bool case_read(struct behaviour_case *c, const char *file, struct sdi_lab_error *error)
{
	struct sdi_str text;
	struct sdi_parse_error parse = { .line = 0 };
	*c = (struct behaviour_case){ .file = file };
	if (!load(c, &text, error))
		return false;
	c->root = sdi_yaml_parse(text, &c->arena, &parse);
	if (!c->root)
		return sdi_lab_fail(error, "%s:%u:%u: %s", file, parse.line, parse.column, parse.text);
	if (c->root->type != SDI_NODE_MAP)
		return sdi_lab_fail(error, "%s: not a map", file);
	const struct sdi_node *name = sdi_node_find(c->root, SDI_STR("name"));
	c->name = name ? name->text : sdi_str_c(file);
	return keys_known(c, c->root, case_keys, error) && read_groups(c, error) && check_requests(c, error) &&
	       check_denies(c, error);
}

void case_release(struct behaviour_case *c)
{
	sdi_arena_release(&c->arena);
}
