/* SPDX-License-Identifier: MIT */
#include "server/base/fatal.h"
#include "server/pg/pg_binary.h"
#include "server/pg/pg_rows.h"

/* Arrays in the binary form that pg_args_array.c writes. Items have different lengths, so the way
 * to the last one asked for is kept: a walk from first to last takes one step an item. */

#define HEAD 20

size_t
pg_get_array_count(const struct pg_rows *rows, size_t row, unsigned column)
{
	struct slice cell = pg_rows_cell(rows, row, column);

	if (cell.at == NULL)
		return 0;
	/* Only arrays of one dimension are read; an empty one has none. */
	INVARIANT(cell.len >= 12 && pg_take_int4(cell.at) >= 0 && pg_take_int4(cell.at) <= 1);
	return pg_take_int4(cell.at) == 0 ? 0 : (size_t)pg_take_int4(cell.at + 12);
}

static size_t
item_len(const char *at)
{
	int32_t len = pg_take_int4(at);

	return len < 0 ? 0 : (size_t)len;
}

/* {NULL, 0}: null. */
static struct slice
item_of(const struct pg_rows *rows, size_t row, unsigned column, size_t item)
{
	struct pg_cursor *cursor = rows->cursor;

	INVARIANT(item < pg_get_array_count(rows, row, column));
	if (!cursor->set || cursor->row != row || cursor->column != column || cursor->item > item)
		/* Another cell, or an item before the last: the walk begins again. */
		*cursor = (struct pg_cursor){.row = row,
		    .column = column,
		    .at = pg_rows_cell(rows, row, column).at + HEAD,
		    .set = true};
	while (cursor->item < item) {
		cursor->at += 4 + item_len(cursor->at);
		cursor->item++;
	}
	if (pg_take_int4(cursor->at) < 0)
		return (struct slice){0};
	return (struct slice){cursor->at + 4, item_len(cursor->at)};
}

int64_t
pg_get_array_int(const struct pg_rows *rows, size_t row, unsigned column, size_t item)
{
	struct slice found = item_of(rows, row, column, item);

	switch (PQftype(rows->result, (int)column)) {
	case PG_TYPE_INT8_ARRAY:
		return found.at != NULL ? pg_take_int8(found.at) : PG_NULL_INT8;
	case PG_TYPE_INT4_ARRAY:
		return found.at != NULL ? pg_take_int4(found.at) : PG_NULL_INT8;
	default:
		pg_rows_mistyped(rows, column, "an array of integers");
	}
}

struct slice
pg_get_array_text(const struct pg_rows *rows, size_t row, unsigned column, size_t item)
{
	Oid type = PQftype(rows->result, (int)column);

	if (type != PG_TYPE_TEXT_ARRAY && type != PG_TYPE_VARCHAR_ARRAY &&
	    type != PG_TYPE_BYTEA_ARRAY && type < PG_TYPE_FIRST_OWN)
		pg_rows_mistyped(rows, column, "an array of text");
	return item_of(rows, row, column, item);
}
