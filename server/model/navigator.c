/* SPDX-License-Identifier: MIT */
#include "server/model/navigator.h"

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/vec.h"
#include "server/model/above.h"

#define WEEK_DAYS 7

const char *
navigator_state_name(enum navigator_state state)
{
	static const char *const names[NAVIGATOR_STATES] = {
	    [NAVIGATOR_OPEN] = "open",
	    [NAVIGATOR_UNKNOWN] = "unknown",
	    [NAVIGATOR_SHUT] = "shut",
	    [NAVIGATOR_CLOSED] = "closed",
	};

	return names[state];
}

/* Its hours from ${from} on, for so many days; those that touch are one. */
static struct span_times
hours_from(struct arena *arena, const struct region_navigator *navigator,
    const struct navigator_asked *asked, int64_t from, int days)
{
	struct span_time window = {from, from + days * (int64_t)CIVIL_DAY_SECONDS};
	struct hours_lines lines = {navigator->hours, navigator->nhours};
	struct span_times pieces =
	    hours_pieces(arena, &lines, asked->zone, asked->holidays, window);
	struct span_time life = region_instants(asked->zone, navigator->life);
	struct span_time *cut = arena_array(arena, pieces.count + 1, sizeof *cut);
	size_t count = 0;

	for (size_t i = 0; i < pieces.count; i++) {
		struct span_time piece = span_clip(span_clip(pieces.items[i], window), life);

		if (piece.start < piece.end)
			cut[count++] = piece;
	}
	return span_normalise(arena, cut, count);
}

/* When it opens next at ${from} or after it. Most open within a week. */
static int64_t
next_from(struct arena *arena, const struct region_navigator *navigator,
    const struct navigator_asked *asked, int64_t from)
{
	struct span_times times = hours_from(arena, navigator, asked, from, WEEK_DAYS);

	if (times.count == 0)
		times = hours_from(arena, navigator, asked, from, NAVIGATOR_DAYS);
	return times.count == 0 ? INSTANT_NONE : times.items[0].start;
}

struct navigator_answer
navigator_judge(struct arena *arena, const struct region_navigator *navigator,
    const struct navigator_asked *asked)
{
	struct navigator_answer answer = {NAVIGATOR_UNKNOWN, INSTANT_NONE, INSTANT_NONE};
	struct span_times times;

	/* That somebody said so tonight is certain, whatever the hours are. */
	if (asked->closed.start <= asked->at && asked->at < asked->closed.end) {
		answer.state = NAVIGATOR_CLOSED;
		answer.opens = next_from(arena, navigator, asked, asked->closed.end);
		return answer;
	}
	if (navigator->nhours == 0)
		return answer;
	times = hours_from(arena, navigator, asked, asked->at, WEEK_DAYS);
	if (times.count > 0 && times.items[0].start == asked->at) {
		answer.state = NAVIGATOR_OPEN;
		if (times.items[0].end < asked->at + WEEK_DAYS * (int64_t)CIVIL_DAY_SECONDS)
			answer.until = times.items[0].end;
		return answer;
	}
	answer.state = NAVIGATOR_SHUT;
	answer.opens = next_from(arena, navigator, asked, asked->at);
	return answer;
}

static bool
is_in(const uint32_t *items, size_t count, uint32_t index)
{
	for (size_t i = 0; i < count; i++)
		if (items[i] == index)
			return true;
	return false;
}

struct region_list
navigators_at(struct arena *arena, const struct region *region, uint32_t place, int64_t day)
{
	struct region_list above;
	VEC(uint32_t) found = {0};

	if (region->nnavigators == 0)
		return (struct region_list){0};
	above = region_above(arena, region, place, day);
	for (uint32_t i = 0; i < above.count; i++) {
		const struct region_list *list = &region->places[above.items[i]].navigators;

		for (uint32_t j = 0; j < list->count; j++) {
			struct span_time life = region->navigators[list->items[j]].life;

			if (life.start <= day && day < life.end &&
			    !is_in(found.items, found.count, list->items[j]))
				*VEC_PUSH(arena, &found) = list->items[j];
		}
	}
	return (struct region_list){found.items, (uint32_t)found.count};
}

bool
navigator_serves(const struct region_navigator *navigator, uint32_t function)
{
	return function == REGION_NONE || navigator->functions.count == 0 ||
	       is_in(navigator->functions.items, navigator->functions.count, function);
}
