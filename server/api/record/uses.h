/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * Records when each token, or session, was last used, to the hour or the minute. To note a use costs a search in a
 * table of this process. Only the first use in an hour (or minute) is written to the database, within seconds.
 * While the database is away, uses wait; those that are not written when the process ends are lost.
 */
struct uses;

/* ${stmt} writes them: it takes the ids, and the beginning of the ${seconds} in which they were used. */
struct uses *uses_open(
    struct loop *loop, struct pg *pg, const struct pg_stmt *stmt, int64_t seconds);
void uses_close(struct uses *uses);

/* The token, or session, of this id (TOKEN_ID_LEN) was used at ${now}. ${uses} NULL: nobody wants to know. */
void uses_note(struct uses *uses, const char *id, int64_t now);
