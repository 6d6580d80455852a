/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is added to requests and answers. CORS headers are variables, numbered by policy: $sdi_cors_N is the origin that
 * may read the answer; where it is empty the others are what the application said itself.
 */
#include "../../gateway/extras.h"
#include "nginx.h"
#include "quote.h"

static size_t number_of(const struct sdi_nginx *ng, const struct sdi_policy *policy)
{
	size_t i = 0;
	while (i < ng->gateway->n_policies && ng->gateway->policies[i]->cors != policy->cors)
		i++;
	return i;
}

static void write_origins(struct sdi_buf *out, const struct sdi_cors *cors)
{
	for (size_t i = 0; i < cors->n_origins; i++) {
		struct sdi_str origin = cors->origins[i];
		conf_lit(out, "\t\t\"~*^");
		for (size_t k = 0; k < origin.n; k++) {
			if (origin.p[k] == '*')
				conf_lit(out, "[a-z0-9-]+");
			else if (origin.p[k] == '.' || origin.p[k] == '+')
				sdi_buf_printf(out, "\\\\%c", origin.p[k]);
			else
				sdi_buf_char(out, origin.p[k]);
		}
		conf_lit(out, "$\" $http_origin;\n");
	}
}

static const struct {
	const char *name, *variable;
} headers[] = {
	{ "Allow-Credentials", "allow_credentials" },
	{ "Allow-Methods", "allow_methods" },
	{ "Allow-Headers", "allow_headers" },
	{ "Expose-Headers", "expose_headers" },
	{ "Max-Age", "max_age" },
};
enum { HEADERS = sizeof(headers) / sizeof(headers[0]) };

static struct sdi_str value_of(struct sdi_nginx *ng, const struct sdi_cors *cors, size_t i)
{
	switch (i) {
	case 0: return cors->credentials ? SDI_STR("true") : SDI_STR("");
	case 1: return cors->methods;
	case 2: return cors->headers;
	case 3: return cors->expose;
	default: return sdi_arena_printf(ng->scratch, "%d", cors->max_age_s);
	}
}

void sdi_nginx_http_extras(struct sdi_nginx *ng)
{
	for (size_t i = 0; i < ng->gateway->n_policies && !ng->out->failed; i++) {
		const struct sdi_cors *cors = ng->gateway->policies[i]->cors;
		if (!cors || number_of(ng, ng->gateway->policies[i]) != i)
			continue;
		if (cors->any) {
			sdi_buf_printf(ng->out, "\tmap \"\" $sdi_cors_%zu { default *; }\n", i);
		} else {
			sdi_buf_printf(ng->out, "\tmap $http_origin $sdi_cors_%zu {\n\t\tdefault \"\";\n", i);
			write_origins(ng->out, cors);
			conf_lit(ng->out, "\t}\n");
		}
		sdi_buf_printf(ng->out,
		               "\tmap $sdi_cors_%zu $sdi_cors_%zu_allow_origin { \"\" "
		               "$upstream_http_access_control_allow_origin; "
		               "default $sdi_cors_%zu; }\n"
		               "\tmap \"$request_method:$sdi_cors_%zu\" $sdi_cors_%zu_preflight { default \"\"; "
		               "\"~^OPTIONS:.\" 1; }\n",
		               i, i, i, i, i);
		for (size_t k = 0; k < HEADERS; k++) {
			sdi_buf_printf(ng->out,
			               "\tmap $sdi_cors_%zu $sdi_cors_%zu_%s { \"\" $upstream_http_access_control_%s; "
			               "default ",
			               i, i, headers[k].variable, headers[k].variable);
			if (!sdi_nginx_literal(ng->out, value_of(ng, cors, k)))
				conf_lit(ng->out, "\"\"");
			conf_lit(ng->out, "; }\n");
		}
	}
}

/* But for what a snippet says in its place. */
static void write_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place, struct sdi_str indent)
{
	size_t n = number_of(ng, place->policy);
	if (!sdi_nginx_answer_said(ng, place->host, place->policy, SDI_STR("Access-Control-Allow-Origin")))
		sdi_buf_printf(ng->out,
		               "%.*sadd_header Access-Control-Allow-Origin $sdi_cors_%zu_allow_origin always;\n",
		               SDI_STR_ARG(indent), n);
	for (size_t k = 0; k < HEADERS; k++) {
		struct sdi_str name = sdi_arena_printf(ng->scratch, "Access-Control-%s", headers[k].name);
		if (sdi_nginx_answer_said(ng, place->host, place->policy, name))
			continue;
		sdi_buf_add(ng->out, indent);
		sdi_buf_printf(ng->out, "add_header Access-Control-%s $sdi_cors_%zu_%s always;\n", headers[k].name, n,
		               headers[k].variable);
	}
}

void sdi_nginx_place_preflight(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (!place->policy->cors)
		return;
	sdi_buf_printf(ng->out, "\t\t\tif ($sdi_cors_%zu_preflight) {\n", number_of(ng, place->policy));
	write_headers(ng, place, SDI_STR("\t\t\t\t"));
	sdi_nginx_keep_answers(ng, place->host, place->policy, SDI_STR("\t\t\t\t"), false);
	conf_lit(ng->out, "\t\t\t\treturn 204;\n\t\t\t}\n");
}

void sdi_nginx_extras_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (!place->policy->cors)
		return;
	conf_lit(ng->out, "\t\t\tproxy_hide_header Access-Control-Allow-Origin;\n");
	for (size_t k = 0; k < HEADERS; k++)
		sdi_buf_printf(ng->out, "\t\t\tproxy_hide_header Access-Control-%s;\n", headers[k].name);
	write_headers(ng, place, SDI_STR("\t\t\t"));
}

void sdi_nginx_place_extras(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (sdi_policy_has(place->policy, SDI_FIELD_ACCESS_LOG))
		conf_lit(ng->out, "\t\t\taccess_log off;\n");
	if (sdi_policy_has(place->policy, SDI_FIELD_REWRITE_LOG))
		conf_lit(ng->out, "\t\t\trewrite_log on;\n\t\t\terror_log stderr notice;\n");
	if (sdi_policy_has(place->policy, SDI_FIELD_PUSH) && !sdi_version_at_least(ng->version, 1, 26)) /* 1.25.1 */
		conf_lit(ng->out, "\t\t\thttp2_push_preload on;\n");
}
