/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/setup/region_put.h"

/*
 * Changes of the set-up that need a second person. A change of one object is proposed. A whole file is
 * refused, unless an administrator applies it alone, with a reason: then that is recorded, flagged at the
 * places that it affects, and listed until somebody else has reviewed it.
 */

/* Judges every change, and the demands for which less is asked. False: the account may not make one of the
 * changes, and ${refused} says why. */
bool region_second_judge(struct job *job, struct setup_answer *refused);

/* The answer for the whole: of the first change that needs a second person; or that less is asked for; or
 * SETUP_ALLOWED. */
struct setup_answer region_second_first(const struct region_put *put);

/* Replies 403 with everything that needs a second person, and ends the job. ${how}: what the sender can do. */
void region_second_refuse(struct job *job, const char *how);

/* Whether accepting a proposal lowers only the demands in ${shown}, the effect that was shown with it. Something
 * else may have changed since: a requirement may have been added at a place that the proposal ends. If it
 * lowers more, replies 412 and ends the job. */
bool region_second_is_shown(struct job *job, const char *shown);

/* Adds the list "less": the demands for which less is asked. */
void region_second_put_less(struct json_out *out, const struct region_put *put);

/* Records, in the transaction of the change, what was done without a second person in ${version}. The row goes
 * to ${take}. */
void region_second_note(struct job *job, int64_t version, job_take_fn *take);
