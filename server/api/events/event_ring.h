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
 * A listener that comes back says up to which position it has heard everything: the epoch of the map
 * and an instant of the database's clock, at which what was committed had been shown and told. It
 * means the same in every process, since each event has the instant at which its process found it.
 * What was found from a few seconds before the position on is sent again: another process may have
 * found it a little earlier. So an event is heard at least once, or a reset takes its place.
 */
struct event_ring;

/* ${most}: how many events are kept. */
struct event_ring *event_ring_new(uint32_t most);
void event_ring_free(struct event_ring *ring);

/* What was told before cannot be told from here on, as the map cannot be compared with the one
 * before: every listener gets a reset. ${epoch} 0: no database has been seen, and nothing can be
 * resumed. ${region}: places in what follows are of it; borrowed until the next call. */
void event_ring_restart(
    struct event_ring *ring, const struct region *region, int64_t epoch, int64_t at_us);

/* Adds what was found at ${at_us} in a map of version ${version}. */
void event_ring_add(
    struct event_ring *ring, const struct changes *changes, int64_t version, int64_t at_us);

/* How far a listener has heard: a number of this process. */
uint64_t event_ring_end(const struct event_ring *ring);

/* "12-1796012345678901": the epoch, and ${shown_us}, of which everything has been told. */
#define EVENT_POSITION_MAX 48
void event_ring_position(
    const struct event_ring *ring, int64_t shown_us, char out[EVENT_POSITION_MAX]);

/* Where a listener goes on that has heard everything up to ${position}. ${now_us}: a later position
 * is none of this database. False: it has to ask everything again. */
bool event_ring_resume(
    const struct event_ring *ring, struct slice position, int64_t now_us, uint64_t *from);

/* What a listener hears. Indexes are of the region of the last restart; arrays are on the heap. */
struct event_ear {
	bool everywhere;   /* of every place; else of ${places} and those below them */
	bool one_place;    /* it has asked about one: rotas that do not serve it are silent */
	uint64_t *changes; /* the rotas that it may change, a bit each; NULL: none */
	uint32_t *places;
	uint32_t nplaces;
};

/* The ear of ${account} for ${place} (REGION_NONE: all that it may see). ${account} has the places
 * that were opened to it. Free with event_ear_free. */
void event_ear_set(struct event_ear *ear, const struct region *region,
    const struct account *account, uint32_t place);
void event_ear_free(struct event_ear *ear);

/* Appends what ${ear} hears from ${from} on; returns the end. ${from} is too old: a reset. Adds to
 * ${looked} how many events were looked at. */
uint64_t event_ring_hear(const struct event_ring *ring, const struct event_ear *ear, uint64_t from,
    struct buf *out, uint32_t *looked);
