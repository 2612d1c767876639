/* SPDX-License-Identifier: MIT */
#include "server/base/version.h"

const char *
version_text(void)
{
	/* From CMakeLists.txt. In a function of its own, so that a new version compiles one
	 * file. */
	return CRISISCOVER_VERSION;
}
