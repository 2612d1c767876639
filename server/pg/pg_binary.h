/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/pg/pg.h"

/* PostgreSQL's binary formats: big-endian integers, instants in microseconds since 2000-01-01. The
 * numbers of its types are fixed (pg_type.dat) and those of types that SQL defines start at
 * PG_TYPE_FIRST_OWN. */
enum pg_type {
	PG_TYPE_BOOL = 16,
	PG_TYPE_BYTEA = 17,
	PG_TYPE_NAME = 19,
	PG_TYPE_INT8 = 20,
	PG_TYPE_INT2 = 21,
	PG_TYPE_INT4 = 23,
	PG_TYPE_TEXT = 25,
	PG_TYPE_JSON = 114,
	PG_TYPE_UNKNOWN = 705,
	PG_TYPE_BYTEA_ARRAY = 1001,
	PG_TYPE_INT2_ARRAY = 1005,
	PG_TYPE_INT4_ARRAY = 1007,
	PG_TYPE_TEXT_ARRAY = 1009,
	PG_TYPE_VARCHAR_ARRAY = 1015,
	PG_TYPE_INT8_ARRAY = 1016,
	PG_TYPE_BPCHAR = 1042,
	PG_TYPE_VARCHAR = 1043,
	PG_TYPE_TIMESTAMPTZ = 1184,
	PG_TYPE_TIMESTAMPTZ_ARRAY = 1185,
	PG_TYPE_JSONB = 3802,
	PG_TYPE_FIRST_OWN = 16384,
};

/* Bytes of the head of a one-dimensional array, which pg_put_array_head writes at ${at}: dimensions,
 * whether there are nulls, the type of the items, then their count and the lower bound. An empty
 * array has no dimension. */
#define PG_ARRAY_HEAD 20
size_t pg_put_array_head(char *at, size_t count, bool nulls, enum pg_type item);

void pg_put_int4(char *at, int32_t value);
void pg_put_int8(char *at, int64_t value);
int32_t pg_take_int4(const char *at);
int64_t pg_take_int8(const char *at);

/* Seconds since 1970 (or the infinities) to microseconds since 2000 and back to microseconds since
 * 1970. An instant outside PostgreSQL's range is our bug: fatal. */
int64_t pg_time_to_wire(int64_t utc_seconds);
int64_t pg_time_from_wire(int64_t wire);
