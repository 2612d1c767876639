/* SPDX-License-Identifier: MIT */
#include "server/coverage/work.h"

#include "server/coverage/coverage_sql.h"
#include "server/coverage/kinds.h"
#include "server/model/demand.h"

/* A demand is reached by several rotas but swept once. */
static void
take_demand(struct work *work, uint32_t demand)
{
	if (work->taken[demand])
		return;
	work->taken[demand] = 1;
	*VEC_PUSH(work->arena, &work->demands) = demand;
}

static void
take_demands_of(struct work *work, uint32_t rota)
{
	const struct region_list *demands;

	if (rota == TABLE_NONE) /* it has left the region: only its mark is left to clear */
		return;
	demands = &work->setup->demands_of[rota];
	for (uint32_t i = 0; i < demands->count; i++)
		take_demand(work, demands->items[i]);
}

/* The demands without a limit do not depend on where else a person is. */
static void
take_limited_demands_of(struct work *work, uint32_t rota)
{
	const struct region_list *demands = &work->setup->demands_of[rota];

	for (uint32_t i = 0; i < demands->count; i++)
		if (demand_is_limited(work->setup->region, demands->items[i]))
			take_demand(work, demands->items[i]);
}

/* The first row of a rota wins: a mark goes before its source, since the mark's number is what the
 * commit clears. Both rows bring the state of the source. */
static void
add_rota(struct work *work, const struct pg_rows *rows, size_t row, int64_t now)
{
	const char *id = arena_strdup(work->arena, pg_get_text(rows, row, COVERAGE_MARKS_ROTA));
	struct work_rota *rota;

	if (table_put(&work->rota_by_id, work->arena, id, (uint32_t)work->rotas.count) !=
	    TABLE_NONE)
		return;
	rota = VEC_PUSH(work->arena, &work->rotas);
	*rota = (struct work_rota){.id = id,
	    .mark = pg_get_int(rows, row, COVERAGE_MARKS_MARK),
	    .has_source = !pg_is_null(rows, row, COVERAGE_MARKS_AGES)};
	if (rota->has_source)
		rota->source = source_read(rows, row, COVERAGE_MARKS_AGES, now);
}

/* A person on leave in the calendar of the marked rota may be on duty on this one, so its demands
 * are to be swept too. */
static void
add_elsewhere(struct work *work, const struct pg_rows *rows, size_t row)
{
	uint32_t elsewhere = table_get(
	    &work->setup->region->rota_by_id, pg_get_text(rows, row, COVERAGE_MARKS_ROTA));
	uint32_t marked =
	    table_get(&work->rota_by_id, pg_get_text(rows, row, COVERAGE_MARKS_OTHER));

	if (elsewhere != TABLE_NONE)
		*VEC_PUSH(work->arena, &work->rotas.items[marked].elsewhere) = elsewhere;
}

/* Likewise for people who work in several places: a change on the marked rota may put somebody over
 * the limit here. */
static void
add_shared(struct work *work, const struct pg_rows *rows, size_t row)
{
	uint32_t shared = table_get(
	    &work->setup->region->rota_by_id, pg_get_text(rows, row, COVERAGE_MARKS_ROTA));
	uint32_t marked =
	    table_get(&work->rota_by_id, pg_get_text(rows, row, COVERAGE_MARKS_OTHER));

	if (shared != TABLE_NONE)
		*VEC_PUSH(work->arena, &work->rotas.items[marked].shared) = shared;
}

/* Demands whose state changes because time passes, without any mark. */
static void
add_due(struct work *work, const struct pg_rows *rows, size_t row)
{
	uint32_t demand;

	if (work->demands.count >= WORK_DEMANDS)
		return;
	demand = setup_demand(work->setup, pg_get_text(rows, row, COVERAGE_MARKS_ROTA),
	    pg_get_text(rows, row, COVERAGE_MARKS_OTHER));
	if (demand != REGION_NONE)
		take_demand(work, demand);
}

/* Whole rotas in the order of their marks, until there is enough to do. The others keep theirs. */
static void
choose_rotas(struct work *work)
{
	size_t chosen;

	for (chosen = 0; chosen < work->rotas.count && work->demands.count < WORK_DEMANDS;
	     chosen++) {
		const struct work_rota *rota = &work->rotas.items[chosen];

		take_demands_of(work, table_get(&work->setup->region->rota_by_id, rota->id));
		for (size_t i = 0; i < rota->elsewhere.count; i++)
			take_demands_of(work, rota->elsewhere.items[i]);
		for (size_t i = 0; i < rota->shared.count; i++)
			take_limited_demands_of(work, rota->shared.items[i]);
	}
	work->rotas.count = chosen;
}

/* The passes are in this order because later kinds refer to rotas that earlier ones have added. */
struct work *
work_read(struct arena *arena, const struct setup *setup, const struct pg_rows *rows, int64_t now)
{
	struct work *work = arena_alloc(arena, sizeof *work);
	size_t count = pg_rows_count(rows);

	work->arena = arena;
	work->setup = setup;
	work->taken = arena_alloc(arena, setup->region->ndemands);
	table_init(&work->rota_by_id, arena, count);
	/* A union's rows come in no order that may be relied on. */
	for (size_t row = 0; row < count; row++)
		if (pg_get_int(rows, row, COVERAGE_MARKS_KIND) == MARKS_DIRTY)
			add_rota(work, rows, row, now);
	for (size_t row = 0; row < count; row++)
		if (pg_get_int(rows, row, COVERAGE_MARKS_KIND) == MARKS_SOURCE)
			add_rota(work, rows, row, now);
	for (size_t row = 0; row < count; row++)
		if (pg_get_int(rows, row, COVERAGE_MARKS_KIND) == MARKS_ELSEWHERE)
			add_elsewhere(work, rows, row);
	for (size_t row = 0; row < count; row++)
		if (pg_get_int(rows, row, COVERAGE_MARKS_KIND) == MARKS_SHARED)
			add_shared(work, rows, row);
	choose_rotas(work);
	for (size_t row = 0; row < count; row++)
		if (pg_get_int(rows, row, COVERAGE_MARKS_KIND) == MARKS_DUE)
			add_due(work, rows, row);
	return work;
}

/* A rota that was read but not chosen for this run counts as unknown. */
static struct work_rota *
find(const struct work *work, const char *id)
{
	uint32_t index = table_get(&work->rota_by_id, id);

	return index != TABLE_NONE && index < work->rotas.count ? &work->rotas.items[index] : NULL;
}

const struct work_rota *
work_rota(const struct work *work, const char *id)
{
	return find(work, id);
}

/* Called for each chunk that used the source. If two chunks saw it differently, what the first one
 * wrote is out of date and the source must not be reported as dealt with. */
void
work_saw(struct work *work, const char *id, const struct source *source)
{
	struct work_rota *rota = find(work, id);

	if (rota == NULL)
		return;
	if (rota->swept && !source_same(&rota->source, source))
		rota->source_changed = true;
	rota->swept = true;
	rota->source = *source;
}
