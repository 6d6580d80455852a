/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The fields of a policy: one row each. Emitters declare for each what they make of it (emit/emit.h); dialects name
 * the field that an annotation fills (dialect/registry.h).
 */
#ifndef SDI_GATEWAY_FIELD_H
#define SDI_GATEWAY_FIELD_H

#define SDI_FIELDS(X)                                                        \
	X(TLS_REDIRECT, "tls-redirect", "plain HTTP is redirected to HTTPS") \
	X(DENIED, "denied", "answers 503 since a protection that was asked for can't be given")

enum sdi_field {
#define X(name, slug, doc) SDI_FIELD_##name,
	SDI_FIELDS(X)
#undef X
		SDI_FIELD__COUNT
};

#endif
