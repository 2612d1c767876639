/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/reviewed.h"

#include <string.h>

/* A review by the account that did it would be none, so "own" is refused. */
void
reviewed_reply(struct job *job, const char *why, const char *none)
{
	if (why == NULL)
		ask_reply_nothing(&job->ask, NULL);
	else if (strcmp(why, "own") == 0)
		problem_reply(job->ask.exchange, 403, "Nobody reviews what they did themselves.");
	else if (strcmp(why, "done") == 0)
		problem_reply(job->ask.exchange, 409, "This was reviewed already.");
	else
		problem_reply(job->ask.exchange, 404, none);
	job_end(job);
}
