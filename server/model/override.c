/* SPDX-License-Identifier: MIT */
#include "server/model/override.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"

typedef VEC(struct shift) shift_list;

static int
by_id(const void *left, const void *right)
{
	const struct override *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return (a->start > b->start) - (a->start < b->start);
}

/* Each kind is kept with a class of its own, so the class says which kind it is. */
enum override_kind
override_kind_of(const char *class)
{
	if (strcmp(class, "nobody") == 0)
		return OVERRIDE_NOBODY;
	return strcmp(class, "undecided") == 0 ? OVERRIDE_DISPUTED : OVERRIDE_PUTS_ON;
}

static int
by_start(const void *left, const void *right)
{
	const struct shift *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* Third people matter only where somebody was replaced. If nobody was replaced, the people whom the
 * calendar lists are on beside the stand-in. */
static bool
is_third(const struct override *override, uint32_t person)
{
	bool has_place = override->instead != SWEEP_NOBODY || override->kind == OVERRIDE_DISPUTED;

	for (uint32_t i = 0; has_place && i < override->nthird; i++)
		if (override->third[i] == person)
			return true;
	return false;
}

/* Team lines stay, because they name nobody; so do entries without a person, since nobody can say
 * that they are of the people concerned. */
static bool
takes(const struct override *override, const struct shift *shift)
{
	/* Touching is no overlap. */
	if (shift->end <= override->start || shift->start >= override->end)
		return false;
	/* "Nobody" means the rota as a whole, whatever the calendar says of it. */
	if (override->kind == OVERRIDE_NOBODY)
		return true;
	if (shift->class != SHIFT_NAMED && shift->class != SHIFT_UNDECIDED)
		return false;
	if (shift->person == SWEEP_NOBODY)
		return false;
	return shift->person == override->person || shift->person == override->instead ||
	       is_third(override, shift->person);
}

static void
keep_piece(
    struct arena *arena, shift_list *list, const struct shift *shift, int64_t start, int64_t end)
{
	struct shift *piece;

	if (start >= end)
		return;
	piece = VEC_PUSH(arena, list);
	*piece = *shift;
	piece->start = start;
	piece->end = end;
}

/* Keeps of a shift what lies outside ${override}; in a dispute also the shift of a third person, as
 * undecided. The two pieces outside keep the id, so a span that counts them still names the row. */
static void
cut(struct arena *arena, shift_list *list, const struct shift *shift,
    const struct override *override)
{
	struct span_time taken = span_clip((struct span_time){shift->start, shift->end},
	    (struct span_time){override->start, override->end});
	struct shift doubted = *shift;

	keep_piece(arena, list, shift, shift->start, taken.start);
	keep_piece(arena, list, shift, taken.end, shift->end);
	if (override->kind != OVERRIDE_DISPUTED || !is_third(override, shift->person))
		return;
	doubted.class = SHIFT_UNDECIDED;
	doubted.disputed = true;
	keep_piece(arena, list, &doubted, taken.start, taken.end);
}

static enum shift_class
class_of(const struct override *override)
{
	if (override->kind == OVERRIDE_NOBODY)
		return SHIFT_NOBODY;
	/* A person who has left the set-up cannot be on: nobody counts, and somebody must
	 * decide. */
	return override->kind == OVERRIDE_DISPUTED || override->person == SWEEP_NOBODY
		   ? SHIFT_UNDECIDED
		   : SHIFT_NAMED;
}

static shift_list
lay_one(struct arena *arena, const shift_list *before, struct override *override)
{
	shift_list after = {0};

	for (size_t i = 0; i < before->count; i++) {
		const struct shift *shift = &before->items[i];

		if (!takes(override, shift)) {
			*VEC_PUSH(arena, &after) = *shift;
			continue;
		}
		/* A shift of an earlier override is not what the calendar says. */
		override->took |= shift->person != SWEEP_NOBODY &&
				  shift->person == override->instead && !shift->override;
		cut(arena, &after, shift, override);
	}
	*VEC_PUSH(arena, &after) = (struct shift){
	    .start = override->start,
	    .end = override->end,
	    .id = override->shift,
	    .person = override->person,
	    .class = class_of(override),
	    .override = true,
	    .disputed = override->kind == OVERRIDE_DISPUTED,
	};
	return after;
}

struct override_shifts
override_lay(struct arena *arena, const struct shift *shifts, size_t nshifts,
    struct override *overrides, size_t noverrides)
{
	shift_list list = {0};

	if (noverrides == 0)
		return (struct override_shifts){shifts, nshifts};
	for (size_t i = 0; i < nshifts; i++)
		*VEC_PUSH(arena, &list) = shifts[i];
	qsort(overrides, noverrides, sizeof *overrides, by_id);
	/* A rota has few overrides at a time, so each pass may go over every shift. */
	for (size_t i = 0; i < noverrides; i++)
		/* In the order in which they were made: the result of each is the input of the
		 * next, so a later override wins. */
		list = lay_one(arena, &list, &overrides[i]);
	qsort(list.items, list.count, sizeof *list.items, by_start);
	return (struct override_shifts){list.items, list.count};
}
