/* SPDX-License-Identifier: MIT */
#include "server/supervisor/renew.h"

#include <signal.h>

#include "server/base/log.h"

enum {
	LOOK_MS = 20,            /* whether the new one is ready */
	READY_WITHIN_MS = 60000, /* else it is given up */
	SETTLES_MS = 500,        /* what a start takes of the processor */
	AGAIN_MS = 10000,        /* after one that was given up */
};

void
renew_all(struct children *children)
{
	for (unsigned i = 0; i < children->count; i++)
		if (children->all[i].part == CHILD_STAYS && children->all[i].pid != 0)
			children->all[i].renew = true;
}

/* ${next} has its place from now on, and ${old} what is left to it. */
static void
change_places(struct child *old, struct child *next)
{
	old->part = CHILD_GOES;
	old->renew = false;
	next->part = CHILD_STAYS;
	log_event(LOG_INFO, "role_replaced", LOG_STR("role", next->role),
	    LOG_INT("instance", (int64_t)next->instance), LOG_INT("pid", next->pid),
	    LOG_INT("before", old->pid));
	if (old->pid != 0)
		child_end(old, SIGHUP, RENEW_GRACE_MS);
}

static void
give_up(struct child *old, struct child *next, int64_t now_ms)
{
	log_event(LOG_ERROR, "role_not_replaced", LOG_STR("role", next->role),
	    LOG_INT("instance", (int64_t)next->instance), LOG_INT("pid", next->pid),
	    LOG_STR("fix",
		"what the new process logged says why it ended or is not ready; the one before goes on"));
	next->part = CHILD_GOES;
	if (next->pid != 0)
		child_end(next, SIGKILL, 0);
	old->due_ms = now_ms + AGAIN_MS;
}

static void
begin(struct children *children, const struct child *old)
{
	struct child *next = children_add(children, old->role, old->instance);

	if (next == NULL)
		return;
	next->part = CHILD_COMES;
	children_start(children, next);
}

/* Of one api process that is to be replaced. If it has ended meanwhile, nobody is left to wait for. */
static void
replace(struct children *children, struct child *old, int64_t now_ms)
{
	struct child *next = children_find(children, CHILD_COMES, old->role, old->instance);

	if (next == NULL && old->due_ms <= now_ms)
		begin(children, old);
	else if (next != NULL && next->pid == 0)
		give_up(old, next, now_ms);
	else if (next != NULL && (old->pid == 0 || child_ready(next)))
		change_places(old, next);
	else if (next != NULL && now_ms - next->started_ms > READY_WITHIN_MS)
		give_up(old, next, now_ms);
}

/* The first that is to be replaced, of the api or of the others. */
static struct child *
first_to_renew(struct children *children, bool answering)
{
	for (unsigned i = 0; i < children->count; i++) {
		struct child *child = &children->all[i];

		if (child->part == CHILD_STAYS && child->renew && child_answers(child) == answering)
			return child;
	}
	return NULL;
}

/* Whether everything runs, and has had the processor for its start. */
static bool
is_settled(const struct children *children, int64_t now_ms)
{
	for (unsigned i = 0; i < children->count; i++) {
		const struct child *child = &children->all[i];

		if (child->part == CHILD_STAYS &&
		    (child->pid == 0 || now_ms - child->started_ms < SETTLES_MS))
			return false;
	}
	return true;
}

/* One at a time, the api first: the machine has memory for one more and not for twice as many, and starts of all at
 * once would take the processor from those who answer. */
int64_t
renew_go_on(struct children *children, int64_t now_ms)
{
	struct child *child = first_to_renew(children, true);

	if (child != NULL) {
		replace(children, child, now_ms);
		return LOOK_MS;
	}
	child = first_to_renew(children, false);
	if (child == NULL)
		return INT64_MAX;
	if (!is_settled(children, now_ms))
		return LOOK_MS;
	child->renew = false;
	if (child->pid != 0)
		child_end(child, SIGTERM, RENEW_GRACE_MS);
	return LOOK_MS;
}
