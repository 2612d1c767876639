/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * The only place that knows SQLSTATEs: what an error of the server means for us. ${expects} are the
 * SQLSTATEs of pg_stmt.
 */
enum pg_verdict {
	PG_VERDICT_AGAIN,   /* the server's or the network's trouble */
	PG_VERDICT_RENEW,   /* the same, and this connection is of no more use */
	PG_VERDICT_REFUSED, /* an answer the statement expects */
	PG_VERDICT_LIMIT,   /* beyond a limit of the server */
	PG_VERDICT_BUG,     /* ours */
};

enum pg_verdict pg_verdict_of(const char *sqlstate, const char *expects);

/* Whether a statement that could not be prepared names something that the schema does not have. */
bool pg_is_other_schema(const char *sqlstate);
