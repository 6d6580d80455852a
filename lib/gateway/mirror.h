/* SPDX-License-Identifier: BSD-3-Clause */
/* MIRROR: a copy of each request that was let in goes to another place as well; what that answers is dropped. */
#ifndef SDI_GATEWAY_MIRROR_H
#define SDI_GATEWAY_MIRROR_H

#include "destination.h"

/* The header that copies carry. A request that has it is not copied, so no two places can send copies in a circle. */
#define SDI_COPY_HEADER "X-Sdi-Copy"

struct sdi_mirror {
	struct sdi_destination to; /* its service has endpoints; never the request's own host */
	bool body;                 /* copies have the request's body */
};

#endif
