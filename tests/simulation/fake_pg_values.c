/* SPDX-License-Identifier: MIT */
/* The arguments and rows of server/pg/pg.h, as plain values. */
#include <stdlib.h>
#include <string.h>

#include "server/base/arena.h"
#include "server/base/fatal.h"
#include "tests/simulation/fake_pg.h"

/* --------------------------------------------------------------------------------- arguments */

static struct pg_arg *
add(struct pg_args *args, int kind)
{
	if (args->count == args->capacity) {
		args->capacity = args->capacity > 0 ? args->capacity * 2 : 8;
		args->items = xrealloc(args->items, args->capacity * sizeof *args->items);
	}
	args->items[args->count] = (struct pg_arg){.kind = kind};
	return &args->items[args->count++];
}

void
pg_text(struct pg_args *args, const char *value)
{
	struct pg_arg *arg = add(args, value != NULL ? ARG_TEXT : ARG_NULL);

	arg->text = value != NULL ? xstrdup(value) : NULL;
}

void
pg_int4(struct pg_args *args, int32_t value)
{
	add(args, ARG_NUMBER)->number = value;
}

void
pg_int8(struct pg_args *args, int64_t value)
{
	add(args, ARG_NUMBER)->number = value;
}

void
pg_bool(struct pg_args *args, bool value)
{
	add(args, ARG_NUMBER)->number = value;
}

void
pg_time(struct pg_args *args, int64_t utc_seconds)
{
	add(args, ARG_NUMBER)->number = utc_seconds;
}

void
pg_text_array(struct pg_args *args, const char *const *values, size_t count)
{
	struct pg_arg *arg = add(args, ARG_TEXTS);

	arg->count = count;
	arg->texts = xcalloc(count, sizeof *arg->texts);
	for (size_t i = 0; i < count; i++)
		arg->texts[i] = values[i] != NULL ? xstrdup(values[i]) : NULL;
}

void
pg_int8_array(struct pg_args *args, const int64_t *values, size_t count)
{
	struct pg_arg *arg = add(args, ARG_NUMBERS);

	arg->count = count;
	arg->numbers = xcalloc(count, sizeof *arg->numbers);
	if (count > 0)
		memcpy(arg->numbers, values, count * sizeof *values);
}

void
pg_time_array(struct pg_args *args, const int64_t *utc_seconds, size_t count)
{
	pg_int8_array(args, utc_seconds, count);
}

struct pg_records {
	unsigned fields;
	struct record_field *items; /* row by row */
	size_t count, capacity;
};

struct pg_records *
pg_records_new(unsigned fields)
{
	struct pg_records *records = xcalloc(1, sizeof *records);

	records->fields = fields;
	return records;
}

static struct record_field *
add_field(struct pg_records *records)
{
	if (records->count == records->capacity) {
		records->capacity = records->capacity > 0 ? records->capacity * 2 : 64;
		records->items =
		    xrealloc(records->items, records->capacity * sizeof *records->items);
	}
	records->items[records->count] = (struct record_field){0};
	return &records->items[records->count++];
}

void
pg_record_text(struct pg_records *records, const char *value)
{
	add_field(records)->text = value != NULL ? xstrdup(value) : NULL;
}

void
pg_record_int8(struct pg_records *records, int64_t value)
{
	add_field(records)->number = value;
}

void
pg_record_time(struct pg_records *records, int64_t utc_seconds)
{
	pg_record_int8(records, utc_seconds);
}

void
pg_record_int8_array(struct pg_records *records, const int64_t *values, size_t count)
{
	struct record_field *field = add_field(records);

	field->count = count;
	field->numbers = xcalloc(count, sizeof *field->numbers);
	if (count > 0)
		memcpy(field->numbers, values, count * sizeof *values);
}

void
pg_records_put(struct pg_args *args, struct pg_records *records)
{
	INVARIANT(records->count % records->fields == 0);
	add(args, ARG_RECORDS)->records = records;
}

size_t
arg_records_count(const struct pg_arg *arg)
{
	INVARIANT(arg->kind == ARG_RECORDS);
	return arg->records->count / arg->records->fields;
}

const struct record_field *
arg_field(const struct pg_arg *arg, size_t i, unsigned field)
{
	INVARIANT(i < arg_records_count(arg) && field < arg->records->fields);
	return &arg->records->items[i * arg->records->fields + field];
}

static void
free_records(struct pg_records *records)
{
	for (size_t i = 0; records != NULL && i < records->count; i++) {
		free(records->items[i].text);
		free(records->items[i].numbers);
	}
	if (records != NULL)
		free(records->items);
	free(records);
}

void
pg_args_free(struct pg_args *args)
{
	for (unsigned i = 0; i < args->count; i++) {
		struct pg_arg *arg = &args->items[i];

		for (size_t j = 0; arg->kind == ARG_TEXTS && j < arg->count; j++)
			free(arg->texts[j]);
		free(arg->text);
		free(arg->numbers);
		free(arg->texts);
		free_records(arg->records);
	}
	free(args->items);
	*args = (struct pg_args){0};
}

/* -------------------------------------------------------------------------------------- rows */

enum { ROW_CELLS = 24 };

struct cell {
	bool null;
	int64_t number; /* times in microseconds */
	const char *text;
	const int64_t *numbers;
	size_t count;
};

struct row {
	struct cell cells[ROW_CELLS];
	unsigned count;
};

struct pg_rows {
	struct arena *arena;
	struct row *items;
	size_t count, capacity;
};

struct pg_rows *
rows_new(void)
{
	struct pg_rows *rows = xcalloc(1, sizeof *rows);

	rows->arena = arena_new(0);
	return rows;
}

void
rows_free(struct pg_rows *rows)
{
	if (rows == NULL)
		return;
	arena_free(rows->arena);
	free(rows->items);
	free(rows);
}

void
rows_add(struct pg_rows *rows)
{
	if (rows->count == rows->capacity) {
		rows->capacity = rows->capacity > 0 ? rows->capacity * 2 : 8;
		rows->items = xrealloc(rows->items, rows->capacity * sizeof *rows->items);
	}
	rows->items[rows->count++].count = 0;
}

static struct cell *
put(struct pg_rows *rows)
{
	struct row *row = &rows->items[rows->count - 1];

	INVARIANT(row->count < ROW_CELLS);
	row->cells[row->count] = (struct cell){0};
	return &row->cells[row->count++];
}

void
rows_null(struct pg_rows *rows)
{
	put(rows)->null = true;
}

void
rows_int(struct pg_rows *rows, int64_t value)
{
	put(rows)->number = value;
}

void
rows_text(struct pg_rows *rows, const char *value)
{
	struct cell *cell = put(rows);

	cell->null = value == NULL;
	cell->text = value != NULL ? arena_strdup(rows->arena, value) : NULL;
}

void
rows_time_us(struct pg_rows *rows, int64_t us)
{
	struct cell *cell = put(rows);

	cell->null = us == PG_NULL_INT8;
	cell->number = us;
}

void
rows_time(struct pg_rows *rows, int64_t seconds)
{
	bool finite =
	    seconds != PG_INFINITY && seconds != PG_MINUS_INFINITY && seconds != PG_NULL_INT8;

	rows_time_us(rows, finite ? seconds * 1000000 : seconds);
}

void
rows_numbers(struct pg_rows *rows, const int64_t *values, size_t count)
{
	struct cell *cell = put(rows);
	int64_t *copy = arena_array(rows->arena, count, sizeof *copy);

	if (count > 0)
		memcpy(copy, values, count * sizeof *copy);
	cell->numbers = copy;
	cell->count = count;
}

static const struct cell *
at(const struct pg_rows *rows, size_t row, unsigned column)
{
	INVARIANT(row < rows->count && column < rows->items[row].count);
	return &rows->items[row].cells[column];
}

size_t
pg_rows_count(const struct pg_rows *rows)
{
	return rows->count;
}

bool
pg_is_null(const struct pg_rows *rows, size_t row, unsigned column)
{
	return at(rows, row, column)->null;
}

const char *
pg_get_text(const struct pg_rows *rows, size_t row, unsigned column)
{
	return at(rows, row, column)->text;
}

struct slice
pg_get_bytes(const struct pg_rows *rows, size_t row, unsigned column)
{
	return slice_of(at(rows, row, column)->text);
}

int64_t
pg_get_int(const struct pg_rows *rows, size_t row, unsigned column)
{
	return at(rows, row, column)->number;
}

bool
pg_get_bool(const struct pg_rows *rows, size_t row, unsigned column)
{
	return at(rows, row, column)->number != 0;
}

int64_t
pg_get_time_us(const struct pg_rows *rows, size_t row, unsigned column)
{
	const struct cell *cell = at(rows, row, column);

	return cell->null ? 0 : cell->number;
}

int64_t
pg_get_time(const struct pg_rows *rows, size_t row, unsigned column)
{
	int64_t us = pg_get_time_us(rows, row, column);

	return us == PG_INFINITY || us == PG_MINUS_INFINITY ? us : us / 1000000;
}

size_t
pg_get_array_count(const struct pg_rows *rows, size_t row, unsigned column)
{
	return at(rows, row, column)->count;
}

int64_t
pg_get_array_int(const struct pg_rows *rows, size_t row, unsigned column, size_t item)
{
	return at(rows, row, column)->numbers[item];
}

/* No world has arrays of text in an answer yet. */
struct slice
pg_get_array_text(const struct pg_rows *rows, size_t row, unsigned column, size_t item)
{
	(void)item;
	INVARIANT(at(rows, row, column)->count == 0);
	return (struct slice){0};
}
