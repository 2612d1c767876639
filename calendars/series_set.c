/* SPDX-License-Identifier: MIT */
#include "calendars/series_set.h"

#include "calendars/event_reader.h"

#include <stdlib.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/sorted.h"

#define DAY ((int64_t)86400)
#define RULE_OCCURRENCES_MAX 2000
/* Days looked at by all rules of a calendar. A few thousand honest series need far less; without a
 * limit a small file of rules that never match could keep the reader busy until its time is up. */
#define WORK_MAX ((uint64_t)20 * 1000 * 1000)

static int
compare_places(const void *a, const void *b)
{
	const struct place *left = a;
	const struct place *right = b;

	if (left->instant != right->instant)
		return left->instant < right->instant ? -1 : 1;
	/* A PERIOD with its own end goes before DTSTART, and DTSTART before a rule. */
	if (left->own != right->own)
		return left->own ? -1 : 1;
	return (int)right->first - (int)left->first;
}

/* Adds ${place}, whose local time is given as it is written in ${zone}. */
static void
add_place(struct series_set *set, struct place place, const struct zone *zone)
{
	place.instant = zone_instant(zone, place.local, NULL);
	if (zone != set->zone)
		place.local = zone_local(set->zone, place.instant);
	*VEC_PUSH(set->series->arena, &set->places) = place;
}

static int64_t
last_local(const struct series_set *set, const struct rule *rule)
{
	/* The window is in instants and the rule in wall clock: two days cover every offset. */
	int64_t last = set->series->options->until + 2 * DAY + set->reach;
	int64_t bound = last;

	/* UNTIL in UTC beside a DATE is not allowed (RFC 5545 3.3.10), but programs write it: its
	 * day is meant. */
	if (rule->until_kind == RULE_UNTIL_UTC && set->master->start.kind == WHEN_DATE)
		bound = civil_day_of(rule->until) * DAY;
	else if (rule->until_kind == RULE_UNTIL_UTC)
		bound = rule->until + 2 * DAY; /* compared by instant in add_rule() */
	else if (rule->until_kind == RULE_UNTIL_LOCAL)
		bound = rule->until;
	else if (rule->until_kind == RULE_UNTIL_DATE)
		/* UNTIL as a DATE includes the whole day. */
		bound = rule->until + DAY - 1;
	return bound < last ? bound : last;
}

static void
add_rule(struct series_set *set, const struct rule *rule)
{
	const struct event *master = set->master;
	/* An instance may begin before the window and last into it, and a change may move it
	 * there. */
	int64_t from = set->series->options->from - master->lasting.wall - master->lasting.exact -
		       2 * DAY - set->reach;
	/* RFC 5545 3.3.10 has UNTIL in UTC for a DTSTART with a zone: compare instants, as the wall
	 * clock of UNTIL is another one in summer. */
	bool by_instant = rule->until_kind == RULE_UNTIL_UTC && master->start.kind != WHEN_DATE;
	int64_t last = last_local(set, rule);
	struct rule_walk walk;
	int64_t local;
	size_t count = 0;

	rule_walk_init(&walk, rule, master->start.local, from, master->start.kind == WHEN_DATE);
	while (rule_walk_next(&walk, last, &local)) {
		if (local < from)
			continue;
		if (by_instant && zone_instant(set->zone, local, NULL) > rule->until)
			continue;
		if (++count > RULE_OCCURRENCES_MAX) {
			fault_note(set->series->faults, FAULT_RULE_TOO_OFTEN,
			    FAULT_EVENT(master->uid, master->line),
			    arena_printf(set->series->arena, "%d", RULE_OCCURRENCES_MAX), NULL);
			break;
		}
		add_place(
		    set, (struct place){.local = local, .lasting = master->lasting}, set->zone);
	}
	set->series->work += walk.work;
	if (set->series->work > WORK_MAX)
		fault_note(set->series->faults, FAULT_TOO_MUCH_WORK,
		    FAULT_EVENT(master->uid, master->line), NULL, NULL);
}

static void
add_all_places(struct series_set *set)
{
	const struct event *master = set->master;
	const struct rule *rule;
	const struct rdate *rdate;
	size_t kept = 0;

	add_place(set,
	    (struct place){.local = master->start.local, .lasting = master->lasting, .first = true},
	    set->zone);
	VEC_EACH (rule, &master->rules)
		add_rule(set, rule);
	VEC_EACH (rdate, &master->rdates)
		add_place(set,
		    (struct place){.local = rdate->start.local,
			.lasting = rdate->has_end ? rdate->lasting : master->lasting,
			.own = rdate->has_end},
		    rdate->start.zone);
	/* Most events are single; nothing to sort. */
	if (set->places.count == 1)
		return;
	/* An RDATE may repeat an instance of the rule. One place remains of them. */
	qsort(set->places.items, set->places.count, sizeof *set->places.items, compare_places);
	for (size_t i = 0; i < set->places.count; i++) {
		struct place *places = set->places.items;

		/* The first of equal places stays, as compare_places() has put them. */
		if (kept == 0 || places[kept - 1].instant != places[i].instant)
			places[kept++] = places[i];
	}
	set->places.count = kept;
}

static int
compare_instants(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void
add_exdates(struct series_set *set)
{
	const struct when *when;

	VEC_EACH (when, &set->master->exdates) {
		/* A day excludes by date, as it is written. */
		if (when->kind == WHEN_DATE || set->master->start.kind == WHEN_DATE)
			*VEC_PUSH(set->series->arena, &set->gone_days) = civil_day_of(when->local);
		else
			*VEC_PUSH(set->series->arena, &set->gone) = when_instant(when, NULL);
	}
	if (set->gone.count > 1)
		qsort(set->gone.items, set->gone.count, sizeof(int64_t), compare_instants);
	if (set->gone_days.count > 1)
		qsort(
		    set->gone_days.items, set->gone_days.count, sizeof(int64_t), compare_instants);
}

static int
compare_changes(const void *a, const void *b)
{
	const struct change *left = a;
	const struct change *right = b;

	return (left->key > right->key) - (left->key < right->key);
}

static const struct change *
find_change(const struct change *sorted, size_t count, int64_t key)
{
	struct change wanted = {key, NULL};

	return count > 0 ? bsearch(&wanted, sorted, count, sizeof *sorted, compare_changes) : NULL;
}

/* Whether a THISANDFUTURE change brings a rule or dates of its own, and so is a new series. */
static bool
goes_on(const struct event *event)
{
	return event->rules.count > 0 || event->rdates.count > 0;
}

static void
add_change(struct series_set *set, const struct event *event)
{
	const struct when *of = &event->recurrence;
	/* RECURRENCE-ID names a shift by the instant at which it would have begun. Against whole
	 * days only the day can be compared, in whatever zone it is written. */
	struct change by_day = {civil_day_of(event_as_day(set->master, *of).local), event};
	struct change by_instant = {when_instant(of, NULL), event};
	bool whole_days = set->master->start.kind == WHEN_DATE;

	if (of->kind == WHEN_DATE && !whole_days)
		fault_note(set->series->faults, FAULT_RECURRENCE_BY_DAY,
		    FAULT_EVENT(event->uid, event->line), NULL, NULL);
	if (of->kind == WHEN_DATE || whole_days)
		*VEC_PUSH(set->series->arena, &set->by_day) = by_day;
	else
		*VEC_PUSH(set->series->arena, &set->by_instant) = by_instant;
	/* Later shifts follow this one; it is also the change of its own shift, above. */
	if (event->this_and_future && !event->unreadable && !goes_on(event))
		*VEC_PUSH(set->series->arena, &set->shifts) = by_instant;
}

struct event *
series_set_successor(struct event *const *overrides, size_t count)
{
	struct event *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!overrides[i]->this_and_future || overrides[i]->unreadable ||
		    !goes_on(overrides[i]))
			continue;
		if (found != NULL)
			return NULL;
		found = overrides[i];
	}
	for (size_t i = 0; found != NULL && i < count; i++) {
		if (overrides[i]->this_and_future && when_instant(&overrides[i]->recurrence, NULL) >
							 when_instant(&found->recurrence, NULL))
			return NULL;
	}
	return found;
}

/* Sets where the series ends or comes into doubt. After a THISANDFUTURE change that cannot be
 * followed, all later shifts are undecided. */
static void
bound_by_changes(struct series_set *set, struct event *const *overrides, size_t count)
{
	const struct event *successor = series_set_successor(overrides, count);

	set->ends = set->doubt_from = INSTANT_END;
	if (successor != NULL)
		set->ends = when_instant(&successor->recurrence, NULL);
	for (size_t i = 0; i < count; i++) {
		const struct event *event = overrides[i];
		int64_t at = when_instant(&event->recurrence, NULL);

		/* Understood, or about one shift only: no doubt about the later ones. */
		if (!event->this_and_future || event == successor ||
		    !(event->unreadable || goes_on(event)) || at >= set->doubt_from)
			continue;
		set->doubt_from = at;
		if (!event->unreadable)
			fault_note(set->series->faults, FAULT_RANGE_RULE,
			    FAULT_EVENT(event->uid, event->line), NULL, NULL);
	}
}

/* The seconds by which ${change} moves the wall clock of the series. */
static int64_t
shift_of(const struct series_set *set, const struct event *change)
{
	return zone_local(set->zone, when_instant(&change->start, NULL)) -
	       zone_local(set->zone, when_instant(&change->recurrence, NULL));
}

static void
add_changes(struct series_set *set, struct event *const *overrides, size_t count)
{
	const struct change *change;

	bound_by_changes(set, overrides, count);
	for (size_t i = 0; i < count; i++)
		add_change(set, overrides[i]);
	if (set->by_instant.count > 1)
		qsort(
		    set->by_instant.items, set->by_instant.count, sizeof *change, compare_changes);
	if (set->by_day.count > 1)
		qsort(set->by_day.items, set->by_day.count, sizeof *change, compare_changes);
	if (set->shifts.count > 1)
		qsort(set->shifts.items, set->shifts.count, sizeof *change, compare_changes);
	VEC_EACH (change, &set->shifts) {
		/* Shifts moved this far may come from outside the window: the rule must be walked
		 * so much further. */
		int64_t by = llabs(shift_of(set, change->event)) + change->event->lasting.wall +
			     change->event->lasting.exact;

		set->reach = by > set->reach ? by : set->reach;
	}
}

const struct event *
series_set_shift(const struct series_set *set, int64_t instant, int64_t *by)
{
	const struct change *found = NULL;
	const struct change *change;

	VEC_EACH (change, &set->shifts) {
		/* Ascending, so the last one at or before ${instant} is the one in force. */
		if (change->key > instant)
			break;
		found = change;
	}
	if (found == NULL)
		return NULL;
	*by = shift_of(set, found->event);
	return found->event;
}

enum place_fate
series_set_fate(const struct series_set *set, const struct place *place)
{
	/* A change comes before an EXDATE: programs that change a shift exclude its old place as
	 * well, and the change is what they show. */
	int64_t day = civil_day_of(place->local);

	if (find_change(set->by_instant.items, set->by_instant.count, place->instant) != NULL ||
	    find_change(set->by_day.items, set->by_day.count, day) != NULL)
		return PLACE_CHANGED;
	return sorted_has_int(set->gone.items, set->gone.count, place->instant) ||
		       sorted_has_int(set->gone_days.items, set->gone_days.count, day)
		   ? PLACE_EXCLUDED
		   : PLACE_STANDS;
}

static bool
is_place_before(const void *item, const void *instant)
{
	return ((const struct place *)item)->instant < *(const int64_t *)instant;
}

static bool
has_place(const struct series_set *set, int64_t instant)
{
	size_t first = sorted_first(set->places.items, set->places.count, sizeof *set->places.items,
	    is_place_before, &instant);

	return first < set->places.count && set->places.items[first].instant == instant;
}

static void
add_missed(struct series_set *set, int64_t instant)
{
	if (!has_place(set, instant))
		*VEC_PUSH(set->series->arena, &set->missed) =
		    civil_day_of(zone_local(set->zone, instant));
}

/* Doubts the places of each day on which an EXDATE or a change matches no place. The series may
 * have been moved since, or another clock was meant, so the shift of that day may be the one that
 * does not take place. */
static void
doubt_missed(struct series_set *set)
{
	const struct change *change;
	const int64_t *gone;
	struct place *place;

	VEC_EACH (gone, &set->gone)
		add_missed(set, *gone);
	VEC_EACH (change, &set->by_instant) {
		/* A THISANDFUTURE change need not stand at an instance: it says from when on. */
		if (!change->event->this_and_future)
			add_missed(set, change->key);
	}
	if (set->missed.count == 0)
		return;
	qsort(set->missed.items, set->missed.count, sizeof(int64_t), compare_instants);
	VEC_EACH (place, &set->places)
		place->doubt = sorted_has_int(
		    set->missed.items, set->missed.count, civil_day_of(place->local));
}

void
series_set_make(struct series_set *set, struct event *const *overrides, size_t count)
{
	/* The changes come first: they say how far beyond the window the rules must be walked. */
	add_changes(set, overrides, count);
	add_exdates(set);
	add_all_places(set);
	if (set->repeats)
		doubt_missed(set);
}
