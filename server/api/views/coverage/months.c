/* SPDX-License-Identifier: MIT */
#include "server/api/views/coverage/months.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/coverage/coverage_put.h"
#include "server/base/breath.h"
#include "server/base/instant.h"

/* Three calls, one after the other: the spans of the record, the gaps, the calls. */

/* Codes and their numbers: those of the set-up come first, in its order, then those that only the record has. */
struct codes {
	VEC(const char *) items;
	struct table numbers;
};

struct reading {
	struct months months;
	months_ready_fn *ready;
	struct codes functions, services;
	VEC(uint32_t) function_of; /* by service */
	/* By place of the region. */
	VEC(struct month_piece) * pieces;
	VEC(struct month_gap) * gaps;
	VEC(struct month_call) * calls;
	const uint32_t *sent; /* the places whose calls were asked for */
};

static uint32_t
number_of(struct arena *arena, struct codes *codes, const char *code)
{
	uint32_t number = table_get(&codes->numbers, code);

	if (number != TABLE_NONE)
		return number;
	number = (uint32_t)codes->items.count;
	*VEC_PUSH(arena, &codes->items) = arena_strdup(arena, code);
	table_put(&codes->numbers, arena, codes->items.items[number], number);
	return number;
}

/* ------------------------------------------------------------------------------------------- calls */

static void
take_call(struct job *job, struct reading *reading, const struct pg_rows *rows, size_t row)
{
	struct arena *arena = job->ask.arena;
	size_t place = (size_t)pg_get_int(rows, row, API_MONTH_CALLS_N) - 1;
	struct month_call call = {
	    .at = pg_get_time(rows, row, API_MONTH_CALLS_AT),
	    .function = number_of(
		arena, &reading->functions, pg_get_text(rows, row, API_MONTH_CALLS_FUNCTION)),
	    .service = number_of(
		arena, &reading->services, pg_get_text(rows, row, API_MONTH_CALLS_SERVICE)),
	    .person = pg_is_null(rows, row, API_MONTH_CALLS_PERSON)
			  ? MONTH_NONE
			  : (uint32_t)pg_get_int(rows, row, API_MONTH_CALLS_PERSON),
	};
	uint32_t serves =
	    number_of(arena, &reading->functions, pg_get_text(rows, row, API_MONTH_CALLS_SERVES));

	if (!report_outcome_of(pg_get_text(rows, row, API_MONTH_CALLS_OUTCOME), &call.outcome))
		return;
	while (reading->function_of.count <= call.service)
		*VEC_PUSH(arena, &reading->function_of) = serves;
	*VEC_PUSH(arena, &reading->calls[reading->sent[place]]) = call;
}

static struct month
month_at(struct job *job, const struct reading *reading, uint32_t place)
{
	return month_of(job->ask.arena, &(struct month_facts){
					    .counted = reading->months.asked.window,
					    .now = job->ask.now,
					    .calls = reading->calls[place].items,
					    .ncalls = reading->calls[place].count,
					    .pieces = reading->pieces[place].items,
					    .npieces = reading->pieces[place].count,
					    .gaps = reading->gaps[place].items,
					    .ngaps = reading->gaps[place].count,
					    .nfunctions = (uint32_t)reading->functions.items.count,
					    .function_of = reading->function_of.items,
					    .nservices = (uint32_t)reading->services.items.count,
					    .functions = reading->functions.items.items,
					    .services = reading->services.items.items,
					});
}

static void
finish(struct job *job, struct reading *reading)
{
	const struct region *region = job->ask.region;
	VEC(struct month_place) places = {0};

	for (uint32_t i = 0; i < region->nplaces; i++) {
		breath();
		if (reading->pieces[i].count + reading->calls[i].count > 0)
			*VEC_PUSH(job->ask.arena, &places) =
			    (struct month_place){i, month_at(job, reading, i)};
	}
	reading->months.places = places.items;
	reading->months.nplaces = places.count;
	reading->months.functions = reading->functions.items.items;
	reading->months.services = reading->services.items.items;
	reading->months.nfunctions = reading->functions.items.count;
	reading->months.nservices = reading->services.items.count;
	reading->ready(job, &reading->months);
}

static void
on_calls(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct reading *reading = job->more;

	(void)st;
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		take_call(job, reading, rows, i);
	finish(job, reading);
}

static void
ask_calls(struct job *job, struct reading *reading)
{
	const struct region *region = job->ask.region;
	const struct months *months = &reading->months;
	const char **codes = arena_array(job->ask.arena, region->nplaces + 1, sizeof *codes);
	uint32_t *sent = arena_array(job->ask.arena, region->nplaces + 1, sizeof *sent);
	struct pg_args args = {0};
	uint32_t count = 0;

	for (uint32_t i = 0; i < region->nplaces; i++) {
		if (!places_scope_holds(&months->asked.scope, i, months->asked.window.start,
			months->asked.window.end))
			continue;
		sent[count] = i;
		codes[count++] = region->places[i].code;
	}
	reading->sent = sent;
	pg_text_array(&args, codes, count);
	pg_time(&args, months->asked.window.start - MONTH_BEFORE_SECONDS);
	pg_time(&args, months->whole.end + MONTH_AFTER_SECONDS);
	job_call(job, &API_MONTH_CALLS, &args, on_calls);
}

/* -------------------------------------------------------------------------------------------- gaps */

static void
on_gaps(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct reading *reading = job->more;
	const struct region *region = job->ask.region;

	(void)st;
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		size_t line = (size_t)pg_get_int(rows, i, API_MONTH_GAPS_N) - 1;
		const struct region_demand *demand =
		    &region->demands[reading->months.asked.lines[line].demand];

		*VEC_PUSH(job->ask.arena, &reading->gaps[demand->place]) = (struct month_gap){
		    .function = demand->function,
		    .unknown = pg_get_bool(rows, i, API_MONTH_GAPS_UNKNOWN),
		    .ahead = pg_get_bool(rows, i, API_MONTH_GAPS_AHEAD),
		};
	}
	ask_calls(job, reading);
}

static void
ask_gaps(struct job *job, struct reading *reading)
{
	const struct coverage_asked *asked = &reading->months.asked;
	const struct region *region = job->ask.region;
	const char **places = arena_array(job->ask.arena, asked->nlines + 1, sizeof *places);
	const char **ids = arena_array(job->ask.arena, asked->nlines + 1, sizeof *ids);
	struct pg_args args = {0};

	for (size_t i = 0; i < asked->nlines; i++) {
		const struct region_demand *demand = &region->demands[asked->lines[i].demand];

		places[i] = region->places[demand->place].code;
		ids[i] = region->requirements[demand->requirement].id;
	}
	pg_text_array(&args, places, asked->nlines);
	pg_text_array(&args, ids, asked->nlines);
	pg_time(&args, asked->window.start);
	pg_time(&args, asked->window.end);
	pg_int4(&args, MONTH_AHEAD_SECONDS);
	job_call(job, &API_MONTH_GAPS, &args, on_gaps);
}

/* ------------------------------------------------------------------------------------------- hours */

static void
take_hours(struct job *job, struct reading *reading, const struct coverage_record *record)
{
	const struct coverage_asked *asked = &reading->months.asked;
	struct ask *ask = &job->ask;

	for (size_t i = 0; i < asked->nlines; i++) {
		const struct region_demand *demand = &ask->region->demands[asked->lines[i].demand];
		coverage_pieces pieces = coverage_pieces_of(ask, asked, record, i);

		breath();
		for (size_t j = 0; j < pieces.count; j++)
			*VEC_PUSH(ask->arena, &reading->pieces[demand->place]) =
			    (struct month_piece){demand->function, pieces.items[j].start,
				pieces.items[j].end, pieces.items[j].state};
	}
	ask_gaps(job, reading);
}

static void
on_record(struct job *job, const struct coverage_record *record)
{
	take_hours(job, job->more, record);
}

static void
begin(struct arena *arena, struct reading *reading, const struct region *region)
{
	table_init(&reading->functions.numbers, arena, region->nfunctions);
	table_init(&reading->services.numbers, arena, region->nservices);
	for (uint32_t i = 0; i < region->nfunctions; i++)
		number_of(arena, &reading->functions, region->functions[i].code);
	for (uint32_t i = 0; i < region->nservices; i++) {
		number_of(arena, &reading->services, region->services[i].id);
		*VEC_PUSH(arena, &reading->function_of) = region->services[i].function;
	}
	reading->pieces = arena_array(arena, region->nplaces, sizeof *reading->pieces);
	reading->gaps = arena_array(arena, region->nplaces, sizeof *reading->gaps);
	reading->calls = arena_array(arena, region->nplaces, sizeof *reading->calls);
}

/* Time before the snapshot's window is in the record, as for /v1/coverage. */
void
months_read(struct job *job, const struct months *months, months_ready_fn *ready)
{
	struct reading *reading = arena_alloc(job->ask.arena, sizeof *reading);
	struct coverage_asked *asked = &reading->months.asked;
	int64_t edge = job->ask.map->window.start;

	*reading = (struct reading){.months = *months, .ready = ready};
	job->more = reading;
	begin(job->ask.arena, reading, job->ask.region);
	asked->past = span_clip((struct span_time){asked->window.start, edge}, asked->window);
	asked->ahead = span_clip((struct span_time){edge, asked->window.end}, asked->window);
	if (asked->past.start < asked->past.end)
		coverage_record_read(job, asked, on_record);
	else
		take_hours(job, reading, NULL);
}
