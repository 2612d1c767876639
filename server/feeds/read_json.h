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
 * What an import would change, and what is open in it:
 *
 *   {"counts": {"added": 2, …}, "changes": [{"kind", "before", "after"}, …], "new_people": ["J
 * Doe", …], "people_to_match": [{"name": "JJ", "kind": "name", "fits": "several", "count": 4,
 *    "titles": ["AMHP JJ", …], "first_start": "…"}, …]}
 *
 * New people are names in undecided titles. People to match are those names again, each with what a
 * person needs to say who it is: whether it fits nobody ("nobody") or more than one ("several") of
 * the directory, in how many shifts it stands, some of their titles, the first of them. A title
 * with a word that nobody knows but no name to be seen is there whole, its kind "title". At most
 * READ_JSON_CHANGES_MAX changes and as many names of either list; counts count them all.
 */
#define READ_JSON_CHANGES_MAX 500
const char *read_json_diff(struct arena *arena, const struct merge *merge,
    const struct reading *reading, const struct reading_options *options);
