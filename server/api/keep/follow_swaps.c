/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "server/api/api_sql.h"
#include "server/api/keep/follow_steps.h"

/* The step of a round that reads the swaps, and the leave, that have changed. */

/* In a whole round all of them, and nothing of what was known before: it may not be of this database. */
bool
follow_swaps_start(struct follow *follow)
{
	struct follow_round *round = &follow->round;
	struct pg_args args = {0};

	if (!round->whole && !round->need_swaps)
		return false;
	if (round->whole)
		snapshot_set_swaps(round->draft, swaps_none());
	pg_int8(&args, round->draft->swaps->version);
	return follow_call(follow, &API_SWAPS_SINCE, &args);
}

/* The indexes of the codes in an array column: at most ${most}, the rest REGION_NONE. What has left the region
 * concerns nobody any more. */
static void
load_indexes(const struct pg_rows *rows, size_t row, unsigned column, const struct table *table,
    uint32_t out[2])
{
	size_t count = pg_get_array_count(rows, row, column);

	out[0] = out[1] = REGION_NONE;
	for (size_t i = 0; i < count && i < 2; i++) {
		struct slice code = pg_get_array_text(rows, row, column, i);
		char text[128];
		uint32_t index;

		snprintf(text, sizeof text, "%.*s", (int)code.len, code.at);
		index = table_get(table, text);
		out[i] = index == TABLE_NONE ? REGION_NONE : index;
	}
}

enum status
follow_swaps_take(struct follow *follow, const struct pg_rows *rows)
{
	struct follow_round *round = &follow->round;
	const struct region *region = round->draft->setup->region;
	size_t count = pg_rows_count(rows);
	struct kept_swap *items = arena_array(round->arena, count + 1, sizeof *items);

	for (size_t i = 0; i < count; i++) {
		items[i] = (struct kept_swap){
		    .leave = pg_get_bool(rows, i, API_SWAPS_SINCE_LEAVE),
		    .id = pg_get_int(rows, i, API_SWAPS_SINCE_ID),
		    .version = pg_get_int(rows, i, API_SWAPS_SINCE_VERSION),
		    .expires = pg_get_time(rows, i, API_SWAPS_SINCE_EXPIRES_AT),
		    .end = pg_get_time(rows, i, API_SWAPS_SINCE_ENDS_AT),
		};
		snprintf(items[i].state, sizeof items[i].state, "%s",
		    pg_get_text(rows, i, API_SWAPS_SINCE_STATE));
		load_indexes(rows, i, API_SWAPS_SINCE_ROTAS, &region->rota_by_id, items[i].rotas);
		load_indexes(
		    rows, i, API_SWAPS_SINCE_PEOPLE, &region->person_by_id, items[i].people);
	}
	snapshot_set_swaps(round->draft,
	    swaps_changed(round->draft->swaps,
		&(struct swaps_change){round->swaps_version, round->looked_at, items, count}));
	return STATUS_OK;
}
