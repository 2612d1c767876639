/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/keep/follow.h"
#include "server/api/keep/snapshot_load.h"

/* The parts of follow.c: what one round holds, and its steps. */

/*
 * One round, from reading the versions to a new snapshot. States in order; each that has nothing to
 * do is passed over.
 *
 *   BEGIN     the transaction of the round: all of it is read as of one instant
 *   LOOK      where the map stands; decides what the round must do
 *   SETUP     another region is in force: what of it has changed, to patch the one in memory
 *   REGION    that cannot be: the region is read whole, and everything is read again
 *   CLOCKS    how far the clocks of the other roles are off, now and then
 *   ACCOUNTS, TOKENS   their version has moved
 *   SESSIONS  likewise; those that have changed
 *   FEEDS     those that moved recently (all, in a whole round)
 *   CHANGES   which rotas and demands the map has touched since our version
 *   TYPED     absences that were typed in, if the map has been touched by one
 *   REMARKS   reports and notes, if their version has moved
 *   SWAPS     likewise
 *   PROTOCOLS likewise; all of them
 *   SHIFTS, GAPS   a few rotas, a few demands at a time, until none is left
 *   CANARY    its map was swept again (canary.h)
 *
 * IDLE waits for the timer or a hint. Any answer but OK ends the round: what was read is dropped,
 * the next round begins again.
 */
enum follow_state {
	FOLLOW_BEGIN,
	FOLLOW_LOOK,
	FOLLOW_SETUP,
	FOLLOW_REGION,
	FOLLOW_CLOCKS,
	FOLLOW_ACCOUNTS,
	FOLLOW_TOKENS,
	FOLLOW_SESSIONS,
	FOLLOW_FEEDS,
	FOLLOW_CHANGES,
	FOLLOW_TYPED,
	FOLLOW_REMARKS,
	FOLLOW_SWAPS,
	FOLLOW_PROTOCOLS,
	FOLLOW_CLOSINGS,
	FOLLOW_SHIFTS,
	FOLLOW_GAPS,
	FOLLOW_CANARY,
	FOLLOW_STATES,
	FOLLOW_IDLE
};

/* Where the canary stands. */
struct follow_canary_look {
	int64_t version, turned_us, hole_at;
};

struct follow_round {
	struct arena *arena;
	struct pg_session session; /* of its transaction */
	int64_t asked_boot_ms;     /* when the round began, */
	int64_t looked_at;         /* and what time it was there when it was answered */
	struct database_clock clock;
	struct map_mark mark;
	struct snapshot_look look;
	struct follow_canary_look canary;
	int64_t accounts_version, sessions_version, remarks_version, swaps_version,
	    protocols_version, closings_version, erasure, oldest_change;
	bool whole, patching, need_region, need_accounts, need_changes, need_typed, need_remarks,
	    need_swaps, need_protocols, need_closings, all_feeds;
	struct snapshot_region *setup; /* of a whole round, until the draft takes it over */
	struct arena *account_arena;   /* between ACCOUNTS and TOKENS */
	const struct account *accounts;
	uint32_t naccounts;
	struct snapshot *draft;
	bool changed;          /* the draft differs from what is shown */
	bool sessions_changed; /* some began or ended */
	index_list rotas, demands;
	size_t rotas_done, demands_done, asked; /* asked: of them, now under way */
};

/* Somebody who waits for a round that begins after what he wrote. */
struct follow_wait {
	follow_wait_fn *fn;
	void *ctx;
	bool in_round; /* the round that is under way began later */
	bool old;      /* a tick of the timer has found it */
	struct follow_wait *next, **back;
};

struct follow {
	struct follow_options options;
	const char *ended; /* the file of ended sessions; NULL: another process writes it */
	struct follow_wait *waits;
	struct pg_call *call;
	struct loop_timer *timer;
	enum follow_state state;
	bool again;   /* a hint came during a round */
	bool patient; /* the round before failed: this one has more time for each statement */
	struct follow_round round;
	int64_t loaded_at;      /* when everything was read last; 0: never by this process */
	int64_t feeds_read_at;  /* when the round began whose feeds are shown */
	int64_t feeds_whole_at; /* and the last one that read all of them */
	unsigned looks;
	struct canary *canary; /* NULL: there is none */
	struct loop *loop;
	struct pg *region_pg;      /* while the region is read */
	int64_t unreadable_region; /* a version that this program cannot read, */
	int64_t unreadable_until;  /* not tried again before then */
};

/* A step: starts its call, or returns false if it has nothing to do; takes what was answered. One
 * that repeats is started until it has nothing to do. */
typedef bool follow_start_fn(struct follow *follow);
typedef enum status follow_take_fn(struct follow *follow, const struct pg_rows *rows);

struct follow_step {
	const char *name;
	follow_start_fn *start;
	follow_take_fn *take;
	bool repeats;
};
extern const struct follow_step follow_steps[FOLLOW_STATES];

/* LOOK, SETUP and REGION are in files of their own, follow_look.c and follow_region.c. */
/* SWAPS is in follow_swaps.c, PROTOCOLS in follow_protocols.c. */
follow_start_fn follow_swaps_start, follow_protocols_start, follow_closings_start;
follow_take_fn follow_swaps_take, follow_protocols_take, follow_closings_take;
follow_start_fn follow_look_start, follow_setup_start, follow_region_start;
follow_take_fn follow_look_take, follow_setup_take, follow_region_take;

/* Begins the draft of a whole round, which is possible once its region is known. A round that is
 * not whole has its draft from the beginning. */
void follow_begin_draft(struct follow *follow);

/* Starts a call in the transaction of the round, whose answer goes to the current step. Returns true. */
bool follow_call(struct follow *follow, const struct pg_stmt *stmt, struct pg_args *args);

/* Of follow.c: every call of a step is answered there. */
pg_done_fn follow_on_rows;

/* Closes the connection by which the region was asked for. */
void follow_close_region(void *follow);
