/* SPDX-License-Identifier: MIT */
#include "server/api/views/coverage/coverage_commissioners.h"
#include "server/api/views/coverage/coverage_put.h"
#include "server/api/views/coverage/holes.h"
#include "server/api/views/parts/historical.h"
#include "server/api/views/parts/map_age.h"
#include "server/api/views/parts/notices.h"
#include "server/api/views/parts/warnings.h"
#include "server/api/views/views.h"
#include "server/base/breath.h"
#include "server/base/instant.h"

/*
 * GET /v1/coverage. Time within the snapshot's window is computed from it; earlier time comes from
 * the record of the map. In both cases the spans of a line tile the window asked for, or the part
 * of it in which its place is below the one asked about; and the totals are their sums. A page has
 * some of the lines; totals, holes and warnings are of all.
 */

#define DAY_SECONDS 86400
#define WINDOW_MAX_SECONDS (92 * (int64_t)DAY_SECONDS)
#define AHEAD_SECONDS (400 * (int64_t)DAY_SECONDS)

struct hours {
	int64_t seconds[COVER_STATES];
	bool any;
};

struct totals {
	struct hours all, *by_place, *by_function;
	struct commissioner_figures by_commissioner;
	VEC(struct hole_line) holes;
	bool personal; /* the answer has somebody's name, so it is noted in the audit */
};

/* ---------------------------------------------------------------------------------- totals */

static void
add_hours(struct hours *hours, const struct hours *more)
{
	hours->any = true;
	for (int i = 0; i < COVER_STATES; i++)
		hours->seconds[i] += more->seconds[i];
}

/* Called for all lines, also for those that are not on the page. */
static void
add_line(struct ask *ask, struct totals *totals, const struct coverage_line *line,
    coverage_pieces pieces)
{
	const struct region_demand *demand = &ask->region->demands[line->demand];
	struct gap_holes holes = coverage_holes_of(ask, pieces);
	struct hours hours = {0};

	for (size_t i = 0; i < pieces.count; i++)
		hours.seconds[pieces.items[i].state] += pieces.items[i].end - pieces.items[i].start;
	add_hours(&totals->all, &hours);
	add_hours(&totals->by_place[demand->place], &hours);
	add_hours(&totals->by_function[demand->function], &hours);
	commissioner_figures_add(ask->arena, &totals->by_commissioner,
	    &ask->region->requirements[demand->requirement], hours.seconds, holes.count);
	for (size_t i = 0; i < holes.count; i++)
		*VEC_PUSH(ask->arena, &totals->holes) = (struct hole_line){
		    .requirement = demand->requirement,
		    .place = demand->place,
		    .function = demand->function,
		    .start = holes.items[i].start,
		    .end = holes.items[i].end,
		};
}

static void
put_totals(struct json_out *out, struct ask *ask, struct totals *totals)
{
	const struct region *region = ask->region;

	out_object(out, "totals");
	coverage_hours_put(out, totals->all.seconds);
	out_object_end(out);
	out_array(out, "totals_by_place");
	for (uint32_t i = 0; i < region->nplaces; i++) {
		if (!totals->by_place[i].any)
			continue;
		out_object(out, NULL);
		out_text(out, "place", region->places[i].code);
		coverage_hours_put(out, totals->by_place[i].seconds);
		out_object_end(out);
	}
	out_array_end(out);
	out_array(out, "totals_by_function");
	for (uint32_t i = 0; i < region->nfunctions; i++) {
		if (!totals->by_function[i].any)
			continue;
		out_object(out, NULL);
		out_text(out, "function", region->functions[i].code);
		coverage_hours_put(out, totals->by_function[i].seconds);
		out_object_end(out);
	}
	out_array_end(out);
	commissioner_figures_put(out, &totals->by_commissioner);
	holes_put(out, "holes", ask->arena, region,
	    (struct hole_lines){totals->holes.items, totals->holes.count});
}

/* --------------------------------------------------------------------------------- writing */

/* Fragile cover, of the time ahead only: the record keeps no warnings, and for another known_at
 * only the rotas of the place were read. */
static void
put_warnings(struct json_out *out, struct ask *ask, const struct coverage_asked *asked)
{
	struct cover_asked given = {.map = ask->map, .now = ask->now};
	uint32_t *demands = arena_array(ask->arena, asked->nlines, sizeof *demands);
	struct fragile_cover_list list = {0};

	if (ask->known_at != INSTANT_NONE) {
		out_null(out, "warnings");
		return;
	}
	for (size_t i = 0; i < asked->nlines; i++)
		demands[i] = asked->lines[i].demand;
	if (asked->ahead.start < asked->ahead.end)
		fragile_cover_demands(ask->arena, &given,
		    (struct region_list){demands, (uint32_t)asked->nlines}, asked->ahead, &list);
	warnings_put(out, ask->arena, ask->region, &list,
	    (struct warnings_wanted){
		.function = REGION_NONE, .at = INSTANT_NONE, .scope = &asked->scope});
}

/* ${record}: NULL if nothing before the snapshot's window was asked for. */
static void
reply(struct ask *ask, const struct coverage_asked *asked, const struct coverage_record *record)
{
	const struct region *region = ask->region;
	const char *code = region->places[asked->place].code;
	size_t end = asked->first + asked->page.limit;
	struct map_age age = map_age_of(ask);
	struct json_out out = {0};
	struct late_corrections none = {0};
	struct totals totals = {
	    .by_place = arena_array(ask->arena, region->nplaces, sizeof(struct hours)),
	    .by_function = arena_array(ask->arena, region->nfunctions, sizeof(struct hours)),
	};

	out_object(&out, NULL);
	out_text(&out, "place", code);
	out_text(&out, "asked", code);
	out_bool(&out, "within", asked->scope.within);
	out_time(&out, "from", asked->window.start);
	out_time(&out, "to", asked->window.end);
	out_array(&out, "requirements");
	for (size_t i = 0; i < asked->nlines; i++) {
		struct coverage_put put = {asked->lines[i].demand,
		    coverage_pieces_of(ask, asked, record, i), &totals.personal};

		/* Of lines that are not on the page nothing is written, where one would stand still. */
		breath();
		/* Computed for all lines: totals are of the whole answer, and only the lines are in
		 * pages. */
		add_line(ask, &totals, &asked->lines[i], put.pieces);
		if (i >= asked->first && i < end)
			coverage_put_line(&out, ask, asked, record, &put);
	}
	out_array_end(&out);
	put_totals(&out, ask, &totals);
	late_corrections_put(&out, ask, record != NULL ? &record->late : &none);
	put_warnings(&out, ask, asked);
	notices_put(&out, ask,
	    &(struct notices_about){&asked->scope, asked->function, asked->window, NULL});
	map_age_put(&out, ask->map, &age);
	out_text(&out, "next_cursor",
	    end < asked->nlines ? coverage_cursor(ask, &asked->lines[end - 1]) : NULL);
	out_object_end(&out);
	ask_reply(ask, &out);
	/* After the reply, as noting it cannot fail. */
	if (totals.personal)
		ask_read(ask, READ_COVERAGE, code,
		    asked->function == REGION_NONE ? NULL : region->functions[asked->function].code,
		    asked->window.start);
}

/* -------------------------------------------------------------------------------- the call */

/* Limits the work of an answer, and keeps to the time that the map reaches. */
static void
check_window(struct ask *ask, struct span_time window)
{
	if (window.start >= window.end)
		ask_fault(ask, "query.to", "is not after from");
	else if (window.end - window.start > WINDOW_MAX_SECONDS)
		ask_fault(ask, "query.to", "is more than 92 days after from: ask in parts");
	if (window.end > ask->now + AHEAD_SECONDS)
		ask_fault(ask, "query.to", "is more than 400 days ahead");
}

/* An answer from memory alone has no job to end. */
static void
reply_with_record(struct job *job, const struct coverage_record *record)
{
	reply(&job->ask, &record->asked, record);
	job_end(job);
}

/* Time before ${edge} is in the record, later time in the map. */
static void
split(struct coverage_asked *asked, int64_t edge)
{
	struct span_time window = asked->window;

	asked->past = span_clip((struct span_time){window.start, edge}, window);
	asked->ahead = span_clip((struct span_time){edge, window.end}, window);
}

/* As it would have been answered at that time: what was before the map of that time was in the
 * record then. */
static void
on_historical(struct job *job, const struct historical_asked *historical)
{
	struct coverage_asked asked = *(const struct coverage_asked *)job->more;
	struct problem_fault fault;

	asked.place = historical->place;
	asked.function = historical->function;
	if (!coverage_lines_find(&job->ask, &asked, &fault)) {
		problem_reply_with(job->ask.exchange, 400, PROBLEM_NOT_UNDERSTOOD,
		    &(struct problem_more){.faults = &fault, .nfaults = 1});
		job_end(job);
		return;
	}
	if (asked.past.start < asked.past.end) {
		coverage_record_read(job, &asked, reply_with_record);
		return;
	}
	reply(&job->ask, &asked, NULL);
	job_end(job);
}

static void
answer_historical(
    struct ask *ask, struct coverage_asked *asked, struct historical_asked *historical)
{
	struct job *job = job_new(ask, 0);

	split(asked, historical->known_at - SNAPSHOT_BACK_SECONDS);
	historical->window = asked->ahead;
	historical->within = asked->wish;
	/* In job->more, because historical_make() uses job->data. */
	/* In job->more, because historical_make() uses job->data itself. */
	job->more = arena_alloc(job->ask.arena, sizeof *asked);
	*(struct coverage_asked *)job->more = *asked;
	historical_make(job, historical, on_historical);
}

void
view_coverage(struct ask *ask)
{
	struct coverage_asked asked = {0};
	struct historical_asked historical;
	struct problem_fault fault;

	historical = (struct historical_asked){
	    .place_code = ask_code(ask, "place"),
	    .function_code = ask_code(ask, "function"),
	    .known_at = historical_known_at(ask, INSTANT_NONE),
	};
	if (historical.known_at == INSTANT_NONE && ask->faults.count == 0) {
		asked.place = ask_place_of_cover(ask);
		asked.function = ask_function(ask);
	}
	asked.window.start = ask_time(ask, "from", 0);
	asked.window.end = ask_time(ask, "to", 0);
	asked.wish = places_within_read(ask);
	asked.page = ask_page(ask);
	if (ask->faults.count == 0)
		check_window(ask, asked.window);
	/* With known_at the lines are found when the region of that time is known (on_historical()). */
	if (ask->faults.count == 0 && ask->refused == 0 && historical.known_at == INSTANT_NONE &&
	    !coverage_lines_find(ask, &asked, &fault))
		ask_fault(ask, fault.path, "%s", fault.detail);
	if (!ask_fine(ask))
		return;
	if (historical.known_at != INSTANT_NONE) {
		answer_historical(ask, &asked, &historical);
		return;
	}
	/* The snapshot has no shifts before its window, so earlier time comes from the record. */
	split(&asked, ask->map->window.start);
	if (asked.past.start < asked.past.end) {
		coverage_record_read(job_new(ask, 0), &asked, reply_with_record);
		return;
	}
	reply(ask, &asked, NULL);
	ask_end(ask);
}
