/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/overrides/override_wish.h"
#include "server/api/views/parts/plan_effect.h"
#include "server/base/instant.h"
#include "server/base/vec.h"

/*
 * Dry runs of /v1/overrides. The database makes the override and rolls back, so the answer is what
 * would happen: at which times of the shifts the stand-in would be on, and what becomes of other
 * overrides. The effect on cover is computed in memory.
 */

/* The tried override has the highest number, since numbers only grow; the statement returns its
 * rows among those of the others. */
static int64_t
newest_of(const struct pg_rows *rows)
{
	int64_t newest = 0;

	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (!pg_is_null(rows, i, API_SHIFTS_OVERRIDE) &&
		    pg_get_int(rows, i, API_SHIFTS_OVERRIDE) > newest)
			newest = pg_get_int(rows, i, API_SHIFTS_OVERRIDE);
	return newest;
}

/* An override has one row for each shift that it cuts; shifts that touch become one time. */
static struct span_times
times_of(struct arena *arena, const struct pg_rows *rows, int64_t override)
{
	VEC(struct span_time) found = {0};

	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (!pg_is_null(rows, i, API_SHIFTS_OVERRIDE) &&
		    pg_get_int(rows, i, API_SHIFTS_OVERRIDE) == override)
			*VEC_PUSH(arena, &found) =
			    (struct span_time){pg_get_time(rows, i, API_SHIFTS_STARTS_AT),
				pg_get_time(rows, i, API_SHIFTS_ENDS_AT)};
	return span_normalise(arena, found.items, found.count);
}

static void
put_time(struct json_out *out, int64_t start, int64_t end)
{
	if (start >= end)
		return;
	out_object(out, NULL);
	out_time(out, "start", start);
	out_time(out, "end", end);
	out_object_end(out);
}

/* "on": when the stand-in would be on. "outside": the part of the time asked for in which the
 * calendar has no shift to stand in for, so that nothing changes there. */
static void
put_times(struct json_out *out, struct span_times on, struct span_time asked)
{
	int64_t at = asked.start;

	out_array(out, "on");
	for (size_t i = 0; i < on.count; i++)
		put_time(out, on.items[i].start, on.items[i].end);
	out_array_end(out);
	out_array(out, "outside");
	for (size_t i = 0; i < on.count; i++) {
		put_time(out, at, on.items[i].start);
		at = on.items[i].end;
	}
	put_time(out, at, asked.end);
	out_array_end(out);
}

/* The effect on cover is only known for the time that memory holds; earlier cover is in the record.
 * If none of the time is in memory the effect is empty, and the override is shown all the same. */
static struct span_time
in_memory(const struct ask *ask, struct span_time time)
{
	struct span_time both = span_clip(time, ask->map->window);

	if (both.end < both.start)
		both.end = both.start;
	return both;
}

static void
on_tried(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct override_wish *wish = job->data;
	struct ask *ask = &job->ask;
	struct json_out out = {0};
	struct plan plan = {
	    .time = in_memory(ask, wish->time),
	    .rotas = &wish->rota,
	    .nrotas = 1,
	    .organisation = ask->region->rotas[wish->rota].organisation,
	};

	/* Before the refusal, whose sentence may name people too. */
	override_wish_named(ask, wish);
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	plan.after = plan_with_rows(ask->map, wish->rota, rows);
	/* The effect on cover would reveal that another organisation's person is on leave. */
	if (wish->person != REGION_NONE &&
	    !rights_speaks_for(ask->region, ask->account, wish->person))
		snapshot_hide_absences(plan.after, wish->person);
	out_object(&out, NULL);
	out_bool(&out, "dry_run", true);
	plan_put(&out, ask, &plan);
	put_times(&out, times_of(ask->arena, rows, newest_of(rows)), wish->time);
	out_bool(&out, "late", wish->late);
	out_bool(&out, "wants_confirm", wish->doubts.count > 0);
	out_array(&out, "warnings");
	for (size_t i = 0; i < wish->doubts.count; i++)
		out_text(&out, NULL, wish->doubts.items[i]);
	out_array_end(&out);
	out_object_end(&out);
	snapshot_unref(plan.after);
	ask_reply_with(ask, 200, &out, NULL);
	job_end(job);
}

/* From the start of memory or of the wish, whichever is earlier: a correction may lie before. */
void
override_plan_make(struct ask *ask, const struct override_wish *wish)
{
	const struct span_time *window = &ask->map->window;
	struct pg_args args = {0};
	struct job *job;

	override_wish_args(ask, wish, &args);
	pg_time(&args, wish->time.start < window->start ? wish->time.start : window->start);
	pg_time(&args, window->end);
	job = job_new(ask, sizeof *wish);
	*(struct override_wish *)job->data = *wish;
	job_call(job, &API_OVERRIDE_TRY, &args, on_tried);
}

/* -------------------------------------------------------------------------------- taking back */

struct taking_back {
	int64_t id;
	uint32_t rota;
};

/* An override that is in dispute already is not a consequence of the withdrawal, and is left
 * out. */
static bool
is_disputed_now(const struct rota_block *block, int64_t override, int64_t at)
{
	for (uint32_t i = 0; i < block->noverrides; i++)
		if (block->overrides[i].id == override &&
		    block->overrides[i].kind == OVERRIDE_DISPUTED &&
		    (int64_t)block->overrides[i].start <= at &&
		    at < (int64_t)block->overrides[i].end)
			return true;
	return false;
}

/* "rests": other overrides that build on this one, and when they would be in dispute. */
static void
put_resting(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, uint32_t rota)
{
	out_array(out, "rests");
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		if (pg_is_null(rows, i, API_SHIFTS_OVERRIDE) ||
		    override_kind_of(pg_get_text(rows, i, API_SHIFTS_CLASS)) != OVERRIDE_DISPUTED ||
		    is_disputed_now(ask->map->rotas[rota], pg_get_int(rows, i, API_SHIFTS_OVERRIDE),
			pg_get_time(rows, i, API_SHIFTS_STARTS_AT)))
			continue;
		out_object(out, NULL);
		out_int(out, "id", pg_get_int(rows, i, API_SHIFTS_OVERRIDE));
		out_text(out, "person", ask_shown_id(ask, pg_get_text(rows, i, API_SHIFTS_PERSON)));
		out_text(
		    out, "instead", ask_shown_id(ask, pg_get_text(rows, i, API_SHIFTS_INSTEAD)));
		out_text(out, "becomes", "conflicting");
		out_time(out, "start", pg_get_time(rows, i, API_SHIFTS_STARTS_AT));
		out_time(out, "end", pg_get_time(rows, i, API_SHIFTS_ENDS_AT));
		out_object_end(out);
	}
	out_array_end(out);
}

static void
on_taken_back(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct taking_back *back = job->data;
	struct ask *ask = &job->ask;
	struct json_out out = {0};
	struct plan plan = {
	    /* Shown from now on: the withdrawal does not change the record of earlier cover. */
	    .time = in_memory(ask, (struct span_time){ask->now, ask->map->window.end}),
	    .rotas = &back->rota,
	    .nrotas = 1,
	    .organisation = ask->region->rotas[back->rota].organisation,
	};

	ask_read(ask, READ_OVERRIDE_PLAN, ask->region->rotas[back->rota].id, NULL, INSTANT_NONE);
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	plan.after = plan_with_rows(ask->map, back->rota, rows);
	out_object(&out, NULL);
	out_bool(&out, "dry_run", true);
	plan_put(&out, ask, &plan);
	put_resting(&out, ask, rows, back->rota);
	out_object_end(&out);
	snapshot_unref(plan.after);
	ask_reply_with(ask, 200, &out, NULL);
	job_end(job);
}

/* The database withdraws it and rolls back, as for making one. */
void
override_plan_withdraw(struct job *job, int64_t id, uint32_t rota)
{
	struct pg_args args = {0};
	struct taking_back *back = arena_alloc(job->ask.arena, sizeof *back);

	*back = (struct taking_back){id, rota};
	job->data = back;
	pg_int8(&args, id);
	pg_text(&args, job->ask.account->name);
	pg_time(&args, job->ask.map->window.start);
	pg_time(&args, job->ask.map->window.end);
	job_call(job, &API_OVERRIDE_WITHDRAW_TRY, &args, on_taken_back);
}
