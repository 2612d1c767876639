/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/roster.h"

#include "server/base/vec.h"
#include "server/model/stand_in.h"

typedef VEC(struct person_time) times_found;

/* The shift, less what of it is given away. */
static void
add(struct arena *arena, times_found *found, const struct kept_shift *shift,
    const struct span_time *given)
{
	struct span_time time = kept_shift_time(shift);
	struct span_times left = {&time, 1};

	if (given != NULL)
		left = span_subtract(arena, left, (struct span_times){given, 1});
	for (size_t i = 0; i < left.count; i++)
		*VEC_PUSH(arena, found) =
		    (struct person_time){shift->person, left.items[i].start, left.items[i].end};
}

struct person_times
roster_near(struct arena *arena, const struct snapshot *map, uint32_t person, struct span_time time,
    const struct roster_given *given)
{
	struct span_time near = {
	    time.start - STAND_IN_SPREAD_SECONDS, time.end + STAND_IN_SPREAD_SECONDS};
	times_found found = {0};

	for (uint32_t i = 0; i < map->setup->region->nrotas; i++) {
		const struct rota_block *block = map->rotas[i];
		bool gives = given != NULL && given->rota == i;

		for (uint32_t j = rota_block_from(block, near.start); j < block->count; j++) {
			const struct kept_shift *shift = &block->shifts[j];

			if ((int64_t)shift->start >= near.end)
				break;
			if (shift->person == REGION_NONE || shift->class == KEPT_ABSENCE ||
			    (person != REGION_NONE && shift->person != person))
				continue;
			add(arena, &found, shift, gives ? &given->time : NULL);
		}
	}
	person_times_sort(found.items, found.count);
	return (struct person_times){found.items, found.count};
}
