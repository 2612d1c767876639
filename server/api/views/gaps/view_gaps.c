/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/views/coverage/holes.h"
#include "server/api/views/gaps/gap_groups.h"
#include "server/api/views/gaps/gaps_answer.h"
#include "server/api/views/gaps/gaps_closed.h"
#include "server/api/views/views.h"
#include "server/base/breath.h"
#include "server/base/instant.h"

/*
 * GET /v1/gaps. Open gaps are in the snapshot, and the answer has the number of the newest flag that the
 * snapshot includes: a subscriber takes both and continues with the flags after that number. So that the
 * two agree, a gap that is filled stays in the list until its closing has been announced. It is left out
 * of the groups, which are for people. Closed gaps come from the record (gaps_closed.c).
 */

#define AHEAD_SECONDS (400 * (int64_t)86400)

/* ------------------------------------------------------------------------------------ open */

/* The order of pages and of the cursor. By id as the second key, since many gaps begin at the same time, and a
 * cursor must name one place in the order. */
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

	breath();
	return order_of(a->gap->start, a->gap->id, b->gap->start, b->gap->id);
}

/* Whether the gap is within the time and the places of the question. */
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

		breath();
		if (block == NULL ||
		    (asked->function != REGION_NONE && demand->function != asked->function) ||
		    !rights_sees_demand(region, ask->account, i))
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

static void
reply_open(struct ask *ask, const struct gaps_asked *asked)
{
	struct gap_frame frame = gaps_frame(ask, asked);
	struct json_out out = {0};
	struct gap_found *found;
	const struct kept_gap *last = NULL;
	size_t count = find_open(ask, asked, &found), i = 0, shown;

	gaps_begin_list(ask, asked, &out);
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
	gaps_end(&out, last, i < count);
	ask_reply(ask, &out);
}

/* Not in pages: a page would cut a group in two, and its size would be wrong in both. */
static void
reply_grouped(struct ask *ask, const struct gaps_asked *asked)
{
	struct json_out out = {0};
	struct gap_found *found;
	size_t count = find_open(ask, asked, &found);
	struct gap_frame frame = gaps_frame(ask, asked);

	gaps_begin(ask, asked, &out);
	put_totals(ask, &out, found, count);
	gap_groups_put(&out, &frame, found, count);
	out_null(&out, "next_cursor");
	out_object_end(&out);
	ask_reply(ask, &out);
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
	/* A group has gaps of its own: as lines they would be counted twice, or be missing. */
	if (asked.grouped && ask->csv)
		ask_fault(ask, "query.grouped", "is for JSON: leave it out, or format");
	/* Without a place every place is meant, so there is nothing for the parameter to change. */
	if (ask->faults.count == 0 && place == REGION_NONE && within != PLACES_DEFAULT)
		ask_fault(ask, "query.within", "is of a place: name one");
	if (!ask_fine(ask))
		return;
	asked.scope =
	    places_scope_of(ask->arena, ask->region, ask->map->setup->zone, place, within);
	if (asked.closed) {
		gaps_closed(ask, &asked);
		return;
	}
	if (asked.grouped)
		reply_grouped(ask, &asked);
	else
		reply_open(ask, &asked);
	ask_end(ask);
}
