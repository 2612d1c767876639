/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"

/*
 * Forks and execs one process for each role (config: several api), starts again what dies (at once
 * the first time, then with back-off), passes SIGTERM on and ends when all have ended. SIGHUP makes
 * every role end and start with the configuration read again.
 * ${argv} are the arguments a role needs besides `role NAME` (--config …, --set …),
 * NULL-terminated. Returns the exit status.
 */
int supervise(const struct config *config, const char *const *argv);
