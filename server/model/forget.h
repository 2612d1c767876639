/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/model/merge.h"

/*
 * Decides about shifts in force that a calendar does not list any more. Some publishers list only
 * what is to come: a shift vanishes from their calendar when it begins, although nobody took it
 * away. Pure.
 *
 * A shift that is over stays as it was. A shift that has not begun is superseded.
 *
 * A running shift is superseded if the calendar says so: it is cancelled, it is no longer a shift,
 * or its event or series is still in the calendar and no longer gives it (its rule ends sooner, its
 * end or its day was moved). It is undecided if its series now begins later or cannot be read. It
 * is superseded if this body lists another shift that began FORGET_SLACK_SECONDS ago or earlier, or
 * if the calendar was seen to list past shifts within FORGET_MEMORY_SECONDS and has dropped none
 * since. It is kept, marked as last read, if two earlier readings each dropped a shift that began
 * at another time, while most of what is to come stayed and no shift that had begun was listed in
 * between. In every other case it is undecided from now to its end. An absence is never made
 * undecided: it stays.
 */
#define FORGET_SLACK_SECONDS INT64_C(7200)
#define FORGET_MEMORY_SECONDS (INT64_C(35) * 86400)
#define FORGET_SURE 2

/*
 * An event that is in the calendar. It decides about the shift with the key ${key}; a series that
 * begins at ${from} also decides about shifts from then on whose keys begin with ${key} and "#". If
 * such a shift is not listed, its owner has taken it away. INSTANT_NONE: a single shift. INT64_MAX:
 * it is not known what the event says.
 */
struct forget_text {
	const char *key;
	int64_t from;
};

/* Facts about a calendar that are remembered between readings. */
struct forget_memory {
	int64_t listed_over_at; /* when it last listed a shift that was over, or INSTANT_NEVER */
	uint32_t dropped; /* readings that dropped a running shift, since one that listed a shift
			     which had begun */
	int64_t dropped_start; /* start of the last shift that was dropped, or INSTANT_NEVER */
};

struct forget_input {
	int64_t now;
	const struct merge_row *current; /* rows in force */
	size_t ncurrent;
	const struct merge_row *reading;
	size_t nreading;
	const char *const *spoken; /* keys listed that give no row (cancelled, noise); sorted */
	size_t nspoken;
	const struct forget_text *texts; /* sorted by key, then by from */
	size_t ntexts;
	bool fetched; /* fetched from its address just now, and not a stored body or a file */
	bool stored;  /* a stored body */
	struct forget_memory memory;
};

struct forget {
	/* The reading, then the rows in force that stay although it does not list them. The input
	 * of merge_make(). */
	const struct merge_row *rows;
	size_t nrows;
	size_t kept, doubted; /* by this reading */
	/* The facts to remember. */
	bool listed_over, listed_begun;
	int64_t dropped_start; /* INSTANT_NEVER: this reading dropped nothing new */
};

void forget_make(struct arena *arena, const struct forget_input *input, struct forget *out);

/* Prefixes of keys that no calendar has. "left/" and a key: the doubtful rest of that shift.
 * "again/", a start, "/" and a key: the past of an event that was moved. */
#define FORGET_LEFT "left/"
#define FORGET_ANOTHER_DAY "again/"
