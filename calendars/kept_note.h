/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/lexicon.h"

/* The least of ${text}, a description with its escapes resolved, that says the same about its shift (kept.h). In
 * ${lexicon}'s arena; has no comma, semicolon, backslash or line end, and is not empty. */
const char *kept_note(const struct lexicon *lexicon, const char *text);

/* The same with no word of it: that it may say anything, or nothing. */
const char *kept_note_or_anything(const struct lexicon *lexicon, const char *text);

/* A phrase that says why somebody is away (WORD_SICK) and tells no reason. */
#define KEPT_REASON "reasonwithheld"

/* ${text} with one word of the same meaning, which tells no reason, in the place of each phrase that says why somebody
 * is away (WORD_SICK); ${text} itself if it has none. */
const char *kept_without_reasons(const struct lexicon *lexicon, const char *text);

/* ${text} with ${stand_in} in the place of each mail address, in ${arena}; ${text} itself if it has no "@". */
struct slice kept_without_addresses(struct arena *arena, struct slice text, const char *stand_in);

/* Whether ${text} is a mail address and nothing else. */
bool kept_is_address(struct slice text);
