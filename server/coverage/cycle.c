#include "server/coverage/cycle.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/coverage/check.h"
#include "server/coverage/coverage_sql.h"
#include "server/coverage/load.h"
#include "server/coverage/work.h"
#include "server/coverage/write.h"
#include "server/model/freshness.h"

/* Demands of one commit: few enough that a statement stays small and urgent work never waits long.
 */
#define CHUNK_DEMANDS 100

/* A run that found something due and could do nothing about it does not run again at once. */
#define LEAST_WAIT_MS 50

/*
 * Each state waits for one answer. The usual way: LOOK, MARKS, then STATE, SHIFTS, COMMIT for each
 * hundred demands, LOOK again, MARKS with nothing in them, IDLE. Any fault ends the run; since
 * every change is one commit that can be made again, the next run simply begins at LOOK.
 */
enum cycle_state {
	CYCLE_IDLE,
	CYCLE_LOOK, /* -> READ_REGION if another region is in force, REMIND if reminders are due,
		       MARKS */
	CYCLE_READ_REGION, /* -> TAKE_REGION */
	CYCLE_TAKE_REGION, /* -> LOOK */
	CYCLE_REMIND,      /* -> MARKS */
	CYCLE_MARKS,       /* -> STATE (with no demand at all, if a mark hangs on none); IDLE */
	CYCLE_STATE,       /* -> SHIFTS */
	CYCLE_SHIFTS,      /* -> COMMIT */
	CYCLE_COMMIT,      /* -> STATE for the next hundred; LOOK; LOST */
	CYCLE_LOST,        /* another process was faster: the run ends */
	CYCLE_STATES
};

struct cycle {
	struct pg *pg;
	const struct setup_ground *ground;
	cycle_done_fn *done;
	void *ctx;
	struct setup *setup; /* of the newest region read; NULL: none yet */
	struct check check;
	bool check_some, check_all; /* asked for, not begun */

	enum cycle_state state;
	struct pg_call *call;
	bool sources;              /* this run looks at sources */
	bool again, again_sources; /* a run was asked for during this one */
	struct arena *arena;       /* from LOOK to LOOK */
	int64_t now;               /* what LOOK's clock said */
	int64_t region;            /* the version in force then; 0: none */
	int64_t wait_ms;
	struct work *work;
	size_t at;     /* demands of ${work} that are committed */
	bool checking; /* the chunk is a check, not ${work} */
	struct arena *chunk;
	struct load *load;
	struct write *write;
};

static void on_answer(void *ctx, enum status st, const struct pg_rows *rows);

static void
ask(struct cycle *cycle, const struct pg_stmt *stmt, struct pg_args *args)
{
	cycle->call = pg_call(cycle->pg, stmt, args, on_answer, cycle);
}

/* ------------------------------------------------------------------------------------- look */

static void
ask_look(struct cycle *cycle)
{
	struct pg_args args = {0};

	arena_free(cycle->arena);
	cycle->arena = arena_new(0);
	cycle->work = NULL;
	pg_int8(&args, FRESHNESS_STALE_SECONDS);
	ask(cycle, &COVERAGE_LOOK, &args);
}

static int64_t
ms_until(int64_t next_us, int64_t now_us)
{
	if (next_us == PG_INFINITY)
		return INT64_MAX;
	if (next_us == PG_MINUS_INFINITY || next_us <= now_us)
		return LEAST_WAIT_MS;
	return (next_us - now_us) / 1000 + 1;
}

static enum cycle_state
take_look(struct cycle *cycle, const struct pg_rows *rows)
{
	int64_t known = cycle->setup != NULL ? cycle->setup->region->version : 0;

	cycle->now = pg_get_time(rows, 0, 0);
	cycle->region = pg_get_int(rows, 0, 1);
	cycle->wait_ms = pg_is_null(rows, 0, 3)
			     ? INT64_MAX
			     : ms_until(pg_get_time_us(rows, 0, 3), pg_get_time_us(rows, 0, 0));
	if (cycle->region != known)
		return CYCLE_READ_REGION;
	if (cycle->region == 0)
		return CYCLE_IDLE;
	return pg_get_int(rows, 0, 2) > 0 ? CYCLE_REMIND : CYCLE_MARKS;
}

/* ------------------------------------------------------------------------------- the region */

static void
ask_read_region(struct cycle *cycle)
{
	struct pg_args args = {0};

	pg_int8(&args, cycle->region);
	ask(cycle, &COVERAGE_READ_REGION, &args);
}

static enum cycle_state
take_read_region(struct cycle *cycle, const struct pg_rows *rows)
{
	INVARIANT(pg_rows_count(rows) == 1);
	check_drop(&cycle->check);
	setup_free(cycle->setup);
	cycle->setup = setup_read(cycle->ground, cycle->region, pg_get_bytes(rows, 0, 0));
	cycle->sources = true;
	log_event(LOG_INFO, "region_read", LOG_INT("region", cycle->region),
	    LOG_INT("demands", cycle->setup->region->ndemands));
	return CYCLE_TAKE_REGION;
}

static void
ask_take_region(struct cycle *cycle)
{
	const struct region *region = cycle->setup->region;
	const char **requirements =
	    arena_array(cycle->arena, region->ndemands, sizeof *requirements);
	const char **places = arena_array(cycle->arena, region->ndemands, sizeof *places);
	const char **functions = arena_array(cycle->arena, region->ndemands, sizeof *functions);
	struct pg_args args = {0};

	for (uint32_t i = 0; i < region->ndemands; i++) {
		const struct region_demand *demand = &region->demands[i];

		requirements[i] = region->requirements[demand->requirement].id;
		places[i] = region->places[demand->place].code;
		functions[i] = region->functions[demand->function].code;
	}
	pg_int8(&args, region->version);
	pg_text_array(&args, requirements, region->ndemands);
	pg_text_array(&args, places, region->ndemands);
	pg_text_array(&args, functions, region->ndemands);
	ask(cycle, &COVERAGE_TAKE_REGION, &args);
}

static enum cycle_state
take_take_region(struct cycle *cycle, const struct pg_rows *rows)
{
	log_event(LOG_INFO, "region_taken", LOG_INT("region", cycle->region),
	    LOG_STR("outcome", pg_get_text(rows, 0, 0)), LOG_INT("retired", pg_get_int(rows, 0, 1)),
	    LOG_INT("flags", pg_get_int(rows, 0, 2)));
	return CYCLE_LOOK; /* stale: LOOK sees the newer one */
}

/* -------------------------------------------------------------------------------- reminders */

static void
ask_remind(struct cycle *cycle)
{
	ask(cycle, &COVERAGE_REMIND, NULL);
}

static enum cycle_state
take_remind(struct cycle *cycle, const struct pg_rows *rows)
{
	(void)cycle;
	log_event(LOG_INFO, "gaps_reminded", LOG_INT("flags", pg_get_int(rows, 0, 0)));
	return CYCLE_MARKS;
}

/* ------------------------------------------------------------------------------------ marks */

static void
ask_marks(struct cycle *cycle)
{
	struct pg_args args = {0};

	pg_time(&args, cycle->now);
	pg_int8(&args, FRESHNESS_STALE_SECONDS);
	pg_bool(&args, cycle->sources);
	pg_time(&args, setup_window(cycle->setup, cycle->now).start);
	pg_int8(&args, WORK_DEMANDS);
	ask(cycle, &COVERAGE_MARKS, &args);
}

/* Checks come last: work that waits would look like a fault. */
static bool
begin_check(struct cycle *cycle)
{
	if (cycle->check_all)
		check_all(&cycle->check, cycle->setup);
	else if (cycle->check_some)
		check_some(&cycle->check, cycle->setup);
	cycle->check_all = cycle->check_some = false;
	return cycle->check.at < cycle->check.count;
}

static enum cycle_state
take_marks(struct cycle *cycle, const struct pg_rows *rows)
{
	cycle->work = work_read(cycle->arena, cycle->setup, rows, cycle->now);
	cycle->at = 0;
	cycle->checking = false;
	if (cycle->work->demands.count > 0 || cycle->work->rotas.count > 0)
		return CYCLE_STATE;
	cycle->checking = begin_check(cycle);
	return cycle->checking ? CYCLE_STATE : CYCLE_IDLE;
}

/* ------------------------------------------------------------------------ one hundred demands */

/* The demands that come next, of the work or of the check. */
static size_t
next_demands(const struct cycle *cycle, const uint32_t **demands)
{
	const struct check *check = &cycle->check;
	size_t left =
	    cycle->checking ? check->count - check->at : cycle->work->demands.count - cycle->at;

	*demands =
	    cycle->checking ? check->demands + check->at : cycle->work->demands.items + cycle->at;
	return left < CHUNK_DEMANDS ? left : CHUNK_DEMANDS;
}

static void
ask_state(struct cycle *cycle)
{
	const uint32_t *demands;
	size_t count = next_demands(cycle, &demands);
	struct pg_args args = {0};

	arena_free(cycle->chunk);
	cycle->chunk = arena_new(0);
	cycle->load = load_new(cycle->chunk, cycle->setup, demands, count, cycle->now);
	load_ask_state(cycle->load, &args);
	ask(cycle, &COVERAGE_STATE, &args);
}

static enum cycle_state
take_state(struct cycle *cycle, const struct pg_rows *rows)
{
	load_state(cycle->load, rows);
	return CYCLE_SHIFTS;
}

static void
ask_shifts(struct cycle *cycle)
{
	struct pg_args args = {0};

	load_ask_shifts(cycle->load, &args);
	ask(cycle, &COVERAGE_SHIFTS, &args);
}

static enum cycle_state
take_shifts(struct cycle *cycle, const struct pg_rows *rows)
{
	const struct load *load = cycle->load;

	load_shifts(cycle->load, rows);
	for (size_t i = 0; i < load->nrotas; i++)
		work_saw(cycle->work, cycle->setup->region->rotas[load->rotas[i].rota].id,
		    &load->rotas[i].source);
	cycle->write = write_new(load);
	return CYCLE_COMMIT;
}

static void
ask_commit(struct cycle *cycle)
{
	bool last =
	    !cycle->checking && cycle->at + cycle->load->ndemands == cycle->work->demands.count;
	struct pg_args args = {0};

	write_ask(cycle->write, last ? cycle->work : NULL, cycle->checking, &args);
	ask(cycle, &COVERAGE_COMMIT, &args);
}

static void
log_commit(const struct cycle *cycle, const struct pg_rows *rows)
{
	log_event(LOG_INFO, "map_written", LOG_INT("version", pg_get_int(rows, 0, 1)),
	    LOG_INT("demands", (int64_t)cycle->write->demands.version.count),
	    LOG_INT("spans_ended", pg_get_int(rows, 0, 2)),
	    LOG_INT("spans_written", pg_get_int(rows, 0, 3)),
	    LOG_INT("gaps_opened", pg_get_int(rows, 0, 4)),
	    LOG_INT("gaps_closed", pg_get_int(rows, 0, 5)),
	    LOG_INT("flags", pg_get_int(rows, 0, 6)));
}

/* Whatever a check has found is a fault, of ours or of somebody's hand in the tables; the commit
 * has already put the map right. */
static void
log_check(const struct cycle *cycle)
{
	const struct write *write = cycle->write;
	size_t spans = write->ended.start.count + write->begun.start.count,
	       gaps = write->gaps.start.count;

	log_event(spans + gaps > 0 ? LOG_ERROR : LOG_INFO,
	    spans + gaps > 0 ? "map_mismatched" : "map_checked",
	    LOG_INT("demands", (int64_t)write->demands.version.count),
	    LOG_INT("spans", (int64_t)spans), LOG_INT("gaps", (int64_t)gaps));
}

static enum cycle_state
take_commit(struct cycle *cycle, const struct pg_rows *rows)
{
	const char *outcome = pg_get_text(rows, 0, 0);

	if (strcmp(outcome, "written") != 0) {
		log_event(LOG_DEBUG, "commit_refused", LOG_STR("outcome", outcome));
		return CYCLE_LOST;
	}
	if (cycle->checking) {
		log_check(cycle);
		cycle->check.at += cycle->load->ndemands;
		return CYCLE_LOOK;
	}
	log_commit(cycle, rows);
	cycle->at += cycle->load->ndemands;
	return cycle->at < cycle->work->demands.count ? CYCLE_STATE : CYCLE_LOOK;
}

/* ------------------------------------------------------------------------------------ the run */

static const struct {
	const char *name;
	void (*ask)(struct cycle *cycle);
	enum cycle_state (*take)(struct cycle *cycle, const struct pg_rows *rows);
} steps[CYCLE_STATES] = {
    [CYCLE_LOOK] = {"look", ask_look, take_look},
    [CYCLE_READ_REGION] = {"read_region", ask_read_region, take_read_region},
    [CYCLE_TAKE_REGION] = {"take_region", ask_take_region, take_take_region},
    [CYCLE_REMIND] = {"remind", ask_remind, take_remind},
    [CYCLE_MARKS] = {"marks", ask_marks, take_marks},
    [CYCLE_STATE] = {"state", ask_state, take_state},
    [CYCLE_SHIFTS] = {"shifts", ask_shifts, take_shifts},
    [CYCLE_COMMIT] = {"commit", ask_commit, take_commit},
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

static void
start_run(struct cycle *cycle)
{
	cycle->sources = cycle->again_sources;
	cycle->again = cycle->again_sources = false;
	cycle->state = CYCLE_LOOK;
	steps[CYCLE_LOOK].ask(cycle);
}

/* Something asked for during a run that failed waits for the next one, which looks at everything
 * that this one would have. */
static void
finish(struct cycle *cycle, enum status st)
{
	if (st != STATUS_OK)
		cycle->again_sources |= cycle->sources;
	drop_run(cycle);
	if (st == STATUS_OK && cycle->again)
		start_run(cycle);
	else
		cycle->done(cycle->ctx, st, cycle->wait_ms);
}

static void
on_answer(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct cycle *cycle = ctx;

	cycle->call = NULL;
	if (st != STATUS_OK) {
		log_event(LOG_WARN, "cycle_broken", LOG_STR("at", steps[cycle->state].name),
		    LOG_STR("status", status_name(st)));
		finish(cycle, STATUS_AGAIN);
		return;
	}
	cycle->state = steps[cycle->state].take(cycle, rows);
	if (cycle->state == CYCLE_IDLE)
		finish(cycle, STATUS_OK);
	else if (cycle->state == CYCLE_LOST)
		finish(cycle, STATUS_AGAIN);
	else
		steps[cycle->state].ask(cycle);
}

struct cycle *
cycle_new(struct pg *pg, const struct setup_ground *ground, cycle_done_fn *done, void *ctx)
{
	struct cycle *cycle = xcalloc(1, sizeof *cycle);

	cycle->pg = pg;
	cycle->ground = ground;
	cycle->done = done;
	cycle->ctx = ctx;
	return cycle;
}

void
cycle_free(struct cycle *cycle)
{
	if (cycle == NULL)
		return;
	pg_call_cancel(cycle->call);
	drop_run(cycle);
	check_drop(&cycle->check);
	setup_free(cycle->setup);
	free(cycle);
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
