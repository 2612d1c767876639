/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/zone.h"
#include "server/model/region.h"
#include "server/model/sweep.h"

/*
 * Cover that is there, but that one small change would end. These are warnings, not gaps: they
 * change no state, are not published as flags and are not stored; they are computed when somebody
 * asks. Pure.
 */
enum fragile_kind {
	FRAGILE_TWO_PLACES,   /* one person on two rotas at once, and neither rota's service then
				 serves all the places of the other */
	FRAGILE_STALE_SOURCE, /* covered only with a source that was last confirmed over an hour ago
			       */
	FRAGILE_NO_HANDOVER, /* somebody leaves, and nobody who stays has been on for long enough */
	FRAGILE_ENDS_SOON,   /* exactly as many as required, all of one source whose entries end
				within a day from now */
	FRAGILE_NO_ROLE,   /* somebody counts without the function: the requirement takes any member
			      of the organisation */
	FRAGILE_LAST_READ, /* covered only with a shift that its calendar no longer lists (forget.h)
			    */
	FRAGILE_TWO_TIERS, /* one person on two rotas of different tiers at once, for one function
			      and place: the next tier would be the person who was called first */
	FRAGILE_KINDS
};
const char *fragile_kind_name(enum fragile_kind kind); /* "two_places", … */

struct fragile_warning {
	enum fragile_kind kind;
	int64_t start, end;
	uint32_t rota, other; /* of the region; other: the second of two places or tiers, else
				REGION_NONE */
};

struct fragile_warnings {
	const struct fragile_warning *items; /* by start, then kind */
	size_t count;
};

/* One source of a demand. */
struct fragile_source {
	uint32_t rota; /* of the region */
	int32_t tier;
	bool stale; /* last confirmed more than FRESHNESS_AGEING_SECONDS ago */
	int64_t horizon;
};

/* A shift that a span may name, or a piece of it: an override may cut a shift in two, and both
 * pieces have its id. A span uses the piece that overlaps it. */
struct fragile_shift {
	int64_t id, start, end;
	uint32_t person; /* SWEEP_NOBODY: a team line */
	uint32_t team;   /* of its rota, for a team line */
	uint32_t source; /* index into the sources */
	bool override;   /* decided here (override.h): it depends on no source and does not age */
	bool as_last_read;
	bool lacks; /* the person does not hold the function */
};

struct fragile_input {
	struct cover_spans spans;           /* of the demand's sweep */
	const struct fragile_shift *shifts; /* in any order; may hold more than spans name */
	size_t nshifts;
	const struct fragile_source *sources;
	int32_t handover_minutes; /* 0: no handover is required */
	int64_t now;
};

/* All warnings but FRAGILE_TWO_PLACES. Equal warnings that touch are one. */
struct fragile_warnings fragile_find(struct arena *arena, const struct fragile_input *input);

/* One person's confirmed time on one rota. */
struct fragile_duty {
	uint32_t person, rota; /* index in the region; the rota must have a service */
	int64_t start, end;
};

/* Finds people who are in two places at once. Sorts ${duties} in place. Nothing is wrong if one
 * rota serves all the places of the other: the person is shared. Which places a rota serves is
 * judged at each time, by the days of footprints, places and rotas (share_stay). */
struct fragile_warnings fragile_two_places(struct arena *arena, const struct region *region,
    const struct zone *zone, struct fragile_duty *duties, size_t count);

/* The warning as a sentence. It names nobody. */
const char *fragile_text(
    struct arena *arena, const struct region *region, const struct fragile_warning *warning);
