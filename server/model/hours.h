/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/model/region.h"
#include "server/model/span.h"

/* Bank holidays of one set, as local days (civil_days), ascending. */
struct holidays {
	const char *set;
	const int64_t *days;
	uint32_t count;
};

/* Reads the data file (server/model/bank_holidays.csv: "set,yyyy-mm-dd,name" lines with a heading;
 * # comments) for ${set}. */
MUST_USE enum status holidays_read(struct arena *arena, struct slice csv, const char *set,
    struct holidays *out, const char **fault);

/* The bank holidays of a region: its set's, with the days that it adds and without those that it
 * removes. */
MUST_USE enum status holidays_of(struct arena *arena, struct slice csv, const struct region *region,
    struct holidays *out, const char **fault);

bool holidays_has(const struct holidays *holidays, int64_t day);

/*
 * A requirement's hours as instants inside ${window}; normalised. Hours are wall clock of ${zone}.
 * Each line belongs to the day on which it starts, also if it runs into a bank holiday. On a bank
 * holiday only lines with bank_holiday (or all) apply.
 */
struct span_times hours_expand(struct arena *arena, const struct region_requirement *requirement,
    const struct zone *zone, const struct holidays *holidays, struct span_time window);

/* The same line by line: each time that overlaps ${window}, whole and not joined with those that touch it, in the
 * order of the days on which they start. */
struct hours_lines {
	const struct region_hours *items;
	uint32_t count;
};
struct span_times hours_pieces(struct arena *arena, const struct hours_lines *lines,
    const struct zone *zone, const struct holidays *holidays, struct span_time window);

/* Converts local days (region.h) to instants: from midnight to midnight in ${zone}. */
struct span_time region_instants(const struct zone *zone, struct span_time days);
