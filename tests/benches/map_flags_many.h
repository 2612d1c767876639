/* SPDX-License-Identifier: MIT */
#pragma once

#include <libpq-fe.h>

/* The transaction that adds a flag, as coverage's ends, and says so. */
#define MANY_FLAG                                                                                  \
	"select flag_add('feed_stale', null, null, null, null, 'stale', null, null, "              \
	"'normal', 'bench')"
#define MANY_HINT "notify flags_filled"
#define MANY_FLAG_AND_HINT "begin; " MANY_FLAG "; " MANY_HINT "; commit"

/* A connection whose SQL means the tables of crisiscover. */
PGconn *many_connect(const char *conninfo);

/* Runs SQL text; an error ends the bench. */
void many_sql(PGconn *conn, const char *text);

/* Measures and prints how many transactions a second eight writers commit between them: plain rows,
 * and flags, with what of a flag it is that costs. The role runs beside. */
void many_measure(const char *conninfo);
