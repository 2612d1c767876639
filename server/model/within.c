/* SPDX-License-Identifier: MIT */
#include "server/model/within.h"

#include "server/model/hours.h"

/* The days on which ${place} is below the top, as far as its parents are known by now. Days, not
 * instants: they are compared without a time zone and become instants at the end. */
static struct span_times
days_below(struct arena *arena, const struct region_place *place, const struct span_times *days)
{
	struct span_time *all;
	size_t room = 0, n = 0;

	for (uint32_t i = 0; i < place->under.count; i++)
		room += days[place->under.items[i].place].count;
	if (room == 0)
		return (struct span_times){0};
	all = arena_array(arena, room, sizeof *all);
	for (uint32_t i = 0; i < place->under.count; i++) {
		const struct region_dated_place *dated = &place->under.items[i];
		struct span_times both =
		    span_intersect(arena, days[dated->place], (struct span_times){&dated->life, 1});

		for (size_t j = 0; j < both.count; j++)
			all[n++] = both.items[j];
	}
	return span_intersect(
	    arena, span_normalise(arena, all, n), (struct span_times){&place->life, 1});
}

/* The lists are normalised, so that equal days are equal lists. */
static bool
is_more(struct span_times now, struct span_times before)
{
	for (size_t i = 0; i < now.count && now.count == before.count; i++)
		if (now.items[i].start != before.items[i].start ||
		    now.items[i].end != before.items[i].end)
			return true;
	return now.count != before.count;
}

/* Repeats until nothing grows. A file may name a child before its parent, so it takes as many
 * rounds as the hierarchy is deep. It ends because days only grow, and parents have no cycle. */
const struct span_times *
within_days(struct arena *arena, const struct region *region, uint32_t top)
{
	struct span_times *days = arena_array(arena, region->nplaces, sizeof *days);
	bool grown = true;

	/* The top is below itself for its own days. */
	days[top] = (struct span_times){&region->places[top].life, 1};
	while (grown) {
		grown = false;
		for (uint32_t i = 0; i < region->nplaces; i++) {
			struct span_times below;

			if (i == top)
				continue;
			below = days_below(arena, &region->places[i], days);
			grown |= is_more(below, days[i]);
			days[i] = below;
		}
	}
	return days;
}

/* Whether the place has ever had others below it. On any day: whether a question about it means
 * those places as well must not depend on the date. */
bool
within_is_parent(const struct region *region, uint32_t top)
{
	for (uint32_t i = 0; i < region->nplaces; i++)
		for (uint32_t j = 0; j < region->places[i].parents.count; j++)
			if (region->places[i].parents.items[j] == top)
				return true;
	return false;
}

/* Adjoining days touch at midnight and are joined. */
struct span_times
within_instants(struct arena *arena, const struct zone *zone, struct span_times days)
{
	struct span_time *times = arena_array(arena, days.count, sizeof *times);

	for (size_t i = 0; i < days.count; i++)
		times[i] = region_instants(zone, days.items[i]);
	return span_normalise(arena, times, days.count);
}
