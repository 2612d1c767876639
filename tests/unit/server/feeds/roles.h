/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"
#include "tests/unit/server/feeds/house.h"

/* The two roles as processes of a test, configured for its house. */
struct roles {
	struct config config;
	char *state_directory;
	int reader, feeds; /* process ids; 0: not running */
};

void roles_open(struct roles *roles, struct house *house);
void roles_close(struct roles *roles);

void roles_start_reader(struct roles *roles);
void roles_start_feeds(struct roles *roles, struct house *house);

/* Ends it with SIGTERM; it must leave with status 0. */
void roles_end(int *pid);
