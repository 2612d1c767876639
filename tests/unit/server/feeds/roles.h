/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/role.h"
#include "tests/unit/server/feeds/testbed.h"

/* The two roles as processes of a test, configured for its testbed. */
struct roles {
	struct config config;
	char *state_directory;
	int reader, feeds; /* process ids; 0: not running */
};

void roles_open(struct roles *roles, struct testbed *testbed);
void roles_close(struct roles *roles);

void roles_start_reader(struct roles *roles);
void roles_start_feeds(struct roles *roles, struct testbed *testbed);

/* Ends it with SIGTERM; it must leave with status 0. */
void roles_end(int *pid);
