/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/parts/effect_gaps.h"
#include "server/base/arena.h"
#include "server/map/cover.h"
#include "server/pg/pg.h"

/*
 * The effect of an import on cover, if it were put in force now: which times would become uncovered, and which
 * would be covered. Computed from the snapshot with other shifts for the rota. Pure.
 */
struct import_effect {
	const struct effect_gap *opens, *closes; /* by start */
	size_t nopens, ncloses;
};

/* What ${rota} would have after the import. */
struct import_after {
	uint32_t rota;
	struct rota_block *block; /* its shifts */
	int64_t horizon;
	int64_t last_good_at; /* when its source was last checked; INSTANT_NEVER: never */
};

/* Computes the effect from ${now} on. ${map} is not changed. Memory of ${arena}. */
void import_effect(struct arena *arena, const struct snapshot *map,
    const struct import_after *after, int64_t now, struct import_effect *out);

/*
 * Why putting an import in force, or undoing it, needs a reason by a person: it would open gaps within 7 days of
 * ${now}, or put overrides into dispute (${rows}, of import_outcome). Sentences in ${arena}; NULL: it needs
 * none. Every view that shows, confirms, applies or undoes an import uses this function.
 */
#define IMPORT_SOON_SECONDS (7 * (int64_t)86400)
const char *import_objection(struct arena *arena, const struct snapshot_region *setup,
    const struct import_effect *effect, const struct pg_rows *rows, int64_t now);

/* An int8[] as its ascending items; NULL and 0 if it is null. */
int64_t *import_superseded(
    struct arena *arena, const struct pg_rows *rows, unsigned column, size_t *count);

/* What an import, or its undo, does to its rota: the shifts that it supersedes, and the rows of
 * import_outcome. */
struct import_rows {
	const int64_t *superseded; /* ascending */
	size_t nsuperseded;
	const struct pg_rows *rows;
	bool whole; /* they are the whole rota, even if there are none */
};

/* The shifts of ${rota} as they would be. If overrides could be affected, they are what the database has tried
 * (${from->whole}). Otherwise they are the present ones without those that are superseded, and the new ones,
 * which have no rows yet and so get negative ids. The caller owns one reference. */
struct rota_block *import_candidate(
    const struct snapshot *map, uint32_t rota, const struct import_rows *from);

/* Whether row ${row} describes an override and its new state, and not a shift. */
bool import_row_is_override(const struct pg_rows *rows, size_t row);
