/* SPDX-License-Identifier: BSD-3-Clause */
/* Scope-bound ownership: sdi_auto(free_function) on a variable, sdi_take() to hand it over. */
#ifndef SDI_BASE_AUTO_H
#define SDI_BASE_AUTO_H

#define sdi_auto(function) __attribute__((cleanup(function)))

#define sdi_take(pointer)                                       \
	__extension__({                                         \
		__typeof__(*(pointer)) sdi_taken_ = *(pointer); \
		*(pointer) = NULL;                              \
		sdi_taken_;                                     \
	})

#endif
