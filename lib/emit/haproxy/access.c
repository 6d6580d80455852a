/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Address lists and logins of a section, after its limits.
 *
 * HAProxy looks an IPv4 client up among IPv6 ranges, too (as ::ffff:a.b.c.d), and a 6to4 client among those of IPv4
 * (pat_match_ip): "::/0" would let all of IPv4 in. So there is an ACL for each family, and the client's own counts.
 */
#include "../../gateway/auth.h"
#include "haproxy.h"
#include "quote.h"

enum { INLINE = 16 }; /* longer lists are files */

static bool has_family(const struct sdi_cidrs *list, bool ipv6)
{
	return list->n && list->p[ipv6 ? list->n - 1 : 0].ipv6 == ipv6;
}

static void add_file(struct sdi_hap *hap, struct sdi_str name, const struct sdi_cidrs *list, bool ipv6)
{
	char text[SDI_CIDR_TEXT];
	void **slot = sdi_map_put(&hap->lists, name);
	if (*slot)
		return;
	*slot = hap;
	struct sdi_buf *file = sdi_bundle_file(hap->bundle, name, 0644, false);
	if (!file)
		hap->cfg->failed = true;
	for (size_t i = 0; file && i < list->n; i++) {
		if (list->p[i].ipv6 != ipv6)
			continue;
		sdi_cidr_print(&list->p[i], text);
		sdi_hap_cidr(file, text);
		conf_lit(file, "\n");
	}
}

static void write_family(struct sdi_hap *hap, const char *acl, const struct sdi_cidrs *list, bool ipv6)
{
	char text[SDI_CIDR_TEXT];
	if (!has_family(list, ipv6))
		return;
	sdi_buf_printf(hap->cfg, "\tacl %s_%c src", acl, ipv6 ? '6' : '4');
	if (list->n > INLINE) {
		struct sdi_str name =
			sdi_arena_printf(hap->scratch, "acl/%.*s.%s%c", SDI_STR_ARG(list->id), acl, ipv6 ? '6' : '4');
		add_file(hap, name, list, ipv6);
		conf_lit(hap->cfg, " -f ");
		sdi_hap_word(hap->cfg, name);
	}
	for (size_t i = 0; list->n <= INLINE && i < list->n; i++) {
		if (list->p[i].ipv6 != ipv6)
			continue;
		sdi_cidr_print(&list->p[i], text);
		conf_lit(hap->cfg, " ");
		sdi_hap_cidr(hap->cfg, text);
	}
	conf_lit(hap->cfg, "\n");
}

/* @acl: a name of ours. */
void sdi_hap_write_list(struct sdi_hap *hap, const char *acl, const struct sdi_cidrs *list)
{
	write_family(hap, acl, list, false);
	write_family(hap, acl, list, true);
	if (list->n)
		sdi_buf_printf(hap->cfg, "\tacl %s_family src -m sub :\n", acl);
}

void sdi_hap_write_listed(struct sdi_hap *hap, const char *acl, const struct sdi_cidrs *list)
{
	bool ipv4 = has_family(list, false);
	if (ipv4)
		sdi_buf_printf(hap->cfg, " %s_4 !%s_family", acl, acl);
	if (has_family(list, true))
		sdi_buf_printf(hap->cfg, "%s %s_6 %s_family", ipv4 ? " or" : "", acl, acl);
}

static void write_all(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	if (sdi_policy_has(policy, SDI_FIELD_DENY)) {
		conf_lit(hap->cfg, "\thttp-request deny deny_status 403 if");
		sdi_hap_write_listed(hap, "access_deny", &policy->access->deny);
		conf_lit(hap->cfg, "\n");
	}
	if (sdi_policy_has(policy, SDI_FIELD_ALLOW)) {
		conf_lit(hap->cfg, "\thttp-request deny deny_status 403 unless");
		sdi_hap_write_listed(hap, "access_allow", &policy->access->allow);
		conf_lit(hap->cfg, "\n");
	}
}

/* Notes in txn.in who is in already, for what follows to leave it at that. */
static void write_any(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	if (sdi_policy_has(policy, SDI_FIELD_ALLOW)) {
		conf_lit(hap->cfg, "\thttp-request set-var(txn.in) bool(true) if");
		sdi_hap_write_listed(hap, "access_allow", &policy->access->allow);
		conf_lit(hap->cfg, "\n");
		if (sdi_policy_has(policy, SDI_FIELD_DENY)) {
			conf_lit(hap->cfg, "\thttp-request unset-var(txn.in) if");
			sdi_hap_write_listed(hap, "access_deny", &policy->access->deny);
			conf_lit(hap->cfg, "\n");
		}
	}
}

static void write_challenge(struct sdi_hap *hap, const struct sdi_basic_auth *auth)
{
	if (auth->digest) {
		conf_lit(hap->cfg, "%[var(txn.digest_challenge)]");
		return;
	}
	struct sdi_str value = sdi_arena_printf(hap->scratch, "Basic realm=\"%.*s\"", SDI_STR_ARG(auth->realm));
	if (!sdi_hap_format(hap->cfg, value))
		sdi_hap_format(hap->cfg, SDI_STR("Basic realm=\"\""));
}

void sdi_hap_write_also(struct sdi_hap *hap, const struct sdi_basic_auth *auth, const char *only)
{
	conf_lit(hap->cfg, "\thttp-request set-var-fmt(txn.auth_challenge) ");
	write_challenge(hap, auth);
	sdi_buf_printf(hap->cfg,
	               " if { var(txn.auth_challenge),length eq 0 }%s\n"
	               "\thttp-request set-var(txn.auth) str(401) if { var(txn.auth) -m str 403 }%s\n",
	               only, only);
}

/* A page to log in takes the place of each 401. */
static void write_refusal(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	if (policy->auth && policy->auth->signin.n) {
		conf_lit(hap->cfg, "\thttp-request redirect code 302 location ");
		sdi_hap_write_request_text(hap->cfg, &policy->auth->signin);
		return;
	}
	conf_lit(hap->cfg, "\thttp-request return status 401 content-type text/plain"
	                   " string \"401 Authorization Required\\n\" hdr WWW-Authenticate ");
	write_challenge(hap, policy->basic_auth);
}

static void write_basic(struct sdi_hap *hap, const struct sdi_policy *policy, bool any)
{
	const struct sdi_basic_auth *auth = policy->basic_auth;
	sdi_hap_write_login(hap, auth);
	if (auth->digest) /* no Lua */
		sdi_buf_printf(
			hap->cfg,
			"\thttp-request deny deny_status 503 if !digest_in !{ var(txn.digest_challenge) -m found }%s\n",
			any ? " !{ var(txn.in) -m bool }" : "");
	if (any) {
		size_t before = hap->cfg->n;
		conf_lit(hap->cfg, "\thttp-request set-var(txn.in) bool(true) if ");
		if (sdi_hap_write_logged_in(hap, auth))
			conf_lit(hap->cfg, "\n");
		else if (!hap->cfg->failed)
			hap->cfg->n = before;
		if (policy->auth)
			return;
		write_refusal(hap, policy);
		conf_lit(hap->cfg, " unless { var(txn.in) -m bool }\n");
		return;
	}
	write_refusal(hap, policy);
	size_t before = hap->cfg->n;
	conf_lit(hap->cfg, " unless ");
	if (!sdi_hap_write_logged_in(hap, auth) && !hap->cfg->failed) {
		hap->cfg->n = before;
		conf_lit(hap->cfg, " if TRUE"); /* HAProxy warns of rules behind one without a condition */
	}
	conf_lit(hap->cfg, "\n");
}

void sdi_hap_global_access(struct sdi_hap *hap)
{
	sdi_hap_write_userlists(hap);
}

void sdi_hap_section_access(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_policy *policy = section->policy;
	/* Of one restriction alone "any" is "all"; to those that have only addresses it means the same. */
	bool any = sdi_policy_has(policy, SDI_FIELD_SATISFY) && (policy->basic_auth || policy->auth);
	if (policy->limits)
		sdi_hap_write_limits(hap, section);
	if (policy->access) {
		if (sdi_policy_has(policy, SDI_FIELD_DENY))
			sdi_hap_write_list(hap, "access_deny", &policy->access->deny);
		if (sdi_policy_has(policy, SDI_FIELD_ALLOW))
			sdi_hap_write_list(hap, "access_allow", &policy->access->allow);
		if (any)
			write_any(hap, policy);
		else
			write_all(hap, policy);
	}
	if (policy->basic_auth)
		write_basic(hap, policy, any);
}

/* The application does not get to see passwords that were not meant for it. */
void sdi_hap_section_clear(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	if (section->policy->basic_auth)
		conf_lit(hap->cfg, "\thttp-request del-header Authorization\n");
}
