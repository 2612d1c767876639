#include "calendars/series.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/versions.h"
#include "server/base/civil.h"

#define DAY ((int64_t)86400)
#define RULE_OCCURRENCES_MAX 2000
#define OCCURRENCES_MAX 200000
#define WORK_MAX ((uint64_t)20 * 1000 * 1000)

/* One place in the recurrence set. */
struct place {
	int64_t instant, local;
	struct lasting lasting;
	bool first; /* DTSTART itself */
	bool own;   /* a PERIOD, with an end of its own */
};

/* A changed shift, by what it changes. */
struct change {
	int64_t key; /* an instant, or a day's number */
	const struct event *event;
};

struct one {
	struct series *series;
	const struct event *master;
	const struct zone *zone;
	bool repeats, gap_told, zero_told;
	int64_t reach; /* how far shifted series may come from outside the window */
	VEC(struct place) places;
	VEC(struct change) by_instant;
	VEC(struct change) by_day;
	VEC(struct change) shifts; /* THISANDFUTURE, ascending */
	VEC(int64_t) gone;         /* EXDATE as instants */
	VEC(int64_t) gone_days;
};

static int64_t
day_of(int64_t local)
{
	return local / DAY - (local % DAY < 0);
}

static void
refuse(struct series *series, enum fault fault, const struct event *event, int limit)
{
	fault_note(series->faults, fault, FAULT_EVENT(event->uid, event->line),
	    arena_printf(series->arena, "%d", limit), NULL);
}

/* ---- instances
 * --------------------------------------------------------------------------------------------------------
 */

static void
tell_zero(struct one *one, const struct event *event)
{
	if (!one->zero_told && event->status != EVENT_CANCELLED)
		fault_note(one->series->faults, FAULT_ZERO_LENGTH,
		    FAULT_EVENT(event->uid, event->line), NULL, NULL);
	one->zero_told = true;
}

static void
tell_gap(struct one *one, const struct event *event, int64_t local)
{
	struct civil c = civil_of(local);

	if (!one->gap_told)
		fault_note(one->series->faults, FAULT_IN_GAP, FAULT_EVENT(event->uid, event->line),
		    arena_printf(one->series->arena, "%02d:%02d on %02d/%02d/%04d", c.hour,
			c.minute, c.day, c.month, c.year),
		    NULL);
	one->gap_told = true;
}

static void
push(struct one *one, struct instance instance)
{
	const struct reading_options *options = one->series->options;

	if (instance.start >= options->until || instance.end <= options->from)
		return;
	if (one->series->instances.count == OCCURRENCES_MAX) {
		refuse(one->series, FAULT_TOO_MANY_OCCURRENCES, instance.event, OCCURRENCES_MAX);
		return;
	}
	*VEC_PUSH(one->series->arena, &one->series->instances) = instance;
}

/* What an all-day event means is for the rota's owner to say: from midnight to midnight, or some
 * hours of each day. */
static void
push_all_day(
    struct one *one, struct instance instance, const struct zone *zone, int64_t local, int64_t wall)
{
	const struct reading_options *options = one->series->options;
	int64_t hours = (int64_t)options->all_day_hours * 3600;
	int64_t days = wall / DAY;

	if (!options->all_day_rule) {
		push(one, instance);
		return;
	}
	local += options->all_day_start;
	if (hours >= DAY) {
		instance.start = zone_instant(zone, local, NULL);
		instance.end = zone_instant(zone, local + (days - 1) * DAY + hours, NULL);
		push(one, instance);
		return;
	}
	for (int64_t day = 0; day < days; day++) {
		instance.start = zone_instant(zone, local + day * DAY, NULL);
		instance.end = zone_instant(zone, local + day * DAY + hours, NULL);
		instance.part = (uint32_t)day;
		push(one, instance);
	}
}

/* ${event} at wall clock ${local} of ${zone}. */
static void
emit(struct one *one, const struct event *event, const struct zone *zone, const struct place *place,
    int64_t recurrence)
{
	const struct reading_options *options = one->series->options;
	enum zone_fit start_fit;
	enum zone_fit end_fit;
	int64_t end_local = place->local + place->lasting.wall;
	struct instance instance = {.event = event, .recurrence = recurrence};

	instance.start = zone_instant(zone, place->local, &start_fit);
	instance.end = zone_instant(zone, end_local, &end_fit) + place->lasting.exact;
	if (place->first && place->lasting.exact == 0)
		instance.end = event->first_end;
	if (instance.end <= instance.start) {
		tell_zero(one, event);
		if (start_fit == ZONE_IN_GAP)
			tell_gap(one, event, place->local);
		return;
	}
	if (event->start.kind == WHEN_DATE) {
		push_all_day(one, instance, zone, place->local, place->lasting.wall);
		return;
	}
	if (instance.start < options->until && instance.end > options->from) {
		if (start_fit == ZONE_IN_GAP)
			tell_gap(one, event, place->local);
		else if (end_fit == ZONE_IN_GAP && place->lasting.exact == 0)
			tell_gap(one, event, end_local);
	}
	push(one, instance);
}

/* ---- the set
 * ----------------------------------------------------------------------------------------------------------
 */

static int
compare_places(const void *a, const void *b)
{
	const struct place *left = a;
	const struct place *right = b;

	if (left->instant != right->instant)
		return left->instant < right->instant ? -1 : 1;
	return (int)right->own - (int)left->own; /* a PERIOD says more than a rule */
}

static void
add_place(struct one *one, int64_t local, const struct zone *zone, struct lasting lasting,
    bool first, bool own)
{
	int64_t instant = zone_instant(zone, local, NULL);

	if (zone != one->zone)
		local = zone_local(one->zone, instant);
	*VEC_PUSH(one->series->arena, &one->places) =
	    (struct place){instant, local, lasting, first, own};
}

static int64_t
last_local(const struct one *one, const struct rule *rule)
{
	int64_t last = one->series->options->until + 2 * DAY + one->reach;
	int64_t bound = last;

	if (rule->until_kind == RULE_UNTIL_UTC && one->master->start.kind == WHEN_DATE)
		bound = day_of(rule->until) * DAY;
	else if (rule->until_kind == RULE_UNTIL_UTC)
		bound = rule->until + 2 * DAY; /* settled by instant below */
	else if (rule->until_kind == RULE_UNTIL_LOCAL)
		bound = rule->until;
	else if (rule->until_kind == RULE_UNTIL_DATE)
		bound = rule->until + DAY - 1;
	return bound < last ? bound : last;
}

static void
add_rule(struct one *one, const struct rule *rule)
{
	const struct event *master = one->master;
	int64_t from = one->series->options->from - master->lasting.wall - master->lasting.exact -
		       2 * DAY - one->reach;
	bool by_instant = rule->until_kind == RULE_UNTIL_UTC && master->start.kind != WHEN_DATE;
	int64_t last = last_local(one, rule);
	struct rule_walk walk;
	int64_t local;
	size_t count = 0;

	rule_walk_init(&walk, rule, master->start.local, from, master->start.kind == WHEN_DATE);
	while (rule_walk_next(&walk, last, &local)) {
		if (local < from)
			continue;
		if (by_instant && zone_instant(one->zone, local, NULL) > rule->until)
			continue;
		if (++count > RULE_OCCURRENCES_MAX) {
			refuse(one->series, FAULT_RULE_TOO_OFTEN, master, RULE_OCCURRENCES_MAX);
			break;
		}
		add_place(one, local, one->zone, master->lasting, false, false);
	}
	one->series->work += walk.work;
	if (one->series->work > WORK_MAX)
		fault_note(one->series->faults, FAULT_TOO_MUCH_WORK,
		    FAULT_EVENT(master->uid, master->line), NULL, NULL);
}

static void
add_all_places(struct one *one)
{
	const struct event *master = one->master;
	const struct rule *rule;
	const struct rdate *rdate;
	size_t kept = 0;

	add_place(one, master->start.local, one->zone, master->lasting, true, false);
	VEC_EACH (rule, &master->rules)
		add_rule(one, rule);
	VEC_EACH (rdate, &master->rdates)
		add_place(one, rdate->start.local, rdate->start.zone,
		    rdate->has_end ? rdate->lasting : master->lasting, false, rdate->has_end);
	if (one->places.count == 1)
		return;
	qsort(one->places.items, one->places.count, sizeof *one->places.items, compare_places);
	for (size_t i = 0; i < one->places.count; i++) {
		struct place *places = one->places.items;

		if (kept > 0 && places[kept - 1].instant == places[i].instant)
			places[kept - 1].first =
			    places[kept - 1].first || (places[i].first && !places[kept - 1].own);
		else
			places[kept++] = places[i];
	}
	one->places.count = kept;
}

/* ---- what is taken out
 * ------------------------------------------------------------------------------------------------
 */

static int
compare_instants(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static bool
holds(const int64_t *sorted, size_t count, int64_t key)
{
	return count > 0 && bsearch(&key, sorted, count, sizeof *sorted, compare_instants) != NULL;
}

static void
add_exdates(struct one *one)
{
	const struct when *when;

	VEC_EACH (when, &one->master->exdates) {
		/* Of whole days, and as a day: the day as it is written. */
		if (when->kind == WHEN_DATE || one->master->start.kind == WHEN_DATE)
			*VEC_PUSH(one->series->arena, &one->gone_days) = day_of(when->local);
		else
			*VEC_PUSH(one->series->arena, &one->gone) = when_instant(when, NULL);
	}
	if (one->gone.count > 1)
		qsort(one->gone.items, one->gone.count, sizeof(int64_t), compare_instants);
	if (one->gone_days.count > 1)
		qsort(
		    one->gone_days.items, one->gone_days.count, sizeof(int64_t), compare_instants);
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

static void
add_change(struct one *one, const struct event *event)
{
	const struct when *of = &event->recurrence;
	struct change by_day = {day_of(of->local), event};
	struct change by_instant = {when_instant(of, NULL), event};
	bool whole_days = one->master->start.kind == WHEN_DATE;

	if (of->kind == WHEN_DATE && !whole_days)
		fault_note(one->series->faults, FAULT_RECURRENCE_BY_DAY,
		    FAULT_EVENT(event->uid, event->line), NULL, NULL);
	if (of->kind == WHEN_DATE || whole_days)
		*VEC_PUSH(one->series->arena, &one->by_day) = by_day;
	else
		*VEC_PUSH(one->series->arena, &one->by_instant) = by_instant;
	if (event->this_and_future && !event->unreadable)
		*VEC_PUSH(one->series->arena, &one->shifts) = by_instant;
}

/* How the wall clock of a series moves from ${change} on. */
static int64_t
shift_of(const struct one *one, const struct event *change)
{
	return zone_local(one->zone, when_instant(&change->start, NULL)) -
	       zone_local(one->zone, when_instant(&change->recurrence, NULL));
}

static void
add_changes(struct one *one, struct event *const *overrides, size_t count)
{
	const struct change *change;

	for (size_t i = 0; i < count; i++)
		add_change(one, overrides[i]);
	if (one->by_instant.count > 1)
		qsort(
		    one->by_instant.items, one->by_instant.count, sizeof *change, compare_changes);
	if (one->by_day.count > 1)
		qsort(one->by_day.items, one->by_day.count, sizeof *change, compare_changes);
	if (one->shifts.count > 1)
		qsort(one->shifts.items, one->shifts.count, sizeof *change, compare_changes);
	VEC_EACH (change, &one->shifts) {
		int64_t by = llabs(shift_of(one, change->event)) + change->event->lasting.wall +
			     change->event->lasting.exact;

		one->reach = by > one->reach ? by : one->reach;
	}
}

static const struct change *
shift_at(const struct one *one, int64_t instant)
{
	const struct change *found = NULL;
	const struct change *change;

	VEC_EACH (change, &one->shifts) {
		if (change->key > instant)
			break;
		found = change;
	}
	return found;
}

static void
emit_place(struct one *one, const struct place *place)
{
	int64_t day = day_of(place->local);
	int64_t recurrence = one->repeats ? place->instant : INT64_MIN;
	const struct change *shift;
	struct place moved = *place;

	if (holds(one->gone.items, one->gone.count, place->instant) ||
	    holds(one->gone_days.items, one->gone_days.count, day) ||
	    find_change(one->by_instant.items, one->by_instant.count, place->instant) != NULL ||
	    find_change(one->by_day.items, one->by_day.count, day) != NULL)
		return;
	shift = shift_at(one, place->instant);
	if (shift == NULL) {
		emit(one, one->master, one->zone, place, recurrence);
		return;
	}
	moved.local += shift_of(one, shift->event);
	moved.lasting = shift->event->lasting;
	moved.first = false;
	emit(one, shift->event, one->zone, &moved, recurrence);
}

static void
expand_master(
    struct series *series, const struct event *master, struct event *const *overrides, size_t count)
{
	struct one one = {.series = series,
	    .master = master,
	    .zone = master->start.zone,
	    .repeats = master->rules.count > 0 || master->rdates.count > 0};
	const struct place *place;

	if (one.repeats && master->start.kind == WHEN_UTC && master->rules.count > 0 &&
	    series->options->zone != zone_utc())
		fault_note(series->faults, FAULT_UTC_RULE, FAULT_EVENT(master->uid, master->line),
		    NULL, NULL);
	add_changes(&one, overrides, count);
	add_exdates(&one);
	add_all_places(&one);
	VEC_EACH (place, &one.places)
		emit_place(&one, place);
}

static void
expand_override(struct series *series, const struct event *event)
{
	struct one one = {.series = series, .master = event, .zone = event->start.zone};
	struct place place = {
	    .local = event->start.local, .lasting = event->lasting, .first = true};

	emit(&one, event, one.zone, &place, when_instant(&event->recurrence, NULL));
}

/* Whether one of ${overrides} changes a shift without saying which. */
static bool
is_untrusted(struct event *const *overrides, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (overrides[i]->recurrence.kind == WHEN_NONE)
			return true;
	}
	return false;
}

/* All events of one UID: masters first. */
static void
expand_group(struct series *series, struct event **events, size_t count)
{
	struct versions versions;

	versions_choose(&versions, series->arena, series->faults, events, count);
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
	for (size_t i = 0; i < versions.noverrides; i++) {
		if (!versions.overrides[i]->unreadable)
			expand_override(series, versions.overrides[i]);
	}
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
