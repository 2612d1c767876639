/* SPDX-License-Identifier: MIT */
#include "calendars/series_instance.h"

#include "server/base/civil.h"
#include "server/base/instant.h"

#define DAY ((int64_t)86400)
#define OCCURRENCES_MAX 200000

static void
refuse(struct series *series, enum fault fault, const struct event *event, int limit)
{
	fault_note(series->faults, fault, FAULT_EVENT(event->uid, event->line),
	    arena_printf(series->arena, "%d", limit), NULL);
}

static void
tell_zero(struct series_set *set, const struct event *event)
{
	if (!set->zero_told && event->status != EVENT_CANCELLED)
		fault_note(set->series->faults, FAULT_ZERO_LENGTH,
		    FAULT_EVENT(event->uid, event->line), NULL, NULL);
	set->zero_told = true;
}

/* A rule at 01:30 meets the spring gap once a year, in every year of the window: one finding a
 * series says it. */
static void
tell_gap(struct series_set *set, const struct event *event, int64_t local)
{
	struct civil c = civil_of(local);

	if (!set->gap_told)
		fault_note(set->series->faults, FAULT_IN_GAP, FAULT_EVENT(event->uid, event->line),
		    arena_printf(set->series->arena, "%02d:%02d on %02d/%02d/%04d", c.hour,
			c.minute, c.day, c.month, c.year),
		    NULL);
	set->gap_told = true;
}

static bool
is_in_window(const struct reading_options *options, const struct instance *instance)
{
	/* A shift code may make an all-day event last into the next day. */
	bool reaches_on = options->nshift_codes > 0 && instance->event->start.kind == WHEN_DATE;

	return instance->start < options->until &&
	       instance->end + (reaches_on ? DAY : 0) > options->from;
}

static void
add(struct series *series, struct instance instance)
{
	const struct event *event = instance.event;

	/* Instances are cut at the window here and not in the rule, since a change may move one in
	 * or out. */
	if (!is_in_window(series->options, &instance))
		return;
	if (series->instances.count == OCCURRENCES_MAX) {
		refuse(series, FAULT_TOO_MANY_OCCURRENCES, event, OCCURRENCES_MAX);
		return;
	}
	if (!instance.excluded)
		instance.doubt =
		    instance.doubt || event->superseded || event->two_titles || event->ended;
	*VEC_PUSH(series->arena, &series->instances) = instance;
}

/* The instant that the clock of ${name}'s summer zone shows as ${at} shows in its own. */
static int64_t
by_summer(const struct zone_found *name, int64_t at)
{
	return zone_instant(name->summer, zone_local(name->zone, at), NULL);
}

/* Whether ${instance} begins or ends while its zone's summer time is in doubt ("GMT" in July).
 * ${other} is then the instance by the other clock. */
static bool
is_doubtful_summer(const struct instance *instance, struct instance *other)
{
	const struct event *event = instance->event;
	const struct zone_found *unsure = event->unsure;

	if (unsure == NULL || instance->excluded)
		return false;
	*other = *instance;
	/* The doubt may be about the end alone: a DTEND with TZID=GMT beside a start in
	 * Europe/London. */
	if (event->start.zone == unsure->zone)
		other->start = by_summer(unsure, instance->start);
	other->end = by_summer(unsure, instance->end);
	return other->start != instance->start || other->end != instance->end;
}

static void
ask_summer(struct series *series, const struct event *event)
{
	/* Once for an event, however many of its shifts are in the summer. */
	if (!series->asked[event->order]) {
		questions_zone(series->questions, event->unsure->name);
		fault_note(series->faults, FAULT_ZONE_SUMMER, FAULT_EVENT(event->uid, event->line),
		    event->unsure->name, NULL);
	}
	series->asked[event->order] = true;
}

/* Adds an instance. If its clock is in doubt, adds both readings, both undecided. */
static void
push(struct series_set *set, struct instance instance)
{
	const struct reading_options *options = set->series->options;
	struct instance other;

	if (is_doubtful_summer(&instance, &other) &&
	    (is_in_window(options, &instance) || is_in_window(options, &other))) {
		ask_summer(set->series, instance.event);
		instance.doubt = other.doubt = true;
		/* By the other clock the shift may be empty, if only its end was in doubt. */
		if (other.start < other.end)
			add(set->series, other);
	}
	add(set->series, instance);
}

/* Adds an all-day event. The rota says what it means: midnight to midnight, some hours of each day,
 * or a number of days. */
static void
push_all_day(struct series_set *set, struct instance instance, const struct zone *zone,
    int64_t local, int64_t wall)
{
	const struct reading_options *options = set->series->options;
	int64_t hours = (int64_t)options->all_day_hours * 3600;
	/* An all-day event lasts whole days by now: event.c has seen to it. */
	int64_t days = wall / DAY;

	if (!options->all_day_rule) {
		push(set, instance);
		return;
	}
	local += options->all_day_start;
	/* Days on end ("on call from 08:00 for a week") are one shift: nobody hands over within
	 * it. */
	if (hours >= DAY) {
		instance.start = zone_instant(zone, local, NULL);
		instance.end = zone_instant(zone, local + (days - 1) * DAY + hours, NULL);
		push(set, instance);
		return;
	}
	for (int64_t day = 0; day < days; day++) {
		instance.start = zone_instant(zone, local + day * DAY, NULL);
		instance.end = zone_instant(zone, local + day * DAY + hours, NULL);
		instance.part = (uint32_t)day;
		push(set, instance);
	}
}

/* Adds an event without a length that is at midnight, as that day. occurrences.c drops it if its
 * title does not say leave. */
static bool
push_day_of(struct series_set *set, struct instance instance)
{
	const struct zone *zone = instance.event->start.kind == WHEN_UTC
				      ? set->series->options->zone
				      : instance.event->start.zone;
	int64_t local = zone_local(zone, instance.start);

	if (instance.event->start.kind == WHEN_DATE || local % DAY != 0)
		return false;
	instance.end = zone_instant(zone, local + DAY, NULL);
	instance.no_length = true;
	push(set, instance);
	return true;
}

void
series_instance_add(struct series_set *set, const struct event *event, const struct zone *zone,
    const struct place *place, int64_t recurrence)
{
	const struct reading_options *options = set->series->options;
	enum zone_fit start_fit;
	enum zone_fit end_fit;
	int64_t end_local = place->local + place->lasting.wall;
	struct instance instance = {.event = event,
	    .recurrence = recurrence,
	    /* From doubt_from on a THISANDFUTURE change that was not understood may have moved
	     * every shift. */
	    .doubt = place->doubt || place->instant >= set->doubt_from,
	    .excluded = place->excluded};

	instance.start = zone_instant(zone, place->local, &start_fit);
	instance.end = zone_instant(zone, end_local, &end_fit) + place->lasting.exact;
	/* DTEND is in a zone of its own, so the end at DTSTART is known to the second; later ends
	 * follow the wall clock. */
	if (place->first && place->lasting.exact == 0)
		instance.end = event->first_end;
	/* Without a length it never was an occurrence, so there is nothing to cancel. */
	if (instance.end <= instance.start && instance.excluded)
		return;
	if (instance.end == instance.start && push_day_of(set, instance))
		return;
	if (instance.end <= instance.start) {
		tell_zero(set, event);
		if (start_fit == ZONE_IN_GAP)
			tell_gap(set, event, place->local);
		return;
	}
	if (event->start.kind == WHEN_DATE) {
		push_all_day(set, instance, zone, place->local, place->lasting.wall);
		return;
	}
	/* Told for shifts of the window only: a series from 2009 has met many gaps. */
	if (!instance.excluded && instance.start < options->until && instance.end > options->from) {
		if (start_fit == ZONE_IN_GAP)
			tell_gap(set, event, place->local);
		else if (end_fit == ZONE_IN_GAP && place->lasting.exact == 0)
			tell_gap(set, event, end_local);
	}
	push(set, instance);
}
