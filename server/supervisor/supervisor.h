/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/config.h"

/*
 * Starts one process for each role (of the api as many as ${config} says) and starts a process again when it
 * ends. SIGTERM is passed on, and the function returns when all have ended. On SIGHUP every role ends and is
 * started again, and so reads the configuration again. ${argv}: the arguments that a role needs besides
 * `role NAME` (--config …, --set …), NULL-terminated. Returns the exit status.
 */
int supervise(const struct config *config, const char *const *argv);
