/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/*
 * Those who listen to the events of one process (GET /v1/events). Each event is made once, and
 * sent to everybody in parts of a turn, so that a lookup waits for some hundredths of a millisecond at
 * most. The stream of a listener whose account, token or session ends, or who may not see its place
 * any more, is closed within two seconds. An open stream does not keep a session alive: one that is
 * not used otherwise ends.
 */
struct listeners;

struct listeners_options {
	struct loop *loop;
	const struct api *api;
	unsigned most;        /* of this process */
	unsigned per_account; /* half of ${most} for an address: organisations share one */
};

struct listeners *listeners_open(const struct listeners_options *options);
/* Every listener is told when to come back. */
void listeners_close(struct listeners *listeners);

/* The process ends: every listener is told when to come back, and nobody is added any more. */
void listeners_end(struct listeners *listeners);

/* A round of follow is over. */
void listeners_look(struct listeners *listeners);

/* Answers ${ask} with a stream, of ${place} (REGION_NONE: all that the account may see), that goes
 * on after ${position} (at NULL: from now). If there are too many listeners the answer is 429 or
 * 503, and when to try again. The ask goes on being the caller's; its request is gone. */
void listeners_add(
    struct listeners *listeners, struct ask *ask, uint32_t place, struct slice position);

struct listeners_stats {
	int64_t open, sent; /* now; messages that were sent */
};
struct listeners_stats listeners_stats(const struct listeners *listeners);
