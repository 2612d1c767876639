/* SPDX-License-Identifier: MIT */
#include "calendars/occurrences.h"

#include "calendars/occurrence_class.h"
#include "calendars/occurrence_key.h"
#include "calendars/title_piece.h"

#include <stdlib.h>

#include "server/base/civil.h"
#include "server/base/instant.h"

#define DAY ((int64_t)86400)
#define SPLIT_MAX_SECONDS ((int64_t)26 * 3600) /* one day, also of 25 hours, and one to spare */

struct maker {
	struct occurrences *out;
	struct titles *titles;
	struct faults *faults;
	const struct event *warned, *without_length;
	/* Shifts longer than a day, and the first of them by time. */
	unsigned nlong;
	int64_t long_start;
	const struct event *long_event;
};

static const struct zone *
zone_of(const struct maker *maker, const struct instance *instance)
{
	return occurrence_zone(maker->titles, instance);
}

/* Cancelled events have a class of their own, and no status. */
static const char *
status_text(const struct event *event)
{
	if (event->status == EVENT_CONFIRMED)
		return "CONFIRMED";
	return event->status == EVENT_TENTATIVE ? "TENTATIVE" : NULL;
}

/* Counts shifts longer than a day by the wall clock, so that a shift over the night on which the
 * clocks go back is not one. Whole days do not count if the rota says what they mean. */
static void
weigh_length(struct maker *maker, const struct instance *instance, enum reading_class class)
{
	const struct event *event = instance->event;
	const struct zone *zone = zone_of(maker, instance);

	if ((class != READING_NAMED && class != READING_TENTATIVE && class != READING_TEAM) ||
	    (event->start.kind == WHEN_DATE && maker->titles->options->all_day_rule) ||
	    zone_local(zone, instance->end) - zone_local(zone, instance->start) <= DAY)
		return;
	if (maker->nlong++ == 0 || instance->start < maker->long_start) {
		maker->long_start = instance->start;
		maker->long_event = event;
	}
}

static void
tell_long(struct maker *maker)
{
	struct civil c;

	if (maker->nlong == 0)
		return;
	c = civil_of(zone_local(maker->titles->options->zone, maker->long_start));
	fault_note(maker->faults, FAULT_LONG_SHIFTS,
	    FAULT_EVENT(maker->long_event->uid, maker->long_event->line),
	    maker->nlong == 1 ? "1 shift"
			      : arena_printf(maker->titles->arena, "%u shifts", maker->nlong),
	    arena_printf(maker->titles->arena, "%02d/%02d/%04d", c.day, c.month, c.year));
}

static void
push(struct maker *maker, const struct instance *instance, const struct title *title,
    const struct title_part *part, size_t number)
{
	const struct reading_options *options = maker->titles->options;
	const struct event *event = instance->event;

	if (instance->start >= instance->end || instance->start >= options->until ||
	    instance->end <= options->from)
		return;
	weigh_length(maker, instance, part->class);
	/* Only words that keep somebody from counting are listed for a decision. */
	if (part->class == READING_TENTATIVE || part->class == READING_UNDECIDED)
		unknown_words_add(&maker->out->unknown, maker->titles->arena, title);
	*VEC_PUSH(maker->titles->arena, &maker->out->list) = (struct reading_occurrence){
	    .start = instance->start,
	    .end = instance->end,
	    .uid = event->uid,
	    .key = occurrence_key(maker->titles->arena, instance, number),
	    .recurrence = instance->recurrence,
	    .summary = title->summary,
	    .status = status_text(event),
	    .class = part->class,
	    .person = part->person,
	    .shown = part->shown,
	    /* only a team line that counts names its team */
	    .team = part->class == READING_TEAM ? part->team : NULL,
	    .line = event->line,
	};
}

/* ---- Times in titles. */

static struct piece
whole_piece(const struct maker *maker, const struct instance *instance)
{
	const struct zone *zone = zone_of(maker, instance);

	return (struct piece){
	    .start = zone_local(zone, instance->start), .end = zone_local(zone, instance->end)};
}

/* Pushes the stretch ${piece} of ${instance}. Ends that the title does not move keep their instant:
 * an hour that exists twice would otherwise be given the first of both. */
static void
push_piece(struct maker *maker, const struct instance *instance, const struct title *title,
    const struct piece *piece)
{
	const struct zone *zone = zone_of(maker, instance);
	struct instance cut = *instance;

	if (piece->start != zone_local(zone, instance->start))
		cut.start = zone_instant(zone, piece->start, NULL);
	if (piece->end != zone_local(zone, instance->end))
		cut.end = zone_instant(zone, piece->end, NULL);
	push(maker, &cut, title, piece->part, piece->number);
}

/* The number of piece ${i} of an instance, for its key. An instance has a piece for each part of
 * its title, and at most as many and one stretches between them. */
static size_t
part_number(const struct instance *instance, const struct title *title, size_t i)
{
	return instance->part * (2 * title->nparts + 1) + i;
}

/* Times of the event that no part of the title is about are undecided: somebody may be on then. An
 * all-day event claims no times, so nothing is pushed for it. */
static void
push_rest(struct maker *maker, const struct instance *instance, const struct title *title,
    struct piece *pieces)
{
	const struct title_part undecided = {.class = READING_UNDECIDED};
	struct piece rest = whole_piece(maker, instance);
	int64_t end = rest.end;

	if (instance->event->start.kind == WHEN_DATE)
		return;
	rest.part = &undecided;
	rest.number = part_number(instance, title, title->nparts);
	pieces_sort(pieces, title->nparts);
	for (size_t i = 0; i <= title->nparts; i++) {
		rest.end = i < title->nparts ? pieces[i].start : end;
		if (rest.end > rest.start) {
			push_piece(maker, instance, title, &rest);
			rest.number++;
		}
		if (i < title->nparts && pieces[i].end > rest.start)
			rest.start = pieces[i].end;
	}
}

/* The whole event is undecided if one of its times is not understood: the others divide it only
 * together. */
static void
push_undecided(struct maker *maker, const struct instance *instance, const struct title *title)
{
	struct title_part undecided = {.class = READING_UNDECIDED};

	for (size_t i = 0; i < title->nparts && undecided.shown == NULL; i++)
		undecided.shown = title->parts[i].shown;
	push(maker, instance, title, &undecided, instance->part);
	fault_note(maker->faults, FAULT_TITLE_TIMES,
	    FAULT_EVENT(instance->event->uid, instance->event->line), title->summary, NULL);
}

static void
split_by_times(struct maker *maker, const struct instance *instance, const struct title *title)
{
	struct piece whole = whole_piece(maker, instance);
	struct piece *pieces = arena_array(maker->titles->arena, title->nparts, sizeof *pieces);

	for (size_t i = 0; i < title->nparts; i++) {
		pieces[i] = piece_of_part(instance->event, whole, &title->parts[i]);
		/* "9-5" over a week says nothing of how the days and nights between are divided. */
		if (instance->end - instance->start > SPLIT_MAX_SECONDS ||
		    pieces[i].start >= pieces[i].end) {
			push_undecided(maker, instance, title);
			return;
		}
	}
	for (size_t i = 0; i < title->nparts; i++) {
		struct title_part part = title->parts[i];
		struct piece piece = pieces[i];

		part.class = occurrence_class(maker->titles, maker->faults, instance, &part);
		occurrence_by_title(maker->titles, maker->faults, instance, title, &part);
		piece.part = &part;
		piece.number = part_number(instance, title, i);
		push_piece(maker, instance, title, &piece);
	}
	push_rest(maker, instance, title, pieces);
}

/* "Late: Kim" over Monday to Friday is one shift on each day. */
static void
split_days(struct maker *maker, const struct instance *instance, const struct title *title)
{
	const struct zone *zone = zone_of(maker, instance);
	int64_t start = zone_local(zone, instance->start);
	int64_t end = zone_local(zone, instance->end);
	struct instance day = *instance;

	if (end - start <= DAY) {
		split_by_times(maker, instance, title);
		return;
	}
	for (; start < end; start += DAY) {
		day.start = zone_instant(zone, start, NULL);
		day.end = zone_instant(zone, start + DAY, NULL);
		split_by_times(maker, &day, title);
		day.part++;
	}
}

static bool
by_codes(const struct title *title)
{
	return title->parts[0].span == TITLE_SHIFT || title->parts[0].span == TITLE_ONLY_SHIFT;
}

static bool
has_times(const struct title *title, const struct event *event)
{
	for (size_t i = 0; i < title->nparts; i++) {
		enum title_span span = title->parts[i].span;

		if (span != TITLE_WHOLE &&
		    /* A single shift code gives the hours of an all-day event only: other events
		     * have their own. */
		    (span != TITLE_ONLY_SHIFT || event->start.kind == WHEN_DATE))
			return true;
	}
	return false;
}

/* ---- Instances as occurrences. */

static void
warn(struct maker *maker, const struct event *event, const struct title *title)
{
	if (title->warning != FAULT_NONE && maker->warned != event)
		fault_note(maker->faults, title->warning, FAULT_EVENT(event->uid, event->line),
		    title->warning_word, NULL);
	/* Once for a series: its instances follow each other. */
	maker->warned = event;
}

static bool
is_endless(const struct event *event)
{
	const struct rule *rule;

	VEC_EACH (rule, &event->rules) {
		if (rule->count == 0 && rule->until_kind == RULE_FOREVER)
			return true;
	}
	return false;
}

static void
push_part(struct maker *maker, const struct instance *instance, const struct title *title, size_t i)
{
	struct title_part part = title->parts[i];
	struct instance whole = *instance;

	if (part.class == READING_ABSENCE)
		occurrence_whole_days(maker->titles, maker->faults, &whole);
	part.class = occurrence_class(maker->titles, maker->faults, instance, &part);
	occurrence_by_title(maker->titles, maker->faults, instance, title, &part);
	push(maker, &whole, title, &part, instance->part * title->nparts + i);
}

/* An event at midnight without a length: an absence lasts that day, everything else is nothing. */
static void
push_days_of_leave(struct maker *maker, const struct instance *instance, const struct title *title)
{
	const struct event *event = instance->event;
	struct fault_at at = FAULT_EVENT(event->uid, event->line);
	bool leave = false;

	for (size_t i = 0; i < title->nparts; i++) {
		if (title->parts[i].class != READING_ABSENCE && !maker->titles->options->absences)
			continue;
		push_part(maker, instance, title, i);
		leave = true;
	}
	if (maker->without_length != event)
		fault_note(maker->faults, leave ? FAULT_LEAVE_DAY : FAULT_ZERO_LENGTH, at,
		    leave ? "has no length" : NULL, NULL);
	maker->without_length = event;
}

static void
add_instance(struct maker *maker, const struct instance *instance)
{
	const struct event *event = instance->event;
	const struct title *title =
	    /* A row of a roster has its title read with its other columns. */
	    event->title != NULL ? event->title : title_read(maker->titles, event->summary);
	const struct title_part cancelled = {.class = READING_CANCELLED};

	/* Given and not left out: a shift that the calendar takes away by name is known to be off,
	 * one that merely is not listed any more may be a fault of the export. */
	if (event->status == EVENT_CANCELLED || instance->excluded) {
		if (!instance->no_length)
			push(maker, instance, title, &cancelled, instance->part);
		return;
	}
	warn(maker, event, title);
	if (instance->no_length) {
		push_days_of_leave(maker, instance, title);
		return;
	}
	/* An endless series of meetings does not make the rota reach as far as the window. */
	if (is_endless(event) && title->parts[0].class != READING_NOISE &&
	    title->parts[0].class != READING_CANCELLED)
		maker->out->endless = true;
	if (has_times(title, event) && event->start.kind == WHEN_DATE && by_codes(title)) {
		split_days(maker, instance, title);
		return;
	}
	if (has_times(title, event)) {
		split_by_times(maker, instance, title);
		return;
	}
	for (size_t i = 0; i < title->nparts; i++)
		push_part(maker, instance, title, i);
}

void
occurrences_make(struct occurrences *out, struct titles *titles, struct faults *faults,
    const struct instance *instances, size_t count)
{
	struct maker maker = {.out = out, .titles = titles, .faults = faults};

	*out = (struct occurrences){.endless = false};
	unknown_words_init(&out->unknown, titles->arena);
	for (size_t i = 0; i < count && !faults->refused; i++) {
		add_instance(&maker, &instances[i]);
		if (arena_over(titles->arena))
			fault_note(faults, FAULT_TOO_MUCH_MEMORY, FAULT_ANYWHERE, NULL, NULL);
	}
	/* A rota whose shifts last for days is usually one whose all-day events have no rule. */
	tell_long(&maker);
	if (out->list.count == 0)
		return;
	occurrences_make_keys_unique(out, titles->arena);
	qsort(out->list.items, out->list.count, sizeof *out->list.items, occurrence_compare);
}
