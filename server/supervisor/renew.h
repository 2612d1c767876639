/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/supervisor/children.h"

/*
 * Processes are replaced by others of the program and the settings that are in force now. Of the api, one after the
 * other: the new one is ready before the one before is told to drain (SIGHUP), so that somebody answers all the
 * time. If the new one does not become ready, the one before stays. Other roles end and are started again: nobody
 * waits for them.
 */
#define RENEW_GRACE_MS 12000 /* a process drains for ten seconds at most (api/leave.h) */

/* All that run are to be replaced. */
void renew_all(struct children *children);

/* Does what can be done now, except to start what is due. Answers in how many milliseconds there may be more. */
int64_t renew_go_on(struct children *children, int64_t now_ms);
