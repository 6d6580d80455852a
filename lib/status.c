/* SPDX-License-Identifier: BSD-3-Clause */
#include <sdingress/status.h>
#include <sdingress/version.h>

const char *sdi_status_text(enum sdi_status status)
{
	switch (status) {
	case SDI_OK: return "success";
	case SDI_ENOMEM: return "out of memory";
	case SDI_EINVAL: return "invalid argument";
	case SDI_ELIMIT: return "a limit was reached";
	case SDI_ESTOP: return "stopped by the caller";
	case SDI_ESYNTAX: return "the input could not be read";
	}
	return "unknown status";
}

const char *sdi_version(void)
{
	return SDI_VERSION;
}
