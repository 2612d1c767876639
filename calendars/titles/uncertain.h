/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title.h"

/*
 * Words of doubt in sentences. In a title any word of doubt leaves the shift undecided. In a sentence most of
 * them are ordinary words ("ask for the keys", "the old desk"), and only those count that say in any sentence
 * that it is not yet certain: TBC, provisional, if needed, "?".
 */

/* Those phrases, in the spelling of the lexicon, where each is one of doubt. A "?" counts as one. NULL-terminated. */
extern const char *const uncertain_phrases[];

/* The first such phrase of ${text} as it is written, in the arena of ${titles}; NULL: there is none. */
const char *uncertain_phrase(struct titles *titles, const char *text);

/* Whether a clause that may be about something else than who comes ("Room TBC") has such a phrase at token ${at},
 * where its subject stands, or anywhere if a name stands there. */
bool uncertain_clause(struct titles *titles, const struct tokens *tokens, size_t at);
