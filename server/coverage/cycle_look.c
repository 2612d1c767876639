/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/coverage/coverage_sql.h"
#include "server/coverage/cycle_private.h"
#include "server/model/freshness.h"

/* The first half of a cycle: what is to be done. */

/* A run that found something due and could do nothing about it does not run again at once. */
#define LEAST_WAIT_MS 50

/* ------------------------------------------------------------------------------------- look */

/* Every run begins with the database's clock, which this answer brings. All of the run is judged by
 * it. */
void
cycle_ask_look(struct cycle *cycle)
{
	struct pg_args args = {0};

	arena_free(cycle->arena);
	cycle->arena = arena_new(0);
	cycle->work = NULL;
	pg_int8(&args, FRESHNESS_STALE_SECONDS);
	pg_clock_asked(&cycle->clock);
	cycle_ask(cycle, &COVERAGE_LOOK, &args);
}

/* Rounded up: a run that comes a fraction too early would find nothing due and start again at
 * once. */
static int64_t
ms_until(int64_t next_us, int64_t now_us)
{
	if (next_us == PG_INFINITY)
		return INT64_MAX;
	if (next_us == PG_MINUS_INFINITY || next_us <= now_us)
		return LEAST_WAIT_MS;
	return (next_us - now_us) / 1000 + 1;
}

/*
 * Having taken the region once is no proof that it is taken: a database that was promoted or
 * restored may have lost it, and with it every demand that is new. Only a map that is of the region
 * proves it. Until then each run takes it, which does nothing where it is taken.
 */
static void
doubt_region(struct cycle *cycle, int64_t swept)
{
	bool complete = swept == cycle->region;

	if (cycle->complete && !complete)
		cycle->taken = false;
	cycle->complete = complete;
}

enum cycle_state
cycle_take_look(struct cycle *cycle, const struct pg_rows *rows)
{
	int64_t known = cycle->setup != NULL ? cycle->setup->region->version : 0;

	pg_clock_answered(&cycle->clock, pg_get_time_us(rows, 0, COVERAGE_LOOK_NOW));
	cycle->now = pg_get_time(rows, 0, COVERAGE_LOOK_NOW);
	cycle->region = pg_get_int(rows, 0, COVERAGE_LOOK_REGION);
	cycle->wait_ms = pg_is_null(rows, 0, COVERAGE_LOOK_NEXT_AT)
			     ? INT64_MAX
			     : ms_until(pg_get_time_us(rows, 0, COVERAGE_LOOK_NEXT_AT),
				   pg_get_time_us(rows, 0, COVERAGE_LOOK_NOW));
	/* The set-up decides which demands exist, so that it is read before anything else is
	 * done. */
	if (cycle->region != known)
		return CYCLE_READ_REGION;
	/* No region was applied yet. */
	if (cycle->region == 0)
		return CYCLE_IDLE;
	doubt_region(cycle, pg_get_int(rows, 0, COVERAGE_LOOK_MAP_REGION));
	if (!cycle->taken)
		return CYCLE_TAKE_REGION;
	/* Flags that have become due are added before long work begins. */
	return pg_get_int(rows, 0, COVERAGE_LOOK_DUE) > 0 ? CYCLE_REMIND : CYCLE_MARKS;
}

/* ------------------------------------------------------------------------------- the region */

void
cycle_ask_read_region(struct cycle *cycle)
{
	struct pg_args args = {0};

	pg_int8(&args, cycle->region);
	pg_int8(&args, cycle->setup == NULL || cycle->whole ? 0 : cycle->setup->region->version);
	cycle_ask(cycle, &COVERAGE_READ_REGION, &args);
}

void
cycle_drop_patch(struct cycle *cycle)
{
	arena_free(cycle->patch.arena);
	cycle->patch = (struct cycle_patch){0};
}

/* Of all that is patched only a requirement says who must be on when: its demands are swept again. A
 * rota may have another source. Patches add up until one of them is taken. */
static void
note_patch(struct cycle *cycle, int64_t from, const struct region_takens *takens)
{
	const struct region *region = cycle->setup->region;
	struct cycle_patch *patch = &cycle->patch;

	if (patch->arena == NULL)
		*patch = (struct cycle_patch){.arena = arena_new(0), .from = from};
	for (size_t i = 0; i < takens->count; i++)
		if (takens->items[i].kind == &region_kinds[REGION_KIND_REQUIREMENT])
			*VEC_PUSH(patch->arena, &patch->requirements) = arena_strdup(
			    patch->arena, region->requirements[takens->items[i].index].id);
	cycle->sources |= region_takens_touch(takens, &region_kinds[REGION_KIND_ROTA], "source");
}

/* False: the region is to be read whole. */
static bool
patch_region(struct cycle *cycle, struct slice changes)
{
	struct setup *before = cycle->setup;
	struct region_takens takens;
	struct region_shared *shared = region_shared_take(cycle->arena, before->shared,
	    &(struct region_shared_since){
		cycle->region, changes, region_zones_of(cycle->tools->zones)},
	    &takens);

	if (shared == NULL)
		return false;
	cycle->setup = setup_of(cycle->tools, shared);
	note_patch(cycle, before->region->version, &takens);
	setup_free(before);
	log_event(LOG_INFO, "region_patched", LOG_INT("region", cycle->region),
	    LOG_INT("objects", (int64_t)takens.count));
	return true;
}

/* A check under way holds indexes of the old set-up, so it is dropped. All sources are read, since
 * rotas may be new or have another source. */
enum cycle_state
cycle_take_read_region(struct cycle *cycle, const struct pg_rows *rows)
{
	INVARIANT(pg_rows_count(rows) == 1);
	cycle->taken = false;
	if (!pg_is_null(rows, 0, COVERAGE_READ_REGION_CHANGES)) {
		cycle->whole =
		    !patch_region(cycle, pg_get_bytes(rows, 0, COVERAGE_READ_REGION_CHANGES));
		return cycle->whole ? CYCLE_READ_REGION : CYCLE_TAKE_REGION;
	}
	cycle->whole = false;
	pulse_long(PULSE_LONG_SECONDS);
	cycle_drop_patch(cycle);
	check_drop(&cycle->check);
	setup_free(cycle->setup);
	cycle->setup = setup_read(
	    cycle->tools, cycle->region, pg_get_bytes(rows, 0, COVERAGE_READ_REGION_DOCUMENT));
	cycle->sources = true;
	log_event(LOG_INFO, "region_read", LOG_INT("region", cycle->region),
	    LOG_INT("demands", cycle->setup->region->ndemands));
	return CYCLE_TAKE_REGION;
}

/* Writes the list of demands to the database, where those that are no longer in it are retired and
 * new ones are marked as due. */
static void
ask_take_whole(struct cycle *cycle)
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
	cycle_ask(cycle, &COVERAGE_TAKE_REGION, &args);
}

/* A patched region has the demands that it had: only those of some requirements become due. */
void
cycle_ask_take_region(struct cycle *cycle)
{
	struct pg_args args = {0};

	if (cycle->patch.arena == NULL) {
		ask_take_whole(cycle);
		return;
	}
	pg_int8(&args, cycle->region);
	pg_int8(&args, cycle->patch.from);
	pg_text_array(&args, cycle->patch.requirements.items, cycle->patch.requirements.count);
	cycle_ask(cycle, &COVERAGE_TAKE_PATCH, &args);
}

enum cycle_state
cycle_take_take_region(struct cycle *cycle, const struct pg_rows *rows)
{
	const char *outcome = pg_get_text(rows, 0, COVERAGE_TAKE_REGION_OUTCOME);
	bool patched = cycle->patch.arena != NULL;

	/* If it is stale, another patch is added to this one. */
	if (strcmp(outcome, "stale") != 0)
		cycle_drop_patch(cycle);
	/* The map knows less than this process did when it patched: all of it is due. */
	if (strcmp(outcome, "whole") == 0)
		return CYCLE_TAKE_REGION;
	/* If it is stale, LOOK sees the newer one. */
	cycle->taken = strcmp(outcome, "done") == 0;
	log_event(LOG_INFO, "region_taken", LOG_INT("region", cycle->region),
	    LOG_STR("outcome", outcome), LOG_STR("as", patched ? "patch" : "whole"),
	    LOG_INT("retired", pg_get_int(rows, 0, COVERAGE_TAKE_REGION_RETIRED)),
	    LOG_INT("flags", pg_get_int(rows, 0, COVERAGE_TAKE_REGION_FLAGS)));
	return CYCLE_LOOK;
}

/* -------------------------------------------------------------------------------- reminders */

void
cycle_ask_remind(struct cycle *cycle)
{
	cycle_ask(cycle, &COVERAGE_REMIND, NULL);
}

enum cycle_state
cycle_take_remind(struct cycle *cycle, const struct pg_rows *rows)
{
	(void)cycle;
	log_event(LOG_INFO, "told_when_due",
	    LOG_INT("flags", pg_get_int(rows, 0, COVERAGE_REMIND_FLAGS)));
	return CYCLE_MARKS;
}

/* ------------------------------------------------------------------------------------ marks */

/* One of four statements. The dear parts (all sources; people shared between places) are asked for
 * only if they are needed. */
void
cycle_ask_marks(struct cycle *cycle)
{
	const struct setup *setup = cycle->setup;
	static const struct pg_stmt *const marks[2][2] = {
	    {&COVERAGE_MARKS, &COVERAGE_MARKS_SHARED},
	    {&COVERAGE_MARKS_SOURCES, &COVERAGE_MARKS_SOURCES_SHARED},
	};
	bool shared = setup->limited.count > 0;
	struct pg_args args = {0};

	pg_time(&args, cycle->now);
	pg_time(&args, setup_window(setup, cycle->now).start);
	pg_int8(&args, WORK_DEMANDS);
	if (cycle->sources)
		pg_int8(&args, FRESHNESS_STALE_SECONDS);
	if (shared) {
		pg_text_array(&args, setup->limiting.ids, setup->limiting.count);
		pg_text_array(&args, setup->limited.ids, setup->limited.count);
	}
	cycle_ask(cycle, marks[cycle->sources][shared], &args);
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

/* Rotas without a demand are work too: their marks are to be cleared, which a commit of no demands
 * does. */
enum cycle_state
cycle_take_marks(struct cycle *cycle, const struct pg_rows *rows)
{
	cycle->work = work_read(cycle->arena, cycle->setup, rows, cycle->now);
	cycle->at = 0;
	cycle->checking = false;
	if (cycle->work->demands.count > 0 || cycle->work->rotas.count > 0)
		return CYCLE_STATE;
	cycle->checking = begin_check(cycle);
	return cycle->checking ? CYCLE_STATE : CYCLE_IDLE;
}
