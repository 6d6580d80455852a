/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads the values of annotations, exactly as each controller does, and the setters that fill a struct sdi_wish.
 */
#ifndef SDI_DIALECT_VALUES_H
#define SDI_DIALECT_VALUES_H

#include "registry.h"

/* Go's strconv.ParseBool: 1 t T TRUE true True, 0 f F FALSE false False; nothing else, no spaces. */
bool sdi_value_bool(struct sdi_str value, bool *ret);

/* The same, and in any case enabled on, disabled off. */
bool sdi_value_bool_haproxytech(struct sdi_str value, bool *ret);

/* Decimal digits only. */
bool sdi_value_uint(struct sdi_str value, unsigned min, unsigned max, unsigned *ret);

/* Whether a comma list of address ranges is 0.0.0.0/0 and ::/0 and nothing else: it lets everybody in. One of the two
 * alone keeps the other half of the internet out. */
bool sdi_value_all_addresses(struct sdi_str value);

sdi_apply_fn sdi_apply_bool, sdi_apply_bool_haproxytech; /* slot: SDI_WISH_ON or _OFF */
sdi_apply_fn sdi_apply_redirect_code;                    /* slot: 301, 302, 303, 307, 308 */
sdi_apply_fn sdi_apply_redirect_code_nginx_org;          /* the same without 303 */
sdi_apply_fn sdi_apply_port;                             /* slot: 1 to 65535 */
sdi_apply_fn sdi_apply_allow_list;                       /* true only when it restricts nobody */

#endif
