/* SPDX-License-Identifier: MIT */
#include "server/model/merge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/hash.h"
#include "server/base/instant.h"
#include "server/base/vec.h"

/* The names are part of the API. */
const char *
merge_kind_name(enum merge_kind kind)
{
	static const char *const names[] = {
	    [MERGE_ADDED] = "added",
	    [MERGE_REMOVED] = "removed",
	    [MERGE_MOVED] = "moved",
	    [MERGE_PERSON] = "person_changed",
	    [MERGE_OTHER] = "other",
	};

	return names[kind];
}

/* hash_string() includes the NUL, so that "ab" and "c" differ from "a" and "bc". NULL has a byte
 * that never occurs in UTF-8. */
static uint64_t
hash_field(uint64_t hash, const char *text)
{
	return text != NULL ? hash_string(hash, text) : hash_bytes(hash, "\xff", 1);
}

uint64_t
merge_hash(const struct merge_row *row)
{
	uint64_t hash = HASH_START;

	hash = hash_field(hash, row->key);
	hash = hash_bytes(hash, &row->start, sizeof row->start);
	hash = hash_bytes(hash, &row->end, sizeof row->end);
	hash = hash_bytes(hash, &row->as_last_read, sizeof row->as_last_read);
	hash = hash_field(hash, row->class);
	hash = hash_field(hash, row->person);
	hash = hash_field(hash, row->title);
	return hash_field(hash, row->team);
}

/* Two that are missing are the same: a shift of a team has no person on either side. */
static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Compares all fields, not hashes: strangers write the calendars, and could craft a collision. The
 * key is not compared: rows of equal keys are compared. */
static bool
is_same_row(const struct merge_row *a, const struct merge_row *b)
{
	return a->start == b->start && a->end == b->end && a->as_last_read == b->as_last_read &&
	       same(a->class, b->class) && same(a->person, b->person) && same(a->title, b->title) &&
	       same(a->team, b->team);
}

/* Another person is the most important change: it must not be shown as another time. */
static enum merge_kind
kind_of(const struct merge_row *before, const struct merge_row *after)
{
	if (!same(before->person, after->person))
		return MERGE_PERSON;
	if (before->start != after->start || before->end != after->end)
		return MERGE_MOVED;
	return MERGE_OTHER;
}

struct merging {
	struct merge_change *changes;
	size_t nchanges;
	int64_t *superseded;
	size_t nsuperseded;
	const struct merge_row **added;
	size_t nadded;
};

static void
note(struct merging *m, enum merge_kind kind, const struct merge_row *before,
    const struct merge_row *after)
{
	m->changes[m->nchanges++] = (struct merge_change){kind, before, after};
	/* A change of a row supersedes the old one and adds the new one: rows are never edited. */
	if (before)
		m->superseded[m->nsuperseded++] = before->id;
	if (after)
		m->added[m->nadded++] = after;
}

static int
by_key(const void *a, const void *b)
{
	const struct merge_row *const *left = a, *const *right = b;

	return strcmp((*left)->key, (*right)->key);
}

/* Sorts rows by key. Strangers choose the keys: they could make a hash table slow, but not a
 * sort. */
static const struct merge_row **
sorted(struct arena *arena, const struct merge_row *rows, size_t count, int64_t after, size_t *n)
{
	const struct merge_row **out = arena_array(arena, count, sizeof *out);
	size_t i;

	*n = 0;
	/* Rows that are over before the window are not in the reading, and stay. */
	for (i = 0; i < count; i++)
		if (rows[i].end > after)
			out[(*n)++] = &rows[i];
	if (*n > 1)
		qsort(out, *n, sizeof *out, by_key);
	return out;
}

/* A row that was removed is sorted by where it was. */
static const struct merge_row *
row_of(const struct merge_change *change)
{
	return change->after ? change->after : change->before;
}

static int
by_start(const void *a, const void *b)
{
	const struct merge_row *left = row_of(a), *right = row_of(b);

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	/* Two may begin at once; their order must not depend on how qsort() works. */
	return strcmp(left->key, right->key);
}

static void
finish(struct merging *m, struct merge *out)
{
	size_t i;

	if (m->nchanges > 1)
		qsort(m->changes, m->nchanges, sizeof *m->changes, by_start);
	*out = (struct merge){
	    .changes = m->changes,
	    .nchanges = m->nchanges,
	    .superseded = m->superseded,
	    .nsuperseded = m->nsuperseded,
	    .added = m->added,
	    .nadded = m->nadded,
	};
	for (i = 0; i < m->nchanges; i++)
		out->counts[m->changes[i].kind]++;
}

void
merge_make(struct arena *arena, struct merge_rows current, struct merge_rows reading,
    int64_t window_start, struct merge *out)
{
	size_t nold, nnew, i = 0, j = 0;
	const struct merge_row **old =
	    sorted(arena, current.items, current.count, window_start, &nold);
	const struct merge_row **new =
	    sorted(arena, reading.items, reading.count, INSTANT_BEGINNING, &nnew);
	struct merging m = {
	    .changes = arena_array(arena, nold + nnew, sizeof *m.changes),
	    .superseded = arena_array(arena, nold, sizeof *m.superseded),
	    .added = arena_array(arena, nnew, sizeof *m.added),
	};

	while (i < nold || j < nnew) {
		/* Both sides are sorted by key, so one pass finds what is on one side only. */
		int order = i == nold ? 1 : j == nnew ? -1 : strcmp(old[i]->key, new[j]->key);

		if (order < 0) {
			note(&m, MERGE_REMOVED, old[i++], NULL);
		} else if (order > 0) {
			note(&m, MERGE_ADDED, NULL, new[j++]);
		} else {
			if (!is_same_row(old[i], new[j]))
				note(&m, kind_of(old[i], new[j]), old[i], new[j]);
			i++;
			j++;
		}
	}
	finish(&m, out);
}
