/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/object.h"
#include "server/api/views/setup/region_second.h"

/* Whether the asker may change the members that differ. */

#define REGION_FIRST_DAY_SECONDS 86400
#define FIRST_DAY "The set-up was begun less than a day ago."

/* The change that was refused, as the key of a conflict: a starter pack adds objects that the sender has
 * not sent, so that no path leads to them. */
static const char *
place_of(struct job *job, const struct setup_answer *answer)
{
	const struct region_put *put = job->data;
	struct arena *arena = job->ask.arena;
	size_t i = 0;

	if (put->object != NULL)
		return answer->key != NULL ? arena_printf(arena, "$.%s", answer->key) : "$";
	while (i + 1 < put->changes.count && put->answers[i].verdict != SETUP_REFUSED)
		i++;
	return arena_printf(arena, "%s:%s%s%s", put->changes.items[i].kind,
	    put->changes.items[i].code, answer->key != NULL ? ":" : "",
	    answer->key != NULL ? answer->key : "");
}

static bool
refuse(struct job *job, const struct setup_answer *answer)
{
	const char *place = place_of(job, answer);
	struct problem_fault fault = {
	    place,
	    arena_printf(job->ask.arena, "this account may change: %s%s", answer->why,
		strncmp(place, "function:", 9) == 0
		    ? "; if this region has the function under another code, say so (functions, --function THEIRS=OURS), "
		      "or let an administrator add it"
		    : ""),
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

	/* Who keeps only a part of it never removes the whole. */
	if (object->change == SETUP_DELETE
		? rights_setup_keeps(put->before, job->ask.account, object->kind, key)
		: rights_setup_touches(put->before, job->ask.account, object->kind, key))
		return true;
	problem_reply(
	    job->ask.exchange, 403, "This account may not change that; nothing was changed.");
	job_end(job);
	return false;
}

/* Whether the day must be said on which the former requirement holds again. A requirement that is
 * ended has its own "until"; one that is new and takes the turn of another that asked for more needs
 * an end of its own. */
static bool
needs_until(const struct region_put *put)
{
	const struct setup_object *object = put->object;
	const char *key = object->second.key;
	uint32_t now;

	if (strcmp(object->kind->kind, "requirement") != 0 || object->change == SETUP_DELETE ||
	    object->until != NULL)
		return false;
	if (object->item.len > 0)
		return key != NULL && strcmp(key, "until") != 0;
	now = region_kind_find(object->kind, put->region, object->now);
	return put->less.count > 0 && put->region->requirements[now].life.end == INSTANT_END;
}

/* A proposal must say why; one that lowers a requirement must say until when. False: answered. */
static bool
says_enough(struct job *job)
{
	const struct region_put *put = job->data;
	const struct setup_object *object = put->object;
	struct problem_fault faults[2];
	size_t count = 0;

	if (object->reason == NULL || *object->reason == '\0')
		faults[count++] = (struct problem_fault){"query.reason", "must say why"};
	if (needs_until(put))
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

/* "until" without a requirement that is lowered would be dropped silently: the sender would believe
 * that the change ends by itself. */
static bool
may_end(struct job *job)
{
	const struct setup_object *object = ((struct region_put *)job->data)->object;
	struct problem_fault fault = {"query.until", "nothing is lowered"};

	if (object->until == NULL || (object->second.verdict == SETUP_SECOND &&
					 strcmp(object->kind->kind, "requirement") == 0))
		return true;
	problem_reply_with(job->ask.exchange, 422,
	    "\"until\" goes with a requirement that is lowered; nothing was changed.",
	    &(struct problem_more){.faults = &fault, .nfaults = 1});
	job_end(job);
	return false;
}

/* Whether the set-up was begun less than a day ago. Until it is right its file is put in force again
 * and again, and nobody relies on it yet: what it ends is noted as made alone, and not refused. */
static bool
is_first_day(const struct job *job)
{
	const struct region_put *put = job->data;

	return put->version != 0 && job->ask.now - put->begun < REGION_FIRST_DAY_SECONDS;
}

/* A second person accepts one object at a time. A starter pack and a whole file make many, so what
 * they may not do at once is refused; a file may be put in force alone, and that is noted. */
static bool
is_file_allowed(struct job *job)
{
	struct region_put *put = job->data;

	/* A dry run of a file shows what wants one. */
	if (region_second_first(put).verdict != SETUP_SECOND || put->alone != NULL ||
	    (put->dry_run && !put->judged))
		return true;
	if (!put->judged && is_first_day(job)) {
		put->alone = FIRST_DAY;
		put->first_day = true;
		return true;
	}
	region_second_refuse(job,
	    put->judged
		? "Change each by itself, which proposes it."
		: "Change each by itself, which proposes it; or say with \"alone\" (crisiscover apply --alone) why this is done without anybody: "
		  "it is told where it matters, and listed until somebody else has reviewed it.");
	return false;
}

bool
setup_changes_allowed(struct job *job)
{
	struct region_put *put = job->data;
	struct setup_object *object = put->object;
	struct setup_answer refused;

	/* Every change counts, also those beside the object: renaming it changes what refers to it.
	 * One refusal refuses all of it. */
	if (!region_second_judge(job, &refused))
		return refuse(job, &refused);
	if (object == NULL)
		return is_file_allowed(job);
	/* A dry run says that a second person is needed. An accepted proposal has had its reason
	 * when it was made, and does what was shown then. */
	object->second = region_second_first(put);
	if (object->proposal != 0)
		return may_end(job) && region_second_is_shown(job, object->shown);
	return may_end(job) &&
	       (object->second.verdict != SETUP_SECOND || put->dry_run || says_enough(job));
}
