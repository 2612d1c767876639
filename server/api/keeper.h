/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/context.h"
#include "server/config.h"

/*
 * What one api process of a machine does for all of them: it writes the last-good file and the list of ended
 * sessions, carries out the end of the audit, puts imports in force that are safe, and listens at the identity
 * socket. It is the one that has locked the file keeper.lock of the state directory; when it ends, however it ends,
 * another one takes that over within a tenth of a second.
 */
struct keeper;

struct keeper_options {
	struct api *api; /* its heads and identities are set while this process is the keeper */
	const struct config *config;
	const char *ended_sessions; /* name of the file; kept */
	web_now_fn *now;            /* for the identity socket */
};

/* Blocks: for the start. */
struct keeper *keeper_open(const struct keeper_options *options);

/* There is another snapshot. */
void keeper_changed(struct keeper *keeper);

/* Writes what is not written, and lets another process be the keeper. NULL: nothing. */
void keeper_close(struct keeper *keeper);
