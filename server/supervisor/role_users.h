/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/config.h"

/*
 * The users as which the supervisor starts the roles (setting role_users, base/user.h). Where the setting divides
 * nothing, both answer true and do nothing. False: the reason and the remedy stand on stderr.
 */

/* Whether each role of ${config} has its user, and this process has the rights to become these and no others.
 * Changes nothing. */
bool role_users_check(const struct config *config);

/* From here on this process may start others as the users of the roles, and do nothing else that a user may not. */
bool role_users_keep_rights(const struct config *config);
