/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Who is hung. Pure: it is told once a second (by the supervisor's own clock) what a role's pulse says
 * (base/pulse.h), and counts how often that was the same. It compares no clock with another: where the supervisor
 * itself did not run, because the machine was suspended or somebody stopped it, no second was counted, and nobody
 * is hung for it.
 */
struct hung_limits {
	unsigned seconds;       /* of a loop that does not turn */
	unsigned start_seconds; /* of a role whose loop has not turned yet: it reads files first */
	unsigned
	    idle_seconds; /* of one that uses no processor meanwhile; and so many of the processor a start may use */
	unsigned work_seconds; /* of work that is under way and makes no step */
};

/* What the pulse says now. */
struct hung_pulse {
	uint64_t turns, steps;
	bool working;
	unsigned allowed_seconds; /* for the code that runs; 0: as the limits say */
	uint64_t processor;       /* nanoseconds of it that the process has used */
};

/* What is kept about one process; {0} for one that has just been started. */
struct hung_watch {
	uint64_t turns, steps, processor;
	unsigned silent, stuck; /* seconds in which turns and steps stood still */
	unsigned idle;          /* in which a start used no time of the processor */
};

enum hung {
	HUNG_NOT,
	HUNG_START, /* it never came to its loop */
	HUNG_LOOP,  /* its loop does not turn */
	HUNG_WORK,  /* its loop turns, and its work stands still */
};

/* One more second is over. */
enum hung hung_second(struct hung_watch *watch, struct hung_pulse pulse, struct hung_limits limits);

/* In words, for the log. */
const char *hung_words(enum hung hung);

/* Whether one more second is over at ${now_ms}. Time in which nobody asked counts as one second, however long it
 * was. ${last_ms}: when the last one was over; kept here. */
bool hung_is_second(int64_t *last_ms, int64_t now_ms);
