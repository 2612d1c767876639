/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

/* Reads ${bytes} with ${options} (NULL: of support_roster_options()): "2: J Jones[struck]|2026-12-01" for each
 * row, by "\n"; "refused: " and the reason; in ${arena}. */
const char *book_show(
    struct arena *arena, struct slice bytes, const struct reading_options *options);

/* The same of the rows of the other sheets, with " cut" at the end if there may be more of them. */
const char *book_show_others(struct arena *arena, struct slice bytes);
