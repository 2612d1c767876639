/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/places.h"

#include <string.h>

#include "server/base/instant.h"
#include "server/base/vec.h"
#include "server/model/within.h"

/* Static, because scopes point to it. */
static const struct span_time always = {INSTANT_BEGINNING, INSTANT_END};

/* The route's first choice cannot stand for "not given": it would be one of the two answers. */
enum places_within
places_within_read(struct ask *ask)
{
	struct slice given;

	if (!web_query(ask->exchange, "within", &given))
		return PLACES_DEFAULT;
	return strcmp(ask_choice(ask, "within"), "true") == 0 ? PLACES_BELOW : PLACES_ALONE;
}

/* For each place the times at which it is below the one that is asked about. Mergers and moves take effect on
 * a date, so that may be a part of the time. */
struct places_scope
places_scope_of(struct arena *arena, const struct region *region, const struct zone *zone,
    uint32_t asked, enum places_within within)
{
	struct places_scope scope = {.asked = asked};
	struct span_times *times;
	const struct span_times *days;

	if (asked == REGION_NONE)
		return scope;
	scope.within =
	    within == PLACES_DEFAULT ? within_is_parent(region, asked) : within == PLACES_BELOW;
	scope.times = times = arena_array(arena, region->nplaces, sizeof *times);
	times[asked] = (struct span_times){&always, 1};
	if (!scope.within)
		return scope;
	days = within_days(arena, region, asked);
	for (uint32_t i = 0; i < region->nplaces; i++)
		if (i != asked && days[i].count > 0)
			times[i] = within_instants(arena, zone, days[i]);
	return scope;
}

struct span_times
places_scope_times(const struct places_scope *scope, uint32_t place)
{
	return scope->times == NULL ? (struct span_times){&always, 1} : scope->times[place];
}

bool
places_scope_holds(const struct places_scope *scope, uint32_t place, int64_t start, int64_t end)
{
	struct span_times times = places_scope_times(scope, place);

	for (size_t i = 0; i < times.count; i++)
		if (times.items[i].start < end && start < times.items[i].end)
			return true;
	return false;
}

/* Adds the codes of a place, with its former ones: old rows of the record have those. */
static uint32_t
add_codes(struct ask *ask, uint32_t place, const char **codes)
{
	const struct region *region = ask->region;
	const char *const *all =
	    region_codes(ask->arena, region, "place", region->places[place].code);
	uint32_t count = 0;

	for (; all[count] != NULL; count++)
		codes[count] = all[count];
	return count;
}

/* NULL means every place: an account without places of its own may ask about all. */
void
places_send(struct ask *ask, uint32_t place, struct pg_args *args)
{
	const struct region *region = ask->region;
	const char **codes;
	uint32_t count = 0;

	/* Each former code belongs to one place, so this is enough for all of them together. */
	codes = arena_array(ask->arena, region->nplaces + region->nformers + 1, sizeof *codes);
	if (place != REGION_NONE) {
		count = add_codes(ask, place, codes);
		pg_text_array(args, codes, count);
		return;
	}
	if (ask->account->nplaces == 0) {
		pg_null(args);
		return;
	}
	for (uint32_t i = 0; i < region->nplaces; i++)
		if (rights_place(region, ask->account, i))
			count += add_codes(ask, i, codes + count);
	pg_text_array(args, codes, count);
}

/* Three parallel arrays, because a statement takes no array of rows: code, from, to. A place that belongs to
 * the scope in two periods is in them twice. */
void
places_scope_send(struct ask *ask, const struct places_scope *scope, struct pg_args *args)
{
	const struct region *region = ask->region;
	VEC(const char *) codes = {0};
	VEC(int64_t) from = {0};
	VEC(int64_t) to = {0};

	/* Null means every place, as in places_send(). */
	if (scope->asked == REGION_NONE && ask->account->nplaces == 0) {
		pg_null(args);
		pg_null(args);
		pg_null(args);
		return;
	}
	for (uint32_t i = 0; i < region->nplaces; i++) {
		struct span_times times = places_scope_times(scope, i);

		if (times.count == 0 || !rights_place(region, ask->account, i))
			continue;
		for (size_t j = 0; j < times.count; j++) {
			bool begins = times.items[j].start != INSTANT_BEGINNING;
			bool ends = times.items[j].end != INSTANT_END;

			*VEC_PUSH(ask->arena, &codes) = region->places[i].code;
			*VEC_PUSH(ask->arena, &from) =
			    begins ? times.items[j].start : PG_MINUS_INFINITY;
			*VEC_PUSH(ask->arena, &to) = ends ? times.items[j].end : PG_INFINITY;
		}
	}
	pg_text_array(args, codes.items, codes.count);
	pg_time_array(args, from.items, from.count);
	pg_time_array(args, to.items, to.count);
}

/* The place that the answer is about, and the one whose requirement it inherits. */
void
places_put(struct json_out *out, const struct region *region, const struct places_scope *scope,
    const char *place, const char *requirement)
{
	uint32_t index = table_get(&region->requirement_by_id, requirement);

	out_text(
	    out, "asked", scope->asked == REGION_NONE ? NULL : region->places[scope->asked].code);
	out_text(out, "place", place);
	out_text(out, "from_place",
	    index == TABLE_NONE ? NULL : region->places[region->requirements[index].place].code);
}
