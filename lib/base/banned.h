/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls that have hurt too many C programs: using one does not compile. */
#ifndef SDI_BASE_BANNED_H
#define SDI_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __cplusplus
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#undef atoi
#undef atol
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol gets
#endif

#endif
