/* SPDX-License-Identifier: BSD-3-Clause */
#include "settings.h"
#include "base/limits.h"
#include "diag.h"
#include "model/model.h"
#include "source/json.h"
#include <arpa/inet.h>

struct setting;
typedef bool parse_fn(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want);

struct setting {
	struct sdi_setting_info info;
	parse_fn *parse;
	size_t slot;     /* offsetof(struct sdi_settings, …) */
	const void *arg; /* words of an enum, grammar of a list */
};

/* Where Debian has it. */
#define STREAM_MODULE "/usr/lib/nginx/modules/ngx_stream_module.so"

#define SLOT(s, row, type) ((type *)(void *)((char *)(s) + (row)->slot))

typedef bool grammar_fn(struct sdi_str s);

struct grammar {
	grammar_fn *fits;
	const char *want;
};

struct word {
	const char *text;
	unsigned value;
};

/* A controller's name: a domain and a path. The API allows more than fits here: only what both proxies' texts and
 * terminals show as it is. */
static bool is_controller(struct sdi_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = sdi_lower(s.p[i]);
		if (!sdi_is_alnum_lower(c) && c != '.' && c != '/' && c != '_' && c != '-')
			return false;
	}
	return s.n > 0 && s.n <= 250;
}

/* "192.0.2.1", "2001:db8::1" or "[2001:db8::1]". */
static bool is_address(struct sdi_str s)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char address[16];
	bool brackets = s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']';
	if (brackets)
		s = sdi_str_make(s.p + 1, s.n - 2);
	if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, '\0', s.n))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return (!brackets && inet_pton(AF_INET, text, address) == 1) || inet_pton(AF_INET6, text, address) == 1;
}

static bool is_bind(struct sdi_str s)
{
	return sdi_str_is(s, "*") || is_address(s);
}

static const struct grammar class_grammar = { sdi_name_is_subdomain, "the name of an IngressClass" };
static const struct grammar controller_grammar = { is_controller, "a controller's name like k8s.io/ingress-nginx" };
static const struct grammar namespace_grammar = { sdi_name_is_label, "the name of a namespace" };
static const struct grammar bind_grammar = { is_bind, "an IPv4 or IPv6 address, or *" };
static const struct grammar resolver_grammar = { is_address, "an IPv4 or IPv6 address" };

static struct sdi_str without_brackets(struct sdi_str s)
{
	return s.n > 2 && s.p[0] == '[' ? sdi_str_make(s.p + 1, s.n - 2) : s;
}

static bool parse_list(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	const struct grammar *grammar = row->arg;
	*ret_want = grammar->want;
	struct sdi_strs *list = SLOT(s, row, struct sdi_strs);
	if (!grammar->fits(value))
		return false;
	if (sdi_str_is(value, "*")) { /* all addresses, which is what no address means */
		*list = (struct sdi_strs){ 0 };
		return true;
	}
	value = without_brackets(value);
	for (size_t i = 0; i < list->n; i++)
		if (sdi_str_eq(list->p[i], value))
			return true;
	struct sdi_str copy = sdi_arena_copy(&s->arena, value);
	*sdi_vec_push(list, &s->arena) = copy;
	return true;
}

static bool parse_bool(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	*ret_want = "true or false";
	if (!sdi_str_is(value, "true") && !sdi_str_is(value, "false"))
		return false;
	*SLOT(s, row, bool) = sdi_str_is(value, "true");
	return true;
}

static bool is_port(struct sdi_str s, unsigned *ret)
{
	unsigned port = 0;
	if (s.n == 0 || s.n > 5)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!sdi_is_digit(s.p[i]))
			return false;
		port = port * 10 + (unsigned)(s.p[i] - '0');
	}
	*ret = port;
	return port <= UINT16_MAX;
}

static bool parse_port(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	unsigned port;
	*ret_want = "a port from 0 to 65535";
	if (!is_port(value, &port))
		return false;
	*SLOT(s, row, unsigned) = port;
	return true;
}

static bool parse_word(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	*ret_want = row->info.value;
	for (const struct word *word = row->arg; word->text; word++)
		if (sdi_str_is(value, word->text)) {
			*SLOT(s, row, unsigned) = word->value;
			return true;
		}
	return false;
}

static bool parse_target(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	*ret_want = row->info.value;
	if (!sdi_str_is(value, "haproxy") && !sdi_str_is(value, "nginx"))
		return false;
	s->to_nginx = sdi_str_is(value, "nginx");
	return true;
}

/* "2.6", "3.0.11": what comes after the second number does not count. */
static bool parse_version(struct sdi_settings *s, const struct setting *row, struct sdi_str value,
                          const char **ret_want)
{
	struct sdi_str part, rest = value;
	unsigned numbers[2] = { 0 };
	int n = 0;
	*ret_want = "a version like 2.6 or 1.22.1";
	while (sdi_str_split(&rest, '.', &part)) {
		unsigned number = 0;
		if (part.n == 0 || part.n > 4)
			return false;
		for (size_t i = 0; i < part.n; i++) {
			if (!sdi_is_digit(part.p[i]))
				return false;
			number = number * 10 + (unsigned)(part.p[i] - '0');
		}
		if (n < 2)
			numbers[n] = number;
		n++;
	}
	if (n < 2)
		return false;
	*SLOT(s, row, struct sdi_version_number) = (struct sdi_version_number){ numbers[0], numbers[1] };
	return true;
}

/*
 * A path that the configuration refers to. Only bytes that mean themselves between quotes in both proxies'
 * configuration: this is the operator's own path, and a plain one is never in the way.
 */
static bool parse_path(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	*ret_want = "an absolute path of letters, digits and . _ - / + @ , : without . and .. parts";
	if (value.n == 0 || value.n > 1024 || value.p[0] != '/')
		return false;
	for (size_t i = 0; i < value.n; i++) {
		char c = sdi_lower(value.p[i]);
		if (!sdi_is_alnum_lower(c) && (c == '\0' || !strchr("._-/+@,:=~()[] ", c)))
			return false;
	}
	struct sdi_str part, rest = value;
	while (sdi_str_split(&rest, '/', &part))
		if (sdi_str_is(part, "..") || sdi_str_is(part, "."))
			return false;
	while (value.n > 1 && value.p[value.n - 1] == '/')
		value.n--;
	*SLOT(s, row, struct sdi_str) = sdi_arena_copy(&s->arena, value);
	return true;
}

static bool parse_module(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	if (sdi_str_is(value, "built-in")) {
		*SLOT(s, row, struct sdi_str) = SDI_STR("");
		return true;
	}
	return parse_path(s, row, value, ret_want);
}

static bool parse_rules(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	if (sdi_str_is(value, "debian")) {
		*SLOT(s, row, struct sdi_str) = SDI_STR("debian");
		return true;
	}
	return parse_path(s, row, value, ret_want);
}

static bool parse_user(struct sdi_settings *s, const struct setting *row, struct sdi_str value, const char **ret_want)
{
	*ret_want = "the name of a user";
	for (size_t i = 0; i < value.n; i++)
		if (!sdi_is_alnum_lower(value.p[i]) && (i == 0 || value.p[i] != '-') && value.p[i] != '_')
			return false;
	if (!value.n || value.n > 32)
		return false;
	*SLOT(s, row, struct sdi_str) = sdi_arena_copy(&s->arena, value);
	return true;
}

/* NS/NAME, and :PORT where the row's value says so. */
static bool parse_ns_name(struct sdi_settings *s, const struct setting *row, struct sdi_str value,
                          const char **ret_want)
{
	struct sdi_ns_name ref = { 0 };
	struct sdi_str rest = value;
	*ret_want = row->info.value;
	if (!sdi_str_split(&rest, '/', &ref.ns) || !sdi_name_is_label(ref.ns) || !rest.p)
		return false;
	if (row->arg) {
		if (!sdi_str_split(&rest, ':', &ref.name) || !rest.p)
			return false;
		unsigned number = 0;
		ref.port = rest;
		if (is_port(rest, &number) ? number == 0 : !sdi_name_is_port(rest))
			return false;
	} else {
		ref.name = rest;
	}
	if (!sdi_name_is_subdomain(ref.name))
		return false;
	ref.ns = sdi_arena_copy(&s->arena, ref.ns);
	ref.name = sdi_arena_copy(&s->arena, ref.name);
	ref.port = sdi_arena_copy(&s->arena, ref.port);
	*SLOT(s, row, struct sdi_ns_name) = ref;
	return true;
}

static const struct word redirect_words[] = {
	{ "auto", SDI_REDIRECT_AUTO }, { "always", SDI_REDIRECT_ALWAYS }, { "never", SDI_REDIRECT_NEVER }, { NULL, 0 }
};
static const struct word code_words[] = { { "301", 301 }, { "302", 302 }, { "303", 303 },
	                                  { "307", 307 }, { "308", 308 }, { NULL, 0 } };

#define AT(field) offsetof(struct sdi_settings, field)

/* clang-format off */
static const struct setting rows[] = {
	{ { "to", "haproxy|nginx", "haproxy", "The proxy to write for.", false }, parse_target, 0, NULL },
	{ { "target-version", "VERSION", "", "Its version; without this the floor, 2.6 or 1.22.", false },
	  parse_version, AT(target_version), NULL },
	{ { "ingress-class", "NAME", "", "Serve these classes only; without this all whose controller is known, and "
	    "objects without a class.", true }, parse_list, AT(ingress_class), &class_grammar },
	{ { "watch-ingress-without-class", NULL, "false", "With --ingress-class: also serve objects without a class.",
	    false }, parse_bool, AT(watch_without_class), NULL },
	{ { "controller", "NAME", "", "Answer to these controller names of an IngressClass instead of the known ones.",
	    true }, parse_list, AT(controller), &controller_grammar },
	{ { "namespace", "NS", "", "Serve the Ingresses of these namespaces only.", true },
	  parse_list, AT(namespaces), &namespace_grammar },
	{ { "prefix", "DIR", "/etc/sdingress", "Folder of the bundle as the proxy sees it.", false },
	  parse_path, AT(prefix), NULL },
	{ { "runtime-dir", "DIR", "PREFIX/run", "Folder of sockets, pid files and temporary files.", false },
	  parse_path, AT(runtime_dir), NULL },
	{ { "http-port", "N", "8080", "Port for HTTP; 0 leaves it out.", false }, parse_port, AT(http_port), NULL },
	{ { "https-port", "N", "8443", "Port for HTTPS; 0 leaves it out.", false }, parse_port, AT(https_port), NULL },
	{ { "bind", "ADDR", "", "Listen on these addresses; without this on all, IPv4 and IPv6.", true },
	  parse_list, AT(bind), &bind_grammar },
	{ { "default-backend", "NS/NAME:PORT", "", "Service for requests that match nothing; without this a built-in 404.",
	    false }, parse_ns_name, AT(default_backend), "port" },
	{ { "configmap", "NS/NAME", "", "The controller's ConfigMap with global settings.", false },
	  parse_ns_name, AT(configmap), NULL },
	{ { "tcp-services-configmap", "NS/NAME", "", "ConfigMap of TCP services: PORT: NS/SERVICE:PORT[:PROXY[:PROXY]].", false },
	  parse_ns_name, AT(tcp_configmap), NULL },
	{ { "udp-services-configmap", "NS/NAME", "", "ConfigMap of UDP services, on NGINX: PORT: NS/SERVICE:PORT.", false },
	  parse_ns_name, AT(udp_configmap), NULL },
	{ { "nginx-stream-module", "FILE|built-in", STREAM_MODULE, "NGINX's module for TCP and UDP services.", false },
	  parse_module, AT(stream_module), NULL },
	{ { "nginx-modsecurity-module", "FILE", "", "NGINX's module for the ModSecurity firewall; without this routes that "
	    "ask for it answer 503.", false }, parse_path, AT(modsecurity_module), NULL },
	{ { "nginx-modsecurity-crs", "FILE|debian", "", "OWASP core rules for it: a file that includes them, or those of "
	    "Debian's package.", false }, parse_rules, AT(modsecurity_crs), NULL },
	{ { "nginx-brotli-module", "FILE", "", "NGINX's Brotli filter; without this enable-brotli of the ConfigMap has no "
	    "effect.", false }, parse_path, AT(brotli_module), NULL },
	{ { "nginx-headers-more-module", "FILE", "", "NGINX's headers-more filter; without this NGINX's answers say \"Server: "
	    "nginx\".", false }, parse_path, AT(headers_module), NULL },
	{ { "ssl-passthrough-proxy-port", "N", "8442", "Port on loopback between NGINX and itself, for ssl-passthrough.",
	    false }, parse_port, AT(passthrough_port), NULL },
	{ { "allow-loopback", NULL, "false", "Accept endpoints on loopback and link-local addresses.", false },
	  parse_bool, AT(allow_loopback), NULL },
	{ { "disable-svc-external-name", NULL, "false", "Refuse Services of type ExternalName.", false },
	  parse_bool, AT(disable_external_name), NULL },
	{ { "disable-catch-all", NULL, "false", "Serve no Ingress that has a defaultBackend.", false },
	  parse_bool, AT(disable_catch_all), NULL },
	{ { "allow-snippets", NULL, "false", "Honour snippets, of annotations and of the ConfigMap, on NGINX.", false },
	  parse_bool, AT(allow_snippets), NULL },
	{ { "default-ssl-certificate", "NS/NAME", "", "Secret served where no other certificate fits; without this a "
	    "self-signed one.", false }, parse_ns_name, AT(default_certificate), NULL },
	{ { "ssl-redirect", "auto|always|never", "auto", "Redirect plain HTTP to HTTPS: as the object's dialect says, "
	    "or for all, or for none.", false }, parse_word, AT(ssl_redirect), redirect_words },
	{ { "ssl-redirect-code", "301|302|303|307|308", "", "Its status code; without this as the dialect says.", false },
	  parse_word, AT(ssl_redirect_code), code_words },
	{ { "ssl-redirect-port", "N", "", "Port to write into its Location; without this none.", false },
	  parse_port, AT(ssl_redirect_port), NULL },
	{ { "resolver", "ADDR", "", "Name servers for Services of type ExternalName on NGINX.", true },
	  parse_list, AT(resolver), &resolver_grammar },
	{ { "worker-user", "USER", "", "User of NGINX's workers, when root starts it and they have to read passwords.",
	    false }, parse_user, AT(worker_user), NULL },
	{ { "access-log", NULL, "true", "Log each request to standard output.", false },
	  parse_bool, AT(access_log), NULL },
	{ { "strict", NULL, "false", "Warnings count as errors.", false }, parse_bool, AT(strict), NULL },
};
/* clang-format on */

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

#define DEFAULTS                                                                                                   \
	.prefix = SDI_STR_INIT("/etc/sdingress"), .stream_module = SDI_STR_INIT(STREAM_MODULE), .http_port = 8080, \
	.https_port = 8443, .passthrough_port = 8442, .access_log = true

static const struct sdi_settings defaults = { DEFAULTS };

const struct sdi_settings *sdi_settings_defaults(void)
{
	return &defaults;
}

const struct sdi_setting_info *sdi_setting_get(size_t i)
{
	return i < N_ROWS ? &rows[i].info : NULL;
}

struct sdi_settings *sdi_settings_new(void)
{
	struct sdi_settings *settings = sdi_malloc(sizeof(*settings));
	if (settings)
		*settings = (struct sdi_settings){ .arena.wipe = true, DEFAULTS };
	return settings;
}

void sdi_settings_free(struct sdi_settings *settings)
{
	if (!settings)
		return;
	sdi_arena_release(&settings->arena);
	free(settings);
}

static const struct setting *find(struct sdi_str name)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (sdi_str_is(name, rows[i].info.name))
			return &rows[i];
	return NULL;
}

/* The setting that was probably meant; NULL: none is near. */
static const struct setting *find_nearest(struct sdi_str name)
{
	const struct setting *nearest = NULL;
	size_t least = name.n / 3 + 1;
	for (size_t i = 0; i < N_ROWS; i++) {
		size_t distance = sdi_str_distance(name, sdi_str_c(rows[i].info.name));
		if (distance < least) {
			least = distance;
			nearest = &rows[i];
		}
	}
	return nearest;
}

struct sdi_str sdi_settings_runtime_dir(const struct sdi_settings *settings, struct sdi_arena *arena)
{
	if (settings->runtime_dir.n)
		return settings->runtime_dir;
	if (sdi_str_is(settings->prefix, "/"))
		return SDI_STR("/run");
	return sdi_arena_printf(arena, SDI_STR_FMT "/run", SDI_STR_ARG(settings->prefix));
}

/* Sets one; says nothing. The list and text slots are only written once their copy exists. */
static enum sdi_status set(struct sdi_settings *settings, const struct setting *row, struct sdi_str value,
                           const char **ret_want)
{
	jmp_buf oom;
	if (setjmp(oom)) {
		settings->arena.oom = NULL;
		return SDI_ENOMEM;
	}
	settings->arena.oom = &oom;
	bool ok = row->parse(settings, row, value, ret_want);
	settings->arena.oom = NULL;
	return ok ? SDI_OK : SDI_EINVAL;
}

static enum sdi_status set_at(struct sdi_settings *settings, struct sdi_str name, struct sdi_str value,
                              const struct sdi_diag_ctx *ctx, unsigned line, unsigned column)
{
	char field[64];
	const char *want = "";
	const struct setting *row = find(name);
	snprintf(field, sizeof(field), "%.*s", (int)(name.n < 60 ? name.n : 60), name.p ? name.p : "");
	if (!row) {
		const struct setting *nearest = find_nearest(name);
		sdi_diag_add_at(ctx, SDI_REASON_SETTING_INVALID, field, line, column,
		                "there is no setting of this name%s%s%s", nearest ? "; did you mean \"" : "",
		                nearest ? nearest->info.name : "", nearest ? "\"?" : "");
		return SDI_EINVAL;
	}
	enum sdi_status status = set(settings, row, value, &want);
	if (status == SDI_EINVAL)
		sdi_diag_add_at(ctx, SDI_REASON_SETTING_INVALID, row->info.name, line, column,
		                "\"%s\" is not valid here: write %s", sdi_show(ctx, value), want);
	return status;
}

enum sdi_status sdi_settings_set(struct sdi_settings *settings, const char *name, const char *value,
                                 struct sdi_diags *diags)
{
	const struct sdi_diag_ctx ctx = { .diags = diags, .subject.kind = "setting" };
	if (!settings || !name || !value)
		return SDI_EINVAL;
	return set_at(settings, sdi_str_c(name), sdi_str_c(value), &ctx, 0, 0);
}

/* One key of a settings file: a scalar, or a list of scalars where the setting is repeatable. */
static enum sdi_status set_node(struct sdi_settings *settings, const struct sdi_node *node,
                                const struct sdi_diag_ctx *ctx)
{
	const struct setting *row = find(node->key);
	enum sdi_status status = SDI_OK;
	if (node->type == SDI_NODE_LIST && row && row->info.repeatable) {
		for (const struct sdi_node *item = node->first; item && status == SDI_OK; item = item->next)
			status = set_at(settings, node->key, item->text, ctx, item->line, item->column);
		return status;
	}
	if (row && (node->type == SDI_NODE_LIST || node->type == SDI_NODE_MAP)) {
		sdi_diag_add_at(ctx, SDI_REASON_SETTING_INVALID, row->info.name, node->line, node->column,
		                "a single value is wanted here");
		return SDI_EINVAL;
	}
	return set_at(settings, node->key, node->text, ctx, node->line, node->column);
}

enum sdi_status sdi_settings_read(struct sdi_settings *settings, const char *text, size_t n, const char *file,
                                  struct sdi_diags *diags)
{
	struct sdi_parse_error error = { .line = 0 };
	struct sdi_arena arena = { 0 };
	struct sdi_str all = sdi_str_make(text, n);
	enum sdi_status status = SDI_OK;
	if (!settings || (!text && n))
		return SDI_EINVAL;
	const struct sdi_diag_ctx ctx = { .diags = diags, .subject = { .kind = "settings", .origin.file = file } };
	struct sdi_str start = sdi_str_trim(all);
	struct sdi_node *root = start.n && start.p[0] == '{' ? sdi_json_parse(all, &arena, &error) :
	                                                       sdi_yaml_parse(all, &arena, &error);
	if (!root) {
		status = error.oom ? SDI_ENOMEM : SDI_ESYNTAX;
		if (!error.oom)
			sdi_diag_add_at(&ctx, SDI_REASON_SYNTAX, "", error.line, error.column, "%s", error.text);
	} else if (root->type != SDI_NODE_MAP && root->type != SDI_NODE_NULL) {
		sdi_diag_add_at(&ctx, SDI_REASON_SETTING_INVALID, "", root->line, root->column,
		                "settings are one mapping, like \"http-port: 8080\"");
		status = SDI_EINVAL;
	} else {
		for (const struct sdi_node *node = root->first; node && status != SDI_ENOMEM; node = node->next) {
			enum sdi_status one = set_node(settings, node, &ctx);
			status = one == SDI_OK ? status : one;
		}
	}
	sdi_arena_release(&arena);
	return status;
}

enum sdi_status sdi_settings_set_default_certificate(struct sdi_settings *settings, const char *pem, size_t n)
{
	struct sdi_str text = sdi_str_make(pem, n);
	if (!settings || !pem || n > SDI_LIMIT_CERT_BYTES ||
	    !sdi_str_has(text, SDI_STR("-----BEGIN CERTIFICATE-----")) ||
	    !sdi_str_has(text, SDI_STR("PRIVATE KEY-----")))
		return SDI_EINVAL;
	struct sdi_str copy = sdi_arena_copy(&settings->arena, text);
	if (!copy.p)
		return SDI_ENOMEM;
	settings->default_pem = copy;
	return SDI_OK;
}
