/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/object.h"

/* Whether the asker may change the members that differ. */

static bool
refuse(struct job *job, const struct setup_answer *answer)
{
	struct arena *arena = job->ask.arena;
	struct problem_fault fault = {
	    /* A verdict of a second person carries a whole sentence; a refusal carries the list of
	     * what this account may change. */
	    answer->key != NULL ? arena_printf(arena, "$.%s", answer->key) : "$",
	    answer->verdict == SETUP_SECOND
		? answer->why
		: arena_printf(arena, "this account may change: %s", answer->why),
	};

	problem_reply_with(job->ask.exchange, 403,
	    "This account may not change that; nothing was changed.",
	    &(struct problem_more){.faults = &fault, .nfaults = 1});
	job_end(job);
	return false;
}

/* Asked before anything is compared: an account that may change nothing here must not learn from
 * 404, 412 or 428 which objects there are and who changed them. */
bool
setup_object_touched(struct job *job)
{
	const struct region_put *put = job->data;
	const struct setup_object *object = put->object;
	/* A new object has no owner in the set-up in force, so the question is whether one may be
	 * added at all. */
	const char *key = object->item.len > 0 ? object->key : NULL;

	if (rights_setup_touches(put->before, job->ask.account, object->kind, key))
		return true;
	problem_reply(
	    job->ask.exchange, 403, "This account may not change that; nothing was changed.");
	job_end(job);
	return false;
}

/* A proposal must say why; one that lowers a requirement must say until when. False: answered. */
static bool
says_enough(struct job *job)
{
	const struct setup_object *object = ((struct region_put *)job->data)->object;
	/* Ending a requirement has its own "until"; only a change that lowers it needs the day from
	 * which the former one holds again. */
	bool lowers = strcmp(object->kind->kind, "requirement") == 0 &&
		      object->change != SETUP_DELETE && object->second.key != NULL &&
		      strcmp(object->second.key, "until") != 0;
	struct problem_fault faults[2];
	size_t count = 0;

	if (object->reason == NULL || *object->reason == '\0')
		faults[count++] = (struct problem_fault){"query.reason", "must say why"};
	if (lowers && object->until == NULL)
		faults[count++] = (struct problem_fault){
		    "query.until", "must be the day from which the former requirement holds again"};
	if (count == 0)
		return true;
	problem_reply_with(job->ask.exchange, 422,
	    arena_printf(job->ask.arena, "This wants a second person; nothing was changed. It %s.",
		object->second.why),
	    &(struct problem_more){.faults = faults, .nfaults = count});
	job_end(job);
	return false;
}

/* A change that another person has to accept is proposed for one object at a time. A starter pack
 * (object NULL) makes several, so what it may not do at once is refused. False: answered. */
static bool
may_propose(struct job *job, const struct setup_answer *second)
{
	const struct setup_object *object = ((struct region_put *)job->data)->object;
	struct problem_fault fault = {"query.until", "nothing is lowered"};

	if (object == NULL)
		return second->verdict != SETUP_SECOND || refuse(job, second);
	/* "until" without a requirement that is lowered would be dropped silently: the sender would
	 * believe that the change ends by itself. */
	if (object->until == NULL ||
	    (second->verdict == SETUP_SECOND && strcmp(object->kind->kind, "requirement") == 0))
		return true;
	problem_reply_with(job->ask.exchange, 422,
	    "\"until\" goes with a requirement that is lowered; nothing was changed.",
	    &(struct problem_more){.faults = &fault, .nfaults = 1});
	job_end(job);
	return false;
}

bool
setup_object_allowed(struct job *job)
{
	const struct region_put *put = job->data;
	const struct setup_question question = {put->before, put->region, job->ask.account};
	struct setup_answer second = {0};

	/* Every change counts, also those beside the object: renaming it changes what refers to it.
	 * One refusal refuses all of it. */
	for (size_t i = 0; i < put->changes.count; i++) {
		struct setup_answer answer = rights_setup_change(&question, &put->changes.items[i]);

		if (answer.verdict == SETUP_REFUSED)
			return refuse(job, &answer);
		if (answer.verdict == SETUP_SECOND)
			second = answer;
	}
	if (!may_propose(job, &second))
		return false;
	if (put->object == NULL)
		return true;
	/* A dry run says that a second person is needed; an accepted proposal has had its reason
	 * when it was made. */
	put->object->second = second;
	return second.verdict != SETUP_SECOND || put->dry_run || put->object->proposal != 0 ||
	       says_enough(job);
}
