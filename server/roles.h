/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/config.h"

/* The table of roles: the only place that knows them all. */
struct role_row {
	const char *name;
	/* database login, or NULL for a role that never speaks to the database */
	const char *login;
};

/* Ended by a row without a name, in the order in which they are started. */
extern const struct role_row roles[];

/* Runs role ${name} in this process. 2 if there is no such role. */
int role_run(const char *name, unsigned instance, const struct config *config);
