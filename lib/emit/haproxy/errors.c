/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pages for errors that another service makes, and what a service is told that stands in for another. HAProxy has no way
 * to send a request on once it was answered, so a script asks for the page. For errors that HAProxy makes itself no
 * script can run.
 */
#include "../../gateway/errors.h"
#include "haproxy.h"
#include "quote.h"

enum { SERVERS = 32 };

static const char script[] =
	"-- Fetches the page for an error from another service: lua.sdi_error ADDRESS:PORT,… NAMESPACE INGRESS SERVICE "
	"PORT.\n"
	"-- When no server answers, the error stays as it is.\n"
	"local TIMEOUT_MS, TRIES = 60000, 3\n"
	"local turn = 0\n"
	"local kept = { connection = true, [\"transfer-encoding\"] = true, [\"content-length\"] = true, "
	"[\"keep-alive\"] = true }\n"
	"\n"
	"local function ask(servers, request, method)\n"
	"\tturn = turn + 1\n"
	"\tfor try = 1, math.min(TRIES, #servers) do\n"
	"\t\tlocal client = core.httpclient()\n"
	"\t\trequest.dst = servers[(turn + try) % #servers + 1]\n"
	"\t\tlocal done, answer = pcall(client[method], client, request)\n"
	"\t\tif done and answer and answer.headers and answer.status > 0 then\n"
	"\t\t\treturn answer\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"\n"
	"core.register_action(\"sdi_error\", { \"http-res\" }, function(txn, to, ns, ingress, service, port)\n"
	"\tlocal servers, headers = {}, {}\n"
	"\tfor server in to:gmatch(\"[^,]+\") do\n"
	"\t\tservers[#servers + 1] = server\n"
	"\tend\n"
	"\tlocal function set(name, value)\n"
	"\t\theaders[name] = value and value ~= \"\" and { value } or nil\n"
	"\tend\n"
	"\tset(\"host\", txn:get_var(\"txn.error_host\"))\n"
	"\tset(\"x-code\", tostring(txn.f:status()))\n"
	"\tset(\"x-format\", txn:get_var(\"txn.error_format\"))\n"
	"\tset(\"x-original-uri\", txn:get_var(\"txn.error_uri\"))\n"
	"\tset(\"x-namespace\", ns)\n"
	"\tset(\"x-ingress-name\", ingress)\n"
	"\tset(\"x-service-name\", service)\n"
	"\tset(\"x-service-port\", port)\n"
	"\tset(\"x-request-id\", txn:get_var(\"txn.id\"))\n"
	"\tset(\"x-forwarded-for\", txn:get_var(\"txn.error_client\"))\n"
	"\tlocal query = txn:get_var(\"txn.error_query\")\n"
	"\tlocal method = txn:get_var(\"txn.error_method\") == \"HEAD\" and \"head\" or \"get\"\n"
	"\tlocal url = \"http://0.0.0.0/\" .. (query and \"?\" .. query or \"\")\n"
	"\tlocal answer = ask(servers, { url = url, headers = headers, timeout = TIMEOUT_MS }, method)\n"
	"\tif not answer then\n"
	"\t\treturn\n"
	"\tend\n"
	"\tlocal reply = txn:reply({ status = answer.status, reason = answer.reason, body = answer.body })\n"
	"\tfor name, values in pairs(answer.headers) do\n"
	"\t\tfor _, value in pairs(kept[name] and {} or values) do\n"
	"\t\t\treply:add_header(name, value)\n"
	"\t\tend\n"
	"\tend\n"
	"\ttxn:done(reply)\n"
	"end, 5)\n";

bool sdi_hap_has_error_pages(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_policies; i++) {
		const struct sdi_errors *errors = gateway->policies[i]->errors;
		if (errors && errors->backend && !errors->only_own)
			return true;
	}
	return false;
}

void sdi_hap_global_errors(struct sdi_hap *hap)
{
	if (!sdi_hap_has_error_pages(hap->gateway))
		return;
	sdi_hap_add_script(hap, SDI_STR("lua/errors.lua"), sdi_str_c(script));
}

static void write_codes(struct sdi_hap *hap, const struct sdi_errors *errors)
{
	conf_lit(hap->cfg, " if { status");
	for (size_t i = 0; i < errors->n; i++) {
		conf_lit(hap->cfg, " ");
		conf_uint(hap->cfg, errors->codes[i]);
	}
	conf_lit(hap->cfg, " }\n");
}

static void write_pages(struct sdi_hap *hap, const struct sdi_hap_section *section, const struct sdi_errors *errors)
{
	struct sdi_buf *cfg = hap->cfg;
	const struct sdi_standin *standin = section->route->standin;
	conf_lit(cfg, "\thttp-request set-var(txn.error_host) req.fhdr(host)\n"
	              "\thttp-request set-var(txn.error_format) req.fhdr(accept)\n"
	              "\thttp-request set-var(txn.error_uri) pathq\n"
	              "\thttp-request set-var(txn.error_query) query\n"
	              "\thttp-request set-var(txn.error_method) method\n"
	              "\thttp-request set-var-fmt(txn.error_client) %[src]\n"
	              "\thttp-response lua.sdi_error ");
	for (size_t i = 0; i < errors->backend->n_servers && i < SERVERS; i++) {
		if (i)
			conf_lit(cfg, ",");
		sdi_hap_address(cfg, errors->backend->servers[i].address, errors->backend->servers[i].port);
	}
	const struct sdi_str told[] = { section->policy->ns, section->route->ingress,
		                        standin ? standin->service : section->backend->service,
		                        standin ? standin->port : section->backend->port };
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		conf_lit(cfg, " ");
		sdi_hap_word(cfg, told[i]);
	}
	write_codes(hap, errors);
}

/* Before rules that change what the application sees: the page's service is told what the client sent. */
void sdi_hap_section_errors(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_errors *errors = section->policy->errors;
	if (!errors || errors->only_own)
		return;
	if (errors->backend) {
		write_pages(hap, section, errors);
		return;
	}
	conf_lit(hap->cfg, "\thttp-response return status 404 default-errorfiles");
	write_codes(hap, errors);
}

/* Behind rules that clear what a client claims. */
void sdi_hap_section_standin(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_standin *standin = section->route->standin;
	const struct {
		const char *name;
		struct sdi_str value;
	} told[] = {
		{ "Code", SDI_STR("503") },
		{ "Namespace", section->route->ns },
		{ "Ingress-Name", section->route->ingress },
		{ "Service-Name", standin ? standin->service : SDI_STR("") },
		{ "Service-Port", standin ? standin->port : SDI_STR("") },
	};
	if (!standin)
		return;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		sdi_buf_printf(hap->cfg, "\thttp-request set-header X-%s ", told[i].name);
		sdi_hap_format(hap->cfg, told[i].value);
		conf_lit(hap->cfg, "\n");
	}
	conf_lit(hap->cfg, "\thttp-request set-header X-Format %[req.fhdr(accept)]\n");
}
