/* SPDX-License-Identifier: MIT */
#include "server/api/views/gaps/gaps_closed.h"

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/keep/snapshot_load.h"
#include "server/base/instant.h"
#include "server/model/gap.h"

/* Two calls to the database: the late corrections that touch the time asked for, then the page of gaps. */

/* Late corrections are read for so much more time, since a gap may reach beyond the time asked
 * for. */
#define BEYOND_SECONDS (92 * (int64_t)86400)

/* Each row becomes a block with one gap, so that the same function shows open and closed gaps. */
static void
on_gaps(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct gaps_asked *asked = job->data;
	struct ask *ask = &job->ask;
	struct json_out out = {0};
	size_t count = pg_rows_count(rows);
	size_t shown = count < asked->page.limit ? count : asked->page.limit;
	struct gap_frame frame = gaps_frame(ask, asked);
	struct kept_gap last = {0};

	(void)st;
	gaps_begin_list(ask, asked, &out);
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
	/* Totals are of all open gaps. Here there is one page, of gaps that may be closed. */
	out_null(&out, "totals");
	gaps_end(&out, &last, shown < count);
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

void
gaps_closed(struct ask *ask, const struct gaps_asked *asked)
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
