#pragma once

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/feeds/notes.h"
#include "server/model/merge.h"

/* The parts of a reading that the database keeps as documents. The texts are JSON in ${arena}. */

/* What people are told of a reading, and its horizon: the argument of reading_add(). ${about}: what
 * is told of it besides, and remembered; NULL of a reading that is refused. */
const char *read_json_reading(struct arena *arena, const struct reading *reading,
    const struct reading_options *options, const struct notes_about *about);

/*
 * What an import would change: {"counts": {"added": 2, …}, "changes": [{"kind", "before", "after"},
 * …], "new_people": ["J Doe", …]}. At most READ_JSON_CHANGES_MAX changes and as many names; counts
 * count them all. New people are names in titles that the directory does not know.
 */
#define READ_JSON_CHANGES_MAX 500
const char *read_json_diff(
    struct arena *arena, const struct merge *merge, const struct reading *reading);
