/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ModSecurity firewall, a module of its own in Debian. It is on in locations only; "http" has the rules that several
 * locations share: those of the ConfigMap, and the OWASP core rules as soon as one location wants them, since each place
 * that reads those takes 16 MB. Locations that do not want them leave them out by their ids.
 */
#include "../../gateway/destination.h"
#include "nginx.h"
#include "quote.h"

#define NO_CORE "SecRuleRemoveById 900000-999999"
#define RECOMMENDED_CONF "modsecurity.conf"
#define LOG "modsecurity.log"

/*
 * What ModSecurity recommends, as its package has it (modsecurity.conf-recommended), but for files: names of files that
 * were uploaded, mappings of Unicode and the log of Debian's package are not everybody's to read or write. The log has
 * neither headers nor bodies, which hold passwords.
 */
static const char *const recommended[] = {
	"SecRuleEngine DetectionOnly",
	"SecRequestBodyAccess On",
	"SecRule REQUEST_HEADERS:Content-Type \"^(?:application(?:/soap\\+|/)|text/)xml\" "
	"\"id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML\"",
	"SecRule REQUEST_HEADERS:Content-Type \"^application/json\" "
	"\"id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON\"",
	"SecRequestBodyLimit 13107200",
	"SecRequestBodyNoFilesLimit 131072",
	"SecRequestBodyLimitAction Reject",
	"SecRequestBodyJsonDepthLimit 512",
	"SecArgumentsLimit 1000",
	"SecRule &ARGS \"@ge 1000\" \"id:200007,phase:2,t:none,log,deny,status:400,msg:'Too many "
	"arguments',severity:2\"",
	"SecRule REQBODY_ERROR \"!@eq 0\" \"id:200002,phase:2,t:none,log,deny,status:400,msg:'The body can not be "
	"read',logdata:'%{reqbody_error_msg}',severity:2\"",
	"SecRule MULTIPART_STRICT_ERROR \"!@eq 0\" "
	"\"id:200003,phase:2,t:none,log,deny,status:400,msg:'The multipart body is not strict'\"",
	"SecRule MULTIPART_UNMATCHED_BOUNDARY \"@eq 1\" \"id:200004,phase:2,t:none,log,deny,msg:'A boundary may be "
	"unmatched'\"",
	"SecPcreMatchLimit 1000",
	"SecPcreMatchLimitRecursion 1000",
	"SecRule TX:/^MSC_/ \"!@streq 0\" "
	"\"id:200005,phase:2,t:none,deny,msg:'Internal error of ModSecurity: %{MATCHED_VAR_NAME}'\"",
	"SecResponseBodyAccess On",
	"SecResponseBodyMimeType text/plain text/html text/xml",
	"SecResponseBodyLimit 524288",
	"SecResponseBodyLimitAction ProcessPartial",
	"SecArgumentSeparator &",
	"SecCookieFormat 0",
	"SecAuditEngine RelevantOnly",
	"SecAuditLogRelevantStatus \"^(?:5|4(?!04))\"",
};

static const struct sdi_waf *waf_of(const struct sdi_policy *policy)
{
	return sdi_nginx_refuses(policy) ? NULL : policy->waf;
}

/* With the end of the last line: without it, what ModSecurity reads next begins in the middle of a directive. */
static void write_rule(struct sdi_nginx *ng, struct sdi_buf *out, const char *indent, struct sdi_str text)
{
	sdi_buf_printf(out, "%smodsecurity_rules ", indent);
	sdi_nginx_word(out, sdi_arena_printf(ng->scratch, "%.*s\n", SDI_STR_ARG(text)));
	conf_lit(out, ";\n");
}

/* ModSecurity takes no other characters in the name of a file, and no quotes around it. */
static bool can_log_to(struct sdi_str dir)
{
	for (size_t i = 0; i < dir.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(dir.p[i])) && !strchr("._-/", dir.p[i]))
			return false;
	return true;
}

static void write_log(struct sdi_nginx *ng, struct sdi_buf *out, const char *indent)
{
	struct sdi_str dir = sdi_settings_runtime_dir(ng->settings, ng->scratch);
	write_rule(ng, out, indent,
	           can_log_to(dir) ?
	                   sdi_arena_printf(ng->scratch,
	                                    "SecAuditLogType Serial\nSecAuditLogParts AHZ\nSecAuditLog %.*s/" LOG,
	                                    SDI_STR_ARG(dir)) :
	                   SDI_STR("SecAuditEngine Off"));
}

/* A file of its own, which all places that need it include. False: out of memory. */
static bool add_recommended(struct sdi_nginx *ng)
{
	struct sdi_buf *out = sdi_bundle_file(ng->bundle, SDI_STR(RECOMMENDED_CONF), 0644, false);
	if (!out)
		return false;
	for (size_t i = 0; i < sizeof(recommended) / sizeof(recommended[0]); i++)
		write_rule(ng, out, "", sdi_str_c(recommended[i]));
	write_log(ng, out, "");
	return true;
}

static void write_rules(struct sdi_nginx *ng, const char *indent, const struct sdi_waf_rules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		write_rule(ng, ng->out, indent, rules->groups[i]);
	if (rules->log && !rules->recommended)
		write_log(ng, ng->out, indent);
}

static void write_core(struct sdi_nginx *ng)
{
	if (sdi_str_is(ng->settings->modsecurity_crs, "debian")) {
		/* Debian's own list of them is for Apache: it has a directive that is not known here. */
		write_rule(ng, ng->out, "\t",
		           SDI_STR("Include /etc/modsecurity/crs/crs-setup.conf\n"
		                   "Include /etc/modsecurity/crs/REQUEST-900-EXCLUSION-RULES-BEFORE-CRS.conf\n"
		                   "Include /usr/share/modsecurity-crs/rules/*.conf\n"
		                   "Include /etc/modsecurity/crs/RESPONSE-999-EXCLUSION-RULES-AFTER-CRS.conf"));
		return;
	}
	conf_lit(ng->out, "\tmodsecurity_rules_file ");
	sdi_nginx_word(ng->out, ng->settings->modsecurity_crs);
	conf_lit(ng->out, ";\n");
}

void sdi_nginx_load_waf(struct sdi_nginx *ng)
{
	for (size_t i = 0; i < ng->gateway->n_policies; i++) {
		const struct sdi_waf *waf = waf_of(ng->gateway->policies[i]);
		ng->inspects |= waf != NULL;
		ng->core_rules |= waf && waf->core;
	}
	if (!ng->inspects)
		return;
	sdi_nginx_load(ng, ng->settings->modsecurity_module);
}

bool sdi_nginx_http_waf(struct sdi_nginx *ng)
{
	const struct sdi_global_waf *global = &ng->gateway->globals.waf;
	if (!ng->inspects)
		return true;
	if (global->on && global->rules)
		write_rules(ng, "\t", global->rules);
	if (global->on && (!global->rules || global->rules->recommended))
		conf_lit(ng->out, "\tinclude " RECOMMENDED_CONF ";\n");
	if (ng->core_rules)
		write_core(ng);
	return add_recommended(ng);
}

/* Whether @waf needs the recommended settings in its own place. */
static bool wants_recommended(const struct sdi_nginx *ng, const struct sdi_waf *waf)
{
	const struct sdi_global_waf *global = &ng->gateway->globals.waf;
	if (global->on && (!global->rules || global->rules->recommended))
		return false; /* inherited, and their ids may be there only once */
	return waf->rules ? waf->rules->recommended : !global->on;
}

void sdi_nginx_place_waf(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_waf *waf = place->policy->waf;
	const char *indent = "\t\t\t";
	if (!waf)
		return;
	conf_lit(ng->out, "\t\t\tmodsecurity on;\n");
	if (waf->id) {
		conf_lit(ng->out, "\t\t\tmodsecurity_transaction_id \"");
		sdi_nginx_write_request_text(ng->out, waf->id);
		conf_lit(ng->out, "\";\n");
	}
	if (waf->rules)
		write_rules(ng, indent, waf->rules);
	if (wants_recommended(ng, waf))
		conf_lit(ng->out, "\t\t\tinclude " RECOMMENDED_CONF ";\n");
	if (ng->core_rules && !waf->core)
		write_rule(ng, ng->out, indent, SDI_STR(NO_CORE));
}
