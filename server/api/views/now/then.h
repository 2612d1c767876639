#pragma once

#include "server/api/ask/job.h"
#include "server/api/map/snapshot.h"

/*
 * The map as it was known at an instant, as far as one place needs it: the region in force then,
 * the shifts known then, how fresh their sources were thought to be. Made from the record in a few
 * calls; the same views answer from it.
 */
struct then_asked {
	uint32_t place;    /* of the snapshot that is in force now */
	uint32_t function; /* REGION_NONE: all */
	int64_t at, known_at;
};

/* ${map} is borrowed; ${place} and ${function} are those of its region. */
typedef void then_ready_fn(struct job *job, const struct then_asked *asked, struct snapshot *map);

/* Ends with ${ready}, which replies and ends the job; or replies 404 or 503 and ends it itself.
 * ${job}->data is used from here on. */
void then_make(struct job *job, const struct then_asked *asked, then_ready_fn *ready);
