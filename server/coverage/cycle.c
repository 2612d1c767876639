/* SPDX-License-Identifier: MIT */
#include "server/coverage/cycle.h"

#include <stdlib.h>

#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/coverage/coverage_sql.h"
#include "server/coverage/cycle_private.h"

#define HALVINGS_MAX 7 /* down to one demand */

/* A run as a table of states: each sends one statement, and chooses the next state by its
 * answer. */

static const struct {
	const char *name;
	cycle_ask_fn *ask;
	cycle_take_fn *take;
} steps[CYCLE_STATES] = {
    [CYCLE_LOOK] = {"look", cycle_ask_look, cycle_take_look},
    [CYCLE_READ_REGION] = {"read_region", cycle_ask_read_region, cycle_take_read_region},
    [CYCLE_TAKE_REGION] = {"take_region", cycle_ask_take_region, cycle_take_take_region},
    [CYCLE_REMIND] = {"remind", cycle_ask_remind, cycle_take_remind},
    [CYCLE_MARKS] = {"marks", cycle_ask_marks, cycle_take_marks},
    [CYCLE_STATE] = {"state", cycle_ask_state, cycle_take_state},
    [CYCLE_SHIFTS] = {"shifts", cycle_ask_shifts, cycle_take_shifts},
    [CYCLE_COMMIT] = {"commit", cycle_ask_commit, cycle_take_commit},
};

static void
drop_run(struct cycle *cycle)
{
	arena_free(cycle->chunk);
	arena_free(cycle->arena);
	cycle->chunk = cycle->arena = NULL;
	cycle->work = NULL;
	cycle->load = NULL;
	cycle->write = NULL;
	cycle->state = CYCLE_IDLE;
}

/* Requests up to here are handled by this run; a request during it sets the flags again and starts
 * another. */
static void
start_run(struct cycle *cycle)
{
	cycle->sources = cycle->again_sources;
	cycle->again = cycle->again_sources = false;
	/* Only the map proves that the region was taken in (doubt_region()). */
	cycle->taken = cycle->taken && cycle->complete;
	cycle->state = CYCLE_LOOK;
	pulse_work(true);
	steps[CYCLE_LOOK].ask(cycle);
}

/* A request during a run that failed waits for the next one, which reads everything that this one
 * would have. */
static void
finish(struct cycle *cycle, enum status st)
{
	if (st != STATUS_OK)
		cycle->again_sources |= cycle->sources;
	else
		figure_done();
	drop_run(cycle);
	pulse_work(false);
	if (st == STATUS_OK && cycle->again)
		start_run(cycle);
	else
		cycle->done(cycle->ctx, st, cycle->wait_ms);
}

/* Each step has one call under way at most. A failed call ends the run: nothing is kept of it,
 * since the marks in the tables still say what is to be done. */
static void
on_answer(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct cycle *cycle = ctx;

	cycle->call = NULL;
	pulse_work(true);
	if (st != STATUS_OK) {
		/* It may have run out of time, and with as many demands it would again. */
		cycle->halvings += cycle->state == CYCLE_COMMIT && cycle->halvings < HALVINGS_MAX;
		log_event(LOG_WARN, "cycle_broken", LOG_STR("at", steps[cycle->state].name),
		    LOG_STR("status", status_name(st)));
		finish(cycle, STATUS_AGAIN);
		return;
	}
	cycle->state = steps[cycle->state].take(cycle, rows);
	if (cycle->state == CYCLE_IDLE)
		finish(cycle, STATUS_OK);
	/* Another process wrote the same demands first. The next run sees what is left. */
	else if (cycle->state == CYCLE_LOST)
		finish(cycle, STATUS_AGAIN);
	else
		steps[cycle->state].ask(cycle);
}

void
cycle_ask(struct cycle *cycle, const struct pg_stmt *stmt, struct pg_args *args)
{
	cycle->call = pg_call(cycle->pg, stmt, args, on_answer, cycle);
}

struct cycle *
cycle_new(struct pg *pg, const struct setup_tools *tools, cycle_done_fn *done, void *ctx)
{
	struct cycle *cycle = xcalloc(1, sizeof *cycle);

	cycle->pg = pg;
	pg_clock_open(&cycle->clock, pg, &COVERAGE_ROLE_CLOCK);
	cycle->tools = tools;
	cycle->done = done;
	cycle->ctx = ctx;
	return cycle;
}

/* The call first: its answer would come to freed memory. */
void
cycle_free(struct cycle *cycle)
{
	if (cycle == NULL)
		return;
	pg_call_cancel(cycle->call);
	pg_clock_close(&cycle->clock);
	drop_run(cycle);
	check_drop(&cycle->check);
	cycle_drop_patch(cycle);
	setup_free(cycle->setup);
	free(cycle);
}

/* Any number of calls during a run make one further run. */
const struct setup *
cycle_setup(const struct cycle *cycle)
{
	return cycle->setup;
}

void
cycle_run(struct cycle *cycle, bool sources)
{
	cycle->again = true;
	cycle->again_sources |= sources;
	if (cycle->state == CYCLE_IDLE)
		start_run(cycle);
}

void
cycle_check_some(struct cycle *cycle)
{
	cycle->check_some = true;
}

void
cycle_check_all(struct cycle *cycle)
{
	cycle->check_all = true;
}
