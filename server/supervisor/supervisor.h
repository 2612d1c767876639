/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/config.h"

/*
 * Starts one process for each role (of the api as many as ${config} says) and starts a process again when it
 * ends. Returns the exit status.
 *
 * SIGTERM and SIGINT end all of it: every process finishes what it has begun. On SIGHUP the program that ${argv}
 * names is executed again in the place of this one, with the settings read again, and replaces one process after
 * the other (renew.h); if it cannot be executed, or the settings are refused, nothing changes.
 *
 * ${argv}: of this process. ${extra}: the arguments that a role needs besides `role NAME` (--config …, --set …),
 * NULL-terminated.
 */
int supervise(const struct config *config, char *const *argv, const char *const *extra);
