/* SPDX-License-Identifier: MIT */
#include "server/map/duty.h"

#include "server/base/vec.h"

/* An absence removes the person, whichever rota or calendar it is in. A team line is not a person
 * and cannot be away. */
bool
duty_at(const struct snapshot *map, const struct kept_shift *shift, int64_t instant)
{
	if (!cover_counts(shift))
		return false;
	return shift->class == KEPT_TEAM || !snapshot_away(map, shift->person, instant);
}

/* The absences of ${person} that overlap ${time}. Two calendars may give the same leave twice or
 * with other hours, so the times are normalised. */
static struct span_times
away(struct arena *arena, const struct snapshot *map, uint32_t person, struct span_time time)
{
	struct person_times absences = person_times_of(snapshot_absences(map), person);
	VEC(struct span_time) found = {0};

	for (size_t i = 0; i < absences.count; i++) {
		struct span_time away = {absences.items[i].start, absences.items[i].end};

		if (span_overlap(away, time))
			*VEC_PUSH(arena, &found) = away;
	}
	return span_normalise(arena, found.items, found.count);
}

struct span_times
duty_in(struct arena *arena, const struct snapshot *map, const struct kept_shift *shift,
    struct span_time time)
{
	struct span_time *whole = arena_alloc(arena, sizeof *whole);

	*whole = time;
	/* span_subtract() wants a normalised list, which has no empty time. */
	if (!cover_counts(shift) || time.start >= time.end)
		return (struct span_times){0};
	if (shift->class == KEPT_TEAM)
		return (struct span_times){whole, 1};
	return span_subtract(
	    arena, (struct span_times){whole, 1}, away(arena, map, shift->person, time));
}

/* Nobody has checked the roles of the people who share a team line: who staffs it is up to its
 * service. */
bool
duty_holds(const struct region *region, const struct kept_shift *shift, uint32_t function)
{
	return shift->class == KEPT_TEAM || region_holds(region, shift->person, function);
}
