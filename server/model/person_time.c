/* SPDX-License-Identifier: MIT */
#include "server/model/person_time.h"

#include <stdlib.h>

#include "server/base/sorted.h"

/* By all three members: qsort() is not stable, and the same rows must always give the same map. */
static int
by_person(const void *left, const void *right)
{
	const struct person_time *a = left, *b = right;

	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->end > b->end) - (a->end < b->end);
}

void
person_times_sort(struct person_time *items, size_t count)
{
	if (count > 1)
		qsort(items, count, sizeof *items, by_person);
}

static bool
is_before(const void *item, const void *person)
{
	const struct person_time *time = item;

	return time->person < *(const uint32_t *)person;
}

/* Sorted by person, so those of one are a slice. */
struct person_times
person_times_of(struct person_times all, uint32_t person)
{
	size_t first = sorted_first(all.items, all.count, sizeof *all.items, is_before, &person);
	size_t end = first;

	while (end < all.count && all.items[end].person == person)
		end++;
	return (struct person_times){first < end ? all.items + first : NULL, end - first};
}

bool
person_times_has(struct person_times all, uint32_t person, int64_t instant)
{
	return person_times_overlap(all, person, (struct span_time){instant, instant + 1});
}

bool
person_times_overlap(struct person_times all, uint32_t person, struct span_time time)
{
	struct person_times of = person_times_of(all, person);

	/* A person's times may overlap each other, so their ends are in no order to search by. */
	for (size_t i = 0; i < of.count; i++)
		if (span_overlap((struct span_time){of.items[i].start, of.items[i].end}, time))
			return true;
	return false;
}
