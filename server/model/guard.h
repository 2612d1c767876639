/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/model/merge.h"

/*
 * Whether a new body may replace the last good one by itself. A body that fails is never applied; a
 * body that is suspicious is held until a person decides with the difference in front of them.
 */

/* Before reading: is this a calendar at all? NULL if it may be read, else a sentence ("The address
 * answered with a web page, not a calendar. …"). ${csv}: a roster is expected instead. */
const char *guard_body(struct arena *arena, struct slice body, struct slice content_type, bool csv);

enum guard_verdict { GUARD_APPLY, GUARD_HOLD };

struct guard_input {
	int64_t now;
	const struct merge_row *current; /* rows in force */
	size_t ncurrent;
	const struct merge_row *reading;
	size_t nreading;
	uint32_t events; /* in the new body */
	const struct merge *merge;
	/* How many shifts of the days after today the fullest reading of the last 24 hours had, and
	 * of the last week; 0: not known. */
	uint32_t fullest_day, fullest_week;
};

/* The first day, counted from 1970 in UTC, that lies wholly ahead: of what begins on it and later
 * the fullest readings are counted. */
int64_t guard_first_day(int64_t now);

/*
 * Held, in this order: the calendar is empty or none of it lies ahead (last year's file), where
 * something did; at least 80 % of the shifts that lie ahead (and 3) are exactly an hour out; more
 * than a quarter of the shifts of the next 14 days gone, or of all that lie ahead, or of what the
 * fullest reading of the last 24 hours or of the last week had (so that what goes a fifth at a time
 * is held as well); more than a quarter of the shifts that are
 * over (and 3) read otherwise. A shift that only goes by another key is not gone, and one that is
 * over and falls out of the calendar rewrites nothing. ${why} is a sentence naming the numbers,
 * written for GUARD_HOLD only.
 */
enum guard_verdict guard_reading(
    struct arena *arena, const struct guard_input *input, const char **why);

/*
 * The same bytes, read again by other rules: what that takes away is never held, so only what it
 * would add is looked at. Held: at least 80 % of the shifts that lie ahead (and 3) would be exactly
 * an hour out; or shifts that are over (3, and more than a quarter of them) would count and did
 * not. ${why} as above.
 */
enum guard_verdict guard_again(
    struct arena *arena, const struct guard_input *input, const char **why);

/* Makes doubtful what of ${rows}, the reading, would be cover that the rows in force are not: a
 * person's shift becomes tentative, a team's undecided. Answers how many those are. */
size_t guard_withhold(struct arena *arena, const struct guard_input *input, struct merge_row *rows);
