/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/status.h"
#include "server/model/forget.h"
#include "server/model/merge.h"

/*
 * The shifts that a reading makes, as rows. Noise and cancelled occurrences make none. A finding
 * about an event that cannot be read makes a row of class `unreadable` over the event's time, or
 * over the whole window if that is not known, so that cover is unknown there and not missing.
 */
struct read_rows {
	struct merge_row *items;
	size_t count;
	struct read_rows_key *keys; /* of the occurrences, as the calendar has them, sorted */
	size_t nkeys;
	const char **spoken; /* keys of occurrences that make no row, sorted */
	size_t nspoken;
	struct forget_text *texts; /* the events of the calendar, sorted by key, then by from */
	size_t ntexts;
};

/* The longest key that the database keeps. */
#define READ_ROWS_KEY_MAX 600

/* Everything lives in ${arena}. STATUS_MALFORMED: the reading breaks a promise (two occurrences of
 * one key, a person's cover without a person), so its maker is not to be believed. Keys are unique.
 */
MUST_USE enum status read_rows_make(struct arena *arena, const struct reading *reading,
    const struct reading_options *options, struct read_rows *out);

/*
 * A rota in force may have a row under ${key} that lies before the window: an event that is over
 * and was moved to another day since. The old row is the past and stays; the row of the reading
 * gets a key of its own, the same each time.
 */
void read_rows_part_from_past(struct arena *arena, struct read_rows *rows, const char *key);
