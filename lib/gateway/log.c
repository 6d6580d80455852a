/* SPDX-License-Identifier: BSD-3-Clause */
#include "log.h"

const struct sdi_log_variable sdi_log_variables[SDI_LOG__COUNT] = {
#define X(id, word, in) [SDI_LOG_##id] = { SDI_STR_INIT(word), in },
	SDI_LOG_VARS(X)
#undef X
};
