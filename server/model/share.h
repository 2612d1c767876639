/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/hours.h"
#include "server/model/region.h"
#include "server/model/sweep.h"

/*
 * One person in several places at once. Whoever is on a rota serves every place that the rota's
 * service lists then, for its function; the places that count as shared are those of one kind.
 * Pure.
 */

/* A confirmed shift of somebody, on whatever rota. Whether its source is still believed makes no
 * difference: doubt about somebody's other places never makes cover. */
struct share_duty {
	uint32_t person, rota;
	int64_t start, end;
};

struct share_list {
	const struct share_duty *items;
	size_t count;
};

/* When ${rota} serves the place of the ${stay}, which is of its service's footprint. Empty if it
 * never does: the end is not after the start. */
struct span_time share_stay(const struct region *region, const struct zone *zone, uint32_t rota,
    const struct region_stay *stay);

/*
 * When people serve more places than the requirement of ${demand} allows: of the kind of the
 * demand's place and for its function. Of ${duties} (in any order; the same may come twice) only
 * those on rotas of the function matter. By person, then start.
 */
struct person_times share_spread(struct arena *arena, const struct region *region,
    const struct zone *zone, uint32_t demand, struct share_list duties);

struct share_at {
	const struct region *region;
	const struct zone *zone;
	uint32_t like; /* a place */
	int64_t instant;
};

/* Adds to the ${count} of ${places} (room for every place of the region) those of the kind of
 * ${at->like} that ${rota} serves at ${at->instant}, without ${at->like} itself and without those
 * that are there already; returns how many there are after that. */
uint32_t share_places(const struct share_at *at, uint32_t rota, uint32_t *places, uint32_t count);
