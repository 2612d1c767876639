/* SPDX-License-Identifier: MIT */
#include "calendars/series.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/series_instance.h"
#include "calendars/series_set.h"
#include "calendars/version_mark.h"
#include "calendars/versions.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

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

static void
emit_place(struct series_set *set, const struct place *place)
{
	/* A single event has no instance to name in its key, so its key does not change if it is
	 * moved. */
	int64_t recurrence = set->repeats ? place->instant : INSTANT_NONE;
	struct place moved = *place;
	const struct event *change;
	int64_t by;

	enum place_fate fate = series_set_fate(set, place);

	/* From set->ends on another event continues the series; a changed place is given by its
	 * change, in expand_override(). */
	if (place->instant >= set->ends || fate == PLACE_CHANGED)
		return;
	moved.excluded = fate == PLACE_EXCLUDED;
	if (place->doubt && !moved.excluded)
		tell_missed(set, place);
	change = series_set_shift(set, place->instant, &by);
	if (change == NULL) {
		series_instance_add(set, set->master, set->zone, &moved, recurrence);
		return;
	}
	/* The later shifts move with the THISANDFUTURE change and have its length and title (RFC
	 * 5545 3.2.13). */
	moved.local += by;
	moved.lasting = change->lasting;
	moved.first = false;
	series_instance_add(set, change, set->zone, &moved, recurrence);
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

	/* A rule in UTC does not follow the clocks: each shift moves by an hour in summer. It is
	 * read so, as RFC 5545 3.8.5.3 says, but hardly anybody means it. */
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

	series_instance_add(&set, event, set.zone, &place, when_instant(&event->recurrence, NULL));
}

/* Whether one of ${overrides} does not say which shifts it changes: it has no RECURRENCE-ID, or it
 * changes all earlier shifts (THISANDPRIOR), which is not supported. */
static bool
is_untrusted(struct event *const *overrides, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (overrides[i]->recurrence.kind == WHEN_NONE ||
		    overrides[i]->scanned->fault == FAULT_RANGE)
			return true;
	}
	return false;
}

/* Only events in force are remembered. A version that lost to another one in the same file says
 * nothing about what the publisher has published. */
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
		/* Other THISANDFUTURE changes come before the successor (series_set_successor()
		 * sees to it) and do not concern it. */
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
		/* Any shift of the series may be the one that was changed, so none of them can
		 * count. */
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

	/* The order of the file breaks ties, so that qsort(), which is not stable, gives one
	 * result. */
	return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

void
series_make(struct series *series, struct event **events, size_t count)
{
	size_t from = 0;

	if (count == 0)
		return;
	series->asked = arena_array(series->arena, count, sizeof *series->asked);
	/* Events of one UID may be far apart in the file, and in several VCALENDARs of it. */
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
