/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/feeds/notes.h"
#include "server/feeds/to_decide.h"
#include "server/model/merge.h"

/* The parts of a reading that the database keeps as documents. The texts are JSON in ${arena}. */

/* An instant as JSON; null: none, or none that a calendar can mean. */
json_t *read_json_instant(int64_t utc);

/* The part of a reading that is shown to people, and its horizon: the argument of reading_add().
 * ${format}: the media type of its body. ${about}: the notes on it, and what is remembered; NULL of a reading that is refused. */
const char *read_json_reading(struct arena *arena, const struct reading *reading,
    const struct reading_options *options, const char *format, const struct notes_about *about);

/*
 * The changes that an import would make, and its open questions:
 *
 *   {"counts": {"added": 2, …}, "changes": [{"kind", "before", "after"}, …], "new_people": ["J
 * Doe", …], "people_to_match": […], "to_decide": […]}
 *
 * New people are names in undecided titles. The last two are those of to_decide.h. At most
 * READ_JSON_CHANGES_MAX changes and as many names; counts count them all.
 */
#define READ_JSON_CHANGES_MAX TO_DECIDE_MAX
const char *read_json_diff(struct arena *arena, const struct merge *merge,
    const struct reading *reading, const struct reading_options *options);
