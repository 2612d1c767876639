/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/api/ask/json_out.h"
#include "server/map/snapshot.h"

/*
 * The sources of an answer. If an answer depends on a calendar that is held back, cannot be read or is no
 * longer checked, the answer says so, and why. Pure.
 */

/* What is wrong with the source of ${rota}, as a sentence without names and numbers of people. NULL: nothing.
 * Static memory, or borrowed from ${map}. */
const char *source_fault(const struct snapshot *map, uint32_t rota, int64_t now);

/* "good", "held", "failing" or "never". */
const char *source_state(const struct kept_feed *feed);

/* Adds `state`, `held` and `fault` to the object of a source. */
void source_put(struct json_out *out, const struct snapshot *map, uint32_t rota, int64_t now);

/* Adds to the object of a source: `kind`; `uploaded_at`, when the file in force was uploaded (null: it was
 * not); `upload`, the uploaded file that is used instead of the address (null: none). */
void source_put_origin(struct json_out *out, const struct kept_feed *feed);

/* When the file that is in force was uploaded; INSTANT_NEVER: it was not uploaded. */
int64_t source_uploaded_at(const struct kept_feed *feed);

/* The words for an upload that is used instead of an address, the same everywhere. */
extern const char source_instead[];

/* The words for a shift that is kept although its calendar no longer lists it. */
extern const char source_as_last_read[];

/* Begins a walk over those rotas with a fault on which an answer about ${function} at ${place} over ${window}
 * depends: rotas that serve the place in that time, and the absence calendars of the organisations of their
 * services. */
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
