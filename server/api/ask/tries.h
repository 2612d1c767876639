/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/ask/limits.h"

/*
 * Counts failed tries to sign in for all api processes, in the database: one read before a try, one write
 * after a failure. The counts of the process itself are asked before (limits.h).
 */

/* Replies 429, with Retry-After. */
void tries_reply_wait(struct ask *ask, int64_t seconds);

typedef void tries_step_fn(struct job *job);

/* Calls ${next} if the try may be made. Otherwise replies 429, takes the try back from the counts of the
 * process, and ends the job. The texts of ${attempt} must live as long as the job. */
void tries_begin(struct job *job, const struct limits_try *attempt, tries_step_fn *next);

/* Whether the job was answered with such a 429. */
bool tries_waits(const struct job *job);

/* The try has failed: rolls back what the job has written, counts the failure, and calls ${next}, which
 * must reply. */
void tries_failed(struct job *job, tries_step_fn *next);

/* The try has succeeded: deletes the failures before it, except those of the address; then calls
 * ${next}. */
void tries_good(struct job *job, tries_step_fn *next);
