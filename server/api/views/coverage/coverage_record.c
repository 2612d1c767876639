/* SPDX-License-Identifier: MIT */
#include "server/api/views/coverage/coverage_record.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/parts/historical.h"
#include "server/base/instant.h"
#include "server/base/sorted.h"
#include "server/model/demand.h"

/* The part of /v1/coverage before the snapshot's window, from the record, in three calls: the
 * spans, the shifts that they name, and late corrections. Time that is not in the record is
 * never called covered. */

struct reading {
	coverage_ready_fn *ready;
	struct coverage_record record;
};

static bool
is_before(const void *item, const void *id)
{
	return ((const struct coverage_shift *)item)->id < *(const int64_t *)id;
}

const struct coverage_shift *
coverage_record_shift(const struct coverage_record *record, int64_t id)
{
	size_t first =
	    sorted_first(record->shifts, record->nshifts, sizeof *record->shifts, is_before, &id);

	return first < record->nshifts && record->shifts[first].id == id ? &record->shifts[first]
									 : NULL;
}

/* Time that is not in the record: unknown in the hours of the requirement, not commissioned outside
 * them. The record does not keep the hours of that time, so the present ones are used. */
static void
fill_hole(struct ask *ask, uint32_t demand, int64_t start, int64_t end, coverage_pieces *pieces)
{
	const struct region_requirement *requirement =
	    &ask->region->requirements[ask->region->demands[demand].requirement];
	struct demand_context context = {
	    ask->region, ask->map->setup->zone, &ask->map->setup->holidays};
	struct span_times hours =
	    demand_hours(ask->arena, &context, demand, (struct span_time){start, end});
	int64_t at = start;

	/* One round more than there are hours, for the time after the last. */
	/* One round more than there are hours, for the time after the last. */
	for (size_t i = 0; i <= hours.count; i++) {
		int64_t stop = i < hours.count ? hours.items[i].start : end;

		if (at < stop)
			*VEC_PUSH(ask->arena, pieces) = (struct coverage_piece){
			    .start = at, .end = stop, .state = COVER_NOT_COMMISSIONED};
		if (i == hours.count)
			break;
		*VEC_PUSH(ask->arena, pieces) = (struct coverage_piece){
		    .start = hours.items[i].start,
		    .end = hours.items[i].end,
		    .state = COVER_UNKNOWN,
		    .required = requirement->count,
		    .cause = CAUSE_NO_RECORD,
		};
		at = hours.items[i].end;
	}
}

/* A hole in the record. ${recorded}: the map had been begun by then, so the hole means that nothing
 * was commissioned. */
static void
add_hole(
    struct ask *ask, uint32_t demand, struct span_time hole, bool recorded, coverage_pieces *pieces)
{
	if (span_is_empty(hole))
		return;
	if (recorded)
		*VEC_PUSH(ask->arena, pieces) = (struct coverage_piece){
		    .start = hole.start, .end = hole.end, .state = COVER_NOT_COMMISSIONED};
	else
		fill_hole(ask, demand, hole.start, hole.end, pieces);
}

/* Copied, as the rows are freed after the call. */
static const int64_t *
copy_shifts(struct ask *ask, const struct pg_rows *rows, size_t row, size_t *count)
{
	int64_t *ids;

	*count = pg_get_array_count(rows, row, API_SPANS_SHIFTS);
	ids = arena_array(ask->arena, *count, sizeof *ids);
	for (size_t i = 0; i < *count; i++)
		ids[i] = pg_get_array_int(rows, row, API_SPANS_SHIFTS, i);
	return ids;
}

/* The pieces within ${times}, cut to them: a line may be wanted for parts of the window only
 * (coverage_lines_find()). */
static coverage_pieces
cut(struct ask *ask, coverage_pieces whole, struct span_times times)
{
	coverage_pieces parts = {0};

	for (size_t i = 0; i < times.count; i++)
		for (size_t j = 0; j < whole.count; j++) {
			struct coverage_piece part = whole.items[j];
			struct span_time time =
			    span_clip((struct span_time){part.start, part.end}, times.items[i]);

			part.start = time.start;
			part.end = time.end;
			if (!span_is_empty(time))
				*VEC_PUSH(ask->arena, &parts) = part;
		}
	return parts;
}

/* Reads the rows of one line, from ${row} on, cut to the window; returns the first row of the next
 * line. Between two rows nothing was commissioned; before the first nothing was recorded. */
static size_t
take_line(struct ask *ask, struct coverage_record *record, size_t line, const struct pg_rows *rows,
    size_t row)
{
	const struct coverage_line *of = &record->asked.lines[line];
	struct span_time past = record->asked.past;
	coverage_pieces whole = {0};
	int64_t at = past.start;
	bool recorded = false;

	for (; row < pg_rows_count(rows); row++) {
		struct coverage_piece piece;
		struct span_time time;

		/* Lines are numbered from 1 in SQL. */
		/* The statement numbers the lines from 1. */
		if (pg_get_int(rows, row, API_SPANS_N) != (int64_t)line + 1)
			break;
		time = span_clip((struct span_time){pg_get_time(rows, row, API_SPANS_STARTS_AT),
				     pg_get_time(rows, row, API_SPANS_ENDS_AT)},
		    past);
		piece = (struct coverage_piece){
		    .start = time.start,
		    .end = time.end,
		    .state = kept_state_of(pg_get_text(rows, row, API_SPANS_STATE)),
		    .cause = kept_cause_of(pg_get_text(rows, row, API_SPANS_CAUSE)),
		    .present = pg_get_int(rows, row, API_SPANS_PRESENT),
		    .required = pg_get_int(rows, row, API_SPANS_REQUIRED),
		};
		add_hole(ask, of->demand, (struct span_time){at, piece.start}, recorded, &whole);
		recorded = true;
		piece.shifts = copy_shifts(ask, rows, row, &piece.nshifts);
		*VEC_PUSH(ask->arena, &whole) = piece;
		at = piece.end;
	}
	add_hole(ask, of->demand, (struct span_time){at, past.end}, recorded, &whole);
	record->pieces[line] = cut(ask, whole, of->times);
	return row;
}

/* Shifts may be kept for fewer days than the map. A piece without all the shifts that it depends
 * on counts as not recorded: it can no longer be shown who was on, so "covered" would be a claim
 * without evidence. */
static void
forget_what_rests_on_nothing(struct coverage_record *record)
{
	for (size_t i = 0; i < record->asked.nlines; i++)
		for (size_t j = 0; j < record->pieces[i].count; j++) {
			struct coverage_piece *piece = &record->pieces[i].items[j];
			size_t found = 0;

			while (found < piece->nshifts &&
			       coverage_record_shift(record, piece->shifts[found]) != NULL)
				found++;
			if (found == piece->nshifts)
				continue;
			*piece = (struct coverage_piece){.start = piece->start,
			    .end = piece->end,
			    .state = COVER_UNKNOWN,
			    .required = piece->required,
			    .cause = CAUSE_NO_RECORD};
		}
}

static void
on_late(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct reading *reading = job->data;

	(void)st;
	reading->record.late = late_corrections_read(&job->ask, rows);
	reading->ready(job, &reading->record);
}

static void
ask_late(struct job *job, const struct coverage_asked *asked)
{
	uint32_t *demands = arena_array(job->ask.arena, asked->nlines, sizeof *demands);

	for (size_t i = 0; i < asked->nlines; i++)
		demands[i] = asked->lines[i].demand;
	late_corrections_ask(
	    job, (struct region_list){demands, (uint32_t)asked->nlines}, asked->past, on_late);
}

static void
on_past_shifts(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct reading *reading = job->data;
	struct coverage_record *record = &reading->record;
	struct coverage_shift *shifts =
	    arena_array(job->ask.arena, pg_rows_count(rows) + 1, sizeof *shifts);

	(void)st;
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		const char *person = pg_get_text(rows, i, API_SHIFTS_BY_ID_PERSON),
			   *team = pg_get_text(rows, i, API_SHIFTS_BY_ID_TEAM);

		shifts[i] = (struct coverage_shift){
		    .id = pg_get_int(rows, i, API_SHIFTS_BY_ID_ID),
		    .rota =
			arena_strdup(job->ask.arena, pg_get_text(rows, i, API_SHIFTS_BY_ID_ROTA)),
		    .person = person ? arena_strdup(job->ask.arena, person) : NULL,
		    .team = team ? arena_strdup(job->ask.arena, team) : NULL,
		    .override = pg_get_bool(rows, i, API_SHIFTS_BY_ID_IS_OVERRIDE),
		};
	}
	record->shifts = shifts;
	record->nshifts = pg_rows_count(rows);
	forget_what_rests_on_nothing(record);
	ask_late(job, &record->asked);
}

/* Rows come line by line, in the order of the arguments. */
static void
on_spans(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct coverage_record *record = &((struct reading *)job->data)->record;
	struct ask *ask = &job->ask;
	VEC(int64_t) ids = {0};
	struct pg_args args = {0};
	size_t row = 0;

	if (historical_refused(job, st, rows))
		return;
	record->pieces = arena_array(ask->arena, record->asked.nlines, sizeof *record->pieces);
	for (size_t i = 0; i < record->asked.nlines; i++) {
		row = take_line(ask, record, i, rows, row);
		for (size_t j = 0; j < record->pieces[i].count; j++)
			for (size_t k = 0; k < record->pieces[i].items[j].nshifts; k++)
				*VEC_PUSH(ask->arena, &ids) = record->pieces[i].items[j].shifts[k];
	}
	/* All ids in one call, since a call for each span would be thousands. */
	pg_int8_array(&args, ids.items, ids.count);
	job_call(job, &API_SHIFTS_BY_ID, &args, on_past_shifts);
}

/* Calls ${ready} with the record, unless the request was refused and replied. */
void
coverage_record_read(struct job *job, const struct coverage_asked *asked, coverage_ready_fn *ready)
{
	struct ask *ask = &job->ask;
	const struct region *region = ask->region;
	const char **ids = arena_array(ask->arena, asked->nlines, sizeof *ids);
	const char **places = arena_array(ask->arena, asked->nlines, sizeof *places);
	struct reading *reading = arena_alloc(ask->arena, sizeof *reading);
	bool historical = ask->known_at != INSTANT_NONE;
	struct pg_args args = {0};

	*reading = (struct reading){.ready = ready, .record.asked = *asked};
	job->data = reading;
	for (size_t i = 0; i < asked->nlines; i++) {
		const struct region_demand *demand = &region->demands[asked->lines[i].demand];

		ids[i] = region->requirements[demand->requirement].id;
		places[i] = region->places[demand->place].code;
	}
	pg_text_array(&args, places, asked->nlines);
	pg_text_array(&args, ids, asked->nlines);
	pg_time(&args, asked->past.start);
	pg_time(&args, asked->past.end);
	/* The other statement has the spans in force and needs no instant. */
	if (historical)
		pg_time(&args, ask->known_at);
	job_call(job, historical ? &API_SPANS_THEN : &API_SPANS, &args, on_spans);
}
