/* SPDX-License-Identifier: MIT */
#include "server/model/stand_in.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"

static int
by_person(const void *left, const void *right)
{
	const struct stand_in_shift *a = left, *b = right;

	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->end > b->end) - (a->end < b->end);
}

void
stand_in_sort(struct stand_in_shift *shifts, size_t count)
{
	if (count > 1)
		qsort(shifts, count, sizeof *shifts, by_person);
}

static bool
overlaps(int64_t start, int64_t end, int64_t from, int64_t to)
{
	return start < end && start < to && end > from;
}

static bool
is_away(const struct stand_in_asked *asked, uint32_t person)
{
	size_t low = 0, high = asked->nabsences;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (asked->absences[middle].person < person)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < asked->nabsences && asked->absences[low].person == person; low++)
		if (overlaps(asked->absences[low].start, asked->absences[low].end,
			asked->time.start, asked->time.end))
			return true;
	return false;
}

static size_t
first_of(const struct stand_in_asked *asked, uint32_t person)
{
	size_t low = 0, high = asked->nshifts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (asked->shifts[middle].person < person)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* False: busy, or would not rest. Else ${seconds}: how long on in the fortnight around. */
static bool
is_rested(
    struct arena *arena, const struct stand_in_asked *asked, uint32_t person, int64_t *seconds)
{
	struct span_time around = {
	    asked->time.start - STAND_IN_SPREAD_SECONDS, asked->time.end + STAND_IN_SPREAD_SECONDS};
	VEC(struct span_time) on = {0};

	for (size_t i = first_of(asked, person);
	     i < asked->nshifts && asked->shifts[i].person == person; i++) {
		const struct stand_in_shift *shift = &asked->shifts[i];

		if (overlaps(shift->start, shift->end, asked->time.start - STAND_IN_REST_SECONDS,
			asked->time.end + STAND_IN_REST_SECONDS))
			return false;
		if (overlaps(shift->start, shift->end, around.start, around.end))
			*VEC_PUSH(arena, &on) = (struct span_time){
			    shift->start > around.start ? shift->start : around.start,
			    shift->end < around.end ? shift->end : around.end};
	}
	*seconds = span_total(span_normalise(arena, on.items, on.count));
	return true;
}

struct found {
	struct stand_in stand_in;
	const char *name;
};

static int
by_rank(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	int order;

	if (a->stand_in.own != b->stand_in.own)
		return a->stand_in.own ? -1 : 1;
	if (a->stand_in.seconds != b->stand_in.seconds)
		return a->stand_in.seconds < b->stand_in.seconds ? -1 : 1;
	order = strcmp(a->name, b->name);
	if (order != 0)
		return order;
	return (a->stand_in.person > b->stand_in.person) -
	       (a->stand_in.person < b->stand_in.person);
}

struct stand_ins
stand_in_find(struct arena *arena, const struct stand_in_asked *asked)
{
	struct found *found = arena_array(arena, asked->npeople + 1, sizeof *found);
	struct stand_in *items = arena_array(arena, asked->npeople + 1, sizeof *items);
	size_t count = 0;

	for (size_t i = 0; i < asked->npeople; i++) {
		const struct stand_in_person *person = &asked->people[i];
		int64_t seconds = 0;

		if ((!person->private_leave && is_away(asked, person->person)) ||
		    !is_rested(arena, asked, person->person, &seconds))
			continue;
		found[count++] =
		    (struct found){{person->person, person->own, seconds}, person->name};
	}
	if (count > 1)
		qsort(found, count, sizeof *found, by_rank);
	for (size_t i = 0; i < count; i++)
		items[i] = found[i].stand_in;
	return (struct stand_ins){items, count};
}
