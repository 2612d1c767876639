/* SPDX-License-Identifier: MIT */
#include "server/pg/pg_binary.h"

#include <endian.h>
#include <string.h>

#include "server/base/fatal.h"

/* PostgreSQL counts microseconds from here. */
#define EPOCH_2000 INT64_C(946684800) /* 2000-01-01T00:00:00Z */
#define YEAR_9999_ENDS INT64_C(253402300800)

void
pg_put_int4(char *at, int32_t value)
{
	/* By memcpy() and not by a pointer: items of an array need not be aligned. */
	uint32_t wire = htobe32((uint32_t)value);

	memcpy(at, &wire, sizeof wire);
}

void
pg_put_int8(char *at, int64_t value)
{
	uint64_t wire = htobe64((uint64_t)value);

	memcpy(at, &wire, sizeof wire);
}

size_t
pg_put_array_head(char *at, size_t count, bool nulls, enum pg_type item)
{
	INVARIANT(count <= INT32_MAX);
	pg_put_int4(at, count == 0 ? 0 : 1);
	pg_put_int4(at + 4, nulls);
	pg_put_int4(at + 8, (int32_t)item);
	/* An array without items has no dimension, in which case PostgreSQL expects no more. */
	if (count == 0)
		return 12;
	pg_put_int4(at + 12, (int32_t)count);
	/* The first index, 1 in SQL. */
	pg_put_int4(at + 16, 1);
	return PG_ARRAY_HEAD;
}

int32_t
pg_take_int4(const char *at)
{
	uint32_t wire;

	memcpy(&wire, at, sizeof wire);
	return (int32_t)be32toh(wire);
}

int64_t
pg_take_int8(const char *at)
{
	uint64_t wire;

	memcpy(&wire, at, sizeof wire);
	return (int64_t)be64toh(wire);
}

int64_t
pg_time_to_wire(int64_t utc_seconds)
{
	/* infinity and -infinity are the two ends of int8 on the wire, as they are here. */
	if (utc_seconds == PG_INFINITY)
		return INT64_MAX;
	if (utc_seconds == PG_MINUS_INFINITY)
		return INT64_MIN;
	/* Microseconds of a later year would overflow, or be an instant that no page can write. */
	INVARIANT(utc_seconds > -YEAR_9999_ENDS && utc_seconds <= YEAR_9999_ENDS);
	return (utc_seconds - EPOCH_2000) * 1000000;
}

int64_t
pg_time_from_wire(int64_t wire)
{
	if (wire == INT64_MAX)
		return PG_INFINITY;
	if (wire == INT64_MIN)
		return PG_MINUS_INFINITY;
	return wire + EPOCH_2000 * 1000000;
}
