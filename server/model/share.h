/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/hours.h"
#include "server/model/region.h"
#include "server/model/sweep.h"

/*
 * One person in several places at once. A person on a rota serves every place that the rota's
 * service lists at that time, for its function. Places are counted by kind. Pure.
 */

/* A confirmed shift of a person on any rota. It counts here even if its source is no longer
 * trusted: doubt about somebody's other places must not create cover. */
struct share_duty {
	uint32_t person, rota;
	int64_t start, end;
};

struct share_list {
	const struct share_duty *items;
	size_t count;
};

/* When ${rota} serves the place of ${stay}, which is of its service's footprint. Empty (the end is
 * not after the start) if it never does. */
struct span_time share_dated_place(const struct region *region, const struct zone *zone,
    uint32_t rota, const struct region_dated_place *dated);

/*
 * The times in which people serve more places than the requirement of ${demand} allows: places of
 * the same kind as the demand's place, for its function. Of ${duties} (in any order; duplicates are
 * fine) only those on rotas of the function matter. Sorted by person, then start.
 */
struct person_times share_spread(struct arena *arena, const struct region *region,
    const struct zone *zone, uint32_t demand, struct share_list duties);

struct share_at {
	const struct region *region;
	const struct zone *zone;
	uint32_t like; /* a place: count places of its kind */
	int64_t instant;
};

/* Adds to the ${count} entries of ${places} (which has room for every place of the region) the
 * places of the kind of ${at->like} that ${rota} serves at ${at->instant}, except ${at->like}
 * itself and those that are in it already. Returns the new count. */
uint32_t share_places(const struct share_at *at, uint32_t rota, uint32_t *places, uint32_t count);
