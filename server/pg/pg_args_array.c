/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/fatal.h"
#include "server/pg/pg_args.h"
#include "server/pg/pg_binary.h"

/*
 * One-dimensional arrays in PostgreSQL's binary form: the head, then each item after its length
 * (-1: null). The type is declared, so that unnest($1) needs no cast.
 */

struct array_type {
	Oid array;
	enum pg_type item;
};

/* An array argument of ${count} items with room for ${body} bytes of them, after the head. */
static struct pg_arg *
add_array(struct pg_args *args, struct array_type type, size_t count, size_t body, bool nulls)
{
	char head[PG_ARRAY_HEAD];
	size_t len = pg_put_array_head(head, count, nulls, type.item);
	struct pg_arg *arg;

	INVARIANT(body <= PG_ARG_MAX);
	arg = pg_args_add(args, type.array, 1, len + body);
	arg->bytes = xmalloc((size_t)arg->len);
	memcpy(arg->bytes, head, len);
	return arg;
}

static char *
put_item(char *at, const char *bytes, size_t len)
{
	if (bytes == NULL) {
		pg_put_int4(at, -1);
		return at + 4;
	}
	pg_put_int4(at, (int32_t)len);
	if (len > 0)
		memcpy(at + 4, bytes, len);
	return at + 4 + len;
}

/* Both types of this form are eight bytes: int8 and timestamptz. */
static void
add_words(struct pg_args *args, const int64_t *values, size_t count, struct array_type type)
{
	size_t nulls = 0;
	char *at;

	for (size_t i = 0; i < count; i++)
		nulls += values[i] == PG_NULL_INT8;
	/* Each item has its length in 4 bytes, and 8 bytes unless it is null. */
	at = add_array(args, type, count, count * 12 - nulls * 8, nulls > 0)->bytes + PG_ARRAY_HEAD;
	for (size_t i = 0; i < count; i++) {
		char word[8];

		if (values[i] != PG_NULL_INT8)
			pg_put_int8(word,
			    type.item == PG_TYPE_INT8 ? values[i] : pg_time_to_wire(values[i]));
		at = put_item(at, values[i] == PG_NULL_INT8 ? NULL : word, sizeof word);
	}
}

void
pg_int8_array(struct pg_args *args, const int64_t *values, size_t count)
{
	add_words(args, values, count, (struct array_type){PG_TYPE_INT8_ARRAY, PG_TYPE_INT8});
}

void
pg_time_array(struct pg_args *args, const int64_t *utc_seconds, size_t count)
{
	add_words(args, utc_seconds, count,
	    (struct array_type){PG_TYPE_TIMESTAMPTZ_ARRAY, PG_TYPE_TIMESTAMPTZ});
}

void
pg_bytea_array(struct pg_args *args, const struct slice *values, size_t count)
{
	size_t body = 0, nulls = 0;
	char *at;

	for (size_t i = 0; i < count; i++) {
		body += 4 + (values[i].at != NULL ? values[i].len : 0);
		nulls += values[i].at == NULL;
	}
	at = add_array(args, (struct array_type){PG_TYPE_BYTEA_ARRAY, PG_TYPE_BYTEA}, count, body,
		 nulls > 0)
		 ->bytes +
	     PG_ARRAY_HEAD;
	for (size_t i = 0; i < count; i++)
		at = put_item(at, values[i].at, values[i].len);
}

void
pg_text_array(struct pg_args *args, const char *const *values, size_t count)
{
	size_t body = 0, nulls = 0;
	struct pg_arg *arg;
	char *at;

	for (size_t i = 0; i < count; i++) {
		body += 4 + (values[i] != NULL ? strlen(values[i]) : 0);
		nulls += values[i] == NULL;
	}
	arg = add_array(
	    args, (struct array_type){PG_TYPE_TEXT_ARRAY, PG_TYPE_TEXT}, count, body, nulls > 0);
	at = arg->bytes + PG_ARRAY_HEAD;
	for (size_t i = 0; i < count; i++) {
		size_t len = values[i] != NULL ? strlen(values[i]) : 0;

		if (values[i] != NULL && !text_utf8_valid(values[i], len))
			/* The whole call is answered STATUS_MALFORMED and not sent. */
			arg->malformed = true;
		at = put_item(at, values[i], len);
	}
}
