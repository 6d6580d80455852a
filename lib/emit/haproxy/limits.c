/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Limits of an ingress: NGINX's leaky bucket (ngx_http_limit_req_module), to the thousandth of a request, in a table by
 * client address. It is in the ingress's first section; the others use it from there. One sticky counter does for all
 * limits: gpt0 and gpt1 are what is in the bucket of requests a second and when that was so, in ms, gpt2 and gpt3 the
 * same a minute. HAProxy's http_req_rate would count refused requests, and a client that keeps trying never gets in.
 */
#include "haproxy.h"
#include "quote.h"

enum {
	MILLI = 1000,
	EXPIRE_MIN_S = 10,
	EXPIRE_MAX_S = 2000000, /* HAProxy's times end at 2^31 ms */
};

/* As long as a bucket takes to run dry: an older entry says nothing any more. */
static unsigned expire_s(const struct sdi_limits *limits)
{
	uint64_t longest = EXPIRE_MIN_S;
	for (size_t i = 0; i < 2; i++) {
		const struct sdi_rate *rate = &limits->rates[i];
		uint64_t s = rate->count ? (uint64_t)(rate->burst + 1) * rate->per_s / rate->count + 1 : 0;
		longest = s > longest ? s : longest;
	}
	return longest < EXPIRE_MAX_S ? (unsigned)longest : EXPIRE_MAX_S;
}

static void write_tracking(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_limits *limits = section->policy->limits;
	void **slot = sdi_map_put(&hap->tables, limits->id);
	struct sdi_buf *cfg = hap->cfg;
	const struct sdi_globals *globals = &hap->gateway->globals;
	if (!*slot) {
		*slot = (void *)section;
		sdi_buf_printf(cfg, "\tstick-table type %s size 100k expire ",
		               globals->n_limit_key ? "binary len 20" : "ipv6");
		conf_uint(cfg, expire_s(limits));
		conf_lit(cfg, "s store gpt(4),conn_cur\n");
	}
	sdi_hap_write_list(hap, "limit_exempt", &limits->exempt);
	if (globals->n_limit_key) {
		sdi_hap_write_key(cfg, "txn.limit_key", globals->limit_key, globals->n_limit_key);
		conf_lit(cfg, "\thttp-request unset-var(txn.limit_key) if !{ var(txn.limit_key),length gt 0 }");
		if (limits->exempt.n)
			conf_lit(cfg, " or");
		sdi_hap_write_listed(hap, "limit_exempt", &limits->exempt);
		conf_lit(cfg, "\n\thttp-request track-sc0 var(txn.limit_key),sha1 table ");
		sdi_hap_name(cfg, ((const struct sdi_hap_section *)*slot)->id);
		conf_lit(cfg, " if { var(txn.limit_key) -m found }\n");
		return;
	}
	conf_lit(cfg, "\thttp-request track-sc0 src table ");
	sdi_hap_name(cfg, ((const struct sdi_hap_section *)*slot)->id);
	if (limits->exempt.n) {
		conf_lit(cfg, " unless");
		sdi_hap_write_listed(hap, "limit_exempt", &limits->exempt);
	}
	conf_lit(cfg, "\n");
}

/*
 * What the bucket @i would hold with this request in it, in txn.limit_0 or txn.limit_1. Clocks of threads differ by some
 * ms, and a time before the last one must not look like 49 days later: up to a minute of it counts as no time.
 */
static void write_bucket(struct sdi_buf *cfg, unsigned i, const struct sdi_rate *rate)
{
	sdi_buf_printf(
		cfg,
		"\thttp-request set-var(txn.limit_last) sc_get_gpt(%u,0)\n"
		"\thttp-request set-var(txn.limit_ms%u) 'var(txn.limit_now),sub(txn.limit_last),and(4294967295)'\n"
		"\thttp-request set-var(txn.limit_ms%u) int(0) if { var(txn.limit_ms%u) -m int gt 4294907295 }\n"
		"\thttp-request set-var(txn.limit_leak) 'var(txn.limit_ms%u),mul(",
		2 * i + 1, i, i, i, i);
	conf_uint(cfg, (uint64_t)rate->count * MILLI / rate->per_s); /* rounded as NGINX does */
	sdi_buf_printf(cfg,
	               "),div(1000)'\n"
	               "\thttp-request set-var(txn.limit_%u) 'sc_get_gpt(%u,0),sub(txn.limit_leak),add(1000)'\n"
	               "\thttp-request set-var(txn.limit_%u) int(0) if { var(txn.limit_%u) -m int lt 0 }\n",
	               i, 2 * i, i, i);
}

/* "deny" knows some codes only. */
static void write_refusal(struct sdi_buf *cfg, unsigned status)
{
	static const unsigned known[] = { 400, 401, 403, 404, 405, 407, 408, 410, 413,
		                          421, 422, 425, 429, 500, 501, 502, 503, 504 };
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i] == status) {
			conf_lit(cfg, "\thttp-request deny deny_status ");
			conf_uint(cfg, status);
			return;
		}
	}
	conf_lit(cfg, "\thttp-request return status ");
	conf_uint(cfg, status);
}

static void write_rates(struct sdi_buf *cfg, const struct sdi_limits *limits)
{
	if (limits->rates[0].count || limits->rates[1].count)
		conf_lit(cfg, "\thttp-request set-var(txn.limit_now) date(0,ms),and(4294967295)\n");
	for (unsigned i = 0; i < 2; i++)
		if (limits->rates[i].count)
			write_bucket(cfg, i, &limits->rates[i]);
	for (unsigned i = 0; i < 2; i++) {
		if (!limits->rates[i].count)
			continue;
		write_refusal(cfg, limits->request_status);
		sdi_buf_printf(cfg, " if { var(txn.limit_%u) -m int gt ", i);
		conf_uint(cfg, (uint64_t)limits->rates[i].burst * MILLI);
		conf_lit(cfg, " }\n");
	}
	for (unsigned i = 0; i < 2; i++)
		if (limits->rates[i].count)
			sdi_buf_printf(cfg,
			               "\thttp-request sc-set-gpt(%u,0) var(txn.limit_%u)\n"
			               "\thttp-request sc-set-gpt(%u,0) var(txn.limit_now) if { var(txn.limit_ms%u) -m "
			               "int gt 0 }\n",
			               2 * i, i, 2 * i + 1, i);
}

static void write_bandwidth(struct sdi_hap *hap, const struct sdi_limits *limits)
{
	struct sdi_buf *cfg = hap->cfg;
	if (!sdi_version_at_least(hap->version, 2, 7)) {
		void **slot = sdi_map_put(&hap->lists, limits->id); /* said once; no file's name is without a "/" */
		conf_lit(cfg, "\thttp-request deny deny_status 503 if TRUE\n");
		if (*slot)
			return;
		*slot = hap;
		hap->diag.subject = (struct sdi_subject){ "Ingress", limits->ns, limits->ingress, { "", 0, 0 } };
		sdi_diag_add(&hap->diag, SDI_REASON_PROTECTION_DENIED, sdi_show(&hap->diag, limits->field),
		             "HAProxy can limit the rate of an answer from version 2.7 on, so everything that this "
		             "Ingress serves answers 503; run a newer one and say so with --target-version");
		return;
	}
	conf_lit(cfg, "\tfilter bwlim-out limit_rate default-limit ");
	conf_uint(cfg, limits->rate_bytes);
	conf_lit(cfg, " default-period 1s\n\thttp-response set-bandwidth-limit limit_rate");
	if (limits->after_bytes) {
		conf_lit(cfg, " unless { res.fhdr(content-length) -m int le ");
		conf_uint(cfg, limits->after_bytes);
		conf_lit(cfg, " }");
	}
	conf_lit(cfg, "\n");
}

void sdi_hap_write_limits(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_limits *limits = section->policy->limits;
	if (limits->rate_bytes)
		write_bandwidth(hap, limits);
	if (!limits->rates[0].count && !limits->rates[1].count && !limits->connections)
		return;
	write_tracking(hap, section);
	write_rates(hap->cfg, limits);
	if (limits->connections) {
		write_refusal(hap->cfg, limits->connection_status);
		conf_lit(hap->cfg, " if { sc_conn_cur(0) gt ");
		conf_uint(hap->cfg, limits->connections);
		conf_lit(hap->cfg, " }\n");
	}
}
