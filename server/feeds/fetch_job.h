/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"
#include "server/pg/pg.h"

/* One claimed feed, from its claim to the outcome that is written for it. */
struct fetch_job;
typedef void fetch_done_fn(void *ctx, struct fetch_job *job);

/* ${row} is a row of FEEDS_CLAIM and is copied. Keeps the six rules of loop.h; the sum of its
 * calls' time limits is its own. ${done} is given the job to know it by; it is dead. */
struct fetch_job *fetch_job_start(const struct feeds_env *env, const struct pg_rows *rows,
    size_t row, fetch_done_fn *done, void *ctx);

/* Feeds that it claimed are claimed by another process when the claim runs out. */
void fetch_job_cancel(struct fetch_job *job);
