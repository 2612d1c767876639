/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "calendars/rule.h"
#include "calendars/zones.h"
#include "server/base/civil.h"

/*
 * Expands a VTIMEZONE (RFC 5545 3.6.5). Each STANDARD and DAYLIGHT has onsets, in the wall clock of
 * the offset that was in force before; from each onset on, its own offset is in force.
 */

#define STEPS_MAX                                                                                  \
	20000 /* enough for zones that begin in the year 1, as some programs write them            \
	       */
#define OFFSET_MAX (14 * 3600)
#define YEAR_SECONDS ((int64_t)366 * 86400)

/* An instant at which an offset begins, with the one that was in force before it. */
struct onset {
	int64_t utc;
	int32_t before, after;
};

struct expansion {
	struct arena *arena;
	int64_t until;
	VEC(struct onset) onsets;
	const char *why;
};

static bool
local_of(struct icaltimetype time, int64_t *local)
{
	struct civil c = {time.year, time.month, time.day, time.hour, time.minute, time.second};

	if (!civil_valid(&c))
		return false;
	*local = civil_seconds(&c);
	return true;
}

static void
add_onset(struct expansion *x, int64_t utc, int32_t before, int32_t after)
{
	if (x->onsets.count == STEPS_MAX)
		x->why = "it has too many changes";
	else
		*VEC_PUSH(x->arena, &x->onsets) = (struct onset){utc, before, after};
}

static void
add_rule(struct expansion *x, const char *text, int64_t start, int32_t before, int32_t after)
{
	struct rule rule;
	struct rule_walk walk;
	const char *why;
	int64_t local;
	/* A year past the window: an event that begins in it may end after it. */
	int64_t last = x->until + YEAR_SECONDS;

	if (rule_parse(x->arena, slice_of(text), &rule, &why) != FAULT_NONE) {
		x->why = "its rule cannot be read";
		return;
	}
	/* Each change is a step to keep, and no clock on earth changes by a monthly rule. */
	if (rule.freq != RULE_YEARLY) {
		x->why = "it changes more often than yearly";
		return;
	}
	/* RFC 5545 3.3.10 wants UNTIL in UTC here. The rule walks the wall clock of the offset
	 * before the onset, so UNTIL is moved to that clock. */
	if (rule.until_kind == RULE_UNTIL_UTC && rule.until + before < last)
		last = rule.until + before;
	else if (rule.until_kind == RULE_UNTIL_LOCAL && rule.until < last)
		last = rule.until;
	else if (rule.until_kind == RULE_UNTIL_DATE && rule.until + 86399 < last)
		last = rule.until + 86399;
	rule_walk_init(&walk, &rule, start, start, false);
	while (x->why == NULL && rule_walk_next(&walk, last, &local))
		add_onset(x, local - before, before, after);
}

static void
add_dates(struct expansion *x, icalcomponent *part, int32_t before, int32_t after)
{
	icalproperty *p;

	for (p = icalcomponent_get_first_property(part, ICAL_RDATE_PROPERTY); p != NULL;
	     p = icalcomponent_get_next_property(part, ICAL_RDATE_PROPERTY)) {
		struct icaltimetype time = icalproperty_get_rdate(p).time;
		int64_t local;

		if (!local_of(time, &local))
			x->why = "its dates cannot be read";
		else
			/* RFC 5545 3.6.5 wants local times here; some programs write Z. */
			add_onset(x, icaltime_is_utc(time) ? local : local - before, before, after);
	}
}

static void
add_part(struct expansion *x, icalcomponent *part, const struct scan_part *scanned)
{
	icalproperty *from = icalcomponent_get_first_property(part, ICAL_TZOFFSETFROM_PROPERTY);
	icalproperty *to = icalcomponent_get_first_property(part, ICAL_TZOFFSETTO_PROPERTY);
	icalproperty *start = icalcomponent_get_first_property(part, ICAL_DTSTART_PROPERTY);
	int64_t local;
	int32_t before;
	int32_t after;

	if (scanned->fault != FAULT_NONE || from == NULL || to == NULL || start == NULL ||
	    !local_of(icalproperty_get_dtstart(start), &local)) {
		x->why = "a part of it lacks its start or its offsets";
		return;
	}
	/* The scan has checked the form of both. */
	before = icalproperty_get_tzoffsetfrom(from);
	after = icalproperty_get_tzoffsetto(to);
	if (abs(before) > OFFSET_MAX || abs(after) > OFFSET_MAX) {
		x->why = "an offset is beyond 14 hours";
		return;
	}
	/* DTSTART of a part is its first onset, also if the rule does not fit it. */
	add_onset(x, local - before, before, after);
	add_dates(x, part, before, after);
	for (size_t i = 0; i < scanned->rules.count && x->why == NULL; i++)
		add_rule(x, scanned->rules.items[i], local, before, after);
}

static int
compare_onsets(const void *a, const void *b)
{
	const struct onset *left = a;
	const struct onset *right = b;

	return (left->utc > right->utc) - (left->utc < right->utc);
}

static const struct zone *
make_zone(struct expansion *x, const char *name)
{
	struct zone_step *steps = arena_array(x->arena, x->onsets.count, sizeof *steps);
	size_t count = 0;

	qsort(x->onsets.items, x->onsets.count, sizeof *x->onsets.items, compare_onsets);
	for (size_t i = 0; i < x->onsets.count; i++) {
		const struct onset *onset = &x->onsets.items[i];

		if (count > 0 && steps[count - 1].utc == onset->utc)
			count--; /* two parts define the same change */
		steps[count++] = (struct zone_step){onset->utc, onset->after};
	}
	/* Before the first onset the offset is the one from which it changes. */
	return zone_of_steps(x->arena, name, x->onsets.items[0].before, steps, count);
}

const struct zone *
zones_expand(struct arena *arena, const struct zone_own *own, int64_t until, const char **why)
{
	struct expansion x = {.arena = arena, .until = until};
	icalcomponent *part;
	size_t n = 0;

	for (part = icalcomponent_get_first_component(own->component, ICAL_ANY_COMPONENT);
	     /* The scan kept rules and faults of each part in the order of the file, which libical
	      * keeps too. */
	     part != NULL && x.why == NULL;
	     part = icalcomponent_get_next_component(own->component, ICAL_ANY_COMPONENT))
		add_part(&x, part, &own->parts[n++]);
	if (x.why == NULL && x.onsets.count == 0)
		x.why = "it has no offsets";
	*why = x.why;
	return x.why == NULL ? make_zone(&x, own->tzid) : NULL;
}
