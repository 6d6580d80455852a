/* SPDX-License-Identifier: BSD-3-Clause */
#include "passwords.h"
#include "../base/vec.h"
#include <openssl/evp.h>

enum {
	NAME_BYTES = 255,
	HASH_BYTES = 512,
	DIGEST_BYTES = 20, /* of SHA-1 */
	BCRYPT_COST = 14,  /* 2^14 rounds: a second; HAProxy takes a thread for hung after two */
	ROUNDS = 50000,    /* of SHA-crypt */
	ROUNDS_DEFAULT = 5000,
	ROUNDS_A_UNIT = 64, /* of SHA-crypt or MD5, which take as long as one of bcrypt's */
	HA1_DIGITS = 32,    /* of MD5 */
};

struct list {
	struct sdi_arena *arena;
	const struct sdi_str *realm; /* of those who log in by digest; NULL: passwords are sent */
	struct {
		SDI_VEC(struct sdi_user)
	} users;
	size_t refused, elsewhere;
};

static bool is_crypt64(struct sdi_str s, size_t min, size_t max)
{
	for (size_t i = 0; i < s.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(s.p[i])) && s.p[i] != '.' && s.p[i] != '/')
			return false;
	return s.n >= min && s.n <= max;
}

static bool cut(struct sdi_str *s, const char *start)
{
	if (!sdi_str_starts(*s, sdi_str_c(start)))
		return false;
	*s = sdi_str_from(*s, strlen(start));
	return true;
}

/* SALT$HASH */
static bool is_salted(struct sdi_str s, size_t salt_max, size_t hash_bytes)
{
	struct sdi_str salt;
	return sdi_str_split(&s, '$', &salt) && is_crypt64(salt, 1, salt_max) && is_crypt64(s, hash_bytes, hash_bytes);
}

static bool number(struct sdi_str s, unsigned max, unsigned *ret)
{
	unsigned v = 0;
	if (!s.n || s.n > 6)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!sdi_is_digit(s.p[i]))
			return false;
		v = v * 10 + (unsigned)(s.p[i] - '0');
	}
	*ret = v;
	return v <= max;
}

/* COST$SALT-AND-HASH */
static bool is_bcrypt(struct sdi_str s, unsigned *ret_cost)
{
	struct sdi_str digits;
	unsigned cost;
	if (!sdi_str_split(&s, '$', &digits) || digits.n != 2 || !number(digits, BCRYPT_COST, &cost) || cost < 4)
		return false;
	*ret_cost = 1u << cost;
	return is_crypt64(s, 53, 53);
}

/* [rounds=N$]SALT$HASH */
static bool is_sha_crypt(struct sdi_str s, size_t hash_bytes, unsigned *ret_cost)
{
	unsigned rounds = ROUNDS_DEFAULT;
	struct sdi_str digits;
	if (cut(&s, "rounds=") && (!sdi_str_split(&s, '$', &digits) || !number(digits, ROUNDS, &rounds) ||
	                           rounds < 1000 || digits.p[0] == '0'))
		return false;
	*ret_cost = rounds / ROUNDS_A_UNIT;
	return is_salted(s, 16, hash_bytes);
}

static bool is_crypt(struct sdi_str s, unsigned *ret_cost)
{
	*ret_cost = 1000 / ROUNDS_A_UNIT;
	if (cut(&s, "$2y$") || cut(&s, "$2b$") || cut(&s, "$2a$"))
		return is_bcrypt(s, ret_cost);
	if (cut(&s, "$1$"))
		return is_salted(s, 8, 22);
	if (cut(&s, "$5$"))
		return is_sha_crypt(s, 43, ret_cost);
	if (cut(&s, "$6$"))
		return is_sha_crypt(s, 86, ret_cost);
	return is_crypt64(s, 13, 13); /* DES */
}

static struct sdi_str to_base64(struct sdi_arena *arena, const unsigned char *bytes, size_t n)
{
	unsigned char *text = sdi_arena_alloc(arena, (n + 2) / 3 * 4 + 1);
	EVP_EncodeBlock(text, bytes, (int)n);
	return sdi_str_c((char *)text);
}

/* Padded, as all tools write it; 0: it is not, or too long. */
static size_t from_base64(struct sdi_str s, unsigned char ret[static HASH_BYTES])
{
	size_t pads = 0;
	while (pads < 2 && pads < s.n && s.p[s.n - 1 - pads] == '=')
		pads++;
	for (size_t i = 0; i + pads < s.n; i++)
		if (!sdi_is_alnum_lower(sdi_lower(s.p[i])) && s.p[i] != '+' && s.p[i] != '/')
			return 0;
	if (!s.n || s.n % 4 || s.n > HASH_BYTES)
		return 0;
	int n = EVP_DecodeBlock(ret, (const unsigned char *)s.p, (int)s.n);
	return n < 0 ? 0 : (size_t)n - pads;
}

static void set_sha1(struct sdi_arena *arena, struct sdi_user *user, const unsigned char *bytes, size_t n)
{
	size_t salt = n - DIGEST_BYTES;
	user->kind = SDI_HASH_SHA1;
	user->digest = to_base64(arena, bytes, DIGEST_BYTES);
	user->salt = to_base64(arena, bytes + DIGEST_BYTES, salt);
	user->salt_has_nul = salt && memchr(bytes + DIGEST_BYTES, '\0', salt);
	user->hash = sdi_arena_printf(arena, "%s%s", salt ? "{SSHA}" : "{SHA}", to_base64(arena, bytes, n).p);
}

/* {SHA}, {SSHA}, or {PLAIN}, of which only the digest goes on. */
static bool read_braces(struct sdi_arena *arena, struct sdi_str s, struct sdi_user *user)
{
	unsigned char bytes[HASH_BYTES];
	size_t n = DIGEST_BYTES;
	if (cut(&s, "{PLAIN}")) {
		if (EVP_Digest(s.p, s.n, bytes, NULL, EVP_sha1(), NULL) != 1)
			return false;
	} else if (cut(&s, "{SHA}")) {
		if (from_base64(s, bytes) != DIGEST_BYTES)
			return false;
	} else if (!cut(&s, "{SSHA}") || (n = from_base64(s, bytes)) < DIGEST_BYTES) {
		return false;
	}
	set_sha1(arena, user, bytes, n);
	return true;
}

static bool read_hash(struct sdi_arena *arena, struct sdi_str hash, struct sdi_user *user)
{
	struct sdi_str rest = hash;
	if (hash.n > HASH_BYTES || (hash.n && memchr(hash.p, '\0', hash.n)))
		return false;
	if (sdi_str_starts(hash, SDI_STR("{")))
		return read_braces(arena, hash, user);
	if (cut(&rest, "$apr1$"))
		user->kind = SDI_HASH_APR1;
	if (user->kind == SDI_HASH_APR1 ? !is_salted(rest, 8, 22) : !is_crypt(hash, &user->cost))
		return false;
	user->hash = sdi_arena_copy(arena, hash);
	return true;
}

static bool is_name(struct sdi_str name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f || name.p[i] == ':')
			return false;
	return name.n && name.n <= NAME_BYTES && name.p[0] != '#';
}

/* REALM:HASH, whose realm says whose it is. */
static bool read_ha1(struct list *list, struct sdi_str s, struct sdi_user *user)
{
	struct sdi_str realm;
	if (!sdi_str_split(&s, ':', &realm) || s.n != HA1_DIGITS)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!sdi_is_digit(s.p[i]) && (s.p[i] < 'a' || s.p[i] > 'f'))
			return false;
	user->kind = SDI_HASH_HA1;
	user->hash = sdi_str_eq(realm, *list->realm) ? sdi_arena_copy(list->arena, s) : SDI_STR("");
	return true;
}

static void add(struct list *list, struct sdi_str name, struct sdi_str hash)
{
	struct sdi_user user = { 0 };
	if (!is_name(name) || !(list->realm ? read_ha1(list, hash, &user) : read_hash(list->arena, hash, &user))) {
		list->refused++;
		return;
	}
	if (!user.hash.n) {
		list->elsewhere++;
		return;
	}
	user.name = sdi_arena_copy(list->arena, name);
	*sdi_vec_push(&list->users, list->arena) = user;
}

/* By name, and as they came; arrays that qsort() gets have no order of their own. */
static int by_name(const void *a, const void *b)
{
	const struct sdi_user *const *x = a, *const *y = b;
	int c = sdi_str_cmp((*x)->name, (*y)->name);
	return c ? c : *x < *y ? -1 : *x > *y;
}

static struct sdi_passwords finish(struct list *list)
{
	struct sdi_passwords ret = { .refused = list->refused, .elsewhere = list->elsewhere };
	size_t n = list->users.n;
	if (!n)
		return ret;
	const struct sdi_user **sorted = sdi_arena_array(list->arena, n, const struct sdi_user *);
	struct sdi_user *users = sdi_arena_array(list->arena, n, struct sdi_user);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &list->users.p[i];
	qsort(sorted, n, sizeof(struct sdi_user *), by_name);
	for (size_t i = 0; i < n; i++)
		if (!i || !sdi_str_eq(sorted[i - 1]->name, sorted[i]->name))
			users[ret.n++] = *sorted[i];
	ret.users = users;
	return ret;
}

struct sdi_passwords sdi_passwords_of_file(struct sdi_arena *arena, const struct sdi_secret_bytes *file,
                                           const struct sdi_str *realm)
{
	struct list list = { .arena = arena, .realm = realm };
	struct sdi_str rest = sdi_str_make(file->p, file->n), line, name, hash;
	while (sdi_str_split(&rest, '\n', &line)) {
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!sdi_str_trim(line).n || line.p[0] == '#')
			continue;
		if (!sdi_str_split(&line, ':', &name) || !line.p || !(realm || sdi_str_split(&line, ':', &hash)))
			list.refused++;
		else
			add(&list, name, realm ? line : hash);
	}
	return finish(&list);
}

struct sdi_passwords sdi_passwords_of_map(struct sdi_arena *arena, const struct sdi_secret *secret,
                                          const struct sdi_str *realm)
{
	struct list list = { .arena = arena, .realm = realm };
	for (size_t i = 0; i < secret->n_items; i++) {
		const struct sdi_secret_item *item = &secret->items[i];
		struct sdi_str hash = sdi_str_make(item->value.p, item->value.n);
		if (item->invalid)
			list.refused++;
		else
			add(&list, item->key, sdi_str_trim(hash));
	}
	return finish(&list);
}
