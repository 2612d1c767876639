/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/map/snapshot.h"
#include "server/model/span.h"

/* When a confirmed shift is one that the map counts: as a lookup judges it at an instant, over all of its time.
 * Pure. */

/* A rota, as its shifts are judged. */
struct calendar_rota {
	struct arena *arena;
	const struct snapshot *map; /* with every name */
	int64_t now;                /* at which its source is judged */
	uint32_t index;
	VEC(uint32_t) demands; /* that it may supply */
};
void calendar_rota_begin(struct calendar_rota *out, struct arena *arena, const struct snapshot *map,
    uint32_t rota, int64_t now);

/* The times of a shift, without holes or overlaps: each is in one of these. */
struct calendar_duty {
	struct span_times believed; /* somebody is on call */
	struct span_times away;     /* who is named is not there */
	/* who is named lacks the role, or an approval then, or the rota supplies nothing */
	struct span_times uncounted;
	struct span_times unbelieved; /* the source could not be checked for hours */
};

/* Of a shift that names somebody, or a team (cover_counts()). */
struct calendar_duty calendar_duty_of(
    const struct calendar_rota *rota, const struct kept_shift *shift);
