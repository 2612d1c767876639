/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"

/*
 * Compares a new reading with the rows in force: which rows to add and which to supersede. Rows are
 * matched by key and compared in everything but id. Rows in force that are wholly before the window
 * are the past and stay.
 */
struct merge_row {
	int64_t id; /* of the row in force; 0 in a reading */
	const char *key;
	int64_t start, end;
	const char *class;        /* "named", … */
	const char *person;       /* or NULL */
	const char *title, *team; /* or NULL */
	bool as_last_read;        /* its calendar no longer lists it (forget.h) */
};

/* 64-bit hash of everything but the id. */
uint64_t merge_hash(const struct merge_row *row);

/* The kind of a change to the row of a key: another person is MERGE_PERSON, whatever else changed;
 * another interval is MERGE_MOVED; anything else is MERGE_OTHER. */
enum merge_kind { MERGE_ADDED, MERGE_REMOVED, MERGE_MOVED, MERGE_PERSON, MERGE_OTHER };
const char *merge_kind_name(
    enum merge_kind kind); /* "added", "removed", "moved", "person_changed", "other" */

struct merge_change {
	enum merge_kind kind;
	const struct merge_row *before, *after; /* NULL for added, removed */
};

struct merge {
	/* for people; sorted by start (the new start, if there is one) */
	const struct merge_change *changes;
	size_t nchanges;
	const int64_t *superseded; /* ids of rows whose known time ends */
	size_t nsuperseded;
	const struct merge_row *const
	    *added; /* rows to write, including the new form of changed rows */
	size_t nadded;
	size_t counts[MERGE_OTHER + 1];
};

struct merge_rows {
	const struct merge_row *items;
	size_t count;
};

/* ${window_start}: rows in force that end at or before it are left alone. The caller guarantees
 * that keys are unique on each side, and that no row of the reading has the key of a row that is
 * left alone. */
void merge_make(struct arena *arena, struct merge_rows current, struct merge_rows reading,
    int64_t window_start, struct merge *out);
