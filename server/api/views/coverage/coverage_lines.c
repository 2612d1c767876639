/* SPDX-License-Identifier: MIT */
#include "server/api/views/coverage/coverage_lines.h"

#include <string.h>

#define DAY_SECONDS 86400

struct span_times
coverage_part(struct arena *arena, struct span_times times, struct span_time part)
{
	if (part.start >= part.end)
		return (struct span_times){0};
	return span_intersect(arena, times, (struct span_times){&part, 1});
}

/* "<place>/<requirement>": neither code can have a slash in it. */
const char *
coverage_cursor(struct ask *ask, const struct coverage_line *line)
{
	const struct region_demand *demand = &ask->region->demands[line->demand];

	return arena_printf(ask->arena, "%s/%s", ask->region->places[demand->place].code,
	    ask->region->requirements[demand->requirement].id);
}

/* By codes and not by an index: another region may be put in force between two pages. */
static bool
find_page(struct ask *ask, struct coverage_asked *asked)
{
	if (asked->page.cursor == NULL)
		return true;
	for (size_t i = 0; i < asked->nlines; i++)
		if (strcmp(coverage_cursor(ask, &asked->lines[i]), asked->page.cursor) == 0) {
			asked->first = i + 1;
			return true;
		}
	return false;
}

/* One line for each requirement at each place in the scope, for as long as the place is in it.
 * False: refused, with ${fault}. */
bool
coverage_lines_find(struct ask *ask, struct coverage_asked *asked, struct problem_fault *fault)
{
	const struct region *region = ask->region;
	VEC(struct coverage_line) lines = {0};
	int64_t seconds = 0;

	asked->scope =
	    places_scope_of(ask->arena, region, ask->map->setup->zone, asked->place, asked->wish);
	for (uint32_t i = 0; i < region->ndemands; i++) {
		const struct region_demand *demand = &region->demands[i];
		struct span_times times;

		if ((asked->function != REGION_NONE && demand->function != asked->function) ||
		    !rights_sees_demand(region, ask->account, i))
			continue;
		times = coverage_part(
		    ask->arena, places_scope_times(&asked->scope, demand->place), asked->window);
		if (times.count == 0)
			continue;
		*VEC_PUSH(ask->arena, &lines) = (struct coverage_line){i, times};
		seconds += span_total(times);
	}
	asked->lines = lines.items;
	asked->nlines = lines.count;
	/* A bound on the work and the memory of one answer.
	 * One line is always allowed, or nothing could be asked about it. */
	if (seconds > COVERAGE_DEMAND_DAYS_MAX * DAY_SECONDS && lines.count > 1) {
		*fault = (struct problem_fault){"query.place",
		    arena_printf(ask->arena,
			"has %zu requirements with the places below it, too many for so long a time: ask for one function, for a shorter time, "
			"for a place below it, or with within=false",
			lines.count)};
		return false;
	}
	/* Set in advance, for the case that no line has the cursor. */
	*fault = (struct problem_fault){"query.cursor", "is not a cursor that this list gave"};
	return find_page(ask, asked);
}
