/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/object.h"

/* Whether the asker may change what a change of one object changes. */

static bool
refuse(struct job *job, const struct setup_answer *answer)
{
	struct arena *arena = job->ask.arena;
	struct problem_fault fault = {
	    answer->key != NULL ? arena_printf(arena, "$.%s", answer->key) : "$",
	    answer->verdict == SETUP_SECOND
		? answer->why
		: arena_printf(arena, "this account may change: %s", answer->why),
	};

	problem_reply_with(job->ask.exchange, 403,
	    answer->verdict == SETUP_SECOND
		? "This account may not do that alone; nothing was changed."
		: "This account may not change that; nothing was changed.",
	    &(struct problem_more){.faults = &fault, .nfaults = 1});
	job_end(job);
	return false;
}

bool
setup_object_touched(struct job *job)
{
	const struct region_put *put = job->data;
	const struct setup_object *object = put->object;
	const char *key = object->item.len > 0 ? object->key : NULL;

	if (rights_setup_touches(put->before, job->ask.account, object->kind, key))
		return true;
	problem_reply(
	    job->ask.exchange, 403, "This account may not change that; nothing was changed.");
	job_end(job);
	return false;
}

bool
setup_object_allowed(struct job *job)
{
	const struct region_put *put = job->data;
	const struct setup_question question = {put->before, put->region, job->ask.account};

	for (size_t i = 0; i < put->changes.count; i++) {
		struct setup_answer answer = rights_setup_change(&question, &put->changes.items[i]);

		if (answer.verdict == SETUP_REFUSED)
			return refuse(job, &answer);
		if (answer.verdict == SETUP_SECOND && job->ask.account->role != ROLE_ADMINISTRATOR)
			return refuse(job, &answer);
	}
	return true;
}
