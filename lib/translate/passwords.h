/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The users in a Secret, line by line against a strict grammar: what is not surely a hash that a proxy can check is
 * left out, and that user can't log in. Reading never fails as a whole.
 *
 * Hashes that are slow on purpose are checked by proxies in their event loop, and by HAProxy for each user when it
 * reads its configuration, too; so how slow they may be is limited (COST in passwords.c).
 */
#ifndef SDI_TRANSLATE_PASSWORDS_H
#define SDI_TRANSLATE_PASSWORDS_H

#include "../gateway/access.h"
#include "../model/model.h"

struct sdi_passwords {
	const struct sdi_user *users; /* sorted by name, each once: of several lines the first holds */
	size_t n, refused;            /* refused: lines or keys that name no usable user */
	size_t elsewhere;             /* users of another realm */
};

/* An htpasswd file: USER:HASH[:…] a line, "#" starts a comment. With @realm an htdigest file: USER:REALM:HASH. */
struct sdi_passwords sdi_passwords_of_file(struct sdi_arena *arena, const struct sdi_secret_bytes *file,
                                           const struct sdi_str *realm);

/* Each key a user, each value a hash, or with @realm REALM:HASH. */
struct sdi_passwords sdi_passwords_of_map(struct sdi_arena *arena, const struct sdi_secret *secret,
                                          const struct sdi_str *realm);

#endif
