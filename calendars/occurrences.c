/* SPDX-License-Identifier: MIT */
#include "calendars/occurrences.h"

#include "calendars/occurrence_class.h"

#include <stdlib.h>
#include <string.h>

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

static int64_t
day_of(int64_t local)
{
	return local / DAY - (local % DAY < 0);
}

static const struct zone *
zone_of(const struct maker *maker, const struct instance *instance)
{
	return occurrence_zone(maker->titles, instance);
}

static const char *
status_text(const struct event *event)
{
	if (event->status == EVENT_CONFIRMED)
		return "CONFIRMED";
	return event->status == EVENT_TENTATIVE ? "TENTATIVE" : NULL;
}

static const char *
make_key(const struct maker *maker, const struct instance *instance, size_t part)
{
	char instant[1 + CIVIL_RFC3339_MAX] = "";
	const char *uid = instance->event->uid;
	size_t len = strlen(uid), more;
	int64_t of = instance->recurrence;
	char *key;

	if (of == INSTANT_NONE && instance->event->shares_uid)
		of = when_instant(&instance->event->start, NULL);
	if (of != INSTANT_NONE) {
		instant[0] = '#';
		civil_rfc3339(of, instant + 1);
	}
	if (part > 0)
		return arena_printf(maker->titles->arena, "%s%s/%zu", uid, instant, part);
	more = strlen(instant) + 1;
	key = arena_alloc(maker->titles->arena, len + more);
	memcpy(key, uid, len);
	memcpy(key + len, instant, more);
	return key;
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
	if (part->class == READING_TENTATIVE || part->class == READING_UNDECIDED)
		unknown_words_add(&maker->out->unknown, maker->titles->arena, title);
	*VEC_PUSH(maker->titles->arena, &maker->out->list) = (struct reading_occurrence){
	    .start = instance->start,
	    .end = instance->end,
	    .uid = event->uid,
	    .key = make_key(maker, instance, number),
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

struct piece {
	int64_t start, end; /* wall clock */
};

/* The first time of day ${minutes} (after midnight) that is not before ${local}. */
static int64_t
next_time(int64_t local, int minutes)
{
	int64_t at = day_of(local) * DAY + (int64_t)minutes * 60;

	return at < local ? at + DAY : at;
}

/* The longest stretch of ${whole} that lies between the times of day ${from} and ${to}. */
static struct piece
between(struct piece whole, int from, int to)
{
	struct piece best = {0, 0};

	for (int64_t day = day_of(whole.start) - 1; day <= day_of(whole.end); day++) {
		int64_t start = day * DAY + (int64_t)from * 60;
		int64_t end = day * DAY + (int64_t)to * 60 + (to <= from ? DAY : 0);

		start = start > whole.start ? start : whole.start;
		end = end < whole.end ? end : whole.end;
		if (end - start > best.end - best.start)
			best = (struct piece){start, end};
	}
	return best;
}

/* The times of a shift that is given by its code. In an all-day event the shift begins on that day
 * and may run into the next morning. In an event with times it begins within them and is cut at
 * their end. Where two days fit, the shift of which most lies within the event is meant: an event
 * of 25 hours does not mean the shift that begins in its last hour. */
static struct piece
by_code(const struct event *event, struct piece whole, const struct title_part *part)
{
	int64_t lasts = ((int64_t)part->to - part->from) * 60 + (part->to <= part->from ? DAY : 0);
	struct piece found[2] = {{0, 0}, {0, 0}}; /* begins within, is mostly within */
	unsigned count[2] = {0, 0};

	if (event->start.kind == WHEN_DATE) {
		found[0].start = day_of(whole.start) * DAY + (int64_t)part->from * 60;
		found[0].end = found[0].start + lasts;
		return found[0];
	}
	for (int64_t day = day_of(whole.start); day <= day_of(whole.end); day++) {
		int64_t start = day * DAY + (int64_t)part->from * 60;
		int64_t end = start + lasts < whole.end ? start + lasts : whole.end;

		if (start < whole.start || start >= whole.end)
			continue;
		for (int i = 0; i < ((end - start) * 2 > lasts ? 2 : 1); i++) {
			found[i] = (struct piece){start, end};
			count[i]++;
		}
	}
	if (count[1] == 1)
		return found[1];
	return count[0] == 1 ? found[0] : (struct piece){0, 0}; /* two fit: not known which */
}

/* The part of ${whole} that ${part} of the title is about; empty if there is none. */
static struct piece
place(const struct event *event, struct piece whole, const struct title_part *part)
{
	struct piece piece = whole;

	if (part->span == TITLE_SHIFT || part->span == TITLE_ONLY_SHIFT)
		return by_code(event, whole, part);
	if (part->span == TITLE_BETWEEN)
		return between(whole, part->from, part->to);
	if (part->span == TITLE_UNTIL)
		piece.end = next_time(whole.start + 1, part->to);
	else if (part->span == TITLE_FROM)
		piece.start = next_time(whole.start, part->from);
	piece.end = piece.end < whole.end ? piece.end : whole.end;
	return piece.start < piece.end ? piece : (struct piece){0, 0};
}

static int
compare_pieces(const void *a, const void *b)
{
	const struct piece *left = a;
	const struct piece *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

static void
push_piece(struct maker *maker, const struct instance *instance, const struct title *title,
    const struct title_part *part, struct piece piece, size_t number)
{
	const struct zone *zone = zone_of(maker, instance);
	struct instance cut = *instance;
	struct piece whole = {zone_local(zone, instance->start), zone_local(zone, instance->end)};

	if (piece.start != whole.start)
		cut.start = zone_instant(zone, piece.start, NULL);
	if (piece.end != whole.end)
		cut.end = zone_instant(zone, piece.end, NULL);
	push(maker, &cut, title, part, number);
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
    struct piece whole, struct piece *pieces, size_t count)
{
	const struct title_part undecided = {.class = READING_UNDECIDED};
	int64_t at = whole.start;
	size_t number = part_number(instance, title, title->nparts);

	if (instance->event->start.kind == WHEN_DATE)
		return;
	qsort(pieces, count, sizeof *pieces, compare_pieces);
	for (size_t i = 0; i < count; i++) {
		if (pieces[i].start > at)
			push_piece(maker, instance, title, &undecided,
			    (struct piece){at, pieces[i].start}, number++);
		at = pieces[i].end > at ? pieces[i].end : at;
	}
	if (at < whole.end)
		push_piece(
		    maker, instance, title, &undecided, (struct piece){at, whole.end}, number);
}

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
	const struct zone *zone = zone_of(maker, instance);
	struct piece whole = {zone_local(zone, instance->start), zone_local(zone, instance->end)};
	struct piece *pieces = arena_array(maker->titles->arena, title->nparts, sizeof *pieces);

	for (size_t i = 0; i < title->nparts; i++) {
		pieces[i] = place(instance->event, whole, &title->parts[i]);
		if (instance->end - instance->start > SPLIT_MAX_SECONDS ||
		    pieces[i].start >= pieces[i].end) {
			push_undecided(maker, instance, title);
			return;
		}
	}
	for (size_t i = 0; i < title->nparts; i++) {
		struct title_part part = title->parts[i];

		part.class = occurrence_class(maker->titles, maker->faults, instance, &part);
		push_piece(
		    maker, instance, title, &part, pieces[i], part_number(instance, title, i));
	}
	push_rest(maker, instance, title, whole, pieces, title->nparts);
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
	if (part.span == TITLE_WHOLE)
		part.class = occurrence_class_by_length(
		    maker->titles, maker->faults, instance, title, part.class);
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
	    event->title != NULL ? event->title : title_read(maker->titles, event->summary);
	const struct title_part cancelled = {.class = READING_CANCELLED};

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

static int
compare_occurrences(const void *a, const void *b)
{
	const struct reading_occurrence *left = a;
	const struct reading_occurrence *right = b;
	int order;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	if (left->end != right->end)
		return left->end < right->end ? -1 : 1;
	order = strcmp(left->uid, right->uid);
	return order != 0 ? order : strcmp(left->key, right->key);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct reading_occurrence *left = *(struct reading_occurrence *const *)a;
	const struct reading_occurrence *right = *(struct reading_occurrence *const *)b;
	int order = strcmp(left->key, right->key);

	/* Cancelled occurrences come last, so that they do not change the keys of those that count. */
	if (order == 0)
		order = (left->class == READING_CANCELLED) - (right->class == READING_CANCELLED);
	return order != 0 ? order : compare_occurrences(left, right);
}

/* Numbers occurrences that have the same key, in order of time. Events that share a UID and are all
 * in force have the same keys. Returns true if any key was changed: the new key may be taken, so
 * the caller repeats. */
static bool
part_keys(struct maker *maker)
{
	struct occurrences *out = maker->out;
	struct reading_occurrence **order =
	    arena_array(maker->titles->arena, out->list.count, sizeof *order);
	bool any = false;
	const char *base;
	size_t same = 0;

	for (size_t i = 0; i < out->list.count; i++)
		order[i] = &out->list.items[i];
	qsort(order, out->list.count, sizeof *order, compare_keys);
	base = order[0]->key;
	for (size_t i = 1; i < out->list.count; i++) {
		if (strcmp(order[i]->key, base) != 0) {
			base = order[i]->key;
			same = 0;
			continue;
		}
		order[i]->key = arena_printf(maker->titles->arena, "%s~%zu", base, ++same);
		any = true;
	}
	return any;
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
	tell_long(&maker);
	if (out->list.count == 0)
		return;
	while (part_keys(&maker))
		continue;
	qsort(out->list.items, out->list.count, sizeof *out->list.items, compare_occurrences);
}
