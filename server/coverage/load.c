/* SPDX-License-Identifier: MIT */
#include "server/coverage/load.h"

#include <string.h>

#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/coverage/coverage_sql.h"
#include "server/coverage/kinds.h"
#include "server/model/demand.h"

/* A rota that several of the demands use is loaded once; slots leads from the region's rota to its
 * place among those that are loaded. */
struct load *
load_new(struct arena *arena, const struct setup *setup, const uint32_t *demands, size_t count,
    int64_t now)
{
	const struct region *region = setup->region;
	struct load *load = arena_alloc(arena, sizeof *load);
	VEC(struct load_rota) rotas = {0};

	load->arena = arena;
	load->setup = setup;
	load->now = now;
	load->window = setup_window(setup, now);
	load->demands = arena_array(arena, count, sizeof *load->demands);
	load->ndemands = count;
	/* All bits set is REGION_NONE: not loaded. */
	load->slots = arena_array(arena, region->nrotas, sizeof *load->slots);
	memset(load->slots, 0xff, region->nrotas * sizeof *load->slots);
	for (size_t i = 0; i < count; i++) {
		const struct region_list *needed = &region->demands[demands[i]].rotas;

		load->demands[i].demand = demands[i];
		for (uint32_t j = 0; j < needed->count; j++) {
			uint32_t rota = needed->items[j];

			if (load->slots[rota] != REGION_NONE)
				continue;
			load->slots[rota] = (uint32_t)rotas.count;
			*VEC_PUSH(arena, &rotas) =
			    (struct load_rota){.rota = rota, .source = source_none()};
		}
	}
	load->rotas = rotas.items;
	load->nrotas = rotas.count;
	for (size_t i = 0; i < count; i++)
		load->limited |= demand_is_limited(region, demands[i]);
	return load;
}

/* Gaps that closed a short while ago are read too, since a gap that comes back within that time is
 * the same gap and is reopened. */
void
load_ask_state(const struct load *load, struct pg_args *args)
{
	const struct region *region = load->setup->region;
	const char **requirements = arena_array(load->arena, load->ndemands, sizeof *requirements);
	const char **places = arena_array(load->arena, load->ndemands, sizeof *places);

	for (size_t i = 0; i < load->ndemands; i++) {
		const struct region_demand *demand = &region->demands[load->demands[i].demand];

		requirements[i] = region->requirements[demand->requirement].id;
		places[i] = region->places[demand->place].code;
	}
	pg_text_array(args, requirements, load->ndemands);
	pg_text_array(args, places, load->ndemands);
	pg_time(args, load->window.start);
	pg_time(args, load->now - GAP_REOPEN_SECONDS);
}

static enum cover_state
state_of(const char *name)
{
	enum cover_state state = cover_state_of(name);

	INVARIANT(state < COVER_STATES); /* the table has the same list */
	return state;
}

/* A cause that another version of this program wrote is COVER_CAUSES here: it equals no cause, so
 * that the row is written again. */
static struct cover_span
span_at(struct arena *arena, const struct pg_rows *rows, size_t row)
{
	size_t count = pg_get_array_count(rows, row, COVERAGE_STATE_SHIFTS);
	int64_t *shifts = arena_array(arena, count, sizeof *shifts);

	for (size_t i = 0; i < count; i++)
		shifts[i] = pg_get_array_int(rows, row, COVERAGE_STATE_SHIFTS, i);
	return (struct cover_span){
	    .start = pg_get_time(rows, row, COVERAGE_STATE_STARTS_AT),
	    .end = pg_get_time(rows, row, COVERAGE_STATE_ENDS_AT),
	    .state = state_of(pg_get_text(rows, row, COVERAGE_STATE_STATE)),
	    .cause = cover_cause_of(pg_get_text(rows, row, COVERAGE_STATE_CAUSE)),
	    .present = (int32_t)pg_get_int(rows, row, COVERAGE_STATE_PRESENT),
	    .required = (int32_t)pg_get_int(rows, row, COVERAGE_STATE_REQUIRED),
	    .shifts = shifts,
	    .nshifts = (uint32_t)count,
	};
}

/* Texts are copied, because the rows are freed when the answer has been taken while the gap lives
 * as long as the chunk. */
static struct gap
gap_at(struct arena *arena, const struct pg_rows *rows, size_t row)
{
	const char *acknowledged_as = pg_get_text(rows, row, COVERAGE_STATE_ACKNOWLEDGED_SEVERITY),
		   *group = pg_get_text(rows, row, COVERAGE_STATE_CAUSE_GROUP);

	return (struct gap){
	    .id = arena_strdup(arena, pg_get_text(rows, row, COVERAGE_STATE_GAP)),
	    .start = pg_get_time(rows, row, COVERAGE_STATE_STARTS_AT),
	    .end = pg_get_time(rows, row, COVERAGE_STATE_ENDS_AT),
	    .state = state_of(pg_get_text(rows, row, COVERAGE_STATE_STATE)),
	    .cause = cover_cause_of(pg_get_text(rows, row, COVERAGE_STATE_CAUSE)),
	    .present = (int32_t)pg_get_int(rows, row, COVERAGE_STATE_PRESENT),
	    .required = (int32_t)pg_get_int(rows, row, COVERAGE_STATE_REQUIRED),
	    .severity = gap_severity_named(pg_get_text(rows, row, COVERAGE_STATE_SEVERITY)),
	    .started = pg_get_bool(rows, row, COVERAGE_STATE_STARTED),
	    .told = pg_get_bool(rows, row, COVERAGE_STATE_TOLD),
	    .closed_at = pg_get_time(rows, row, COVERAGE_STATE_CLOSED_AT),
	    .closing_held = pg_get_bool(rows, row, COVERAGE_STATE_HELD),
	    .quiet_until = pg_get_time(rows, row, COVERAGE_STATE_QUIET_UNTIL),
	    .acknowledged = acknowledged_as != NULL,
	    .acknowledged_as = gap_severity_named(acknowledged_as),
	    .alerts_sent = (int32_t)pg_get_int(rows, row, COVERAGE_STATE_ALERTS_SENT),
	    .group = group != NULL ? arena_strdup(arena, group) : NULL,
	};
}

/*
 * It is now no earlier than when this was read. The clock that the run began with may be old: the
 * process was stopped, the machine asleep. A process that swept these demands since saw a later
 * clock than that, and a sweep with the earlier one would open again what has passed.
 */
static void
see_clock(struct load *load, int64_t clock)
{
	if (clock <= load->now)
		return;
	load->now = clock;
	load->window = setup_window(load->setup, clock);
}

/* Rows come by kind, then demand, then start: those of one demand are one run, and the clock comes
 * before the spans. */
void
load_state(struct load *load, const struct pg_rows *rows)
{
	size_t count = pg_rows_count(rows);
	struct cover_span *spans = arena_array(load->arena, count, sizeof *spans);
	struct gap *gaps = arena_array(load->arena, count, sizeof *gaps);

	for (size_t row = 0; row < count; row++) {
		struct load_demand *demand =
		    &load->demands[pg_get_int(rows, row, COVERAGE_STATE_N) - 1];

		switch ((enum state_kind)pg_get_int(rows, row, COVERAGE_STATE_KIND)) {
		case STATE_DEMAND:
			demand->found = true;
			demand->version = pg_get_int(rows, row, COVERAGE_STATE_VERSION);
			see_clock(load, pg_get_time(rows, row, COVERAGE_STATE_STARTS_AT));
			break;
		case STATE_SPAN:
			if (pg_get_time(rows, row, COVERAGE_STATE_ENDS_AT) <= load->window.start)
				break; /* it was asked for with the earlier window */
			*spans = span_at(load->arena, rows, row);
			/* The spans of one demand are neighbours in the array, as the rows come in
			 * that order. */
			if (demand->held.count++ == 0)
				demand->held.items = spans;
			spans++;
			break;
		case STATE_GAP:
			*gaps = gap_at(load->arena, rows, row);
			if (demand->ngaps++ == 0)
				demand->gaps = gaps;
			gaps++;
			break;
		}
	}
}
