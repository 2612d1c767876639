/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/coverage/coverage_sql.h"
#include "server/coverage/kinds.h"
#include "server/coverage/load.h"
#include "server/model/demand.h"
#include "server/rows/shift_read.h"

/*
 * The answer of COVERAGE_SHIFTS: what the rotas of the demands say once overrides are laid over
 * them, who is away, and where else the people of demands with a limit are.
 */

/* The loaded rotas of demands that somebody's other shifts matter to. Only for these rotas does the
 * statement search all others for shifts of the same people. */
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

			/* Several demands may use the same rota. */
			if (!taken[slot])
				ids[count++] = region->rotas[rotas->items[j]].id;
			taken[slot] = true;
		}
	}
	pg_text_array(args, ids, count);
}

/* The arguments' order is that of the statement's head. */
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

static const struct shift_columns columns = {
    .id = COVERAGE_SHIFTS_ID,
    .class = COVERAGE_SHIFTS_CLASS,
    .person = COVERAGE_SHIFTS_PERSON,
    .team = COVERAGE_SHIFTS_TEAM,
    .starts_at = COVERAGE_SHIFTS_STARTS_AT,
    .ends_at = COVERAGE_SHIFTS_ENDS_AT,
    .override = COVERAGE_SHIFTS_OVERRIDE,
    .instead = COVERAGE_SHIFTS_INSTEAD,
    .third = COVERAGE_SHIFTS_THIRD,
};

static struct shift
shift_at(const struct load *load, const struct shift_read *read, struct table *teams)
{
	struct shift shift;
	bool is_shift = shift_read_shift(read, &shift);

	INVARIANT(is_shift); /* the statement gives absences apart */
	/* The sweep compares teams by number. The same name on two rotas is the same line. */
	if (shift.class == SHIFT_TEAM) {
		const char *name = arena_strdup(load->arena, read->team);
		uint32_t next = teams->count, before = table_put(teams, load->arena, name, next);

		shift.team = before == TABLE_NONE ? next : before;
	}
	return shift;
}

/* The source state that the sweep used is compared with the one that the map had seen. A difference
 * is reported with the commit, in the same transaction as the spans that it led to. */
static void
source_at(const struct load *load, struct load_rota *rota, const struct pg_rows *rows, size_t row)
{
	struct source seen = source_unlike_any();

	if (!pg_is_null(rows, row, COVERAGE_SHIFTS_STARTS_AT))
		seen = (struct source){pg_get_time(rows, row, COVERAGE_SHIFTS_STARTS_AT),
		    pg_get_time(rows, row, COVERAGE_SHIFTS_ENDS_AT)};
	rota->source = source_read(rows, row, COVERAGE_SHIFTS_AGES, load->now);
	rota->source_changed = !source_same(&rota->source, &seen);
}

static bool
absence_at(const struct load *load, const struct shift_read *read, struct person_time *out)
{
	/* A leave calendar that has left the region says nothing any more; what was typed in stays. */
	if (table_get(&load->setup->region->rota_by_id, read->team) == TABLE_NONE &&
	    strcmp(read->team, OVERRIDE_ABSENCES) != 0)
		return false;
	*out = (struct person_time){.person = read->person, .start = read->start, .end = read->end};
	return out->person != TABLE_NONE;
}

/* Of one rota: ${overrides} laid over its shifts. Before the sweep, not in it, so that coverage,
 * the api and previews use the same function. */
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

/* One that has left the region says nothing. The statement gives only named shifts and overrides
 * here; others cannot take a person away. */
static void
take_elsewhere(const struct load *load, const struct shift_read *read, elsewhere_rows *out)
{
	uint32_t rota = table_get(&load->setup->region->rota_by_id, read->team);
	struct elsewhere *taken;

	if (rota == TABLE_NONE)
		return;
	taken = VEC_PUSH(load->arena, out);
	*taken = (struct elsewhere){.rota = rota, .is_override = read->override != 0};
	if (taken->is_override)
		taken->override = shift_read_override(read);
	else
		INVARIANT(shift_read_shift(read, &taken->shift)); /* the statement: named alone */
}

/* The rows of one rota together. The start makes the order definite. */
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

/* The shifts of the ${count} rows of one rota, with overrides laid over them. An override may have
 * put somebody else on, and then the person whose shift it was is free for the place at hand. */
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

/* The times of people of demands with a limit, on the rotas at hand and on others. */
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

/* One row of SHIFTS_GROUP, of ${rota}. */
static void
take_group(struct load_rota *rota, const struct pg_rows *rows, size_t row, struct arena *arena,
    struct gap_grouped *grouped)
{
	*grouped = (struct gap_grouped){
	    .group = arena_strdup(arena, pg_get_text(rows, row, COVERAGE_SHIFTS_TEAM)),
	    .start = pg_get_time(rows, row, COVERAGE_SHIFTS_STARTS_AT),
	    .end = pg_get_time(rows, row, COVERAGE_SHIFTS_ENDS_AT),
	};
	if (rota->ngrouped++ == 0)
		rota->grouped = grouped;
}

/* The shifts made from the rows of an answer, while they are read. Each array has room for all of
 * them. */
struct reading_rows {
	struct load *load;
	const struct pg_rows *rows;
	struct table teams;
	struct shift *shifts;        /* the next one */
	struct gap_grouped *grouped; /* the next one */
	struct person_time *absences;
	size_t nabsences;
	VEC(struct override) overrides; /* rota by rota */
	elsewhere_rows elsewhere;
};

/* A shift or an override of a loaded rota. */
static void
take_shift(struct reading_rows *into, struct load_rota *rota, const struct shift_read *read)
{
	if (read->override != 0) {
		*VEC_PUSH(into->load->arena, &into->overrides) = shift_read_override(read);
		rota->noverrides++;
		return;
	}
	*into->shifts = shift_at(into->load, read, &into->teams);
	if (rota->sweep.nshifts++ == 0)
		rota->sweep.shifts = into->shifts;
	into->shifts++;
}

static void
take_row(struct reading_rows *into, size_t row)
{
	struct load *load = into->load;
	enum shifts_kind kind = (enum shifts_kind)pg_get_int(into->rows, row, COVERAGE_SHIFTS_KIND);
	int64_t n = pg_get_int(into->rows, row, COVERAGE_SHIFTS_N); /* 0: of no loaded rota */
	struct load_rota *rota = n > 0 ? &load->rotas[n - 1] : NULL;
	struct shift_read read;

	if (kind == SHIFTS_SOURCE) {
		source_at(load, rota, into->rows, row);
		return;
	}
	if (kind == SHIFTS_GROUP) {
		take_group(rota, into->rows, row, load->arena, into->grouped++);
		return;
	}
	read = shift_read_row(load->setup->region, into->rows, row, &columns);
	if (kind == SHIFTS_ABSENCE)
		into->nabsences += absence_at(load, &read, &into->absences[into->nabsences]);
	else if (kind == SHIFTS_ELSEWHERE)
		take_elsewhere(load, &read, &into->elsewhere);
	else
		take_shift(into, rota, &read);
}

/* Rows come by kind, then rota, then start, end and id. The arrays have room for every row, so that
 * none is moved while other structures point into it. */
void
load_shifts(struct load *load, const struct pg_rows *rows)
{
	size_t count = pg_rows_count(rows), first = 0;
	struct reading_rows into = {
	    .load = load,
	    .rows = rows,
	    .shifts = arena_array(load->arena, count, sizeof *into.shifts),
	    .grouped = arena_array(load->arena, count, sizeof *into.grouped),
	    .absences = arena_array(load->arena, count, sizeof *into.absences),
	};

	table_init(&into.teams, load->arena, 16);
	for (size_t row = 0; row < count; row++)
		take_row(&into, row);
	for (size_t i = 0; i < load->nrotas; i++) {
		struct load_rota *rota = &load->rotas[i];

		rota->sweep.horizon = rota->source.horizon;
		rota->sweep.trusted_until = rota->source.trusted_until;
		if (rota->noverrides > 0)
			lay_over(load, rota, into.overrides.items + first, rota->noverrides);
		/* Overrides came in the order of the rotas, so that each rota's are neighbours in
		 * the list. */
		first += rota->noverrides;
	}
	/* After overrides were laid over the loaded rotas, since it reads the result. */
	gather_duties(load, &into.elsewhere);
	person_times_sort(into.absences, into.nabsences);
	load->absences = (struct person_times){into.absences, into.nabsences};
}
