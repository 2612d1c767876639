/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/sheet.h"

/* The heading in the line ${upper} that is above column ${at}. An empty cell belongs to the one before it, as merged
 * cells are exported. NULL: none, also where the line has one cell only and is a title, or ${upper} is NULL. */
const char *roster_upper(struct arena *arena, const struct sheet_row *upper, size_t at);

/* Whether a heading of ${row} stands there twice. All columns then have to be named with the line above them: the
 * reading looks for all of a rota's columns in one line, or in two that are put together. */
bool roster_needs_upper(struct arena *arena, const struct sheet_row *row);

/* The headings of ${row}, for a finding; one that stands more than once with the one above it, as "column" of a grid
 * may name it: "Night / AMHP". */
const char *roster_list_columns(
    struct arena *arena, const struct sheet_row *upper, const struct sheet_row *row);
