/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/api/ask/json_out.h"
#include "server/map/snapshot.h"

/*
 * The states of the sources of an answer: an answer that depends on a calendar that is held back,
 * cannot be read or is not checked any more has that beside it, and why. Pure.
 */

/* The fault of a rota's source, in a sentence without names and numbers of people; NULL:
 * nothing. */
const char *source_fault(const struct snapshot *map, uint32_t rota, int64_t now);

/* "good", "held", "failing" or "never". */
const char *source_state(const struct kept_feed *feed);

/* Adds `state`, `held` and `fault` to the object of a source. */
void source_put(struct json_out *out, const struct snapshot *map, uint32_t rota, int64_t now);

/* Adds to the object of a source what it is: `kind`, `uploaded_at` (null: what counts was not
 * uploaded) and `upload`, which is in force instead of the address (null: none is). */
void source_put_origin(struct json_out *out, const struct kept_feed *feed);

/* When what counts of a source was uploaded; INSTANT_NEVER: it was not. */
int64_t source_uploaded_at(const struct kept_feed *feed);

/* The words for an upload that is used instead of an address, the same everywhere. */
extern const char source_instead[];

/* Of a shift that its calendar lists no longer and that is kept on. */
extern const char source_as_last_read[];

/* Begins a walk over the rotas at fault on which an answer about ${function} at ${place} over
 * ${window} depends: those that serve the place then, and the absence calendars of their services'
 * organisations. */
struct source_walk {
	const struct snapshot *map;
	int64_t now;
	uint32_t place, function, next;
	struct span_time window;
};
struct source_walk source_walk(const struct snapshot *map, int64_t now, uint32_t place,
    uint32_t function, struct span_time window);

/* The next of them, in the order of the region file; REGION_NONE: no more. */
uint32_t source_walk_next(struct source_walk *walk);

/* All of them: "sources_at_fault": [{"rota", "state", "held", "fault", …origin}]. */
void sources_put_at_fault(struct json_out *out, struct source_walk walk);
