/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/coverage/coverage_sql.h"
#include "server/coverage/kinds.h"
#include "server/coverage/load.h"
#include "server/model/demand.h"
#include "server/model/override.h"

/*
 * The answer of COVERAGE_SHIFTS: what the rotas of the demands say once overrides are laid over
 * them, who is away, and where else the people of demands with a limit are.
 */

/* The loaded rotas of demands that somebody's other shifts matter to. */
static void
ask_limited(const struct load *load, struct pg_args *args)
{
	const struct region *region = load->setup->region;
	const char **ids = arena_array(load->arena, load->nrotas, sizeof *ids);
	bool *taken = arena_array(load->arena, load->nrotas, sizeof *taken);
	size_t count = 0;

	for (size_t i = 0; i < load->ndemands; i++) {
		const struct region_list *rotas = &region->demands[load->demands[i].demand].rotas;

		if (!demand_is_limited(region, load->demands[i].demand))
			continue;
		for (uint32_t j = 0; j < rotas->count; j++) {
			uint32_t slot = load->slots[rotas->items[j]];

			if (!taken[slot])
				ids[count++] = region->rotas[rotas->items[j]].id;
			taken[slot] = true;
		}
	}
	pg_text_array(args, ids, count);
}

void
load_ask_shifts(const struct load *load, struct pg_args *args)
{
	const char **ids = arena_array(load->arena, load->nrotas, sizeof *ids);

	for (size_t i = 0; i < load->nrotas; i++)
		ids[i] = load->setup->region->rotas[load->rotas[i].rota].id;
	pg_text_array(args, ids, load->nrotas);
	pg_time(args, load->window.start);
	pg_time(args, load->window.end);
	ask_limited(load, args);
}

/* TABLE_NONE, which is SWEEP_NOBODY, for none and for one who has left the region. */
static uint32_t
person_at(const struct load *load, const struct pg_rows *rows, size_t row, unsigned column)
{
	const char *person = pg_get_text(rows, row, column);

	_Static_assert(TABLE_NONE == SWEEP_NOBODY, "one word for nobody");
	return person != NULL ? table_get(&load->setup->region->person_by_id, person) : TABLE_NONE;
}

static struct shift
shift_at(const struct load *load, const struct pg_rows *rows, size_t row, struct table *teams)
{
	const char *kept = pg_get_text(rows, row, COVERAGE_SHIFTS_CLASS);
	uint32_t known = person_at(load, rows, row, COVERAGE_SHIFTS_PERSON);
	struct shift shift = {
	    .start = pg_get_time(rows, row, COVERAGE_SHIFTS_STARTS_AT),
	    .end = pg_get_time(rows, row, COVERAGE_SHIFTS_ENDS_AT),
	    .id = pg_get_int(rows, row, COVERAGE_SHIFTS_ID),
	    .person = known,
	};
	bool is_shift = shift_class_read(kept, known != TABLE_NONE, &shift.class);

	INVARIANT(is_shift); /* the statement gives absences apart */
	if (shift.class == SHIFT_TEAM) {
		const char *name =
		    arena_strdup(load->arena, pg_get_text(rows, row, COVERAGE_SHIFTS_TEAM));
		uint32_t next = teams->count, before = table_put(teams, load->arena, name, next);

		shift.team = before == TABLE_NONE ? next : before;
	}
	return shift;
}

static void
source_at(const struct load *load, struct load_rota *rota, const struct pg_rows *rows, size_t row)
{
	struct source seen = source_unlike_any();

	if (!pg_is_null(rows, row, COVERAGE_SHIFTS_STARTS_AT))
		seen = (struct source){pg_get_time(rows, row, COVERAGE_SHIFTS_STARTS_AT),
		    pg_get_time(rows, row, COVERAGE_SHIFTS_ENDS_AT)};
	rota->source = source_read(rows, row, COVERAGE_SHIFTS_AGES, load->now);
	rota->news = !source_same(&rota->source, &seen);
}

static struct override
override_at(const struct load *load, const struct pg_rows *rows, size_t row)
{
	struct override override = {
	    .id = pg_get_int(rows, row, COVERAGE_SHIFTS_OVERRIDE),
	    .kind = override_kind_of(pg_get_text(rows, row, COVERAGE_SHIFTS_CLASS)),
	    .start = pg_get_time(rows, row, COVERAGE_SHIFTS_STARTS_AT),
	    .end = pg_get_time(rows, row, COVERAGE_SHIFTS_ENDS_AT),
	    .shift = pg_get_int(rows, row, COVERAGE_SHIFTS_ID),
	    .person = person_at(load, rows, row, COVERAGE_SHIFTS_PERSON),
	    .instead = person_at(load, rows, row, COVERAGE_SHIFTS_INSTEAD),
	};

	if (pg_is_null(rows, row, COVERAGE_SHIFTS_THIRD))
		return override;
	override.nthird = (uint32_t)pg_get_array_count(rows, row, COVERAGE_SHIFTS_THIRD);
	INVARIANT(override.nthird <= OVERRIDE_THIRD_MAX); /* the table's own check */
	for (uint32_t i = 0; i < override.nthird; i++) {
		struct slice id = pg_get_array_text(rows, row, COVERAGE_SHIFTS_THIRD, i);

		override.third[i] = table_get(
		    &load->setup->region->person_by_id, arena_strndup(load->arena, id.at, id.len));
	}
	return override;
}

static bool
absence_at(const struct load *load, const struct pg_rows *rows, size_t row, struct person_time *out)
{
	const struct region *region = load->setup->region;
	const char *rota = pg_get_text(rows, row, COVERAGE_SHIFTS_TEAM);

	/* A leave calendar that has left the region says nothing any more; what was typed in stays. */
	if (table_get(&region->rota_by_id, rota) == TABLE_NONE &&
	    strcmp(rota, OVERRIDE_ABSENCES) != 0)
		return false;
	*out = (struct person_time){
	    .person =
		table_get(&region->person_by_id, pg_get_text(rows, row, COVERAGE_SHIFTS_PERSON)),
	    .start = pg_get_time(rows, row, COVERAGE_SHIFTS_STARTS_AT),
	    .end = pg_get_time(rows, row, COVERAGE_SHIFTS_ENDS_AT),
	};
	return out->person != TABLE_NONE;
}

/* Of one rota: ${overrides} laid over its shifts. */
static void
lay_over(struct load *load, struct load_rota *rota, struct override *overrides, size_t count)
{
	struct override_shifts laid =
	    override_lay(load->arena, rota->sweep.shifts, rota->sweep.nshifts, overrides, count);

	rota->sweep.shifts = laid.items;
	rota->sweep.nshifts = laid.count;
}

/* A row of a rota that is not loaded: a shift of somebody who is on one that is, or an override. */
struct elsewhere {
	uint32_t rota;
	bool is_override;
	struct shift shift;
	struct override override;
};
typedef VEC(struct elsewhere) elsewhere_rows;
typedef VEC(struct share_duty) duties;

/* One that has left the region says nothing. */
static void
take_elsewhere(const struct load *load, const struct pg_rows *rows, size_t row, elsewhere_rows *out)
{
	uint32_t rota = table_get(
	    &load->setup->region->rota_by_id, pg_get_text(rows, row, COVERAGE_SHIFTS_TEAM));
	struct elsewhere *taken;

	if (rota == TABLE_NONE)
		return;
	taken = VEC_PUSH(load->arena, out);
	*taken = (struct elsewhere){
	    .rota = rota, .is_override = !pg_is_null(rows, row, COVERAGE_SHIFTS_OVERRIDE)};
	if (taken->is_override)
		taken->override = override_at(load, rows, row);
	else
		taken->shift =
		    (struct shift){.start = pg_get_time(rows, row, COVERAGE_SHIFTS_STARTS_AT),
			.end = pg_get_time(rows, row, COVERAGE_SHIFTS_ENDS_AT),
			.id = pg_get_int(rows, row, COVERAGE_SHIFTS_ID),
			.person = person_at(load, rows, row, COVERAGE_SHIFTS_PERSON),
			.class = SHIFT_NAMED};
}

static int
by_rota(const void *left, const void *right)
{
	const struct elsewhere *a = left, *b = right;

	if (a->rota != b->rota)
		return a->rota < b->rota ? -1 : 1;
	return a->shift.start < b->shift.start ? -1 : a->shift.start > b->shift.start;
}

static void
add_duties(
    const struct load *load, uint32_t rota, const struct shift *shifts, size_t count, duties *out)
{
	for (size_t i = 0; i < count; i++)
		if (shifts[i].class == SHIFT_NAMED && shifts[i].person != SWEEP_NOBODY)
			*VEC_PUSH(load->arena, out) = (struct share_duty){
			    shifts[i].person, rota, shifts[i].start, shifts[i].end};
}

/* What the ${count} rows of one rota say, overrides laid over. */
static void
add_rota_elsewhere(const struct load *load, const struct elsewhere *rows, size_t count, duties *out)
{
	struct shift *shifts = arena_array(load->arena, count, sizeof *shifts);
	struct override *overrides = arena_array(load->arena, count, sizeof *overrides);
	size_t nshifts = 0, noverrides = 0;
	struct override_shifts laid;

	for (size_t i = 0; i < count; i++) {
		if (rows[i].is_override)
			overrides[noverrides++] = rows[i].override;
		else
			shifts[nshifts++] = rows[i].shift;
	}
	laid = override_lay(load->arena, shifts, nshifts, overrides, noverrides);
	add_duties(load, rows[0].rota, laid.items, laid.count, out);
}

/* Where the people of demands with a limit are on, on the rotas at hand and on others. */
static void
gather_duties(struct load *load, elsewhere_rows *rows)
{
	duties found = {0};

	for (size_t i = 0; load->limited && i < load->nrotas; i++)
		add_duties(load, load->rotas[i].rota, load->rotas[i].sweep.shifts,
		    load->rotas[i].sweep.nshifts, &found);
	if (rows->count > 1)
		qsort(rows->items, rows->count, sizeof *rows->items, by_rota);
	for (size_t from = 0, to; from < rows->count; from = to) {
		for (to = from + 1;
		     to < rows->count && rows->items[to].rota == rows->items[from].rota;)
			to++;
		add_rota_elsewhere(load, rows->items + from, to - from, &found);
	}
	load->elsewhere = (struct share_list){found.items, found.count};
}

/* One row of SHIFTS_GROUP; ${grouped} has room for it. */
static void
take_group(
    const struct load *load, const struct pg_rows *rows, size_t row, struct gap_grouped *grouped)
{
	struct load_rota *rota = &load->rotas[pg_get_int(rows, row, COVERAGE_SHIFTS_N) - 1];

	*grouped = (struct gap_grouped){
	    .group = arena_strdup(load->arena, pg_get_text(rows, row, COVERAGE_SHIFTS_TEAM)),
	    .start = pg_get_time(rows, row, COVERAGE_SHIFTS_STARTS_AT),
	    .end = pg_get_time(rows, row, COVERAGE_SHIFTS_ENDS_AT),
	};
	if (rota->ngrouped++ == 0)
		rota->grouped = grouped;
}

/* Rows come by kind, then rota, then start, end and id. */
void
load_shifts(struct load *load, const struct pg_rows *rows)
{
	size_t count = pg_rows_count(rows), first = 0, nabsences = 0;
	VEC(struct override) overrides = {0};
	struct shift *shifts = arena_array(load->arena, count, sizeof *shifts);
	struct person_time *absences = arena_array(load->arena, count, sizeof *absences);
	struct gap_grouped *grouped = arena_array(load->arena, count, sizeof *grouped);
	elsewhere_rows elsewhere = {0};
	struct table teams;

	table_init(&teams, load->arena, 16);
	for (size_t row = 0; row < count; row++) {
		enum shifts_kind kind =
		    (enum shifts_kind)pg_get_int(rows, row, COVERAGE_SHIFTS_KIND);
		struct load_rota *rota;

		if (kind == SHIFTS_ABSENCE) {
			nabsences += absence_at(load, rows, row, &absences[nabsences]);
			continue;
		}
		if (kind == SHIFTS_ELSEWHERE) {
			take_elsewhere(load, rows, row, &elsewhere);
			continue;
		}
		if (kind == SHIFTS_GROUP) {
			take_group(load, rows, row, grouped++);
			continue;
		}
		rota = &load->rotas[pg_get_int(rows, row, COVERAGE_SHIFTS_N) - 1];
		if (kind == SHIFTS_SOURCE) {
			source_at(load, rota, rows, row);
			continue;
		}
		if (!pg_is_null(rows, row, COVERAGE_SHIFTS_OVERRIDE)) {
			*VEC_PUSH(load->arena, &overrides) = override_at(load, rows, row);
			rota->noverrides++;
			continue;
		}
		*shifts = shift_at(load, rows, row, &teams);
		if (rota->sweep.nshifts++ == 0)
			rota->sweep.shifts = shifts;
		shifts++;
	}
	for (size_t i = 0; i < load->nrotas; i++) {
		load->rotas[i].sweep.horizon = load->rotas[i].source.horizon;
		load->rotas[i].sweep.trusted_until = load->rotas[i].source.trusted_until;
		if (load->rotas[i].noverrides > 0)
			lay_over(load, &load->rotas[i], overrides.items + first,
			    load->rotas[i].noverrides);
		first += load->rotas[i].noverrides;
	}
	gather_duties(load, &elsewhere);
	person_times_sort(absences, nabsences);
	load->absences = (struct person_times){absences, nabsences};
}
