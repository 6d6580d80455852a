/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which endpoint. Where it follows from a key, "hash-type consistent" places each server on its ring by its id, of which
 * only the low 20 bits count: so ids follow from addresses, lest all keys move when one endpoint comes or goes.
 *
 * Set-Cookie is written by a rule, not by "cookie insert", which can't say Path, nor Secure by the request.
 */
#include "../session.h"
#include "haproxy.h"
#include "quote.h"

/* What the log-format of a key is made of. */
static void write_key_part(struct sdi_buf *cfg, const struct sdi_key_part *part)
{
	const char *name = "";
	switch (part->kind) {
	case SDI_KEY_TEXT: sdi_hap_format(cfg, part->text); return;
	case SDI_KEY_REQUEST_URI: conf_lit(cfg, "'%[pathq]'"); return;
	case SDI_KEY_PATH: conf_lit(cfg, "'%[var(txn.path)]'"); return;
	case SDI_KEY_QUERY: conf_lit(cfg, "'%[query]'"); return;
	case SDI_KEY_HOST: conf_lit(cfg, "'%[var(txn.host)]'"); return;
	case SDI_KEY_HOST_HEADER: conf_lit(cfg, "'%[req.fhdr(host)]'"); return;
	case SDI_KEY_ADDRESS: conf_lit(cfg, "'%[src]'"); return;
	case SDI_KEY_SCHEME: conf_lit(cfg, "'%[ssl_fc,iif(https,http)]'"); return;
	case SDI_KEY_METHOD: conf_lit(cfg, "'%[method]'"); return;
	case SDI_KEY_HEADER: name = "req.fhdr"; break;
	case SDI_KEY_COOKIE: name = "req.cook"; break;
	case SDI_KEY_ARGUMENT: name = "urlp"; break;
	}
	sdi_buf_printf(cfg, "'%%[%s(", name);
	sdi_hap_name(cfg, part->text);
	sdi_buf_printf(cfg, "%s)]'", part->kind == SDI_KEY_HEADER ? ",1" : "");
}

void sdi_hap_write_key(struct sdi_buf *cfg, const char *variable, const struct sdi_key_part *parts, size_t n)
{
	sdi_buf_printf(cfg, "\thttp-request set-var-fmt(%s) ", variable);
	for (size_t i = 0; i < n; i++)
		write_key_part(cfg, &parts[i]);
	conf_lit(cfg, "\n");
}

static void write_ring(struct sdi_buf *cfg)
{
	conf_lit(cfg, "\tbalance hash var(txn.key)\n"
	              "\thash-type consistent\n");
}

static void write_server_name(struct sdi_buf *cfg, const struct sdi_server *server)
{
	sdi_hap_name(cfg, server->address);
	conf_lit(cfg, ":");
	conf_uint(cfg, server->port);
}

/* The key picks a group, a die one of it. */
static void write_groups(struct sdi_hap *hap, const struct sdi_hap_section *section, size_t groups)
{
	struct sdi_buf *cfg = hap->cfg;
	size_t size = section->balance->subset, n = section->backend->n_servers;
	conf_lit(cfg, "\thttp-request set-var(txn.place) rand(");
	conf_uint(cfg, size);
	conf_lit(cfg, ")\n\thttp-request set-var(txn.place) var(txn.key),xxh32,mod(");
	conf_uint(cfg, groups);
	conf_lit(cfg, "),mul(");
	conf_uint(cfg, size);
	conf_lit(cfg, "),add(txn.place)\n");
	for (size_t i = 0; i < n; i++) {
		conf_lit(cfg, "\tuse-server ");
		write_server_name(cfg, &section->backend->servers[i]);
		conf_lit(cfg, " if { var(txn.place) -m int");
		for (size_t k = i; k < groups * size; k += n) {
			conf_lit(cfg, " ");
			conf_uint(cfg, k);
		}
		conf_lit(cfg, " }\n");
	}
}

static void write_attributes(struct sdi_buf *cfg, const struct sdi_affinity *affinity)
{
	if (affinity->has_expires) /* with the dashes and short years that ingress-nginx writes */
		sdi_buf_printf(cfg, "'; Expires=%%[date(%lld),utime(\"%%a, %%d-%%b-%%y %%H:%%M:%%S GMT\")]'",
		               (long long)affinity->expires_s);
	if (affinity->has_max_age)
		sdi_buf_printf(cfg, "'; Max-Age=%lld'", (long long)affinity->max_age_s);
	if (affinity->domain.n) {
		conf_lit(cfg, "'; Domain='");
		sdi_hap_format(cfg, affinity->domain);
	}
	conf_lit(cfg, "'; Path='");
	sdi_hap_format(cfg, affinity->path);
	if (affinity->secure)
		conf_lit(cfg, "'; Secure'");
	else
		conf_lit(cfg, "'%[ssl_fc,iif(\"; Secure\",)]'");
	conf_lit(cfg, "'; HttpOnly'");
	if (affinity->same_site == SDI_SAME_SITE_NONE && affinity->spare_old_browsers)
		conf_lit(cfg, "'%[var(txn.samesite)]'");
	else
		sdi_buf_printf(cfg, "'%s'", sdi_same_site_text(affinity->same_site));
}

static void write_set_cookie(struct sdi_buf *cfg, const struct sdi_affinity *affinity, struct sdi_str variable)
{
	conf_lit(cfg, "\thttp-after-response add-header Set-Cookie ");
	sdi_hap_format(cfg, affinity->cookie);
	conf_lit(cfg, "'=%[var("); /* a name can't end the quotes */
	sdi_hap_name(cfg, variable);
	conf_lit(cfg, ")]'");
	write_attributes(cfg, affinity);
}

void sdi_hap_cookie(struct sdi_buf *cfg, struct sdi_str name)
{
	conf_lit(cfg, "req.cook(");
	sdi_hap_word(cfg, name);
	conf_lit(cfg, ")");
}

/* A cookie that is not ours, in name or in form, is as good as none. */
static void write_known(struct sdi_hap *hap, const struct sdi_hap_section *section, const char *variable, size_t digits)
{
	const struct sdi_affinity *affinity = section->balance->affinity;
	conf_lit(hap->cfg, "\tacl known ");
	sdi_hap_cookie(hap->cfg, affinity->cookie);
	sdi_buf_printf(hap->cfg, " -m reg ^[0-9a-f]{%zu}\\.", digits);
	sdi_hap_name(hap->cfg, sdi_session_tag(hap->scratch, section->backend));
	sdi_buf_printf(hap->cfg, "$\n\thttp-request set-var(%s) ", variable);
	sdi_hap_cookie(hap->cfg, affinity->cookie);
	conf_lit(hap->cfg, " if known\n");
	if (affinity->same_site == SDI_SAME_SITE_NONE && affinity->spare_old_browsers)
		conf_lit(hap->cfg, "\thttp-request set-var(txn.samesite) str(\"; SameSite=None\") unless"
		                   " { req.fhdr(user-agent) -m reg '" SDI_SESSION_OLD_BROWSERS "' }\n");
}

/* The session is a key for the ring. */
static void write_keyed(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	struct sdi_buf *cfg = hap->cfg;
	write_known(hap, section, "txn.key", SDI_SESSION_KEY);
	conf_lit(cfg, "\thttp-request set-var(txn.new) bool(true) unless known\n"
	              "\thttp-request set-var-fmt(txn.key) %[uuid,sha1,hex,lower,bytes(0,32)].");
	sdi_hap_name(cfg, sdi_session_tag(hap->scratch, section->backend));
	conf_lit(cfg, " unless known\n");
	write_ring(cfg);
	write_set_cookie(cfg, section->balance->affinity, SDI_STR("txn.key"));
	conf_lit(cfg, " if { var(txn.new) -m bool } { srv_name -m found }\n");
}

/*
 * The session is a server's id, which "cookie" maps to the server; "rewrite" is the mode that adds no Set-Cookie. It is
 * set whenever another server answered than the cookie says.
 */
static void write_by_id(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	struct sdi_buf *cfg = hap->cfg;
	if (section->balance->least)
		conf_lit(cfg, "\tbalance leastconn\n");
	write_known(hap, section, "txn.session", SDI_SESSION_ID);
	conf_lit(cfg, "\tcookie ");
	sdi_hap_word(cfg, section->balance->affinity->cookie);
	conf_lit(cfg, " rewrite\n\thttp-after-response set-var(txn.served) srv_name,concat(/");
	sdi_hap_name(cfg, section->backend->id);
	conf_lit(cfg, "),sha1,hex,lower,bytes(0,16),concat(.");
	sdi_hap_name(cfg, sdi_session_tag(hap->scratch, section->backend));
	conf_lit(cfg, ")\n");
	write_set_cookie(cfg, section->balance->affinity, SDI_STR("txn.served"));
	conf_lit(cfg, " if { srv_name -m found } !{ var(txn.served),strcmp(txn.session) eq 0 }\n");
}

static bool uses_ring(const struct sdi_balance *balance)
{
	if (balance->affinity)
		return !sdi_affinity_by_id(balance->affinity);
	return balance->n_key && !balance->subset;
}

/* From @address and port, and not taken by a server before it. */
static unsigned server_id(struct sdi_hap *hap, const struct sdi_hap_section *section, const struct sdi_server *server)
{
	enum { IDS = (1 << 20) - 1 };
	if (hap->ids_of != section) {
		hap->ids_of = section;
		hap->ids = (struct sdi_map){ .arena = hap->scratch };
	}
	struct sdi_str key =
		sdi_arena_printf(hap->scratch, "%.*s:%u", SDI_STR_ARG(server->address), (unsigned)server->port);
	unsigned id = 1 + (unsigned)(sdi_hash(key) % IDS);
	for (void **slot;; id = 1 + id % IDS) {
		slot = sdi_map_put(&hap->ids, sdi_arena_printf(hap->scratch, "%u", id));
		if (*slot)
			continue;
		*slot = (void *)server;
		return id;
	}
}

void sdi_hap_section_balance(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_balance *balance = section->balance;
	if (!balance)
		return;
	size_t groups = sdi_balance_groups(balance, section->backend);
	if (balance->affinity && sdi_affinity_by_id(balance->affinity)) {
		write_by_id(hap, section);
	} else if (balance->affinity) {
		write_keyed(hap, section);
	} else if (groups) {
		sdi_hap_write_key(hap->cfg, "txn.key", balance->key, balance->n_key);
		write_groups(hap, section, groups);
	} else if (uses_ring(balance)) {
		sdi_hap_write_key(hap->cfg, "txn.key", balance->key, balance->n_key);
		write_ring(hap->cfg);
	} else if (balance->least) {
		conf_lit(hap->cfg, "\tbalance leastconn\n");
	}
}

void sdi_hap_server_balance(struct sdi_hap *hap, const struct sdi_hap_section *section, const struct sdi_server *server)
{
	const struct sdi_balance *balance = section->balance;
	if (!balance)
		return;
	if (uses_ring(balance)) {
		conf_lit(hap->cfg, " id ");
		conf_uint(hap->cfg, server_id(hap, section, server));
		conf_lit(hap->cfg, " weight 10"); /* 160 places on the ring */
	} else if (balance->affinity) {
		conf_lit(hap->cfg, " cookie ");
		sdi_hap_name(hap->cfg, sdi_session_id(hap->scratch, section->backend, server));
		conf_lit(hap->cfg, ".");
		sdi_hap_name(hap->cfg, sdi_session_tag(hap->scratch, section->backend));
	}
}
