/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/model/merge.h"

/*
 * What becomes of shifts in force that a calendar does not list any more. Some publishers list only
 * what is to come: from those a shift vanishes when it begins, and nobody has taken it away. Pure.
 *
 * What is over stays as it is known. What is still to come goes. A running shift goes if the
 * calendar says so: it is cancelled, it is no shift any more, or its event or series still stands
 * in the calendar and does not yield it (its rule ends sooner, its end or its day was moved). It is
 * undecided if its series is there and begins later now, or cannot be read. It goes if this very
 * body lists something else that began FORGET_SLACK_SECONDS ago or earlier, or if the calendar was
 * seen to list what is over within FORGET_MEMORY_SECONDS and has dropped nothing since. It is kept
 * on as it was last read once two shifts that began at different times were dropped before it, one
 * reading each, while most of what is to come stayed and nothing that had begun was listed in
 * between. Else nobody can tell: from now to its end it is undecided. An absence is never doubted:
 * it stays.
 */
#define FORGET_SLACK_SECONDS INT64_C(7200)
#define FORGET_MEMORY_SECONDS (INT64_C(35) * 86400)
#define FORGET_SURE 2

/*
 * An event that stands in the calendar. It speaks of the shift whose key is ${key}; a series that
 * begins at ${from}, also of those whose keys begin with it and "#", from then on. What it does not
 * yield, its owner has taken away. INSTANT_NONE: a single shift; INT64_MAX: what it says cannot be
 * told.
 */
struct forget_text {
	const char *key;
	int64_t from;
};

/* What is remembered of a calendar. */
struct forget_memory {
	int64_t listed_over_at; /* when it last listed what is over; INSTANT_NEVER: never */
	uint32_t dropped; /* readings that dropped what began, since something begun was listed */
	int64_t dropped_start; /* start of the last shift that was; INSTANT_NEVER */
};

struct forget_input {
	int64_t now;
	const struct merge_row *current; /* rows in force */
	size_t ncurrent;
	const struct merge_row *reading;
	size_t nreading;
	const char *const
	    *spoken; /* keys of what is listed and is no row: cancelled, noise; sorted */
	size_t nspoken;
	const struct forget_text *texts; /* sorted by key, then by from */
	size_t ntexts;
	bool fetched; /* its address gave it just now; else it is a stored body, or a file */
	bool stored;  /* a stored body */
	struct forget_memory memory;
};

struct forget {
	/* The reading, and behind it what stays in force besides: for merge_make(). */
	const struct merge_row *rows;
	size_t nrows;
	size_t kept, doubted; /* newly */
	/* What was learnt from it. */
	bool listed_over, listed_begun;
	int64_t dropped_start; /* INSTANT_NEVER: nothing was dropped that was not before */
};

void forget_make(struct arena *arena, const struct forget_input *input, struct forget *out);

/* How keys begin that no calendar has: of what is doubtful of the shift of the key behind it; of an
 * event that was moved, and of which the past keeps the key ("again/", the start, "/", the key). */
#define FORGET_LEFT "left/"
#define FORGET_ANOTHER_DAY "again/"
