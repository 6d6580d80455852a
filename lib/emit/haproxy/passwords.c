/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Users and passwords. What crypt(3) knows is a "userlist"; HAProxy hashes something with each of them when it starts,
 * so there is a budget. SHA-1 is computed by converters and looked up as "USER:DIGEST" in auth/ID.sha1, with the salt
 * that auth/ID.salt has for the user; user names are in hexadecimal there. Apache's MD5 takes Lua (apr1.c).
 */
#include "haproxy.h"
#include "quote.h"

/* Rounds of bcrypt, about 8 seconds: 128 users at cost 10. */
enum { BUDGET = 1 << 17 };

static void write_hex(struct sdi_buf *buf, struct sdi_str s)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		sdi_buf_char(buf, digits[(unsigned char)s.p[i] >> 4]);
		sdi_buf_char(buf, digits[s.p[i] & 15]);
	}
}

static struct sdi_str file_of(struct sdi_hap *hap, const struct sdi_basic_auth *auth, const char *suffix)
{
	return sdi_arena_printf(hap->scratch, "auth/%.*s.%s", SDI_STR_ARG(auth->id), suffix);
}

static bool has_kind(const struct sdi_basic_auth *auth, enum sdi_hash kind)
{
	for (size_t i = 0; i < auth->n_users; i++)
		if (auth->users[i].kind == kind)
			return true;
	return false;
}

static bool is_salted(const struct sdi_basic_auth *auth)
{
	for (size_t i = 0; i < auth->n_users; i++)
		if (auth->users[i].salt.n)
			return true;
	return false;
}

bool sdi_hap_has_userlists(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_policies; i++) {
		const struct sdi_basic_auth *auth = gateway->policies[i]->basic_auth;
		if (auth && has_kind(auth, SDI_HASH_CRYPT))
			return true;
	}
	return false;
}

bool sdi_hap_has_apr1(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_policies; i++) {
		const struct sdi_basic_auth *auth = gateway->policies[i]->basic_auth;
		if (auth && has_kind(auth, SDI_HASH_APR1))
			return true;
	}
	return false;
}

/* Returns how many users had to be left out. */
static size_t write_userlist(struct sdi_hap *hap, const struct sdi_basic_auth *auth)
{
	size_t left_out = 0;
	unsigned spent = 0;
	if (!has_kind(auth, SDI_HASH_CRYPT))
		return 0;
	conf_lit(hap->cfg, "\nuserlist ");
	sdi_hap_name(hap->cfg, auth->id);
	conf_lit(hap->cfg, "\n");
	for (size_t i = 0; i < auth->n_users; i++) {
		const struct sdi_user *user = &auth->users[i];
		if (user->kind != SDI_HASH_CRYPT)
			continue;
		if (spent + user->cost > BUDGET) {
			left_out++;
			continue;
		}
		spent += user->cost;
		conf_lit(hap->cfg, "\tuser ");
		sdi_hap_word(hap->cfg, user->name);
		conf_lit(hap->cfg, " password ");
		sdi_hap_word(hap->cfg, user->hash);
		conf_lit(hap->cfg, "\n");
	}
	return left_out;
}

enum column { DIGEST, SALT, APR1, HA1 };

static bool is_in(enum column column, const struct sdi_user *user)
{
	switch (column) {
	case DIGEST: return user->kind == SDI_HASH_SHA1 && !user->salt_has_nul;
	case SALT: return user->kind == SDI_HASH_SHA1 && !user->salt_has_nul && user->salt.n;
	case APR1: return user->kind == SDI_HASH_APR1;
	case HA1: return user->kind == SDI_HASH_HA1;
	}
	return false;
}

static void add_file(struct sdi_hap *hap, const struct sdi_basic_auth *auth, const char *suffix, enum column column)
{
	struct sdi_buf *file = sdi_bundle_file(hap->bundle, file_of(hap, auth, suffix), 0600, true);
	if (!file) {
		hap->cfg->failed = true;
		return;
	}
	for (size_t i = 0; i < auth->n_users; i++) {
		const struct sdi_user *user = &auth->users[i];
		if (!is_in(column, user))
			continue;
		write_hex(file, user->name);
		sdi_buf_char(file, column == DIGEST ? ':' : ' ');
		sdi_buf_add(file, column == DIGEST ? user->digest : column == SALT ? user->salt : user->hash);
		conf_lit(file, "\n");
	}
}

static void say_left_out(struct sdi_hap *hap, const struct sdi_basic_auth *auth, size_t n)
{
	for (size_t i = 0; i < auth->n_users; i++)
		n += auth->users[i].salt_has_nul;
	if (!n)
		return;
	hap->diag.subject = (struct sdi_subject){ "Ingress", auth->ns, auth->ingress, { "", 0, 0 } };
	sdi_diag_add(
		&hap->diag, SDI_REASON_SECRET_INVALID, "auth-secret",
		"HAProxy can't check %zu of the users, who can't log in: a salt has a zero byte in it, or there are "
		"more slow hashes than it could read at its start (128 of bcrypt at cost 10)",
		n);
}

void sdi_hap_write_userlists(struct sdi_hap *hap)
{
	const struct sdi_gateway *gateway = hap->gateway;
	struct sdi_map done = { .arena = hap->scratch };
	bool apr1 = false;
	for (size_t i = 0; i < gateway->n_policies && !hap->cfg->failed; i++) {
		const struct sdi_basic_auth *auth = gateway->policies[i]->basic_auth;
		void **slot = auth ? sdi_map_put(&done, auth->id) : NULL;
		if (!slot || *slot)
			continue;
		*slot = hap;
		say_left_out(hap, auth, write_userlist(hap, auth));
		if (has_kind(auth, SDI_HASH_SHA1))
			add_file(hap, auth, "sha1", DIGEST);
		if (is_salted(auth))
			add_file(hap, auth, "salt", SALT);
		if (has_kind(auth, SDI_HASH_APR1))
			add_file(hap, auth, "apr1", APR1);
		if (auth->digest)
			add_file(hap, auth, "digest", HA1);
		apr1 |= has_kind(auth, SDI_HASH_APR1);
	}
	if (apr1)
		sdi_hap_add_apr1(hap);
}

static void write_lookup(struct sdi_hap *hap, const struct sdi_basic_auth *auth, const char *name, const char *suffix,
                         const char *more)
{
	sdi_buf_printf(hap->cfg, "\thttp-request set-var(txn.%s) 'http_auth_user,hex,map_str(", name);
	sdi_hap_name(hap->cfg, SDI_STR("auth"));
	conf_lit(hap->cfg, "/");
	sdi_hap_name(hap->cfg, auth->id);
	sdi_buf_printf(hap->cfg, ".%s)%s'\n", suffix, more);
}

void sdi_hap_write_login(struct sdi_hap *hap, const struct sdi_basic_auth *auth)
{
	struct sdi_buf *cfg = hap->cfg;
	if (auth->digest)
		sdi_hap_write_digest(hap, auth);
	if (has_kind(auth, SDI_HASH_CRYPT)) {
		conf_lit(cfg, "\tacl basic_crypt http_auth(");
		sdi_hap_name(cfg, auth->id);
		conf_lit(cfg, ")\n");
	}
	if (has_kind(auth, SDI_HASH_SHA1)) {
		bool salted = is_salted(auth);
		if (salted)
			write_lookup(hap, auth, "basic_salt", "salt", ",b64dec");
		conf_lit(cfg, "\thttp-request set-var(txn.basic_digest) http_auth_pass,");
		sdi_buf_add(cfg, salted ? SDI_STR("concat(,txn.basic_salt),") : SDI_STR(""));
		conf_lit(cfg, "sha1,base64\n"
		              "\thttp-request set-var(txn.basic_login) http_auth_user,hex,concat(:,txn.basic_digest)\n"
		              "\tacl basic_sha1 var(txn.basic_login) -m str -f ");
		sdi_hap_word(cfg, file_of(hap, auth, "sha1"));
		conf_lit(cfg, "\n");
	}
	if (has_kind(auth, SDI_HASH_APR1)) {
		conf_lit(cfg, ".if feature(LUA)\n");
		write_lookup(hap, auth, "basic_apr1", "apr1", "");
		conf_lit(cfg, "\thttp-request lua.sdi_apr1 if { var(txn.basic_apr1) -m found }\n"
		              ".endif\n"
		              "\tacl basic_apr1 var(txn.basic_in) -m bool\n");
	}
}

bool sdi_hap_write_logged_in(struct sdi_hap *hap, const struct sdi_basic_auth *auth)
{
	static const struct {
		enum sdi_hash kind;
		struct sdi_str acl;
	} acls[] = {
		{ SDI_HASH_SHA1, SDI_STR_INIT("basic_sha1") },
		{ SDI_HASH_APR1, SDI_STR_INIT("basic_apr1") },
		{ SDI_HASH_CRYPT, SDI_STR_INIT("basic_crypt") }, /* last, since slow */
	};
	bool any = auth->digest;
	if (any)
		conf_lit(hap->cfg, "digest_in");
	for (size_t i = 0; i < sizeof(acls) / sizeof(acls[0]); i++) {
		if (!has_kind(auth, acls[i].kind))
			continue;
		sdi_buf_add(hap->cfg, any ? SDI_STR(" or ") : SDI_STR(""));
		sdi_buf_add(hap->cfg, acls[i].acl);
		any = true;
	}
	return any;
}
