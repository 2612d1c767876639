/* SPDX-License-Identifier: MIT */
#include "server/model/fairness.h"

#include "server/base/civil.h"
#include "server/base/vec.h"

enum { SATURDAY = 5, WEEKEND_DAYS = 2 };

/* From a second of one local day to a second of another, as instants. A wall clock that is skipped or comes twice
 * is taken as zone_instant() does; none of those asked about here is either in the zones that there are. */
static struct span_time
local_span(const struct zone *zone, int64_t day, int64_t from, int64_t length)
{
	int64_t local = day * CIVIL_DAY_SECONDS + from;

	return (struct span_time){
	    zone_instant(zone, local, NULL), zone_instant(zone, local + length, NULL)};
}

static int64_t
seconds_in(struct arena *arena, struct span_times on, struct span_time time)
{
	return span_total(span_intersect(arena, on, (struct span_times){&time, 1}));
}

static void
count_day(struct arena *arena, const struct fairness_asked *asked, struct span_times on,
    int64_t day, struct fairness *out)
{
	struct span_time night = local_span(asked->zone, day, FAIRNESS_NIGHT_FROM,
	    CIVIL_DAY_SECONDS - FAIRNESS_NIGHT_FROM + FAIRNESS_NIGHT_TO);
	struct span_time whole = local_span(asked->zone, day, 0, CIVIL_DAY_SECONDS);
	struct span_time weekend =
	    local_span(asked->zone, day, 0, WEEKEND_DAYS * CIVIL_DAY_SECONDS);

	out->nights += seconds_in(arena, on, night) >= FAIRNESS_NIGHT_LEAST_SECONDS;
	if (civil_weekday(day) == SATURDAY)
		out->weekends += seconds_in(arena, on, weekend) > 0;
	if (holidays_has(asked->holidays, day))
		out->bank_holidays += seconds_in(arena, on, whole) > 0;
}

struct fairness
fairness_of(struct arena *arena, const struct fairness_asked *asked, uint32_t person)
{
	struct person_times shifts = person_times_of(asked->shifts, person);
	VEC(struct span_time) found = {0};
	struct fairness out = {0};
	struct span_times on;
	int64_t first, last;

	for (size_t i = 0; i < shifts.count; i++) {
		struct span_time shift = {shifts.items[i].start, shifts.items[i].end};

		if (span_overlap(shift, asked->window))
			*VEC_PUSH(arena, &found) = span_clip(shift, asked->window);
	}
	on = span_normalise(arena, found.items, found.count);
	if (on.count == 0)
		return out;
	out.seconds = span_total(on);
	/* From the day before: its night, or its weekend, may run into the first. */
	first = civil_day_of(zone_local(asked->zone, on.items[0].start)) - 1;
	last = civil_day_of(zone_local(asked->zone, on.items[on.count - 1].end));
	for (int64_t day = first; day <= last; day++)
		count_day(arena, asked, on, day, &out);
	return out;
}
