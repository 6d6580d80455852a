/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is logged of requests and streams, and where to.
 *
 * A line is written when all is over: headers are gone by then, and rules have changed the request. So what a format of
 * the ConfigMap wants of them is put into variables, txn.log_N for its part N, and read from there. A log-format writes
 * them as they are: what comes from a client goes through converters that leave no quote and no control character alone.
 * "json" puts a backslash before slashes, too, which is taken off again, and where NGINX writes \xHH, it is made of what
 * "json" writes, pairs of backslashes first.
 */
#include "haproxy.h"
#include "quote.h"

#define LINE_BYTES "60000" /* of a format that may be long; HAProxy cuts at 1024 */

/*
 * A converter that runs out of room gives nothing, and a client could leave no trace: so values are cut, to a sixth of a
 * buffer, since "json" makes six bytes of one. It gives up on characters of four bytes in UTF-8, so where the log is JSON
 * it is not used.
 */
#define CUT ",concat(),bytes(0,2500)" /* of a text: a number would be eight bytes */
#define ESCAPED                                                                                                      \
	CUT ",json(ascii),regsub(\"\\\\x5c\\\\x5c\",\"\\\\\\\\x5C\",g),regsub(\"\\\\x5c\\\\x22\",\"\\\\\\\\x22\",g)" \
	    ",regsub(\"\\\\x5cu00\",\"\\\\\\\\x\",g),regsub(\"\\\\\\\\/\",/,g)"
#define AS_JSON                                                                                     \
	CUT ",regsub(\"([\\\\x22\\\\x5c])\",\"\\\\\\\\\\\\1\",g),regsub(\"\\\\n\",\"\\\\\\\\n\",g)" \
	    ",regsub(\"[\\\\x00-\\\\x1f]\",?,g)"

/* Milliseconds as NGINX writes them: 7 is 0.007. */
#define SECONDS(sample) sample ",regsub(^,000),regsub(\"^0*([0-9]+)([0-9][0-9][0-9])$\",\"\\\\1.\\\\2\")"
#define UPSTREAM_NAME "regsub(\"^([^_]*)_([^_]*)_([^_]*).*$\",\"\\\\1-\\\\2-\\\\3\")"
#define DATE(format) "date,ltime(" format ")"

/* When a value is there. */
enum when {
	NEVER,
	ITEM,    /* when the line is written, a word of log-format, nothing of a client's */
	SAMPLE,  /* the same, an expression */
	REQUEST, /* expressions, when the request comes; @text may want the rest of the name as "%.*s" */
	REPLY,   /* when an endpoint answered */
	ANSWER,  /* when the client is answered */
};

struct source {
	enum when when;
	const char *text;
};

/* clang-format off */
static const struct source of_requests[SDI_LOG__COUNT] = {
	[SDI_LOG_ARGS] = { REQUEST, "query" },
	[SDI_LOG_BODY_BYTES_SENT] = { ITEM, "%B" },
	[SDI_LOG_BYTES_SENT] = { ITEM, "%B" },
	[SDI_LOG_CONTENT_LENGTH] = { REQUEST, "req.fhdr(content-length)" },
	[SDI_LOG_CONTENT_TYPE] = { REQUEST, "req.fhdr(content-type)" },
	[SDI_LOG_DOCUMENT_URI] = { REQUEST, "path,url_dec" },
	[SDI_LOG_HOST] = { REQUEST, "req.fhdr(host),field(1,:),lower" },
	[SDI_LOG_HOSTNAME] = { ITEM, "%H" },
	[SDI_LOG_IS_ARGS] = { REQUEST, "query,regsub(\".+\",?)" },
	[SDI_LOG_MSEC] = { ITEM, "%Ts.%ms" },
	[SDI_LOG_PID] = { ITEM, "%pid" },
	[SDI_LOG_PROXY_ADD_X_FORWARDED_FOR] = { REQUEST, "src" }, /* behind what was there, see write_request() */
	[SDI_LOG_PROXY_HOST] = { ITEM, "%b" },
	[SDI_LOG_QUERY_STRING] = { REQUEST, "query" },
	[SDI_LOG_REALIP_REMOTE_ADDR] = { ITEM, "%ci" },
	[SDI_LOG_REMOTE_ADDR] = { ITEM, "%ci" },
	[SDI_LOG_REMOTE_PORT] = { ITEM, "%cp" },
	[SDI_LOG_REMOTE_USER] = { REQUEST, "http_auth_user" },
	[SDI_LOG_REQUEST] = { REQUEST, "method" }, /* and more, see write_value() */
	[SDI_LOG_REQUEST_ID] = { REQUEST, "var(txn.id)" },
	[SDI_LOG_REQUEST_LENGTH] = { ITEM, "%U" },
	[SDI_LOG_REQUEST_METHOD] = { REQUEST, "method" },
	[SDI_LOG_REQUEST_TIME] = { SAMPLE, SECONDS("date(0,ms),sub(txn.log_start)") },
	[SDI_LOG_REQUEST_URI] = { REQUEST, "pathq" },
	[SDI_LOG_SERVER_ADDR] = { ITEM, "%fi" },
	[SDI_LOG_SERVER_PORT] = { ITEM, "%fp" },
	[SDI_LOG_SERVER_PROTOCOL] = { ITEM, "%HV" },
	[SDI_LOG_SSL_ALPN_PROTOCOL] = { REQUEST, "ssl_fc_alpn" },
	[SDI_LOG_SSL_CIPHER] = { ITEM, "%sslc" },
	[SDI_LOG_SSL_CLIENT_FINGERPRINT] = { REQUEST, "ssl_c_sha1,hex,lower" },
	[SDI_LOG_SSL_CLIENT_I_DN] = { REQUEST, "ssl_c_i_dn(,0,rfc2253)" },
	[SDI_LOG_SSL_CLIENT_S_DN] = { REQUEST, "ssl_c_s_dn(,0,rfc2253)" },
	[SDI_LOG_SSL_CLIENT_SERIAL] = { REQUEST, "ssl_c_serial,hex" },
	[SDI_LOG_SSL_PROTOCOL] = { ITEM, "%sslv" },
	[SDI_LOG_SSL_SERVER_NAME] = { REQUEST, "ssl_fc_sni" },
	[SDI_LOG_STATUS] = { ITEM, "%ST" },
	[SDI_LOG_TCPINFO_RTT] = { REQUEST, "fc_rtt(us)" },
	[SDI_LOG_TCPINFO_RTTVAR] = { REQUEST, "fc_rttvar(us)" },
	[SDI_LOG_TIME_ISO8601] = { SAMPLE, DATE("%Y-%m-%dT%H:%M:%S%z") ",regsub(\"(..)$\",\":\\\\1\")" },
	[SDI_LOG_TIME_LOCAL] = { SAMPLE, DATE("%d/%b/%Y:%H:%M:%S %z") },
	[SDI_LOG_UPSTREAM_ADDR] = { ITEM, "%si:%sp" },
	[SDI_LOG_UPSTREAM_BYTES_RECEIVED] = { ITEM, "%B" },
	[SDI_LOG_UPSTREAM_BYTES_SENT] = { ITEM, "%U" },
	[SDI_LOG_UPSTREAM_HEADER_TIME] = { REPLY, SECONDS("date(0,ms),sub(txn.log_routed)") },
	[SDI_LOG_UPSTREAM_RESPONSE_LENGTH] = { ITEM, "%B" },
	[SDI_LOG_UPSTREAM_RESPONSE_TIME] = { SAMPLE, SECONDS("date(0,ms),sub(txn.log_answered)") },
	[SDI_LOG_UPSTREAM_STATUS] = { REPLY, "status" },
	[SDI_LOG_URI] = { REQUEST, "path,url_dec" },
	[SDI_LOG_BEST_HTTP_HOST] = { REQUEST, "req.fhdr(host)" },
	[SDI_LOG_FULL_X_FORWARDED_FOR] = { REQUEST, "src" },
	[SDI_LOG_INGRESS] = { SAMPLE, "var(txn.to),field(2,@),field(1,|)" },
	[SDI_LOG_NAMESPACE] = { SAMPLE, "var(txn.log_main),field(1,_)" },
	[SDI_LOG_PASS_PORT] = { ITEM, "%fp" },
	[SDI_LOG_PASS_SERVER_PORT] = { ITEM, "%fp" },
	[SDI_LOG_REAL_IP] = { ITEM, "%ci" },
	[SDI_LOG_REQ_ID] = { REQUEST, "var(txn.id)" },
	[SDI_LOG_SERVICE] = { SAMPLE, "var(txn.log_main),field(2,_)" },
	[SDI_LOG_SERVICE_PORT] = { SAMPLE, "var(txn.log_main),field(3,_)" },
	[SDI_LOG_UPSTREAM] = { SAMPLE, "var(txn.log_main)," UPSTREAM_NAME },
	[SDI_LOG_UPSTREAM_OTHER] = { SAMPLE, "var(txn.log_other)" },
	[SDI_LOG_ARG_] = { REQUEST, "url_param(%.*s)" },
	[SDI_LOG_COOKIE_] = { REQUEST, "req.cook(%.*s)" },
	[SDI_LOG_HTTP_] = { REQUEST, "req.fhdr(%.*s,1)" },
	[SDI_LOG_SENT_HTTP_] = { ANSWER, "res.fhdr(%.*s,1)" },
	[SDI_LOG_UPSTREAM_COOKIE_] = { REPLY, "res.cook(%.*s)" },
	[SDI_LOG_UPSTREAM_HTTP_] = { REPLY, "res.fhdr(%.*s,1)" },
};

static const struct source of_streams[SDI_LOG__COUNT] = {
	[SDI_LOG_BYTES_RECEIVED] = { ITEM, "%U" },
	[SDI_LOG_BYTES_SENT] = { ITEM, "%B" },
	[SDI_LOG_HOSTNAME] = { ITEM, "%H" },
	[SDI_LOG_MSEC] = { ITEM, "%Ts.%ms" },
	[SDI_LOG_PID] = { ITEM, "%pid" },
	[SDI_LOG_PROTOCOL] = { ITEM, "TCP" },
	[SDI_LOG_REALIP_REMOTE_ADDR] = { ITEM, "%ci" },
	[SDI_LOG_REMOTE_ADDR] = { ITEM, "%ci" },
	[SDI_LOG_REMOTE_PORT] = { ITEM, "%cp" },
	[SDI_LOG_SERVER_ADDR] = { ITEM, "%fi" },
	[SDI_LOG_SERVER_PORT] = { ITEM, "%fp" },
	[SDI_LOG_SESSION_TIME] = { SAMPLE, SECONDS("date(0,ms),sub(txn.log_start)") },
	[SDI_LOG_TIME_ISO8601] = { SAMPLE, DATE("%Y-%m-%dT%H:%M:%S%z") ",regsub(\"(..)$\",\":\\\\1\")" },
	[SDI_LOG_TIME_LOCAL] = { SAMPLE, DATE("%d/%b/%Y:%H:%M:%S %z") },
	[SDI_LOG_UPSTREAM_ADDR] = { ITEM, "%si:%sp" },
	[SDI_LOG_UPSTREAM_BYTES_RECEIVED] = { ITEM, "%B" },
	[SDI_LOG_UPSTREAM_BYTES_SENT] = { ITEM, "%U" },
};
/* clang-format on */

static const struct sdi_log *log_of(const struct sdi_hap *hap)
{
	return &hap->gateway->globals.log;
}

bool sdi_hap_logs_requests(const struct sdi_hap *hap)
{
	return hap->settings->access_log && !log_of(hap)->no_http;
}

static bool logs(const struct sdi_hap *hap)
{
	return hap->settings->access_log && !(log_of(hap)->no_http && log_of(hap)->no_stream);
}

/* What differs between frontends, or has more than one word for it. */
static bool is_special(const struct source *sources, enum sdi_log_var var)
{
	if (sources == of_streams)
		return var == SDI_LOG_UPSTREAM;
	return var == SDI_LOG_HTTPS || var == SDI_LOG_SCHEME || var == SDI_LOG_PASS_SCHEME ||
	       var == SDI_LOG_PROXY_PROTOCOL_ADDR;
}

static void tell(struct sdi_hap *hap, const struct sdi_log_format *format, const struct source *sources,
                 const char *key)
{
	struct sdi_str names = SDI_STR("");
	for (size_t i = 0; i < format->n; i++) {
		enum sdi_log_var var = format->p[i].var;
		if (var != SDI_LOG_LITERAL && sources[var].when == NEVER && !is_special(sources, var))
			names = sdi_arena_printf(hap->scratch, "%.*s%s$%.*s", SDI_STR_ARG(names), names.n ? ", " : "",
			                         SDI_STR_ARG(sdi_log_variables[var].name));
	}
	if (!names.n)
		return;
	const struct sdi_ns_name *configmap = &hap->settings->configmap;
	hap->diag.subject = (struct sdi_subject){ "ConfigMap", configmap->ns, configmap->name, { "", 0, 0 } };
	sdi_diag_add(&hap->diag, SDI_REASON_TARGET_CANT, key, "HAProxy does not know %.*s; \"-\" is logged for it",
	             SDI_STR_ARG(names));
}

void sdi_hap_global_log(struct sdi_hap *hap)
{
	const struct sdi_log *log = log_of(hap);
	const char *length = log->http.n || log->stream.n ? " len " LINE_BYTES : "";
	if (!logs(hap))
		return;
	tell(hap, &log->http, of_requests, "log-format-upstream");
	tell(hap, &log->stream, of_streams, "log-format-stream");
	if (!log->syslog.n) {
		sdi_buf_printf(hap->cfg, "\tlog stdout%s format raw local0 info\n", length);
		return;
	}
	conf_lit(hap->cfg, "\tlog ");
	sdi_hap_address(hap->cfg, log->syslog, log->syslog_port);
	sdi_buf_printf(hap->cfg, "%s format rfc3164 local7 info\n", length);
}

void sdi_hap_defaults_log(struct sdi_hap *hap)
{
	if (logs(hap))
		conf_lit(hap->cfg, "\tlog global\n"
		                   "\toption dontlognull\n");
}

/* The line of ingress-nginx, as far as HAProxy knows what is in it. Text of the client is escaped: it may hold quotes. */
static void write_usual(struct sdi_buf *cfg)
{
	conf_lit(cfg, "\tcapture request header Host len 128\n"
	              "\tcapture request header Referer len 128\n"
	              "\tcapture request header User-Agent len 128\n"
	              "\tlog-format '%ci - - [%Tl] \"%{+E}[capture.req.hdr(0)]\" \"%HM %HPO%HQ %HV\" %ST %B"
	              " \"%{+E}[capture.req.hdr(1)]\" \"%{+E}[capture.req.hdr(2)]\" %U %TR [%b] [] %si:%sp %B %Tr %ST"
	              " %{+E}[var(txn.id)]'\n");
}

/* An expression, inside of 'strong quotes'. Escaped, a value that is not there is "-", as HAProxy has it; else nothing. */
static void write_sample(struct sdi_hap *hap, const char *sample, bool of_client)
{
	static const char *const escapes[] = { ESCAPED, AS_JSON, "" };
	enum sdi_log_escape escape = log_of(hap)->escape;
	sdi_buf_printf(hap->cfg, "%%%s[%s%s]", escape == SDI_LOG_ESCAPED ? "" : "{-M}", sample,
	               of_client ? escapes[escape] : "");
}

/* The first part that says the same. */
static size_t first_of(const struct sdi_log_format *format, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (format->p[k].var == format->p[i].var && sdi_str_eq(format->p[k].text, format->p[i].text))
			return k;
	return i;
}

static void write_value(struct sdi_hap *hap, size_t i, bool tls)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	const struct sdi_log_part *part = &globals->log.http.p[i];
	const struct source *source = &of_requests[part->var];
	char name[64];
	snprintf(name, sizeof(name), "var(txn.log_%zu)", first_of(&globals->log.http, i));
	if (part->var == SDI_LOG_LITERAL)
		sdi_hap_log_text(hap->cfg, part->text);
	else if (part->var == SDI_LOG_HTTPS)
		sdi_buf_add(hap->cfg, tls ? SDI_STR("on") : SDI_STR(""));
	else if (part->var == SDI_LOG_PASS_SCHEME && sdi_globals_tell_scheme(globals))
		write_sample(hap, "var(txn.scheme)", true);
	else if (part->var == SDI_LOG_SCHEME || part->var == SDI_LOG_PASS_SCHEME)
		sdi_buf_add(hap->cfg, tls ? SDI_STR("https") : SDI_STR("http"));
	else if (part->var == SDI_LOG_PROXY_PROTOCOL_ADDR)
		sdi_buf_add(hap->cfg, globals->proxy_protocol ? SDI_STR("%ci") : SDI_STR("-"));
	else if (part->var == SDI_LOG_REALIP_REMOTE_ADDR && globals->real_ip)
		write_sample(hap, "var(txn.peer)", false);
	else if (source->when == NEVER)
		conf_lit(hap->cfg, "-");
	else if (source->when == ITEM)
		sdi_buf_add(hap->cfg, sdi_str_c(source->text));
	else if (source->when == SAMPLE)
		write_sample(hap, source->text, false);
	else
		write_sample(hap, name, true);
	if (part->var == SDI_LOG_REQUEST) {
		conf_lit(hap->cfg, " ");
		write_sample(hap, "var(txn.log_target)", true);
		conf_lit(hap->cfg, " %HV");
	}
}

void sdi_hap_frontend_log(struct sdi_hap *hap, bool tls)
{
	const struct sdi_log_format *format = &log_of(hap)->http;
	if (!sdi_hap_logs_requests(hap)) {
		if (logs(hap))
			conf_lit(hap->cfg, "\tno log\n");
		return;
	}
	if (!format->n) {
		write_usual(hap->cfg);
		return;
	}
	conf_lit(hap->cfg, "\tlog-format '");
	for (size_t i = 0; i < format->n; i++)
		write_value(hap, i, tls);
	conf_lit(hap->cfg, "'\n");
}

/* "-" in the name of a header is "_" in that of a variable. */
static void write_source(struct sdi_hap *hap, const struct sdi_log_part *part)
{
	bool header =
		part->var == SDI_LOG_HTTP_ || part->var == SDI_LOG_SENT_HTTP_ || part->var == SDI_LOG_UPSTREAM_HTTP_;
	struct sdi_str text = sdi_arena_copy(hap->scratch, part->text);
	char *name = sdi_arena_alloc(hap->scratch, text.n + 1);
	for (size_t i = 0; i < text.n; i++)
		name[i] = header && text.p[i] == '_' ? '-' : text.p[i];
	sdi_buf_printf(hap->cfg, of_requests[part->var].text, (int)text.n, name);
}

/* The rules that keep what is there @when. */
static void keep(struct sdi_hap *hap, enum when when, const char *rule)
{
	const struct sdi_log_format *format = &log_of(hap)->http;
	for (size_t i = 0; i < format->n; i++) {
		const struct sdi_log_part *part = &format->p[i];
		if (of_requests[part->var].when != when || first_of(format, i) != i)
			continue;
		sdi_buf_printf(hap->cfg, "\t%s set-var(txn.log_%zu) '", rule, i);
		write_source(hap, part);
		conf_lit(hap->cfg, "'\n");
		if (part->var == SDI_LOG_PROXY_ADD_X_FORWARDED_FOR || part->var == SDI_LOG_FULL_X_FORWARDED_FOR)
			sdi_buf_printf(hap->cfg,
			               "\t%s set-var-fmt(txn.log_%zu) '%%[req.fhdr(x-forwarded-for)], %%[src]'"
			               " if { req.fhdr(x-forwarded-for) -m found }\n",
			               rule, i);
	}
}

static bool uses(const struct sdi_hap *hap, enum sdi_log_var var)
{
	return sdi_log_uses(&log_of(hap)->http, var);
}

void sdi_hap_frontend_log_request(struct sdi_hap *hap)
{
	const struct sdi_blocklist *unlogged = &hap->gateway->globals.unlogged;
	if (!sdi_hap_logs_requests(hap))
		return;
	sdi_hap_write_blocklist(hap, "unlogged", "pathq", unlogged);
	if (unlogged->n)
		conf_lit(hap->cfg, "\thttp-request set-log-level silent if unlogged\n");
	if (uses(hap, SDI_LOG_REQUEST_TIME))
		conf_lit(hap->cfg, "\thttp-request set-var(txn.log_start) date(0,ms)\n");
	if (uses(hap, SDI_LOG_REQUEST))
		conf_lit(hap->cfg, "\thttp-request set-var(txn.log_target) url\n");
	keep(hap, REQUEST, "http-request");
	if (uses(hap, SDI_LOG_UPSTREAM_RESPONSE_TIME))
		conf_lit(hap->cfg, "\thttp-response set-var(txn.log_answered) var(txn.log_routed)\n");
	keep(hap, REPLY, "http-response");
}

static bool uses_route(const struct sdi_hap *hap)
{
	return uses(hap, SDI_LOG_NAMESPACE) || uses(hap, SDI_LOG_SERVICE) || uses(hap, SDI_LOG_SERVICE_PORT) ||
	       uses(hap, SDI_LOG_UPSTREAM) || uses(hap, SDI_LOG_UPSTREAM_OTHER);
}

/* Once the route is known. */
void sdi_hap_frontend_log_route(struct sdi_hap *hap)
{
	struct sdi_buf *cfg = hap->cfg;
	if (!sdi_hap_logs_requests(hap))
		return;
	if (log_of(hap)->no_strays)
		conf_lit(cfg, "\thttp-request set-log-level silent if { var(txn.to) -m sub |quiet }\n");
	if (uses_route(hap))
		conf_lit(cfg, "\thttp-request set-var(txn.log_main) var(txn.to),field(1,|)"
		              " unless { var(txn.to) -m beg -- - }\n");
	if (uses(hap, SDI_LOG_UPSTREAM_OTHER))
		conf_lit(cfg, "\thttp-request set-var(txn.log_name) 'var(txn.log_main)," UPSTREAM_NAME "'\n"
		              "\thttp-response set-var(txn.log_other) 'be_name," UPSTREAM_NAME "'"
		              " unless { 'be_name," UPSTREAM_NAME ",strcmp(txn.log_name)' eq 0 }\n");
	if (uses(hap, SDI_LOG_UPSTREAM_RESPONSE_TIME) || uses(hap, SDI_LOG_UPSTREAM_HEADER_TIME))
		conf_lit(cfg, "\thttp-request set-var(txn.log_routed) date(0,ms)\n");
}

void sdi_hap_frontend_log_answer(struct sdi_hap *hap)
{
	if (sdi_hap_logs_requests(hap))
		keep(hap, ANSWER, "http-after-response");
}

/* "|quiet": nobody's; "|@NAME": of which Ingress it is. Neither "|" nor "@" is in anything else of a map's value. */
void sdi_hap_log_flags(const struct sdi_hap *hap, struct sdi_buf *map, const struct sdi_host *host,
                       const struct sdi_route *route)
{
	if (!sdi_hap_logs_requests(hap))
		return;
	if (log_of(hap)->no_strays && !host->name.n && !route->ingress.n)
		conf_lit(map, "|quiet");
	if (uses(hap, SDI_LOG_INGRESS) && route->ingress.n) {
		conf_lit(map, "|@");
		sdi_hap_name(map, route->ingress);
	}
}

static void write_stream_value(struct sdi_hap *hap, const struct sdi_log_part *part, const struct sdi_stream *stream)
{
	const struct source *source = &of_streams[part->var];
	if (part->var == SDI_LOG_LITERAL) {
		sdi_hap_log_text(hap->cfg, part->text);
	} else if (part->var == SDI_LOG_UPSTREAM && stream) {
		conf_lit(hap->cfg, "tcp-");
		sdi_hap_name(hap->cfg, stream->backend->ns);
		conf_lit(hap->cfg, "-");
		sdi_hap_name(hap->cfg, stream->backend->service);
		conf_lit(hap->cfg, "-");
		sdi_hap_name(hap->cfg, stream->backend->port);
	} else if (source->when == SAMPLE) {
		sdi_buf_printf(hap->cfg, "%%[%s]", source->text);
	} else {
		sdi_buf_add(hap->cfg, source->when == NEVER ? SDI_STR("-") : sdi_str_c(source->text));
	}
}

void sdi_hap_stream_log(struct sdi_hap *hap, const struct sdi_stream *stream)
{
	const struct sdi_log_format *format = &log_of(hap)->stream;
	if (!hap->settings->access_log || log_of(hap)->no_stream) {
		if (logs(hap))
			conf_lit(hap->cfg, "\tno log\n");
		return;
	}
	if (!format->n) {
		conf_lit(hap->cfg, "\toption tcplog\n");
		return;
	}
	conf_lit(hap->cfg, "\tlog-format '");
	for (size_t i = 0; i < format->n; i++)
		write_stream_value(hap, &format->p[i], stream);
	conf_lit(hap->cfg, "'\n");
	if (sdi_log_uses(format, SDI_LOG_SESSION_TIME))
		conf_lit(hap->cfg, "\ttcp-request content set-var(txn.log_start) date(0,ms)\n");
}
