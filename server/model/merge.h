/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"

/*
 * A new reading against the rows in force: what to add and what to supersede, nothing else. Rows
 * meet by key and are compared in everything but id. Rows in force that lie wholly before the
 * window are the past: they stay.
 */
struct merge_row {
	int64_t id; /* of the row in force; 0 in a reading */
	const char *key;
	int64_t start, end;
	const char *class;        /* "named", … */
	const char *person;       /* or NULL */
	const char *title, *team; /* or NULL */
	bool as_last_read;        /* its calendar lists it no longer (forget.h) */
};

/* 64-bit hash of everything but id. */
uint64_t merge_hash(const struct merge_row *row);

/* Of one key: another person is MERGE_PERSON (whatever else differs), another interval MERGE_MOVED,
 * anything else MERGE_OTHER. */
enum merge_kind { MERGE_ADDED, MERGE_REMOVED, MERGE_MOVED, MERGE_PERSON, MERGE_OTHER };
const char *merge_kind_name(
    enum merge_kind kind); /* "added", "removed", "moved", "person_changed", "other" */

struct merge_change {
	enum merge_kind kind;
	const struct merge_row *before, *after; /* NULL for added, removed */
};

struct merge {
	const struct merge_change
	    *changes; /* for people: by start (the new one, if there is one) */
	size_t nchanges;
	const int64_t *superseded; /* ids of rows whose time of being known ends */
	size_t nsuperseded;
	const struct merge_row *const
	    *added; /* rows to write (also the new form of changed ones) */
	size_t nadded;
	size_t counts[MERGE_OTHER + 1];
};

/* ${window_start}: rows in force that end at or before it are left alone. Keys are unique on each
 * side (the caller's promise), and no row of the reading has the key of one that is left alone. */
void merge_make(struct arena *arena, const struct merge_row *current, size_t ncurrent,
    const struct merge_row *reading, size_t nreading, int64_t window_start, struct merge *out);
