/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"
#include "server/map/accounts.h"
#include "server/map/changes.h"

/*
 * The latest events of one process, each as the bytes that every listener gets. Pure.
 *
 * A listener that reconnects names the position up to which it has received everything: the epoch of
 * the map and an instant of the database's clock, by which everything committed had been shown and
 * sent. A position means the same in every process, since each event has the instant at which its
 * process found it. Events found up to a few seconds before the position are sent again, because
 * another process may have found them a little earlier. So every event is delivered at least once,
 * or a reset is sent, which tells the listener to ask for everything again.
 */
struct event_ring;

/* ${most}: how many events are kept. */
struct event_ring *event_ring_new(uint32_t most);
void event_ring_free(struct event_ring *ring);

/* Drops all events, because the map cannot be compared with the one before: every listener gets a
 * reset. ${epoch} 0: no database has been seen, and nothing can be resumed. ${region}: the indexes
 * in later events are of it; borrowed until the next call. */
void event_ring_restart(
    struct event_ring *ring, const struct region *region, int64_t epoch, int64_t at_us);

/* The same places, rotas and functions are in ${region} from here on. */
void event_ring_move(struct event_ring *ring, const struct region *region);

/* Adds what was found at ${at_us} in a map of version ${version}. */
void event_ring_add(
    struct event_ring *ring, const struct changes *changes, int64_t version, int64_t at_us);

/* The number of the next event, in this process alone. A listener that has received everything is
 * there. */
uint64_t event_ring_end(const struct event_ring *ring);

/* "12-1796012345678901": the epoch, and ${shown_us}, up to which everything has been sent. */
#define EVENT_POSITION_MAX 48
void event_ring_position(
    const struct event_ring *ring, int64_t shown_us, char out[EVENT_POSITION_MAX]);

/* Sets ${from} to the event with which a listener goes on that has received everything up to
 * ${position}. A position later than ${now_us} is not of this database. False: the listener has to
 * ask for everything again. */
bool event_ring_resume(
    const struct event_ring *ring, struct slice position, int64_t now_us, uint64_t *from);

/* The filter of one listener: which events it gets. Indexes are of the region of the last restart;
 * arrays are on the heap. */
struct event_ear {
	bool everywhere;   /* of every place; else of ${places} and those below them */
	bool one_place;    /* it has asked about one: rotas that do not serve it are silent */
	uint64_t *changes; /* the rotas that it may change, a bit each; NULL: none */
	uint32_t *places;
	uint32_t nplaces;
	bool manages_all; /* an administrator: every swap */
	uint32_t manages; /* organisation whose rotas and people it manages; REGION_NONE */
	uint32_t person;  /* whose account it is; REGION_NONE */
};

/* Makes the filter of ${account} for ${place} (REGION_NONE: all that it may see). ${account} must
 * have the places that were opened to it. Free with event_ear_free. */
void event_ear_set(struct event_ear *ear, const struct region *region,
    const struct account *account, uint32_t place);
void event_ear_free(struct event_ear *ear);

/* Appends the events from ${from} on that pass ${ear}; returns event_ring_end. If ${from} is no
 * longer kept, appends a reset. Adds to ${looked} how many events were looked at, which is the cost
 * of the call. */
uint64_t event_ring_hear(const struct event_ring *ring, const struct event_ear *ear, uint64_t from,
    struct buf *out, uint32_t *looked);
