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
 * Cover that is there and hangs by a thread. Warnings, not gaps: nothing here changes a state, is
 * told as a flag or is kept; it is worked out when somebody asks. Pure.
 */
enum fragile_kind {
	FRAGILE_TWO_PLACES,   /* one person on two rotas at once, for places that no one of the two
				 services serves together then */
	FRAGILE_STALE_SOURCE, /* covered only with a source that was last confirmed over an hour ago
			       */
	FRAGILE_NO_HANDOVER,  /* somebody goes, and nobody who stays has been there long enough */
	FRAGILE_ENDS_SOON,    /* exactly as many as required, all of one source whose entries end
				 within a day from now */
	FRAGILE_NO_ROLE,      /* somebody counts who does not hold the function: the requirement
				 takes any member of the organisation */
	FRAGILE_LAST_READ,    /* covered only with a shift that its calendar lists no longer
				 (forget.h) */
	FRAGILE_TWO_TIERS,    /* one person on two rotas of different tier at once, for the same
				 function and place: who is to follow is who was called first */
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

/* A shift that a span may name, or one piece of it: an override cuts in two what it is laid over,
 * and both have one id. A span is judged by the piece that lies there. */
struct fragile_shift {
	int64_t id, start, end;
	uint32_t person; /* SWEEP_NOBODY: a team line */
	uint32_t team;   /* of its rota, for a team line */
	uint32_t source; /* index into the sources */
	bool override;   /* said here (override.h): it hangs on no source and does not age */
	bool as_last_read;
	bool lacks; /* a person who does not hold the function */
};

struct fragile_input {
	struct cover_spans spans;           /* of the demand's sweep */
	const struct fragile_shift *shifts; /* in any order; those that no span names are not looked
					       at */
	size_t nshifts;
	const struct fragile_source *sources;
	int32_t handover_minutes; /* 0: not asked for */
	int64_t now;
};

/* All but two places. What touches and says the same is one warning. */
struct fragile_warnings fragile_find(struct arena *arena, const struct fragile_input *input);

/* One person's confirmed time on one rota. */
struct fragile_duty {
	uint32_t person, rota; /* of the region; the rota has a service */
	int64_t start, end;
};

/* Who is in two places at once. ${duties} in any order; they are sorted in place. A rota that
 * serves all the places of the other shares that person with it, and nothing is wrong; which those
 * are is judged at each time by the days of the footprints, the places and the rotas (share_stay).
 */
struct fragile_warnings fragile_two_places(struct arena *arena, const struct region *region,
    const struct zone *zone, struct fragile_duty *duties, size_t count);

/* A sentence without names. */
const char *fragile_text(
    struct arena *arena, const struct region *region, const struct fragile_warning *warning);
