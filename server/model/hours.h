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

/* Those a region keeps: its set's, with the days it adds and without those it removes. */
MUST_USE enum status holidays_of(struct arena *arena, struct slice csv, const struct region *region,
    struct holidays *out, const char **fault);

bool holidays_has(const struct holidays *holidays, int64_t day);

/*
 * A requirement's hours as instants inside ${window}: wall clock of ${zone}, each line belonging to
 * the day it starts on (also into a bank holiday); a bank holiday is only bank_holiday (and all).
 * Normalised.
 */
struct span_times hours_expand(struct arena *arena, const struct region_requirement *requirement,
    const struct zone *zone, const struct holidays *holidays, struct span_time window);

/* Local days (region.h) as instants: from midnight to midnight of ${zone}. */
struct span_time region_instants(const struct zone *zone, struct span_time days);
