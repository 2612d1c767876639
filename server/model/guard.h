/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/model/merge.h"

/*
 * Whether a new body may replace the last good one without a person. A body that fails is never
 * applied. A suspicious body is held until a person has seen the difference and decides.
 */

/* Before reading: whether the body is a calendar at all, or a roster if ${csv}. NULL if it may be
 * read, else a sentence ("The address answered with a web page, not a calendar. …"). */
const char *guard_body(struct arena *arena, struct slice body, struct slice content_type, bool csv);

/* Whether a body that an address gave is read as a roster: it is neither a calendar nor a page nor the file of
 * another program, and has what divides the columns of a roster. */
bool guard_is_roster(struct slice body);

/* The media type of ${body}, which is read as a roster or as a calendar. */
const char *guard_format(struct slice body, bool roster);

/* As guard_body(), of the answer of a calendar collection (CalDAV, multistatus of RFC 4918). */
const char *guard_collection(struct arena *arena, struct slice body, struct slice content_type);

enum guard_verdict { GUARD_APPLY, GUARD_HOLD };

struct guard_input {
	int64_t now;
	const struct merge_row *current; /* rows in force */
	size_t ncurrent;
	const struct merge_row *reading;
	size_t nreading;
	uint32_t events; /* in the new body */
	const struct merge *merge;
	/* How many shifts after today the fullest reading of the last 24 hours had, and that of the
	 * last week; 0: not known. */
	uint32_t fullest_day, fullest_week;
};

/* The first day (UTC, counted from 1970) that lies wholly after ${now}. The fullest readings count
 * what begins on it or later. */
int64_t guard_first_day(int64_t now);

/*
 * Holds a reading in these cases, in this order:
 * - the calendar is empty, or nothing in it lies ahead (last year's file), where something did;
 * - at least 80 % of the shifts ahead (and 3) are exactly an hour out;
 * - more than a quarter is gone of the shifts of the next 14 days, of all shifts ahead, or of what
 *   the fullest reading of the last 24 hours or of the last week had (so that a calendar cannot
 *   shrink by a fifth at a time);
 * - nobody of those on the shifts ahead (3 and more people) is on any of them, and 3 shifts and more are of 3
 *   other people and more: the rota of another team, of which a roster's slots have the same keys;
 * - more than a quarter of the shifts that are over (and 3) read differently.
 * A shift that only has another key is not gone. A shift that is over and falls out of the calendar
 * is no change of the past. ${why} is a sentence with the numbers; it is written for GUARD_HOLD
 * only.
 */
enum guard_verdict guard_reading(
    struct arena *arena, const struct guard_input *input, const char **why);

/*
 * The same bytes, read again by other rules. Shifts that such a reading takes away are never held,
 * so only the shifts that it adds are judged. Holds it if at least 80 % of the shifts ahead (and 3)
 * would be exactly an hour out, or if more than a quarter of the shifts that are over (and 3) would
 * count now and did not. ${why} as above.
 */
enum guard_verdict guard_again(
    struct arena *arena, const struct guard_input *input, const char **why);

/* Makes doubtful each of ${rows}, the reading, that would be cover and is not in force: a person's
 * shift becomes tentative, a team's undecided. Returns how many. */
size_t guard_withhold(struct arena *arena, const struct guard_input *input, struct merge_row *rows);
