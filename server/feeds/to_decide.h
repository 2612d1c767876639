/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "calendars/reading.h"
#include "server/base/arena.h"

#define TO_DECIDE_MAX 500

/*
 * The names in undecided titles, each with what a person needs to decide who is meant, by first
 * start; at most TO_DECIDE_MAX:
 *
 *   [{"name": "JJ", "kind": "name", "fits": "several", "count": 4, "titles": ["AMHP JJ", …],
 *     "first_start": "…"}, …]
 *
 * Whether it fits nobody ("nobody") or more than one ("several") of the directory, in how many
 * shifts it is, some of their titles, the first of them. A title with a word that nobody knows but
 * no name to be seen is listed whole, with the kind "title".
 */
json_t *people_to_match_of(
    struct arena *arena, const struct reading *reading, const struct reading_options *options);

/*
 * All that is left to decide, those with the most shifts first, at most TO_DECIDE_MAX:
 *
 *   [{"kind": "word", "words": "Surge-AM", "count": 12, "example": "AMHP Surge-AM J Jones"},
 *    {"kind": "zone", "words": "Custom Zone 1", "count": 7},
 *    {"kind": "date_order", "count": 30, "dates": [{"line": 2, "written": "07/12/2026", "dmy":
 *     "2026-12-07", "mdy": "2026-07-12"}, …]}, …]
 *
 * A "word" is one of titles that nobody knows: it can be decided what it means, or whom. A name
 * that fits several people ("name") is listed as it is; so is a whole title ("title") that has no
 * words to decide about, or that names somebody and would count if it were decided. Counts are of
 * shifts; of a zone and of dates, of events.
 */
json_t *to_decide_of(
    struct arena *arena, const struct reading *reading, const struct reading_options *options);
