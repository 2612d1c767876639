/* SPDX-License-Identifier: MIT */
#include "server/model/stand_in.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"

/* Shifts of any rota count, and undecided ones of the person as well. */
unsigned
stand_in_against(const struct stand_in_asked *asked, const struct stand_in_person *person)
{
	struct span_time rest = {
	    asked->time.start - STAND_IN_REST_SECONDS, asked->time.end + STAND_IN_REST_SECONDS};
	struct person_times shifts = person_times_of(asked->shifts, person->person);
	unsigned against = 0;

	if (!person->private_leave &&
	    person_times_overlap(asked->absences, person->person, asked->time))
		against |= STAND_IN_AWAY;
	for (size_t i = 0; i < shifts.count; i++) {
		struct span_time shift = {shifts.items[i].start, shifts.items[i].end};

		if (span_overlap(shift, asked->time))
			against |= STAND_IN_ON;
		else if (span_overlap(shift, rest))
			against |= STAND_IN_UNRESTED;
	}
	return against;
}

/* The time on duty in the weeks around. Shifts on two rotas at once are one time, so they are joined
 * before they are added up. */
static int64_t
seconds_on(struct arena *arena, const struct stand_in_asked *asked, uint32_t person)
{
	struct span_time around = {
	    asked->time.start - STAND_IN_SPREAD_SECONDS, asked->time.end + STAND_IN_SPREAD_SECONDS};
	struct person_times shifts = person_times_of(asked->shifts, person);
	VEC(struct span_time) on = {0};

	for (size_t i = 0; i < shifts.count; i++) {
		struct span_time shift = {shifts.items[i].start, shifts.items[i].end};

		if (span_overlap(shift, around))
			*VEC_PUSH(arena, &on) = span_clip(shift, around);
	}
	return span_total(span_normalise(arena, on.items, on.count));
}

struct found {
	struct stand_in stand_in;
	const char *name;
};

/* The last comparison gives two people of one name the same order each time. */
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

/* Suggestions, no decisions. A person whose leave the asker may not learn of is judged by shifts
 * alone, so that the list says nothing about leave. */
struct stand_ins
stand_in_find(struct arena *arena, const struct stand_in_asked *asked)
{
	struct found *found = arena_array(arena, asked->npeople + 1, sizeof *found);
	struct stand_in *items = arena_array(arena, asked->npeople + 1, sizeof *items);
	size_t count = 0;

	for (size_t i = 0; i < asked->npeople; i++) {
		const struct stand_in_person *person = &asked->people[i];

		if (stand_in_against(asked, person) != 0)
			continue;
		found[count++] = (struct found){
		    {person->person, person->own, seconds_on(arena, asked, person->person)},
		    person->name};
	}
	if (count > 1)
		qsort(found, count, sizeof *found, by_rank);
	for (size_t i = 0; i < count; i++)
		items[i] = found[i].stand_in;
	return (struct stand_ins){items, count};
}
