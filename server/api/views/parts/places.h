/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/model/span.h"
#include "server/pg/pg.h"

/* The places of an answer. */

/* ?within=: whether a place answers for those below it. */
enum places_within {
	PLACES_ALONE,
	PLACES_BELOW,
	PLACES_DEFAULT /* not given: it does, if there are any */
};
enum places_within places_within_read(struct ask *ask);

struct places_scope {
	uint32_t asked; /* the place that was asked about; REGION_NONE: every place */
	bool within;    /* with those below it */
	/* By place of the region, the instants at which it is in; normalised. NULL: always. */
	const struct span_times *times;
};
struct places_scope places_scope_of(struct arena *arena, const struct region *region,
    const struct zone *zone, uint32_t asked, enum places_within within);

/* The instants at which ${place} is in, none if it never is. */
struct span_times places_scope_times(const struct places_scope *scope, uint32_t place);

/* Whether it is in at some instant of [${start}, ${end}). */
bool places_scope_holds(
    const struct places_scope *scope, uint32_t place, int64_t start, int64_t end);

/* Appends the places that a statement is to keep to, as a text array: ${place}, or those the
 * account may ask about, or null: every one. */
void places_send(struct ask *ask, uint32_t place, struct pg_args *args);

/* Appends the scope, as far as the account may see it, as three arrays of one length: places, and
 * from when until when; three nulls: everything. */
void places_scope_send(struct ask *ask, const struct places_scope *scope, struct pg_args *args);

/* Adds what a line is of: `asked`, the `place` where it applies, and `from_place`, whose
 * ${requirement} it is (NULL if that is not known any more). */
void places_put(struct json_out *out, const struct region *region, const struct places_scope *scope,
    const char *place, const char *requirement);
