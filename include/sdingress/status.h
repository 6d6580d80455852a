/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a call returns. Bad user data is never a failed call: that is a diagnostic (diag.h).
 */
#ifndef SDINGRESS_STATUS_H
#define SDINGRESS_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SDI_API __attribute__((visibility("default")))
#else
#define SDI_API
#endif

enum sdi_status {
	SDI_OK = 0,
	SDI_ENOMEM = -1,  /* out of memory; the handles are as they were before the call */
	SDI_EINVAL = -2,  /* misuse by the program: NULL where that is not allowed, an unknown setting */
	SDI_ELIMIT = -3,  /* an input or output limit was reached (the diagnostics say which) */
	SDI_ESTOP = -4,   /* a callback of the caller said stop */
	SDI_ESYNTAX = -5, /* the input as a whole could not be read (the diagnostics say where) */
};

/**
 * Describes a status in a few English words.
 *
 * Returns a static string, never NULL. Since 0.1.
 */
SDI_API const char *sdi_status_text(enum sdi_status status);

#ifdef __cplusplus
}
#endif
#endif
