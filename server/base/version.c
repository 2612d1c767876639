/* SPDX-License-Identifier: MIT */
#include "server/base/version.h"

const char *
version_text(void)
{
	return CRISISCOVER_VERSION;
}
