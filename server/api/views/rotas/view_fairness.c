/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/keep/snapshot_load.h"
#include "server/api/views/views.h"
#include "server/base/vec.h"
#include "server/map/cover.h"
#include "server/model/fairness.h"
#include "server/rows/shift_read.h"

/*
 * GET /v1/rotas/{id}/fairness: how the work of a rota is shared out among its people, for its own managers alone. From
 * the record, since memory does not reach back so far: the shifts in force, with overrides laid over them, less the
 * absences that the account may know of.
 */

#define DEFAULT_SECONDS (13 * 7 * (int64_t)86400)
#define LONGEST_SECONDS (400 * (int64_t)86400)

struct asking {
	uint32_t rota;
	struct span_time window;
};

/* Somebody with what they have done. */
struct line {
	uint32_t person;
	struct fairness fairness;
};

/* ------------------------------------------------------------------------------------ the rows */

typedef VEC(struct person_time) time_list;

static bool
is_absence(const struct pg_rows *rows, size_t row)
{
	return kept_class_of(pg_get_text(rows, row, API_SHIFTS_CLASS)) == KEPT_ABSENCE;
}

/* That another organisation's person was away is not told, also not by the hours that are missing. */
static struct person_times
absences_of(const struct ask *ask, const struct pg_rows *rows)
{
	time_list found = {0};

	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		uint32_t person = is_absence(rows, i) ? shift_read_person(ask->whole->setup->region,
							    rows, i, API_SHIFTS_PERSON)
						      : TABLE_NONE;

		if (person != TABLE_NONE && rights_speaks_for(ask->region, ask->account, person))
			*VEC_PUSH(ask->arena, &found) =
			    (struct person_time){person, pg_get_time(rows, i, API_SHIFTS_STARTS_AT),
				pg_get_time(rows, i, API_SHIFTS_ENDS_AT)};
	}
	person_times_sort(found.items, found.count);
	return (struct person_times){found.items, found.count};
}

static struct rota_block *
block_of(const struct ask *ask, const struct pg_rows *rows)
{
	struct rota_builder *builder = rota_builder_new();
	struct rota_block *block;

	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (!is_absence(rows, i))
			snapshot_load_shift(ask->whole->setup->region, rows, i, builder);
	block = rota_builder_take(builder);
	rota_builder_free(builder);
	return block;
}

static void
add_on_duty(struct arena *arena, const struct kept_shift *shift, struct person_times absences,
    time_list *found)
{
	struct span_time time = kept_shift_time(shift);
	struct person_times own = person_times_of(absences, shift->person);
	VEC(struct span_time) away = {0};
	struct span_times on;

	for (size_t i = 0; i < own.count; i++)
		*VEC_PUSH(arena, &away) = (struct span_time){own.items[i].start, own.items[i].end};
	on = span_subtract(
	    arena, (struct span_times){&time, 1}, span_normalise(arena, away.items, away.count));
	for (size_t i = 0; i < on.count; i++)
		*VEC_PUSH(arena, found) =
		    (struct person_time){shift->person, on.items[i].start, on.items[i].end};
}

static struct person_times
on_duty(const struct ask *ask, const struct pg_rows *rows)
{
	struct person_times absences = absences_of(ask, rows);
	struct rota_block *block = block_of(ask, rows);
	time_list found = {0};

	for (uint32_t i = 0; i < block->count; i++)
		if (cover_names(&block->shifts[i]))
			add_on_duty(ask->arena, &block->shifts[i], absences, &found);
	rota_block_unref(block);
	person_times_sort(found.items, found.count);
	return (struct person_times){found.items, found.count};
}

/* ------------------------------------------------------------------------------------- the answer */

/* Also who has done nothing: those of the rota's organisation who hold its function. */
static bool
belongs(const struct region *region, uint32_t rota, uint32_t person)
{
	uint32_t service = region->rotas[rota].service;

	return service != REGION_NONE &&
	       region_person(region, person)->organisation == region->rotas[rota].organisation &&
	       region_holds(region, person, region->services[service].function);
}

static void
put_line(struct json_out *out, const struct region *region, const struct line *line)
{
	out_object(out, NULL);
	out_text(out, "person", region_person(region, line->person)->shown_id);
	out_text(out, "name", region_person(region, line->person)->name);
	out_hours(out, "hours", line->fairness.seconds);
	out_int(out, "nights", line->fairness.nights);
	out_int(out, "weekends", line->fairness.weekends);
	out_int(out, "bank_holidays", line->fairness.bank_holidays);
	out_object_end(out);
}

/* Who has done most comes first; two of one sum are in the order of the region. */
static int
by_hours(const void *left, const void *right)
{
	const struct line *a = left, *b = right;

	if (a->fairness.seconds != b->fairness.seconds)
		return a->fairness.seconds > b->fairness.seconds ? -1 : 1;
	return (a->person > b->person) - (a->person < b->person);
}

static void
put_people(struct json_out *out, const struct ask *ask, const struct asking *asking,
    const struct pg_rows *rows)
{
	const struct region *region = ask->region;
	struct fairness_asked asked = {
	    .zone = ask->map->setup->zone,
	    .holidays = &ask->map->setup->holidays,
	    .window = asking->window,
	    .shifts = on_duty(ask, rows),
	};
	VEC(struct line) lines = {0};

	for (uint32_t i = 0; i < region->npeople; i++) {
		struct fairness fairness = fairness_of(ask->arena, &asked, i);

		if (fairness.seconds > 0 || belongs(region, asking->rota, i))
			*VEC_PUSH(ask->arena, &lines) = (struct line){i, fairness};
	}
	if (lines.count > 1)
		qsort(lines.items, lines.count, sizeof *lines.items, by_hours);
	out_array(out, "fairness");
	for (size_t i = 0; i < lines.count; i++)
		put_line(out, region, &lines.items[i]);
	out_array_end(out);
}

static void
on_rows(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct asking *asking = job->data;
	struct ask *ask = &job->ask;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 410, rows);
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "rota", ask->region->rotas[asking->rota].id);
	out_time(&out, "from", asking->window.start);
	out_time(&out, "to", asking->window.end);
	put_people(&out, ask, asking, rows);
	out_object_end(&out);
	ask_reply(ask, &out);
	ask_read(ask, READ_FAIRNESS, ask->region->rotas[asking->rota].id, NULL, INSTANT_NONE);
	job_end(job);
}

void
view_fairness(struct ask *ask)
{
	struct asking asking = {.rota = ask_rota_changed(ask, "id")};
	struct pg_args args = {0};
	struct job *job;

	asking.window.end = ask_time(ask, "to", ask->now);
	asking.window.start = ask_time(ask, "from", asking.window.end - DEFAULT_SECONDS);
	if (asking.window.start >= asking.window.end)
		ask_fault(ask, "query.to", "is not after from");
	else if (asking.window.end - asking.window.start > LONGEST_SECONDS)
		ask_fault(ask, "query.from", "is more than 400 days before to");
	if (!ask_fine(ask))
		return;
	pg_text_array(&args, &ask->region->rotas[asking.rota].id, 1);
	pg_time(&args, asking.window.start);
	pg_time(&args, asking.window.end);
	/* The instant that is past in a second: what was written in this one counts as well. */
	pg_time(&args, ask->now + 1);
	pg_text_array(&args, NULL, 0);
	job = job_new(ask, sizeof asking);
	*(struct asking *)job->data = asking;
	job_call(job, &API_SHIFTS_THEN, &args, on_rows);
}
