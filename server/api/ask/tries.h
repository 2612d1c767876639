/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/ask/limits.h"

/*
 * Failed tries to sign in as every api process counts them: in the database, one read before a try and
 * one write after it failed. The counts of the process come before it (limits.h).
 */
/* Answers 429: to wait for so long. */
void tries_reply_wait(struct ask *ask, int64_t seconds);

typedef void tries_step_fn(struct job *job);

/* Calls ${next}; or answers 429, saying for how long to wait, takes the try back from the counts of the
 * process, and ends the job. The texts of ${attempt} live as long as the job. */
void tries_begin(struct job *job, const struct limits_try *attempt, tries_step_fn *next);

/* Whether it was told so. */
bool tries_waits(const struct job *job);

/* The try that was begun has failed: undoes what the job has written, counts it, and calls ${next},
 * which answers. */
void tries_failed(struct job *job, tries_step_fn *next);

/* It has come right: failures before it, but for those of the address, count no more. Then ${next}. */
void tries_good(struct job *job, tries_step_fn *next);
