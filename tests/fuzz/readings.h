/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

/* Code shared by the fuzz targets of calendars. */

/* The machine's zones, opened once a process. The libraries have loaded what they load lazily. */
const struct reading_tools *readings_tools(void);

/* A London rota over 2026 with a small directory. Bits of ${flags} turn on the all-day rule (1),
 * tentative counts (2), an absence calendar (4), no directory (8), shift codes (16), decided words
 * and names of the region (32). */
struct reading_options readings_options(enum reading_kind kind, unsigned flags);

/* Ends the process if ${reading} breaks a promise of reading.h. */
void readings_check(const struct reading_options *options, const struct reading *reading);

/* Reads ${bytes} as a sealed child and its receiver do, and checks the result. */
void readings_try(const struct reading_options *options, struct slice bytes);
