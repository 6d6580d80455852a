/* SPDX-License-Identifier: BSD-3-Clause */
/* One suite per module; run.c runs them all. */
#ifndef SDI_TESTS_SUITES_H
#define SDI_TESTS_SUITES_H

#include <check.h>

#define SDI_SUITES(X) \
	X(base)       \
	X(balance)    \
	X(yaml)       \
	X(json)       \
	X(manifest)   \
	X(diag)       \
	X(settings)   \
	X(model)      \
	X(store)      \
	X(registry)   \
	X(values)     \
	X(tls)        \
	X(match)      \
	X(regex)      \
	X(snippet)    \
	X(log)        \
	X(seclang)    \
	X(translate)  \
	X(access)     \
	X(auth)       \
	X(bundle)     \
	X(haproxy)    \
	X(nginx)      \
	X(hostile)    \
	X(report)     \
	X(sys)

#define X(name) Suite *sdi_suite_##name(void);
SDI_SUITES(X)
#undef X

#define N(array) ((int)(sizeof(array) / sizeof((array)[0])))

#endif
