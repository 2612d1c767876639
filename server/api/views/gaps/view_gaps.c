/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/keep/snapshot_load.h"
#include "server/api/views/coverage/holes.h"
#include "server/api/views/gaps/gap_groups.h"
#include "server/api/views/parts/map_age.h"
#include "server/api/views/parts/notices.h"
#include "server/api/views/parts/places.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"
#include "server/model/gap.h"

/*
 * GET /v1/gaps. Open gaps are in the snapshot, with the number of the newest flag that it includes:
 * a subscriber takes both, and continues with the flags after that number. So a gap that is filled
 * and whose closing was not announced yet is still listed; but not among the groups, which are for
 * people. Closed gaps come from the record.
 */

#define CURSOR_MAX 64

struct gaps_asked {
	struct places_scope scope;
	uint32_t function; /* REGION_NONE: any */
	int64_t from, to;
	bool closed, open, grouped;
	struct ask_page page;
	int64_t after_start; /* of the cursor; INSTANT_BEGINNING: from the beginning */
	uint8_t after_id[16];
	struct late_corrections late; /* of the record alone */
};

#define AHEAD_SECONDS (400 * (int64_t)86400)

/* Late corrections are read for so much more time, since a gap may reach beyond the time asked
 * for. */
#define BEYOND_SECONDS (92 * (int64_t)86400)

/* ------------------------------------------------------------------------------------ open */

/* The order of pages and of the cursor. By the id as well, since many gaps begin together. */
static int
order_of(int64_t start_a, const uint8_t *id_a, int64_t start_b, const uint8_t *id_b)
{
	if (start_a != start_b)
		return start_a < start_b ? -1 : 1;
	return memcmp(id_a, id_b, 16);
}

static int
by_start(const void *left, const void *right)
{
	const struct gap_found *a = left, *b = right;

	return order_of(a->gap->start, a->gap->id, b->gap->start, b->gap->id);
}

static bool
wanted(const struct ask *ask, const struct gaps_asked *asked, uint32_t place,
    const struct kept_gap *gap)
{
	if ((int64_t)gap->end <= asked->from || (int64_t)gap->start >= asked->to ||
	    /* A gap that is over is closed by the next sweep; until then it is not shown as
	     * open. */
	    (int64_t)gap->end <= ask->now)
		return false;
	return places_scope_holds(&asked->scope, place, gap->start, gap->end);
}

/* Whether it comes after the page before. */
static bool
comes_after(const struct gaps_asked *asked, const struct kept_gap *gap)
{
	return asked->after_start == INSTANT_BEGINNING ||
	       order_of(gap->start, gap->id, asked->after_start, asked->after_id) > 0;
}

/* All open gaps, also those before the page, since the totals need them. */
static size_t
find_open(struct ask *ask, const struct gaps_asked *asked, struct gap_found **out)
{
	const struct region *region = ask->region;
	VEC(struct gap_found) found = {0};

	for (uint32_t i = 0; i < region->ndemands; i++) {
		const struct gap_block *block = ask->map->gaps[i];
		const struct region_demand *demand = &region->demands[i];

		if (block == NULL ||
		    (asked->function != REGION_NONE && demand->function != asked->function) ||
		    !rights_place(region, ask->account, demand->place))
			continue;
		for (uint32_t j = 0; j < block->count; j++)
			if (wanted(ask, asked, demand->place, &block->gaps[j]) &&
			    !(asked->grouped && block->gaps[j].settle_at != 0))
				*VEC_PUSH(ask->arena, &found) =
				    (struct gap_found){block, &block->gaps[j], i};
	}
	if (found.count > 1)
		qsort(found.items, found.count, sizeof *found.items, by_start);
	*out = found.items;
	return found.count;
}

/* By default open gaps are listed, and gaps of the past are none: the list would look as if nothing
 * had been missing. */
static void
put_notices(struct ask *ask, const struct gaps_asked *asked, struct json_out *out)
{
	bool over = !asked->closed && asked->to <= ask->now;
	struct notices_about about = {
	    .scope = &asked->scope,
	    .function = asked->function,
	    .window = {asked->from == INSTANT_BEGINNING ? ask->now : asked->from, asked->to},
	    .over =
		over
		    ? "All of this time is over, and gaps that are over are closed: ask with state=closed."
		    : NULL,
	};

	notices_put(out, ask, &about);
}

/* as_of is the newest flag that this answer includes: a subscriber continues after it and misses
 * none. */
static void
begin_answer(struct ask *ask, const struct gaps_asked *asked, struct json_out *out)
{
	struct map_age age = map_age_of(ask);
	char head[48];

	snprintf(head, sizeof head, "%lld-%lld", (long long)ask->map->mark.flag_epoch,
	    (long long)ask->map->mark.flag_seq);
	out_object(out, NULL);
	out_text(out, "as_of", head);
	out_text(out, "asked",
	    asked->scope.asked == REGION_NONE ? NULL
					      : ask->region->places[asked->scope.asked].code);
	out_bool(out, "within", asked->scope.within);
	map_age_put(out, ask->map, &age);
	put_notices(ask, asked, out);
}

static void
begin_list(struct ask *ask, const struct gaps_asked *asked, struct json_out *out)
{
	begin_answer(ask, asked, out);
	out_array(out, "gaps");
}

/* Of all open gaps, whichever page is asked for. A gap that is filled is no longer open, though its
 * closing has not been announced yet. */
static void
put_totals(struct ask *ask, struct json_out *out, const struct gap_found *found, size_t count)
{
	struct hole_line *lines = arena_array(ask->arena, count, sizeof *lines);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct region_demand *demand = &ask->region->demands[found[i].demand];

		if (found[i].gap->settle_at == 0)
			lines[n++] = (struct hole_line){
			    .requirement = demand->requirement,
			    .place = demand->place,
			    .function = demand->function,
			    .start = found[i].gap->start,
			    .end = found[i].gap->end,
			};
	}
	holes_put(out, "totals", ask->arena, ask->region, (struct hole_lines){lines, n});
}

/* The material with which every gap of the answer is shown. */
static struct gap_frame
frame_of(const struct ask *ask, const struct gaps_asked *asked)
{
	return (struct gap_frame){
	    .ask = ask,
	    .region = ask->region,
	    .zone = ask->map->setup->zone,
	    .now = ask->now,
	    .scope = &asked->scope,
	    .late = asked->closed ? &asked->late : NULL,
	};
}

/* The cursor names the last gap of the page. It may be closed before the next page is asked for;
 * its place in the order stays the same. */
static void
end_answer(struct json_out *out, const struct kept_gap *last, bool more)
{
	char id[GAP_ID_MAX], cursor[CURSOR_MAX];

	if (more) {
		gap_id_text(last->id, id);
		snprintf(cursor, sizeof cursor, "%u.%s", last->start, id);
		out_text(out, "next_cursor", cursor);
	} else {
		out_null(out, "next_cursor");
	}
	out_object_end(out);
}

static void
reply_open(struct ask *ask, const struct gaps_asked *asked)
{
	struct gap_frame frame = frame_of(ask, asked);
	struct json_out out = {0};
	struct gap_found *found;
	const struct kept_gap *last = NULL;
	size_t count = find_open(ask, asked, &found), i = 0, shown;

	begin_list(ask, asked, &out);
	while (i < count && !comes_after(asked, found[i].gap))
		i++;
	for (shown = 0; i < count && shown < asked->page.limit; i++, shown++) {
		struct gap_item item =
		    gap_item_of(ask->region, found[i].block, found[i].gap, found[i].demand);

		gap_render(&out, NULL, &item, &frame);
		last = found[i].gap;
	}
	out_array_end(&out);
	put_totals(ask, &out, found, count);
	end_answer(&out, last, i < count);
	ask_reply(ask, &out);
}

/* All of them in one answer, so that no group is cut in two. */
static void
reply_grouped(struct ask *ask, const struct gaps_asked *asked)
{
	struct json_out out = {0};
	struct gap_found *found;
	size_t count = find_open(ask, asked, &found);
	struct gap_frame frame = frame_of(ask, asked);

	begin_answer(ask, asked, &out);
	put_totals(ask, &out, found, count);
	gap_groups_put(&out, &frame, found, count);
	out_null(&out, "next_cursor");
	out_object_end(&out);
	ask_reply(ask, &out);
}

/* --------------------------------------------------------------------------- of the record */

/* Each row becomes a block with one gap, so that the same function shows open and closed gaps. */
static void
on_gaps(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct gaps_asked *asked = job->data;
	struct ask *ask = &job->ask;
	struct json_out out = {0};
	size_t count = pg_rows_count(rows);
	size_t shown = count < asked->page.limit ? count : asked->page.limit;
	struct gap_frame frame = frame_of(ask, asked);
	struct kept_gap last = {0};

	(void)st;
	begin_list(ask, asked, &out);
	for (size_t i = 0; i < shown; i++) {
		struct gap_row row;
		uint32_t demand =
		    snapshot_demand(ask->map, pg_get_text(rows, i, API_CLOSED_GAPS_REQUIREMENT),
			pg_get_text(rows, i, API_CLOSED_GAPS_PLACE));
		struct gap_block *block;
		struct gap_item item;

		snapshot_load_gap(rows, i, &row);
		block = gap_block_new(&row, 1);
		item = (struct gap_item){
		    .gap = block->gaps[0],
		    .acknowledged_by = row.acknowledged_by,
		    .note = row.note,
		    .notes = row.notes,
		    .group = row.group,
		    .requirement = pg_get_text(rows, i, API_CLOSED_GAPS_REQUIREMENT),
		    .place = pg_get_text(rows, i, API_CLOSED_GAPS_PLACE),
		    .function = pg_get_text(rows, i, API_CLOSED_GAPS_FUNCTION),
		    .demand = demand,
		    .closed_at = pg_get_time_or(rows, i, API_CLOSED_GAPS_CLOSED_AT, INSTANT_NEVER),
		    .passed = !pg_is_null(rows, i, API_CLOSED_GAPS_PASSED) &&
			      pg_get_bool(rows, i, API_CLOSED_GAPS_PASSED),
		    .severity = gap_severity_named(pg_get_text(rows, i, API_CLOSED_GAPS_SEVERITY)),
		    .not_required = pg_get_bool(rows, i, API_CLOSED_GAPS_RETIRED),
		};
		gap_render(&out, NULL, &item, &frame);
		last = item.gap;
		gap_block_unref(block);
	}
	out_array_end(&out);
	out_null(&out, "totals");
	end_answer(&out, &last, shown < count);
	ask_reply(ask, &out);
	job_end(job);
}

/* Late corrections are read first, since each gap names those that touch it. */
static void
on_late(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct gaps_asked *asked = job->data;
	struct ask *ask = &job->ask;
	const struct region *region = ask->region;
	struct pg_args args = {0};
	char after_id[GAP_ID_MAX];

	(void)st;
	asked->late = late_corrections_read(ask, rows);
	gap_id_text(asked->after_id, after_id);
	places_scope_send(ask, &asked->scope, &args);
	pg_text(
	    &args, asked->function == REGION_NONE ? NULL : region->functions[asked->function].code);
	pg_time(&args, asked->from == INSTANT_BEGINNING ? PG_MINUS_INFINITY : asked->from);
	pg_time(&args, asked->to == INSTANT_END ? PG_INFINITY : asked->to);
	pg_bool(&args, asked->closed && !asked->open);
	pg_time(&args,
	    asked->after_start == INSTANT_BEGINNING ? PG_MINUS_INFINITY : asked->after_start);
	pg_text(&args, after_id);
	pg_int8(&args, (int64_t)asked->page.limit + 1);
	job_call(job, &API_CLOSED_GAPS, &args, on_gaps);
}

/* The demands of the present region whose gaps are wanted. */
static struct region_list
demands_of(struct ask *ask, const struct gaps_asked *asked)
{
	const struct region *region = ask->region;
	uint32_t *demands = arena_array(ask->arena, region->ndemands + 1, sizeof *demands);
	struct region_list wanted = {demands, 0};

	for (uint32_t i = 0; i < region->ndemands; i++)
		if ((asked->function == REGION_NONE ||
			region->demands[i].function == asked->function) &&
		    places_scope_holds(
			&asked->scope, region->demands[i].place, asked->from, asked->to))
			demands[wanted.count++] = i;
	return wanted;
}

static void
ask_record(struct ask *ask, const struct gaps_asked *asked)
{
	struct job *job = job_new(ask, sizeof *asked);
	struct span_time window = {
	    asked->from == INSTANT_BEGINNING ? PG_MINUS_INFINITY : asked->from - BEYOND_SECONDS,
	    /* Corrections are of the past only, so no upper bound is needed. */
	    asked->to > ask->now ? PG_INFINITY : asked->to + BEYOND_SECONDS,
	};

	*(struct gaps_asked *)job->data = *asked;
	late_corrections_ask(job, demands_of(&job->ask, asked), window, on_late);
}

/* ----------------------------------------------------------------------------------- calls */

/* "<start>.<id>" of the last gap of the page before. */
static void
read_cursor(struct ask *ask, struct gaps_asked *asked)
{
	const char *cursor = asked->page.cursor;
	const char *dot = cursor ? strchr(cursor, '.') : NULL;

	asked->after_start = INSTANT_BEGINNING;
	if (cursor == NULL)
		return;
	if (dot == NULL ||
	    !text_int((struct slice){cursor, (size_t)(dot - cursor)}, 0, UINT32_MAX,
		&asked->after_start) ||
	    !gap_id_of(slice_of(dot + 1), asked->after_id))
		ask_fault(ask, "query.cursor", "is not a cursor that this list gave");
}

void
view_gaps(struct ask *ask)
{
	struct gaps_asked asked = {0};
	enum places_within within;
	const char *state;
	uint32_t place;

	place = ask_place(ask);
	within = places_within_read(ask);
	asked.function = ask_function(ask);
	asked.from = ask_time(ask, "from", INSTANT_BEGINNING);
	asked.to = ask_time(ask, "to", INSTANT_END);
	state = ask_choice(ask, "state");
	asked.open = strcmp(state, "closed") != 0;
	asked.closed = strcmp(state, "open") != 0;
	asked.grouped = ask_yes(ask, "grouped");
	asked.page = ask_page(ask);
	read_cursor(ask, &asked);
	if (ask->faults.count == 0 && asked.from >= asked.to)
		ask_fault(ask, "query.to", "is not after from");
	/* The map reaches so far, and so do its gaps. */
	if (asked.from > ask->now + AHEAD_SECONDS && asked.from != INSTANT_END)
		ask_fault(ask, "query.from", "is more than 400 days ahead");
	if (asked.grouped && (asked.closed || asked.page.cursor != NULL))
		ask_fault(
		    ask, "query.grouped", "is of all that is open: leave out state and cursor");
	/* Without a place every place is meant, so there is nothing for the parameter to change. */
	if (ask->faults.count == 0 && place == REGION_NONE && within != PLACES_DEFAULT)
		ask_fault(ask, "query.within", "is of a place: name one");
	if (!ask_fine(ask))
		return;
	asked.scope =
	    places_scope_of(ask->arena, ask->region, ask->map->setup->zone, place, within);
	if (asked.closed) {
		ask_record(ask, &asked);
		return;
	}
	if (asked.grouped)
		reply_grouped(ask, &asked);
	else
		reply_open(ask, &asked);
	ask_end(ask);
}
