/* SPDX-License-Identifier: MIT */
#include "server/model/approval.h"

#include <stdlib.h>

#include "server/base/instant.h"
#include "server/base/vec.h"
#include "server/model/hours.h"

static bool
is_approver(const struct region_requirement *requirement, uint32_t organisation)
{
	for (uint32_t i = 0; i < requirement->approvers.count; i++)
		if (requirement->approvers.items[i] == organisation)
			return true;
	/* A requirement that lists no approvers takes an approval by anybody. */
	return requirement->approvers.count == 0;
}

/* How many approvals of the function the person has, no matter by whom. */
static uint32_t
count_of(const struct region_person *person, uint32_t function)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < person->napprovals; i++)
		count += person->approvals[i].function == function;
	return count;
}

/* An approval is given for one function by one organisation, and counts only where that
 * organisation may give it. */
static bool
applies(const struct region_requirement *requirement, const struct region_approval *approval)
{
	return approval->function == requirement->function &&
	       is_approver(requirement, approval->organisation);
}

/* If nothing requires an approval, the sweep need not search for one. */
bool
approval_matters(const struct region *region, uint32_t demand)
{
	const struct region_requirement *requirement =
	    &region->requirements[region->demands[demand].requirement];

	return requirement->role == REGION_ROLE_REQUIRED &&
	       (requirement->approvers.count > 0 ||
		   region->functions[requirement->function].approved);
}

/* Days become instants at local midnight, so that an approval that ends on a day ends with that
 * day. */
struct span_times
approval_times(struct arena *arena, const struct approval_wanted *wanted, uint32_t index)
{
	const struct region_requirement *requirement = wanted->requirement;
	const struct region_person *person = region_person(wanted->region, index);
	struct span_time *times = arena_array(arena, person->napprovals + 1, sizeof *times);
	size_t n = 0;

	/* Nothing is known of this person's approvals, and the requirement names no approver: the
	 * role alone counts. */
	if (requirement->approvers.count == 0 && count_of(person, requirement->function) == 0) {
		times[n++] = REGION_ALWAYS;
		return (struct span_times){times, n};
	}
	for (uint32_t i = 0; i < person->napprovals; i++)
		if (applies(requirement, &person->approvals[i]))
			times[n++] = region_instants(wanted->zone, person->approvals[i].life);
	return span_normalise(arena, times, n);
}

/* As approval_times(), for one instant and without a list: lookups ask it for each person on
 * duty. */
bool
approval_has(const struct approval_wanted *wanted, uint32_t index, int64_t instant)
{
	const struct region_requirement *requirement = wanted->requirement;
	const struct region_person *person = region_person(wanted->region, index);

	if (requirement->approvers.count == 0 && count_of(person, requirement->function) == 0)
		return true;
	for (uint32_t i = 0; i < person->napprovals; i++)
		if (applies(requirement, &person->approvals[i]) &&
		    span_has(region_instants(wanted->zone, person->approvals[i].life), instant))
			return true;
	return false;
}

/* A second without an approval is enough to rule the person out for the whole time. */
bool
approval_covers(struct arena *arena, const struct approval_wanted *wanted, uint32_t person,
    struct span_time time)
{
	struct span_times approved = approval_times(arena, wanted, person);

	return span_subtract(arena, (struct span_times){&time, 1}, approved).count == 0;
}

/* Only of people who hold the function: the others do not count anyway. */
struct person_times
approval_missing(struct arena *arena, const struct approval_wanted *wanted, const bool *people)
{
	static const struct span_time always = {INSTANT_BEGINNING, INSTANT_END};
	const struct region *region = wanted->region;
	VEC(struct person_time) missing = {0};

	for (uint32_t i = 0; i < region->npeople; i++) {
		struct span_times times;

		if (!people[i] || !region_holds(region, i, wanted->requirement->function))
			continue;
		times = span_subtract(
		    arena, (struct span_times){&always, 1}, approval_times(arena, wanted, i));
		for (size_t j = 0; j < times.count; j++)
			*VEC_PUSH(arena, &missing) =
			    (struct person_time){i, times.items[j].start, times.items[j].end};
	}
	return (struct person_times){missing.items, missing.count};
}

/* Whether another approval of the same kind continues where this one ends: then nothing ends for
 * the person. */
static bool
goes_on(const struct region_person *person, const struct region_approval *ended)
{
	for (uint32_t i = 0; i < person->napprovals; i++) {
		const struct region_approval *other = &person->approvals[i];

		if (other->function == ended->function &&
		    other->organisation == ended->organisation &&
		    span_has(other->life, ended->life.end))
			return true;
	}
	return false;
}

/* Ordered by person where the end is the same, so that the order is the same each time. */
static int
by_end(const void *left, const void *right)
{
	const struct approval_end *a = left, *b = right;

	if (a->approval->life.end != b->approval->life.end)
		return a->approval->life.end < b->approval->life.end ? -1 : 1;
	return (a->person > b->person) - (a->person < b->person);
}

struct approval_ends
approval_ending(struct arena *arena, const struct region *region, struct span_time days)
{
	VEC(struct approval_end) ends = {0};

	for (uint32_t i = 0; i < region->npeople; i++)
		for (uint32_t j = 0; j < region_person(region, i)->napprovals; j++) {
			const struct region_approval *approval =
			    &region_person(region, i)->approvals[j];

			if (span_has(days, approval->life.end) &&
			    !goes_on(region_person(region, i), approval))
				*VEC_PUSH(arena, &ends) = (struct approval_end){i, approval};
		}
	if (ends.count > 1)
		qsort(ends.items, ends.count, sizeof *ends.items, by_end);
	return (struct approval_ends){ends.items, ends.count};
}
