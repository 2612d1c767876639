/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/events/event_ring.h"
#include "server/api/keep/snapshot_store.h"

/* Makes events of what a process shows: compares what it shows now with what it showed when it was
 * last looked at. */
struct event_watch {
	struct event_ring *ring;
	struct snapshot *seen; /* one reference; NULL: nothing yet */
	int64_t seen_at;
	int64_t shown_us; /* what was committed by then has been sent */
	bool seen_database;
};

void event_watch_open(struct event_watch *watch);
void event_watch_close(struct event_watch *watch);

/* To be called after each round of follow, and each second, because a source goes stale by time
 * alone. */
void event_watch_look(
    struct event_watch *watch, const struct snapshot_store *store, struct clock_reading reading);

/* Appends the position of a listener that has heard everything (event_words_identify). */
void event_watch_position(const struct event_watch *watch, char out[EVENT_POSITION_MAX]);
