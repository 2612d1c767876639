/* SPDX-License-Identifier: MIT */
#include "server/base/confine.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "server/base/fatal.h"

void
confine_cores(void)
{
	const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0)
		fatal("could not switch core dumps off: %s", strerror(errno));
}

void
confine_memory(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		fatal("could not close this process's memory: %s", strerror(errno));
}
