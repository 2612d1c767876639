/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "clients/cli/watch_group.h"
#include "server/base/text.h"

/* Acts on one flag: shows it, and runs a command if asked. */
struct watch_act {
	const char *place, *function; /* only these, or NULL */
	const char *exec; /* run by sh for each flag, the payload on its standard input; or NULL */
	bool json;
	struct watch_groups *groups; /* what one source has made is one matter; NULL: every flag */
};

/* ${payload} is the flag's JSON. Flags about other places are passed over, and,
 * where they are grouped, those that call nobody. */
void watch_act(const struct watch_act *act, struct slice payload);
