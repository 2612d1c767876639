/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/pg/pg_args.h"
#include "server/pg/pg_binary.h"

/*
 * Numbers, text and booleans are sent as text without a declared type, so that the statement
 * decides what they are: $1::uuid, an int4 parameter of a function, a jsonb column all take them.
 * Instants and bytes can be only one type, and are sent in binary.
 */

struct pg_arg *
pg_args_add(struct pg_args *args, Oid type, int format, size_t len)
{
	struct pg_arg *arg;

	if (args->count == args->capacity) {
		args->capacity = args->capacity ? args->capacity * 2 : 8;
		args->items = xrealloc(args->items, args->capacity * sizeof *args->items);
	}
	/* libpq has lengths as int. */
	INVARIANT(len <= PG_ARG_MAX);
	arg = &args->items[args->count++];
	*arg = (struct pg_arg){.type = type, .format = format, .len = (int)len};
	return arg;
}

static void
add_null(struct pg_args *args, Oid type)
{
	/* A null with the type that a value would have: the same preparation serves both. */
	pg_args_add(args, type, type == 0 ? 0 : 1, 0);
}

void
pg_slice(struct pg_args *args, struct slice value)
{
	struct pg_arg *arg = pg_args_add(args, 0, 0, value.len);

	arg->bytes = xmalloc(value.len + 1);
	if (value.len > 0)
		memcpy(arg->bytes, value.at, value.len);
	arg->bytes[value.len] = '\0';
	/* The server would refuse it with an error that looks like a bug here. */
	arg->malformed = !text_utf8_valid(arg->bytes, value.len);
}

void
pg_text(struct pg_args *args, const char *value)
{
	if (value == NULL)
		add_null(args, 0);
	else
		pg_slice(args, slice_of(value));
}

void
pg_int8(struct pg_args *args, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)value);
	pg_text(args, text);
}

void
pg_int4(struct pg_args *args, int32_t value)
{
	pg_int8(args, value);
}

void
pg_bool(struct pg_args *args, bool value)
{
	pg_text(args, value ? "t" : "f");
}

void
pg_null(struct pg_args *args)
{
	add_null(args, 0);
}

void
pg_bytea(struct pg_args *args, const void *bytes, size_t len)
{
	struct pg_arg *arg;

	if (bytes == NULL) {
		add_null(args, PG_TYPE_BYTEA);
		return;
	}
	arg = pg_args_add(args, PG_TYPE_BYTEA, 1, len);
	/* Never NULL, which libpq sends as null: an empty value is not null. */
	arg->bytes = xmalloc(len + 1);
	memcpy(arg->bytes, bytes, len);
}

void
pg_time(struct pg_args *args, int64_t utc_seconds)
{
	struct pg_arg *arg = pg_args_add(args, PG_TYPE_TIMESTAMPTZ, 1, 8);

	arg->bytes = xmalloc(8);
	pg_put_int8(arg->bytes, pg_time_to_wire(utc_seconds));
}

void
pg_args_free(struct pg_args *args)
{
	for (unsigned i = 0; i < args->count; i++)
		free(args->items[i].bytes);
	free(args->items);
	*args = (struct pg_args){0};
}
