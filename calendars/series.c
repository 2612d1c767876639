/* SPDX-License-Identifier: MIT */
#include "calendars/series.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/series_set.h"
#include "calendars/version_mark.h"
#include "calendars/versions.h"
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

	if (!is_in_window(series->options, &instance))
		return;
	if (series->instances.count == OCCURRENCES_MAX) {
		refuse(series, FAULT_TOO_MANY_OCCURRENCES, event, OCCURRENCES_MAX);
		return;
	}
	if (!instance.excluded)
		instance.doubt = instance.doubt || event->superseded || event->two_titles;
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
	if (event->start.zone == unsure->zone)
		other->start = by_summer(unsure, instance->start);
	other->end = by_summer(unsure, instance->end);
	return other->start != instance->start || other->end != instance->end;
}

static void
ask_summer(struct series *series, const struct event *event)
{
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
	int64_t days = wall / DAY;

	if (!options->all_day_rule) {
		push(set, instance);
		return;
	}
	local += options->all_day_start;
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

static void
tell_missed(struct series_set *set, const struct place *place)
{
	const struct event *master = set->master;
	struct civil c = civil_of(place->local);

	if (set->missed_told || place->instant < set->series->options->from ||
	    place->instant >= set->series->options->until)
		return;
	fault_note(set->series->faults, FAULT_CHANGE_MISSES, FAULT_EVENT(master->uid, master->line),
	    arena_printf(set->series->arena, "%02d/%02d/%04d", c.day, c.month, c.year), NULL);
	set->missed_told = true;
}

/* Adds ${event} at the wall clock of ${place} in ${zone}. */
static void
emit(struct series_set *set, const struct event *event, const struct zone *zone,
    const struct place *place, int64_t recurrence)
{
	const struct reading_options *options = set->series->options;
	enum zone_fit start_fit;
	enum zone_fit end_fit;
	int64_t end_local = place->local + place->lasting.wall;
	struct instance instance = {.event = event,
	    .recurrence = recurrence,
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
	if (!instance.excluded && instance.start < options->until && instance.end > options->from) {
		if (start_fit == ZONE_IN_GAP)
			tell_gap(set, event, place->local);
		else if (end_fit == ZONE_IN_GAP && place->lasting.exact == 0)
			tell_gap(set, event, end_local);
	}
	push(set, instance);
}

static void
emit_place(struct series_set *set, const struct place *place)
{
	int64_t recurrence = set->repeats ? place->instant : INSTANT_NONE;
	struct place moved = *place;
	const struct event *change;
	int64_t by;

	enum place_fate fate = series_set_fate(set, place);

	if (place->instant >= set->ends || fate == PLACE_CHANGED)
		return;
	moved.excluded = fate == PLACE_EXCLUDED;
	if (place->doubt && !moved.excluded)
		tell_missed(set, place);
	change = series_set_shift(set, place->instant, &by);
	if (change == NULL) {
		emit(set, set->master, set->zone, &moved, recurrence);
		return;
	}
	moved.local += by;
	moved.lasting = change->lasting;
	moved.first = false;
	emit(set, change, set->zone, &moved, recurrence);
}

static void
expand_master(
    struct series *series, const struct event *master, struct event *const *overrides, size_t count)
{
	struct series_set set = {.series = series,
	    .master = master,
	    .zone = master->start.zone,
	    .repeats = master->rules.count > 0 || master->rdates.count > 0};
	const struct place *place;

	if (set.repeats && master->start.kind == WHEN_UTC && master->rules.count > 0 &&
	    series->options->zone != zone_utc())
		fault_note(series->faults, FAULT_UTC_RULE, FAULT_EVENT(master->uid, master->line),
		    NULL, NULL);
	series_set_make(&set, overrides, count);
	VEC_EACH (place, &set.places)
		emit_place(&set, place);
}

static void
expand_override(struct series *series, const struct event *event)
{
	struct series_set set = {.series = series,
	    .master = event,
	    .zone = event->start.zone,
	    .ends = INSTANT_END,
	    .doubt_from = INSTANT_END};
	struct place place = {
	    .local = event->start.local, .lasting = event->lasting, .first = true};

	emit(&set, event, set.zone, &place, when_instant(&event->recurrence, NULL));
}

/* Whether one of ${overrides} does not say which shifts it changes: it has no RECURRENCE-ID, or it
 * changes all earlier shifts (THISANDPRIOR), which is not supported. */
static bool
is_untrusted(struct event *const *overrides, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (overrides[i]->recurrence.kind == WHEN_NONE ||
		    (overrides[i]->scanned != NULL && overrides[i]->scanned->fault == FAULT_RANGE))
			return true;
	}
	return false;
}

static void
mark_versions(struct series *series, struct event *const *events, size_t count)
{
	for (size_t i = 0; i < count && series->options->kind == READING_ICALENDAR; i++) {
		if (!events[i]->unreadable)
			*VEC_PUSH(series->arena, &series->versions) = version_mark(events[i]);
	}
}

/* Adds each changed shift as itself. A change that continues the series with a rule of its own is
 * expanded as a series, with the other changes applied to it. */
static void
expand_overrides(struct series *series, struct event **overrides, size_t count)
{
	struct event *successor =
	    is_untrusted(overrides, count) ? NULL : series_set_successor(overrides, count);
	struct event **others = arena_array(series->arena, count, sizeof *others);
	size_t nothers = 0;

	for (size_t i = 0; i < count; i++) {
		if (overrides[i] != successor && !overrides[i]->this_and_future)
			others[nothers++] = overrides[i];
		if (overrides[i] != successor && !overrides[i]->unreadable)
			expand_override(series, overrides[i]);
	}
	if (successor != NULL)
		expand_master(series, successor, others, nothers);
}

/* Expands all events of one UID. */
static void
expand_group(struct series *series, struct event **events, size_t count)
{
	struct versions versions;

	versions_choose(&versions, series->arena, series->faults, events, count);
	mark_versions(series, versions.masters, versions.nmasters);
	mark_versions(series, versions.overrides, versions.noverrides);
	for (size_t i = 0; i < versions.nmasters; i++) {
		const struct event *master = versions.masters[i];

		if (master->unreadable)
			continue;
		if (is_untrusted(versions.overrides, versions.noverrides))
			fault_note(series->faults, FAULT_SERIES,
			    FAULT_EVENT(master->uid, master->line), NULL, NULL);
		else
			expand_master(series, master, versions.overrides, versions.noverrides);
	}
	expand_overrides(series, versions.overrides, versions.noverrides);
}

static int
compare_events(const void *a, const void *b)
{
	const struct event *left = *(struct event *const *)a;
	const struct event *right = *(struct event *const *)b;
	int order = strcmp(left->uid, right->uid);

	return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

void
series_make(struct series *series, struct event **events, size_t count)
{
	size_t from = 0;

	if (count == 0)
		return;
	series->asked = arena_array(series->arena, count, sizeof *series->asked);
	qsort(events, count, sizeof *events, compare_events);
	while (from < count && !series->faults->refused) {
		size_t to = from + 1;

		while (to < count && strcmp(events[to]->uid, events[from]->uid) == 0)
			to++;
		expand_group(series, events + from, to - from);
		from = to;
		if (arena_over(series->arena))
			fault_note(
			    series->faults, FAULT_TOO_MUCH_MEMORY, FAULT_ANYWHERE, NULL, NULL);
	}
}
