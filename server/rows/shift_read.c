/* SPDX-License-Identifier: MIT */
#include "server/rows/shift_read.h"

#include <stdio.h>
#include <string.h>

#include "server/base/fatal.h"

#define CODE_MAX_BYTES 64 /* text_is_code() */

_Static_assert(TABLE_NONE == SWEEP_NOBODY, "one word for nobody");
_Static_assert(TABLE_NONE == REGION_NONE, "one word for nobody");

uint32_t
shift_read_person(
    const struct region *region, const struct pg_rows *rows, size_t row, unsigned column)
{
	const char *person = pg_get_text(rows, row, column);

	/* Somebody whom the set-up no longer has is nobody, as an open slot is. */
	return person != NULL ? table_get(&region->person_by_id, person) : TABLE_NONE;
}

uint32_t
shift_read_people(const struct region *region, const struct pg_rows *rows, size_t row,
    unsigned column, uint32_t out[OVERRIDE_THIRD_MAX])
{
	char id[CODE_MAX_BYTES + 1];
	size_t count;

	if (pg_is_null(rows, row, column))
		return 0;
	count = pg_get_array_count(rows, row, column);
	INVARIANT(count <= OVERRIDE_THIRD_MAX); /* the table's own check */
	for (size_t i = 0; i < count; i++) {
		struct slice text = pg_get_array_text(rows, row, column, i);

		/* A table is asked by a whole string, and a cell of an array has no NUL after it. An id
		 * is a code, so it fits. */
		snprintf(id, sizeof id, "%.*s", (int)text.len, text.at);
		out[i] = table_get(&region->person_by_id, id);
	}
	return (uint32_t)count;
}

struct shift_read
shift_read_row(const struct region *region, const struct pg_rows *rows, size_t row,
    const struct shift_columns *columns)
{
	struct shift_read read = {
	    .id = pg_get_int(rows, row, columns->id),
	    .start = pg_get_time(rows, row, columns->starts_at),
	    .end = pg_get_time(rows, row, columns->ends_at),
	    .class = pg_get_text(rows, row, columns->class),
	    .team = pg_get_text(rows, row, columns->team),
	    .person = shift_read_person(region, rows, row, columns->person),
	};

	/* Of its source alone. The columns of an override are null then, and not to be read. */
	if (pg_is_null(rows, row, columns->override))
		return read;
	read.override = pg_get_int(rows, row, columns->override);
	read.instead = shift_read_person(region, rows, row, columns->instead);
	read.nthird = shift_read_people(region, rows, row, columns->third, read.third);
	return read;
}

/* False: the row has a class that is none of a shift's, such as an override's. */
bool
shift_read_shift(const struct shift_read *read, struct shift *out)
{
	*out = (struct shift){
	    .start = read->start, .end = read->end, .id = read->id, .person = read->person};
	return shift_class_read(read->class, read->person != TABLE_NONE, &out->class);
}

struct override
shift_read_override(const struct shift_read *read)
{
	struct override override = {
	    .id = read->override,
	    .kind = override_kind_of(read->class),
	    .start = read->start,
	    .end = read->end,
	    .shift = read->id,
	    .person = read->person,
	    .instead = read->instead,
	    .nthird = read->nthird,
	};

	/* All of the array, though only nthird of it counts: its members are plain numbers. */
	memcpy(override.third, read->third, sizeof override.third);
	return override;
}
