/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/queue.h>

#include "server/api/events/event_watch.h"
#include "server/api/events/listeners.h"
#include "server/api/events/tally.h"

/* Internal to the files of listeners.h: one listener, and the set of them. */

struct listener {
	TAILQ_ENTRY(listener) entry;
	struct listeners *of;
	struct web_stream *stream;
	struct tally *of_account, *of_address;
	char token[TOKEN_ID_LEN + 1]; /* empty: by ${session} */
	struct session session;
	char *place; /* its code; NULL: all that the account may see */
	struct event_ear ear;
	uint64_t ear_of; /* listeners.ears when it was made */
	uint64_t heard;  /* number of the next event to send */
	int64_t beat_ms; /* when the next heartbeat is due */
};
TAILQ_HEAD(listener_list, listener);

struct listeners {
	struct listeners_options options;
	struct event_watch watch;
	struct listener_list list;     /* by when its heartbeat is due */
	struct listener *walk;         /* next in the walk that is under way; NULL: none is */
	int64_t walk_began_ms, walked; /* when; how many it is past */
	bool walk_again;               /* something came meanwhile */
	struct loop_timer *walk_timer; /* the next part of the walk */
	struct loop_timer *beat_timer; /* of the first in the list */
	struct loop_timer *look_timer;
	struct tallies *accounts, *addresses;
	/* Grows when all filters have to be made again: the accounts or the region have changed. */
	uint64_t ears;
	int64_t accounts_version;
	unsigned count;
	struct listeners_stats stats;
	struct buf out; /* scratch */
};

/* listener_right.c: whether its account, token or session still stands and may see its place. Makes
 * its filter again if accounts or region have changed. */
bool listener_may_stay(struct listener *listener, struct clock_reading reading);

/* listener_say.c: sends the events that it has not had; true: there were any. Adds to ${looked} as
 * event_ring_hear does. */
bool listener_tell(struct listener *listener, uint32_t *looked);
/* The same, and a heartbeat. */
void listener_beat(struct listener *listener, struct clock_reading reading);
/* The first message: goes on after ${position} (at NULL: from now). */
void listener_greet(struct listener *listener, struct slice position, struct clock_reading reading);
/* The last: when to come back. */
void listener_dismiss(struct listener *listener);
