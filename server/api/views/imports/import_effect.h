/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/parts/effect_gaps.h"
#include "server/base/arena.h"
#include "server/map/cover.h"
#include "server/pg/pg.h"

/*
 * The effect that an import would have on the map if it were applied now: the times that would
 * become uncovered, and those that would no longer be. Worked out from the snapshot with the rota's
 * shifts exchanged. Pure.
 */
struct import_effect {
	const struct effect_gap *opens, *closes; /* by start */
	size_t nopens, ncloses;
};

/* The shifts that ${rota} would have. ${last_good_at}: when its source would have been checked;
 * INSTANT_NEVER as well. */
struct import_after {
	uint32_t rota;
	struct rota_block *block;
	int64_t horizon, last_good_at;
};

/* From ${now} on. ${map} is borrowed and not changed. */
void import_effect(struct arena *arena, const struct snapshot *map,
    const struct import_after *after, int64_t now, struct import_effect *out);

/*
 * The judge of whether an import may be put in force, or undone, without a reason: what that would
 * open within 7 days of ${now}, and which overrides it would put into dispute (${rows}: of
 * import_outcome), in sentences, in ${arena}; NULL: neither. Every view that shows, confirms,
 * applies or undoes an import uses this.
 */
#define IMPORT_SOON_SECONDS (7 * (int64_t)86400)
const char *import_objection(struct arena *arena, const struct snapshot_region *setup,
    const struct import_effect *effect, const struct pg_rows *rows, int64_t now);

/* An int8[] as its ascending items; NULL and 0 if it is null. */
int64_t *import_superseded(
    struct arena *arena, const struct pg_rows *rows, unsigned column, size_t *count);

/* The effect of a decision on its rota: the shifts that it takes away, and the rows of
 * import_outcome. */
struct import_rows {
	const int64_t *superseded; /* ascending */
	size_t nsuperseded;
	const struct pg_rows *rows;
	bool whole; /* they are the whole rota, even if there are none */
};

/* ${rota} as it would be: as the database tried it, where overrides could be touched; else its
 * shifts without those that would be superseded, and the new ones, which have no row yet: numbered
 * below zero. One reference, yours. */
struct rota_block *import_candidate(
    const struct snapshot *map, uint32_t rota, const struct import_rows *from);

/* Whether row ${row} says what becomes of an override, and not a shift. */
bool import_row_is_override(const struct pg_rows *rows, size_t row);
