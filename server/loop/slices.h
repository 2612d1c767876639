/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/loop/loop.h"

/*
 * Long work, one piece after another, in slices of half a millisecond: so that what comes meanwhile never waits for the
 * whole of it. The work runs on a stack of its own and calls breath() (base/breath.h) in its loops; there it stands
 * still once its slice is over, the loop turns, and it goes on. While others are served its slices are a seventh of the
 * time, else all of it.
 *
 * Between two slices anything may happen that happens in a turn of the loop. What the work uses must live until it
 * ends.
 */
struct slices;

struct slices_options {
	/* A count that grows with each thing that others are served. */
	uint64_t (*served)(void *ctx);
	void *ctx;
};

struct slices *slices_new(struct loop *loop, const struct slices_options *options);

/* Runs what is under way, and all that waits, to its end without standing still. Nothing is added after. */
void slices_finish(struct slices *slices);
void slices_free(
    struct slices *slices); /* after slices_finish and the end of the loop; NULL: nothing */

/*
 * ${work} is called with ${ctx} when its turn comes, at the earliest at the end of this turn. ${owner} is for whom: of
 * those that wait, the oldest of another owner than the one before comes next, so that one who asks much keeps nobody
 * else waiting for all of it.
 */
typedef void slices_work_fn(void *ctx);
void slices_add(struct slices *slices, uint64_t owner, slices_work_fn *work, void *ctx);

/* For tests: how long a slice is from now on, in microseconds; 0: each breath ends one. */
void slices_set_length(int64_t us);

struct slices_stats {
	unsigned waiting;   /* with what is under way */
	uint64_t slices;    /* so far */
	int64_t longest_us; /* of all of them */
};
struct slices_stats slices_stats(const struct slices *slices);
