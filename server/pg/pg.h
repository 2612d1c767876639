/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/status.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/*
 * One PostgreSQL connection on the loop: connects, reconnects with back-off, prepares each
 * statement once a connection, runs calls one after another in the order they were made. Keeps the
 * six rules of loop.h. A call made while the connection is down waits for it within its time limit.
 * A call that was on the wire when the connection broke is answered STATUS_AGAIN and is not
 * repeated here: whether it took effect is unknown, so every statement that writes must be
 * idempotent: called again, it changes nothing more.
 *
 * Faults of the server or the network are STATUS_AGAIN. A constraint or an exception raised by our
 * SQL with an SQLSTATE that the statement expects (pg_stmt.expects) is STATUS_REFUSED, with the
 * message in pg_rows_refusal(). A text argument that is not UTF-8 or has a NUL in it is not sent:
 * STATUS_MALFORMED. A value beyond what the server can hold is STATUS_LIMIT. A statement that names what
 * the schema does not have yet is STATUS_AGAIN, and logged. Any other error is our
 * bug: fatal, naming the statement.
 *
 * A call whose time is up, or that is cancelled, while the server works on it may still take
 * effect. It keeps the connection until the server ends it, which the session's statement_timeout
 * sees to.
 */
struct pg;
struct pg_call;
struct pg_rows;

struct pg_options {
	/* libpq key=value, copied. Numeric addresses or a socket folder only; anything else is
	 * fatal. TLS is verify-full unless it says otherwise or stays on this machine. */
	const char *conninfo;
	const char *application_name; /* "crisiscover-api" */
	bool primary_only;            /* refuse a standby */
	/* How long the server keeps a transaction in which no call is made before it ends the
	 * session; 0: 10,000. */
	unsigned idle_limit_ms;
};

/* A statement, a constant that embed.py makes of a role's sql/NAME.sql. Text of the SQL uses $1…;
 * results come in binary. */
struct pg_stmt {
	const char *name; /* FEEDS_CLAIM_DUE: the prepared name and the name in logs */
	const char *sql;
	unsigned timeout_ms; /* 0: 5,000 */
	const char *expects; /* SQLSTATEs that are an answer: "23505 P0001"; or NULL */
};

/* Arguments, built in order. The builder copies what it is given; {0} starts one; pg_args_free or
 * pg_call consumes it. Text, integers and booleans take the type the statement gives them
 * ($1::uuid, an int4 parameter of a function); bytea, timestamptz and arrays come with their own.
 */
struct pg_args {
	struct pg_arg *items;
	unsigned count, capacity;
};
void pg_text(struct pg_args *args, const char *value);   /* NULL: SQL null */
void pg_slice(struct pg_args *args, struct slice value); /* text, not NUL-terminated */
void pg_int4(struct pg_args *args, int32_t value);
void pg_int8(struct pg_args *args, int64_t value);
void pg_bool(struct pg_args *args, bool value);
void pg_bytea(struct pg_args *args, const void *bytes, size_t len); /* NULL bytes: SQL null */
void pg_time(struct pg_args *args, int64_t utc_seconds); /* or PG_INFINITY, PG_MINUS_INFINITY */
void pg_null(struct pg_args *args);
/* One-dimensional arrays of ${count}. An item that is NULL or PG_NULL_INT8 is SQL null. */
void pg_text_array(struct pg_args *args, const char *const *values, size_t count);
void pg_int8_array(struct pg_args *args, const int64_t *values, size_t count);
void pg_time_array(struct pg_args *args, const int64_t *utc_seconds, size_t count);
void pg_bytea_array(struct pg_args *args, const struct slice *values, size_t count);
void pg_args_free(struct pg_args *args);

/*
 * One argument that is an array of a composite type of ${fields} columns, each text, bigint,
 * timestamptz or bigint[]. The rows are built field by field, in the order of the type's columns;
 * NULL text and PG_NULL_INT8 are SQL null. pg_records_put appends the argument and frees
 * ${records}; it is fatal if a row is not whole. A row of other columns than the type's is refused
 * by the server, as an error that is our bug.
 */
struct pg_records;
struct pg_records *pg_records_new(unsigned fields);
void pg_record_text(struct pg_records *records, const char *value);
void pg_record_int8(struct pg_records *records, int64_t value);
void pg_record_time(struct pg_records *records, int64_t utc_seconds);
void pg_record_int8_array(struct pg_records *records, const int64_t *values, size_t count);
void pg_records_put(struct pg_args *args, struct pg_records *records);

#define PG_INFINITY INT64_MAX
#define PG_MINUS_INFINITY INT64_MIN
#define PG_NULL_INT8 (INT64_MIN + 1)

typedef void pg_done_fn(
    void *ctx, enum status st, const struct pg_rows *rows); /* rows is NULL unless OK or REFUSED */
typedef void pg_hint_fn(void *ctx);
typedef void pg_state_fn(void *ctx, bool connected);

struct pg *pg_open(struct loop *loop, const struct pg_options *options);
void pg_close(struct pg *pg); /* calls under way are cancelled */
bool pg_connected(const struct pg *pg);

/* Runs ${stmt}. ${args} (NULL: none) is emptied. ${done} and cancelling: rules 2 to 4 of loop.h. */
struct pg_call *pg_call(
    struct pg *pg, const struct pg_stmt *stmt, struct pg_args *args, pg_done_fn *done, void *ctx);
void pg_call_cancel(struct pg_call *call);

/*
 * A transaction of several calls. pg_begin sends BEGIN with ${limit_ms} as the time limit of the
 * server for each statement after it; once it is answered, pg_session names the connection that it
 * was made on, and pg_call_in makes a call that is sent on that connection or answered
 * STATUS_AGAIN. The caller sees to it that nobody else calls on ${pg} meanwhile, and ends with
 * PG_COMMIT (a call in the session) or pg_rollback, which may also be called after a refusal, while
 * a call is still under way, or where there is no transaction. A connection that is lost takes the
 * transaction with it.
 */
extern const struct pg_stmt PG_COMMIT;
struct pg_call *pg_begin(struct pg *pg, unsigned limit_ms, pg_done_fn *done, void *ctx);
/* The same for a transaction that only reads: every call in it sees the database as the first one did, whatever others commit
 * meanwhile. It ends with pg_rollback. Hints come after its end. */
struct pg_call *pg_begin_reading(struct pg *pg, unsigned limit_ms, pg_done_fn *done, void *ctx);
struct pg_session {
	struct pg *pg;
	uint64_t number; /* of its connection; each connection has another */
};
struct pg_session pg_session(struct pg *pg);
struct pg_call *pg_call_in(struct pg_session session, const struct pg_stmt *stmt,
    struct pg_args *args, pg_done_fn *done, void *ctx);
void pg_rollback(struct pg *pg);

/* LISTEN ${channel} now and after each reconnection, before any other call on that connection.
 * ${hint} runs for each notification and once after each (re)connection ("read again: you may have
 * missed some"). For the life of the connection. */
void pg_listen(struct pg *pg, const char *channel, pg_hint_fn *hint, void *ctx);

/* Called when the connection is made and when it is lost. One watcher. */
void pg_on_state(struct pg *pg, pg_state_fn *state, void *ctx);

/* Takes ${rows} of STATUS_OK, which are borrowed, over for longer than the callback; free with pg_rows_free. NULL for NULL. */
struct pg_rows *pg_rows_keep(const struct pg_rows *rows);
void pg_rows_free(struct pg_rows *rows); /* NULL: nothing */

/* Rows: cells by row and column, checked against the declared type (a wrong type is our bug:
 * fatal). Borrowed as rule 6 says. */
size_t pg_rows_count(const struct pg_rows *rows);
bool pg_is_null(const struct pg_rows *rows, size_t row, unsigned column);
const char *pg_get_text(
    const struct pg_rows *rows, size_t row, unsigned column); /* NUL-terminated; NULL if null */
struct slice pg_get_bytes(
    const struct pg_rows *rows, size_t row, unsigned column); /* text, json, jsonb, bytea */
int64_t pg_get_int(
    const struct pg_rows *rows, size_t row, unsigned column); /* int2, int4, int8; 0 if null */
bool pg_get_bool(const struct pg_rows *rows, size_t row, unsigned column);
int64_t pg_get_time(
    const struct pg_rows *rows, size_t row, unsigned column); /* seconds; PG_INFINITY; 0 if null */
int64_t pg_get_time_us(const struct pg_rows *rows, size_t row, unsigned column); /* microseconds */
/* Arrays of int8 or text: the number of items; each item. */
size_t pg_get_array_count(const struct pg_rows *rows, size_t row, unsigned column);
int64_t pg_get_array_int(const struct pg_rows *rows, size_t row, unsigned column, size_t item);
struct slice pg_get_array_text(
    const struct pg_rows *rows, size_t row, unsigned column, size_t item);

/* A copy of a text that lives in ${arena}; NULL if null. */
static inline const char *
pg_copy_text(struct arena *arena, const struct pg_rows *rows, size_t row, unsigned column)
{
	const char *text = pg_get_text(rows, row, column);

	return text == NULL ? NULL : arena_strdup(arena, text);
}

/* ${otherwise} where it is null. */
static inline int64_t
pg_get_time_or(const struct pg_rows *rows, size_t row, unsigned column, int64_t otherwise)
{
	return pg_is_null(rows, row, column) ? otherwise : pg_get_time(rows, row, column);
}

/* The server's own message of a refusal ("" if none) and its SQLSTATE. */
const char *pg_rows_refusal(const struct pg_rows *rows);
const char *pg_rows_sqlstate(const struct pg_rows *rows);
