/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_pair.h"

#include "calendars/roster/roster_state.h"
#include "server/base/table.h"

const char *
roster_pair_key(struct arena *arena, const struct roster_row *row, const struct title *name,
    const struct row_times *times)
{
	/* Several people in one cell are not compared: the other row may be about only one of them. */
	if (name->nparts != 1 || name->parts[0].person == NULL)
		return NULL;
	/* The unit as well: a shift may have been cancelled here and booked there. */
	return arena_printf(arena, "%lld %lld %s %s", (long long)times->start,
	    (long long)times->end, name->parts[0].person, row->field[ROSTER_UNIT]);
}

/* A copy, because titles of one spelling are shared by all rows that have it. */
const struct title *
roster_pair_undecided(struct arena *arena, const struct title *title)
{
	struct title_part *parts = arena_array(arena, title->nparts, sizeof *parts);
	struct title *out = arena_alloc(arena, sizeof *out);

	*out = *title;
	for (size_t i = 0; i < title->nparts; i++)
		parts[i] = roster_part_by_state(SLOT_OPEN, title->parts[i]);
	out->parts = parts;
	return out;
}

/* A duty has one cell a day: who is meant by two of them is not certain. */
static void
settle_cells(const struct roster_pairs *pairs, struct arena *arena, struct faults *faults)
{
	const struct roster_pair *pair;
	struct table seen, twice;

	table_init(&seen, arena, pairs->list.count);
	table_init(&twice, arena, 16);
	VEC_EACH (pair, &pairs->list) {
		/* The two days of one cell whose date may be either are no two cells, and count for
		 * nobody as it is. */
		if (pair->cell == NULL || pair->event->superseded)
			continue;
		if (table_get(&seen, pair->cell) != TABLE_NONE)
			table_put(&twice, arena, pair->cell, 0);
		table_put(&seen, arena, pair->cell, 0);
	}
	VEC_EACH (pair, &pairs->list) {
		if (pair->cell == NULL || pair->event->superseded ||
		    table_get(&twice, pair->cell) == TABLE_NONE)
			continue;
		pair->event->title = roster_pair_undecided(arena, pair->event->title);
		fault_note(faults, FAULT_GRID_TWICE,
		    FAULT_EVENT(pair->event->uid, pair->event->line), NULL, NULL);
	}
}

void
roster_pairs_settle(const struct roster_pairs *pairs, struct arena *arena, struct faults *faults)
{
	const struct roster_pair *pair;
	struct table doubted;

	settle_cells(pairs, arena, faults);
	/* Two passes: the row that doubts may come after the one that it doubts. */
	table_init(&doubted, arena, pairs->list.count);
	VEC_EACH (pair, &pairs->list) {
		if (pair->key != NULL && pair->state != SLOT_FILLED)
			table_put(&doubted, arena, pair->key, 0);
	}
	VEC_EACH (pair, &pairs->list) {
		if (pair->key == NULL || pair->state != SLOT_FILLED ||
		    table_get(&doubted, pair->key) == TABLE_NONE)
			continue;
		pair->event->title = roster_pair_undecided(arena, pair->event->title);
		fault_note(faults, FAULT_ROW_TWICE,
		    FAULT_EVENT(pair->event->uid, pair->event->line), NULL, NULL);
	}
}
