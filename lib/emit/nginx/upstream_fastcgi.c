/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FastCGI, and texts with facts of a request in them. The module hands the client's headers on as HTTP_…, so those
 * of the request to an endpoint are parameters of that form, which take their place.
 */
#include "../../gateway/upstream.h"
#include "nginx.h"
#include "quote.h"

/* What web servers tell a script (RFC 3875 4.1), as NGINX's own list has it. */
static const struct {
	struct sdi_str name;
	const char *value;
} usual[] = {
	{ SDI_STR_INIT("CONTENT_LENGTH"), "$content_length" },
	{ SDI_STR_INIT("CONTENT_TYPE"), "$content_type" },
	{ SDI_STR_INIT("DOCUMENT_ROOT"), SDI_FASTCGI_ROOT },
	{ SDI_STR_INIT("DOCUMENT_URI"), "$document_uri" },
	{ SDI_STR_INIT("GATEWAY_INTERFACE"), "CGI/1.1" },
	{ SDI_STR_INIT("HTTPS"), "$https if_not_empty" },
	{ SDI_STR_INIT("QUERY_STRING"), "$query_string" },
	{ SDI_STR_INIT("REDIRECT_STATUS"), "200" },
	{ SDI_STR_INIT("REMOTE_ADDR"), "$remote_addr" },
	{ SDI_STR_INIT("REMOTE_PORT"), "$remote_port" },
	{ SDI_STR_INIT("REQUEST_METHOD"), "$request_method" },
	{ SDI_STR_INIT("REQUEST_SCHEME"), "$scheme" },
	{ SDI_STR_INIT("REQUEST_URI"), "$request_uri" },
	{ SDI_STR_INIT("SCRIPT_FILENAME"), SDI_FASTCGI_ROOT "$fastcgi_script_name" },
	{ SDI_STR_INIT("SCRIPT_NAME"), "$fastcgi_script_name" },
	{ SDI_STR_INIT("SERVER_ADDR"), "$server_addr" },
	{ SDI_STR_INIT("SERVER_NAME"), "$host" },
	{ SDI_STR_INIT("SERVER_PORT"), "$sdi_port" },
	{ SDI_STR_INIT("SERVER_PROTOCOL"), "$server_protocol" },
	{ SDI_STR_INIT("HTTP_PROXY"), "\"\"" }, /* httpoxy */
};

static const char *variable_of(enum sdi_fact fact)
{
	switch (fact) {
	case SDI_FACT_HOST: return "host";
	case SDI_FACT_HTTP_HOST: return "sdi_host";
	case SDI_FACT_SCHEME: return "scheme";
	case SDI_FACT_METHOD: return "request_method";
	case SDI_FACT_REQUEST_URI: return "request_uri";
	case SDI_FACT_QUERY: return "query_string";
	case SDI_FACT_CLIENT: return "remote_addr";
	case SDI_FACT_SCRIPT: return "fastcgi_script_name";
	case SDI_FACT_LITERAL:
	case SDI_FACT_SERVICE:
	case SDI_FACT_NAMESPACE:
	case SDI_FACT_PORT:
	case SDI_FACT_ROOT:
	case SDI_FACT__COUNT: break;
	}
	return NULL;
}

static struct sdi_str known(const struct sdi_nginx_place *place, const struct sdi_fact_part *part)
{
	const struct sdi_backend *backend = place ? place->route->backend : NULL;
	if (part->fact == SDI_FACT_LITERAL)
		return part->literal;
	if (part->fact == SDI_FACT_ROOT)
		return SDI_STR(SDI_FASTCGI_ROOT);
	if (!backend)
		return SDI_STR("");
	return part->fact == SDI_FACT_SERVICE   ? backend->service :
	       part->fact == SDI_FACT_NAMESPACE ? backend->ns :
	                                          backend->port;
}

bool sdi_nginx_write_text(struct sdi_nginx *ng, const struct sdi_nginx_place *place, const struct sdi_fact_text *text)
{
	struct sdi_nginx_piece *pieces = sdi_arena_array(ng->scratch, text->n, struct sdi_nginx_piece);
	for (size_t i = 0; i < text->n; i++) {
		pieces[i].variable = variable_of(text->parts[i].fact);
		pieces[i].literal = known(place, &text->parts[i]);
	}
	return sdi_nginx_expand(ng->out, pieces, text->n);
}

static bool is_param(const struct sdi_fastcgi *fastcgi, struct sdi_str name)
{
	for (size_t i = 0; i < fastcgi->n_params; i++)
		if (sdi_str_eq(fastcgi->params[i].name, name))
			return true;
	return false;
}

void sdi_nginx_write_fastcgi(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_fastcgi *fastcgi = place->policy->upstream->fastcgi;
	if (fastcgi->index.n) {
		conf_lit(ng->out, "\t\t\tfastcgi_index ");
		sdi_nginx_word(ng->out, fastcgi->index);
		conf_lit(ng->out, ";\n");
	}
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (!is_param(fastcgi, usual[i].name))
			sdi_buf_printf(ng->out, "\t\t\tfastcgi_param %s %s;\n", usual[i].name.p, usual[i].value);
	for (size_t i = 0; i < fastcgi->n_params; i++) {
		size_t before = ng->out->n;
		conf_lit(ng->out, "\t\t\tfastcgi_param ");
		sdi_nginx_word(ng->out, fastcgi->params[i].name);
		conf_lit(ng->out, " ");
		if (sdi_nginx_write_text(ng, place, &fastcgi->params[i].value))
			conf_lit(ng->out, ";\n");
		else if (!ng->out->failed)
			ng->out->n = before;
	}
}
