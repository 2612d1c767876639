/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

/* Prints a reading for people: counts by class, first and last shift, zone, all-day rule, every finding with
 * its line and remedy. */
void read_print(
    const char *path, const struct reading_options *options, const struct reading *reading);

/* Prints a reading for programs, one JSON object a line: the occurrences, then the findings. */
void read_print_json(const struct reading *reading);
