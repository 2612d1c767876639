/* SPDX-License-Identifier: MIT */
#include "server/base/zone.h"

#include <stdio.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/sorted.h"
#include "server/base/zone_impl.h"

#define DAY 86400

const struct zone *
zone_of_steps(struct arena *arena, const char *name, int32_t initial_offset,
    const struct zone_step *steps, size_t count)
{
	struct zone *zone = arena_alloc(arena, sizeof *zone);
	struct zone_change *changes = arena_array(arena, count, sizeof *changes);

	for (size_t i = 0; i < count; i++)
		/* A VTIMEZONE has names, but they are the calendar's own; texts show the offset in
		 * place of one. */
		changes[i] = (struct zone_change){steps[i].utc, steps[i].offset, ""};
	*zone = (struct zone){.name = arena_strdup(arena, name),
	    .initial_offset = initial_offset,
	    .initial_abbreviation = "",
	    .changes = changes,
	    .nchanges = count};
	return zone;
}

const struct zone *
zone_utc(void)
{
	/* Built in, so that it is there also where no tz database has been read. */
	static const struct zone utc = {.name = "UTC", .initial_abbreviation = "UTC"};

	return &utc;
}

const char *
zone_name(const struct zone *zone)
{
	return zone->name;
}

static bool
is_at_or_before(const void *item, const void *utc)
{
	return ((const struct zone_change *)item)->utc <= *(const int64_t *)utc;
}

/* The last change at or before ${utc}, or NULL. */
static const struct zone_change *
last_change(const struct zone *zone, int64_t utc)
{
	size_t after = sorted_first(
	    zone->changes, zone->nchanges, sizeof *zone->changes, is_at_or_before, &utc);

	return after > 0 ? &zone->changes[after - 1] : NULL;
}

/* Whether the rule says what holds from ${change} on. */
static bool
is_ruled(const struct zone *zone, const struct zone_change *change)
{
	return zone->rule != NULL &&
	       (zone->nchanges == 0 || change == &zone->changes[zone->nchanges - 1]);
}

static int32_t
look_up(const struct zone *zone, int64_t utc, const char **abbreviation)
{
	const struct zone_change *change = last_change(zone, utc);

	if (is_ruled(zone, change)) {
		struct zone_rule_hold hold = zone_rule_at(zone->rule, utc);

		*abbreviation = hold.name;
		return hold.offset;
	}
	*abbreviation = change != NULL ? change->abbreviation : zone->initial_abbreviation;
	return change != NULL ? change->offset : zone->initial_offset;
}

struct zone_steady
zone_steady(const struct zone *zone, int64_t utc)
{
	const struct zone_change *change = last_change(zone, utc);
	const struct zone_change *next = change != NULL ? change + 1 : zone->changes;
	struct zone_steady steady = {
	    .from = change != NULL ? change->utc : INSTANT_BEGINNING,
	    .until = next != zone->changes + zone->nchanges ? next->utc : INSTANT_END,
	    .offset = change != NULL ? change->offset : zone->initial_offset,
	};

	if (is_ruled(zone, change)) {
		struct zone_rule_hold hold = zone_rule_at(zone->rule, utc);

		/* The rule begins with the last change; before it, what the rule would say does not
		 * hold. */
		steady.from = hold.from > steady.from ? hold.from : steady.from;
		steady.until = hold.until;
		steady.offset = hold.offset;
	}
	return steady;
}

int32_t
zone_offset(const struct zone *zone, int64_t utc)
{
	const char *abbreviation;

	return look_up(zone, utc, &abbreviation);
}

const char *
zone_abbreviation(const struct zone *zone, int64_t utc)
{
	const char *abbreviation;

	look_up(zone, utc, &abbreviation);
	return abbreviation;
}

int64_t
zone_local(const struct zone *zone, int64_t utc)
{
	return utc + zone_offset(zone, utc);
}

static bool
gives(const struct zone *zone, int64_t utc, int64_t local)
{
	return zone_local(zone, utc) == local;
}

/* Both offsets of the day round ${local} agree: no change is near, or two that undo each other. */
static int64_t
instant_by(const struct zone *zone, int64_t local, int32_t offset, enum zone_fit *fit)
{
	int64_t utc = local - offset;
	int64_t other;

	*fit = ZONE_EXACT;
	if (gives(zone, utc, local))
		return utc;
	/* Two changes within a day: the offset between them may be the one that fits. */
	other = local - zone_offset(zone, utc);
	if (gives(zone, other, local))
		return other;
	*fit = ZONE_IN_GAP;
	return utc;
}

/*
 * No offset is more than a day, so the wall clock ${local} was or will be shown under the offset of
 * a day before or of a day after it, read as if it were an instant. Which of the two fit decides
 * between gap and fold.
 */
int64_t
zone_instant(const struct zone *zone, int64_t local, enum zone_fit *fit)
{
	int32_t before = zone_offset(zone, local - DAY);
	int32_t after = zone_offset(zone, local + DAY);
	int64_t early = local - before;
	int64_t late = local - after;
	enum zone_fit unwanted;

	if (fit == NULL)
		fit = &unwanted;
	/* No change within two days, the case of nearly all times. */
	if (before == after)
		return instant_by(zone, local, before, fit);
	*fit = ZONE_EXACT;
	/* An offset fits if the instant that it gives shows ${local} again. If both fit, the clock
	 * shows this time twice; if none does, it skips it. */
	if (gives(zone, early, local)) {
		if (!gives(zone, late, local))
			return early;
		*fit = ZONE_IN_FOLD;
		/* Both instants show this clock; the first of them is meant (RFC 5545 3.3.5). */
		return early < late ? early : late;
	}
	if (gives(zone, late, local))
		return late;
	*fit = ZONE_IN_GAP;
	return early;
}

void
zone_text(const struct zone *zone, int64_t utc, char out[ZONE_TEXT_MAX])
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {
	    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	const char *abbreviation;
	int32_t offset = look_up(zone, utc, &abbreviation);
	struct civil c = civil_of(utc + offset);
	int weekday = civil_weekday(civil_days(c.year, c.month, c.day));
	int minutes = (offset < 0 ? -offset : offset) / 60;
	char made[16];

	/* A zone of a calendar has no abbreviation. */
	if (*abbreviation == '\0') {
		snprintf(made, sizeof made, "UTC%c%02d:%02d", offset < 0 ? '-' : '+',
		    minutes / 60 % 100, minutes % 60);
		abbreviation = made;
	}
	snprintf(out, ZONE_TEXT_MAX, "%s %02d %s %04d %02d:%02d %.15s", days[weekday], c.day,
	    months[c.month - 1], c.year % 10000, c.hour, c.minute, abbreviation);
}
