/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/model/span.h"
#include "server/pg/pg.h"

/* Which places an answer is about: a place with or without those below it, as far as the account may see
 * them. A place may belong to another for a part of the time only, so a scope has times. */

/* The parameter "within": whether the places below the one that is asked about are included. */
enum places_within {
	PLACES_ALONE,
	PLACES_BELOW,
	PLACES_DEFAULT /* not given: it does, if there are any */
};
enum places_within places_within_read(struct ask *ask);

struct places_scope {
	uint32_t asked; /* the place that was asked about; REGION_NONE: every place */
	bool within;    /* with those below it */
	/* For each place of the region the times at which it belongs to the scope, sorted and
	 * disjoint. NULL: all places, always. */
	const struct span_times *times;
};
struct places_scope places_scope_of(struct arena *arena, const struct region *region,
    const struct zone *zone, uint32_t asked, enum places_within within);

/* The times at which ${place} belongs to the scope; none if it never does. */
struct span_times places_scope_times(const struct places_scope *scope, uint32_t place);

/* Whether it belongs to the scope at some instant of [${start}, ${end}). */
bool places_scope_holds(
    const struct places_scope *scope, uint32_t place, int64_t start, int64_t end);

/* Appends to ${args} the places to which a statement is limited, as an array of codes: ${place}; if that is
 * REGION_NONE, those that the account may ask about; null if it may ask about all. */
void places_send(struct ask *ask, uint32_t place, struct pg_args *args);

/* Appends the scope, as far as the account may see it, as three arrays of one length: places, and
 * from when until when; three nulls: everything. */
void places_scope_send(struct ask *ask, const struct places_scope *scope, struct pg_args *args);

/* Adds to a line of an answer `asked`, the place that was asked about; `place`, where the line applies; and
 * `from_place`, the place that has the ${requirement} (null if the region no longer has it). */
void places_put(struct json_out *out, const struct region *region, const struct places_scope *scope,
    const char *place, const char *requirement);
