/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/loop/loop.h"
#include "server/pg/pg.h"

/*
 * When each token, or session, was last used, to the hour or the minute. Noting one costs a search
 * in a table of this process; within seconds its first use in an hour is in the database, and no
 * other. Uses wait while the database is away; those that a process has not written when it ends
 * are lost.
 */
struct uses;

/* ${stmt} takes the ids, and the beginning of their stretch of ${seconds}. */
struct uses *uses_open(
    struct loop *loop, struct pg *pg, const struct pg_stmt *stmt, int64_t seconds);
void uses_close(struct uses *uses);

/* The token, or session, of this id (TOKEN_ID_LEN) was used at ${now}. ${uses} NULL: nobody wants to know. */
void uses_note(struct uses *uses, const char *id, int64_t now);
