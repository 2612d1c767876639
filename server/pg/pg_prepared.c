/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/pg/pg_private.h"

#define ARGS_MAX 64

/* A null fits any type; other arguments must have the type for which the statement was prepared. */
static bool
fits(const struct pg_prepared *prepared, const struct pg_call *call)
{
	if (prepared->stmt != call->stmt || prepared->count != call->args.count)
		return false;
	for (unsigned i = 0; i < prepared->count; i++) {
		if (call->args.items[i].bytes != NULL &&
		    call->args.items[i].type != prepared->types[i])
			return false;
	}
	return true;
}

/* A linear search: a role has some dozens of statements, and one round trip costs more than
 * comparing with all of them. */
const struct pg_prepared *
pg_prepared_find(const struct pg *pg, const struct pg_call *call)
{
	for (unsigned i = 0; i < pg->prepared_count; i++) {
		if (fits(&pg->prepared[i], call))
			return &pg->prepared[i];
	}
	return NULL;
}

int
pg_prepared_send(struct pg *pg, const struct pg_call *call)
{
	struct pg_prepared *prepared;

	INVARIANT(call->args.count <= ARGS_MAX);
	pg->prepared = xrealloc(pg->prepared, (pg->prepared_count + 1) * sizeof *pg->prepared);
	prepared = &pg->prepared[pg->prepared_count];
	*prepared = (struct pg_prepared){.stmt = call->stmt, .count = call->args.count};
	prepared->types = xcalloc(call->args.count + 1, sizeof *prepared->types);
	for (unsigned i = 0; i < call->args.count; i++)
		prepared->types[i] = call->args.items[i].type;
	/* With the number two signatures of one statement, or two statements of one name,
	 * differ. */
	snprintf(prepared->name, sizeof prepared->name, "%.48s/%u", call->stmt->name,
	    pg->prepared_count);
	pg->prepared_count++;
	return PQsendPrepare(
	    pg->conn, prepared->name, call->stmt->sql, (int)prepared->count, prepared->types);
}

/* Its number is used again, which is safe, since the server did not take the name. */
void
pg_prepared_forget_last(struct pg *pg)
{
	free(pg->prepared[--pg->prepared_count].types);
}

int
pg_prepared_run(struct pg *pg, const struct pg_prepared *prepared, const struct pg_call *call)
{
	const char *values[ARGS_MAX];
	int lens[ARGS_MAX], formats[ARGS_MAX];

	for (unsigned i = 0; i < call->args.count; i++) {
		values[i] = call->args.items[i].bytes;
		lens[i] = call->args.items[i].len;
		formats[i] = call->args.items[i].format;
	}
	/* The last argument asks for results in binary. */
	return PQsendQueryPrepared(
	    pg->conn, prepared->name, (int)call->args.count, values, lens, formats, 1);
}

void
pg_prepared_free(struct pg *pg)
{
	while (pg->prepared_count > 0)
		pg_prepared_forget_last(pg);
	free(pg->prepared);
	pg->prepared = NULL;
}
