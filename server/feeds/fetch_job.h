/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"
#include "server/pg/pg.h"

/* A job that handles one claimed feed, until its outcome is written. */
struct fetch_job;

/* The job has ended. Its pointer may be compared and not used: it is freed already. */
typedef void fetch_done_fn(void *ctx, struct fetch_job *job);

/* Starts a job for the row ${row} of FEEDS_CLAIM, which is copied. It follows the six rules of loop.h; its time
 * limit is the sum of those of its calls. */
struct fetch_job *fetch_job_start(const struct feeds_env *env, const struct pg_rows *rows,
    size_t row, fetch_done_fn *done, void *ctx);

/* Frees the job without calling done. The claim runs out, and then another process can claim the feed. */
void fetch_job_cancel(struct fetch_job *job);
