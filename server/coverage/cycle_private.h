/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/coverage/check.h"
#include "server/coverage/cycle.h"
#include "server/coverage/load.h"
#include "server/coverage/work.h"
#include "server/coverage/write.h"
#include "server/pg/pg_clock.h"

/*
 * Each state waits for one answer. The usual way: LOOK, MARKS, then STATE, SHIFTS, COMMIT for each
 * hundred demands, LOOK again, MARKS with nothing in them, IDLE. Any fault ends the run; since
 * every change is one commit that can be made again, the next run simply begins at LOOK.
 */
enum cycle_state {
	CYCLE_IDLE,
	CYCLE_LOOK, /* -> READ_REGION if another region is in force, TAKE_REGION if that was cut
		       off, REMIND if reminders are due, MARKS */
	CYCLE_READ_REGION, /* -> TAKE_REGION; READ_REGION again, to read all of it, if the region in
			      memory cannot be patched */
	CYCLE_TAKE_REGION, /* -> LOOK; TAKE_REGION again, for all demands, if the map is of an older
			      region than the one that was patched */
	CYCLE_REMIND,      /* -> MARKS */
	CYCLE_MARKS,  /* -> STATE (with no demand at all, if no demand depends on a mark); IDLE */
	CYCLE_STATE,  /* -> SHIFTS */
	CYCLE_SHIFTS, /* -> COMMIT */
	CYCLE_COMMIT, /* -> STATE for the next hundred; LOOK; LOST */
	CYCLE_LOST,   /* another process was faster: the run ends */
	CYCLE_STATES
};

struct cycle {
	struct pg *pg;
	struct pg_clock clock; /* decides nothing here: each step has its own `now` */
	const struct setup_tools *tools;
	cycle_done_fn *done;
	void *ctx;
	struct setup *setup; /* of the newest region read; NULL: none yet */
	bool whole;          /* the next one is to be read whole */
	struct cycle_patch {
		struct arena *arena;            /* NULL: it was read whole, or taken since */
		int64_t from;                   /* the version whose demands it has */
		VEC(const char *) requirements; /* that differ: their demands become due */
	} patch;
	bool taken;    /* its demands are those of the map, as far as this run knows */
	bool complete; /* the map was of this region when it was last read */
	struct check check;
	bool check_some, check_all; /* asked for, not begun */

	enum cycle_state state;
	struct pg_call *call;
	bool sources;              /* this run reads the sources */
	bool again, again_sources; /* a run was asked for during this one */
	struct arena *arena;       /* from LOOK to LOOK */
	int64_t now;               /* the clock in the answer of COVERAGE_LOOK */
	int64_t region;            /* the version in force then; 0: none */
	int64_t wait_ms;           /* until the next thing is due, from the same answer */
	struct work *work;
	size_t at;         /* demands of ${work} that are committed */
	unsigned halvings; /* of the number of demands in a commit: one more for each that failed */
	bool checking;     /* the chunk is a check, not ${work} */
	struct arena *chunk;
	struct load *load;
	struct write *write;
};

/* Asks ${stmt}; the answer goes to the take of the state that asks. */
void cycle_ask(struct cycle *cycle, const struct pg_stmt *stmt, struct pg_args *args);

/* The question that a state asks when it is entered, and the function that takes the answer and
 * gives the next state. cycle_look.c finds what is to be done. */
typedef void cycle_ask_fn(struct cycle *cycle);
typedef enum cycle_state cycle_take_fn(struct cycle *cycle, const struct pg_rows *rows);
void cycle_drop_patch(struct cycle *cycle);
cycle_ask_fn cycle_ask_look, cycle_ask_read_region, cycle_ask_take_region, cycle_ask_remind,
    cycle_ask_marks;
cycle_take_fn cycle_take_look, cycle_take_read_region, cycle_take_take_region, cycle_take_remind,
    cycle_take_marks;

/* cycle_chunk.c: one hundred demands. */
cycle_ask_fn cycle_ask_state, cycle_ask_shifts, cycle_ask_commit;
cycle_take_fn cycle_take_state, cycle_take_shifts, cycle_take_commit;
