/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/* Whether ${program} can be executed and takes the settings that ${extra} (--config …, --set …; NULL-terminated)
 * name: it is run as `serve --dry-run`, for ten seconds at most. If not, that is logged, and what it says of the
 * settings stands on stderr. */
bool trial_run(const char *program, const char *const *extra);
