/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

/* For people: counts by class, first and last shift, zone, all-day rule, every finding with line
 * and remedy. */
void read_print(
    const char *path, const struct reading_options *options, const struct reading *reading);

/* One JSON object a line: occurrences, then findings (contract 5). */
void read_print_json(const struct reading *reading);
