/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/model/override.h"
#include "server/model/region.h"
#include "server/pg/pg.h"

/*
 * Reads a row of the table shift, as several roles select it. Roles share tables and no headers. What
 * such a row means is decided here once, so that coverage and the api cannot read it in two ways.
 */

/* Where a statement has the columns: its own constants, such as API_SHIFTS_ID. */
struct shift_columns {
	unsigned id, class, person, team, starts_at, ends_at;
	unsigned override; /* null: the row is of the source */
	unsigned instead, third;
};

struct shift_read {
	int64_t id, start, end;
	const char *class; /* borrowed from the rows, as ${team} is */
	const char *team;  /* or NULL */
	uint32_t person;  /* TABLE_NONE: the row names none, or one whom the set-up does not have */
	int64_t override; /* 0: the row is of the source, and nothing below is set */
	uint32_t instead; /* as ${person} */
	uint32_t nthird, third[OVERRIDE_THIRD_MAX];
};

/* The row ${row}. Its texts are borrowed from ${rows}. */
struct shift_read shift_read_row(const struct region *region, const struct pg_rows *rows,
    size_t row, const struct shift_columns *columns);

/* The class for the sweep: ${out} without its team's number, since only the caller counts teams.
 * False if the row is an absence, which is no shift of its rota. */
bool shift_read_shift(const struct shift_read *read, struct shift *out);

/* The override that a row of an override states (its ${override} is not 0). */
struct override shift_read_override(const struct shift_read *read);

/* The person whose id is in ${column}: TABLE_NONE for null and for one who has left the set-up. */
uint32_t shift_read_person(
    const struct region *region, const struct pg_rows *rows, size_t row, unsigned column);

/* The people of an array of ids, each as in shift_read_person(); how many, 0 for null. */
uint32_t shift_read_people(const struct region *region, const struct pg_rows *rows, size_t row,
    unsigned column, uint32_t out[OVERRIDE_THIRD_MAX]);
