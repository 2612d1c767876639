/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/touched.h"

#include <stdlib.h>

#include "server/model/demand.h"

struct rows {
	const struct kept_shift **items;
	size_t count;
};

/* By what a shift means to the map and not by its id: the shifts of a preview are not written
 * yet, and have other ids or none. */
static int
compare(const struct kept_shift *a, const struct kept_shift *b)
{
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	return a->class - b->class;
}

static int
by_meaning(const void *left, const void *right)
{
	return compare(
	    *(const struct kept_shift *const *)left, *(const struct kept_shift *const *)right);
}

/* Sorted, so that one pass finds the differences. */
static struct rows
rows_of(struct arena *arena, const struct rota_block *block)
{
	struct rows rows = {.items = arena_array(arena, block->count + 1, sizeof *rows.items)};

	for (; rows.count < block->count; rows.count++)
		rows.items[rows.count] = &block->shifts[rows.count];
	qsort(rows.items, rows.count, sizeof *rows.items, by_meaning);
	return rows;
}

/* Absences and confirmed shifts of a person can affect demands of other rotas; other classes cannot. */
static void
note(struct touched *touched, const struct kept_shift *shift)
{
	if (shift->person == REGION_NONE)
		return;
	if (shift->class == KEPT_ABSENCE)
		touched->away[shift->person] = true;
	if (shift->class == KEPT_NAMED)
		touched->on[shift->person] = true;
}

/* Of those shifts that are in one of the two only. */
static void
note_differences(struct touched *touched, struct rows before, struct rows after)
{
	size_t i = 0, j = 0;

	while (i < before.count || j < after.count) {
		int order = i == before.count  ? 1
			    : j == after.count ? -1
					       : compare(before.items[i], after.items[j]);

		if (order < 0)
			note(touched, before.items[i++]);
		else if (order > 0)
			note(touched, after.items[j++]);
		else {
			i++;
			j++;
		}
	}
}

/* A change of one rota can touch demands of others in two ways: by absences, and by a limit on how
 * many places a person covers. REGION_NONE: a typed absence, which is on no rota. */
struct touched
touched_by(
    struct arena *arena, const struct snapshot *map, const struct snapshot *after, uint32_t rota)
{
	uint32_t npeople = map->setup->region->npeople;
	struct touched touched = {
	    .map = map,
	    .rota = rota,
	    .away = arena_array(arena, npeople + 1, sizeof(bool)),
	    .on = arena_array(arena, npeople + 1, sizeof(bool)),
	};

	note_differences(&touched,
	    rows_of(arena, rota == REGION_NONE ? map->typed : map->rotas[rota]),
	    rows_of(arena, rota == REGION_NONE ? after->typed : after->rotas[rota]));
	return touched;
}

/* Only called for rotas that do not change themselves; of the one that does every demand counts. */
static bool
names(const void *ctx, uint32_t rota, const bool *people)
{
	const struct snapshot *map = ctx;
	const struct rota_block *block = map->rotas[rota];

	for (uint32_t i = 0; i < block->count; i++)
		if (block->shifts[i].class == KEPT_NAMED &&
		    block->shifts[i].person != REGION_NONE && people[block->shifts[i].person])
			return true;
	return false;
}

bool
touched_demand(const struct touched *touched, uint32_t demand)
{
	return demand_may_change(touched->map->setup->region, demand,
	    &(struct demand_change){
		.rota = touched->rota,
		.away = touched->away,
		.on = touched->on,
		.names = names,
		.ctx = touched->map,
	    });
}
