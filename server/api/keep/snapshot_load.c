/* SPDX-License-Identifier: MIT */
#include "server/api/keep/snapshot_load.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "server/map/instant32.h"
#include "server/map/rota_builder.h"
#include "server/model/override.h"
#include "server/rows/shift_read.h"

static bool
contains(const index_list *list, uint32_t index)
{
	/* Indexes are few in a round: a linear search is enough. */
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == index)
			return true;
	return false;
}

static void
load_feed(const struct pg_rows *rows, size_t row, struct feed_facts *out)
{
	memset(out, 0, sizeof *out); /* compared as bytes */
	out->kind = kept_feed_kind_of(pg_get_text(rows, row, API_FEEDS_KIND));
	out->standing = kept_feed_standing_of(pg_get_text(rows, row, API_FEEDS_STATE));
	out->failures = (int32_t)pg_get_int(rows, row, API_FEEDS_FAILURES);
	out->to_decide = (int32_t)pg_get_int(rows, row, API_FEEDS_TO_DECIDE);
	out->every_seconds = (int32_t)pg_get_int(rows, row, API_FEEDS_EVERY);
	out->last_attempt_at = pg_get_time_or(rows, row, API_FEEDS_LAST_ATTEMPT_AT, INSTANT_NEVER);
	out->last_good_at = pg_get_time_or(rows, row, API_FEEDS_LAST_GOOD_AT, INSTANT_NEVER);
	out->last_change_at = pg_get_time_or(rows, row, API_FEEDS_LAST_CHANGE_AT, INSTANT_NEVER);
	out->horizon = pg_get_time_or(rows, row, API_FEEDS_HORIZON, INSTANT_NEVER);
	out->next_at = pg_get_time_or(rows, row, API_FEEDS_NEXT_AT, INSTANT_NEVER);
	out->reading = pg_get_int(rows, row, API_FEEDS_READING);
	out->held_import = pg_get_int(rows, row, API_FEEDS_HELD_IMPORT);
	out->upload =
	    pg_is_null(rows, row, API_FEEDS_UPLOAD) ? 0 : pg_get_int(rows, row, API_FEEDS_UPLOAD);
	out->upload_at = pg_get_time_or(rows, row, API_FEEDS_UPLOAD_SINCE, INSTANT_NEVER);
}

/* Most rounds bring rows that were seen before (see feeds_start()), which must not make a new
 * snapshot. */
static bool
same_feed(const struct kept_feed *feed, const struct feed_facts *facts, const char *fault,
    const char *warnings)
{
	return feed != NULL && memcmp(&feed->facts, facts, sizeof *facts) == 0 &&
	       strcmp(feed->fault, fault ? fault : "") == 0 &&
	       strcmp(feed->warnings, warnings) == 0;
}

/* Another reading brings other shifts, and so does what was typed in: it has none, but is a change of its
 * source. */
static bool
brings_shifts(const struct kept_feed *feed, const struct feed_facts *facts)
{
	return feed == NULL || feed->facts.reading != facts->reading ||
	       feed->facts.last_change_at != facts->last_change_at;
}

/* Rotas that have other shifts are added to those that are read. */
bool
snapshot_load_feeds(
    struct snapshot *draft, const struct pg_rows *rows, struct arena *arena, index_list *moved)
{
	const struct region *region = draft->setup->region;
	bool differs = false;

	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		uint32_t rota =
		    table_get(&region->rota_by_id, pg_get_text(rows, i, API_FEEDS_ROTA));
		struct feed_facts facts;

		load_feed(rows, i, &facts);
		if (rota == TABLE_NONE ||
		    same_feed(draft->feeds[rota], &facts, pg_get_text(rows, i, API_FEEDS_FAULT),
			pg_get_text(rows, i, API_FEEDS_WARNINGS)))
			continue;
		differs = true;
		if (brings_shifts(draft->feeds[rota], &facts) && !contains(moved, rota))
			*VEC_PUSH(arena, moved) = rota;
		snapshot_set_feed(draft, rota,
		    kept_feed_new(&facts, pg_get_text(rows, i, API_FEEDS_FAULT),
			pg_get_text(rows, i, API_FEEDS_WARNINGS)));
	}
	return differs;
}

static const struct shift_columns shift_columns = {
    .id = API_SHIFTS_ID,
    .class = API_SHIFTS_CLASS,
    .person = API_SHIFTS_PERSON,
    .team = API_SHIFTS_TEAM,
    .starts_at = API_SHIFTS_STARTS_AT,
    .ends_at = API_SHIFTS_ENDS_AT,
    .override = API_SHIFTS_OVERRIDE,
    .instead = API_SHIFTS_INSTEAD,
    .third = API_SHIFTS_THIRD,
};

static struct override_row
load_override(const struct shift_read *read, const struct pg_rows *rows, size_t row)
{
	struct override_row override = {0};

	if (read->override == 0)
		return override;
	override = (struct override_row){
	    .id = read->override,
	    .instead = read->instead,
	    .nthird = read->nthird,
	    .made_at = pg_get_time(rows, row, API_SHIFTS_MADE_AT),
	    .made_by = pg_get_text(rows, row, API_SHIFTS_MADE_BY),
	    .note = pg_get_text(rows, row, API_SHIFTS_NOTE),
	    .standing = override_standing_of(pg_get_text(rows, row, API_SHIFTS_DISPUTE)),
	    .late = pg_get_bool(rows, row, API_SHIFTS_LATE),
	};
	memcpy(override.third, read->third, sizeof override.third);
	return override;
}

void
snapshot_load_shift(const struct region *region, const struct pg_rows *rows, size_t row,
    struct rota_builder *builder)
{
	struct shift_read read = shift_read_row(region, rows, row, &shift_columns);

	rota_builder_add(
	    builder, &(struct shift_row){
			 .id = read.id,
			 .class = kept_class_of(read.class),
			 .person = read.person,
			 .team = read.team,
			 .title = pg_get_text(rows, row, API_SHIFTS_TITLE),
			 .start = read.start,
			 .end = read.end,
			 .as_last_read = pg_get_bool(rows, row, API_SHIFTS_AS_LAST_READ),
			 .override = load_override(&read, rows, row),
		     });
}

/* A row of API_SHIFTS_TRACED, whose first columns are those of API_SHIFTS: beside the shift what subscribers'
 * calendars need, which entry it is, and when it changed or went. One that has gone is no shift any more. */
static void
load_traced(const struct region *region, const struct pg_rows *rows, size_t row,
    struct rota_builder *builder)
{
	struct shift_read read = shift_read_row(region, rows, row, &shift_columns);
	uint64_t entry = (uint64_t)pg_get_int(rows, row, API_SHIFTS_TRACED_ENTRY);
	uint32_t changed = instant32(pg_get_time(rows, row, API_SHIFTS_TRACED_CHANGED_AT));
	bool gone = pg_get_bool(rows, row, API_SHIFTS_TRACED_GONE);

	if (gone)
		rota_builder_gone(builder, &(struct kept_gone){
					       .entry = entry,
					       .start = instant32(read.start),
					       .end = instant32(read.end),
					       .person = read.person,
					       .changed = changed,
					   });
	if (gone)
		return;
	rota_builder_trace(
	    builder, &(struct kept_trace){.shift = read.id, .entry = entry, .changed = changed});
	snapshot_load_shift(region, rows, row, builder);
}

/* A block that says the same stays: memory is not churned when everything is read again. */
static void
replace(struct snapshot *draft, uint32_t rota, struct rota_block *block)
{
	if (rota == TABLE_NONE || (rota_block_same(draft->rotas[rota], block) &&
				      rota_block_same_traces(draft->rotas[rota], block)))
		rota_block_unref(block);
	else
		snapshot_set_rota(draft, rota, block);
}

typedef void load_row_fn(const struct region *region, const struct pg_rows *rows, size_t row,
    struct rota_builder *builder);

/* Rows come rota by rota. A rota without rows has no shifts in the window, so that its block
 * becomes an empty one. */
static void
load_rotas(struct snapshot *draft, const struct pg_rows *rows, const uint32_t *rotas, size_t nrotas,
    load_row_fn *load)
{
	const struct region *region = draft->setup->region;
	struct rota_builder *builder = rota_builder_new();
	size_t count = pg_rows_count(rows), row = 0;
	bool *filled = xcalloc(region->nrotas + 1, sizeof *filled);

	while (row < count) {
		const char *id = pg_get_text(rows, row, API_SHIFTS_ROTA);
		uint32_t rota = table_get(&region->rota_by_id, id);
		size_t first = row;

		for (; row < count && strcmp(pg_get_text(rows, row, API_SHIFTS_ROTA), id) == 0;
		     row++)
			load(region, rows, row, builder);
		INVARIANT(row > first);
		if (strcmp(id, OVERRIDE_ABSENCES) == 0)
			snapshot_set_typed(draft, rota_builder_take(builder));
		else
			replace(draft, rota, rota_builder_take(builder));
		if (rota != TABLE_NONE)
			filled[rota] = true;
	}
	for (size_t i = 0; i < nrotas; i++)
		if (!filled[rotas[i]])
			replace(draft, rotas[i], rota_block_empty());
	free(filled);
	rota_builder_free(builder);
}

void
snapshot_load_shifts(
    struct snapshot *draft, const struct pg_rows *rows, const uint32_t *rotas, size_t nrotas)
{
	load_rotas(draft, rows, rotas, nrotas, snapshot_load_shift);
}

void
snapshot_load_traced(
    struct snapshot *draft, const struct pg_rows *rows, const uint32_t *rotas, size_t nrotas)
{
	load_rotas(draft, rows, rotas, nrotas, load_traced);
}

void
snapshot_load_typed(struct snapshot *draft, const struct pg_rows *rows)
{
	struct rota_builder *builder = rota_builder_new();

	for (size_t row = 0; row < pg_rows_count(rows); row++)
		snapshot_load_shift(draft->setup->region, rows, row, builder);
	snapshot_set_typed(draft, rota_builder_take(builder));
	rota_builder_free(builder);
}

void
snapshot_load_gap(const struct pg_rows *rows, size_t row, struct gap_row *out)
{
	*out = (struct gap_row){
	    .id = pg_get_text(rows, row, API_GAPS_ID),
	    .start = pg_get_time(rows, row, API_GAPS_STARTS_AT),
	    .end = pg_get_time(rows, row, API_GAPS_ENDS_AT),
	    .state = pg_get_text(rows, row, API_GAPS_STATE),
	    .cause = pg_get_text(rows, row, API_GAPS_CAUSE),
	    .present = pg_get_int(rows, row, API_GAPS_PRESENT),
	    .required = pg_get_int(rows, row, API_GAPS_REQUIRED),
	    .opened_at = pg_get_time(rows, row, API_GAPS_OPENED_AT),
	    .changed_at = pg_get_time(rows, row, API_GAPS_CHANGED_AT),
	    .acknowledged_at = pg_get_time(rows, row, API_GAPS_ACKNOWLEDGED_AT),
	    .acknowledged_by = pg_get_text(rows, row, API_GAPS_ACKNOWLEDGED_BY),
	    .note = pg_get_text(rows, row, API_GAPS_NOTE),
	    .alerts_sent = pg_get_int(rows, row, API_GAPS_ALERTS_SENT),
	    .acknowledged_as = pg_get_text(rows, row, API_GAPS_ACKNOWLEDGED_SEVERITY),
	    .group = pg_get_text(rows, row, API_GAPS_CAUSE_GROUP),
	    .lead = pg_get_bool(rows, row, API_GAPS_LEAD),
	    .told = pg_get_bool(rows, row, API_GAPS_TOLD),
	    .closed_at = pg_get_time(rows, row, API_GAPS_CLOSED_AT),
	    .settle_at = pg_get_time(rows, row, API_GAPS_SETTLE_AT),
	    .acknowledged_until = pg_get_time(rows, row, API_GAPS_ACKNOWLEDGED_UNTIL),
	    .notes = pg_get_text(rows, row, API_GAPS_NOTES),
	    .accepted_until = pg_get_time(rows, row, API_GAPS_ACCEPTED_UNTIL),
	    .risk = pg_get_text(rows, row, API_GAPS_RISK),
	};
}

/* Rows come demand by demand. */
static bool
same_demand(const struct pg_rows *rows, size_t a, size_t b)
{
	return strcmp(pg_get_text(rows, a, API_GAPS_REQUIREMENT),
		   pg_get_text(rows, b, API_GAPS_REQUIREMENT)) == 0 &&
	       strcmp(pg_get_text(rows, a, API_GAPS_PLACE), pg_get_text(rows, b, API_GAPS_PLACE)) ==
		   0;
}

/* The demand of each row was asked for, so that the draft's region has it. */
void
snapshot_load_gaps(
    struct snapshot *draft, const struct pg_rows *rows, const uint32_t *demands, size_t ndemands)
{
	size_t count = pg_rows_count(rows), row = 0;
	struct gap_row *found = xcalloc(count + 1, sizeof *found);

	for (size_t i = 0; i < ndemands; i++)
		/* A demand without rows has no open gap. */
		snapshot_set_gaps(draft, demands[i], NULL);
	/* Rows are sorted by requirement and place, so one demand's gaps are neighbours. */
	while (row < count) {
		uint32_t demand =
		    snapshot_demand(draft, pg_get_text(rows, row, API_GAPS_REQUIREMENT),
			pg_get_text(rows, row, API_GAPS_PLACE));
		size_t first = row, n = 0;

		for (; row < count && same_demand(rows, first, row); row++)
			snapshot_load_gap(rows, row, &found[n++]);
		INVARIANT(demand != REGION_NONE);
		snapshot_set_gaps(draft, demand, gap_block_new(found, n));
	}
	free(found);
}
