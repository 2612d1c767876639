/* SPDX-License-Identifier: MIT */
#include "calendars/versions.h"

#include <stdlib.h>
#include <string.h>

static void
note(struct faults *faults, enum fault fault, const struct event *event)
{
	fault_note(faults, fault, FAULT_EVENT(event->uid, event->line), NULL, NULL);
}

/* Sorts newest first, and copies next to each other. */
static int
compare_versions(const void *a, const void *b)
{
	const struct event *left = *(struct event *const *)a;
	const struct event *right = *(struct event *const *)b;

	if (left->sequence != right->sequence)
		return left->sequence > right->sequence ? -1 : 1;
	/* Copies stand together, so that find_copy() need only look back over equal starts. */
	if (left->start.local != right->start.local)
		return left->start.local < right->start.local ? -1 : 1;
	return (left->order > right->order) - (left->order < right->order);
}

static int64_t
latest_stamp(struct event *const *events, size_t count)
{
	int64_t latest = INSTANT_NONE;

	for (size_t i = 0; i < count; i++) {
		if (events[i]->dtstamp == INSTANT_NONE)
			return INSTANT_NONE; /* without a stamp its age is not known */
		if (events[i]->dtstamp > latest)
			latest = events[i]->dtstamp;
	}
	return latest;
}

/* The zone is part of it: 09:00 in two zones is two times. */
static bool
same_when(const struct when *a, const struct when *b)
{
	return a->kind == b->kind && a->local == b->local && a->zone == b->zone;
}

static bool
same_lasting(struct lasting a, struct lasting b)
{
	return a.wall == b.wall && a.exact == b.exact;
}

/* Rules are compared as they are written. Two spellings of one rule are two versions, with a
 * finding, and not a copy that is dropped silently. */
static bool
same_repeating(const struct event *a, const struct event *b)
{
	if (a->scanned->rules.count != b->scanned->rules.count ||
	    a->rdates.count != b->rdates.count || a->exdates.count != b->exdates.count)
		return false;
	for (size_t i = 0; i < a->scanned->rules.count; i++) {
		if (strcmp(a->scanned->rules.items[i], b->scanned->rules.items[i]) != 0)
			return false;
	}
	for (size_t i = 0; i < a->rdates.count; i++) {
		const struct rdate *left = &a->rdates.items[i];
		const struct rdate *right = &b->rdates.items[i];

		if (!same_when(&left->start, &right->start) || left->has_end != right->has_end ||
		    !same_lasting(left->lasting, right->lasting))
			return false;
	}
	for (size_t i = 0; i < a->exdates.count; i++) {
		if (!same_when(&a->exdates.items[i], &b->exdates.items[i]))
			return false;
	}
	return true;
}

/* Who has declined decides whether a shift counts, so that two events which differ in it are no
 * copies. */
static bool
same_declined(const struct event *a, const struct event *b)
{
	if (a->scanned->declined.count != b->scanned->declined.count)
		return false;
	for (size_t i = 0; i < a->scanned->declined.count; i++) {
		if (strcmp(a->scanned->declined.items[i], b->scanned->declined.items[i]) != 0)
			return false;
	}
	return true;
}

static bool
same_event(const struct event *a, const struct event *b)
{
	/* DTSTAMP is not compared: exports of one event made twice differ in it. Only events of one
	 * SEQUENCE come here. */
	return same_when(&a->start, &b->start) && same_when(&a->recurrence, &b->recurrence) &&
	       same_lasting(a->lasting, b->lasting) && a->first_end == b->first_end &&
	       a->status == b->status && a->away == b->away &&
	       a->this_and_future == b->this_and_future && strcmp(a->summary, b->summary) == 0 &&
	       same_declined(a, b) && same_repeating(a, b);
}

/* The event among ${kept} of which ${event} is a copy; NULL if there is none. */
static struct event *
find_copy(struct event *const *kept, size_t count, const struct event *event)
{
	while (count-- > 0 && kept[count]->start.local == event->start.local) {
		if (!event->unreadable && same_event(kept[count], event))
			return kept[count];
	}
	return NULL;
}

/* Superseded events are still read: what they say is undecided, not gone. */
static void
set_aside(struct event **events, size_t count)
{
	for (size_t i = 0; i < count; i++)
		events[i]->superseded = true;
}

/* If one of several versions is cancelled, and nothing tells which is the last, the others may be
 * cancelled: they become superseded, that is, undecided. */
static void
doubt_cancelled(struct event **events, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (events[i]->status == EVENT_CANCELLED) {
			set_aside(events, count);
			return;
		}
	}
}

/* Keeps those of ${events}, all versions of one thing, that are in force. Returns how many. */
static size_t
keep_newest(struct faults *faults, struct event **events, size_t count)
{
	size_t newest = 1;
	size_t kept = 0;
	size_t copies = 0;
	struct event *copy;
	int64_t stamp;

	if (count < 2)
		return count;
	qsort(events, count, sizeof *events, compare_versions);
	/* The first rule: the highest SEQUENCE (RFC 5546 2.1.4). */
	while (newest < count && events[newest]->sequence == events[0]->sequence)
		newest++;
	/* DTSTAMP only settles it if all of them have one. */
	stamp = latest_stamp(events, newest);
	for (size_t i = 0; i < newest; i++) {
		if (stamp != INSTANT_NONE && events[i]->dtstamp != stamp)
			continue;
		copy = find_copy(events, kept, events[i]);
		if (copy == NULL)
			events[kept++] = events[i];
		else if (copy->dtstamp != events[i]->dtstamp)
			copy->dtstamp =
			    INSTANT_NONE; /* neither: else the order of the file would decide */
		copies += copy != NULL;
	}
	/* Of the versions that are left nothing tells which is the last. */
	doubt_cancelled(events, kept);
	if (kept == 1 && kept + copies < count)
		note(faults, FAULT_SAME_UID_OLDER, events[0]);
	return kept;
}

/* Of versions that differ, none of them newer: two may be one shift before and after a change, so
 * neither counts. If there are more, or ${many} shifts have the UID, a program gives its shifts one
 * UID, and all are in force. */
static void
settle_rivals(struct faults *faults, struct event **events, size_t count, bool many)
{
	if (count == 2 && !many) {
		for (size_t i = 0; i < count; i++)
			events[i]->rival = true;
		note(faults, FAULT_SAME_UID_EITHER, events[0]);
	} else if (count > 1)
		note(faults, FAULT_SAME_UID_BOTH, events[0]);
}

struct keyed {
	int64_t key;
	struct event *event;
};

static int
compare_keyed(const void *a, const void *b)
{
	const struct keyed *left = a;
	const struct keyed *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->event->order > right->event->order) -
	       (left->event->order < right->event->order);
}

struct groups {
	bool shared;          /* in: one UID may be that of many shifts */
	size_t count, second; /* out: how many; where the second begins */
};

/* How many of ${keyed} have the key of the one at ${from}. */
static size_t
run_of(const struct keyed *keyed, size_t count, size_t from)
{
	size_t to = from + 1;

	while (to < count && keyed[to].key == keyed[from].key)
		to++;
	return to - from;
}

static size_t
count_keys(const struct keyed *keyed, size_t count)
{
	size_t keys = 0;

	for (size_t i = 0; i < count; i += run_of(keyed, count, i))
		keys++;
	return keys;
}

/* Sorts ${events} by ${keyed}, and keeps of those with one key the ones in force. Returns how many. */
static size_t
keep_of_each(struct faults *faults, struct keyed *keyed, struct event **events, size_t count,
    struct groups *groups)
{
	size_t kept = 0, from = 0;
	bool many;

	groups->count = groups->second = 0;
	qsort(keyed, count, sizeof *keyed, compare_keyed);
	for (size_t i = 0; i < count; i++)
		events[i] = keyed[i].event;
	many = groups->shared && count_keys(keyed, count) > 2;
	while (from < count) {
		size_t run = run_of(keyed, count, from);
		size_t n = keep_newest(faults, events + from, run);

		settle_rivals(faults, events + from, n, many);
		if (++groups->count == 2)
			groups->second = kept;
		for (size_t i = 0; i < n; i++)
			events[kept++] = events[from + i];
		from += run;
	}
	return kept;
}

static void
choose_overrides(struct versions *out, struct arena *arena, struct faults *faults)
{
	struct keyed *keyed = arena_array(arena, out->noverrides, sizeof *keyed);
	struct groups groups = {.shared = false};

	for (size_t i = 0; i < out->noverrides; i++) {
		struct event *event = out->overrides[i];
		bool known = event->recurrence.kind != WHEN_NONE;

		keyed[i] = (struct keyed){
		    /* A change whose RECURRENCE-ID cannot be read is a version of no other: each
		     * gets a key of its own, below every instant. */
		    known ? when_instant(&event->recurrence, NULL) : INT64_MIN + (int64_t)i, event};
	}
	out->noverrides = keep_of_each(faults, keyed, out->overrides, out->noverrides, &groups);
}

/* The start by which events are grouped. An event whose start cannot be read is a group of its
 * own. */
static int64_t
begins(const struct event *event)
{
	return event->start.zone != NULL ? when_instant(&event->start, NULL) : INSTANT_NONE;
}

/* Compares the age of two groups: 1 if ${a} is newer, -1 if it is older, 0 if nothing tells. */
static int
compare_age(struct event *const *a, size_t na, struct event *const *b, size_t nb)
{
	int64_t left = latest_stamp(a, na), right = latest_stamp(b, nb);

	if (a[0]->sequence != b[0]->sequence)
		return a[0]->sequence > b[0]->sequence ? 1 : -1;
	if (left == INSTANT_NONE || right == INSTANT_NONE)
		return 0;
	return (left > right) - (left < right);
}

/* One UID at two times may be two shifts, or one shift that was moved and whose old event was not
 * deleted. The older is undecided; both are if nothing tells which is older. */
static void
settle_two(struct faults *faults, struct event **events, size_t second, size_t count)
{
	int age = compare_age(events, second, events + second, count - second);

	if (age <= 0)
		set_aside(events, second);
	if (age >= 0)
		set_aside(events + second, count - second);
	note(faults, age == 0 ? FAULT_SAME_UID_UNCLEAR : FAULT_SAME_UID_TWO, events[0]);
}

/*
 * Chooses among events of one UID without RECURRENCE-ID. Events with the same start are versions of
 * one event. With three or more starts, the program gives all its shifts one UID, and all are in
 * force.
 */
static void
choose_masters(struct versions *out, struct arena *arena, struct faults *faults)
{
	struct keyed *keyed = arena_array(arena, out->nmasters, sizeof *keyed);
	struct groups groups = {.shared = true};

	for (size_t i = 0; i < out->nmasters; i++)
		keyed[i] = (struct keyed){begins(out->masters[i]), out->masters[i]};
	out->nmasters = keep_of_each(faults, keyed, out->masters, out->nmasters, &groups);
	for (size_t i = 0; groups.count > 1 && i < out->nmasters; i++)
		out->masters[i]->shares_uid = true;
	if (groups.count == 2)
		settle_two(faults, out->masters, groups.second, out->nmasters);
	else if (groups.count > 2)
		note(faults, FAULT_SAME_UID_MANY, out->masters[0]);
}

void
versions_choose(struct versions *out, struct arena *arena, struct faults *faults,
    struct event **events, size_t count)
{
	*out = (struct versions){.masters = events};
	/* By far the most events: one of its UID, no change. It stays where it is, without a
	 * copy. */
	if (count == 1 && !events[0]->is_override) {
		out->nmasters = 1;
		return;
	}
	out->masters = arena_array(arena, count, sizeof *out->masters);
	out->overrides = arena_array(arena, count, sizeof *out->overrides);
	for (size_t i = 0; i < count; i++) {
		if (events[i]->is_override)
			out->overrides[out->noverrides++] = events[i];
		else
			out->masters[out->nmasters++] = events[i];
	}
	if (out->nmasters > 1)
		choose_masters(out, arena, faults);
	if (out->noverrides > 0)
		choose_overrides(out, arena, faults);
}
