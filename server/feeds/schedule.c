/* SPDX-License-Identifier: MIT */
#include "server/feeds/schedule.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "server/base/fatal.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/fetch_job.h"

/*
 * The table says what is due; here is only who works on it. It is asked once a second, at once when
 * somebody wants a refresh, and again while it has more than was wanted of it. At the start
 * what fell due in our absence is spread first, so that a restart is not a stampede.
 */
enum { LOOK_MS = 1000, CLAIM_MAX = 16 };

struct place {
	LIST_ENTRY(place) entry;
	struct schedule *schedule;
	struct fetch_job *job;
};
LIST_HEAD(places, place);

struct schedule {
	const struct feeds_env *env;
	unsigned at_once, under_way;
	struct places places;
	bool spread;
	struct loop_timer *timer;
	struct pg_call *call; /* spreading or claiming */
	unsigned wanted;      /* of the claim under way */
	bool look_again;
};

static void
leave(struct place *place)
{
	LIST_REMOVE(place, entry);
	place->schedule->under_way--;
	free(place);
}

static void
on_job_done(void *ctx, struct fetch_job *job)
{
	struct place *place = ctx;
	struct schedule *schedule = place->schedule;

	/* The job has ended by itself; only its place is ours. */
	INVARIANT(place->job == job);
	leave(place);
	if (schedule->look_again)
		schedule_look(schedule);
}

static void
start_job(struct schedule *schedule, const struct pg_rows *rows, size_t row)
{
	struct place *place = xcalloc(1, sizeof *place);

	place->schedule = schedule;
	LIST_INSERT_HEAD(&schedule->places, place, entry);
	schedule->under_way++;
	place->job = fetch_job_start(schedule->env, rows, row, on_job_done, place);
}

static void
on_claimed(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct schedule *schedule = ctx;

	schedule->call = NULL;
	/* The timer asks again within a second. */
	if (st != STATUS_OK)
		return;
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		start_job(schedule, rows, i);
	/* As many as were wanted: more may be due. */
	if (pg_rows_count(rows) == schedule->wanted)
		schedule->look_again = true;
	if (schedule->look_again)
		schedule_look(schedule);
}

static void
on_spread(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct schedule *schedule = ctx;

	(void)rows;
	schedule->call = NULL;
	/* If it failed, the timer tries again; nothing is claimed before. */
	schedule->spread = st == STATUS_OK;
	if (schedule->spread)
		schedule_look(schedule);
}

static void
claim(struct schedule *schedule, unsigned places)
{
	struct pg_args args = {0};

	schedule->look_again = false;
	/* A few at a time, so that other processes get their share of a backlog. */
	schedule->wanted = places < CLAIM_MAX ? places : CLAIM_MAX;
	pg_int4(&args, (int32_t)schedule->wanted);
	pg_int8(&args, rulebook_version(schedule->env->rulebook));
	pg_int8(&args, rulebook_decided(schedule->env->rulebook));
	schedule->call = pg_call(schedule->env->pg, &FEEDS_CLAIM, &args, on_claimed, schedule);
}

void
schedule_look(struct schedule *schedule)
{
	if (schedule->env->rulebook == NULL)
		return;
	if (schedule->call != NULL || schedule->under_way == schedule->at_once)
		schedule->look_again = true;
	else if (!schedule->spread)
		schedule->call =
		    pg_call(schedule->env->pg, &FEEDS_SPREAD, NULL, on_spread, schedule);
	else
		claim(schedule, schedule->at_once - schedule->under_way);
}

static void
on_timer(void *ctx)
{
	schedule_look(ctx);
}

struct schedule *
schedule_new(const struct feeds_env *env, unsigned at_once)
{
	struct schedule *schedule = xcalloc(1, sizeof *schedule);

	schedule->env = env;
	schedule->at_once = at_once;
	LIST_INIT(&schedule->places);
	schedule->timer = loop_every(env->loop, LOOK_MS, on_timer, schedule);
	return schedule;
}

void
schedule_free(struct schedule *schedule)
{
	/* What is claimed stays claimed until that runs out: nothing is written on the way out, when
	 * the database may be what is missing. */
	while (!LIST_EMPTY(&schedule->places)) {
		struct place *place = LIST_FIRST(&schedule->places);

		fetch_job_cancel(place->job);
		leave(place);
	}
	pg_call_cancel(schedule->call);
	loop_timer_cancel(schedule->timer);
	free(schedule);
}
