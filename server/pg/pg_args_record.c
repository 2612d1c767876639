/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/pg/pg_args.h"
#include "server/pg/pg_binary.h"

/*
 * An array of records in PostgreSQL's binary form: the head of an array, then each record after its
 * length: the number of its fields, then each field after its type and its length (-1: null).
 *
 * SQL defines the type of the items, so this program does not know its number. The argument is sent
 * without a type, which the statement adds, and with a number in the head that no built-in type
 * has: since PostgreSQL 14 the server compares only the numbers of built-in types, as those of the
 * fields.
 */

#define ROW_HEAD 8   /* its length, the number of its fields */
#define FIELD_HEAD 8 /* its type, its length */

/* Rows are collected in the form in which they are sent: a map has hundreds of thousands. */
struct pg_records {
	char *body;
	size_t len, capacity;
	unsigned fields, filled; /* of the row under way */
	size_t count;
	size_t row; /* where the row under way begins in the body */
	bool malformed;
};

struct pg_records *
pg_records_new(unsigned fields)
{
	struct pg_records *records = xcalloc(1, sizeof *records);

	records->fields = fields;
	return records;
}

/* The place for a field of at most ${len} bytes. The first field of a row comes after the row's
 * head, whose length is only known after the last field. */
static char *
field_at(struct pg_records *records, size_t len)
{
	size_t needed = records->len + ROW_HEAD + FIELD_HEAD + len;

	INVARIANT(len <= PG_ARG_MAX && needed <= PG_ARG_MAX);
	if (needed > records->capacity) {
		records->capacity = needed > records->capacity * 2 ? needed : records->capacity * 2;
		records->body = xrealloc(records->body, records->capacity);
	}
	if (records->filled == 0) {
		records->row = records->len;
		pg_put_int4(records->body + records->len + 4, (int32_t)records->fields);
		records->len += ROW_HEAD;
	}
	return records->body + records->len;
}

/* Completes the field that was written: ${len} bytes of this type. */
static void
end_field(struct pg_records *records, enum pg_type type, bool null, size_t len)
{
	char *at = records->body + records->len;

	pg_put_int4(at, (int32_t)type);
	pg_put_int4(at + 4, null ? -1 : (int32_t)len);
	records->len += FIELD_HEAD + (null ? 0 : len);
	if (++records->filled < records->fields)
		return;
	pg_put_int4(records->body + records->row, (int32_t)(records->len - records->row - 4));
	records->filled = 0;
	records->count++;
}

void
pg_record_text(struct pg_records *records, const char *value)
{
	size_t len = value != NULL ? strlen(value) : 0;
	char *at = field_at(records, len);

	if (value != NULL && !text_utf8_valid(value, len))
		records->malformed = true;
	if (len > 0)
		memcpy(at + FIELD_HEAD, value, len);
	end_field(records, PG_TYPE_TEXT, value == NULL, len);
}

void
pg_record_int8(struct pg_records *records, int64_t value)
{
	pg_put_int8(field_at(records, sizeof value) + FIELD_HEAD, value);
	end_field(records, PG_TYPE_INT8, value == PG_NULL_INT8, sizeof value);
}

void
pg_record_time(struct pg_records *records, int64_t utc_seconds)
{
	bool null = utc_seconds == PG_NULL_INT8;

	pg_put_int8(field_at(records, sizeof utc_seconds) + FIELD_HEAD,
	    null ? 0 : pg_time_to_wire(utc_seconds));
	end_field(records, PG_TYPE_TIMESTAMPTZ, null, sizeof utc_seconds);
}

void
pg_record_int8_array(struct pg_records *records, const int64_t *values, size_t count)
{
	char *bytes = field_at(records, PG_ARRAY_HEAD + count * 12) + FIELD_HEAD;
	size_t nulls = 0, len;

	for (size_t i = 0; i < count; i++)
		nulls += values[i] == PG_NULL_INT8;
	len = pg_put_array_head(bytes, count, nulls > 0, PG_TYPE_INT8);
	for (size_t i = 0; i < count; i++) {
		bool null = values[i] == PG_NULL_INT8;

		pg_put_int4(bytes + len, null ? -1 : 8);
		if (!null)
			pg_put_int8(bytes + len + 4, values[i]);
		len += null ? 4 : 12;
	}
	end_field(records, PG_TYPE_INT8_ARRAY, false, len);
}

void
pg_records_put(struct pg_args *args, struct pg_records *records)
{
	char head[PG_ARRAY_HEAD];
	size_t len = pg_put_array_head(head, records->count, false, PG_TYPE_FIRST_OWN);
	struct pg_arg *arg;

	/* A row that lacks fields is a bug: the server would misread all that follow. */
	INVARIANT(records->filled == 0);
	arg = pg_args_add(args, 0, 1, len + records->len);
	arg->bytes = xmalloc((size_t)arg->len);
	memcpy(arg->bytes, head, len);
	if (records->len > 0)
		memcpy(arg->bytes + len, records->body, records->len);
	arg->malformed = records->malformed;
	free(records->body);
	free(records);
}
