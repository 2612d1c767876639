/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/model/hours.h"
#include "server/model/region.h"
#include "server/model/span.h"

/*
 * A rotation: people who take turns, and the shifts that this makes. All times are wall clock of one zone. Pure.
 *
 * A layer has turns of some days or weeks, which begin at a handover. Without hours, a turn is one shift. With
 * hours, each line of them is a shift on each of its days, of those who have the turn when it begins; it is not
 * divided at a handover, nor at an end of the layer. Where two layers have somebody on, the later one has the
 * time.
 *
 * An edition is a rotation that holds from an instant until the next edition begins. Shifts of hours belong to
 * the edition in which they begin; a turn that is one shift is cut where an edition begins.
 */
#define ROTATION_LAYERS_MAX 10
#define ROTATION_GROUPS_MAX 200
#define ROTATION_GROUP_MAX 5
#define ROTATION_TURN_DAYS_MAX 371 /* 53 weeks */

/* Who has a turn: one person or several. */
struct rotation_group {
	const char *const *people; /* ids */
	uint32_t count;
};

struct rotation_layer {
	const char *name; /* NULL: none */
	const struct rotation_group *groups;
	uint32_t ngroups;
	int64_t start, end; /* local days of the first handover, and of the last one; INSTANT_END */
	int32_t turn_days;  /* how long a turn is */
	int32_t handover_day; /* 0 Monday … 6 Sunday; -1: turns are counted from the first day */
	int32_t handover_at;  /* seconds after local midnight */
	struct hours_lines hours; /* none: all the time */
};

struct rotation {
	const struct rotation_layer *layers;
	uint32_t nlayers; /* 0: nobody is on any more */
};

/* Reads the member "layers" of ${value}. Everything lives in ${arena}. STATUS_MALFORMED: ${faults} says what is wrong, with
 * JSON paths. Whether the people exist is not asked. */
MUST_USE enum status rotation_read(
    struct arena *arena, json_t *value, struct rotation *out, struct region_faults *faults);

struct rotation_edition {
	int64_t starts_at;
	struct rotation rotation;
};

struct rotation_asked {
	const struct zone *zone;
	const struct holidays *holidays;
	const struct rotation_edition *editions; /* by starts_at */
	size_t neditions;
};

struct rotation_shift {
	const char *person;
	int64_t start, end;
};

struct rotation_shifts {
	const struct rotation_shift *items; /* by start, then person */
	size_t count;
};

/* Every shift that overlaps ${window}, whole. Memory of ${arena}; ids are borrowed from the editions. */
struct rotation_shifts rotation_expand(
    struct arena *arena, const struct rotation_asked *asked, struct span_time window);

/* How far the editions say who is on: ${until}, or the end of the last one, if it ends before. */
int64_t rotation_reach(const struct rotation_asked *asked, int64_t until);

/* The instant of the handover of ${rotation}'s first layer on the local day ${day}: where an edition that is
 * given by its day begins. */
int64_t rotation_handover(const struct rotation *rotation, const struct zone *zone, int64_t day);
