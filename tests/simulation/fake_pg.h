/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/pg/pg.h"

/* Passed between the fake connection and the model of the database. */
struct pg_arg {
	enum { ARG_NULL, ARG_NUMBER, ARG_TEXT, ARG_NUMBERS, ARG_TEXTS, ARG_RECORDS } kind;
	int64_t number; /* times in seconds, as the caller gave them */
	char *text;
	int64_t *numbers;
	char **texts; /* an item may be NULL */
	size_t count;
	struct pg_records *records;
};

/* A field of row ${i} of an argument that is an array of records. */
struct record_field {
	int64_t number; /* times in seconds */
	char *text;
	int64_t *numbers;
	size_t count;
};
size_t arg_records_count(const struct pg_arg *arg);
const struct record_field *arg_field(const struct pg_arg *arg, size_t i, unsigned field);

/* Builds a result; cells are added from left to right. */
struct pg_rows *rows_new(void);
void rows_add(struct pg_rows *rows);
void rows_null(struct pg_rows *rows);
void rows_int(struct pg_rows *rows, int64_t value);      /* int, bool */
void rows_text(struct pg_rows *rows, const char *value); /* copied; NULL: null */
void rows_time(struct pg_rows *rows, int64_t seconds); /* or PG_INFINITY, …; PG_NULL_INT8: null */
void rows_time_us(struct pg_rows *rows, int64_t us);
void rows_numbers(struct pg_rows *rows, const int64_t *values, size_t count);
void rows_free(struct pg_rows *rows);
