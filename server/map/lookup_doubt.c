/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/instant.h"
#include "server/map/lookup_private.h"

/* What makes a lookup doubtful as a whole: two clocks, or a time of which there is no record.
 *
 * When the database's clock and the machine's disagree, nobody knows which of two instants is now.
 * The answer may then state only what is true at both (server/README.md, "Time"). */

/* The same shift need not be found: what matters to a caller is that the same person is on by the
 * same rota. Times may differ, as one instant may be in the shift before. */
static bool
has(struct lookup_duties duties, const struct lookup_duty *wanted)
{
	for (size_t i = 0; i < duties.count; i++)
		if (duties.items[i].rota == wanted->rota &&
		    duties.items[i].person == wanted->person &&
		    strcmp(duties.items[i].name, wanted->name) == 0)
			return true;
	return false;
}

static bool
all_in(struct lookup_duties some, struct lookup_duties others)
{
	for (size_t i = 0; i < some.count; i++)
		if (!has(others, &some.items[i]))
			return false;
	return true;
}

/* Compares the states and the people, not the order. If the other lookup does not have the function
 * at all, the two differ. */
static bool
alike(const struct lookup_function *a, const struct lookup_function *b)
{
	return b != NULL && a->state == b->state && all_in(a->on_call, b->on_call) &&
	       all_in(b->on_call, a->on_call);
}

static const struct lookup_function *
of_function(const struct lookup *lookup, uint32_t function)
{
	for (size_t i = 0; i < lookup->count; i++)
		if (lookup->items[i].function == function)
			return &lookup->items[i];
	for (size_t i = 0; i < lookup->naside; i++)
		if (lookup->aside[i].function == function)
			return &lookup->aside[i];
	return NULL;
}

/* Lists people who are on at either instant, then those who were last known before, as last known. */
static void
doubt(struct arena *arena, struct lookup_function *item, const struct lookup_function *other)
{
	size_t more = other != NULL ? other->on_call.count : 0, count = item->on_call.count;
	struct lookup_duty *duties =
	    arena_array(arena, count + more + item->last_known.count + 1, sizeof *duties);

	if (count > 0)
		memcpy(duties, item->on_call.items, count * sizeof *duties);
	for (size_t i = 0; i < more; i++)
		if (!has(item->on_call, &other->on_call.items[i]))
			duties[count++] = other->on_call.items[i];
	for (size_t i = 0; i < item->last_known.count; i++)
		duties[count++] = item->last_known.items[i];
	item->state = COVER_UNKNOWN;
	item->cause = CAUSE_CLOCK_DOUBTFUL;
	/* "Covered" would depend on a clock that may be wrong. The people stay listed, so that a
	 * caller still has somebody to ring. */
	item->present = 0;
	item->nbundles = 0;
	item->on_call = (struct lookup_duties){0};
	item->last_known = (struct lookup_duties){duties, count};
}

static struct lookup_function *
doubted(struct arena *arena, const struct lookup_function *from, size_t count,
    const struct lookup *other)
{
	struct lookup_function *items = arena_array(arena, count + 1, sizeof *items);

	for (size_t i = 0; i < count; i++) {
		const struct lookup_function *there = of_function(other, from[i].function);

		items[i] = from[i];
		if (!alike(&items[i], there))
			doubt(arena, &items[i], there);
	}
	return items;
}

/* Open by one clock and shut by the other: not known. What somebody said is so by both. */
static void
doubt_navigators(struct arena *arena, struct lookup *lookup, const struct lookup *other)
{
	struct lookup_navigator *items = arena_array(arena, lookup->nnavigators + 1, sizeof *items);

	for (size_t i = 0; i < lookup->nnavigators; i++) {
		items[i] = lookup->navigators[i];
		for (size_t j = 0; j < other->nnavigators; j++)
			if (other->navigators[j].navigator == items[i].navigator &&
			    other->navigators[j].is.state != items[i].is.state)
				items[i].is = (struct navigator_answer){
				    NAVIGATOR_UNKNOWN, INSTANT_NONE, INSTANT_NONE};
	}
	lookup->navigators = items;
}

void
lookup_doubt(struct arena *arena, struct lookup *lookup, const struct lookup *other)
{
	doubt_navigators(arena, lookup, other);
	lookup->aside = doubted(arena, lookup->aside, lookup->naside, other);
	lookup_sort(lookup, doubted(arena, lookup->items, lookup->count, other));
}

/* A rota that says nobody, or an absence, is a record. */
static bool
rests_on_silence(const struct lookup_function *item)
{
	return (item->state == COVER_GAP || item->state == COVER_SHORT) &&
	       (item->cause == CAUSE_SILENT || item->cause == CAUSE_NO_SOURCE ||
		   item->cause == CAUSE_TOO_FEW);
}

void
lookup_unrecorded(struct arena *arena, struct lookup *lookup)
{
	struct lookup_function *items = arena_array(arena, lookup->count + 1, sizeof *items);

	for (size_t i = 0; i < lookup->count; i++) {
		items[i] = lookup->items[i];
		if (rests_on_silence(&items[i])) {
			items[i].state = COVER_UNKNOWN;
			items[i].cause = CAUSE_NO_RECORD;
			items[i].nbundles = 0;
		}
	}
	lookup_sort(lookup, items);
}
