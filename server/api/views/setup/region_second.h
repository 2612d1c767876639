/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/setup/region_put.h"

/*
 * What of a change of the set-up wants a second person. One object is proposed; a whole file is
 * refused, unless an administrator makes it alone, with a reason: then that is recorded, told at the
 * places it touches, and listed until somebody else has reviewed it.
 */

/* Judges every change and the demands that become less. False: the asker may not make one of them,
 * which ${refused} says. */
bool region_second_judge(struct job *job, struct setup_answer *refused);

/* The answer that decides: the first change that wants a second person; or that demands become
 * less; or SETUP_ALLOWED. */
struct setup_answer region_second_first(const struct region_put *put);

/* Answers 403 with everything that wants a second person, and ends the job. ${how}: what to do. */
void region_second_refuse(struct job *job, const char *how);

/* False, answered with 412: less would be asked for than ${shown} says, which the proposal was shown
 * to do: something else has changed since, such as a requirement that was added at a place that is
 * to end. */
bool region_second_is_shown(struct job *job, const char *shown);

/* The list "less": the demands of which less is asked for. */
void region_second_put_less(struct json_out *out, const struct region_put *put);

/* Notes in the transaction of the deed what was made alone as version ${version}. */
void region_second_note(struct job *job, int64_t version, job_take_fn *take);
