/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Settings of the whole proxy that are one keyword each: what HAProxy can do of them, and how it says so. Those without
 * a keyword here change something that others write.
 */
#include "haproxy.h"
#include "quote.h"

#define EXACT                                      \
	{                                          \
		SDI_FIDELITY_EXACT, { 2, 6 }, NULL \
	}
#define PARTIAL(why)                                \
	{                                           \
		SDI_FIDELITY_PARTIAL, { 2, 6 }, why \
	}
#define SINCE(major, minor, why)                            \
	{                                                   \
		SDI_FIDELITY_PARTIAL, { major, minor }, why \
	}
#define NEEDLESS(why)                               \
	{                                           \
		SDI_FIDELITY_IGNORED, { 2, 6 }, why \
	}
#define NONE(why)                                \
	{                                        \
		SDI_FIDELITY_NONE, { 0, 0 }, why \
	}

#define NO_BROTLI "HAProxy has no Brotli; use-gzip compresses for all clients"

/* clang-format off */
const struct sdi_cap sdi_hap_knobs[SDI_KNOB__COUNT] = {
	[SDI_KNOB_CLIENT_ADDRESS] = PARTIAL("of a list of proxies at most ten are gone through; X-Forwarded-Proto, -Host and -Port count from senders of proxy-real-ip-cidr only"),
	[SDI_KNOB_PROXY_PROTOCOL] = EXACT,
	[SDI_KNOB_BLOCKED] = EXACT,
	[SDI_KNOB_REQUEST_HEADERS] = EXACT,
	[SDI_KNOB_ANSWER_HEADERS] = EXACT,
	[SDI_KNOB_HIDDEN_HEADERS] = EXACT,
	[SDI_KNOB_GZIP] = PARTIAL("the level is HAProxy's own"),
	[SDI_KNOB_CLIENT_TIMEOUTS] = EXACT,
	[SDI_KNOB_KEEP_ALIVE] = EXACT,
	[SDI_KNOB_TLS_VERSIONS] = PARTIAL("TLS 1.2 and 1.3 only"),
	[SDI_KNOB_TLS_CIPHERS] = EXACT,
	[SDI_KNOB_BIND] = EXACT,
	[SDI_KNOB_TLS_DH] = EXACT,
	[SDI_KNOB_TLS_TICKET_KEY] = EXACT,
	[SDI_KNOB_LIMIT_KEY] = PARTIAL("only variables that both proxies know"),
	[SDI_KNOB_VALIDATION] = EXACT,
	[SDI_KNOB_NO_TLS_REDIRECT] = EXACT,
	[SDI_KNOB_WORKER_PROCESSES] = PARTIAL("threads of one process"),
	[SDI_KNOB_WORKER_CPUS] = NONE("masks are for processes, of which HAProxy has one; its threads stay on the CPUs that the process may use (taskset, cgroups)"),
	[SDI_KNOB_WORKER_FILES] = NEEDLESS("HAProxy raises the number of files to what its connections need"),
	[SDI_KNOB_WORKER_CONNECTIONS] = PARTIAL("connections of clients to the whole process"),
	[SDI_KNOB_WORKER_SHUTDOWN] = EXACT,
	[SDI_KNOB_MULTI_ACCEPT] = NEEDLESS("HAProxy always takes several connections at once"),
	[SDI_KNOB_AIO_WRITE] = NEEDLESS("HAProxy writes no files while it serves"),
	[SDI_KNOB_DEBUG] = NONE("HAProxy has no log of that detail; its socket shows what a connection is doing (show sess)"),
	[SDI_KNOB_ERROR_LEVEL] = NONE("HAProxy has one log for requests and errors; filter it where it is collected"),
	[SDI_KNOB_IPV6_OFF] = EXACT,
	[SDI_KNOB_IPV6_NAMES_OFF] = PARTIAL("IPv4 addresses are preferred, always; IPv6 ones are taken where there are no others"),
	[SDI_KNOB_REUSE_PORT] = PARTIAL("on as long as it is not said"),
	[SDI_KNOB_HTTP2] = EXACT,
	[SDI_KNOB_HTTP2_STREAMS] = EXACT,
	[SDI_KNOB_BODY_TIMEOUT] = NONE("HAProxy waits for a body as long as for the answer to it (proxy-read-timeout)"),
	[SDI_KNOB_KEEP_ALIVE_REQUESTS] = PARTIAL("connections of HTTP/2 have no limit"),
	[SDI_KNOB_HEADER_BUFFER] = NEEDLESS("HAProxy has one buffer for a request's head, of 16 KB; large-client-header-buffers makes it larger"),
	[SDI_KNOB_LARGE_HEADERS] = PARTIAL("one size for a request's whole head and for all other buffers, 16 KB to 1 MB"),
	[SDI_KNOB_INVALID_HEADERS_OFF] = PARTIAL("of false, names with characters that HTTP does not allow in any name are still answered 400"),
	[SDI_KNOB_UNDERSCORES] = EXACT,
	[SDI_KNOB_GZIP_MIN_LENGTH] = SINCE(3, 2, "before 3.2 HAProxy compresses answers of all sizes"),
	[SDI_KNOB_GZIP_DISABLE] = PARTIAL("endpoints do not see Accept-Encoding of such clients, either"),
	[SDI_KNOB_BROTLI] = NONE(NO_BROTLI),
	[SDI_KNOB_BROTLI_LEVEL] = NONE(NO_BROTLI),
	[SDI_KNOB_BROTLI_MIN_LENGTH] = NONE(NO_BROTLI),
	[SDI_KNOB_BROTLI_TYPES] = NONE(NO_BROTLI),
	[SDI_KNOB_SERVER_TOKENS] = PARTIAL("HAProxy has no Server header of its own to show"),
	[SDI_KNOB_BACKEND_SERVER] = EXACT,
	[SDI_KNOB_TLS_BUFFER] = EXACT,
	[SDI_KNOB_TLS_CURVES] = EXACT,
	[SDI_KNOB_TLS_EARLY_DATA] = EXACT,
	[SDI_KNOB_TLS_OCSP] = SINCE(2, 8, "from 2.8 on, of certificates that name such a service and come with their issuer's"),
	[SDI_KNOB_TLS_REJECT] = PARTIAL("hosts that are regular expressions are refused, too"),
	[SDI_KNOB_TLS_CACHE] = EXACT,
	[SDI_KNOB_TLS_CACHE_SIZE] = PARTIAL("in sessions of 200 bytes"),
	[SDI_KNOB_TLS_TICKETS] = EXACT,
	[SDI_KNOB_TLS_LIFETIME] = EXACT,
	[SDI_KNOB_REQUEST_ID] = EXACT,
	[SDI_KNOB_ORIGINAL_URI] = EXACT,
	[SDI_KNOB_HOST_HEADER] = EXACT,
	[SDI_KNOB_GRPC_BUFFER] = NEEDLESS("gRPC has no buffers of its own in HAProxy"),
	[SDI_KNOB_IDLE_CONNECTIONS] = PARTIAL("to each endpoint; as many as there were in use as long as it is not said"),
	[SDI_KNOB_IDLE_REQUESTS] = EXACT,
	[SDI_KNOB_IDLE_AGE] = NONE("HAProxy does not look at the age of a connection; upstream-keepalive-requests ends them, too"),
	[SDI_KNOB_IDLE_TIMEOUT] = PARTIAL("half of those that are not needed are closed at a time"),
	[SDI_KNOB_STREAM_TIMEOUT] = EXACT,
	[SDI_KNOB_STREAM_RETRY] = EXACT,
	[SDI_KNOB_STREAM_RETRY_TIMEOUT] = NONE("HAProxy counts attempts, not time; see proxy-stream-next-upstream-tries"),
	[SDI_KNOB_STREAM_RETRY_TRIES] = EXACT,
	[SDI_KNOB_STREAM_ANSWERS] = NONE("HAProxy passes no UDP on"),
	[SDI_KNOB_LOG_OFF] = EXACT,
	[SDI_KNOB_LOG_HTTP_OFF] = EXACT,
	[SDI_KNOB_LOG_STREAM_OFF] = EXACT,
	[SDI_KNOB_LOG_SKIPPED] = EXACT,
	[SDI_KNOB_LOG_FORMAT] = PARTIAL("sizes count heads, too; times start when the head of a request is there; tabs are escaped as in JSON, and hexadecimal digits are small; several blanks are one; values are cut at 2500 bytes; \"-\" for what HAProxy does not know"),
	[SDI_KNOB_LOG_STREAM_FORMAT] = PARTIAL("several blanks are one; \"-\" for what HAProxy does not know, such as $status"),
	[SDI_KNOB_LOG_JSON] = PARTIAL("control characters but ends of lines are ?"),
	[SDI_KNOB_LOG_RAW] = EXACT,
	[SDI_KNOB_LOG_BUFFER] = NONE("HAProxy writes its log to standard output or to syslog, line by line"),
	[SDI_KNOB_LOG_STRAYS] = EXACT,
	[SDI_KNOB_LOG_AUTH] = NONE("a script asks, which logs nothing; the service that is asked can log it"),
	[SDI_KNOB_SYSLOG] = EXACT,
	[SDI_KNOB_SYSLOG_HOST] = PARTIAL("an address, or the name of a Service that has one; HAProxy does not start with a name that can't be looked up"),
	[SDI_KNOB_SYSLOG_PORT] = EXACT,
};

enum kind { NUMBER, SECONDS, TEXT };
enum section { GLOBAL, TLS };

/* @zero_is_default: 0 is not written; so is "auto". */
static const struct keyword {
	enum sdi_knob_id knob;
	enum section section;
	enum kind kind;
	const char *name, *dflt;
	bool zero_is_default;
} keywords[] = {
	{ SDI_KNOB_WORKER_SHUTDOWN, GLOBAL, SECONDS, "hard-stop-after", "240s", false },
	{ SDI_KNOB_WORKER_PROCESSES, GLOBAL, NUMBER, "nbthread", NULL, true },
	{ SDI_KNOB_WORKER_CONNECTIONS, GLOBAL, NUMBER, "maxconn", NULL, true },
	{ SDI_KNOB_HTTP2_STREAMS, GLOBAL, NUMBER, "tune.h2.max-concurrent-streams", NULL, false },
	{ SDI_KNOB_TLS_BUFFER, TLS, NUMBER, "tune.ssl.maxrecord", NULL, false },
	{ SDI_KNOB_TLS_LIFETIME, TLS, SECONDS, "tune.ssl.lifetime", NULL, false },
	{ SDI_KNOB_TLS_CURVES, TLS, TEXT, "ssl-default-bind-curves", NULL, false },
};
/* clang-format on */

static void write_keywords(struct sdi_hap *hap, enum section section)
{
	const struct sdi_knob *knobs = hap->gateway->globals.knobs;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		const struct keyword *k = &keywords[i];
		const struct sdi_knob *knob = &knobs[k->knob];
		bool said = knob->said && (knob->number || !k->zero_is_default) &&
		            !(k->kind == TEXT && sdi_str_is(knob->text, "auto"));
		if (k->section != section || (!said && !k->dflt))
			continue;
		sdi_buf_printf(hap->cfg, "\t%s ", k->name);
		if (!said)
			sdi_buf_add(hap->cfg, sdi_str_c(k->dflt));
		else if (k->kind == TEXT)
			sdi_hap_word(hap->cfg, knob->text);
		else
			sdi_buf_printf(hap->cfg, "%lld%s", (long long)knob->number, k->kind == SECONDS ? "s" : "");
		conf_lit(hap->cfg, "\n");
	}
}

/* The head of a request has to fit into a buffer, beside 1 KB for what is added to it. */
static void write_buffers(struct sdi_hap *hap)
{
	enum { USUAL = 16384, RESERVED = 1024, MOST = 1 << 20 };
	int64_t wanted = sdi_knob_or(&hap->gateway->globals, SDI_KNOB_LARGE_HEADERS, 0) + RESERVED;
	if (wanted > USUAL)
		sdi_buf_printf(hap->cfg, "\ttune.bufsize %lld\n", (long long)(wanted < MOST ? wanted : MOST));
}

void sdi_hap_global_knobs(struct sdi_hap *hap)
{
	write_keywords(hap, GLOBAL);
	write_buffers(hap);
	if (!sdi_knob_or(&hap->gateway->globals, SDI_KNOB_REUSE_PORT, 1))
		conf_lit(hap->cfg, "\tnoreuseport\n");
}

/* A session must not be taken up again on a host that asks for another CA. */
static void write_cache(struct sdi_hap *hap)
{
	enum { SESSION_BYTES = 200 };
	const struct sdi_globals *globals = &hap->gateway->globals;
	const struct sdi_knob *size = &globals->knobs[SDI_KNOB_TLS_CACHE_SIZE];
	if (hap->client_certs.n || !sdi_knob_or(globals, SDI_KNOB_TLS_CACHE, 1))
		conf_lit(hap->cfg, "\ttune.ssl.cachesize 0\n");
	else if (size->said)
		sdi_buf_printf(hap->cfg, "\ttune.ssl.cachesize %lld\n", (long long)(size->number / SESSION_BYTES));
}

void sdi_hap_tls_knobs(struct sdi_hap *hap)
{
	write_keywords(hap, TLS);
	write_cache(hap);
}

/* Connections to endpoints that are kept; what stands here holds for all servers. */
void sdi_hap_default_server(struct sdi_hap *hap)
{
	const struct sdi_knob *knobs = hap->gateway->globals.knobs;
	static const struct {
		enum sdi_knob_id knob;
		const char *format;
	} words[] = {
		{ SDI_KNOB_IDLE_CONNECTIONS, " pool-max-conn %lld" },
		{ SDI_KNOB_IDLE_REQUESTS, " max-reuse %lld" },
		{ SDI_KNOB_IDLE_TIMEOUT, " pool-purge-delay %llds" },
	};
	bool any = false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		any |= knobs[words[i].knob].said;
	if (!any)
		return;
	conf_lit(hap->cfg, "\tdefault-server");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (knobs[words[i].knob].said)
			sdi_buf_printf(hap->cfg, words[i].format, (long long)knobs[words[i].knob].number);
	conf_lit(hap->cfg, "\n");
}

static void write_requests(struct sdi_hap *hap)
{
	const struct sdi_knob *most = &hap->gateway->globals.knobs[SDI_KNOB_KEEP_ALIVE_REQUESTS];
	if (most->said)
		sdi_buf_printf(hap->cfg,
		               "\thttp-request set-var(sess.requests) var(sess.requests),add(1)"
		               " if { var(sess.requests) -m found }\n"
		               "\thttp-request set-var(sess.requests) int(1) unless { var(sess.requests) -m found }\n"
		               "\thttp-after-response set-header Connection close"
		               " if { var(sess.requests) -m int ge %lld } !{ status 101 }\n",
		               (long long)most->number);
}

/* The controller shows no Server header, neither its own nor an application's, unless its ConfigMap says so. */
void sdi_hap_frontend_knobs(struct sdi_hap *hap)
{
	const struct sdi_globals *globals = &hap->gateway->globals;
	const struct sdi_knob *no_gzip = &globals->knobs[SDI_KNOB_GZIP_DISABLE];
	if (hap->settings->configmap.name.n && !sdi_knob_or(globals, SDI_KNOB_BACKEND_SERVER, 0))
		conf_lit(hap->cfg, "\thttp-response del-header Server\n");
	write_requests(hap);
	if (!no_gzip->said || !globals->gzip_types.n)
		return;
	conf_lit(hap->cfg, "\tacl no_gzip req.fhdr(user-agent) -i -m reg -- ");
	sdi_hap_word(hap->cfg, no_gzip->text);
	conf_lit(hap->cfg, "\n\thttp-request del-header Accept-Encoding if no_gzip\n");
}
