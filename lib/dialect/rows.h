/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How the tables of dialect/ are written: one line says what becomes of an annotation.
 *
 *     { LATER("proxy-buffering", "on|off", "off", "Reads an answer ahead of a slow client.") },
 *
 * Guards are all annotations that keep somebody out, or make sure whom one talks to. What only matters beside a guard
 * (a realm, a login page, a status code) is none itself: it would close a route that nobody wanted closed. Half a guard
 * (a secret without the type that turns it on) is one: somebody wanted the route closed.
 */
#ifndef SDI_DIALECT_ROWS_H
#define SDI_DIALECT_ROWS_H

#include "registry.h"
#include "values.h"

/* A file defines PREFIX; rows of another prefix take the macros that end in _. */
#define ROW_(prefix, name_, value_, dflt_, doc_) \
	.name = name_, .key = prefix name_, .value = value_, .dflt = dflt_, .doc = doc_
#define PENDING_(prefix, name, flags_, value, dflt, doc) \
	ROW_(prefix, name, value, dflt, doc), .field = -1, .flags = SDI_ROW_PENDING | (flags_)

#define LATER_(prefix, name, value, dflt, doc) PENDING_(prefix, name, 0, value, dflt, doc)
#define GUARD_(prefix, name, value, dflt, doc) PENDING_(prefix, name, SDI_ROW_GUARD, value, dflt, doc)
#define GUARD_SWITCH_(prefix, name, value, dflt, doc) \
	PENDING_(prefix, name, SDI_ROW_GUARD | SDI_ROW_ENABLES, value, dflt, doc)

#define LATER(name, value, dflt, doc) LATER_(PREFIX, name, value, dflt, doc)
#define GUARD(name, value, dflt, doc) GUARD_(PREFIX, name, value, dflt, doc)
#define GUARD_SWITCH(name, value, dflt, doc) GUARD_SWITCH_(PREFIX, name, value, dflt, doc)
#define SNIPPET(name, value, dflt, doc) PENDING_(PREFIX, name, SDI_ROW_SNIPPET, value, dflt, doc)
#define RAW(name, id, value, dflt, doc) \
	DOES(name, id, SNIPPET, sdi_parse_raw, NULL, value, dflt, doc), .flags = SDI_ROW_SNIPPET
#define NOTHING(name, value, dflt, doc) ROW_(PREFIX, name, value, dflt, doc), .field = -1, .flags = SDI_ROW_IGNORED

/*
 * A row that is realised: its meaning (an id of wish.h without the prefix), the field that says how faithfully
 * (gateway/field.h), the function that reads its text and that function's argument.
 *
 *     { DOES("proxy-body-size", PROXY_BODY_SIZE, BODY_SIZE, sdi_parse_size, NULL, "SIZE", "1m", "Largest …") },
 */
#define DOES_(prefix, name, id_, field_, parse_, arg_, value, dflt, doc)                                          \
	ROW_(prefix, name, value, dflt, doc), .id = SDI_WISH_##id_, .field = SDI_FIELD_##field_, .parse = parse_, \
					      .arg = arg_
#define DOES(name, id, field, parse, arg, value, dflt, doc) DOES_(PREFIX, name, id, field, parse, arg, value, dflt, doc)
/* The same for an annotation that restricts access: 503 when its value is not valid or it can't be given. */
#define KEEPS(name, id, field, parse, arg, value, dflt, doc) \
	DOES(name, id, field, parse, arg, value, dflt, doc), .flags = SDI_ROW_GUARD
#define KEEPS_SWITCH(name, id, field, parse, arg, value, dflt, doc) \
	DOES(name, id, field, parse, arg, value, dflt, doc), .flags = SDI_ROW_GUARD | SDI_ROW_ENABLES

/* Only the list of all addresses can be given so far; cert-manager's solvers carry it. */
#define ALLOW_LIST(name, value, dflt, doc)                                                                        \
	ROW_(PREFIX, name, value, dflt, doc), .field = -1, .flags = SDI_ROW_GUARD, .parse = sdi_parse_allow_list, \
					      .lossy = { ONLY_ALL, ONLY_ALL }
#define ONLY_ALL "not realised yet, but for the list of all addresses: the route answers 503"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
