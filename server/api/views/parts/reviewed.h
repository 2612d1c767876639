/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"

/* Answers that something was reviewed, or what the SQL function says is in the way ("absent", "own",
 * "done"; NULL: nothing), and ends the job. ${none}: the sentence for "absent", the same as for one
 * that the asker may not review. */
void reviewed_reply(struct job *job, const char *why, const char *none);
