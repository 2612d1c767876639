/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/pg/pg_binary.h"
#include "server/pg/pg_rows.h"

void
pg_rows_mistyped(const struct pg_rows *rows, unsigned column, const char *wanted)
{
	/* A type that differs from the statement's head is a bug here. A test finds it with the
	 * first row. */
	fatal("column %s of a result has type %u where %s was read",
	    PQfname(rows->result, (int)column), PQftype(rows->result, (int)column), wanted);
}

struct slice
pg_rows_cell(const struct pg_rows *rows, size_t row, unsigned column)
{
	/* libpq would print a warning and return NULL, which looks like a null of the database. */
	INVARIANT(row < pg_rows_count(rows) && column < (unsigned)PQnfields(rows->result));
	if (PQgetisnull(rows->result, (int)row, (int)column))
		return (struct slice){0};
	return (struct slice){PQgetvalue(rows->result, (int)row, (int)column),
	    (size_t)PQgetlength(rows->result, (int)row, (int)column)};
}

/* The connection does not clear what was taken over. */
struct pg_rows *
pg_rows_keep(const struct pg_rows *rows)
{
	struct pg_rows *own;

	if (rows == NULL)
		return NULL;
	INVARIANT(rows->kept != NULL && !*rows->kept);
	*rows->kept = true;
	own = xcalloc(1, sizeof *own);
	own->result = rows->result;
	own->cursor = xcalloc(1, sizeof *own->cursor);
	return own;
}

void
pg_rows_free(struct pg_rows *rows)
{
	if (rows == NULL)
		return;
	PQclear(rows->result);
	free(rows->cursor);
	free(rows);
}

size_t
pg_rows_count(const struct pg_rows *rows)
{
	return (size_t)PQntuples(rows->result);
}

bool
pg_is_null(const struct pg_rows *rows, size_t row, unsigned column)
{
	return pg_rows_cell(rows, row, column).at == NULL;
}

static bool
is_words(Oid type)
{
	switch (type) {
	case PG_TYPE_TEXT:
	case PG_TYPE_VARCHAR:
	case PG_TYPE_BPCHAR:
	case PG_TYPE_NAME:
	case PG_TYPE_UNKNOWN:
	case PG_TYPE_JSON:
	case PG_TYPE_JSONB:
		return true;
	default:
		return type >= PG_TYPE_FIRST_OWN; /* an enum: its label */
	}
}

/* jsonb is sent as its text after a version number. */
static struct slice
without_version(struct slice cell, Oid type)
{
	if (type != PG_TYPE_JSONB || cell.at == NULL)
		return cell;
	INVARIANT(cell.len >= 1 && cell.at[0] == 1);
	return (struct slice){cell.at + 1, cell.len - 1};
}

const char *
pg_get_text(const struct pg_rows *rows, size_t row, unsigned column)
{
	struct slice cell = pg_rows_cell(rows, row, column);
	Oid type = PQftype(rows->result, (int)column);

	if (!is_words(type))
		pg_rows_mistyped(rows, column, "text");
	return without_version(cell, type).at; /* libpq ends every value with a NUL */
}

struct slice
pg_get_bytes(const struct pg_rows *rows, size_t row, unsigned column)
{
	struct slice cell = pg_rows_cell(rows, row, column);
	Oid type = PQftype(rows->result, (int)column);

	if (type != PG_TYPE_BYTEA && !is_words(type))
		pg_rows_mistyped(rows, column, "bytes");
	return without_version(cell, type);
}

int64_t
pg_get_int(const struct pg_rows *rows, size_t row, unsigned column)
{
	struct slice cell = pg_rows_cell(rows, row, column);

	switch (PQftype(rows->result, (int)column)) {
	case PG_TYPE_INT8:
		return cell.at != NULL ? pg_take_int8(cell.at) : 0;
	case PG_TYPE_INT4:
		return cell.at != NULL ? pg_take_int4(cell.at) : 0;
	case PG_TYPE_INT2:
		/* By bytes: the value need not be aligned. */
		return cell.at != NULL ? (int16_t)((uint8_t)cell.at[0] << 8 | (uint8_t)cell.at[1])
				       : 0;
	default:
		pg_rows_mistyped(rows, column, "an integer");
	}
}

bool
pg_get_bool(const struct pg_rows *rows, size_t row, unsigned column)
{
	struct slice cell = pg_rows_cell(rows, row, column);

	if (PQftype(rows->result, (int)column) != PG_TYPE_BOOL)
		pg_rows_mistyped(rows, column, "a boolean");
	return cell.at != NULL && cell.at[0] != 0;
}

int64_t
pg_get_time_us(const struct pg_rows *rows, size_t row, unsigned column)
{
	struct slice cell = pg_rows_cell(rows, row, column);

	if (PQftype(rows->result, (int)column) != PG_TYPE_TIMESTAMPTZ)
		pg_rows_mistyped(rows, column, "an instant");
	return cell.at != NULL ? pg_time_from_wire(pg_take_int8(cell.at)) : 0;
}

int64_t
pg_get_time(const struct pg_rows *rows, size_t row, unsigned column)
{
	int64_t us = pg_get_time_us(rows, row, column);

	if (us == PG_INFINITY || us == PG_MINUS_INFINITY)
		return us;
	/* Rounded down, also before 1970, where C rounds up. */
	return us / 1000000 - (us % 1000000 < 0);
}

const char *
pg_rows_refusal(const struct pg_rows *rows)
{
	const char *message = PQresultErrorField(rows->result, PG_DIAG_MESSAGE_PRIMARY);

	return message != NULL ? message : "";
}

const char *
pg_rows_sqlstate(const struct pg_rows *rows)
{
	const char *sqlstate = PQresultErrorField(rows->result, PG_DIAG_SQLSTATE);

	return sqlstate != NULL ? sqlstate : "";
}
