/* SPDX-License-Identifier: MIT */
#include "server/api/keep/snapshot_closings.h"

#include "server/api/api_sql.h"

/* ------------------------------------------------------------------------------------------- rows */

/* False: the region has no such navigator (any more). */
static bool
load_closing(
    const struct region *region, const struct pg_rows *rows, size_t row, struct kept_closing *out)
{
	if (region->nnavigators == 0)
		return false;
	out->navigator =
	    table_get(&region->navigator_by_id, pg_get_text(rows, row, API_CLOSINGS_CARD));
	out->time.start = pg_get_time(rows, row, API_CLOSINGS_AT);
	out->time.end = pg_get_time(rows, row, API_CLOSINGS_UNTIL);
	return out->navigator != TABLE_NONE;
}

void
snapshot_load_closings(struct snapshot *draft, const struct pg_rows *rows, int64_t version)
{
	size_t count = pg_rows_count(rows), found = 0;
	struct arena *arena = arena_new(0);
	struct kept_closing *items = arena_array(arena, count + 1, sizeof *items);

	for (size_t row = 0; row < count; row++)
		if (load_closing(draft->setup->region, rows, row, &items[found]))
			found++;
	snapshot_set_closings(draft, closings_of(version, items, found));
	arena_free(arena);
}

/* -------------------------------------------------------------------------------------- the file */

/* The fewest bytes of one. */
#define CLOSING_LEAST PACKED_LEAST(0, 1, 2, 0)

void
snapshot_pack_closings(struct buf *out, const struct closings *closings)
{
	pack_i64(out, closings->version);
	pack_u32(out, (uint32_t)closings->count);
	for (size_t i = 0; i < closings->count; i++) {
		pack_u32(out, closings->items[i].navigator);
		pack_i64(out, closings->items[i].time.start);
		pack_i64(out, closings->items[i].time.end);
	}
}

struct closings *
snapshot_unpack_closings(struct unpack *in, const struct region *region)
{
	int64_t version = unpack_i64(in);
	uint32_t count = unpack_count(in, CLOSING_LEAST);
	struct arena *arena = arena_new(0);
	struct kept_closing *items = arena_array(arena, (size_t)count + 1, sizeof *items);
	struct closings *closings = NULL;

	for (uint32_t i = 0; i < count && !in->bad; i++) {
		items[i].navigator = unpack_u32(in);
		items[i].time.start = unpack_i64(in);
		items[i].time.end = unpack_i64(in);
		/* An index beyond the list would be read as something else. */
		in->bad |= items[i].navigator >= region->nnavigators;
	}
	if (!in->bad)
		closings = closings_of(version, items, count);
	arena_free(arena);
	return closings;
}
