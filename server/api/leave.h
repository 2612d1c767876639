/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/context.h"
#include "server/api/keeper.h"

/*
 * How an api process ends: it accepts nobody more, tells those who listen to events to come back, answers every
 * request that has come, and stops the loop when no connection is left, or after WEB_DRAIN_MS.
 *
 * SIGHUP: another process has its place. What waits in the backlog is left to that one, it becomes the keeper of
 * the machine at once, and idle connections have two seconds to send what they were about to. SIGTERM, SIGINT: there
 * may be no other. What waits in the backlog is accepted and answered.
 */
struct leave;

/* Takes the three signals. ${keeper} is closed, and set to NULL, when another process is to be the keeper. */
struct leave *leave_new(struct api *api, struct keeper **keeper);
void leave_free(struct leave *leave); /* NULL: nothing */
