/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/coverage/coverage_sql.h"
#include "server/coverage/cycle_private.h"

/* The second half: a hundred demands at a time are read, swept and committed. */

/* Demands of one commit: few enough that a statement stays small and urgent work never waits long.
 * Fewer after a commit that failed: where it ran out of time, the same again would too. */
#define CHUNK_DEMANDS 100

static size_t
chunk_demands(const struct cycle *cycle)
{
	size_t most = CHUNK_DEMANDS >> cycle->halvings;

	return most > 0 ? most : 1;
}

/* The demands that come next, of the work or of the check. */
static size_t
next_demands(const struct cycle *cycle, const uint32_t **demands)
{
	const struct check *check = &cycle->check;
	size_t left =
	    cycle->checking ? check->count - check->at : cycle->work->demands.count - cycle->at;

	*demands =
	    cycle->checking ? check->demands + check->at : cycle->work->demands.items + cycle->at;
	return left < chunk_demands(cycle) ? left : chunk_demands(cycle);
}

/* Starts a chunk. Everything of it lives in one arena, which the next chunk frees, so that memory
 * does not grow with the number of demands. */
void
cycle_ask_state(struct cycle *cycle)
{
	const uint32_t *demands;
	size_t count = next_demands(cycle, &demands);
	struct pg_args args = {0};

	arena_free(cycle->chunk);
	cycle->chunk = arena_new(0);
	cycle->load = load_new(cycle->chunk, cycle->setup, demands, count, cycle->now);
	load_ask_state(cycle->load, &args);
	cycle_ask(cycle, &COVERAGE_STATE, &args);
}

enum cycle_state
cycle_take_state(struct cycle *cycle, const struct pg_rows *rows)
{
	load_state(cycle->load, rows);
	return CYCLE_SHIFTS;
}

/* After the state: that answer may have set a later clock, and with it another window for the
 * shifts. */
void
cycle_ask_shifts(struct cycle *cycle)
{
	struct pg_args args = {0};

	load_ask_shifts(cycle->load, &args);
	cycle_ask(cycle, &COVERAGE_SHIFTS, &args);
}

enum cycle_state
cycle_take_shifts(struct cycle *cycle, const struct pg_rows *rows)
{
	const struct load *load = cycle->load;

	load_shifts(cycle->load, rows);
	for (size_t i = 0; i < load->nrotas; i++)
		/* Each chunk reads its sources again, which may have changed since the last chunk.
		 * work_saw() notes it, so that the source is not reported as dealt with. */
		work_saw(cycle->work, cycle->setup->region->rotas[load->rotas[i].rota].id,
		    &load->rotas[i].source);
	cycle->write = write_new(load);
	return CYCLE_COMMIT;
}

/* The marks are cleared with the last chunk only. If the process dies before, all its demands are
 * swept again, which is harmless; the other way some would never be. */
void
cycle_ask_commit(struct cycle *cycle)
{
	bool last =
	    !cycle->checking && cycle->at + cycle->load->ndemands == cycle->work->demands.count;
	struct pg_args args = {0};

	write_ask(cycle->write, cycle->work, last, cycle->checking, &args);
	cycle_ask(cycle, &COVERAGE_COMMIT, &args);
}

/* Numbers only: no name of a person or place is in the log. */
static void
log_commit(const struct cycle *cycle, const struct pg_rows *rows)
{
	log_event(LOG_INFO, "map_written",
	    LOG_INT("version", pg_get_int(rows, 0, COVERAGE_COMMIT_VERSION)),
	    LOG_INT("demands", (int64_t)cycle->write->demands.count),
	    LOG_INT("spans_ended", pg_get_int(rows, 0, COVERAGE_COMMIT_ENDED)),
	    LOG_INT("spans_written", pg_get_int(rows, 0, COVERAGE_COMMIT_WRITTEN)),
	    LOG_INT("gaps_opened", pg_get_int(rows, 0, COVERAGE_COMMIT_OPENED)),
	    LOG_INT("gaps_closed", pg_get_int(rows, 0, COVERAGE_COMMIT_CLOSED)),
	    LOG_INT("flags", pg_get_int(rows, 0, COVERAGE_COMMIT_FLAGS)));
}

/* A difference found by a check is a fault of this program, or was made by hand in the tables; the
 * commit has already put the map right. */
static void
log_check(const struct cycle *cycle)
{
	const struct write *write = cycle->write;
	size_t spans = write->ended.count + write->begun.count, gaps = write->gaps.count;

	figure_set(FIGURE_CHECK_AT, cycle->now);
	figure_add(FIGURE_CHECK_DEMANDS, (int64_t)write->demands.count);
	figure_add(FIGURE_CHECK_DIFFERENCES, (int64_t)(spans + gaps));
	if (spans + gaps > 0)
		figure_set(FIGURE_CHECK_DIFFERED_AT, cycle->now);
	log_event(spans + gaps > 0 ? LOG_ERROR : LOG_INFO,
	    spans + gaps > 0 ? "map_mismatched" : "map_checked",
	    LOG_INT("demands", (int64_t)write->demands.count), LOG_INT("spans", (int64_t)spans),
	    LOG_INT("gaps", (int64_t)gaps));
}

enum cycle_state
cycle_take_commit(struct cycle *cycle, const struct pg_rows *rows)
{
	const char *outcome = pg_get_text(rows, 0, COVERAGE_COMMIT_OUTCOME);

	if (strcmp(outcome, "written") != 0) {
		log_event(LOG_DEBUG, "commit_refused", LOG_STR("outcome", outcome));
		return CYCLE_LOST;
	}
	/* Chunks grow again step by step, once commits succeed. */
	if (cycle->halvings > 0)
		cycle->halvings--;
	if (cycle->checking) {
		log_check(cycle);
		cycle->check.at += cycle->load->ndemands;
		/* Real work that has come up meanwhile goes before the rest of the check. */
		return CYCLE_LOOK;
	}
	log_commit(cycle, rows);
	cycle->at += cycle->load->ndemands;
	return cycle->at < cycle->work->demands.count ? CYCLE_STATE : CYCLE_LOOK;
}
