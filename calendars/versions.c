#include "calendars/versions.h"

#include <stdlib.h>
#include <string.h>

static void
note(struct faults *faults, enum fault fault, const struct event *event)
{
	fault_note(faults, fault, FAULT_EVENT(event->uid, event->line), NULL, NULL);
}

/* Newest first; copies of one another side by side. */
static int
compare_versions(const void *a, const void *b)
{
	const struct event *left = *(struct event *const *)a;
	const struct event *right = *(struct event *const *)b;

	if (left->sequence != right->sequence)
		return left->sequence > right->sequence ? -1 : 1;
	if (left->start.local != right->start.local)
		return left->start.local < right->start.local ? -1 : 1;
	return (left->order > right->order) - (left->order < right->order);
}

static int64_t
latest_stamp(struct event *const *events, size_t count)
{
	int64_t latest = INT64_MIN;

	for (size_t i = 0; i < count; i++) {
		if (events[i]->dtstamp == INT64_MIN)
			return INT64_MIN; /* one without a stamp cannot be placed */
		if (events[i]->dtstamp > latest)
			latest = events[i]->dtstamp;
	}
	return latest;
}

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

static bool
same_event(const struct event *a, const struct event *b)
{
	return same_when(&a->start, &b->start) && same_when(&a->recurrence, &b->recurrence) &&
	       same_lasting(a->lasting, b->lasting) && a->first_end == b->first_end &&
	       a->status == b->status && a->away == b->away && a->sequence == b->sequence &&
	       a->this_and_future == b->this_and_future && strcmp(a->summary, b->summary) == 0 &&
	       same_repeating(a, b);
}

static bool
is_copy(struct event *const *kept, size_t count, const struct event *event)
{
	while (count-- > 0 && kept[count]->start.local == event->start.local) {
		if (!event->unreadable && same_event(kept[count], event))
			return true;
	}
	return false;
}

/* Keeps of ${events}, which stand for one thing, those that are in force; answers how many. */
static size_t
keep_newest(struct faults *faults, struct event **events, size_t count)
{
	size_t newest = 1;
	size_t kept = 0;
	size_t copies = 0;
	int64_t stamp;

	if (count < 2)
		return count;
	qsort(events, count, sizeof *events, compare_versions);
	while (newest < count && events[newest]->sequence == events[0]->sequence)
		newest++;
	stamp = latest_stamp(events, newest);
	for (size_t i = 0; i < newest; i++) {
		if (stamp != INT64_MIN && events[i]->dtstamp != stamp)
			continue;
		if (is_copy(events, kept, events[i]))
			copies++;
		else
			events[kept++] = events[i];
	}
	if (kept > 1)
		note(faults, FAULT_SAME_UID_BOTH, events[0]);
	else if (kept + copies < count)
		note(faults, FAULT_SAME_UID_OLDER, events[0]);
	return kept;
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

static void
choose_overrides(struct versions *out, struct arena *arena, struct faults *faults)
{
	struct keyed *keyed = arena_array(arena, out->noverrides, sizeof *keyed);
	size_t kept = 0;
	size_t from = 0;

	for (size_t i = 0; i < out->noverrides; i++) {
		struct event *event = out->overrides[i];
		bool known = event->recurrence.kind != WHEN_NONE;

		keyed[i] = (struct keyed){
		    known ? when_instant(&event->recurrence, NULL) : INT64_MIN + (int64_t)i, event};
	}
	qsort(keyed, out->noverrides, sizeof *keyed, compare_keyed);
	for (size_t i = 0; i < out->noverrides; i++)
		out->overrides[i] = keyed[i].event;
	while (from < out->noverrides) {
		size_t to = from + 1;
		size_t n;

		while (to < out->noverrides && keyed[to].key == keyed[from].key)
			to++;
		n = keep_newest(faults, out->overrides + from, to - from);
		for (size_t i = 0; i < n; i++)
			out->overrides[kept++] = out->overrides[from + i];
		from = to;
	}
	out->noverrides = kept;
}

void
versions_choose(struct versions *out, struct arena *arena, struct faults *faults,
    struct event **events, size_t count)
{
	*out = (struct versions){.masters = events};
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
	out->nmasters = keep_newest(faults, out->masters, out->nmasters);
	if (out->noverrides > 0)
		choose_overrides(out, arena, faults);
}
