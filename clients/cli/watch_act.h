/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "clients/cli/watch_group.h"
#include "server/base/text.h"

/* What `watch` does with each flag: prints it, and runs a command if --exec was given. */
struct watch_act {
	const char *place, *function; /* only these, or NULL */
	const char *exec; /* run by sh for each flag, the payload on its standard input; or NULL */
	bool json;
	struct watch_groups *groups; /* report gaps with one cause once; NULL: report every flag */
};

/* Acts on the flag whose JSON is ${payload}. Ignores flags of other places or functions and, if they are
 * grouped, those for which nobody needs to be called (watch_group.h). */
void watch_act(const struct watch_act *act, struct slice payload);
