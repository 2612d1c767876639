/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

/* Reads ${bytes} with ${options} (NULL: of support_roster_options()): "2: J Jones[struck]|2026-12-01" for each
 * row, by "\n"; "refused: " and the reason; in ${arena}. */
const char *book_show(
    struct arena *arena, struct slice bytes, const struct reading_options *options);
