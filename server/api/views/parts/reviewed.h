/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"

/* Replies to a request that reviews something, and ends the job. ${why} is the result of the SQL function:
 * NULL (reviewed), "absent", "own" (by the same account) or "done" (already). ${none}: the sentence for
 * "absent", which must be the same for a thing that the account may not review. */
void reviewed_reply(struct job *job, const char *why, const char *none);
