/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools.h"

int main(int argc, char **argv)
{
	return sdt_main(argc, argv);
}
